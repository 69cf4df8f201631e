{
    "name": "Spend Budget",
    # the second part is for who looks for it in Vietnamese, see urgent_orders
    "summary": "Budgets with reservations and commitments, never promised twice. "
    "Ngân sách, hạn mức chi",
    "version": "19.0.3.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    # approval_matrix by name, too: then updating it installs approval_matrix_purchase
    # in databases of 19.0.1.0.0, which do not have it
    "depends": ["approval_matrix", "approval_matrix_purchase", "analytic"],
    "data": [
        "security/res_groups.xml",
        "security/ir_rule.xml",
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "wizards/spend_closing_views.xml",
        "wizards/spend_import_views.xml",
        "wizards/spend_split_views.xml",
        "wizards/spend_rest_closing_views.xml",
        "wizards/spend_transfer_wizard_views.xml",
        "views/spend_templates.xml",
        "views/spend_entry_views.xml",
        "views/spend_budget_line_views.xml",
        "views/spend_transfer_views.xml",
        "views/spend_forecast_views.xml",
        "views/approval_task_views.xml",
        "views/spend_transfer_request_views.xml",
        "views/spend_budget_views.xml",
        "views/purchase_order_views.xml",
        "views/account_move_views.xml",
        "views/res_config_settings_views.xml",
        "views/spend_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["spend_budget/static/src/**/*"],
        "web.assets_tests": ["spend_budget/static/tests/tours/*"],
    },
    "application": True,
}
