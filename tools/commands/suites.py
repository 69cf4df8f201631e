"""make odoo-suites: Odoo's own tests, with all our addons installed.

While no rule is configured, our addons must change nothing that Odoo tests.

Failed tours are tried again: ``crm_forecast`` clicks *New* before its page has loaded
and fails one time in four, on Odoo without our addons too.
"""

from __future__ import annotations

import argparse

from tools import checkout_databases, odoo_tests, places
from tools.locks import lock
from tools.setup import prepare

MODULES = [
    "purchase",
    "purchase_stock",
    "purchase_requisition",
    "purchase_requisition_stock",
    "purchase_requisition_sale",
    "crm",
    "sale_crm",
    "sale_purchase",
    "sale_purchase_stock",
]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--modules", nargs="*", default=[], help="others than usual")


def main(options: argparse.Namespace) -> int:
    ready = prepare(development=True, browser=True)
    modules = options.modules or MODULES
    with lock(f"tests in {places.database('suites')}"):
        database = checkout_databases.suites(ready, modules)
        return odoo_tests.run(
            ready,
            database,
            modules,
            program="tools.inside.all_tests",
            tour_retries=3,
        )
