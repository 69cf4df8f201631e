"""Kits, for the tests of any addon that runs with or without manufacturing."""

from unittest import SkipTest

from odoo import Command


def make_kit(kit, components, **values):
    """Have a product sold as a kit.

    :param kit: ``product.product``
    :param dict components: how many of each ``product.product`` are in one
    :param values: of the bill of materials
    :raises SkipTest: without manufacturing there are no kits
    """
    if "mrp.bom" not in kit.env:
        raise SkipTest("without manufacturing")
    return kit.env["mrp.bom"].create(
        {
            "product_tmpl_id": kit.product_tmpl_id.id,
            "type": "phantom",
            "bom_line_ids": [
                Command.create({"product_id": product.id, "product_qty": quantity})
                for product, quantity in components.items()
            ],
            **values,
        }
    )
