{
    "name": "Customer Base: Urgency",
    "summary": "The level of a customer says how urgent their orders are",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["customer_base", "urgent_orders"],
    "data": ["views/customer_level_views.xml"],
    "auto_install": True,
}
