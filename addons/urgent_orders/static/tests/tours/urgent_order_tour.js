import {registry} from "@web/core/registry";
import {fitsAbove, fitsOnScreen} from "@approval_matrix/../tests/tours/steps";
import {stepUtils} from "@web_tour/tour_utils";

/** Wait until the approval banner shows a step in this state. */
function stepState(name, state) {
    return {
        content: `Step ${name} is ${state}`,
        trigger: `.o_approval_progress [data-step=${state}]:contains(${name})`,
    };
}

function statusIs(label) {
    return {
        content: `The document is “${label}”`,
        trigger: `.o_statusbar_status .o_arrow_button_current:contains(${label})`,
    };
}

function autocomplete(field, text) {
    return [
        {
            content: `Type ${text}`,
            trigger: `.o_field_widget[name=${field}] input`,
            run: `edit ${text}`,
        },
        {
            content: `Choose ${text}`,
            trigger: `.o-autocomplete--dropdown-item:contains(${text})`,
            run: "click",
        },
    ];
}

function inFiveDays() {
    return luxon.DateTime.now().plus({days: 5}).toFormat("MM/dd/yyyy hh:mm:ss a");
}

// Customer care takes the order of a hospital that needs beds in five days.
registry.category("web_tour.tours").add("urgent_orders_care_marks_urgent", {
    steps: () => [
        ...autocomplete("partner_id", "Hospital"),
        {
            content: "Add a line",
            trigger: ".o_field_x2many_list_row_add a:contains(Add a product)",
            run: "click",
        },
        ...autocomplete("product_template_id", "Hospital bed"),
        {
            content: "Forty of them",
            trigger: ".o_selected_row .o_field_widget[name=product_uom_qty] input",
            run: "edit 40",
        },
        {
            content: "It is critical",
            trigger: ".o_urgency .o_selection_badge:contains(Critical)",
            run: "click",
        },
        {
            content: "Saving without a reason is refused",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The refusal marks what is missing",
            trigger: ".o_field_widget[name=urgency_reason].o_field_invalid",
        },
        {
            content: "Close the message",
            trigger: ".o_notification_close",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".o_field_widget[name=urgency_reason] input",
            run: "edit The ward opens on Monday",
        },
        {
            content: "Say until when",
            trigger: "input[data-field=needed_by]",
            run: `edit ${inFiveDays()}`,
        },
        ...stepUtils.saveForm(),
        {
            content: "The level is marked",
            trigger: ".o_urgency .o_selection_badge.active:contains(Critical)",
        },
    ],
});

registry.category("web_tour.tours").add("urgent_orders_sales_confirms", {
    steps: () => [
        {
            content: "Confirm the order",
            trigger: ".o_statusbar_buttons button[name=action_confirm_urgent]:enabled",
            run: "click",
        },
        statusIs("Sales Order"),
    ],
});

// The buyer finds the purchase order with urgency, deadline and source filled in.
registry.category("web_tour.tours").add("urgent_orders_buyer_submits", {
    steps: () => [
        {
            content: "Open the urgent quotation",
            trigger: ".o_data_row:has(.badge:contains(Critical)) td[name=partner_id]",
            run: "click",
        },
        {
            content: "It says for whom it is urgent",
            trigger: ".o_field_widget[name=urgency_source_id]:contains(S)",
        },
        {
            content: "It says why",
            trigger: ".o_field_widget[name=urgency_reason] input:value(Monday)",
        },
        {
            content: "Submit",
            trigger: ".o_statusbar_buttons button[name=action_open_submission]:enabled",
            run: "click",
        },
        {
            content: "To whom it says",
            trigger: ".modal .o_approval_route:contains(Step 1) ~ div .o_approval_submit:enabled",
            run: "click",
        },
        statusIs("To Approve"),
        stepState("Step 1", "active"),
        stepState("Step 2", "waiting"),
        {
            content: "The buyer has no button to approve",
            trigger: ".o_statusbar_buttons:not(:has(button[name=action_approve]))",
        },
    ],
});

