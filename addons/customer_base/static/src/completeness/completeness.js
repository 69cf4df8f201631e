import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/**
 * How complete the data of a customer is: a bar that grows while one types, and what is
 * missing in words. A click leads to the field.
 */
export class CustomerCompleteness extends Component {
    static template = "customer_base.CustomerCompleteness";
    static props = {...standardWidgetProps};

    get groups() {
        return (this.props.record.data.data_groups || []).map((group) => {
            const missing = group.fields.filter((field) => !this.isFilled(field));
            const isOneEnough = group.is_one_enough && missing.length < group.fields.length;
            const share = isOneEnough
                ? 1
                : group.is_one_enough
                  ? 0
                  : 1 - missing.length / group.fields.length;
            return {...group, share, missing: isOneEnough ? [] : missing};
        });
    }

    get score() {
        const groups = this.groups;
        const total = groups.reduce((sum, group) => sum + group.weight, 0);
        const reached = groups.reduce((sum, group) => sum + group.weight * group.share, 0);
        // as the server has it: 100 % is only what is whole
        return Math.floor((100 * reached) / total + 1e-9);
    }

    /** What is missing, the required first. */
    get missing() {
        return this.groups
            .filter((group) => group.missing.length)
            .sort((one, other) => other.is_required - one.is_required);
    }

    get color() {
        if (this.missing.some((group) => group.is_required)) {
            return "danger";
        }
        return this.missing.length ? "warning" : "success";
    }

    get between() {
        return _t("or");
    }

    /** What stands in the form counts; what it does not show counts as it was saved. */
    isFilled({name, is_filled: wasFilled}) {
        const {data, activeFields} = this.props.record;
        if (!(name in activeFields)) {
            return wasFilled;
        }
        const value = data[name];
        return typeof value === "string" ? Boolean(value.trim()) : Boolean(value);
    }

    focus(field) {
        const form = document.querySelector(".modal:not(.o_inactive_modal) .o_form_view")
            || document.querySelector(".o_form_view");
        const shown = [...(form?.querySelectorAll(`.o_field_widget[name="${field.name}"]`) || [])];
        const place = shown.find((one) => one.offsetParent);
        place?.scrollIntoView({block: "center"});
        place?.querySelector("input, textarea, select, [tabindex]")?.focus();
    }
}

registry.category("view_widgets").add("customer_completeness", {
    component: CustomerCompleteness,
    additionalClasses: ["w-100"],
    fieldDependencies: [{name: "data_groups", type: "json"}],
});
