import {Component, onWillStart, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useBus, useService} from "@web/core/utils/hooks";

/** Says that one is away and who decides meanwhile, with a button to be back. */
export class ApprovalAbsence extends Component {
    static template = "approval_matrix.ApprovalAbsence";
    static props = {};

    setup() {
        this.inbox = useService("approval_inbox");
        this.state = useState(this.inbox.state);
    }

    when(date) {
        return toLocaleDateTimeString(deserializeDateTime(date));
    }
}

/**
 * Counts, live, what waits for the user's decision, and lists the oldest of it.
 */
export class ApprovalInbox extends Component {
    static template = "approval_matrix.ApprovalInbox";
    static components = {ApprovalAbsence, Dropdown};
    static props = {};

    setup() {
        this.inbox = useService("approval_inbox");
        this.action = useService("action");
        this.state = useState(this.inbox.state);
        this.dropdown = useDropdownState();
        onWillStart(() => this.inbox.refresh());
        useBus(this.env.bus, "ACTION_MANAGER:UI-UPDATED", () => this.dropdown.close());
    }

    ago(date) {
        return deserializeDateTime(date).toRelative();
    }

    openTask(task) {
        this.dropdown.close();
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "approval.task",
            res_id: task.id,
            views: [[false, "form"]],
        });
    }

    openAll() {
        this.dropdown.close();
        return this.action.doAction("approval_matrix.approval_task_action", {
            clearBreadcrumbs: true,
        });
    }
}

registry
    .category("systray")
    .add(
        "approval_matrix.inbox",
        {Component: ApprovalInbox, isDisplayed: () => user.isInternalUser},
        {sequence: 21}
    );
