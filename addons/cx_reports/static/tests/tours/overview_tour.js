import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

const care = ".o_cx_department[data-key='care']";

function openMenu(section, entry) {
    return [
        {
            isActive: ["desktop"],
            trigger: `.o_menu_sections [data-menu-xmlid='cx_reports.${section}']`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_main_navbar .o_menu_toggle",
            run: "click",
        },
        {
            content: "Choose from the menu",
            trigger: `.o-dropdown--menu [data-menu-xmlid='cx_reports.${entry}'], .o_app_menu_sidebar [data-menu-xmlid='cx_reports.${entry}']`,
            run: "click",
        },
    ];
}

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

registry.category("web_tour.tours").add("cx_reports_report_age", {
    steps: () => [
        {
            trigger: ".o_pivot_view .o_cx_age:contains('3 minutes behind')",
        },
        {
            trigger: ".o_switch_view.o_graph",
            run: "click",
        },
        {
            trigger: ".o_graph_view .o_cx_age:contains('3 minutes behind')",
        },
        {
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_cx_age:contains('3 minutes behind')",
        },
    ],
});

registry.category("web_tour.tours").add("cx_reports_row", {
    steps: () => [
        {
            content: "A number opens the rows it counts",
            trigger: ".o_pivot_view .o_pivot_cell_value:contains('0.00')",
            run: "click",
        },
        {
            content: "A row opens its order",
            trigger: ".o_list_view .o_data_row .o_field_badge:contains('Missed')",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='order_line']",
        },
    ],
});

/** Figures of a report on a phone: none of them is to be moved into sight. */
function readCards(label, row) {
    const run = () => {
        const wide = [...document.querySelectorAll(".o_content, .o_content *")].filter(
            (each) =>
                each.scrollWidth > each.clientWidth + 1 &&
                ["auto", "scroll"].includes(getComputedStyle(each).overflowX)
        );
        if (wide.length) {
            throw new Error(`To be moved sideways: ${wide[0].outerHTML.slice(0, 200)}`);
        }
    };
    return [
        {
            content: "Figures stand below each other",
            trigger: `.o_pivot_view .o_cx_card:contains('${row}') .o_cx_measure:contains('${label}')`,
            run,
        },
        {
            content: "A number opens the rows it counts",
            trigger: `.o_cx_card:contains('${row}') .o_cx_measure:contains('${label}')`,
            run: "click",
        },
        {
            content: "So do those of its rows",
            trigger: ".o_list_view .o_data_row .o_data_cell[data-label]",
            run,
        },
    ];
}

registry.category("web_tour.tours").add("cx_reports_cards_waits", {
    steps: () => [
        {
            content: "A department opens what is below it, by what one chooses",
            trigger: ".o_cx_card:contains('Vendor') .o_pivot_header_cell_closed",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o_menu_item:contains('Step')",
            run: "click",
        },
        {
            trigger: ".o_cx_card:contains('Vendor') .o_pivot_header_cell_opened",
        },
        ...readCards("Waiting, 19 of 20 (h)", "Vendor"),
    ],
});

registry.category("web_tour.tours").add("cx_reports_cards_promises", {
    steps: () => readCards("OTIF (%)", "Total"),
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
            trigger:
                ".o_pivot_view th:contains('Waiting, 19 of 20 (h)'), .o_pivot_view .o_cx_measure:contains('Waiting, 19 of 20 (h)')",
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

registry.category("web_tour.tours").add("cx_reports_quotas", {
    steps: () => [
        ...openMenu("cx_menu_customer", "cx_quota_menu"),
        {
            content: "Who used up what they have this month",
            trigger:
                ".o_data_row .o_field_badge:contains('Used Up'), .o_kanban_record .o_field_badge:contains('Used Up')",
        },
    ],
});

registry.category("web_tour.tours").add("cx_reports_answer_times", {
    steps: () => [
        ...openMenu("cx_menu_department", "cx_question_menu"),
        {
            content: "Half of the questions were answered within so many hours",
            trigger: ".o_pivot_view .o_pivot_cell_value",
            run: "click",
        },
        {
            content: "A number opens the questions it counts",
            trigger:
                ".o_list_view .o_data_row:contains('When?'), .o_kanban_record:contains('When?')",
        },
    ],
});

/** Export a log of the menu, and look into what would be downloaded. */
function exportLog(entry, address, ...words) {
    const found = words.map((word) => `[data-log*='${word}']`).join("");
    return [
        ...openMenu("cx_menu_case_log", entry),
        {
            content: "The file is there, with the case in it",
            trigger: `body[data-log^='${address}']${found}`,
        },
    ];
}

registry.category("web_tour.tours").add("cx_reports_case_log", {
    steps: () => [
        {
            trigger: ".o_cx_overview",
            run() {
                browser.open = (url) => {
                    browser
                        .fetch(url)
                        .then((response) => response.text())
                        .then((text) => {
                            document.body.dataset.log = url + text;
                        });
                    return {closed: false};
                };
            },
        },
        ...exportLog(
            "cx_case_log_menu_events_csv",
            "/cx_reports/case_log.csv?kind=events",
            "sale.confirmed"
        ),
        ...exportLog(
            "cx_case_log_menu_events_xes",
            "/cx_reports/case_log.xes?kind=events",
            "<trace>",
            "sale.confirmed"
        ),
        ...exportLog(
            "cx_case_log_menu_waits_csv",
            "/cx_reports/case_log.csv?kind=waits",
            "vendor"
        ),
        ...exportLog(
            "cx_case_log_menu_waits_xes",
            "/cx_reports/case_log.xes?kind=waits",
            "<trace>",
            "vendor"
        ),
    ],
});

/** Return what stands beyond the edge of the screen and cannot be moved into sight. */
function findTooWide() {
    const edge = document.documentElement.clientWidth + 1;
    const isMovable = (element) => {
        for (let each = element.parentElement; each; each = each.parentElement) {
            const style = getComputedStyle(each);
            if (["auto", "scroll"].includes(style.overflowX)) {
                return each.getBoundingClientRect().right <= edge;
            }
        }
        return false;
    };
    return [...document.querySelectorAll(".o_action *")].filter(
        (element) =>
            element.checkVisibility() &&
            element.getBoundingClientRect().right > edge &&
            !isMovable(element)
    );
}

registry.category("web_tour.tours").add("cx_reports_width", {
    steps: () => [
        {
            content: "Nothing is wider than the screen",
            trigger:
                ".o_cx_department, .o_pivot_view .o_pivot_cell_value, .o_graph_renderer canvas",
            run() {
                const wide = findTooWide().map((each) => each.outerHTML.slice(0, 200));
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    wide.push("the page itself");
                }
                if (wide.length) {
                    throw new Error(`Wider than the screen: ${wide.join("; ")}`);
                }
            },
        },
    ],
});
