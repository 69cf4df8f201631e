{
    "name": "Where Customers Wait: Dashboards",
    "summary": "Waits, promises and vendors on one page each, by period and department",
    "version": "19.0.1.0.0",
    "category": "Productivity/Dashboard",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["cx_reports", "spreadsheet_dashboard"],
    "data": ["data/spreadsheet_dashboard_data.xml"],
    "assets": {
        "web.assets_tests": ["cx_reports_dashboard/static/tests/tours/**/*"],
    },
    "auto_install": True,
}
