"""The benchmark of reports: what is opened."""

#: Spans of an order.
EACH = 10

#: Screens, by the method of the worker that asks for what the browser asks for.
SCREENS = {
    "waits": "where cases wait, pivot",
    "waits_trend": "where cases wait, graph by month",
    "waits_by_vendor": "where cases wait, by vendor",
    "waits_by_category": "where cases wait, by product category",
    "waits_by_hand_over": "where cases wait, by who handed over",
    "waits_list": "where cases wait, list",
    "deliveries": "deliveries and promises, pivot",
    "deliveries_trend": "deliveries and promises, graph by month",
    "deliveries_list": "deliveries and promises, list",
    "vendors": "vendors on time, pivot",
    "vendors_list": "vendors on time, list",
    "approvals": "approval speed, pivot",
    "approvals_trend": "approval speed, graph by month",
    "approvals_list": "approval speed, list",
    "steps": "load of approvers, pivot",
    "steps_list": "load of approvers, list",
    "revenue": "new and returning revenue, pivot",
    "revenue_list": "new and returning revenue, list",
    "churn": "churn, pivot",
    "churn_list": "churn, list",
    "urgency": "urgent share, pivot",
    "urgency_list": "urgent share, list",
    "conversion": "step conversion, pivot",
    "conversion_list": "step conversion, list",
    "case_conversion": "case conversion, pivot",
    "case_conversion_list": "case conversion, list",
    "overview": "the page where customers wait",
    "promises": "the page's figures of promises, which come later",
    "figures": "the page's other figures, likewise",
    "hand_overs": "the page's slowest hand-overs, likewise",
    "what_if": "the page's promises that would have been kept, likewise",
    "definitions": "how figures are counted",
    "dashboard_waits": "dashboard of waits and promises",
    "dashboard_vendors": "dashboard of vendors",
}
#: Of these the browser asks for each table and chart apart.
IN_PARTS = {"dashboard_waits": "waits", "dashboard_vendors": "vendors"}
