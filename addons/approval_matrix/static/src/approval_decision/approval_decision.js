import {onMounted} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";

const HELD = ["approve", "reject"];

/**
 * Asks what belongs to a decision. One on a single request is held back like those
 * without a dialog; what was written for one that was undone is there again.
 */
export class ApprovalDecisionController extends FormController {
    setup() {
        super.setup();
        this.hold = useService("approval_hold");
        onMounted(() => {
            const draft = this.hold.drafts.get(this.request);
            if (draft && this.isHeld && !this.model.root.data.text) {
                this.model.root.update({text: draft});
            }
        });
    }

    get request() {
        const [request, ...others] = this.model.root.data.process_ids.records;
        return others.length ? null : request?.resId;
    }

    get isHeld() {
        return Boolean(this.request) && HELD.includes(this.model.root.data.decision);
    }

    async beforeExecuteActionButton(clickParams) {
        if (clickParams.name !== "action_confirm" || !this.isHeld) {
            return super.beforeExecuteActionButton(clickParams);
        }
        if (!(await this.model.root.checkValidity({displayNotification: true}))) {
            return false;
        }
        const {request} = this;
        const {decision, process_ids, text} = this.model.root.data;
        if (decision === "reject" && !text.trim()) {
            return super.beforeExecuteActionButton(clickParams); // it says what is missing
        }
        const name = process_ids.records[0].data.display_name;
        this.hold.decide({request, decision, name, text: text || ""});
        await this.actionService.doAction({type: "ir.actions.act_window_close"});
        await this.hold.tell(request, true);
        return false;
    }
}

registry.category("views").add("approval_decision", {
    ...formView,
    Controller: ApprovalDecisionController,
});
