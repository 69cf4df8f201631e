"""Two buyers in the same moment: what is missing is bought once."""

import pytest

from odoo.exceptions import UserError
from odoo.fields import Command

from office import Office, copied_registry


class BuyingOffice(Office):
    """A customer's order lacks goods, and two buyers see it."""

    def __init__(self, registry):
        super().__init__(registry)
        for buyer in ("buyer", "other"):
            self.hire(buyer, "base.group_user", "purchase.group_purchase_user")
        with self.committed() as env:
            self.partner = env["res.partner"].create({"name": "Hospital"}).id
            self.vendor = env["res.partner"].create({"name": "Vendor"}).id

    def lack(self):
        """Sell five of something that is not there; return the order line."""
        with self.committed() as env:
            product = env["product.product"].create(
                {
                    "name": "Bed",
                    "type": "consu",
                    "is_storable": True,
                    "seller_ids": [Command.create({"partner_id": self.vendor})],
                }
            )
            order = env["sale.order"].create(
                {
                    "partner_id": self.partner,
                    "order_line": [
                        Command.create({"product_id": product.id, "product_uom_qty": 5})
                    ],
                }
            )
            order.action_confirm()
            while env["supply.change"]._follow_batch():
                pass
            return order.order_line.id

    def open(self, login, line):
        with self.committed(login) as env:
            need = env["supply.need"].search([("sale_line_id", "=", line)])
            return need.action_buy()["res_id"]

    def buy(self, env, dialog):
        env["supply.buy"].browse(dialog).action_buy()
        env.cr.flush()

    def bought(self, line):
        with self.session() as env:
            product = env["sale.order.line"].browse(line).product_id
            lines = env["purchase.order.line"].search([("product_id", "=", product.id)])
            return lines.mapped("product_qty")


@pytest.fixture(scope="module")
def office():
    with copied_registry("buy") as registry:
        yield BuyingOffice(registry)


def test_two_buyers_buy_once(office):
    line = office.lack()
    mine, theirs = office.open("buyer", line), office.open("other", line)
    office.collide(("buyer", office.buy, mine), ("other", office.buy, theirs))
    assert office.bought(line) == [5]
    # the server tries again, and tells the slower one
    with office.session("other") as retry, pytest.raises(UserError, match="still"):
        office.buy(retry, theirs)
    assert office.bought(line) == [5]


def test_a_double_click_buys_once(office):
    line = office.lack()
    dialog = office.open("buyer", line)
    office.collide(("buyer", office.buy, dialog), ("buyer", office.buy, dialog))
    assert office.bought(line) == [5]
