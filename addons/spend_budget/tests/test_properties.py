from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SpendBudgetCommon

MOST_ORDERS = 3
PRICES = st.sampled_from([0, 0.01, 33.33, 100, 250, -20])
QUANTITIES = st.sampled_from([0, 1, 3, 7.5])
WHICH = st.integers(0, MOST_ORDERS - 1)

STEPS = st.one_of(
    st.tuples(st.just("create"), PRICES, QUANTITIES),
    st.tuples(st.just("reprice"), WHICH, PRICES),
    st.tuples(st.just("recount"), WHICH, QUANTITIES),
    st.tuples(st.just("add_line"), WHICH, PRICES),
    st.tuples(st.just("delete_line"), WHICH),
    st.tuples(st.just("distribute"), WHICH, st.integers(0, 4)),
    st.tuples(st.just("submit"), WHICH),
    st.tuples(st.just("confirm"), WHICH),
    st.tuples(st.just("cancel"), WHICH),
    st.tuples(st.just("reset"), WHICH),
    st.tuples(st.just("bill"), WHICH, QUANTITIES, PRICES),
    st.tuples(st.just("refund"), WHICH, QUANTITIES),
    st.tuples(st.just("unpost"), WHICH),
    st.tuples(st.just("repost"), WHICH),
)


class Impossible(Exception):
    """There is nothing to take this step with."""


@tagged("post_install", "-at_install")
class TestProperties(SpendBudgetCommon):
    """Whatever people do, in whatever order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clinic, ward, training = map(str, (cls.clinic | cls.ward | cls.training).ids)
        cls.distributions = [
            {clinic: 100},
            {clinic: 60, ward: 40},
            {clinic: 33.33, ward: 66.67, training: 100},
            {f"{ward},{training}": 50},
            False,
        ]
        cls.lines = cls._budget(
            {"account_id": cls.clinic.id, "amount": 900, "control": "block"},
            {"account_id": cls.ward.id, "amount": 700, "control": "escalate"},
            {"category_id": cls.category.id, "amount": 500, "control": "warn"},
        ).line_ids
        cls.lines |= cls._budget(
            {
                "department_id": cls.department.id,
                "amount": 2000,
                "control": "block",
                "tolerance": 5,
            },
            {"account_id": cls.training.id, "amount": 100},
            name="Other",
        ).line_ids
        # Only what the budgets do is of interest, and it is done many times.
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})

    @settings(
        max_examples=30,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),  # to shrink would take many minutes
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEPS, min_size=6, max_size=16))
    def test_balances_equal_ledger_equal_documents(self, steps):
        savepoint = self.env.cr.savepoint()
        self.orders, self.bills = [], []
        try:
            for name, *values in [("create", 100, 3), ("confirm", 0), *steps]:
                self._try(getattr(self, f"_do_{name}"), values)
                self._check((name, *values))
        finally:
            savepoint.close(rollback=True)

    def _try(self, step, values):
        try:
            with self.env.cr.savepoint():
                step(*values)
                self.env.flush_all()
        except (Impossible, UserError):
            self.env.invalidate_all()

    def _check(self, step):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.lines.budget_id._find_differences(), [], step)
        for line in self.lines:
            self.assertGreaterEqual(line.reserved, 0, step)
            self.assertGreaterEqual(line.committed, 0, step)
            if line.control == "block":
                self.assertLessEqual(line._get_used() - line.limit_amount, 1e-6, step)

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _get(self, which):
        existing = [order for order in self.orders if order.exists()]
        if not existing:
            raise Impossible
        return existing[which % len(existing)]

    def _get_filled(self, which):
        order = self._get(which)
        if not order.order_line:
            raise Impossible
        return order

    def _do_create(self, price, quantity):
        if len(self.orders) < MOST_ORDERS:
            order = self._order(price=price, quantity=quantity).sudo()
            self.env.flush_all()
            self.orders.append(order.with_env(self.env))

    def _do_reprice(self, which, price):
        self._get(which).order_line[:1].price_unit = price

    def _do_recount(self, which, quantity):
        self._get(which).order_line[:1].product_qty = quantity

    def _do_add_line(self, which, price):
        self._get(which).order_line = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "price_unit": price,
                    "tax_ids": [Command.clear()],
                    "analytic_distribution": self.distributions[1],
                }
            )
        ]

    def _do_delete_line(self, which):
        self._get(which).order_line[-1:].unlink()

    def _do_distribute(self, which, number):
        self._get(which).order_line[:1].analytic_distribution = self.distributions[
            number
        ]

    def _do_submit(self, which):
        self._get(which).write({"state": "to approve"})

    def _do_confirm(self, which):
        self._get(which).button_confirm()

    def _do_cancel(self, which):
        self._get(which).button_cancel()

    def _do_reset(self, which):
        self._get(which).button_draft()

    def _do_bill(self, which, quantity, price):
        self.bills.append(self._bill(self._get_filled(which), quantity or 1, price))

    def _do_refund(self, which, quantity):
        order = self._get_filled(which)
        self.bills.append(self._bill(order, quantity or 1, move_type="in_refund"))

    def _do_unpost(self, which):
        if self.bills:
            self.bills[which % len(self.bills)].button_draft()

    def _do_repost(self, which):
        if self.bills:
            self.bills[which % len(self.bills)].action_post()
