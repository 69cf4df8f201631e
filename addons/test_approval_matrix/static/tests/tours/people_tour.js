import {registry} from "@web/core/registry";
import {chooseCards, fitsOnScreen, pressForAll, selectRow} from "@approval_matrix/../tests/tours/steps";

const tours = registry.category("web_tour.tours");

/** Say why in the dialog, and confirm it. */
function sayWhy(reason, button) {
    return [
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: `edit ${reason}`,
        },
        fitsOnScreen(`.modal button[name=action_confirm]:contains(${button})`),
        {
            content: "Confirm",
            trigger: `.modal button[name=action_confirm]:contains(${button})`,
            run: "click",
        },
    ];
}

const SENT_BACK = {
    content: "The step before is asked again, and reads why",
    trigger: ".o_approval_progress [data-step=active]:contains(Step):contains(Is the price right?)",
};

tours.add("test_approval_matrix_send_back", {
    steps: () => [
        {
            content: "Open it",
            trigger: ".o_data_row:contains(Paper) td[name=document_name]",
            run: "click",
        },
        {
            content: "Send it back",
            trigger: ".o_statusbar_buttons button[name=action_open_send_back]",
            run: "click",
        },
        ...sayWhy("Is the price right?", "Send Back"),
        SENT_BACK,
    ],
});

