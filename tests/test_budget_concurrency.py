"""Two people and one budget in the same moment: real cursors, real commits."""

import psycopg2.errors
import pytest

from office import Office, copied_registry

SERIALIZATION = psycopg2.errors.SerializationFailure


class BudgetOffice(Office):
    """Two buyers who spend from one budget line that blocks at 1,000."""

    def __init__(self, registry):
        super().__init__(registry)
        for login in ("buyer", "colleague"):
            group = "purchase.group_purchase_manager"
            self.hire(login, "base.group_user", group, "account.group_account_manager")
        self.hire("keeper", "base.group_user", "spend_budget.group_budget_manager")

    def budget(self, amount=1000, control="block"):
        """Make an open budget with a category of its own; return ids.

        :return: ``(line id, spare line id, product id)``
        """
        from odoo import Command

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
            line = {"amount": amount, "control": control}
            budget = env["spend.budget"].create(
                {
                    "name": "Beds",
                    "date_from": "2000-01-01",
                    "date_to": "2099-12-31",
                    "line_ids": [
                        Command.create({**line, "category_id": category.id})
                        for category in categories
                    ],
                }
            )
            budget.action_open()
            return (*budget.line_ids.ids, product.id)

    def quotation(self, product_id, price, quantity=1):
        from odoo import Command

        with self.committed("buyer") as env:
            vendor = env["res.partner"].sudo().create({"name": "Vendor"})
            line = {
                "product_id": product_id,
                "product_qty": quantity,
                "price_unit": price,
            }
            order = env["purchase.order"].create(
                {"partner_id": vendor.id, "order_line": [Command.create(line)]}
            )
            return order.id

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


def confirm(env, order_id):
    env["purchase.order"].browse(order_id).button_confirm()
    env.cr.flush()


def test_two_submissions_at_once_never_exceed(office):
    from odoo.exceptions import UserError

    line, _spare, product = office.budget()
    orders = [office.quotation(product, 600) for _number in range(2)]
    with office.session("colleague") as second:
        with office.committed("buyer") as first:
            submit(first, orders[0])
        with pytest.raises(SERIALIZATION):
            submit(second, orders[1])
    with office.session("colleague") as retry, pytest.raises(UserError):
        submit(retry, orders[1])
    assert office.balances(line) == (600, 0, 0, 400)


def test_two_submissions_that_fit_both_pass_in_the_end(office):
    line, _spare, product = office.budget()
    orders = [office.quotation(product, 400) for _number in range(2)]
    with office.session("colleague") as second:
        with office.committed("buyer") as first:
            submit(first, orders[0])
        with pytest.raises(SERIALIZATION):
            submit(second, orders[1])
    with office.committed("colleague") as retry:
        submit(retry, orders[1])
    assert office.balances(line) == (800, 0, 0, 200)


def test_the_same_order_twice_counts_once(office):
    line, _spare, product = office.budget()
    order = office.quotation(product, 400)
    with office.session("colleague") as second:
        with office.committed("buyer") as first:
            confirm(first, order)
        with pytest.raises(SERIALIZATION):
            confirm(second, order)
    with office.committed("colleague") as retry:
        confirm(retry, order)
    assert office.balances(line) == (0, 400, 0, 600)


def test_quotation_recharged_while_it_is_confirmed(office):
    """Total and state stay as they are: only the order's own counter tells."""
    line, spare, product = office.budget()
    order = office.quotation(product, 400)
    with office.committed() as env:
        category = env["spend.budget.line"].browse(spare).category_id.id
        other = env["product.product"].create({"name": "Cot", "categ_id": category}).id
    with office.session("colleague") as edit:
        with office.committed("buyer") as confirmation:
            confirm(confirmation, order)
        with pytest.raises(SERIALIZATION):
            edit["purchase.order"].browse(order).order_line.write(
                {"product_id": other, "price_unit": 400, "name": "Cot"}
            )
            edit.cr.flush()
    assert office.balances(line) == (0, 400, 0, 600)
    assert office.balances(spare) == (0, 0, 0, 1000)


def test_money_transferred_away_while_an_order_takes_it(office):
    from odoo.exceptions import UserError

    line, spare, product = office.budget()
    order = office.quotation(product, 600)

    def transfer(env):
        env["spend.transfer.wizard"].create(
            {
                "from_line_id": line,
                "to_line_id": spare,
                "amount": 500,
                "reason": "Elsewhere",
            }
        ).action_transfer()
        env.cr.flush()

    with office.session("keeper") as away:
        with office.committed("buyer") as first:
            submit(first, order)
        with pytest.raises(SERIALIZATION):
            transfer(away)
    with office.session("keeper") as retry, pytest.raises(UserError):
        transfer(retry)
    assert office.balances(line) == (600, 0, 0, 400)


def test_budget_closed_while_an_order_takes_from_it(office):
    line, _spare, product = office.budget()
    order = office.quotation(product, 600)
    with office.session("buyer") as late:
        with office.committed("keeper") as closing:
            closing["spend.budget.line"].browse(line).budget_id.action_close()
        with pytest.raises(SERIALIZATION):
            submit(late, order)
    with office.committed("buyer") as retry:
        submit(retry, order)
    assert office.balances(line) == (0, 0, 0, 1000)


def test_bill_posted_while_the_order_changes(office):
    from odoo import Command

    line, _spare, product = office.budget()
    order = office.quotation(product, 100, quantity=4)
    with office.committed("buyer") as env:
        confirm(env, order)
    with office.committed() as env:
        purchase = env["purchase.order"].browse(order)
        bill = (
            env["account.move"]
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": purchase.partner_id.id,
                    "invoice_date": "2026-01-01",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": product,
                                "quantity": 3,
                                "price_unit": 100,
                                "tax_ids": [Command.clear()],
                                "purchase_line_id": purchase.order_line.id,
                            }
                        )
                    ],
                }
            )
            .id
        )
    with office.session("colleague") as edit:
        with office.committed("buyer") as posting:
            posting["account.move"].browse(bill).action_post()
        with pytest.raises(SERIALIZATION):
            edit["purchase.order"].browse(order).order_line.product_qty = 6
            edit.cr.flush()
    with office.committed("colleague") as retry:
        retry["purchase.order"].browse(order).order_line.product_qty = 6
    assert office.balances(line) == (0, 300, 300, 400)
