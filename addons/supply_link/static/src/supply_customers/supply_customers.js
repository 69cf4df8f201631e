import {_t} from "@web/core/l10n/translation";
import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * A few words about a line, who waits for its goods or where they come from: a click
 * opens the whole list. The tooltip has what another field says, see the option detail.
 */
export class SupplyCustomers extends Component {
    static template = "supply_link.SupplyCustomers";
    static props = {
        ...standardFieldProps,
        detail: {type: String, optional: true},
    };

    get text() {
        return this.props.record.data[this.props.name] || "";
    }

    get title() {
        return this.props.record.data[this.props.detail] || this.text;
    }

    onClick() {
        const {record} = this.props;
        this.env.onClickViewButton({
            clickParams: {name: "action_view_supply_waiting", type: "object"},
            getResParams: () => ({
                context: record.context,
                evalContext: record.evalContext,
                resModel: record.resModel,
                resId: record.resId,
                resIds: record.resIds,
            }),
        });
    }
}

registry.category("fields").add("supply_customers", {
    component: SupplyCustomers,
    displayName: _t("Who Waits"),
    supportedTypes: ["char"],
    extractProps: ({options}) => ({detail: options.detail}),
    fieldDependencies: ({options}) =>
        options.detail ? [{name: options.detail, type: "text", readonly: true}] : [],
});
