import {useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {ListController} from "@web/views/list/list_controller";
import {ListRenderer} from "@web/views/list/list_renderer";
import {listView} from "@web/views/list/list_view";
import {useApprovalHold} from "../approval_hold/approval_hold_service";
import {ApprovalAbsence} from "../approval_inbox/approval_inbox";
import {useBusNews} from "../approval_news/approval_news";

/** For how many milliseconds more news are waited for. */
const NEWS = 500;

/** A row whose decision is held back is paler than what still asks for one. */
export class ApprovalListRenderer extends ListRenderer {
    setup() {
        super.setup();
        this.held = useState(useService("approval_hold").held);
    }

    getRowClass(record) {
        const isHeld = this.held.has(record.data.process_id?.id);
        return `${super.getRowClass(record)} ${isHeld ? "o_approval_is_held text-muted" : ""}`;
    }
}

/**
 * What waits, always as it is now. It stands still while something is ticked, and catches
 * up when nothing is any more. It stands still, too, where nothing came or went: news
 * that are told once more change nothing, and what is only said of a request is said in
 * its place.
 */
export class ApprovalListController extends ListController {
    static template = "approval_matrix.InboxList";
    static components = {...ListController.components, ApprovalAbsence};

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.hold = useApprovalHold(() => this.lookAgain());
        this.moved = new Set();
        this.isBehind = false;
        this.lookSoon = useDebounced(() => this.lookAgain(), NEWS);
        this.followSoon = useDebounced(() => this.follow(), NEWS);
        useBusNews("approval_matrix/inbox", this.lookSoon);
        useBusNews("approval_matrix/changed", ({requests}) => {
            requests.forEach((request) => this.moved.add(request));
            this.followSoon();
        });
    }

    /** Nothing moves under whoever ticks one after the other. */
    async onSelectionChanged() {
        await super.onSelectionChanged();
        if (this.model.root.selection.length) {
            return;
        }
        if (this.moved.size) {
            this.followSoon();
        }
        if (this.isBehind) {
            this.lookSoon();
        }
    }

    /** What is decided here is decided here: what was held back of it is not sent. */
    async beforeExecuteActionButton(clickParams) {
        const {root} = this.model;
        const {selection} = root;
        for (const {data} of selection) {
            await this.hold.release(data.process_id.id);
        }
        if (selection.length && clickParams.name === "action_approve_selected") {
            const tasks = await root.getResIds(true);
            if (await this.hold.approveSelected(tasks)) {
                root.selectDomain(false);
                selection.forEach((record) => record.toggleSelection(false));
                return false;
            }
        }
        return super.beforeExecuteActionButton(clickParams);
    }

    /** Only the first page of a plain list: others would jump. */
    get isStanding() {
        const {isGrouped, offset, selection} = this.model.root;
        return Boolean(isGrouped || offset || selection.length);
    }

    /** What is still there of the requests that moved is read again, row by row. */
    async follow() {
        if (!this.model.isReady) {
            return;
        }
        const {isGrouped, records, selection} = this.model.root;
        if (selection.length) {
            return;
        }
        const moved = new Set(this.moved);
        this.moved.clear();
        if (isGrouped) {
            return;
        }
        const rows = records.filter(({data}) => moved.has(data.process_id.id));
        // of those that are not theirs any more lookAgain hears
        await Promise.allSettled(rows.map((row) => row.load()));
    }

    async lookAgain() {
        const shown = this.model.root;
        this.isBehind = this.isStanding;
        if (this.isBehind) {
            return;
        }
        const {domain, limit, records, resModel} = shown;
        const ids = await this.orm.silent.search(resModel, domain, {limit});
        const isSame =
            ids.length === records.length &&
            records.every((record) => ids.includes(record.resId));
        if (isSame || shown !== this.model.root) {
            return;
        }
        this.isBehind = this.isStanding;
        if (!this.isBehind) {
            // as whoever searches again: what they search for meanwhile comes later
            this.env.searchModel.search();
        }
    }
}

registry.category("views").add("approval_list", {
    ...listView,
    Controller: ApprovalListController,
    Renderer: ApprovalListRenderer,
});
