"""A database with customers and loyalty: neither of the two addons knows the other."""

import installed

MODULES = ("customer_base", "loyalty")


def ask(program):
    """Return what a program tells of a copy of this database, see ``installed``."""
    return installed.ask(program, "merge_loyalty", MODULES, "customer_base")
