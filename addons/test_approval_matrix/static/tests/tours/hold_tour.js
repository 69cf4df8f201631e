import {rpc, rpcBus} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {patch} from "@web/core/utils/patch";
import {RelationalModel} from "@web/model/relational_model/relational_model";
import {HOLD_FOR_LONG, NOTHING_WAITS, selectRow} from "@approval_matrix/../tests/tours/steps";

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
            trigger: ".o_form_view:not(.o_approval_is_resting) h1:contains(Paper 2)",
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

// On a phone the next task has its buttons under the same finger.
registry.category("web_tour.tours").add("test_approval_matrix_second_tap", {
    steps: () => [
        HOLD_FOR_LONG,
        {
            content: "Open the first",
            trigger: ".o_kanban_record:contains(Paper 1)",
            run: "click",
        },
        {
            content: "Approve",
            trigger: ".o_form_view:contains(Paper 1) .o_approval_thumb button[name=action_approve]",
            run: "click",
        },
        {
            content: "A second tap hits the next one, and decides nothing",
            trigger: ".o_form_view:contains(Paper 2) .o_approval_thumb button[name=action_approve]",
            run: "click",
        },
        {
            content: "One is held back, above the buttons",
            trigger: ".o_approval_held_bar:contains(Paper 1)",
            run() {
                const bars = document.querySelectorAll(".o_approval_held_bar");
                const {bottom} = this.anchor.getBoundingClientRect();
                const thumb = document.querySelector(".o_approval_thumb");
                if (bars.length !== 1 || bottom > thumb.getBoundingClientRect().top) {
                    throw new Error(`${bars.length} held back, down to ${bottom}`);
                }
            },
        },
        {
            content: "Undo",
            trigger: ".o_approval_undo:enabled",
            run: "click",
        },
        {
            content: "Nothing is held back",
            trigger: "body:not(:has(.o_approval_held_bar)) .o_form_view:contains(Paper 2)",
        },
    ],
});

// Whoever thinks better of it finds one button: what undoes it.
registry.category("web_tour.tours").add("test_approval_matrix_held_form", {
    steps: () => [
        HOLD_FOR_LONG,
        {
            content: "Open it",
            trigger: ".o_data_row:contains(Paper) td[name=document_name]",
            run: "click",
        },
        {
            content: "Approve",
            trigger: ".o_statusbar_buttons button[name=action_approve]:enabled",
            run: "click",
        },
        {
            content: "The form offers no other decision",
            trigger: ".o_form_view.o_approval_is_held",
            run() {
                const reject = document.querySelector(
                    ".o_statusbar_buttons button[name=action_open_rejection]"
                );
                if (getComputedStyle(reject).visibility !== "hidden") {
                    throw new Error("it offers to reject");
                }
                reject.click();
            },
        },
        {
            content: "Undo",
            trigger: "body:not(:has(.modal)) .o_approval_undo:enabled",
            run: "click",
        },
        {
            content: "All decisions are there again",
            trigger: ".o_form_view:not(.o_approval_is_held) button[name=action_open_rejection]:enabled",
        },
    ],
});

function rejectWith(button, reason) {
    return [
        {
            content: "Reject",
            trigger: button,
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: `edit ${reason}`,
        },
        {
            content: "Reject it",
            trigger: ".modal button[name=action_confirm]:contains(Reject)",
            run: "click",
        },
    ];
}

// A reason that was undone is not lost, and is written once.
registry.category("web_tour.tours").add("test_approval_matrix_undo_rejection", {
    steps: () => [
        HOLD_FOR_LONG,
        ...rejectWith(`${CARD} button[name=action_open_rejection]:enabled`, "Too dear"),
        {
            content: "The screen says what it holds back",
            trigger: "body:not(:has(.modal)) .o_approval_held_bar:contains('Paper: rejected')",
        },
        {
            content: "Undo",
            trigger: ".o_approval_undo:enabled",
            run: "click",
        },
        {
            content: "Think again",
            trigger: `body:not(:has(.o_approval_held_bar)) ${CARD} button[name=action_open_rejection]`,
            run: "click",
        },
        {
            content: "What was written is still there",
            trigger: ".modal .o_field_widget[name=text] textarea:value('Too dear')",
        },
        {
            content: "Keep it waiting",
            trigger: ".modal button:contains(Keep Waiting)",
            run: "click",
        },
        {
            content: "It is asked again",
            trigger: `body:not(:has(.modal)) ${CARD} button[name=action_approve]`,
        },
    ],
});

registry.category("web_tour.tours").add("test_approval_matrix_reject_and_next", {
    steps: () => [
        {
            content: "Open the first",
            trigger: ".o_data_row:contains(Paper 1) td[name=document_name], .o_kanban_record:contains(Paper 1)",
            run: "click",
        },
        ...rejectWith(
            ".o_form_view button[name=action_open_rejection]:enabled:visible",
            "Too dear"
        ),
        {
            content: "The next one follows",
            trigger: ".o_form_view:not(.o_approval_is_resting) h1:contains(Paper 2)",
        },
        {
            content: "The first is sent",
            trigger: "body:not(:has(.o_approval_held_bar)):not(:has(.o_notification))",
        },
    ],
});

