{
    "name": "Where Customers Wait",
    # the second part is for who looks for it in Vietnamese, see urgent_orders
    "summary": "Promises kept, departments beside the customer's outcome, in figures "
    "that say what they mean. Khách chờ ở đâu, báo cáo giữ hẹn",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["case_timeline", "digest"],
    "data": [
        "security/res_groups.xml",
        "security/ir.model.access.csv",
        "security/ir_rule.xml",
        "report/cx_approval_report_views.xml",
        "report/cx_step_report_views.xml",
        "report/cx_delivery_report_views.xml",
        "report/cx_vendor_report_views.xml",
        "report/cx_waiting_report_views.xml",
        "report/cx_revenue_report_views.xml",
        "report/cx_churn_report_views.xml",
        "report/cx_urgency_report_views.xml",
        "report/cx_case_step_report_views.xml",
        "report/cx_conversion_report_views.xml",
        "views/digest_views.xml",
        "views/cx_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "cx_reports/static/src/**/*",
            ("remove", "cx_reports/static/src/lazy/**/*"),
        ],
        # where Odoo has pivots and graphs
        "web.assets_backend_lazy": ["cx_reports/static/src/lazy/**/*"],
        "web.assets_tests": ["cx_reports/static/tests/tours/**/*"],
    },
    "application": True,
}
