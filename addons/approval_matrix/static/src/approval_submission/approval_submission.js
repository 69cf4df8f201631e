import {Component, useState} from "@odoo/owl";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

/** Whom a document would go to, before it is submitted. */
export class ApprovalSubmission extends Component {
    static template = "approval_matrix.ApprovalSubmission";
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({isSending: false});
    }

    get params() {
        return this.props.action.params;
    }

    get route() {
        return this.params.route;
    }

    people(step) {
        const names = step.people.join(", ");
        return step.needed === 1 && step.people.length === 1
            ? names
            : _t("%(needed)s of: %(names)s", {needed: step.needed, names});
    }

    time(step) {
        if (step.due) {
            return _t("until %s", formatDateTime(deserializeDateTime(step.due), {showSeconds: false}));
        }
        return step.hours ? _t("within %s working hours", step.hours) : "";
    }

    async submit() {
        this.state.isSending = true;
        try {
            const context = {...user.context, ...this.props.action.context};
            const {model, id} = this.params;
            const next = await this.orm.call(model, "action_submit_approval", [[id]], {context});
            await this.close();
            if (next?.type) {
                await this.action.doAction(next);
            }
        } finally {
            this.state.isSending = false;
        }
    }

    close() {
        return this.action.doAction({type: "ir.actions.act_window_close"});
    }
}

registry.category("actions").add("approval_matrix.submission", ApprovalSubmission);
