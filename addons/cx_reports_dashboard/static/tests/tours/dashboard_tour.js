import { registry } from "@web/core/registry";

/** Return the model of a dashboard, if it is the one that is shown. */
function getModel(name) {
    const services = odoo.__WOWL_DEBUG__.root.env.services;
    const dashboard = services.spreadsheet_dashboard_loader.getActiveDashboard();
    return dashboard?.data.name === name ? dashboard.model : undefined;
}

/** Return the cells that show an error or that still load, with what they say. */
function findBadCells(model) {
    const bad = [];
    for (const sheetId of model.getters.getSheetIds()) {
        for (const cell of Object.values(model.getters.getEvaluatedCells(sheetId))) {
            if (cell.type === "error" || cell.value === "Loading...") {
                bad.push(`${cell.value}: ${cell.message}`);
            }
        }
    }
    return bad;
}

function look(name) {
    return [
        {
            content: "The dashboard has its figures",
            trigger: ".o_spreadsheet_dashboard_action .o-figure, .o_mobile_dashboard .o-chart-container",
        },
        {
            content: "No figure is an error",
            trigger: ".o_spreadsheet_dashboard_action",
            async run() {
                let bad = [`${name} is not shown`];
                for (let tries = 0; bad.length && tries < 100; tries++) {
                    await new Promise((resolve) => setTimeout(resolve, 50));
                    const model = getModel(name);
                    if (model) {
                        model.dispatch("EVALUATE_CELLS");
                        bad = findBadCells(model);
                    }
                }
                if (bad.length) {
                    throw new Error(`Cells are wrong: ${bad.join("; ")}`);
                }
            },
        },
    ];
}

registry.category("web_tour.tours").add("cx_reports_dashboard_waits", {
    steps: () => look("Waits and Promises"),
});

registry.category("web_tour.tours").add("cx_reports_dashboard_vendors", {
    steps: () => look("Vendors"),
});
