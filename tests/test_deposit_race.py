"""Two deposits by hand on one order in the same moment: real cursors, real commits."""

import pytest
from books import Books

from odoo.exceptions import UserError

from office import copied_registry


class Desk(Books):
    """Somebody who asks for deposits on orders of 1,000 that no rule is about."""

    def __init__(self, registry):
        super().__init__(registry)
        self.hire("manager", "base.group_user", "purchase.group_purchase_manager")

    def order(self, *amounts):
        """Confirm an order that has these deposits already, and return its id."""
        with self.committed() as env:
            order = self.order_of_vendor(env).id
        for amount in amounts:
            self.act("manager", ask, order, amount)
        return order

    def read(self, order):
        """Return what the deposits of an order come to, and their names."""
        with self.session() as env:
            deposits = env["purchase.order"].browse(order).deposit_ids
            return sorted(deposits.mapped("amount")), len(set(deposits.mapped("name")))


@pytest.fixture(scope="module")
def desk():
    with copied_registry("deposit_race") as registry:
        yield Desk(registry)


def ask(env, order, amount):
    """Fill in the dialog and confirm it."""
    values = {"order_id": order, "amount": amount}
    env["deposit.manual"].create(values).action_confirm()


@pytest.mark.parametrize("before", [(), (200,)], ids=["first", "beside another"])
def test_two_at_once_do_not_come_to_more_than_the_order(desk, before):
    order = desk.order(*before)
    desk.collide(("manager", ask, order, 600), ("manager", ask, order, 600))
    with desk.session("manager") as retry, pytest.raises(UserError, match="Enter an"):
        ask(retry, order, 600)
    assert desk.read(order) == ([*before, 600], len(before) + 1)


def test_second_of_two_at_once_gets_what_is_left(desk):
    order = desk.order()
    desk.collide(("manager", ask, order, 600), ("manager", ask, order, 400))
    desk.act("manager", ask, order, 400)
    assert desk.read(order) == ([400, 600], 2)


def test_one_at_once_with_a_smaller_order(desk):
    order = desk.order()

    def reduce(env, order_id):
        env["purchase.order"].browse(order_id).order_line.product_qty = 5

    desk.collide(("manager", ask, order, 600), ("manager", reduce, order))
    desk.act("manager", reduce, order)
    assert desk.read(order) == ([500], 1)
