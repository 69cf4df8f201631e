{
    "name": "Supplier Deposit Bills",
    "summary": "Deposits that vendors invoice, taken back by the bills of the order",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["supplier_deposit"],
    "data": [
        "views/deposit_rule_views.xml",
        "views/supplier_deposit_views.xml",
        "views/account_move_views.xml",
    ],
    "post_init_hook": "post_init_hook",
}
