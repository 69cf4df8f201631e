import {registry} from "@web/core/registry";
import {selectRow} from "@approval_matrix/../tests/tours/steps";

const TOTAL = {
    content: "What leaves the bank is added up",
    trigger: ".modal .o_field_widget[name=totals]:contains(2 deposits):contains(800.00)",
};
const CONFIRM = [
    {
        content: "Post",
        trigger: ".modal button[name=action_confirm]",
        run: "click",
    },
    {
        content: "Nothing is left to pay",
        trigger: "body:not(:has(.modal)) .o_view_nocontent:contains(Nothing to pay)",
    },
];

// At the desk the cashier selects what to pay.
registry.category("web_tour.tours").add("supplier_deposit_pay_batch", {
    steps: () => [
        ...selectRow("Bed vendor"),
        ...selectRow("Chair vendor"),
        {
            content: "Pay them",
            trigger: ".o_control_panel button[name=action_pay_batch]:visible",
            run: "click",
        },
        TOTAL,
        ...CONFIRM,
    ],
});

// On a phone nothing is selected: all that is due is proposed, in cards.
registry.category("web_tour.tours").add("supplier_deposit_pay_batch_on_phone", {
    steps: () => [
        {
            content: "Two deposits are due",
            trigger: ".o_kanban_view:has(.o_kanban_record:contains(Bed vendor)) .o_kanban_record:contains(Chair vendor)",
        },
        {
            content: "The page does not scroll sideways",
            trigger: "body",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("the page is wider than the screen");
                }
            },
        },
        {
            content: "Pay all of them",
            trigger: ".o_control_panel button[name=action_pay_batch]",
            run: "click",
        },
        TOTAL,
        {
            content: "Each is on a card, and can be left out",
            trigger: ".modal .o_kanban_record:contains(Chair vendor) button[aria-label='Leave out']",
        },
        ...CONFIRM,
    ],
});

// The vendor sends the money back in two parts.
registry.category("web_tour.tours").add("supplier_deposit_refund", {
    steps: () => [
        {
            content: "The money has arrived",
            trigger: "button[name=action_register_refund]:visible",
            run: "click",
        },
        {
            content: "The vendor owes all of it",
            trigger: ".modal .o_field_widget[name=amount_owed]:contains(300.00)",
        },
        {
            content: "Only a part came",
            trigger: ".modal .o_field_widget[name=amount] input",
            run: "edit 100 && press Tab",
        },
        {
            content: "The rest is named before posting",
            trigger: ".modal .o_field_widget[name=amount_left]:contains(200.00)",
        },
        {
            content: "Post",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The rest is still awaited",
            trigger: "body:not(:has(.modal)) .o_form_view .o_field_widget[name=amount_open]:contains(200.00)",
        },
        {
            content: "The rest arrives",
            trigger: "button[name=action_register_refund]:visible",
            run: "click",
        },
        {
            content: "It is proposed",
            trigger: ".modal .o_field_widget[name=amount] input:value(200.00)",
        },
        {
            content: "Post",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "All is back",
            trigger: "body:not(:has(.modal)) .o_statusbar_status button.o_arrow_button_current:contains(Done)",
        },
    ],
});
