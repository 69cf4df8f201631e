import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * Customers side by side, a column each: the first line says who stays, the others which
 * value does. What is chosen by rule is chosen when the table opens.
 */
export class MergeTable extends Component {
    static template = "customer_base.MergeTable";
    static props = {...standardFieldProps};

    get comparison() {
        return this.props.record.data.comparison || {customers: [], rows: []};
    }

    get survivor() {
        return this.props.record.data.survivor_id.id;
    }

    get title() {
        return _t("Stays");
    }

    get choices() {
        return this.props.record.data.choices || {};
    }

    getChosen(row) {
        return this.choices[row.name] || row.chosen;
    }

    /** Who stays: its values come first from then on. */
    setSurvivor(customer) {
        this.props.record.update({
            survivor_id: {id: customer.id, display_name: customer.name},
        });
    }

    choose(row, cell) {
        this.props.record.update({
            choices: {...this.choices, [row.name]: cell.partner},
        });
    }
}

registry.category("fields").add("customer_merge_table", {
    component: MergeTable,
    supportedTypes: ["json"],
});
