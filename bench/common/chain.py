"""A chain of real documents, each step by Odoo's own methods. Runs inside Odoo.

A sale, what is bought for it under approval, the vendor's deposit, receipt, delivery,
the customer's invoice and its payment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from odoo.api import Environment

from bench.supplying import orders
from tools.inside import records

Work = Callable[[Environment], Any]


class Chain:
    """Makes one chain after the other.

    :param measure: does some work as a user, by log-in, in a transaction of its own;
        returns what it came to and what it took
    """

    def __init__(self, measure: Callable[[str, Work], tuple[Any, list[float]]]) -> None:
        self.measure = measure
        self.products: list[int] = []
        self.bank = self.sale = 0
        self.buyer = self.approver = ""

    def prepare(self, env: Environment) -> Any:
        """Have goods that are bought for each order, a rule, and a bank that pays at
        once; return the users who act."""
        self.products = orders.make_to_order(env)
        approver = env.ref("base.user_admin")
        self.buyer, self.approver = env.user.login, approver.login
        self.bank = records.bank(env).id
        records.approval_rule(
            env, "purchase.order", records.step("Manager", approver.ids)
        )
        records.deposit_rule(env, journal_id=self.bank)
        return env.user | approver

    def play(self) -> list[float]:
        """Play all steps; return what they took together."""
        self.sale, _cost = self.measure(
            self.buyer, lambda env: orders.sell(env, self.products).id
        )
        costs = [
            self.measure(who, work)[1]
            for who, work in (
                (self.buyer, self._confirm),
                (self.buyer, self._submit),
                (self.approver, self._approve),
                (self.buyer, self._pay_deposit),
                (self.buyer, self._receive),
                (self.buyer, self._deliver),
                (self.buyer, self._invoice),
                (self.buyer, self._collect),
            )
        ]
        return [sum(each) for each in zip(*costs, strict=True)]

    def _sale(self, env: Environment) -> Any:
        return env["sale.order"].browse(self.sale)

    def _purchase(self, env: Environment) -> Any:
        return self._sale(env).sudo()._get_purchase_orders().with_env(env)

    def _confirm(self, env: Environment) -> None:
        self._sale(env).action_confirm()

    def _submit(self, env: Environment) -> None:
        self._purchase(env).button_confirm()

    def _approve(self, env: Environment) -> None:
        purchase = self._purchase(env)
        purchase.action_approve()
        if purchase.state != "purchase":
            raise AssertionError("The purchase is not ordered: there is no chain.")

    def _pay_deposit(self, env: Environment) -> None:
        deposit = self._purchase(env).deposit_ids
        payment = env["deposit.payment"].browse(deposit.action_pay()["res_id"])
        payment.action_confirm()

    def _receive(self, env: Environment) -> None:
        self._carry_out(self._purchase(env).picking_ids)

    def _deliver(self, env: Environment) -> None:
        self._carry_out(self._sale(env).picking_ids)

    def _carry_out(self, transfers: Any) -> None:
        transfers.move_ids.picked = True
        transfers.with_context(skip_backorder=True).button_validate()

    def _invoice(self, env: Environment) -> None:
        self._sale(env)._create_invoices().action_post()

    def _collect(self, env: Environment) -> None:
        invoice = self._sale(env).invoice_ids
        pay = env["account.payment.register"].with_context(
            active_model=invoice._name, active_ids=invoice.ids
        )
        pay.create({"journal_id": self.bank}).action_create_payments()
        if invoice.payment_state != "paid":
            raise AssertionError("The invoice is not paid: there is no chain.")
