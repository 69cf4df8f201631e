"""What flows out of an order that nobody has to approve: its receipt and its bill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from odoo.fields import Date

from bench.approval.company import ACCOUNTANT, STOREKEEPER

Flow = list[tuple[str, Callable[[Any], Any]]]
"""Who does what with an order, each in a call of its own."""


def receive(order):
    """Validate its receipt: all of the five lines has come."""
    result = order.picking_ids.button_validate()
    if result is not True:
        raise AssertionError(f"The receipt asks for something: {result}")


def create_bill(order):
    order.action_create_invoice()


def post_bill(order):
    bill = order.invoice_ids
    bill.invoice_date = Date.context_today(bill)
    bill.action_post()


FLOWS: dict[str, Flow] = {
    "receive": [(STOREKEEPER, receive)],
    "create and post the bill": [(ACCOUNTANT, create_bill), (ACCOUNTANT, post_bill)],
}


def check(order) -> None:
    """Nothing is measured that did not come to its end."""
    states = {*order.picking_ids.mapped("state"), *order.invoice_ids.mapped("state")}
    received = sum(order.order_line.mapped("qty_received"))
    billed = sum(order.order_line.mapped("qty_invoiced"))
    if states != {"done", "posted"} or not received or received != billed:
        raise AssertionError(
            f"An order should be received and billed, but {received} came, "
            f"{billed} were billed: {states}"
        )
