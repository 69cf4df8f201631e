import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// Customer care asks purchasing from the order, as the customer waits.
tours.add("crm_purchase_bridge_ask", {
    steps: () => [
        {
            content: "Ask from the order; on a phone behind More",
            trigger:
                ".o_statusbar_buttons > button[name=action_ask_question]," +
                ".o_statusbar_buttons:not(:has(> button[name=action_ask_question])) button[title=More]",
            run: "click",
        },
        {
            content: "The dialog is there, or the button",
            trigger: ".modal textarea, .o-dropdown--menu button[name=action_ask_question]",
            async run({anchor, click}) {
                if (!anchor.closest(".modal")) {
                    await click();
                }
            },
        },
        {
            content: "It says who will be asked",
            trigger: ".modal .o_field_widget[name=people]:contains(Purchasing)",
        },
        {
            content: "Ask",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit Can 6 of them be here on Friday?",
        },
        {
            trigger: ".modal .modal-footer button[name=action_ask]",
            run: "click",
        },
        {
            content: "The question is out",
            trigger: "body:not(:has(.modal)) .o_notification:contains(will answer)",
        },
    ],
});

// Any of the buyers answers, without reading the customer's order.
tours.add("crm_purchase_bridge_answer", {
    steps: () => [
        {
            content: "It waits for the buyer",
            trigger:
                ".o_data_row:contains(on Friday) button[name=action_open_answer]," +
                ".o_kanban_record:contains(on Friday) button[name=action_open_answer]",
            run: "click",
        },
        {
            content: "The dialog says what is asked, and by whom",
            trigger: ".modal .o_field_widget[name=question]:contains(Can 6 of them)",
        },
        {
            content: "Answer",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit Yes, in the morning",
        },
        {
            trigger: ".modal .modal-footer button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "Nothing waits any more",
            trigger: "body:not(:has(.modal)) .o_view_nocontent:contains(No questions here)",
        },
    ],
});

// Sales asks about one line where its goods are shown, from the customer's page.
tours.add("crm_purchase_bridge_ask_on_card", {
    steps: () => [
        {
            content: "The customer's page says what all their orders wait for",
            trigger: ".o_supply_sentence",
        },
        {
            trigger: ".o_supply_toggle",
            run: "click",
        },
        {
            content: "No stage is shown that nobody has to pass",
            trigger:
                ".o_supply_card .o_supply_stages:not(:has(.o_supply_stage:contains(Approval)))",
        },
        {
            content: "Ask about the line",
            trigger: ".o_supply_card .o_supply_ask",
            run: "click",
        },
        {
            content: "It knows which goods",
            trigger: ".modal .o_field_widget[name=subject]:contains(Wheelchair)",
        },
        {
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit Can 6 of them be here on Friday?",
        },
        {
            trigger: ".modal .modal-footer button[name=action_ask]",
            run: "click",
        },
        {
            content: "The question is on the card, and waits for an answer",
            trigger:
                "body:not(:has(.modal)) .o_supply_card .o_supply_question:contains(on Friday):contains(Answer by)",
        },
    ],
});

// Whoever opens the order afterwards reads the answer where the goods are.
tours.add("crm_purchase_bridge_answer_on_card", {
    steps: () => [
        {
            content: "No question is open any more",
            trigger: ".o_supply_toggle:not(:has(.badge))",
            run: "click",
        },
        {
            trigger:
                ".o_supply_card .o_supply_answer:contains(Yes, in the morning)",
        },
    ],
});
