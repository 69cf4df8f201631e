import {rpc, rpcBus} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {patch} from "@web/core/utils/patch";
import {RelationalModel} from "@web/model/relational_model/relational_model";
import {
    HOLD_FOR_LONG,
    NOTHING_WAITS,
    PATIENCE,
    chooseCards,
    fitsOnScreen,
    pressForAll,
    selectRow,
} from "@approval_matrix/../tests/tours/steps";

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

/** Call the server as the web client does. */
function ask(model, method, ...args) {
    return rpc(`/web/dataset/call_kw/${model}/${method}`, {model, method, args, kwargs: {}});
}

/** Wait until the server says that it is so; the test's own limit ends it else. */
async function until(condition) {
    while (!(await condition())) {
        // the server has time for others
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}

const nothingWaits = async () => (await ask("approval.task", "get_inbox")).count === 0;

registry.category("web_tour.tours").add("test_approval_matrix_undo", {
    steps: () => [
        {
            content: "People have five seconds to undo it",
            trigger: "body",
            run() {
                if (PATIENCE !== 5000) {
                    throw new Error(`they have ${PATIENCE} ms`);
                }
            },
        },
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
                await until(nothingWaits);
            },
        },
    ],
});

const UNDO = {
    content: "Undo",
    trigger: ".o_approval_undo:enabled",
    run: "click",
};
const NOTHING_TICKED = "body:not(:has(.o_data_row_selected)):not(:has(.modal))";
const APPROVE_TICKED = {
    content: "Approve what is ticked",
    trigger: ".o_control_panel button[name=action_approve_selected]:enabled",
    run: "click",
};
const REJECT_TICKED = {
    content: "Reject what is ticked",
    trigger: ".o_control_panel button[name=action_open_rejection]:enabled",
    run: "click",
};
const NOTHING_HELD = "body:not(:has(.o_approval_held_bar))";
const SAY_WHY = [
    {
        content: "Say why",
        trigger: ".modal .o_field_widget[name=text] textarea",
        run: "edit Too dear",
    },
    {
        content: "Reject",
        trigger: ".modal button[name=action_confirm]:enabled:visible",
        run: "click",
    },
];

// On the list, too, what is ticked is held back: one, several, and with a reason.
registry.category("web_tour.tours").add("test_approval_matrix_undo_on_list", {
    steps: () => [
        HOLD_FOR_LONG,
        ...selectRow("Paper 1"),
        APPROVE_TICKED,
        {
            content: "It is held back, and not ticked any more",
            trigger: `${NOTHING_TICKED} .o_approval_held_bar:contains(Paper 1: approved)`,
        },
        {
            content: "Its row is paler",
            trigger: ".o_data_row.o_approval_is_held:contains(Paper 1)",
        },
        UNDO,
        ...selectRow("Paper 1"),
        ...selectRow("Paper 2"),
        APPROVE_TICKED,
        {
            content: "Both are held back, in one",
            trigger: `${NOTHING_TICKED} .o_approval_hold:not(:has(:nth-child(2 of .o_approval_held_bar))) .o_approval_held_bar:contains(2 requests)`,
        },
        UNDO,
        ...selectRow("Paper 1"),
        ...selectRow("Paper 2"),
        REJECT_TICKED,
        ...SAY_WHY,
        {
            content: "Both are held back",
            trigger: `${NOTHING_TICKED} .o_approval_held_bar:contains(2 requests: rejected)`,
        },
        UNDO,
        ...selectRow("Paper 1"),
        ...selectRow("Paper 2"),
        REJECT_TICKED,
        {
            content: "What was written is there again",
            trigger: ".modal .o_field_widget[name=text] textarea:value(Too dear)",
        },
        {
            content: "Think better of it",
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            content: "All are there, and nothing is held back",
            trigger: `${NOTHING_HELD}:not(:has(.modal)) .o_list_view:has(.o_data_row:contains(Paper 1)) .o_data_row:contains(Paper 2)`,
        },
    ],
});

