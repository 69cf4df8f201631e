import {onWillUnmount, useState, useSubEnv} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {KanbanRecord} from "@web/views/kanban/kanban_record";
import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {useViewButtons} from "@web/views/view_button/view_button_hook";
import {SECOND_TAP, useApprovalHold} from "../approval_hold/approval_hold_service";
import {ApprovalAbsence} from "../approval_inbox/approval_inbox";

/** A card whose decision is held back has no buttons. */
export class ApprovalCardRecord extends KanbanRecord {
    setup() {
        super.setup();
        this.held = useState(useService("approval_hold").held);
    }

    getRecordClasses() {
        const isHeld = this.held.has(this.props.record.data.process_id.id);
        return `${super.getRecordClasses()} ${isHeld ? "o_approval_is_held" : ""}`;
    }
}

export class ApprovalCardsRenderer extends KanbanRenderer {
    static components = {...KanbanRenderer.components, KanbanRecord: ApprovalCardRecord};
}

/**
 * Cards of what waits, which stay where they are when they are decided: if they went at
 * once, the next card would move under the finger, and a second tap would decide it.
 * They are gone when the list is opened or searched again.
 */
export class ApprovalCardsController extends KanbanController {
    static template = "approval_matrix.InboxCards";
    static components = {...KanbanController.components, ApprovalAbsence};

    setup() {
        super.setup();
        this.hold = useApprovalHold((...news) => this.lookAgain(...news));
        this.pressed = null;
        this.isSending = false;
        this.restTimer = null;
        onWillUnmount(() => this.wake());
        useViewButtons(this.rootRef, {
            beforeExecuteAction: this.beforeExecuteActionButton.bind(this),
            afterExecuteAction: this.afterExecuteActionButton.bind(this),
            reload: () => this.reloadPressed(),
        });
        const press = this.env.onClickViewButton;
        useSubEnv({onClickViewButton: (params) => this.onPress(press, params)});
    }

    /** Tapping again, while the first tap is sent or not shown yet, does nothing. */
    async onPress(press, params) {
        const {resId, evalContext} = params.getResParams();
        if (this.isSending || this.restTimer || (resId && !evalContext.can_decide)) {
            return;
        }
        const {data} = this.model.root.records.find((card) => card.resId === resId) || {};
        this.pressed = data?.process_id.id;
        if (this.hold.held.has(this.pressed)) {
            return;
        }
        if (data && params.clickParams.name === "action_approve") {
            const request = this.pressed;
            this.hold.decide({request, decision: "approve", name: data.document_name});
            this.rest();
            return;
        }
        this.isSending = true;
        try {
            await press(params);
        } finally {
            this.isSending = false;
        }
    }

    /** For a moment no tap means anything. */
    rest() {
        this.wake();
        this.restTimer = browser.setTimeout(() => this.wake(), SECOND_TAP);
    }

    wake() {
        browser.clearTimeout(this.restTimer);
        this.restTimer = null;
    }

    /** A second tap on what a dialog held back hits a card below it. */
    async lookAgain(request, isDecided) {
        if (isDecided) {
            this.rest();
        } else {
            this.wake();
        }
        await this.reloadRequest(request);
    }

    /** One decision may count for several steps of a request, each with its card. */
    async reloadRequest(request) {
        const {records} = this.model.root;
        const same = records.filter((record) => record.data.process_id.id === request);
        await Promise.all(same.map((record) => record.load()));
        return same.length;
    }

    async reloadPressed() {
        if (!(await this.reloadRequest(this.pressed))) {
            await this.model.load();
        }
    }
}

registry.category("views").add("approval_cards", {
    ...kanbanView,
    Controller: ApprovalCardsController,
    Renderer: ApprovalCardsRenderer,
});
