import {registry} from "@web/core/registry";

const care = ".o_cx_department[data-key='care']";

registry.category("web_tour.tours").add("cx_reports_overview", {
    steps: () => [
        {
            content: "What the customers got stands beside the department's own figure",
            trigger: `${care} .o_cx_share:contains('0 of 1')`,
        },
        {
            content: "Each figure says what it means",
            trigger: ".o_cx_figure[data-key='otif_rate'][title*='On time, in full']",
        },
        {
            content: "The slowest hand-overs are told in sentences",
            trigger:
                ".o_cx_sentences li:contains('Purchasing → Vendor: 5 times a case waited')",
        },
        {
            content: "Look at another period",
            trigger: ".o_control_panel button:contains('30 days')",
            run: "click",
        },
        {
            trigger: ".o_control_panel button.active:contains('30 days')",
        },
        {
            content: "A number opens the rows it counts",
            trigger: `${care} .o_cx_share`,
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row .o_field_badge:contains('Missed')",
        },
    ],
});

registry.category("web_tour.tours").add("cx_reports_sentence", {
    steps: () => [
        {
            content: "A sentence opens its rows",
            trigger: ".o_cx_sentences button:contains('Purchasing → Vendor')",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:nth-child(5)",
        },
    ],
});

registry.category("web_tour.tours").add("cx_reports_figures", {
    steps: () => [
        {
            content: "From the figures one comes to what they mean",
            trigger: ".o_cx_definitions_link",
            run: "click",
        },
        {
            content: "Each says its definition and its source",
            trigger:
                ".o_cx_definitions [data-key='cx.delivery.report'] dd:contains('Source: sale lines')",
        },
        {
            content: "Look for one",
            trigger: ".o_cx_definitions input[type='search']",
            run: "edit CHURN",
        },
        {
            trigger: ".o_cx_definitions:not(:has([data-key='cx.delivery.report']))",
        },
        {
            content: "A report opens from its definitions",
            trigger: ".o_cx_definitions [data-key='cx.churn.report'] button",
            run: "click",
        },
        {
            trigger: ".o_pivot_view, .o_view_nocontent",
        },
    ],
});

registry.category("web_tour.tours").add("cx_reports_age", {
    steps: () => [
        {
            content: "Where a replica answers, the page says how far it is behind",
            trigger: ".o_cx_age:contains('7 seconds behind')",
        },
    ],
});

registry.category("web_tour.tours").add("cx_reports_reports", {
    steps: () => [
        {
            content: "A pivot without rows is empty, and no error",
            trigger: ".o_pivot_view, .o_view_nocontent",
        },
    ],
});

registry.category("web_tour.tours").add("cx_reports_waiting", {
    steps: () => [
        {
            content: "The pivot has the exact percentiles",
            trigger: ".o_pivot_view th:contains('Waiting, 19 of 20 (h)')",
        },
        {
            content: "A number opens the rows it counts",
            trigger: ".o_pivot_view .o_pivot_cell_value:contains('2.00')",
            run: "click",
        },
        {
            content: "A row opens its order",
            trigger: ".o_list_view .o_data_row .o_field_badge:contains('No Limit')",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='order_line']",
        },
    ],
});
