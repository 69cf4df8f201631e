{
    "name": "Supplier Deposits: Cash Guard",
    "summary": "Deposits that would let the cash fall under a floor wait for approval",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["supplier_deposit"],
    "data": [
        "views/account_journal_views.xml",
        "views/supplier_deposit_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["supplier_deposit_cash/static/src/**/*"],
        "web.assets_tests": ["supplier_deposit_cash/static/tests/tours/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
}
