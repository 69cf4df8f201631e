import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";
import {hearByBus} from "@approval_matrix/../tests/tours/steps";

// Sales sees who would wait before an order that is confirmed becomes urgent.
registry.category("web_tour.tours").add("urgent_orders_change_urgency", {
    steps: () => [
        {
            content: "The level is no button any more",
            trigger: ".o_urgency:not(:has(.o_selection_badge))",
        },
        {
            content: "Change it",
            trigger: "button[name=action_open_urgency]",
            run: "click",
        },
        {
            content: "It is critical",
            trigger: ".modal .o_selection_badge:contains(Critical)",
            run: "click",
        },
        {
            content: "The order that would be late is listed",
            trigger: ".modal .alert-warning:contains(Hospital):contains(6 days)",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=urgency_reason] input",
            run: "edit The ward opens on Monday",
        },
        {
            content: "Let them wait",
            trigger: ".modal button:contains(Make Them Wait)",
            run: "click",
        },
        {
            content: "The order is critical",
            trigger:
                "body:not(:has(.modal)) .o_urgency .o_urgency_level:contains(Critical)",
        },
    ],
});

// A manager looks at the whole chain, on a phone as on a desk.
registry.category("web_tour.tours").add("urgent_orders_chain", {
    steps: () => [
        {
            content: "The case says where it is and who holds it",
            trigger:
                ".o_kanban_record:contains(Critical):contains(Hospital):contains(Quotation)," +
                ".o_data_row:contains(Critical):contains(Hospital):contains(Quotation)",
        },
        {
            content: "Open it",
            trigger: ".o_kanban_record:contains(Critical), .o_data_row:contains(Critical) td[name=name]",
            run: "click",
        },
        {
            content: "This is the order",
            trigger: ".o_form_view .o_urgency .o_selection_badge.active:contains(Critical)",
        },
    ],
});

// Whoever has no mouse chooses a level, and hears what it asks for and what is over.
registry.category("web_tour.tours").add("urgent_orders_level_by_keyboard", {
    steps: () => [
        {
            content: "The keyboard reaches the levels",
            trigger: ".o_urgency .o_selection_badge",
            run() {
                const radios = [...document.querySelectorAll(".o_urgency input[type=radio]")];
                const reached = radios.filter((radio) => {
                    radio.focus();
                    return document.activeElement === radio;
                });
                if (!radios.length || reached.length !== radios.length) {
                    throw new Error("the levels cannot be reached by the keyboard");
                }
            },
        },
        {
            content: "Choose the most urgent, as the keyboard does",
            trigger: ".o_urgency .o_selection_badge:contains(Critical)",
            run() {
                this.anchor.control.click();
            },
        },
        {
            content: "It has its own colour, and the reason says that it is required",
            trigger:
                ".o_urgency:has(.o_urgency_level.o_tag_color_1) .o_field_widget.o_required_modifier[name=urgency_reason]",
        },
        {
            content: "Give a day that is over",
            trigger: ".o_urgency [name=needed_by] button, .o_urgency [name=needed_by] input",
            run: "click",
        },
        {
            content: "In words",
            trigger: ".o_urgency [name=needed_by] input",
            run: "edit 01/02/2026 08:00:00 && press Tab",
        },
        {
            content: "One is asked whether that is right",
            trigger: ".modal:contains(has passed)",
        },
        {
            content: "It is",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "Say why",
            trigger: "body:not(:has(.modal)) .o_urgency [name=urgency_reason] input",
            run: "edit The ward is closed already",
        },
        ...stepUtils.saveForm(),
    ],
});

const CRITICAL = ":has(.o_urgency_level.o_tag_color_1:contains(Critical))";
const URGENT = ":has(.o_urgency_level.o_tag_color_2:contains(Urgent))";

// Lists and cards: each level in its own colour, the most urgent first, always the date.
registry.category("web_tour.tours").add("urgent_orders_levels_in_lists", {
    steps: () => [
        {
            content: "Levels have their colours and the day is there",
            trigger:
                `.o_data_row${CRITICAL}:has([name=needed_by] [title="in 5 days"]), ` +
                `.o_kanban_record${CRITICAL}:has([name=needed_by]:contains(in 5 days))`,
        },
        {
            content: "The day itself is there to read, not only how far it is",
            trigger: `.o_data_row${CRITICAL} [name=needed_by], .o_kanban_record${CRITICAL} [name=needed_by]`,
            run() {
                const text = this.anchor.innerText.replace("in 5 days", "");
                if (!/\d/.test(text)) {
                    throw new Error(`no date in “${this.anchor.innerText}”`);
                }
            },
        },
        {
            content: "Urgent is not like critical, and stands below",
            trigger: [".o_data_row", ".o_kanban_record"]
                .map((kind) => `${kind}${CRITICAL} ~ ${kind}${URGENT}`)
                .join(", "),
        },
    ],
});

/** Orders were marked urgent, as ``urgency.notice`` says it. */
function hearOf(...notices) {
    const more = {model: "sale.order", reason: "", needed_by: "", by: "Marc"};
    return hearByBus(
        notices.map((notice, id) => ["urgent_orders/marked", {...more, id, ...notice}])
    );
}

/** Fail unless what a notice begins with has a colour of Odoo's pickers of colours. */
function hasColor(number) {
    return {
        content: `It has the colour ${number}`,
        trigger: ".o_urgency_notice .o_notification_bar",
        run() {
            const picker = document.createElement("div");
            picker.className = "o_colorlist";
            picker.innerHTML = `<button class="o_colorlist_item_color_${number}"/>`;
            document.body.append(picker);
            const {backgroundColor: expected} = getComputedStyle(picker.firstChild);
            picker.remove();
            const {backgroundColor: color} = getComputedStyle(this.anchor);
            if (color !== expected) {
                throw new Error(`${color} in place of ${expected}`);
            }
        },
    };
}

// Who hears of urgent orders on the screen sees how urgent they are.
const MARKED_URGENT = {order: "S1", level: "Urgent", color: 2, rank: 10};
const MARKED_CRITICAL = {order: "S2", level: "Critical", color: 1, rank: 20};
registry.category("web_tour.tours").add("urgent_orders_notices_have_colors", {
    steps: () => [
        {
            content: "An order becomes urgent",
            trigger: ".o_web_client .o_control_panel",
            run: () => hearOf(MARKED_URGENT),
        },
        {
            content: "It is told",
            trigger: ".o_urgency_notice:contains(Urgent: S1)",
        },
        hasColor(2),
        {
            content: "Close it",
            trigger: ".o_urgency_notice .o_notification_close",
            run: "click",
        },
        {
            content: "Two others do",
            trigger: "body:not(:has(.o_urgency_notice))",
            run: () => hearOf(MARKED_CRITICAL, MARKED_URGENT),
        },
        {
            content: "They are told together",
            trigger: ".o_urgency_notice:contains(2 urgent orders):contains(S2, S1)",
        },
        hasColor(1),
    ],
});
