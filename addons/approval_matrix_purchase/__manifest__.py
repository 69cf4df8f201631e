{
    "name": "Approval Matrix: Purchase",
    "summary": "Purchase orders under approval, in Odoo's own states",
    "version": "19.0.2.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["approval_matrix", "purchase_stock", "account"],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rule.xml",
        "views/approval_task_views.xml",
        "views/purchase_excess_ask_views.xml",
        "views/purchase_excess_views.xml",
        "views/excess_settings_views.xml",
        "views/purchase_order_approver_views.xml",
        "views/purchase_order_views.xml",
        "views/purchase_approval_menus.xml",
        "views/purchase_portal_templates.xml",
    ],
    "assets": {
        "web.assets_tests": ["approval_matrix_purchase/static/tests/tours/**/*"],
    },
}
