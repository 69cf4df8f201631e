import {rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {HOLD_FOR_LONG} from "@approval_matrix/../tests/tours/steps";

const CARD = ".o_kanban_record:contains(Paper)";
const APPROVE = {
    content: "Approve",
    trigger: `${CARD} button[name=action_approve]:enabled`,
    run: "click",
};
const HELD = {
    content: "The screen says what it holds back",
    trigger: ".o_approval_held_bar:contains(Paper)",
};

registry.category("web_tour.tours").add("test_approval_matrix_undo", {
    steps: () => [
        HOLD_FOR_LONG,
        APPROVE,
        HELD,
        {
            content: "The card asks nothing meanwhile",
            trigger: `${CARD}.o_approval_is_held`,
        },
        {
            content: "Undo",
            trigger: ".o_approval_undo:enabled",
            run: "click",
        },
        {
            content: "It is asked again, and nothing is held back",
            trigger: `body:not(:has(.o_approval_held_bar)) ${CARD} button[name=action_approve]`,
        },
    ],
});

registry.category("web_tour.tours").add("test_approval_matrix_leave", {
    steps: () => [
        HOLD_FOR_LONG,
        APPROVE,
        HELD,
        {
            content: "Leave the page: what is held back is sent",
            trigger: ".o_approval_held_bar",
            async run() {
                window.dispatchEvent(new Event("pagehide"));
                const inbox = () => rpc("/web/dataset/call_kw/approval.task/get_inbox", {
                    model: "approval.task",
                    method: "get_inbox",
                    args: [],
                    kwargs: {},
                });
                while ((await inbox()).count) {
                    await new Promise(requestAnimationFrame);
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("test_approval_matrix_refused_meanwhile", {
    steps: () => [
        APPROVE,
        {
            content: "The screen says why it was not approved",
            trigger: ".o_notification:contains(Paper was not approved):contains(The budget is closed)",
        },
        {
            content: "It waits as before",
            trigger: `${CARD}:not(.o_approval_is_held) button[name=action_approve]`,
        },
    ],
});

registry.category("web_tour.tours").add("test_approval_matrix_next_one", {
    steps: () => [
        {
            content: "Open the first",
            trigger: ".o_data_row:contains(Paper 1) td[name=document_name]",
            run: "click",
        },
        {
            content: "It says why one is asked",
            trigger: ".o_approval_why:contains(Documents)",
        },
        {
            content: "Approve",
            trigger: ".o_statusbar_buttons button[name=action_approve]:enabled",
            run: "click",
        },
        {
            content: "The next one follows",
            trigger: ".o_form_view h1:contains(Paper 2)",
        },
        {
            content: "Approve it, too",
            trigger: ".o_statusbar_buttons button[name=action_approve]:enabled",
            run: "click",
        },
        {
            content: "It was the last one, and says what became of it",
            trigger: ".o_form_view:contains(Paper 2) .o_approval_progress[data-state=approved]",
        },
        {
            content: "What was decided is kept",
            trigger: ".o_menu_sections .o_nav_entry:contains(Decided by Me), .o_menu_sections a:contains(Decided by Me)",
            run: "click",
        },
        {
            content: "With what became of it",
            trigger: ".o_data_row:contains(Paper 1) td[name=outcome]:contains(Approved)",
        },
    ],
});
