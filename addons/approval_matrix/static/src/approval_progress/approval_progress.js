import {Component, useState} from "@odoo/owl";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const ICONS = {
    approved: "fa-check-circle text-success",
    rejected: "fa-times-circle text-danger",
    active: "fa-hourglass-half text-warning",
    waiting: "fa-circle-o text-muted",
    skipped: "fa-minus-circle text-muted",
    cancelled: "fa-ban text-muted",
};

/**
 * The steps of an approval: who decided, who holds it, and since when.
 */
export class ApprovalProgress extends Component {
    static template = "approval_matrix.ApprovalProgress";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.history = useState({rows: null});
    }

    /** Inboxes show one request; the history belongs to the document. */
    get hasHistory() {
        return this.props.record.resId && this.props.name === "approval_progress";
    }

    async toggleHistory() {
        if (this.history.rows) {
            this.history.rows = null;
            return;
        }
        const {resModel, resId} = this.props.record;
        this.history.rows = await this.orm.call(resModel, "get_approval_history", [[resId]]);
    }

    get progress() {
        return this.props.record.data[this.props.name];
    }

    label(step) {
        return {
            approved: _t("Approved"),
            rejected: _t("Rejected"),
            active: _t("To decide"),
            waiting: _t("Not asked yet"),
            skipped: _t("Not needed"),
            cancelled: _t("Cancelled"),
        }[step.state];
    }

    icon(step) {
        return ICONS[step.state];
    }

    when(date) {
        return toLocaleDateTimeString(deserializeDateTime(date));
    }

    ago(date) {
        return deserializeDateTime(date).toRelative();
    }
}

registry.category("fields").add("approval_progress", {
    component: ApprovalProgress,
    supportedTypes: ["json"],
});