// Of three that are held back one is rejected after all: the others are approved.
registry.category("web_tour.tours").add("test_approval_matrix_release_on_list", {
    steps: () => [
        HOLD_FOR_LONG,
        ...selectRow("Paper 1"),
        ...selectRow("Paper 2"),
        ...selectRow("Paper 3"),
        APPROVE_TICKED,
        {
            content: "All three are held back",
            trigger: `${NOTHING_TICKED} .o_approval_held_bar:contains(3 requests)`,
        },
        ...selectRow("Paper 2"),
        REJECT_TICKED,
        ...SAY_WHY,
        {
            content: "The others are still held back",
            trigger: "body:has(.o_approval_held_bar:contains(2 requests: approved)) .o_approval_held_bar:contains(Paper 2: rejected)",
            async run() {
                window.dispatchEvent(new Event("pagehide"));
                const left = [["name", "in", ["Paper 1", "Paper 2", "Paper 3"]]];
                const waiting = [...left, ["state", "=", "waiting"]];
                const model = "test.approval.document";
                await until(async () => !(await ask(model, "search_count", waiting)));
            },
        },
        {
            content: "Nothing is held back any more",
            trigger: NOTHING_HELD,
        },
    ],
});

// Why it was to be rejected is no comment of whoever approves it after all.
registry.category("web_tour.tours").add("test_approval_matrix_reject_undo_approve", {
    steps: () => [
        HOLD_FOR_LONG,
        {
            content: "Reject",
            trigger: `${CARD} button[name=action_open_rejection]:enabled`,
            run: "click",
        },
        ...SAY_WHY,
        HELD,
        UNDO,
        {
            content: "Approve it after all",
            trigger: `${NOTHING_HELD}:not(:has(.modal)) ${CARD}:not(.o_approval_is_held) button[name=action_approve]:enabled`,
            run: "click",
        },
        {
            content: "It is held back, and sent when one leaves",
            trigger: ".o_approval_held_bar:contains(Paper: approved)",
            async run() {
                window.dispatchEvent(new Event("pagehide"));
                await until(nothingWaits);
            },
        },
    ],
});

registry.category("web_tour.tours").add("test_approval_matrix_undo_chosen", {
    steps: () => [
        HOLD_FOR_LONG,
        ...chooseCards("Paper 2", "Paper"),
        ...pressForAll("action_approve_selected"),
        {
            content: "Both are held back",
            trigger: ".o_approval_held_bar:contains(2 requests)",
        },
        UNDO,
        {
            content: "Both are asked again, where they were",
            trigger: `${NOTHING_HELD} .o_kanban_record:contains(Paper 2) button[name=action_approve]`,
        },
    ],
});

const OPEN = {
    content: "Open it",
    trigger: ".o_data_row:contains(Paper) td[name=document_name], .o_kanban_record:contains(Paper)",
    run: "click",
};
const APPROVE_OPEN = {
    content: "Approve",
    trigger: ".o_form_view button[name=action_approve]:enabled:visible",
    run: "click",
};
const SENT = "test_approval_matrix.sent";

/** Leave the page as by its address, and note what is sent by what outlives it. */
function leaveFor(path) {
    return {
        content: `Leave for ${path}`,
        trigger: ".o_approval_held_bar",
        expectUnloadPage: true,
        run() {
            const send = navigator.sendBeacon.bind(navigator);
            navigator.sendBeacon = (route, data) => {
                const isQueued = send(route, data);
                sessionStorage.setItem(SENT, isQueued ? route : "");
                return isQueued;
            };
            window.location.assign(path);
        },
    };
}

/** On the page one left for: what was held back is sent, and so the server says soon. */
function sentBefore(condition) {
    return {
        content: "It was sent on leaving, and arrived",
        trigger: ".o_action_manager .o_view_controller:not(:has(.o_approval_held_bar))",
        async run() {
            if (!(sessionStorage.getItem(SENT) || "").endsWith("/action_decide")) {
                throw new Error(`sent on leaving: ${sessionStorage.getItem(SENT)}`);
            }
            await until(condition);
        },
    };
}

registry.category("web_tour.tours").add("test_approval_matrix_go_away", {
    steps: () => [
        HOLD_FOR_LONG,
        OPEN,
        APPROVE_OPEN,
        HELD,
        leaveFor("/odoo/my-decisions"),
        sentBefore(nothingWaits),
    ],
});

