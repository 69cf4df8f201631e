import {registry} from "@web/core/registry";
import {
    RemainingDaysField,
    remainingDaysField,
} from "@web/views/fields/remaining_days/remaining_days_field";

/** From how many days on the date alone says more than their number. */
const FAR = 99;

/**
 * A day by which something must be done: always the date, and how many days are left.
 * Core's own widget says "next month" of what is due in six days.
 */
export class DueDateField extends RemainingDaysField {
    static template = "approval_matrix.DueDateField";
    static props = {...RemainingDaysField.props, isBrief: {type: Boolean, optional: true}};

    get daysLeft() {
        const value = this.props.record.data[this.props.name];
        const isNear = value && Math.abs(this.diffDays) <= FAR;
        return isNear ? value.toRelativeCalendar({unit: "days"}) : "";
    }
}

export const dueDateField = {...remainingDaysField, component: DueDateField};

registry.category("fields").add("due_date", dueDateField);
// in the narrow columns of a list the days left are a tooltip
registry.category("fields").add("list.due_date", {
    ...dueDateField,
    extractProps: (...args) => ({...dueDateField.extractProps(...args), isBrief: true}),
    listViewWidth: 95,
});
