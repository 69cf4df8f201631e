{
    "name": "Urgent Orders",
    "summary": "Urgency from the customer down to the supplier, approved online",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["approval_matrix", "spend_budget", "sale_purchase_stock"],
    "data": [
        "security/ir.model.access.csv",
        "data/mail_activity_type_data.xml",
        "data/urgency_level_data.xml",
        "views/urgency_level_views.xml",
        "views/sale_order_views.xml",
        "views/purchase_order_views.xml",
        "views/purchase_order_approver_views.xml",
        "views/approval_task_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["urgent_orders/static/src/**/*"],
        "web.assets_tests": ["urgent_orders/static/tests/tours/**/*"],
    },
}
