import {registry} from "@web/core/registry";

// Customer care reads the sentence aloud, looks closer, and keeps what it told.
registry.category("web_tour.tours").add("crm_purchase_bridge_tell", {
    steps: () => [
        {
            content: "The sentence says what is there and when the rest comes",
            trigger: ".o_supply_sentence:contains(4 Units are in stock):contains(6 Units)",
        },
        {
            content: "Where are they?",
            trigger: ".o_supply_toggle",
            run: "click",
        },
        {
            content: "The goods are with the vendor",
            trigger: ".o_supply_card .o_supply_current:contains(Receipt)",
        },
        {
            content: "Tell the customer",
            trigger: ".o_supply_tell",
            run: "click",
        },
        {
            content: "The words are ready to be copied",
            trigger: ".modal .o_field_widget[name=message]:contains(Wheelchair)",
        },
        {
            content: "It was on the phone, as proposed",
            trigger: ".modal button[name=action_tell]",
            run: "click",
        },
        {
            content: "The panel says what was told",
            trigger: "body:not(:has(.modal)) .o_supply_card:contains(told)",
        },
    ],
});

// A buyer sees which promises are late, and no price of a sale.
registry.category("web_tour.tours").add("crm_purchase_bridge_promises", {
    steps: () => [
        {
            content: "The line is late",
            trigger:
                ".o_data_row:contains(Wheelchair):contains(Late) td[name=product_id]," +
                ".o_kanban_record:contains(Wheelchair):contains(Late)",
            run: "click",
        },
        {
            content: "Its history says since when",
            trigger: ".o_form_view .o_field_widget[name=risk]:contains(Late)",
        },
    ],
});

// Sales notes what the customer wants before anything is told.
registry.category("web_tour.tours").add("crm_purchase_bridge_tell_wanted", {
    steps: () => [
        {
            trigger: ".o_supply_tell",
            run: "click",
        },
        {
            content: "The line, or on a phone its card",
            trigger:
                ".modal .o_data_row td[name=wanted_on], .modal .o_kanban_record:not(.o_kanban_ghost)",
            run: "click",
        },
        {
            content: "By when do they want it?",
            trigger: ".modal .o_field_widget[name=wanted_on] :is(input, button)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=wanted_on] input",
            run: "edit 12/24/2099",
        },
        {
            content: "What we tell follows",
            trigger: ".modal .o_field_widget[name=message], .modal .o_field_widget[name=told_on]",
            run: "click",
        },
        {
            content: "On a phone the card is closed",
            trigger:
                ".modal .o_form_button_save, .modal button[name=action_keep_wanted]",
            async run({anchor, click}) {
                if (anchor.matches(".o_form_button_save")) {
                    await click();
                }
            },
        },
        {
            content: "It is kept, and nothing has been told",
            trigger: ".modal button[name=action_keep_wanted]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_supply_sentence",
        },
    ],
});

// A buyer finds what waits for nobody's purchase, and groups by vendor.
registry.category("web_tour.tours").add("crm_purchase_bridge_vendors", {
    steps: () => [
        {
            content: "The purchase and its vendor are there",
            trigger:
                ".o_data_row:has(td[name=purchase_id]:contains(P0)):has(td[name=vendor_id]:contains(/./))",
        },
        {
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger: ".o_group_by_menu .o_menu_item:contains(Vendor)",
            run: "click",
        },
        {
            trigger: ".o_group_header",
        },
    ],
});

// Nothing is worked out before it is saved, and the form says so.
registry.category("web_tour.tours").add("crm_purchase_bridge_unsaved", {
    steps: () => [
        {
            trigger: ".o_supply_unsaved:contains(once this is saved)",
        },
    ],
});

// Odoo's forecast says that there is none; ours says what the goods wait for.
registry.category("web_tour.tours").add("crm_purchase_bridge_beside_forecast", {
    steps: () => [
        {
            content: "Our day is on the line; on a phone the line is a card",
            trigger:
                ".o_field_widget[name=order_line] .o_data_row td[name=promise_day]:contains(/./)," +
                ".o_field_widget[name=order_line] .o_kanban_record:not(.o_kanban_ghost)",
            async run({anchor, click}) {
                if (anchor.matches(".o_kanban_record")) {
                    await click();
                }
            },
        },
        {
            content: "Odoo's own forecast",
            trigger: ".modal a.fa-area-chart, body:not(:has(.o_kanban_record)) .o_data_row a.fa-area-chart",
            run: "click",
        },
        {
            content: "Beside it our day, and the approval that it waits for",
            trigger:
                ".o_popover .o_supply_hint:contains(Likely there on):contains(waits for approval by Manager)",
        },
    ],
});

// What was told has become impossible: the to-do says old and new day, and the words.
registry.category("web_tour.tours").add("crm_purchase_bridge_slipped", {
    steps: () => [
        {
            content: "The panel is red",
            trigger: ".o_supply_sentence.alert-danger",
        },
        {
            content: "The to-do asks to call",
            trigger: ".o-mail-Activity:contains(Call the customer)",
        },
        {
            content: "It has the words for the customer",
            trigger: ".o-mail-Activity:contains(Dear Hospital)",
        },
    ],
});
