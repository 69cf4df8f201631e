"""make odoo-suites: Odoo's own tests, with all our addons installed.

While no rule is configured, our addons must change nothing that Odoo tests.

Failed tours are tried again: ``crm_forecast`` clicks *New* before its page has loaded
and fails one time in four, on Odoo without our addons too.
"""

from __future__ import annotations

import argparse

from tools import checkout_databases, databases, odoo_tests, places, settings
from tools.locks import lock
from tools.setup import prepare

MODULES = [
    "purchase_stock",
    "purchase",
    "crm",
    "sale_purchase_stock",
    "sale_purchase",
    "purchase_requisition",
    "purchase_requisition_stock",
    "sale_crm",
    "purchase_requisition_sale",
]
"""The slowest first, since each core takes the next one when it is free."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--modules", nargs="*", default=[], help="others than usual")


def main(options: argparse.Namespace) -> int:
    ready = prepare(development=True, browser=True)
    modules = options.modules or MODULES
    with lock(f"tests in {places.database('suites')}"):
        number = min(places.cores(), len(modules))
        copies = checkout_databases.suites(ready, modules, number)
        program = "tools.inside.all_tests"
        try:
            return odoo_tests.run_side_by_side(ready, copies, modules, program)
        finally:
            for name in copies:
                databases.drop(name, settings.data_dir())
