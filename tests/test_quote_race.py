"""Two at once between quotations: two buyers choose, a vendor answers twice."""

import pytest

from odoo.exceptions import UserError
from odoo.fields import Command

from office import Office, copied_registry


class Bidders(Office):
    """Two vendors who were asked for the same, and two buyers who look at it."""

    def __init__(self, registry):
        super().__init__(registry)
        for buyer in ("buyer", "other"):
            self.hire(buyer, "base.group_user", "purchase.group_purchase_user")

    def ask(self):
        """Return the ids of two quotations that are alternatives, and the product."""
        with self.committed() as env:
            product = env["product.product"].create({"name": "Bed", "type": "consu"})
            line = {"product_id": product.id, "product_qty": 5}
            orders = env["purchase.order"]
            for price, name in ((8, "Near"), (9, "Far")):
                partner = env["res.partner"].create({"name": name})
                orders += orders.create(
                    {
                        "partner_id": partner.id,
                        "order_line": [Command.create({**line, "price_unit": price})],
                    }
                )
            env["purchase.order.group"].create({"order_ids": [Command.set(orders.ids)]})
            return (*orders.ids, product.id)

    def look(self, order):
        with self.session("buyer") as env:
            return env["supply.quotes"].get_comparison(order)["stamp"]

    def read(self, *orders):
        with self.session() as env:
            lines = env["purchase.order"].browse(orders).order_line
            return lines.mapped("product_qty")

    def answers(self, order):
        with self.session() as env:
            domain = [("order_id", "=", order)]
            found = env["supply.answer"].search(domain, order="id")
            return [(each.price_unit, each.state) for each in found]


@pytest.fixture(scope="module")
def bidders():
    with copied_registry("quotes") as registry:
        yield Bidders(registry)


def choose(env, order, product, stamp):
    env["supply.quotes"].choose_product(order, product, stamp)
    env.cr.flush()


def choose_all(env, order, stamp):
    env["supply.quotes"].choose(order, stamp)
    env.cr.flush()


def answer(env, order, price):
    purchase = env["purchase.order"].sudo().browse(order)
    entered = {purchase.order_line.id: {"price": price}}
    assert not purchase._vendor_answers(entered)
    env.cr.flush()


def test_of_two_who_choose_by_product_one_counts(bidders):
    near, far, product = bidders.ask()
    stamp = bidders.look(near)
    bidders.collide(
        ("buyer", choose, near, product, stamp), ("other", choose, far, product, stamp)
    )
    assert sorted(bidders.read(near, far)) == [0, 5]
    with bidders.session("other") as retry, pytest.raises(UserError, match="changed"):
        choose(retry, far, product, stamp)


def test_of_two_who_order_one_counts(bidders):
    near, far, _product = bidders.ask()
    stamp = bidders.look(near)
    bidders.collide(
        ("buyer", choose_all, near, stamp), ("other", choose_all, far, stamp)
    )
    with bidders.session() as env:
        states = env["purchase.order"].browse([near, far]).mapped("state")
    assert sorted(states) == ["cancel", "purchase"]


def test_of_two_answers_at_once_both_are_kept_and_the_last_counts(bidders):
    near, _far, _product = bidders.ask()
    bidders.collide((None, answer, near, "7"), (None, answer, near, "6"))
    bidders.act(None, answer, near, "6")
    assert bidders.answers(near) == [(7, "replaced"), (6, "open")]
