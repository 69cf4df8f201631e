{
    "name": "Spend Budget: Purchase Agreements",
    "summary": "What blanket orders will take shows in the forecast of budgets",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["spend_budget", "purchase_requisition"],
    "auto_install": True,
}
