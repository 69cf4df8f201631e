{
    "name": "Customer Base",
    # the second part is for who looks for it in Vietnamese, see urgent_orders
    "summary": "Customers known once: who is the same, and who may see whom. "
    "Hồ sơ khách hàng, trùng khách",
    "version": "19.0.1.3.0",
    "category": "Sales/CRM",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["base_import", "sale_crm"],
    "external_dependencies": {
        "python": ["lunar-vn", "phonenumbers", "python-stdnum", "rapidfuzz"],
    },
    "data": [
        "security/res_groups.xml",
        "security/ir.model.access.csv",
        "security/customer_base_rules.xml",
        "views/customer_access_request_views.xml",
        "views/customer_share_views.xml",
        "views/customer_merge_views.xml",
        "views/customer_duplicate_views.xml",
        "data/customer_salutation_data.xml",
        "data/ir_cron_birthday_data.xml",
        "data/ir_cron_score_data.xml",
        "data/ir_cron_data.xml",
        "views/res_config_settings_views.xml",
        "views/customer_data_views.xml",
        "views/customer_level_views.xml",
        "views/customer_salutation_views.xml",
        "views/res_partner_person_views.xml",
        "views/res_partner_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["customer_base/static/src/**/*"],
        "web.assets_tests": ["customer_base/static/tests/tours/**/*"],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
