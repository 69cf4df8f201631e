import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const DONE = "body:not(:has(.modal))";

/** Press a button of what is chosen: of the list, or of the card on a phone. */
function press(row, name) {
    return [
        {
            content: "Choose it; a card has its own buttons",
            trigger: `${row(".o_data_row")}, ${row(".o_kanban_record")}`,
            async run({anchor, queryFirst, click}) {
                const box = queryFirst(".o_list_record_selector input", {root: anchor});
                if (box) {
                    await click(box);
                }
            },
        },
        {
            trigger:
                `.o_control_panel button[name=${name}]:visible,` +
                `${row(".o_kanban_record")} button[name=${name}]`,
            run: "click",
        },
    ];
}

// A buyer sees what nobody has bought, and makes a quotation of it.
tours.add("crm_purchase_bridge_buy", {
    steps: () => [
        ...press((each) => `${each}:contains(No Purchase Yet)`, "action_buy"),
        {
            content: "Vendor and quantity are there",
            trigger: ".modal .o_field_widget[name=line_ids]:contains(Vendor)",
        },
        {
            trigger: ".modal .modal-footer button[name=action_buy]",
            run: "click",
        },
        {
            content: "The quotation is there",
            trigger: `${DONE} .o_form_view .o_field_widget[name=partner_id]`,
        },
    ],
});

// A buyer gives an overdue receipt a new date, and sees first who gets it later.
tours.add("crm_purchase_bridge_redate", {
    steps: () => [
        ...press((each) => each, "action_new_dates"),
        {
            content: "Enter the day",
            trigger: ".modal .o_field_widget[name=new_day] :is(input, button)",
            async run({anchor, click, edit}) {
                await click(anchor);
                const input = document.querySelector(
                    ".modal .o_field_widget[name=new_day] input"
                );
                if (input) {
                    await edit("12/24/2099", input);
                }
            },
        },
        {
            trigger: ".modal .o_field_widget[name=how]",
            run: "click",
        },
        {
            content: "A day too far away shows nothing",
            trigger: ".modal:contains(Nothing is saved yet)",
        },
        {
            trigger: ".modal .o_field_widget[name=how] .o_radio_input[data-value=shift]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=shift_days] input",
            run: "edit 30",
        },
        {
            trigger: ".modal .o_field_widget[name=names]",
            run: "click",
        },
        {
            content: "It says who gets the goods later",
            trigger: ".modal .o_redate_effect tr.text-danger",
        },
        {
            trigger: ".modal .modal-footer button[name=action_save]",
            run: "click",
        },
        {
            trigger: `${DONE} .o_control_panel`,
        },
    ],
});

// Who leads sales looks at what is at risk, and opens the orders behind the figure.
tours.add("crm_purchase_bridge_overview", {
    steps: () => [
        {
            content: "One line is at risk",
            trigger:
                ".o_supply_overview [data-group=risk] [data-row]:not(:disabled):contains(1)",
            run: "click",
        },
        {
            content: "The order is there, in the list or as a card",
            trigger: ".o_data_row:contains(S0), .o_kanban_record:contains(S0)",
        },
    ],
});

// A storekeeper puts away what a late order waits for.
tours.add("crm_purchase_bridge_put_away", {
    steps: () => [
        {
            trigger:
                ".o_data_row:contains(10) button[name=action_do]," +
                ".o_kanban_record:contains(10) button[name=action_do]",
            run: "click",
        },
        {
            content: "The transfer is planned",
            trigger: `${DONE} .o_form_view button[name=button_validate]`,
        },
    ],
});

// A storekeeper sees on a receipt that somebody waits behind it, and who.
tours.add("crm_purchase_bridge_receipts", {
    steps: () => [
        {
            content: "The receipt names the customer",
            trigger:
                ".o_data_row:contains(Hospital) button[name=action_view_supply_waiting]," +
                ".o_kanban_record:has(.o_receipt_waiting:contains(Hospital))" +
                " button[name=action_view_supply_waiting]",
            run: "click",
        },
        {
            content: "Who waits, and how many are for them",
            trigger: `${DONE} .o_last_breadcrumb_item:contains(Who Waits)`,
        },
        {
            trigger:
                ".o_data_row:contains(Hospital):contains(10)," +
                ".o_kanban_record:contains(Hospital):contains(10)",
        },
    ],
});

// A manager finds out who waits for what there is too little of.
tours.add("crm_purchase_bridge_shortage", {
    steps: () => [
        {
            trigger: ".o_shortage_desk [data-product]:contains(Wheelchair)",
            run: "click",
        },
        {
            content: "Two orders wait, in serving order",
            trigger: ".o_shortage_row:nth-child(2)",
        },
        {
            content: "The balance goes below zero",
            trigger: ".o_shortage_days td.text-danger",
        },
        {
            trigger: ".o_shortage_figure[data-figure=broken]:contains(2)",
            run: "click",
        },
        {
            content: "The figure opens its rows",
            trigger: ".o_data_row:contains(S0), .o_kanban_record:contains(S0)",
        },
    ],
});

// A manager looks what serving another order first would do, and decides it.
tours.add("crm_purchase_bridge_decide", {
    steps: () => [
        {
            trigger: ".o_shortage_desk [data-product]:contains(Wheelchair)",
            run: "click",
        },
        {
            trigger: ".o_shortage_row:nth-child(2) .o_shortage_who",
            run: "click",
        },
        {
            content: "The keyboard moves it up",
            trigger: ".o_shortage_row:nth-child(2).o_shortage_chosen",
            async run({press, anchor}) {
                anchor.focus();
                await press("Shift+ArrowUp");
            },
        },
        {
            content: "It is first, for a look; Escape puts it back",
            trigger: ".o_shortage_row:nth-child(1).o_shortage_chosen",
            async run({press, anchor}) {
                anchor.focus();
                await press("Escape");
            },
        },
        {
            content: "A thumb moves it up as well",
            trigger:
                ".o_shortage_row:nth-child(2).o_shortage_chosen button[aria-label=Earlier]",
            run: "click",
        },
        {
            trigger: ".o_shortage_row:nth-child(1).o_shortage_chosen",
            async run({press, anchor}) {
                anchor.focus();
                await press("Enter");
            },
        },
        {
            content: "Two customers get their goods on another day",
            trigger: ".modal .o_shortage_effect tr:nth-child(2)",
        },
        {
            trigger: ".modal .o_shortage_reason",
            run: "edit They have surgery",
        },
        {
            trigger: ".modal .o_shortage_carry_out:enabled",
            run: "click",
        },
        {
            content: "Everybody sees that a manager decided it",
            trigger: `${DONE} .o_shortage_row:nth-child(1) .fa-hand-paper-o`,
        },
    ],
});
