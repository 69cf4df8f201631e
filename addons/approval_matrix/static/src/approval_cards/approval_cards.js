import {registry} from "@web/core/registry";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {useViewButtons} from "@web/views/view_button/view_button_hook";
import {useSubEnv} from "@odoo/owl";

/**
 * Cards of what waits, which stay where they are when they are decided: if they went at
 * once, the next card would move under the finger, and a second tap would decide it.
 * They are gone when the list is opened or searched again.
 */
export class ApprovalCardsController extends KanbanController {
    setup() {
        super.setup();
        this.pressed = null;
        this.isSending = false;
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
        if (this.isSending || (resId && !evalContext.can_decide)) {
            return;
        }
        this.isSending = true;
        this.pressed = resId;
        try {
            await press(params);
        } finally {
            this.isSending = false;
        }
    }

    /** One decision may count for several steps of a request, each with its card. */
    async reloadPressed() {
        const {records} = this.model.root;
        const pressed = records.find((record) => record.resId === this.pressed);
        const request = pressed?.data.process_id.id;
        if (!request) {
            return this.model.load();
        }
        const same = records.filter((record) => record.data.process_id.id === request);
        await Promise.all(same.map((record) => record.load()));
    }
}

registry.category("views").add("approval_cards", {
    ...kanbanView,
    Controller: ApprovalCardsController,
});
