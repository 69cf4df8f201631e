import {_t} from "@web/core/l10n/translation";
import {Component, onWillStart, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {formatDay, formatQuantity} from "../words";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";

const MODEL = "supply.desk";

/** What a manager can do for an order, and what it would do to all others. */
export class ShortageDecision extends Component {
    static template = "crm_purchase_bridge.ShortageDecision";
    static components = {Dialog};
    static props = {
        close: Function,
        desk: Object,
        done: Function,
        isMoved: Boolean,
        other: [Number, Boolean],
        row: Object,
    };

    setup() {
        this.orm = useService("orm");
        this.latest = new KeepLast();
        const {row, other, isMoved} = this.props;
        this.state = useState({
            swaps: [],
            lenders: [],
            key: "move",
            after: other || 0,
            lender: 0,
            taken: 0,
            first: row.parts.find((part) => part.how === "there")?.quantity || 1,
            rest: 0,
            reason: "",
            found: null,
            error: "",
        });
        onWillStart(async () => {
            const choices = await this.call("get_choices", row.id);
            if (choices) {
                Object.assign(this.state, choices);
                if (choices.swaps.length && !isMoved) {
                    this.state.key = `swap${choices.swaps[0].id}`;
                }
                if (choices.lenders.length) {
                    this.state.lender = choices.lenders[0].id;
                    this.state.taken = choices.lenders[0].quantity;
                }
                await this.look();
            }
        });
    }

    get title() {
        const {name, customer} = this.props.row;
        return customer ? `${name}, ${customer}` : name;
    }

    /** The orders that it can be served after, and the rest of it. */
    get others() {
        return this.props.desk.rows.filter((row) => row.id !== this.props.row.id);
    }

    get wish() {
        const {key, after, lender, taken, first, rest} = this.state;
        const move = this.props.row.id;
        const swap = this.state.swaps.find((each) => key === `swap${each.id}`);
        if (swap) {
            return {kind: "lend", move, other: swap.id, quantity: swap.quantity};
        }
        if (key === "lend") {
            return {kind: "lend", move, other: lender, quantity: taken};
        }
        if (key === "split") {
            return {kind: "split", move, other: rest, quantity: first};
        }
        return key === "move" ? {kind: "move", move, other: after} : {kind: key, move};
    }

    /** Ask the server; what it refuses is said in the dialog. */
    async call(method, ...args) {
        const {product_id, warehouse_id} = this.props.desk;
        this.state.error = "";
        try {
            return await this.orm.call(MODEL, method, [
                product_id,
                warehouse_id,
                ...args,
            ]);
        } catch (error) {
            if (!error.data) {
                throw error;
            }
            this.state.error = error.data.message;
            return null;
        }
    }

    async look() {
        this.state.found = null;
        this.state.found = await this.latest.add(this.call("preview", this.wish));
    }

    choose(key) {
        this.state.key = key;
        return this.look();
    }

    set(name, key, ev) {
        this.state[name] = Number(ev.target.value);
        return this.choose(key);
    }

    setLender(ev) {
        const id = Number(ev.target.value);
        this.state.taken = this.state.lenders.find((each) => each.id === id).quantity;
        return this.set("lender", "lend", ev);
    }

    onReasonKeydown(ev) {
        if (ev.key === "Enter") {
            this.carryOut();
        }
    }

    async carryOut() {
        const {found, reason} = this.state;
        if (!found) {
            return;
        }
        if (await this.call("carry_out", this.wish, found.seen, reason)) {
            this.props.close();
            await this.props.done();
        }
    }

    quantity(quantity) {
        return formatQuantity(quantity);
    }

    describeSwap(swap) {
        return _t(
            "%(name)s, %(customer)s, lends %(quantity)s: %(days)s days sooner, and nobody is later",
            {...swap, quantity: formatQuantity(swap.quantity)}
        );
    }

    describeDays(row) {
        if (row.days === null) {
            return "";
        }
        return row.days > 0
            ? _t("%s days later", row.days)
            : _t("%s days sooner", -row.days);
    }

    describeDay(day) {
        return formatDay(day, _t("nobody knows when"));
    }
}
