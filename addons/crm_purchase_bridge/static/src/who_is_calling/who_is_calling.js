import {_t} from "@web/core/l10n/translation";
import {Component, onMounted, onWillStart, useRef, useState} from "@odoo/owl";
import {formatDay} from "../words";
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useSetupAction} from "@web/search/action_hook";
import {useDebounced} from "@web/core/utils/timing";
import {useService} from "@web/core/utils/hooks";

const NOTHING = {customers: [], orders: [], is_of_others: false};
// somebody waits on the telephone, but nobody types faster than this
const PAUSE = 200;
const SHORTEST = 3;

/**
 * One field that finds who calls and what about, by number, name or order. The keyboard
 * does: arrows choose, Enter opens, Escape starts over for the next call.
 */
export class WhoIsCalling extends Component {
    static template = "crm_purchase_bridge.WhoIsCalling";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.input = useRef("input");
        this.list = useRef("list");
        this.latest = new KeepLast();
        const {text = "", chosen = 0} = this.props.state || {};
        this.state = useState({text, found: NOTHING, searched: "", chosen});
        this.findSoon = useDebounced(() => this.find(), PAUSE);
        // who comes back from an order is still on the telephone
        useSetupAction({
            getLocalState: () => ({text: this.state.text, chosen: this.state.chosen}),
        });
        onWillStart(() => this.find(chosen));
        onMounted(() => {
            this.input.el.focus();
            this.input.el.select();
        });
    }

    /** All that can be opened, from top to bottom. */
    get rows() {
        const {customers, orders} = this.state.found;
        const rows = [];
        for (const customer of customers) {
            rows.push({key: `c${customer.id}`, kind: "customer", record: customer});
            for (const order of customer.orders) {
                rows.push({
                    key: `c${customer.id}o${order.id}`,
                    kind: "their_order",
                    record: order,
                });
            }
        }
        for (const order of orders) {
            rows.push({key: `o${order.id}`, kind: "order", record: order});
        }
        return rows.map((row, index) => ({...row, index}));
    }

    get message() {
        const text = this.state.text.trim();
        if (text.length < SHORTEST) {
            return _t("Type at least 3 characters: a number, a name or an order.");
        }
        if (this.state.searched !== text) {
            return "";
        }
        if (this.state.found.is_of_others) {
            return _t("This is an order of a colleague: ask them, or your team leader.");
        }
        if (!this.rows.length) {
            return _t("Nobody found. Try the last digits, or another part of the name.");
        }
        return "";
    }

    formatDay(day) {
        return formatDay(day, "");
    }

    onInput(event) {
        this.state.text = event.target.value;
        this.findSoon();
    }

    async find(chosen = 0) {
        const text = this.state.text.trim();
        const asked =
            text.length < SHORTEST
                ? Promise.resolve(NOTHING)
                : this.orm.silent.call("supply.caller", "find", [text]);
        this.state.found = await this.latest.add(asked);
        this.state.searched = text;
        this.state.chosen = Math.min(chosen, Math.max(this.rows.length - 1, 0));
    }

    onKeydown(event) {
        const last = this.rows.length - 1;
        if (event.key === "ArrowDown") {
            this.choose(Math.min(this.state.chosen + 1, last));
        } else if (event.key === "ArrowUp") {
            this.choose(Math.max(this.state.chosen - 1, 0));
        } else if (event.key === "Enter") {
            this.openChosen();
        } else if (event.key === "Escape") {
            this.clear();
        } else {
            return;
        }
        event.preventDefault();
        event.stopPropagation();
    }

    choose(index) {
        this.state.chosen = index;
        const row = this.list.el?.querySelector(`[data-index="${index}"]`);
        row?.scrollIntoView({block: "nearest"});
    }

    /** Open what is chosen; what was typed just now is looked for first. */
    async openChosen() {
        if (this.state.searched !== this.state.text.trim()) {
            this.findSoon.cancel();
            await this.find();
        }
        const row = this.rows[this.state.chosen];
        if (row) {
            this.open(row);
        }
    }

    open(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: row.kind === "customer" ? "res.partner" : "sale.order",
            res_id: row.record.id,
            views: [[false, "form"]],
        });
    }

    clear() {
        this.findSoon.cancel();
        Object.assign(this.state, {text: "", found: NOTHING, searched: "", chosen: 0});
        this.latest.add(Promise.resolve(NOTHING));
        this.input.el.focus();
    }
}

registry.category("actions").add("crm_purchase_bridge.who_is_calling", WhoIsCalling);
