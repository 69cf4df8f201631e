{
    "name": "One Promise",
    "summary": "What customer care says on the phone is what purchasing can keep",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["urgent_orders", "supplier_deposit_cash"],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rule.xml",
        "data/ir_cron_data.xml",
        "data/mail_activity_type_data.xml",
        "views/slip_templates.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "assets": {
        "web.assets_backend": ["crm_purchase_bridge/static/src/**/*"],
        "web.assets_tests": ["crm_purchase_bridge/static/tests/tours/**/*"],
    },
}
