import { registry } from "@web/core/registry";
import {
    fits,
    pressInBox,
    pressInHeader,
    switchTo,
} from "@spend_budget/../tests/tours/steps";

const LINE = ".o_field_widget[name=line_ids] [data-id]";

// The director splits a draft into quarters, and opens it.
registry.category("web_tour.tours").add("spend_budget_split", {
    steps: () => [
        { content: "One line for the year", trigger: `${LINE}:contains(Clinic)` },
        pressInHeader("Split into Periods"),
        {
            content: "Into quarters",
            trigger: ".modal [name=months] label:contains(Quarters)",
            run: "click",
        },
        fits(".modal button[name=action_split]"),
        { content: "Split", trigger: ".modal button[name=action_split]", run: "click" },
        { content: "The dialog is gone", trigger: "body:not(:has(.modal))" },
        {
            content: "Four lines",
            trigger: `${LINE}:contains(250.00):contains(Clinic)`,
            run() {
                const count = document.querySelectorAll(LINE).length;
                if (count !== 4) {
                    throw new Error(`${count} lines`);
                }
            },
        },
        { content: "It says which part", trigger: `${LINE}:contains(Jul):contains(Sep)` },
        pressInHeader("action_open"),
        {
            content: "It is open, and says how long it lasts",
            trigger: "[name=forecast_text]:contains(no line runs out)",
        },
    ],
});

// A bill comes each month: the director sees when the money is gone, and why.
registry.category("web_tour.tours").add("spend_budget_forecast", {
    steps: () => [
        {
            content: "The budget says when",
            trigger: "[name=forecast_text]:contains(runs out in September)",
        },
        fits("[name=forecast_text]"),
        pressInBox("action_view_forecast"),
        { content: "A curve of use", trigger: ".o_graph_renderer canvas" },
        fits(".o_graph_renderer canvas"),
        switchTo("Pivot"),
        {
            content: "What it is made of",
            trigger: ".o_pivot table:contains(Clinic)",
        },
        switchTo("List"),
        {
            content: "Month by month",
            trigger: ".o_list_view .o_data_row:contains(Recurring and planned):contains(100.00)",
        },
    ],
});

// Who owns the money is asked, and lets it go.
registry.category("web_tour.tours").add("spend_budget_owner_approves", {
    steps: () => [
        {
            content: "Open what waits",
            trigger: ".o_data_row:contains(Vendor) td[name=document_name]",
            run: "click",
        },
        {
            content: "What it takes of the budget",
            trigger: ".o_approval_summary:contains(Over budget):contains(Plan)",
        },
        {
            content: "Approve",
            trigger: ".o_statusbar_buttons button[name=action_approve]:enabled",
            run: "click",
        },
        {
            content: "The step is done",
            trigger: ".o_approval_progress [data-step=approved]:contains(Owner)",
        },
    ],
});

registry.category("web_tour.tours").add("spend_budget_owner_approves_on_phone", {
    steps: () => [
        {
            content: "The card says what it is about",
            trigger: ".o_kanban_record:contains(Vendor):contains(150.00):contains(Owner)",
        },
        fits(".o_kanban_record button[name=action_approve]"),
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
