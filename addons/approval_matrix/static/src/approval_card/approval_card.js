import {Component} from "@odoo/owl";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** What to stop at, and what kind of document it is, in a row of badges. */
export class ApprovalMarks extends Component {
    static template = "approval_matrix.ApprovalMarks";
    static props = {...standardFieldProps, isBrief: {type: Boolean, optional: true}};

    get card() {
        return this.props.record.data[this.props.name] || {};
    }

    get asked() {
        const labels = {asked: _t("Question asked"), answered: _t("Answered")};
        return labels[this.card.asked];
    }
}

/**
 * The card of a decision. In a list of cards it is brief: badges and goods. In a form
 * the rest follows: why one is asked, and what was said.
 */
export class ApprovalCard extends ApprovalMarks {
    static template = "approval_matrix.ApprovalCard";
    static components = {ApprovalMarks};

    setup() {
        super.setup();
        this.action = useService("action");
    }

    /** Look further, and come back to the card, which says what is true then. */
    follow({action, context}) {
        return this.action.doAction(action, {
            additionalContext: context,
            onClose: () => this.props.record.load(),
        });
    }

    get more() {
        return _t("and %s more", this.card.more);
    }

    when(date) {
        return toLocaleDateTimeString(deserializeDateTime(date));
    }
}

function extractProps({options}) {
    return {isBrief: Boolean(options.brief)};
}

registry.category("fields").add("approval_marks", {
    component: ApprovalMarks,
    supportedTypes: ["json"],
});
registry.category("fields").add("approval_card", {
    component: ApprovalCard,
    supportedTypes: ["json"],
    extractProps,
});
