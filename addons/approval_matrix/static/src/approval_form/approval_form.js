import {status, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";

/** A task to decide: an approval is held back, and the next task follows. */
export class ApprovalFormController extends FormController {
    setup() {
        super.setup();
        this.hold = useService("approval_hold");
        this.held = useState(this.hold.held);
    }

    get className() {
        const result = super.className;
        const request = this.model.root.data?.process_id?.id;
        result.o_approval_is_held = this.held.has(request);
        return result;
    }

    async beforeExecuteActionButton(clickParams) {
        if (clickParams.name !== "action_approve") {
            return super.beforeExecuteActionButton(clickParams);
        }
        const {resId, data} = this.model.root;
        const onDone = () =>
            status(this) !== "destroyed" &&
            this.model.root.resId === resId &&
            this.model.load();
        this.hold.approve({
            request: data.process_id.id,
            task: resId,
            name: data.document_name,
            onDone,
        });
        await this.showNext(resId);
        return false;
    }

    /** Of the tasks that were listed, show the next one; the last one stays. */
    async showNext(resId) {
        const ids = this.model.root.resIds;
        const next = ids[ids.indexOf(resId) + 1];
        if (next) {
            await this.model.load({resId: next});
        }
    }
}

registry.category("views").add("approval_form", {
    ...formView,
    Controller: ApprovalFormController,
});
