import {onMounted} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";

const HELD = ["approve", "reject"];

/**
 * Asks what belongs to a decision. It is held back like those without a dialog; what was
 * written for one that was undone is there again.
 */
export class ApprovalDecisionController extends FormController {
    setup() {
        super.setup();
        this.hold = useService("approval_hold");
        onMounted(() => {
            const {draft} = this;
            if (draft && this.isHeld && !this.model.root.data.text) {
                this.model.root.update({text: draft});
            }
        });
    }

    get requests() {
        return this.model.root.data.process_ids.currentIds;
    }

    get isHeld() {
        const {decision} = this.model.root.data;
        return Boolean(this.requests.length) && HELD.includes(decision);
    }

    /** What was written of all of them: the reason of a rejection goes with no other. */
    get draft() {
        const {drafts, reasons} = this.hold;
        const isRejection = this.model.root.data.decision === "reject";
        const texts = this.requests.map(
            (request) => (isRejection && reasons.get(request)) || drafts.get(request)
        );
        return new Set(texts).size === 1 ? texts[0] : "";
    }

    async beforeExecuteActionButton(clickParams) {
        if (clickParams.name !== "action_confirm" || !this.isHeld) {
            return super.beforeExecuteActionButton(clickParams);
        }
        if (!(await this.model.root.checkValidity({displayNotification: true}))) {
            return false;
        }
        const {requests} = this;
        const {decision, process_ids, text} = this.model.root.data;
        if (decision === "reject" && !text.trim()) {
            return super.beforeExecuteActionButton(clickParams); // it says what is missing
        }
        for (const request of requests) {
            await this.hold.release(request);
        }
        const byId = new Map(process_ids.records.map(({resId, data}) => [resId, data]));
        const names = requests.map((request) => byId.get(request)?.display_name);
        this.hold.decide({requests, decision, names, text: text || ""});
        await this.actionService.doAction({type: "ir.actions.act_window_close"});
        await this.hold.tell(requests, true);
        return false;
    }
}

registry.category("views").add("approval_decision", {
    ...formView,
    Controller: ApprovalDecisionController,
});
