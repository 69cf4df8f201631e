import {Component, onWillStart, useState} from "@odoo/owl";
import {formatCurrency} from "@web/core/currency";
import {Layout} from "@web/search/layout";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** How promises stand, on one page; each figure opens its rows. */
export class Overview extends Component {
    static template = "crm_purchase_bridge.Overview";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({groups: [], currency: false});
        onWillStart(async () => {
            const found = await this.orm.call("supply.overview", "get_figures", []);
            this.state.groups = found.groups;
            this.state.currency = found.currency_id;
        });
    }

    get display() {
        return {controlPanel: {}};
    }

    amount(row) {
        return formatCurrency(row.amount, this.state.currency);
    }

    total(group) {
        return {
            amount: group.rows.reduce((sum, row) => sum + (row.amount || 0), 0),
        };
    }

    hasAmounts(group) {
        return group.rows.some((row) => row.amount !== null);
    }

    /** The share of what was kept, in percent; nothing where nothing was due. */
    share(group) {
        const all = group.rows.reduce((sum, row) => sum + row.lines, 0);
        return all ? Math.round((100 * group.rows[0].lines) / all) : null;
    }

    open(group, row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: `${group.title}: ${row.label}`,
            res_model: "supply.promise",
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
            domain: row.domain,
        });
    }
}

registry.category("actions").add("crm_purchase_bridge.overview", Overview);
