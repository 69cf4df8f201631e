import {Component, onWillStart, useState} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {formatCurrency} from "@web/core/currency";
import {formatDay, formatQuantity} from "../words";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** Alternative quotations beside each other; one is chosen where they stand. */
export class Quotes extends Component {
    static template = "crm_purchase_bridge.Quotes";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orderId = this.props.action.context.active_id || false;
        this.state = useState({seen: null, isBusy: false});
        onWillStart(() => this.load());
    }

    get display() {
        return {controlPanel: {}};
    }

    async load() {
        this.state.seen = await this.orm.call("supply.quotes", "get_comparison", [
            this.orderId,
        ]);
    }

    // ------------------------------------------------------------
    // Words
    // ------------------------------------------------------------

    money(amount) {
        return formatCurrency(amount, this.state.seen.currency_id);
    }

    number(quantity) {
        return formatQuantity(quantity);
    }

    day(day) {
        return formatDay(day, _t("Nobody knows"));
    }

    slack(days) {
        if (days === 1) {
            return _t("a day to spare");
        }
        if (days === -1) {
            return _t("a day late");
        }
        return days < 0
            ? _t("%s days late", -days)
            : days > 0
              ? _t("%s days to spare", days)
              : _t("on the last day");
    }

    slackClass(days) {
        return days < 0 ? "text-danger" : days === 0 ? "text-warning-emphasis" : "";
    }

    late(days) {
        return days > 0 ? _t("%s days later", this.number(days)) : _t("as ordered");
    }

    hours(quotation) {
        const hours = quotation.approval_hours;
        return hours
            ? _t("about %s working hours", this.number(Math.max(1, Math.round(hours))))
            : _t("nobody knows how long");
    }

    /** Who of the customers of a product would have it late or early by an offer. */
    effects(product, offer) {
        return product.customers
            .map((customer, number) => ({customer, days: offer.slacks[number]}))
            .filter(({days}) => days !== null);
    }

    isBest(row, column) {
        return row.best.includes(column);
    }

    /** Vendors who were not asked, or have not answered. */
    get canAsk() {
        return (
            this.state.seen.can_choose &&
            this.state.seen.quotations.some(
                (each) => each.can_choose && !each.is_answered
            )
        );
    }

    /** Quotations of which something is chosen, where that is less than all of it. */
    get canOrder() {
        const {seen} = this.state;
        const taken = seen.products.flatMap((product) =>
            product.offers.filter((each) => each.is_taken && each.is_open)
        );
        const isChosen = seen.products.some((product) =>
            product.offers.some((each) => each.is_zeroed)
        );
        return seen.can_choose && seen.is_decided && isChosen && taken.length > 0;
    }

    // ------------------------------------------------------------
    // Actions
    // ------------------------------------------------------------

    open(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "purchase.order",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openEarlier(product) {
        return this.action.doAction("crm_purchase_bridge.supply_quote_action", {
            additionalContext: {search_default_product_id: product.id},
        });
    }

    async ask() {
        await this.run(() =>
            this.orm.call("purchase.order", "action_ask_quotes", [[this.orderId]])
        );
    }

    async takeOver(quotation) {
        await this.run(() =>
            this.orm.call("purchase.order", "action_take_over_answers", [
                [quotation.id],
            ])
        );
    }

    choose(quotation) {
        const others = this.state.seen.quotations
            .filter((each) => each.can_choose && each.id !== quotation.id)
            .map((each) => each.name);
        this.confirm(
            this.getQuestion([quotation], others),
            () => this.call("choose", quotation.id),
            _t("Choose")
        );
    }

    async chooseProduct(product, offer) {
        await this.run(() => this.call("choose_product", offer.order_id, product.id));
    }

    orderChosen() {
        const {quotations, products} = this.state.seen;
        const taken = new Set(
            products.flatMap((product) =>
                product.offers
                    .filter((each) => each.is_taken)
                    .map((each) => each.order_id)
            )
        );
        const open = quotations.filter((each) => each.can_choose);
        this.confirm(
            this.getQuestion(
                open.filter((each) => taken.has(each.id)),
                open.filter((each) => !taken.has(each.id)).map((each) => each.name)
            ),
            () => this.call("order_chosen", this.orderId),
            _t("Order Them")
        );
    }

    getQuestion(chosen, others) {
        const lines = chosen.map((each) => {
            const values = {quotation: each.name, vendor: each.vendor};
            return each.approval.length
                ? _t("%(quotation)s from %(vendor)s goes to its approvers.", values)
                : _t("%(quotation)s from %(vendor)s is ordered at once.", values);
        });
        if (others.length) {
            const names = others.join(", ");
            lines.push(
                chosen.some((each) => each.approval.length)
                    ? _t("When it is approved, these are cancelled: %s.", names)
                    : _t("These are cancelled: %s.", names)
            );
        }
        return lines.join("\n");
    }

    call(method, ...ids) {
        return this.orm.call("supply.quotes", method, [...ids, this.state.seen.stamp]);
    }

    confirm(body, action, confirmLabel) {
        this.dialog.add(ConfirmationDialog, {
            body,
            confirmLabel,
            confirm: () => this.run(action),
            cancel: () => undefined,
        });
    }

    /** Do something once, and show what has become of the quotations. */
    async run(action) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            const next = await action();
            if (next && next.type) {
                await this.action.doAction(next, {onClose: () => this.load()});
            }
        } finally {
            this.state.isBusy = false;
            await this.load();
        }
    }
}

registry.category("actions").add("crm_purchase_bridge.quotes", Quotes);
