{
    "name": "Customer Base: Departments",
    "summary": "Heads of departments lead the salespeople below them",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["customer_base", "hr"],
    "auto_install": True,
}