registry.category("web_tour.tours").add("urgent_orders_manager_approves", {
    steps: () => [
        {
            content: "Open what waits",
            trigger: ".o_data_row td[name=document_name]",
            run: "click",
        },
        {
            content: "Read the lines",
            trigger: ".o_approval_summary:contains(Hospital bed)",
        },
        {
            content: "Approve",
            trigger: ".o_statusbar_buttons button[name=action_approve]:enabled",
            run: "click",
        },
        stepState("Step 1", "approved"),
        stepState("Step 2", "active"),
    ],
});

registry.category("web_tour.tours").add("urgent_orders_director_approves", {
    steps: () => [
        {
            content: "Open what waits",
            trigger: ".o_data_row td[name=document_name]",
            run: "click",
        },
        stepState("Step 1", "approved"),
        {
            content: "Approve",
            trigger: ".o_statusbar_buttons button[name=action_approve]:enabled",
            run: "click",
        },
        stepState("Step 2", "approved"),
    ],
});

// On a phone the director sees a card, and decides without opening anything.
registry.category("web_tour.tours").add("urgent_orders_director_approves_on_phone", {
    steps: () => [
        {
            content: "The card says what it is about",
            trigger: ".o_kanban_record:contains(Critical):contains(Vendor)",
        },
        fitsOnScreen(".o_kanban_record button[name=action_approve]"),
        {
            content: "Approve",
            trigger: ".o_kanban_record button[name=action_approve]",
            run: "click",
        },
        {
            content: "The card says so, and asks nothing any more",
            trigger: ".o_kanban_record:contains(Approved):not(:has(button))",
        },
    ],
});

registry.category("web_tour.tours").add("urgent_orders_director_rejects_on_phone", {
    steps: () => [
        {
            content: "Reject",
            trigger: ".o_kanban_record button[name=action_open_rejection]",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit Ask for a better price",
        },
        {
            content: "Send it back",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The card says so, and asks nothing any more",
            trigger: ".o_kanban_record:contains(Rejected):not(:has(button))",
        },
    ],
});

const GOODS = {
    "the first goods": ".o_approval_goods li:nth-child(1)",
    "the second goods": ".o_approval_goods li:nth-child(2)",
    "the third goods": ".o_approval_goods li:nth-child(3)",
};

// However long the names are: what one decides about is there without a finger moving.
registry.category("web_tour.tours").add("urgent_orders_first_screen", {
    steps: () => [
        {
            content: "All there is to stop at is marked",
            trigger:
                ".o_form_view .o_approval_marks:contains(Critical):contains(arrives too late):contains(the same order twice)",
        },
        fitsAbove(".o_form_view .o_approval_thumb", {
            who: ".o_form_view [name=requester_id]",
            vendor: ".o_form_view [name=about]",
            amount: ".o_form_view [name=amount]",
            deadline: ".o_form_view .o_approval_due",
            badges: ".o_form_view .o_approval_marks .badge",
            ...GOODS,
        }),
    ],
});

const CARD = ".o_kanban_record:first-of-type";

// On the first card of the inbox, too.
registry.category("web_tour.tours").add("urgent_orders_first_card", {
    steps: () => [
        {
            content: "For whom, for how much, and all there is to stop at",
            trigger: `${CARD}:contains(Hoàng Long Việt Nam):contains(4,444,444.08) .o_approval_marks:contains(Critical):contains(arrives too late)`,
        },
        fitsAbove(`${CARD} .o_approval_decision`, {
            who: `${CARD} [name=requester_id]`,
            "name and amount": `${CARD} .fs-5`,
            deadline: `${CARD} .o_approval_due`,
            badges: `${CARD} .o_approval_marks .badge`,
            goods: `${CARD} .o_approval_goods li`,
        }),
    ],
});

// Receipt by the buyer and delivery by the salesperson: the same two clicks.
registry.category("web_tour.tours").add("urgent_orders_validate_transfer", {
    steps: () => [
        {
            content: "Validate",
            trigger: ".o_statusbar_buttons button[name=button_validate]:enabled",
            run: "click",
        },
        statusIs("Done"),
    ],
});
