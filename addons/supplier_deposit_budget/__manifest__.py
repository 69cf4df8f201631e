{
    "name": "Supplier Deposits: Budgets",
    "summary": "Of a deposit's own bill, and of what takes it back, nothing is spent",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["supplier_deposit_bill", "spend_budget"],
    "auto_install": True,
}