tours.add("test_approval_matrix_send_back_on_phone", {
    steps: () => [
        {
            content: "Open the card",
            trigger: ".o_kanban_record:contains(Paper)",
            run: "click",
        },
        {
            content: "More than the first button",
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {
            content: "Send it back",
            trigger: ".o-dropdown--menu button[name=action_open_send_back]",
            run: "click",
        },
        ...sayWhy("Is the price right?", "Send Back"),
        SENT_BACK,
    ],
});

const REMIND = [
    fitsOnScreen(".o_statusbar_buttons button[name=action_remind]"),
    {
        content: "Remind them",
        trigger: ".o_statusbar_buttons button[name=action_remind]",
        run: "click",
    },
    {
        content: "It says who was reminded",
        trigger: ".o_notification:contains(Reminded: Lead)",
    },
    {
        content: "Not again at once",
        trigger: ".o_form_view:not(:has(button[name=action_remind]))",
    },
];

tours.add("test_approval_matrix_remind", {steps: () => REMIND});

const COME_BACK = [
    {
        content: "The page is there: while it comes, it closes what is open",
        trigger: ".o_action_manager .o_view_controller",
    },
    {
        content: "Open the inbox",
        trigger: ".o_approval_inbox_toggle",
        run: "click",
    },
    {
        content: "It says that one is away",
        trigger: ".o_approval_inbox_absence:contains(Head decides for you)",
    },
    fitsOnScreen(".o_approval_inbox_return"),
    {
        content: "I am back",
        trigger: ".o_approval_inbox_return",
        run: "click",
    },
    {
        content: "The request came back",
        trigger: ".o_approval_inbox_count:contains(1)",
    },
    {
        content: "Look",
        trigger: ".o_approval_inbox_toggle",
        run: "click",
    },
    {
        content: "Nobody is away any more",
        trigger: ".o_approval_inbox:has(.o_approval_inbox_task):not(:has(.o_approval_inbox_absence))",
    },
];

tours.add("test_approval_matrix_come_back", {steps: () => COME_BACK});

const DECLINE = [
    fitsOnScreen(".o_statusbar_buttons button[name=action_open_decline]"),
    {
        content: "Decline",
        trigger: ".o_statusbar_buttons button[name=action_open_decline]",
        run: "click",
    },
    ...sayWhy("I am away, too", "Decline"),
    {
        content: "The absence says so",
        trigger: ".o_form_view .alert:contains(I am away, too)",
    },
    {
        content: "It is said once",
        trigger: ".o_form_view:not(:has(button[name=action_open_decline]))",
    },
];

tours.add("test_approval_matrix_decline", {steps: () => DECLINE});

// One question about two of three, asked once.
tours.add("test_approval_matrix_ask_in_bulk", {
    steps: () => [
        ...selectRow("Paper 1"),
        ...selectRow("Paper 2"),
        {
            content: "Ask about what is selected",
            trigger: ".o_control_panel button[name=action_open_question]:enabled",
            run: "click",
        },
        ...sayWhy("For which ward?", "Send"),
        {
            content: "The list says that both were asked about",
            trigger: "body:not(:has(.modal)) .o_list_view:has(.o_data_row:contains(Paper 1):contains(Question asked)) .o_data_row:contains(Paper 2):contains(Question asked)",
        },
        {
            content: "About the third nobody was",
            trigger: ".o_data_row:contains(Paper 3):not(:contains(Question asked))",
        },
    ],
});

tours.add("test_approval_matrix_ask_in_bulk_on_phone", {
    steps: () => [
        ...chooseCards("Paper 1", "Paper 2"),
        ...pressForAll("action_open_question"),
        ...sayWhy("For which ward?", "Send"),
        {
            content: "Both cards say that they were asked about",
            trigger: "body:not(:has(.modal)) .o_kanban_view:has(.o_kanban_record:contains(Paper 1):contains(Question asked)) .o_kanban_record:contains(Paper 2):contains(Question asked)",
        },
        {
            content: "The third does not",
            trigger: ".o_kanban_record:contains(Paper 3):not(:contains(Question asked))",
        },
    ],
});

// One of three cannot be approved: the others go.
tours.add("test_approval_matrix_bulk_goes_on", {
    steps: () => [
        ...selectRow("Paper 1"),
        ...selectRow("Paper 2"),
        ...selectRow("Paper 3"),
        {
            content: "Approve what is selected",
            trigger: ".o_control_panel button[name=action_approve_selected]:enabled",
            run: "click",
        },
        {
            content: "One did not go, and why; no dialog crosses what one does meanwhile",
            trigger: "body:not(:has(.modal)) .o_notification:contains(Not all of 3 requests):contains(Paper 2: The budget is closed.):not(:contains(Paper 1))",
        },
        {
            content: "It is the only one left",
            trigger: ".o_list_view:has(.o_data_row:contains(Paper 2)):not(:has(.o_data_row:contains(Paper 1)))",
        },
    ],
});

tours.add("test_approval_matrix_try_it", {
    steps: () => [
        {
            content: "The list says when the rule applies",
            trigger: ".o_data_row:contains(Documents) td[name=condition_words]:contains(Name is “A”)",
        },
        {
            content: "Open the rule",
            trigger: ".o_data_row:contains(Documents) td[name=name]",
            run: "click",
        },
        {
            content: "Try it",
            trigger: "button[name=action_try]",
            run: "click",
        },
        {
            content: "It depends on an answer",
            trigger: ".modal .o_approval_trial:contains(depends on your answers)",
        },
        {
            content: "Answer",
            trigger: ".modal .o_field_widget[name=question_ids] .o_data_row:contains(Name is “A”) td[name=answer]",
            run: "click",
        },
        {
            content: "Open the choice",
            trigger: ".modal .o_data_row td[name=answer] .o_select_menu_toggler, .modal .o_data_row td[name=answer] select",
            run() {
                if (this.anchor.tagName === "SELECT") {
                    this.anchor.value = '"yes"';
                    this.anchor.dispatchEvent(new Event("change", {bubbles: true}));
                } else {
                    this.anchor.click();
                }
            },
        },
        {
            content: "Yes",
            trigger: "body:has(.modal select) , .o_select_menu_item:contains(Yes)",
            run() {
                if (this.anchor.matches(".o_select_menu_item")) {
                    this.anchor.click();
                }
            },
        },
        {
            content: "Now it is certain",
            trigger: ".modal .o_approval_trial:contains(1 of: Lead)",
        },
        {
            content: "Close it",
            trigger: ".modal .modal-footer button:contains(Close)",
            run: "click",
        },
        {
            content: "Back on the rule",
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});
