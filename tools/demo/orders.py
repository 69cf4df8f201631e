"""A handful of orders in every state, each step done by the user whose job it is."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from odoo import fields

from tools.demo import BED, HOSPITAL
from tools.demo.company import LANGUAGE, TIME_ZONE, find
from tools.inside import records

UTC_OFFSET = timedelta(hours=7)

CHILDREN_HOSPITAL = "Bệnh viện Nhi Ánh Dương"
CLINIC = "Phòng khám Đa khoa Tâm Đức"
PRIMARY_SCHOOL = "Trường Tiểu học Hoa Sen"
SECONDARY_SCHOOL = "Trường THCS Bình Minh"
HOTEL = "Khách sạn Biển Xanh"


def play(users: dict) -> None:
    """:param users: by log-in"""
    office = Office(users)
    _quotations(office)
    _waiting_for_approval(office)
    _rejected(office)
    _under_way(office)
    _done(office)


def _quotations(office: Office) -> None:
    office.quote(PRIMARY_SCHOOL, {"BGHS-2": 30}, ago=4, due=21)
    office.quote(
        CLINIC,
        {"MTD-5": 2},
        ago=1,
        due=9,
        urgency="urgent",
        reason="Phòng hồi sức mới khai trương, chưa có máy theo dõi",
    )
    office.sell(HOTEL, {"BLV-12": 20}, ago=2, due=12)


def _waiting_for_approval(office: Office) -> None:
    cabinets = office.buy(
        CHILDREN_HOSPITAL,
        {"TDG-INOX": 30},
        ago=1,
        due=6,
        urgency="urgent",
        reason="Khoa Nội trú nhận bệnh nhân từ tuần sau",
    )
    office.submit(cabinets)
    monitors = office.buy(
        HOSPITAL,
        {"MTD-5": 5},
        ago=2,
        due=6,  # the vendor needs seven days
        urgency="critical",
        reason="Hỏng 5 máy theo dõi ở khoa Cấp cứu",
    )
    office.submit(monitors)
    office.approve(monitors, "manager", "Nhà cung cấp duy nhất còn hàng")


def _rejected(office: Office) -> None:
    desks = office.buy(SECONDARY_SCHOOL, {"BGHS-2": 60}, ago=5, due=15)
    office.submit(desks)
    office.reject(
        desks, "manager", "Giá cao hơn lần trước 8%. Thương lượng lại hoặc hỏi thêm."
    )


def _under_way(office: Office) -> None:
    mattresses = office.buy(CHILDREN_HOSPITAL, {"NEM-GB": 100}, ago=6, due=4)
    office.submit(mattresses)
    office.approve(mattresses, "manager")
    beds = office.buy(
        CLINIC,
        {BED: 6, "TDG-INOX": 6},
        ago=8,
        due=1,
        urgency="urgent",
        reason="Đoàn kiểm tra của Sở Y tế đến trong tuần",
    )
    office.submit(beds)
    office.approve(beds, "manager")
    office.receive(beds)


def _done(office: Office) -> None:
    wheelchairs = office.sell(HOSPITAL, {"XL-THEP": 10, "XT-INOX": 4}, ago=9, due=1)
    office.deliver(wheelchairs)
    chairs = office.sell(HOTEL, {"GVP-LUOI": 24}, ago=7, due=-1)
    office.deliver(chairs)
    refill = office.replenish("Nội thất Tân Á", {"TU-HS2": 5})
    office.submit(refill)
    office.receive(refill)


class Office:
    """Who does what; each method works with the rights of that user."""

    def __init__(self, users: dict) -> None:
        context = {"lang": LANGUAGE, "tz": TIME_ZONE}
        self.users = users
        self.envs = {
            login: user.env(user=user, context=context) for login, user in users.items()
        }

    def quote(
        self,
        customer: str,
        quantities: dict,
        *,
        ago: int,
        due: int,
        urgency: str = "",
        reason: str = "",
    ):
        """Customer care makes the quotation.

        :param ago: days since then
        :param due: days until the customer needs the goods
        :param urgency: ``urgent`` or ``critical``
        """
        env = self.envs["care"]
        values = {"date_order": day(-ago), "commitment_date": day(due)}
        if urgency:
            level = env.ref(f"urgent_orders.urgency_level_{urgency}")
            values |= {
                "urgency_level_id": level.id,
                "urgency_reason": reason,
                "needed_by": day(due),
            }
        partner = find(env, "res.partner", "name", customer)
        lines = _lines(env, quantities, "product_uom_qty")
        order = records.sale(env, partner, *lines, **values)
        if urgency:
            order.sudo().urgency_date = day(-ago)  # creating marked it now
        return order

    def sell(self, customer: str, quantities: dict, *, ago: int, **more):
        """The salesperson confirms it."""
        order = self.quote(customer, quantities, ago=ago, **more)
        order = order.with_env(self.envs["sales"])
        order.action_confirm()
        order.date_order = day(-ago)  # confirming made it now
        return order

    def buy(self, customer: str, quantities: dict, **more):
        """Return what the buyer finds: the request for quotation for that order."""
        order = self.sell(customer, quantities, **more)
        purchase = order.sudo()._get_purchase_orders()
        return purchase.with_env(self.envs["buyer"])

    def replenish(self, vendor: str, quantities: dict):
        """The buyer buys for the stock."""
        env = self.envs["buyer"]
        partner = find(env, "res.partner", "name", vendor)
        return records.purchase(env, partner, *_lines(env, quantities, "product_qty"))

    def submit(self, purchase) -> None:
        purchase.with_env(self.envs["buyer"]).button_confirm()

    def approve(self, purchase, login: str, comment: str | None = None) -> None:
        purchase.with_env(self.envs[login]).action_approve(comment)

    def reject(self, purchase, login: str, reason: str) -> None:
        purchase.with_env(self.envs[login]).action_reject(reason)

    def receive(self, purchase) -> None:
        purchase.with_env(self.envs["buyer"]).picking_ids.button_validate()

    def deliver(self, sale) -> None:
        sale.with_env(self.envs["buyer"]).picking_ids.button_validate()


def _lines(env, quantities: dict, field: str) -> list[dict]:
    """Return values of lines with these quantities, by code of the product."""
    return [
        {
            "product_id": find(env, "product.product", "default_code", code).id,
            field: quantity,
        }
        for code, quantity in quantities.items()
    ]


def day(days: int) -> datetime:
    """Nine o'clock in Vietnam, that many days from today, as Odoo stores it."""
    today = (fields.Datetime.now() + UTC_OFFSET).date()
    return datetime.combine(today + timedelta(days=days), time(9)) - UTC_OFFSET
