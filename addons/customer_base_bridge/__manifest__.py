{
    "name": "Customer Base: Who Is Calling?",
    "summary": "Whoever calls is found as customers are found everywhere",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["customer_base", "crm_purchase_bridge"],
    "assets": {
        "web.assets_backend": ["customer_base_bridge/static/src/**/*"],
    },
    "auto_install": True,
}