// On a slow line the next task comes when something else has happened to the first.
function makeSlow() {
    const line = {};
    line.isFree = new Promise((resolve) => {
        line.free = resolve;
    });
    line.slow = {
        content: "Open the first",
        trigger: ".o_data_row:contains(Paper 1) td[name=document_name], .o_kanban_record:contains(Paper 1)",
        async run({click}) {
            let first = null;
            patch(RelationalModel.prototype, {
                async _loadRecords({resModel, resId}) {
                    const records = await super._loadRecords(...arguments);
                    if (resModel === "approval.task" && resId) {
                        first ??= resId;
                        if (resId !== first) {
                            await line.isFree;
                        }
                    }
                    return records;
                },
            });
            await click();
        },
    };
    return line;
}

const APPROVE_FIRST = {
    content: "Approve it",
    trigger: ".o_form_view:contains(Paper 1) button[name=action_approve]:enabled:visible",
    run: "click",
};
const NEXT_FOLLOWS = {
    content: "The next one follows, and can be decided",
    trigger: ".o_form_view:not(.o_approval_is_resting):has(h1:contains(Paper 2)) button[name=action_approve]:enabled:visible",
};

registry.category("web_tour.tours").add("test_approval_matrix_undo_before_next", {
    steps: () => {
        const line = makeSlow();
        return [
            HOLD_FOR_LONG,
            line.slow,
            APPROVE_FIRST,
            {
                content: "Undo it before the next one is there",
                trigger: "body:has(.o_approval_is_resting h1:contains(Paper 1)) .o_approval_undo:enabled",
                run: "click",
            },
            {
                content: "Then it comes",
                trigger: "body:not(:has(.o_approval_held_bar))",
                run: () => line.free(),
            },
            NEXT_FOLLOWS,
            {
                content: "Nothing is held back",
                trigger: "body:not(:has(.o_approval_held_bar))",
            },
        ];
    },
});

registry.category("web_tour.tours").add("test_approval_matrix_sent_before_next", {
    steps: () => {
        const line = makeSlow();
        rpcBus.addEventListener("RPC:RESPONSE", ({detail}) => {
            if (detail.data.params?.method === "action_decide") {
                setTimeout(line.free); // after all who wait for the answer
            }
        });
        return [
            line.slow,
            APPROVE_FIRST,
            NEXT_FOLLOWS,
            {
                content: "The first is sent",
                trigger: "body:not(:has(.o_approval_held_bar)):not(:has(.o_notification))",
            },
        ];
    },
});

registry.category("web_tour.tours").add("test_approval_matrix_comment", {
    steps: () => [
        {
            content: "Open it",
            trigger: ".o_data_row:contains(Paper) td[name=document_name], .o_kanban_record:contains(Paper)",
            run: "click",
        },
        {
            content: "It names the rule, who asked, and what is attached",
            trigger: ".o_form_view:has(.o_approval_files a:contains(quote.pdf)) .o_approval_progress:contains(Requested by):contains('Rule: Documents')",
        },
        {
            content: "Write a comment",
            trigger: ".o_form_view .o_approval_comment",
            run: "edit Only this time",
        },
        {
            content: "Approve",
            trigger: ".o_form_view button[name=action_approve]:enabled:visible",
            run: "click",
        },
        {
            content: "It is sent, and the comment is with the decision",
            trigger: "body:not(:has(.o_approval_held_bar)) .o_approval_progress[data-state=approved]:contains(Only this time)",
        },
    ],
});

// Nothing waits for whoever is away: the inbox says why, and how to be back.
registry.category("web_tour.tours").add("test_approval_matrix_away", {
    steps: () => [
        {
            content: "The empty inbox says who decides meanwhile",
            trigger: ".o_action_manager:has(.o_view_nocontent) .o_approval_inbox_absence:contains(Head)",
        },
        {
            content: "Be back",
            trigger: ".o_action_manager .o_approval_inbox_return",
            run: "click",
        },
        {
            content: "What the substitute held is here",
            trigger: ".o_action_manager:not(:has(.o_approval_inbox_absence)):contains(Away)",
        },
    ],
});

// On a list several are asked about, and handed on, in one go.
registry.category("web_tour.tours").add("test_approval_matrix_forward_in_bulk", {
    steps: () => [
        ...selectRow("Paper 1"),
        ...selectRow("Paper 2"),
        {
            content: "Forward what is selected",
            trigger: ".o_control_panel button[name=action_open_forward]:enabled",
            run: "click",
        },
        {
            content: "Look for somebody",
            trigger: ".modal .o_field_widget[name=user_id] input",
            run: "click",
        },
        {
            content: "The requester is not offered",
            trigger: ".o-autocomplete--dropdown-menu:not(:contains(Clerk)) .o-autocomplete--dropdown-item:contains(Head)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit You know them",
        },
        {
            content: "Forward them",
            trigger: ".modal button[name=action_confirm]:contains(Forward)",
            run: "click",
        },
        NOTHING_WAITS,
    ],
});
