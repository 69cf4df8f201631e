"""make odoo-suites: Odoo's own tests, with all our addons installed.

While no rule is configured, our addons must change nothing that Odoo tests.

Failed tours are tried again: ``crm_forecast`` clicks *New* before its page has loaded
and fails one time in four, on Odoo without our addons too.

``WIDE=1`` runs more modules, and all of them on Odoo alone as well: what fails there
too does not count. That takes about an hour.
"""

from __future__ import annotations

import argparse

from tools import checkout_databases, odoo_tests, places, wide_suites
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

WIDE = [
    "account",
    "stock",
    "sale",
    "stock_account",
    "sale_stock",
    "hr_holidays",
    *MODULES,
]
PROGRAM = "tools.inside.all_tests"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--modules", nargs="*", default=[], help="others than usual")
    parser.add_argument(
        "--wide", action="store_true", help="more, and compare with Odoo alone"
    )


def main(options: argparse.Namespace) -> int:
    ready = prepare(development=True, browser=True)
    with lock(f"tests in {places.database('suites')}"):
        if options.wide:
            # always the same databases, so that one module fails as it did among all
            return wide_suites.run(ready, options.modules or WIDE, WIDE, PROGRAM)
        modules = options.modules or MODULES
        number = min(places.cores(), len(modules))
        try:
            copies = checkout_databases.suites(ready, modules, number)
            return odoo_tests.run_side_by_side(ready, copies, modules, PROGRAM)
        finally:
            wide_suites.drop_all()
