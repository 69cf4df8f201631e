import {registry} from "@web/core/registry";

/** All quantities count; of the orders behind them, those of others are not named. */
const REPORT = [
    {
        content: "one's own order is among those that need it",
        trigger: ".o_forecasted_details_table tr:contains(SO-OWN)",
    },
    {
        content: "100 on hand, 22 of one's own and 41 of a colleague's customer",
        trigger:
            ".o_forecasted_details_table:not(:contains(SO-HIDDEN)) .o_forecasted_row:contains(Forecasted Inventory):contains(37.00)",
    },
    {
        content: "its graph is drawn",
        trigger: ".o_graph_renderer canvas",
        run() {
            if (document.querySelector(".o_error_dialog, .o_notification.border-danger")) {
                throw new Error(document.querySelector(".modal")?.innerText);
            }
        },
    },
];

registry.category("web_tour.tours").add("customer_base_stock_report", {
    steps: () => REPORT,
});

registry.category("web_tour.tours").add("customer_base_stock_line", {
    steps: () => [
        {
            content: "open the line, which a phone does not show whole",
            trigger:
                ".o_field_widget[name=order_line] .o_data_row, .o_field_widget[name=order_line] .o_kanban_record",
            async run({click, queryAll, waitFor}) {
                if (!queryAll(".o_data_row .fa-area-chart").length) {
                    await click(this.anchor);
                    await waitFor(".modal .fa-area-chart", {timeout: 15000});
                }
            },
        },
        {
            trigger: ".modal .fa-area-chart, .o_data_row .fa-area-chart",
            run: "click",
        },
        {
            trigger: ".o_popover button:contains(View Forecast)",
            run: "click",
        },
        ...REPORT,
    ],
});
