{
    "name": "Supply Links",
    "summary": "Which purchase serves which customer, exact or pegged",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["sale_purchase_stock", "purchase_requisition_stock"],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rule.xml",
        "data/ir_cron_data.xml",
        "views/supply_link_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
