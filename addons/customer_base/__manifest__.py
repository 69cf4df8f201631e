{
    "name": "Customer Base",
    "summary": "Customers known once: who is the same, found while one types",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["sale_crm"],
    "external_dependencies": {"python": ["phonenumbers", "python-stdnum", "rapidfuzz"]},
    "data": [
        "security/res_groups.xml",
        "security/ir.model.access.csv",
        "security/customer_base_rules.xml",
        "data/ir_cron_data.xml",
        "views/res_config_settings_views.xml",
        "views/res_partner_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["customer_base/static/src/**/*"],
        "web.assets_tests": ["customer_base/static/tests/tours/**/*"],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
