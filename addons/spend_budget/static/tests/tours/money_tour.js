import { registry } from "@web/core/registry";
import { fits, pressInHeader } from "@spend_budget/../tests/tours/steps";

const OVER = "[name=budget_impact] a:contains(Ask for Money)";

// The order is over budget: its buyer asks the owner of another line for what is missing.
registry.category("web_tour.tours").add("spend_budget_ask_for_money", {
    steps: () => [
        { content: "The badge says so", trigger: "[name=budget_now]:contains(Over budget)" },
        { content: "Nothing for buyers to read", trigger: "[name=budget_impact]:not(:contains(What Used It))" },
        fits(OVER),
        { content: "Ask for money", trigger: OVER, run: "click" },
        {
            content: "What is missing is there already",
            trigger: ".o_form_view [name=amount] input:value(50.00)",
        },
        {
            content: "Choose whose money",
            trigger: "[name=from_line_id] select",
            run: "selectByLabel Reserve: Ward (owner: Giver)",
        },
        fits("[name=from_line_id] select"),
        { content: "Say why", trigger: "[name=reason] input", run: "edit Flood" },
        { content: "Ask", trigger: "button[name=action_open_submission]", run: "click" },
        { content: "It waits", trigger: ".o_form_view:not(:has(button[name=action_open_submission]))" },
    ],
});

// Whoever decides reads on the first screen what is bought, though it is over budget.
registry.category("web_tour.tours").add("spend_budget_goods_first", {
    steps: () => [
        {
            content: "It says what to stop at, and asks",
            trigger: ".o_form_view:has(.o_approval_stops) .o_approval_buttons button[name=action_approve]:enabled",
        },
        {
            content: "The goods are there without scrolling, and the budget below them",
            trigger: ".o_field_widget[name=order_line] .o_data_row",
            run() {
                const {bottom, height} = this.anchor.getBoundingClientRect();
                const budget = document.querySelector("[name=budget_taken]");
                const isSeen = bottom - height / 2 < 768;
                if (!isSeen || budget.getBoundingClientRect().top < bottom) {
                    throw new Error(`the first row ends at ${bottom}`);
                }
            },
        },
        {
            content: "How it is to the budget is said above them",
            trigger: "[name=budget_now]:contains(Over budget)",
        },
    ],
});

// Where a rule asks others, it says whom before it asks.
registry.category("web_tour.tours").add("spend_budget_ask_approvers", {
    steps: () => [
        { content: "Ask", trigger: "button[name=action_open_submission]", run: "click" },
        {
            content: "It says who is asked",
            trigger: ".modal .o_approval_route li:contains(Director)",
        },
        fits(".modal .o_approval_submit"),
        { content: "Submit", trigger: ".modal .o_approval_submit", run: "click" },
        {
            content: "It waits for them",
            trigger: "body:not(:has(.modal)) .o_approval_progress [data-step=active]:contains(Director)",
        },
    ],
});

// The owner of the money gives it.
registry.category("web_tour.tours").add("spend_budget_give_money", {
    steps: () => [
        { content: "What there is", trigger: "[name=giver_available]:contains('1,000.00')" },
        { content: "Give it", trigger: "button[name=action_accept]", run: "click" },
        { content: "It is transferred", trigger: ".o_form_view:not(:has(button[name=action_accept]))" },
    ],
});

// Who reads budgets sees what used the money.
registry.category("web_tour.tours").add("spend_budget_what_used_it", {
    steps: () => [
        {
            content: "What used it?",
            trigger: "[name=budget_impact] a:contains(What Used It)",
            run: "click",
        },
        { content: "The order before", trigger: ".o_list_view .o_data_row, .o_kanban_view .o_kanban_record" },
    ],
});

// Who decides goes from the card to what used the money, and back, or asks for more.
registry.category("web_tour.tours").add("spend_budget_card_links", {
    steps: () => [
        fits(".o_approval_links button:contains(Ask for Money)"),
        {
            content: "What used it?",
            trigger: ".o_approval_links button:contains(What Used It)",
            run: "click",
        },
        { content: "The order before", trigger: ".o_list_view .o_data_row, .o_kanban_view .o_kanban_record" },
        {
            content: "Back to the card",
            trigger: ".o_back_button a, a.o_back_button, button.o_back_button",
            run: "click",
        },
        {
            content: "Ask for money",
            trigger: ".o_approval_links button:contains(Ask for Money)",
            run: "click",
        },
        {
            content: "What is missing is there already",
            trigger: ".o_form_view [name=amount] input:value(50.00)",
        },
    ],
});

// The app begins with a button and an example.
registry.category("web_tour.tours").add("spend_budget_first_budget", {
    steps: () => [
        {
            content: "Start from an example",
            trigger: ".o_view_nocontent a:contains(Start from an Example)",
            run: "click",
        },
        { content: "There is one", trigger: ".o_form_view [name=line_ids] .o_data_row" },
        { content: "Save it", trigger: ".o_form_button_save", run: "click" },
        { content: "It can be opened", trigger: ".o_form_saved button[name=action_open]:enabled" },
    ],
});

// The vendor does not deliver the rest: the buyer closes it, and opens it again.
registry.category("web_tour.tours").add("spend_budget_close_rest", {
    steps: () => [
        pressInHeader("action_open_rest_closing"),
        {
            content: "What is open is on the list",
            trigger: ".modal [name=line_ids]:contains(Hospital bed)",
        },
        { content: "Say why", trigger: ".modal [name=reason] input", run: "edit Sold out" },
        { content: "Close it", trigger: ".modal button[name=action_close]", run: "click" },
        { content: "The dialog is gone", trigger: "body:not(:has(.modal))" },
        { content: "It is in the history", trigger: ".o-mail-Message:contains(Sold out)" },
        pressInHeader("action_reopen_rest"),
        { content: "It is open again", trigger: ".o-mail-Message:contains(open again)" },
    ],
});
