import {registry} from "@web/core/registry";
import {BadgeField, badgeField} from "@web/views/fields/badge/badge_field";
import {
    BadgeSelectionField,
    badgeSelectionField,
} from "@web/views/fields/badge_selection/badge_selection_field";
import {getFieldDomain} from "@web/model/relational_model/utils";
import {useSpecialData} from "@web/views/fields/relational_utils";

let groups = 0;

/** The level of an order in lists and on cards: in its own colour, plain ones quietly. */
export class UrgencyLevelBadge extends BadgeField {
    static template = "urgent_orders.UrgencyLevelBadge";

    get level() {
        return this.props.record.data[this.props.name];
    }
}

/**
 * The levels beside each other, to choose one of: radio buttons, which the keyboard
 * reaches and a screen reader names. The chosen one has its own colour.
 */
export class UrgencyLevelChoice extends BadgeSelectionField {
    static template = "urgent_orders.UrgencyLevelChoice";

    setup() {
        this.type = "many2one";
        this.group = `urgency_level_${++groups}`;
        this.specialData = useSpecialData(async (orm, props) => {
            const {relation} = props.record.fields[props.name];
            const domain = getFieldDomain(props.record, props.name, props.domain);
            return orm.searchRead(relation, domain, [
                "display_name",
                "color",
                "is_urgent",
            ]);
        });
    }

    get options() {
        return this.specialData.data.map((level) => [level.id, level.display_name]);
    }

    get chosen() {
        return this.specialData.data.find((level) => level.id === this.value);
    }

    /** Return the class of a level: the chosen one stands out. */
    classOf(id) {
        if (id !== this.value) {
            return "btn-secondary";
        }
        const {is_urgent: isUrgent, color} = this.chosen || {};
        return isUrgent
            ? `active o_tag o_tag_color_${color} o_urgency_level fw-bold`
            : "btn-secondary active";
    }
}

const relatedFields = [
    {name: "display_name", type: "char"},
    {name: "color", type: "integer", readonly: true},
    {name: "is_urgent", type: "boolean", readonly: true},
];

registry.category("fields").add("urgency_badge", {
    ...badgeField,
    component: UrgencyLevelBadge,
    supportedTypes: ["many2one"],
    relatedFields,
    listViewWidth: 80,
});
registry.category("fields").add("urgency_choice", {
    ...badgeSelectionField,
    component: UrgencyLevelChoice,
    supportedTypes: ["many2one"],
});
