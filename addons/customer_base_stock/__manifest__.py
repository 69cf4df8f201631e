{
    "name": "Customer Base: Stock",
    "summary": "Quantities are whole for who sees own customers only",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["customer_base", "stock"],
    "auto_install": True,
    "assets": {
        "web.assets_tests": ["customer_base_stock/static/tests/tours/**/*"],
    },
}
