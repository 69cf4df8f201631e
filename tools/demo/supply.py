"""Who waits for which goods: a purchase that serves two customers, an overdue receipt,
and goods that one customer can lend another without losing a day."""

from __future__ import annotations

from tools.demo.orders import (
    CHILDREN_HOSPITAL,
    HOSPITAL,
    HOTEL,
    SECONDARY_SCHOOL,
    Office,
    day,
)

CABINET, DESK, TROLLEY = "TU-HS2", "BLV-12", "XT-INOX"


def play(users: dict) -> None:
    """:param users: by log-in"""
    office = Office(users)
    _two_customers(office)
    _overdue(office)
    _can_be_lent(office)
    _nobody_has_bought(office)


def _two_customers(office: Office) -> None:
    """The school's desks come with the hotel's: the buyer merges the quotations."""
    desks = office.buy(SECONDARY_SCHOOL, {DESK: 8}, ago=1, due=12)
    hotel = desks.search(
        [
            ("order_line.product_id.default_code", "=", DESK),
            ("state", "=", "draft"),
            ("id", "not in", desks.ids),
        ]
    )
    (hotel | desks).action_merge()


def _overdue(office: Office) -> None:
    """The hotel waits for cabinets that should have come four days ago."""
    refill = office.replenish("Nội thất Tân Á", {CABINET: 3})
    refill.date_order = day(-9)
    refill.order_line.date_planned = day(-4)
    office.submit(refill)
    office.sell(HOTEL, {CABINET: 15}, ago=6, due=1)


def _can_be_lent(office: Office) -> None:
    """The hospital's new ward opens in 25 days: until then others can use its trolleys,
    for more of them come in ten days."""
    office.sell(CHILDREN_HOSPITAL, {TROLLEY: 5}, ago=3, due=25)
    refill = office.replenish("Thiết bị Y tế Sông Hồng", {TROLLEY: 6})
    refill.order_line.date_planned = day(10)
    office.submit(refill)
    office.sell(HOSPITAL, {TROLLEY: 4}, ago=1, due=3)


def _nobody_has_bought(office: Office) -> None:
    """Two customers want more cabinets than there are, which nobody buys for the stock:
    the hot list asks for one quotation for both."""
    office.sell(SECONDARY_SCHOOL, {CABINET: 20}, ago=2, due=14)
    office.sell(HOSPITAL, {CABINET: 6}, ago=1, due=3)
