"""A database with customers and Odoo's other applications: none of them knows us."""

import installed

#: Made once for all states of our sources.
BESIDE = (
    "event_sale",
    "im_livechat",
    "maintenance",
    "mass_mailing",
    "point_of_sale",
    "repair",
    "sale_loyalty",
    "sale_timesheet",
    "survey",
    "website_crm",
    "website_sale_wishlist",
    "website_slides",
)
MODULES = ("customer_base",)


def ask(program):
    """Return what a program tells of a copy of this database, see ``installed``."""
    return installed.ask(program, "neighbours", MODULES, "customer_base", beside=BESIDE)
