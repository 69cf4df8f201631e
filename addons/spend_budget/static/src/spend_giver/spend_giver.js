import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Whose money is asked for: of lines that who asks may not read, only those are offered
 * that the server names.
 */
export class SpendGiver extends Component {
    static template = "spend_budget.SpendGiver";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get givers() {
        const offered = this.props.record.data.givers || [];
        const value = this.value;
        if (!value || offered.some((giver) => giver.id === value.id)) {
            return offered;
        }
        return [{ id: value.id, name: value.display_name }, ...offered];
    }

    choose(ev) {
        const giver = this.givers.find((each) => each.id === parseInt(ev.target.value, 10));
        this.props.record.update({
            [this.props.name]: giver ? { id: giver.id, display_name: giver.name } : false,
        });
    }
}

export const spendGiver = {
    component: SpendGiver,
    displayName: _t("Whose money is asked for"),
    supportedTypes: ["many2one"],
    fieldDependencies: [{ name: "givers", type: "json" }],
};

registry.category("fields").add("spend_giver", spendGiver);
