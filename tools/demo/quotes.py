"""Three vendors are asked for the same, and two have answered: one is dearer, the other
later. And what was asked earlier, when somebody chose."""

from __future__ import annotations

from odoo import Command

from tools.demo.company import find
from tools.demo.orders import CHILDREN_HOSPITAL, Office, day

CABINET, TROLLEY = "TDG-INOX", "XT-INOX"
RIVALS = ("Thiết bị Y tế Sông Hồng", "Nội thất Tân Á")
FREIGHT = "Vận chuyển, bốc xếp"


def play(users: dict) -> None:
    """:param users: by log-in"""
    office = Office(users)
    env = office.envs["buyer"]
    every = env.ref("base.group_user").sudo()
    every._apply_group(env.ref("purchase_requisition.group_purchase_alternatives"))
    _earlier(office)
    _undecided(office)


def _earlier(office: Office) -> None:
    """Trolleys for the stock: one of two vendors was chosen."""
    order = office.replenish(RIVALS[0], {TROLLEY: 4})
    (other,) = _alternatives(order, RIVALS[1])
    other.order_line.write({"price_unit": 1_920_000, "date_planned": day(9)})
    _choose(order)


def _undecided(office: Office) -> None:
    """Cabinets for a new ward in eight days: the usual vendor wants a deposit, the
    second has freight on top, the third is cheap and late."""
    order = office.buy(CHILDREN_HOSPITAL, {CABINET: 20}, ago=1, due=8)
    near, late = _alternatives(order, *RIVALS)
    (order | near | late).state = "sent"
    freight = (
        order.env["product.product"]
        .sudo()
        .create({"name": FREIGHT, "type": "service", "purchase_ok": True})
    )
    values = {"product_id": freight.id, "product_qty": 1, "price_unit": 900_000}
    near.order_line = [Command.create(values)]
    cabinet = near.order_line[:1]
    _answer(near, {cabinet: (20, 935_000, 4), near.order_line[1:]: (1, 900_000, 4)})
    late.order_line.write({"price_unit": 890_000, "date_planned": day(14)})
    _answer(late, {late.order_line: (20, 875_000, 14)})


def _alternatives(order, *vendors: str):
    """Return the same asked of other vendors, as Odoo's dialog makes it."""
    env = order.env
    partners = [find(env, "res.partner", "name", vendor).id for vendor in vendors]
    wizard = env["purchase.requisition.create.alternative"].create(
        {"origin_po_id": order.id, "partner_ids": [Command.set(partners)]}
    )
    wizard.action_create_alternative()
    made = order.alternative_po_ids - order
    return [
        made.filtered(lambda each, id_=id_: each.partner_id.id == id_)
        for id_ in partners
    ]


def _answer(order, answers: dict) -> None:
    """The vendor answers on its page.

    :param answers: quantity, price and days from now by line
    """
    entered = {
        line.id: {
            "quantity": str(quantity),
            "price": str(price),
            "day": str(day(days).date()),
        }
        for line, (quantity, price, days) in answers.items()
    }
    wrong = order.sudo()._vendor_answers(entered)
    assert not wrong, wrong


def _choose(order) -> None:
    quotes = order.env["supply.quotes"]
    quotes.choose(order.id, quotes.get_comparison(order.id)["stamp"])
