{
    "name": "Spend Budget: Expenses",
    "summary": "Expenses count in the budgets of the employee's department",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Expenses",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["spend_budget", "hr_expense"],
    "auto_install": True,
}
