import {onMounted, onWillUnmount} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {ListController} from "@web/views/list/list_controller";
import {listView} from "@web/views/list/list_view";

/** For how many milliseconds more news are waited for. */
const NEWS = 500;

/** What waits, always as it is now; it stands still while something is ticked. */
export class ApprovalListController extends ListController {
    setup() {
        super.setup();
        const bus = useService("bus_service");
        const look = useDebounced(() => this.lookAgain(), NEWS);
        onMounted(() => bus.subscribe("approval_matrix/inbox", look));
        onWillUnmount(() => bus.unsubscribe("approval_matrix/inbox", look));
    }

    async lookAgain() {
        const shown = this.model.root;
        if (shown.selection.length) {
            return;
        }
        await this.model.load();
        // what was ticked while it loaded stays so
        const ticked = shown.selection.map((record) => record.resId);
        for (const record of this.model.root.records) {
            if (ticked.includes(record.resId)) {
                record.toggleSelection(true);
            }
        }
    }
}

registry.category("views").add("approval_list", {
    ...listView,
    Controller: ApprovalListController,
});
