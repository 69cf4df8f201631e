import {registry} from "@web/core/registry";
import {HOLD_FOR_LONG, fitsOnScreen} from "@approval_matrix/../tests/tours/steps";

const BUTTON = ".o_approval_buttons button";
const NOTHING_HELD = "body:not(:has(.o_approval_held_bar)):not(:has(.modal))";

// On the order itself decisions are held back as in the inbox.
registry.category("web_tour.tours").add("approval_matrix_purchase_held_on_order", {
    steps: () => [
        HOLD_FOR_LONG,
        {
            content: "Approve",
            trigger: `${BUTTON}[name=action_approve]:enabled`,
            run: "click",
        },
        {
            content: "It is held back, and nothing else is offered",
            trigger: "body:not(:has(.o_approval_buttons)) .o_approval_held_bar:contains(approved)",
        },
        {
            content: "Undo",
            trigger: ".o_approval_undo:enabled",
            run: "click",
        },
        {
            content: "Reject",
            trigger: `${NOTHING_HELD} ${BUTTON}[name=action_open_rejection]:enabled`,
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit Too dear",
        },
        {
            content: "Reject it",
            trigger: ".modal button[name=action_confirm]:contains(Reject)",
            run: "click",
        },
        {
            content: "That is held back, too",
            trigger: "body:not(:has(.modal)):not(:has(.o_approval_buttons)) .o_approval_held_bar:contains(rejected)",
        },
        {
            content: "Undo",
            trigger: ".o_approval_undo:enabled",
            run: "click",
        },
        {
            content: "It is asked again",
            trigger: `${NOTHING_HELD} ${BUTTON}[name=action_approve]:enabled`,
        },
    ],
});

registry.category("web_tour.tours").add("approval_matrix_purchase_approve_on_order", {
    steps: () => [
        {
            content: "Approve",
            trigger: `${BUTTON}[name=action_approve]:enabled`,
            run: "click",
        },
        {
            content: "It is sent, and the next step has it",
            trigger: `${NOTHING_HELD} .o_approval_progress [data-step=active]:contains(Director)`,
        },
    ],
});

// The requester reads who will be asked before anybody is.
registry.category("web_tour.tours").add("approval_matrix_purchase_submit", {
    steps: () => [
        {
            content: "The button says that it submits",
            trigger: ".o_statusbar_buttons:not(:has(button[name=button_confirm])) button[name=action_open_submission]:enabled:contains(Submit)",
            run: "click",
        },
        {
            content: "It says who is asked, step by step",
            trigger: ".modal .o_approval_route li:contains(Step 1):contains(Manager)",
        },
        fitsOnScreen(".modal .o_approval_submit"),
        {
            content: "Nothing is submitted yet: go back",
            trigger: ".modal .o_approval_submission button:contains(Back)",
            run: "click",
        },
        {
            content: "It is still a quotation",
            trigger: "body:not(:has(.modal)):not(:has(.o_approval_progress)) .o_statusbar_buttons button[name=action_open_submission]:enabled",
            run: "click",
        },
        {
            content: "Submit",
            trigger: ".modal .o_approval_submit:enabled",
            run: "click",
        },
        {
            content: "It waits, and says who asks and who holds it",
            trigger: "body:not(:has(.modal)) .o_approval_progress:contains(Buyer) [data-step=active]:contains(Manager)",
        },
    ],
});

const ANSWER = [
    {
        content: "The question is there to read, and its answer to be typed",
        trigger: ".modal:contains(Why two?) .o_field_widget[name=text] textarea",
        run: "edit One is a spare",
    },
    fitsOnScreen(".modal button[name=action_confirm]:contains(Send)"),
    {
        content: "Send it",
        trigger: ".modal button[name=action_confirm]:contains(Send)",
        run: "click",
    },
    {
        content: "The question is gone, from the steps and from the to-dos",
        trigger: "body:not(:has(.modal)):not(:has(.fa-question-circle)) .o_approval_progress:not(:has(button[name=action_open_answer]))",
    },
];

