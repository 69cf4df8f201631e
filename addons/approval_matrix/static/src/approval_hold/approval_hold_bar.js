import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {listHeld, nameRequests, useSecondTap} from "./approval_hold_service";

/** One decision that is held back; a second tap on where it appears undoes nothing. */
export class ApprovalHeld extends Component {
    static template = "approval_matrix.ApprovalHeld";
    static props = {
        decision: Object,
        undo: Function,
    };

    setup() {
        this.state = useSecondTap();
    }

    get text() {
        const {decision} = this.props;
        const name = nameRequests(decision);
        return decision.decision === "approve"
            ? _t("%s: approved in a moment", name)
            : _t("%s: rejected in a moment", name);
    }
}

/** What is held back, at the bottom of the screen, with a button to undo it. */
export class ApprovalHoldBar extends Component {
    static template = "approval_matrix.ApprovalHoldBar";
    static components = {ApprovalHeld};
    static props = {};

    setup() {
        this.hold = useService("approval_hold");
        this.held = useState(this.hold.held);
    }

    get decisions() {
        return listHeld(this.held);
    }
}

registry
    .category("main_components")
    .add("approval_matrix.ApprovalHoldBar", {Component: ApprovalHoldBar});
