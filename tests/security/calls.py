"""How methods are called: what the table in ``methods`` is written in."""

from collections.abc import Collection
from dataclasses import dataclass

from .roles import APPROVERS, OWNER

#: What Odoo itself raises when values to write are not what they should be.
CLUMSY_VALUES = (AttributeError, IndexError, KeyError, TypeError, ValueError)


@dataclass(frozen=True)
class Method:
    """
    :param calls: plausible arguments, one tuple for each call; a function among them
        is given the scene
    :param may: roles with a right to it, who may change things but decide nothing
    :param answers: roles who may get an answer, and change nothing
    :param clumsy: exceptions tolerated where the arguments or ids are nonsense,
        besides those that tell people what to do
    """

    calls: tuple[tuple, ...] = ((),)
    may: Collection[str] = ()
    answers: Collection[str] = ()
    clumsy: tuple[type[Exception], ...] = ()


def of_values(*values, may=()):
    """``create`` or ``write``, called with each of the values."""
    return Method(tuple((each,) for each in values), may, clumsy=CLUMSY_VALUES)


def somebody(scene):
    return scene.users[OWNER]


def their_order(scene):
    return scene.theirs["sale.order"]["draft"]


def approver(scene):
    return scene.users[APPROVERS[0]]


def of_partner(**values):
    return lambda scene: {"partner_id": scene.partner, **values}


def new_payment(scene):
    return {"journal_id": scene.bank, "amount": 1}


def moved_line(scene):
    return {"order_id": scene.theirs["purchase.order"]["waiting"]}


def new_line(scene):
    return {**moved_line(scene), "name": "New", "product_qty": 1, "price_unit": 1}


def new_bill_line(scene):
    bill = scene.theirs["account.move"]["draft"]
    return {"move_id": bill, "name": "New", "quantity": 1, "price_unit": 1}


def new_time_off(scene):
    return {
        "employee_id": scene.employee,
        "holiday_status_id": scene.time_off_type,
        "request_date_from": "2060-04-01",
        "request_date_to": "2060-04-02",
        "state": "validate",
    }


def new_hours(scene):
    calendar = scene.theirs["resource.calendar"]["company"]
    return {"calendar_id": calendar, "name": "Sunday", "dayofweek": "6", "hour_to": 9}


def new_holiday(scene):
    return {
        "name": "Holiday",
        "date_from": "2060-05-01 00:00:00",
        "date_to": "2060-05-02 00:00:00",
    }
