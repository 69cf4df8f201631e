"""A database with customers and Odoo's other applications: none of them knows us."""

import os

import installed

#: Installed once for all states of our sources; more of them with WIDE=1 in the
#: environment, which takes many minutes.
IS_WIDE = bool(os.environ.get("WIDE"))
BESIDE = ("event", "maintenance", "mass_mailing", "project", "survey", "website_crm")
WIDE = (
    "event_sale",
    "im_livechat",
    "point_of_sale",
    "repair",
    "sale_loyalty",
    "sale_timesheet",
    "website_sale_wishlist",
    "website_slides",
)
MODULES = ("customer_base",)
#: How long that may take, in seconds, on a machine that does much else.
PATIENCE = 3600


def ask(program):
    """Return what a program tells of a copy of this database, see ``installed``."""
    purpose = "neighbours_wide" if IS_WIDE else "neighbours"
    beside = BESIDE + WIDE if IS_WIDE else BESIDE
    return installed.ask(program, purpose, MODULES, "customer_base", beside=beside)
