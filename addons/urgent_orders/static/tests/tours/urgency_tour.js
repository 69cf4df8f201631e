import {registry} from "@web/core/registry";

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
                "body:not(:has(.modal)) .o_urgency:has(.o_urgency_on):contains(Critical)",
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
