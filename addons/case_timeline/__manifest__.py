{
    "name": "Case Timeline",
    # the second part is for who looks for it in Vietnamese, see urgent_orders
    "summary": "One story per customer, and where it waited. Diễn biến hồ sơ",
    "version": "19.0.1.6.0",
    "category": "Sales/CRM",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["crm_purchase_bridge"],
    "data": [
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "views/timeline_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["case_timeline/static/src/**/*"],
        "web.assets_tests": ["case_timeline/static/tests/tours/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
}
