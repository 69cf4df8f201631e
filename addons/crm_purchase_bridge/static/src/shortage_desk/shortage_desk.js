import {_t} from "@web/core/l10n/translation";
import {Component, onWillStart, useRef, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {formatFloat} from "@web/core/utils/numbers";
import {registry} from "@web/core/registry";
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
        this.root = useRef("root");
        this.state = useState({products: [], desk: null, text: "", chosen: null});
        this.search = useDebounced(() => this.reload(), 300);
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
        this.state.chosen = null;
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
        this.state.desk = await this.read(product_id, warehouse_id, 0);
    }

    async more() {
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

    openOrder(row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: row.order_id,
            views: [[false, "form"]],
        });
    }

    // Words

    day(day) {
        return day ? formatDate(deserializeDate(day)) : "?";
    }

    quantity(quantity) {
        return formatFloat(quantity, {
            trailingZeros: false,
            digits: [16, 3],
        });
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
