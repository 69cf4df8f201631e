import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const PARTS = [
    { name: "actual", label: _t("Actual"), class: "bg-success" },
    { name: "committed", label: _t("Committed"), class: "bg-warning" },
    { name: "reserved", label: _t("Reserved"), class: "bg-info" },
];

/** A stacked bar: actual, committed, reserved, and what is left of the amount. */
export class SpendBar extends Component {
    static template = "spend_budget.SpendBar";
    static props = { ...standardFieldProps };

    get parts() {
        const data = this.props.record.data;
        const currencyId = data.currency_id && data.currency_id.id;
        const used = PARTS.map((part) => ({ ...part, value: data[part.name] || 0 }));
        const total = used.reduce((sum, part) => sum + Math.max(part.value, 0), 0);
        const whole = Math.max(data.amount || 0, total);
        const left = { label: _t("Available"), class: "bg-secondary-subtle", value: data.available };
        return [...used, left].map((part) => ({
            ...part,
            label: part.label.toString(),
            money: formatMonetary(part.value, { currencyId }),
            width: whole ? (100 * Math.max(part.value, 0)) / whole : 0,
        }));
    }

    get title() {
        return this.parts.map((part) => `${part.label}: ${part.money}`).join("\n");
    }

    get isOver() {
        return this.props.record.data.available < 0;
    }
}

export const spendBar = {
    component: SpendBar,
    displayName: _t("Budget bar"),
    supportedTypes: ["float"],
    fieldDependencies: [
        { name: "amount", type: "monetary" },
        { name: "reserved", type: "monetary" },
        { name: "committed", type: "monetary" },
        { name: "actual", type: "monetary" },
        { name: "available", type: "monetary" },
        { name: "currency_id", type: "many2one" },
    ],
};

registry.category("fields").add("spend_bar", spendBar);