// The button of the e-mail opens the dialog, once.
registry.category("web_tour.tours").add("approval_matrix_purchase_answer", {
    steps: () => ANSWER,
});

// Whoever opens the order reads the question there, beside the button to answer it.
registry.category("web_tour.tours").add("approval_matrix_purchase_answer_on_order", {
    steps: () => [
        {
            content: "The step that asks says what",
            trigger: ".o_approval_progress [data-step=active]:has(.fa-question-circle):contains(Why two?)",
        },
        fitsOnScreen(`${BUTTON}[name=action_open_answer]`),
        {
            content: "Answer",
            trigger: `body:not(:has(.modal)) ${BUTTON}[name=action_open_answer]:contains(Answer)`,
            run: "click",
        },
        ...ANSWER,
    ],
});

const inRowOrCard = (query) => `.o_data_row${query}, .o_kanban_record${query}`;

// Parts about which nobody was asked, for who manages purchases.
registry.category("web_tour.tours").add("approval_matrix_purchase_split_orders", {
    steps: () => [
        {
            content: "One part",
            trigger: inRowOrCard(":contains('6,000.00')"),
        },
        fitsOnScreen(".o_data_row [name=split_brief], .o_kanban_record .text-break"),
        {
            content: "A row has two lines at most",
            trigger: inRowOrCard(":contains('6,000.00')"),
            run() {
                const row = this.anchor.matches(".o_data_row");
                const {height} = this.anchor.getBoundingClientRect();
                if (row && height > 64) {
                    throw new Error(`the row is ${height} high`);
                }
            },
        },
        {
            content: "The other says what they reach, and who was not asked",
            trigger: inRowOrCard(":contains('5,000.00'):contains('11,000.00'):contains('10,000.00'):contains(Step 2)"),
        },
        {
            content: "Open it",
            trigger: ".o_data_row:contains('5,000.00') td[name=name], .o_kanban_record:contains('5,000.00')",
            run: "click",
        },
        {
            content: "It is an order like all others",
            trigger: ".o_form_view .o_field_widget[name=order_line]:contains(Hospital bed)",
        },
    ],
});

registry.category("web_tour.tours").add("approval_matrix_purchase_nobody_to_ask", {
    steps: () => [
        {
            content: "Submit",
            trigger: ".o_statusbar_buttons button[name=action_open_submission]:enabled",
            run: "click",
        },
        {
            content: "It takes two people, which one reads before",
            trigger: ".modal .o_approval_submission:not(:has(.o_approval_submit)) .alert:contains(two people)",
        },
    ],
});

const SENTENCES = {
    "the same order twice?": "has the same vendor, goods and amount",
    "split below a limit?": "3 orders of this vendor within 7 days",
    "above the last": "per Units",
};

/** Each mark is there with its sentence, on the screen from edge to edge. */
function readSentences(place) {
    return Object.entries(SENTENCES).flatMap(([mark, sentence]) => [
        {
            content: `The mark “${mark}”`,
            trigger: `${place} .o_approval_warning:contains(${mark})`,
        },
        fitsOnScreen(`${place} .o_approval_sentences li:contains(${sentence})`),
    ]);
}

// Approvers read what other orders tell wherever they decide.
registry.category("web_tour.tours").add("approval_matrix_purchase_read_sentences", {
    steps: () => readSentences(".o_form_view .o_approval_card"),
});

registry.category("web_tour.tours").add("approval_matrix_purchase_read_on_order", {
    steps: () => readSentences(".o_form_view .o_approval_stops"),
});

registry.category("web_tour.tours").add("approval_matrix_purchase_read_brief", {
    steps: () => readSentences(".o_kanban_record .o_approval_card"),
});

registry.category("web_tour.tours").add("approval_matrix_purchase_read_marks", {
    steps: () =>
        Object.keys(SENTENCES).map((mark) => ({
            content: `The mark “${mark}”`,
            trigger: `.o_data_row .o_approval_marks:contains(${mark})`,
        })),
});
