import {markup} from "@odoo/owl";
import {patch} from "@web/core/utils/patch";
import {Many2XAutocomplete} from "@web/views/fields/relational_utils";

/** Whoever chooses a customer sees the level of each that is offered, in its colour. */
patch(Many2XAutocomplete.prototype, {
    buildRecordSuggestion(_request, record) {
        const suggestion = super.buildRecordSuggestion(...arguments);
        const level = record.customer_level;
        if (level) {
            const color = `o_badge_color_${level.color}`;
            suggestion.label = markup`${suggestion.label}<span class="o_customer_level badge rounded-pill ms-2 ${color}">${level.name}</span>`;
        }
        return suggestion;
    },
});
