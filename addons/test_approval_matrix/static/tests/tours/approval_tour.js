import {registry} from "@web/core/registry";
import {
    NOTHING_WAITS,
    chooseCards,
    fitForFingers,
    fitsOnScreen,
    pressForAll,
    selectRow,
    tapTwice,
} from "@approval_matrix/../tests/tours/steps";

const NOTHING_HELD = "body:not(:has(.modal)):not(:has(.o_approval_held_bar))";
const asking = (name) =>
    `.o_kanban_record:contains(${name}) button[name=action_approve]`;

// Of four requests two are approved and two rejected, in three clicks each. One of
// those that are approved is over budget, which is asked about.
registry.category("web_tour.tours").add("test_approval_matrix_decide_in_bulk", {
    steps: () => [
        ...selectRow("Paper 1"),
        ...selectRow("Paper 3"),
        {
            content: "Approve what is selected",
            trigger: ".o_control_panel button[name=action_approve_selected]:enabled",
            run: "click",
        },
        {
            content: "One of them is over budget",
            trigger: ".modal .alert:contains('Paper 3: over budget'):not(:contains(Paper 1))",
        },
        {
            content: "Approve both all the same",
            trigger: ".modal button[name=action_confirm]:contains(Approve)",
            run: "click",
        },
        {
            content: "They are gone",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Paper 1)))",
        },
        ...selectRow("Paper 2"),
        ...selectRow("Paper 4"),
        {
            content: "Reject what is selected",
            trigger: ".o_control_panel button[name=action_open_rejection]:enabled",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit Not this month",
        },
        {
            content: "Send them back",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        NOTHING_WAITS,
    ],
});

// On a phone a finger that stays on a card chooses it, and a tap the next ones.
registry.category("web_tour.tours").add("test_approval_matrix_decide_in_bulk_on_phone", {
    steps: () => [
        ...chooseCards("Paper 1", "Paper 3"),
        ...pressForAll("action_approve_selected"),
        {
            content: "One of them is over budget",
            trigger: ".modal .alert:contains('Paper 3: over budget'):not(:contains(Paper 1))",
        },
        {
            content: "Approve both all the same",
            trigger: ".modal button[name=action_confirm]:contains(Approve)",
            run: "click",
        },
        {
            content: "They are sent, and ask nothing any more",
            trigger: `${NOTHING_HELD} .o_kanban_view:not(:has(${asking("Paper 1")})):not(:has(${asking("Paper 3")}))`,
        },
        ...chooseCards("Paper 2", "Paper 4"),
        ...pressForAll("action_open_rejection"),
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit Not this month",
        },
        {
            content: "Send them back",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "No card asks anything any more",
            trigger: `${NOTHING_HELD} .o_kanban_view:not(:has(.o_kanban_record button[name=action_approve]))`,
        },
    ],
});

// The substitute looks for what she decides for somebody else, and leaves her own.
registry.category("web_tour.tours").add("test_approval_matrix_decide_on_behalf", {
    steps: () => [
        {
            content: "Her own request is there too",
            trigger: ".o_data_row:contains(Own)",
        },
        {
            content: "Open the filters",
            trigger: ".o_control_panel .o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "On behalf",
            trigger: ".o_filter_menu .o_menu_item:contains(On Behalf)",
            run: "click",
        },
        {
            content: "Only what is held for somebody else is left",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Own)))",
        },
        {
            content: "The list says for whom",
            trigger: ".o_data_row:contains(Borrowed) td[name=user_id]:contains(Lead)",
        },
        {
            content: "Open it",
            trigger: ".o_data_row:contains(Borrowed) td[name=document_name]",
            run: "click",
        },
        {
            content: "The form says for whom",
            trigger: ".o_form_view .o_field_widget[name=user_id]:contains(Lead)",
        },
        {
            content: "So does the banner",
            trigger: ".o_approval_progress:contains(Head for Lead)",
        },
        {
            content: "Approve",
            trigger: ".o_statusbar_buttons button[name=action_approve]:enabled",
            run: "click",
        },
        {
            content: "The banner says who decided",
            trigger: ".o_approval_progress:contains(Head on behalf of Lead)",
        },
    ],
});

registry.category("web_tour.tours").add("test_approval_matrix_decide_on_behalf_on_phone", {
    steps: () => [
        {
            content: "The card says for whom",
            trigger: ".o_kanban_record:contains(Borrowed) .o_approval_on_behalf:contains(Lead)",
        },
        {
            content: "Her own card does not",
            trigger: ".o_kanban_record:contains(Own):not(:has(.o_approval_on_behalf))",
        },
        fitsOnScreen(".o_kanban_record:contains(Borrowed) button[name=action_approve]"),
        fitForFingers(".o_kanban_record:contains(Borrowed)"),
        ...tapTwice(".o_kanban_record:contains(Borrowed)", "action_approve", "Approved"),
        {
            content: "Her own is left to decide",
            trigger: ".o_kanban_record:contains(Own) button[name=action_approve]:enabled",
        },
    ],
});
