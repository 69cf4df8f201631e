"""make odoo-suites: Odoo's own tests, with all our addons installed.

While no rule is configured, our addons must change nothing that Odoo tests.
"""

from __future__ import annotations

import argparse

from tools import checkout_databases, odoo_tests
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
    """Run them with all modules loaded; Odoo's tours lose a race now and then."""
    ready = prepare(development=True, browser=True)
    modules = options.modules or MODULES
    database = checkout_databases.suites(ready, modules)
    return odoo_tests.run(
        ready, database, modules, program="tools.inside.all_tests", retries=1
    )
