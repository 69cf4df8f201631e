"""make odoo-suites: Odoo's own tests, with all our addons installed.

While no rule is configured, our addons must change nothing that Odoo tests.
"""

from __future__ import annotations

import argparse

from tools import databases, odoo_tests, places, settings
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
    database = places.database("suites")
    databases.drop(database, settings.data_dir())
    return odoo_tests.run(
        ready, database, modules, install=[*modules, *places.addons()]
    )
