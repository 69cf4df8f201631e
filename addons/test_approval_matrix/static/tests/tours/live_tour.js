import {browser} from "@web/core/browser/browser";
import {rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {
    NOTHING_WAITS,
    getPlaces,
    hearByBus,
    selectRow,
} from "@approval_matrix/../tests/tours/steps";

const STALE = ".o_approval_stale[role=alert]";
const RELOAD = {
    content: "Reload, when one likes",
    trigger: `${STALE} button:enabled`,
    run: "click",
};

/**
 * Lets the server do what the test has for it, as somebody else, and hands the page what
 * the bus would carry: the server sends that when it commits, which tests do not.
 */
async function letOthersAct() {
    const model = "test.approval.document";
    const method = "action_remind";
    const told = await rpc(`/web/dataset/call_kw/${model}/${method}`, {
        model,
        method,
        args: [[]],
        kwargs: {},
    });
    await hearByBus(told);
}

// Whoever reads a task that changes meanwhile is told, and nothing moves.
registry.category("web_tour.tours").add("test_approval_matrix_form_changes", {
    steps: () => {
        const seen = {};
        const approve = ".o_form_view button[name=action_approve]:enabled:visible";
        return [
            {
                content: "Open it",
                trigger: ".o_data_row:contains(Paper) td[name=document_name], .o_kanban_record:contains(Paper)",
                run: "click",
            },
            {
                content: "Somebody changes the document while one reads",
                trigger: approve,
                async run() {
                    seen.button = this.anchor;
                    seen.top = this.anchor.getBoundingClientRect().top;
                    await letOthersAct();
                },
            },
            {
                content: "One is told so; under the finger there is the same button",
                trigger: `${STALE}:contains(changed after you opened it)`,
                run() {
                    const {left, top, width, height} = seen.button.getBoundingClientRect();
                    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
                    if (top !== seen.top || !seen.button.contains(hit)) {
                        throw new Error(`from ${seen.top} to ${top}, on ${hit.outerHTML}`);
                    }
                },
            },
            RELOAD,
            {
                content: "It is as it is now: nothing to decide any more",
                trigger: `body:not(:has(${STALE})):not(:has(${approve})) .o_approval_progress[data-state=superseded]`,
            },
        ];
    },
});

// Whoever has nothing to decide sees what becomes of it.
registry.category("web_tour.tours").add("test_approval_matrix_form_follows", {
    steps: () => [
        {
            content: "Somebody else has it",
            trigger: ".o_form_view .o_approval_progress[data-state=open]",
            run: letOthersAct,
        },
        {
            content: "It says by itself what they decided",
            trigger: `body:not(:has(${STALE})) .o_approval_progress[data-state=approved]`,
        },
    ],
});

function watchCards() {
    const seen = {};
    const card = (name) => `.o_kanban_record:contains(${name})`;
    return [
        {
            content: "One is withdrawn, and another one comes",
            trigger: `${card("Paper 2")} button[name=action_approve]`,
            async run() {
                seen.places = getPlaces();
                await letOthersAct();
            },
        },
        {
            content: "What was withdrawn asks nothing any more",
            trigger: `body:has(${STALE}:contains(has changed)) ${card("Paper 2")}:not(:has(button))`,
        },
        {
            content: "No card moved for it, and none came between",
            trigger: `body:not(:has(${card("Paper 4")})) ${card("Paper 3")} button[name=action_approve]`,
            run() {
                if (getPlaces() !== seen.places) {
                    throw new Error(`cards moved from ${seen.places} to ${getPlaces()}`);
                }
            },
        },
        RELOAD,
        {
            content: "What came is there, what is over is gone",
            trigger: `body:not(:has(${STALE})):not(:has(${card("Paper 2")})) ${card("Paper 4")} button[name=action_approve]`,
        },
    ];
}

registry.category("web_tour.tours").add("test_approval_matrix_cards_change", {
    steps: watchCards,
});

registry.category("web_tour.tours").add("test_approval_matrix_cards_change_on_a_desk", {
    steps: () => [
        {
            content: "Look at cards",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        ...watchCards(),
    ],
});

/** Marks the page when a timer that is set from now on has rung, and all it asked for is
 * answered. */
function markWhenRung() {
    const {setTimeout} = browser;
    browser.setTimeout = (callback, delay, ...args) =>
        setTimeout.call(
            browser,
            async () => {
                callback(...args);
                if (delay === 500) {
                    const model = "approval.task";
                    const params = {model, method: "get_inbox", args: [], kwargs: {}};
                    await rpc(`/web/dataset/call_kw/${model}/get_inbox`, params);
                    document.body.classList.add("o_test_rung");
                }
            },
            delay
        );
}

// Whoever ticks rows keeps them, and what happened meanwhile is there afterwards.
registry.category("web_tour.tours").add("test_approval_matrix_list_stands_while_ticked", {
    steps: () => {
        const row = (name) => `.o_data_row:contains(${name})`;
        const three = `.o_list_view:has(${row("Paper 1")}):has(${row("Paper 2")}):has(${row("Paper 3")}):not(:has(${row("Paper 4")}))`;
        return [
            ...selectRow("Paper 1"),
            ...selectRow("Paper 2"),
            {
                content: "One is withdrawn, and another one comes",
                trigger: ".o_data_row_selected:contains(Paper 2)",
                async run() {
                    markWhenRung();
                    await letOthersAct();
                },
            },
            {
                content: "Both are ticked still, in the same rows",
                trigger: `.o_test_rung ${three} ${row("Paper 2")}.o_data_row_selected`,
                run() {
                    const ticked = document.querySelectorAll(".o_data_row_selected");
                    if (ticked.length !== 2) {
                        throw new Error(`${ticked.length} are ticked`);
                    }
                },
            },
            ...["Paper 1", "Paper 2"].map((name) => ({
                content: `${name} is ticked no more`,
                trigger: `${row(name)} .o_list_record_selector input:checked`,
                run: "click",
            })),
            {
                content: "What was withdrawn is gone, what came is there",
                trigger: `.o_list_view:has(${row("Paper 1")}):has(${row("Paper 3")}):not(:has(${row("Paper 2")})) ${row("Paper 4")}`,
            },
        ];
    },
});

registry.category("web_tour.tours").add("test_approval_matrix_first_card", {
    steps: () => [
        {...NOTHING_WAITS, run: letOthersAct},
        {
            content: "Where there is nothing to move it appears by itself",
            trigger: `body:not(:has(${STALE})) .o_kanban_record:contains(Paper) button[name=action_approve]`,
        },
    ],
});
