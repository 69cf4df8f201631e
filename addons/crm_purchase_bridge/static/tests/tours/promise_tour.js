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
