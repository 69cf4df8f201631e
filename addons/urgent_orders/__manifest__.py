{
    "name": "Urgent Orders",
    # the second part is for who looks for it in Vietnamese: names of addons that are
    # not installed are not translated
    "summary": "Urgency from the customer down to the supplier, approved online. "
    "Đơn hàng khẩn, phê duyệt online",
    "version": "19.0.3.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": [
        "spend_budget",
        "sale_crm",
        "sale_management",
        "supply_link",
    ],
    "data": [
        "security/res_groups.xml",
        "security/ir_rule.xml",
        "security/ir.model.access.csv",
        "data/mail_activity_type_data.xml",
        "data/urgency_level_data.xml",
        "wizards/supply_waiting_views.xml",
        "wizards/urgency_answer_views.xml",
        "wizards/urgency_change_views.xml",
        "wizards/urgency_confirmation_views.xml",
        "views/urgency_level_views.xml",
        "views/urgency_quota_views.xml",
        "views/crm_lead_views.xml",
        "views/sale_order_views.xml",
        "views/purchase_order_views.xml",
        "views/stock_picking_views.xml",
        "views/supply_state_views.xml",
        "report/urgency_case_views.xml",
        "views/sale_portal_templates.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["urgent_orders/static/src/**/*"],
        "web.assets_tests": ["urgent_orders/static/tests/tours/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
    "application": True,
}