// Nobody reads the answer of what is sent on leaving: why it was refused waits for them.
registry.category("web_tour.tours").add("test_approval_matrix_refused_after_leaving", {
    steps: () => [
        HOLD_FOR_LONG,
        OPEN,
        APPROVE_OPEN,
        HELD,
        leaveFor("/odoo/my-approvals"),
        sentBefore(() => ask("mail.message", "search_count", [["needaction", "=", true]])),
        {
            content: "It waits as before",
            trigger: ".o_data_row:contains(Paper), .o_kanban_record:contains(Paper)",
        },
        {
            content: "Look at what one was told meanwhile",
            trigger: "body",
            expectUnloadPage: true,
            run() {
                window.location.assign("/odoo/discuss?active_id=mail.box_inbox");
            },
        },
        {
            content: "It says which, and why",
            trigger: ".o-mail-Message:contains(Paper was not approved):contains(The budget is closed)",
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

const FORWARD = [
    {
        content: "Look for somebody",
        trigger: ".modal .o_field_widget[name=user_id] input",
        run: "click",
    },
    {
        content: "The requester is not offered, at a desk in a menu, on a phone as a card",
        trigger:
            ".o-autocomplete--dropdown-menu:not(:contains(Clerk)) .o-autocomplete--dropdown-item:contains(Head), " +
            ".modal:not(:contains(Clerk)) .o_kanban_record:contains(Head)",
        run: "click",
    },
    {
        content: "Say why",
        trigger: "body:not(:has(.modal .o_kanban_view)) .modal .o_field_widget[name=text] textarea",
        run: "edit You know them",
    },
    {
        content: "Forward them",
        trigger: ".modal button[name=action_confirm]:contains(Forward)",
        run: "click",
    },
    NOTHING_WAITS,
];

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
        ...FORWARD,
    ],
});

registry.category("web_tour.tours").add("test_approval_matrix_forward_in_bulk_on_phone", {
    steps: () => [
        ...chooseCards("Paper 1", "Paper 2"),
        ...pressForAll("action_open_forward"),
        ...FORWARD,
    ],
});

// At the desk, too: on the next one already, one thinks better of the first.
registry.category("web_tour.tours").add("test_approval_matrix_undo_at_the_desk", {
    steps: () => [
        HOLD_FOR_LONG,
        {
            content: "Open the first",
            trigger: ".o_data_row:contains(Paper 1) td[name=document_name]",
            run: "click",
        },
        APPROVE_FIRST,
        NEXT_FOLLOWS,
        {
            content: "The screen says what it holds back: undo it",
            trigger: ".o_approval_held_bar:contains('Paper 1: approved') .o_approval_undo:enabled",
            run: "click",
        },
        {
            content: "Go back to the list",
            trigger: "body:not(:has(.o_approval_held_bar)) .o_back_button",
            run: "click",
        },
        {
            content: "Both wait",
            trigger: ".o_list_view:has(.o_data_row:contains(Paper 1)):has(.o_data_row:contains(Paper 2))",
        },
    ],
});

// Whoever decides all day long leaves the hands on the keys.
registry.category("web_tour.tours").add("test_approval_matrix_by_keys", {
    steps: () => [
        HOLD_FOR_LONG,
        OPEN,
        {
            content: "Alt+Q approves",
            trigger: ".o_form_view button[name=action_approve]:enabled:visible",
            run: "press Alt+q",
        },
        {
            content: "It is held back",
            trigger: ".o_approval_held_bar:contains('Paper: approved') .o_approval_undo:enabled",
            run: "click",
        },
        {
            content: "Alt+J rejects",
            trigger: "body:not(:has(.o_approval_held_bar)) .o_form_view button[name=action_open_rejection]:enabled:visible",
            run: "press Alt+j",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit Too dear",
        },
        {
            content: "Alt+Q confirms it",
            trigger: ".modal button[name=action_confirm]:contains(Reject)",
            run: "press Alt+q",
        },
        {
            content: "That is held back: undo it",
            trigger: "body:not(:has(.modal)) .o_approval_held_bar:contains('Paper: rejected') .o_approval_undo:enabled",
            run: "click",
        },
        {
            content: "Nothing is decided",
            trigger: "body:not(:has(.o_approval_held_bar)) .o_form_view button[name=action_approve]:enabled:visible",
        },
    ],
});

const SHOWS = (name) => `.o_form_view .o_field_widget[name=document_name]:contains(${name})`;
const NO_DIALOG = "body:not(:has(.modal)):not(:has(.o_approval_held_bar))";
/** Open a dialog, and leave it again. */
const lookInto = (keys, inside) => [
    {
        content: `${keys} opens the dialog`,
        trigger: `${NO_DIALOG} .o_form_view button[name=action_approve]:enabled:visible`,
        run: `press ${keys}`,
    },
    {
        content: "One may write at once, or go on; Escape leaves",
        trigger: `.modal:has(:focus) ${inside}`,
        run: "press Escape",
    },
];

// All that is done in a day, and no mouse.
registry.category("web_tour.tours").add("test_approval_matrix_keys_alone", {
    steps: () => [
        HOLD_FOR_LONG,
        {
            content: "Come to the first row",
            trigger: ".o_data_row:contains(Paper 1) td[name=document_name]",
            run() {
                this.anchor.focus();
            },
        },
        {
            content: "Enter opens it",
            trigger: ".o_data_row:contains(Paper 1):has(:focus)",
            run: "press Enter",
        },
        ...lookInto("Alt+y", ".o_field_widget[name=text] textarea"),
        ...lookInto("Alt+f", ".o_field_widget[name=user_id] input"),
        {
            content: "Alt+Q approves",
            trigger: `${NO_DIALOG} .o_form_view button[name=action_approve]:enabled:visible`,
            run: "press Alt+q",
        },
        {
            content: "The next one is there, and the first can be undone",
            trigger: `body:has(${SHOWS("Paper 2")}) .o_approval_held_bar:contains(Paper 1) .o_approval_undo:enabled`,
            run: "press Alt+Shift+z",
        },
        {
            content: "Alt+N goes on to the next one",
            trigger: `${NO_DIALOG} ${SHOWS("Paper 2")}`,
            run: "press Alt+n",
        },
        {
            content: "Alt+P goes back to the one before",
            trigger: SHOWS("Paper 3"),
            run: "press Alt+p",
        },
        {
            content: "Alt+B goes back to the list",
            trigger: SHOWS("Paper 2"),
            run: "press Alt+b",
        },
        {
            content: "All of them still wait",
            trigger: ".o_list_view:has(.o_data_row:contains(Paper 1)):has(.o_data_row:contains(Paper 2)) .o_data_row:contains(Paper 3)",
        },
    ],
});

// Whoever approved it before is told that it is not the same any more.
registry.category("web_tour.tours").add("test_approval_matrix_changed", {
    steps: () => [
        OPEN,
        {
            content: "It says so on the first screen",
            trigger: ".o_form_view .o_approval_changed",
            run() {
                const {top, bottom} = this.anchor.getBoundingClientRect();
                if (top < 0 || bottom > window.innerHeight) {
                    throw new Error(`it is at ${top}`);
                }
            },
        },
        {
            content: "What was, and what is",
            trigger: ".o_form_view [name=changes_html]:contains(20)",
        },
    ],
});

// On a phone, too, one looks up what one decided, and what became of it.
registry.category("web_tour.tours").add("test_approval_matrix_decided", {
    steps: () => [
        {
            content: "What somebody else decides about next",
            trigger: ".o_kanban_record:contains(Paper 1):contains(Approved):contains(Only once) .o_approval_outcome:contains(Head)",
        },
        fitsOnScreen(".o_kanban_record:contains(Paper 1) .o_approval_outcome"),
        {
            content: "What is over",
            trigger: ".o_kanban_record:contains(Paper 2):contains(Too dear) .o_approval_outcome:contains(Rejected)",
        },
        {
            content: "Nothing is asked again; look at it",
            trigger: ".o_kanban_record:contains(Paper 2):not(:has(.o_approval_decision button))",
            run: "click",
        },
        {
            content: "All of it is there to read",
            trigger: ".o_form_view:not(:has(button[name=action_approve]:visible)) .o_approval_progress[data-state=rejected]:contains(Lead)",
        },
    ],
});
