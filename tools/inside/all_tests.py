"""Start Odoo so that its tests run with every installed module loaded.

Odoo runs tests tagged ``at_install`` while modules are being installed: a module's
tests before the modules that depend on it are loaded. Here they run with the others,
after all modules are loaded: only then do they tell whether our addons break them.

Called with the arguments of Odoo's own command.
"""

from __future__ import annotations

import odoo.cli
from odoo.tests import loader

make_suite = loader.make_suite


def suite_of_all_tests(module_names: list[str], position: str) -> loader.OdooSuite:
    """In the place of the last suite, which Odoo runs when all is loaded."""
    if position != "post_install":
        return loader.OdooSuite()
    suites = [make_suite(module_names, each) for each in ("at_install", "post_install")]
    tests = [test for suite in suites for test in suite]
    return loader.OdooSuite(tests)


if __name__ == "__main__":
    loader.make_suite = suite_of_all_tests
    odoo.cli.main()
