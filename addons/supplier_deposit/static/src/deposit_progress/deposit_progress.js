import {Component} from "@odoo/owl";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const COLORS = {
    planned: "text-bg-info",
    waiting: "text-bg-warning",
    due: "text-bg-info",
    paid: "text-bg-success",
    done: "text-bg-success",
};

/**
 * The deposits of an order, one a line: how much, when, paid, deducted, who holds it.
 */
export class DepositProgress extends Component {
    static template = "supplier_deposit.DepositProgress";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
    }

    get deposits() {
        return this.props.record.data[this.props.name] || [];
    }

    color(deposit) {
        return COLORS[deposit.state] || "text-bg-secondary";
    }

    isLate(deposit) {
        const today = luxon.DateTime.local().startOf("day");
        return Boolean(deposit.due) && deserializeDate(deposit.due) < today;
    }

    /** When it is due, or was paid. */
    when(deposit) {
        if (deposit.due) {
            return _t("due %s", formatDate(deserializeDate(deposit.due)));
        }
        return deposit.paid_on
            ? _t("paid on %s", formatDate(deserializeDate(deposit.paid_on)))
            : "";
    }

    /** What became of its money, in words. */
    money({paid, deducted, refunded, forfeited, compensated, awaited, open}) {
        if (!paid) {
            return _t("Nothing paid yet");
        }
        return [
            _t("Paid %s", paid),
            deducted && _t("deducted %s", deducted),
            refunded && _t("refunded %s", refunded),
            forfeited && _t("forfeited %s", forfeited),
            compensated && _t("compensated %s", compensated),
            awaited && _t("refund awaited %s", awaited),
            open && open !== paid && _t("with the vendor %s", open),
        ]
            .filter(Boolean)
            .join(" · ");
    }

    open(deposit) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "supplier.deposit",
            res_id: deposit.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("deposit_progress", {
    component: DepositProgress,
    supportedTypes: ["json"],
});
