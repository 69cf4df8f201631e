"""Two people and one budget in the same moment: real cursors, real commits."""

import pytest

from odoo import Command
from odoo.exceptions import UserError

from office import Office, confirm, copied_registry
from tools.inside import records


class BudgetOffice(Office):
    """Two buyers who spend from one budget line that blocks at 1,000."""

    def __init__(self, registry):
        super().__init__(registry)
        for login in ("buyer", "colleague"):
            group = "purchase.group_purchase_manager"
            self.hire(login, "base.group_user", group, "account.group_account_manager")
        self.hire("keeper", "base.group_user", "spend_budget.group_budget_manager")

    def budget(self):
        """Make an open budget with a category of its own; return ids.

        :return: ``(line id, spare line id, product id)``
        """
        with self.committed() as env:
            categories = env["product.category"].create(
                [{"name": "Beds"}, {"name": "Spare"}]
            )
            product = env["product.product"].create(
                {
                    "name": "Bed",
                    "categ_id": categories[0].id,
                    "purchase_method": "purchase",
                    "supplier_taxes_id": [Command.clear()],
                }
            )
            line = {"amount": 1000, "control": "block"}
            lines = [{**line, "category_id": category.id} for category in categories]
            budget = records.budget(env, *lines)
            budget.action_open()
            return (*budget.line_ids.ids, product.id)

    def quotation(self, product_id, price, quantity=1):
        with self.committed("buyer") as env:
            vendor = env["res.partner"].sudo().create({"name": "Vendor"})
            line = {
                "product_id": product_id,
                "product_qty": quantity,
                "price_unit": price,
            }
            return records.purchase(env, vendor, line).id

    def balances(self, line_id):
        """Return what is reserved, committed, spent and left, proven."""
        with self.session() as env:
            line = env["spend.budget.line"].browse(line_id)
            assert not line.budget_id._find_differences()
            return line.reserved, line.committed, line.actual, line.available


@pytest.fixture(scope="module")
def office():
    with copied_registry("budgets") as registry:
        yield BudgetOffice(registry)


def submit(env, order_id):
    env["purchase.order"].browse(order_id).write({"state": "to approve"})
    env.cr.flush()


def test_two_submissions_at_once_never_exceed(office):
    line, _spare, product = office.budget()
    orders = [office.quotation(product, 600) for _number in range(2)]
    office.collide(("buyer", submit, orders[0]), ("colleague", submit, orders[1]))
    with office.session("colleague") as retry, pytest.raises(UserError):
        submit(retry, orders[1])
    assert office.balances(line) == (600, 0, 0, 400)


def test_two_submissions_that_fit_both_pass_in_the_end(office):
    line, _spare, product = office.budget()
    orders = [office.quotation(product, 400) for _number in range(2)]
    office.collide(("buyer", submit, orders[0]), ("colleague", submit, orders[1]))
    office.act("colleague", submit, orders[1])
    assert office.balances(line) == (800, 0, 0, 200)


def test_the_same_order_twice_counts_once(office):
    line, _spare, product = office.budget()
    order = office.quotation(product, 400)
    office.collide(("buyer", confirm, order), ("colleague", confirm, order))
    office.act("colleague", confirm, order)
    assert office.balances(line) == (0, 400, 0, 600)


def test_quotation_recharged_while_it_is_confirmed(office):
    """Total and state stay as they are: only the order's own counter tells."""
    line, spare, product = office.budget()
    order = office.quotation(product, 400)
    with office.committed() as env:
        category = env["spend.budget.line"].browse(spare).category_id.id
        other = env["product.product"].create({"name": "Cot", "categ_id": category}).id

    def swap(env):
        line = env["purchase.order"].browse(order).order_line
        line.write({"product_id": other, "price_unit": 400, "name": "Cot"})

    office.collide(("buyer", confirm, order), ("colleague", swap))
    assert office.balances(line) == (0, 400, 0, 600)
    assert office.balances(spare) == (0, 0, 0, 1000)


def test_money_transferred_away_while_an_order_takes_it(office):
    line, spare, product = office.budget()
    order = office.quotation(product, 600)

    def transfer(env):
        sides = {"from_line_id": line, "to_line_id": spare}
        wizard = env["spend.transfer.wizard"].create(
            {**sides, "amount": 500, "reason": "Elsewhere"}
        )
        wizard.action_transfer()
        env.cr.flush()

    office.collide(("buyer", submit, order), ("keeper", transfer))
    with office.session("keeper") as retry, pytest.raises(UserError):
        transfer(retry)
    assert office.balances(line) == (600, 0, 0, 400)


def test_budget_closed_while_an_order_takes_from_it(office):
    line, _spare, product = office.budget()
    order = office.quotation(product, 600)

    def close(env):
        env["spend.budget.line"].browse(line).budget_id.action_close()

    office.collide(("keeper", close), ("buyer", submit, order))
    office.act("buyer", submit, order)
    assert office.balances(line) == (0, 0, 0, 1000)


def test_bill_posted_while_the_order_changes(office):
    line, _spare, product = office.budget()
    order = office.quotation(product, 100, quantity=4)
    office.act("buyer", confirm, order)
    with office.committed() as env:
        purchase = env["purchase.order"].browse(order)
        bill_line = {
            "product_id": product,
            "quantity": 3,
            "price_unit": 100,
            "tax_ids": [Command.clear()],
            "purchase_line_id": purchase.order_line.id,
        }
        values = {
            "move_type": "in_invoice",
            "partner_id": purchase.partner_id.id,
            "invoice_date": "2026-01-01",
            "invoice_line_ids": [Command.create(bill_line)],
        }
        bill = env["account.move"].create(values).id

    def post(env):
        env["account.move"].browse(bill).action_post()

    def order_more(env):
        env["purchase.order"].browse(order).order_line.product_qty = 6

    office.collide(("buyer", post), ("colleague", order_more))
    office.act("colleague", order_more)
    assert office.balances(line) == (0, 300, 300, 400)
