import {_t} from "@web/core/l10n/translation";
import {Component, onPatched, onWillStart, useRef, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {formatDay, formatQuantity} from "../words";
import {registry} from "@web/core/registry";
import {ShortageDecision} from "./shortage_decision";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useDebounced} from "@web/core/utils/timing";
import {useService} from "@web/core/utils/hooks";

const MODEL = "supply.desk";

/** Who waits for a product of a warehouse, in serving order. */
export class ShortageDesk extends Component {
    static template = "crm_purchase_bridge.ShortageDesk";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.rows = useRef("rows");
        // Moved: from which place the chosen order was taken, as long as it is nowhere
        this.state = useState({
            products: [],
            desk: null,
            text: "",
            chosen: null,
            moved: null,
        });
        this.search = useDebounced(() => this.reload(), 300);
        // The keyboard stays with the chosen order
        onPatched(() => {
            if (this.rows.el?.contains(document.activeElement)) {
                this.focus();
            }
        });
        onWillStart(async () => {
            const {product_id, warehouse_id} = this.props.action.params || {};
            if (product_id && warehouse_id) {
                await this.open(product_id, warehouse_id);
            } else {
                await this.list();
            }
        });
    }

    get display() {
        return {controlPanel: {}};
    }

    // What is short

    async list() {
        this.state.products = await this.orm.call(MODEL, "get_products", []);
        this.state.desk = null;
    }

    // One product

    async open(productId, warehouseId) {
        this.state.text = "";
        this.choose(null);
        this.state.desk = await this.read(productId, warehouseId, 0);
    }

    read(productId, warehouseId, offset) {
        return this.orm.call(MODEL, "get_desk", [
            productId,
            warehouseId,
            offset,
            this.state.text,
        ]);
    }

    async reload() {
        const {product_id, warehouse_id} = this.state.desk;
        this.state.moved = null;
        this.state.desk = await this.read(product_id, warehouse_id, 0);
    }

    async more() {
        this.drop();
        const {desk} = this.state;
        const next = await this.read(
            desk.product_id,
            desk.warehouse_id,
            desk.rows.length
        );
        desk.rows.push(...next.rows);
    }

    onSearch(ev) {
        this.state.text = ev.target.value;
        this.search();
    }

    openFigure(figure) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: `${this.state.desk.product}: ${figure.label}`,
            res_model: figure.model,
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
            domain: figure.domain,
        });
    }

    openDecisions() {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Decisions"),
            res_model: "supply.decision",
            views: [
                [false, "list"],
                [false, "kanban"],
            ],
            domain: [["product_id", "=", this.state.desk.product_id]],
        });
    }

    openOrder(row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: row.order_id,
            views: [[false, "form"]],
        });
    }

    // Whose turn it is

    get index() {
        return this.state.desk.rows.findIndex((row) => row.id === this.state.chosen);
    }

    choose(row) {
        if (this.state.moved !== null && row?.id !== this.state.chosen) {
            this.drop();
        }
        this.state.chosen = row && row.id;
    }

    /** Take the chosen order to the place before or after, for a look. */
    move(step) {
        const {rows} = this.state.desk;
        const from = this.index;
        const to = from + step;
        // Of those that a search leaves, nobody sees who is between them
        if (from < 0 || to < 0 || to >= rows.length || this.state.text) {
            return;
        }
        this.state.moved ??= from;
        rows.splice(to, 0, ...rows.splice(from, 1));
        if (this.state.moved === to) {
            this.state.moved = null;
        }
    }

    /** Put an order back that was only looked at elsewhere. */
    drop() {
        const {desk, moved} = this.state;
        if (moved !== null) {
            const from = this.index;
            this.state.moved = null;
            desk.rows.splice(moved, 0, ...desk.rows.splice(from, 1));
        }
    }

    decide(row) {
        this.choose(row);
        const {desk, moved} = this.state;
        const before = desk.rows[this.index - 1];
        this.dialog.add(
            ShortageDecision,
            {
                desk,
                row,
                isMoved: moved !== null,
                other: before ? before.id : false,
                done: () => this.reload(),
            },
            {
                onClose: () => {
                    this.drop();
                    this.focus();
                },
            }
        );
    }

    focus() {
        this.rows.el?.querySelector(".o_shortage_chosen")?.focus();
    }

    onKeydown(ev) {
        const {rows} = this.state.desk;
        const step = {ArrowUp: -1, ArrowDown: 1}[ev.key];
        if (step && ev.shiftKey) {
            this.move(step);
        } else if (step) {
            this.choose(rows[Math.min(Math.max(this.index + step, 0), rows.length - 1)]);
        } else if (ev.key === "Enter" && this.index >= 0) {
            this.decide(rows[this.index]);
        } else if (ev.key === "Escape") {
            if (this.state.moved === null) {
                this.choose(null);
            } else {
                this.drop();
            }
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    // Words

    day(day) {
        return formatDay(day, "?");
    }

    quantity(quantity) {
        return formatQuantity(quantity);
    }

    describe(part) {
        const quantity = this.quantity(part.quantity);
        if (part.how === "there") {
            return _t("%s there", quantity);
        }
        if (part.how === "missing") {
            return _t("%s missing", quantity);
        }
        if (!part.day) {
            return _t("%s on their way, nobody knows when", quantity);
        }
        return _t("%(quantity)s on %(day)s", {quantity, day: this.day(part.day)});
    }

    describeSupply(supply) {
        if (!supply.overdue) {
            return supply.name;
        }
        return _t("%(name)s: %(days)s days overdue", {
            name: supply.name,
            days: supply.overdue,
        });
    }

    isMissing(part) {
        return part.how !== "there" && !part.day;
    }

    isLate(row) {
        return row.risk === "late" || row.risk === "unknown";
    }
}

registry.category("actions").add("crm_purchase_bridge.shortage_desk", ShortageDesk);
