import {registry} from "@web/core/registry";

// Who decides about a deposit under the floor looks at the cash first.
registry.category("web_tour.tours").add("supplier_deposit_cash_approve_under_floor", {
    steps: () => [
        {
            content: "The form warns, once",
            trigger: ".o_form_view:not(:has(.alert-danger:visible)) .o_approval_sentences li:contains(under the floor of)",
        },
        {
            content: "The lowest balance is said in words",
            trigger: ".o_cash_projection:contains(Lowest balance):contains(-300.00)",
        },
        {
            content: "And how far it is from the floor",
            trigger: ".o_cash_projection .o_cash_verdict:contains(800.00):contains(under the floor of):contains(500.00)",
        },
        {
            content: "The graph is drawn: balance, floor and this deposit",
            trigger: ".o_cash_projection canvas",
            run({anchor}) {
                const chart = Chart.getChart(anchor);
                const labels = chart.data.datasets.map(({label}) => String(label));
                const expected = ["Bank and cash", "Floor"];
                if (!expected.every((label) => labels.includes(label)) || labels.length !== 3) {
                    throw new Error(`the graph shows ${labels}`);
                }
                const [balance, floor, deposit] = chart.data.datasets;
                if (balance.data.at(-1).y !== -300 || floor.data[0].y !== 500) {
                    throw new Error("the graph shows other amounts");
                }
                if (deposit.data[0].x !== 0 || deposit.data[0].y !== -300) {
                    throw new Error("the deposit is somewhere else");
                }
                if (anchor.getBoundingClientRect().right > window.innerWidth) {
                    throw new Error("the graph does not fit on the screen");
                }
            },
        },
        {
            content: "Approve",
            trigger: "button[name=action_approve]:visible",
            run: "click",
        },
        {
            // while it is held back, the button is gone as well
            content: "It is sent",
            trigger: "body:not(:has(.o_approval_held_bar)) .o_approval_progress [data-step=approved]",
        },
        {
            content: "Whoever has nothing to decide is warned as well",
            trigger: ".alert-danger:visible:contains(falls under the floor)",
        },
    ],
});

// Without a floor nothing is held back; a deposit of another season is not drawn.
registry.category("web_tour.tours").add("supplier_deposit_cash_without_floor", {
    steps: () => [
        {
            content: "No warning",
            trigger: ".o_form_view:not(:has(.alert-danger:visible))",
        },
        {
            content: "It says that there is no floor",
            trigger: ".o_cash_projection .o_cash_verdict:contains(No floor is set)",
        },
        {
            content: "And that the deposit is due after the days shown",
            trigger: ".o_cash_projection:contains(due later)",
        },
        {
            content: "Only the balance is drawn",
            trigger: ".o_cash_projection canvas",
            run({anchor}) {
                const {datasets} = Chart.getChart(anchor).data;
                if (datasets.length !== 1 || String(datasets[0].label) !== "Bank and cash") {
                    throw new Error(`the graph shows ${datasets.map(({label}) => label)}`);
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("supplier_deposit_cash_without_money", {
    steps: () => [
        {
            content: "It says why there is no graph",
            trigger: ".o_cash_projection:not(:has(canvas)):contains(Nothing to show yet)",
        },
    ],
});

// The card in the inbox says by how much, and on which day.
registry.category("web_tour.tours").add("supplier_deposit_cash_card_says_the_figure", {
    steps: () => [
        {
            content: "The mark",
            trigger: ".o_approval_card .o_approval_warning:contains(under the cash floor)",
        },
        {
            content: "And its figures, on the screen from edge to edge",
            trigger: ".o_approval_sentences li:contains(800.00):contains(under the floor of)",
            run({anchor}) {
                if (anchor.getBoundingClientRect().right > window.innerWidth) {
                    throw new Error("the sentence does not fit on the screen");
                }
            },
        },
    ],
});
