"""Urgency beyond single orders: quotas, an opportunity, an order that is displaced."""

from __future__ import annotations

from odoo.api import Environment

from tools.demo.company import find
from tools.demo.orders import (
    CHILDREN_HOSPITAL,
    CLINIC,
    HOTEL,
    PRIMARY_SCHOOL,
    Office,
    day,
)

LEVEL = "urgent_orders.urgency_level_%s"
QUOTA = 5
WHEELCHAIR, TROLLEY = "XL-THEP", "XT-INOX"


def set_up(env: Environment) -> None:
    """Limits of approvals in working hours, the quota of the highest level."""
    env.ref(LEVEL % "urgent").approval_hours = 8
    env.ref(LEVEL % "critical").write({"approval_hours": 2, "quota": QUOTA})
    env.company.portal_urgency = True


def play(users: dict) -> None:
    """:param users: by log-in"""
    office = Office(users)
    _opportunity(office)
    _displaced(office)
    _beyond_the_quota(office)
    _asked_by_a_customer(office)


def _opportunity(office: Office) -> None:
    env = office.envs["care"]
    env["crm.lead"].create(
        {
            "name": "Trang bị phòng hồi sức mới",
            "type": "opportunity",
            "partner_id": find(env, "res.partner", "name", CHILDREN_HOSPITAL).id,
            "expected_revenue": 420_000_000,
            "urgency_level_id": env.ref(LEVEL % "urgent").id,
            "urgency_reason": "Phòng hồi sức phải mở trước mùa dịch",
            "needed_by": day(18),
        }
    )


def _displaced(office: Office) -> None:
    """The hospital's wheelchairs come out of what the hotel was to get."""
    for due in (4, 10):
        refill = office.replenish("Thiết bị Y tế Sông Hồng", {WHEELCHAIR: 20})
        refill.order_line.date_planned = day(due)
        office.submit(refill)
        office.approve(refill, "manager")
    office.sell(HOTEL, {WHEELCHAIR: 30}, ago=3, due=6)
    order = office.sell(CHILDREN_HOSPITAL, {WHEELCHAIR: 15}, ago=1, due=8)
    order.with_env(office.envs["care"]).write(
        {
            "urgency_level_id": order.env.ref(LEVEL % "urgent").id,
            "urgency_reason": "Thiếu xe lăn cho khu khám mới",
            "needed_by": day(8),
        }
    )


def _beyond_the_quota(office: Office) -> None:
    """The salesperson has used up the month: the manager decides."""
    env = office.envs["sales"]
    level = env.ref(LEVEL % "critical")
    counters = env["urgency.quota"].sudo()
    counters.create(
        {
            "user_id": env.uid,
            "level_id": level.id,
            "month": counters._get_month(env.user),
            "used": QUOTA,
        }
    )
    order = office.sell(CLINIC, {TROLLEY: 3}, ago=0, due=3)
    order.write(
        {
            "urgency_level_id": level.id,
            "urgency_reason": "Phòng khám khai trương cơ sở hai",
            "needed_by": day(3),
        }
    )


def _asked_by_a_customer(office: Office) -> None:
    env = office.envs["care"]
    customer = find(env, "res.partner", "name", PRIMARY_SCHOOL)
    order = env["sale.order"].search(
        [("partner_id", "=", customer.id), ("state", "=", "draft")], limit=1
    )
    order.sudo()._customer_asks_urgency(
        customer,
        "Trường khai giảng sớm hơn dự kiến",
        str(day(12).date()),
    )
