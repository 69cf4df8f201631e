"""The demo company *An Phát*: a distributor of hospital, school and office equipment.

Importable without Odoo, which only ``build`` needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from odoo.api import Environment

MODULES = [
    "customer_base",
    "cx_reports",
    "cx_reports_dashboard",
    "supplier_deposit_bill",
    "supplier_deposit_cash",
    "urgent_orders",
    "l10n_vn",
    "purchase_requisition_stock",
    "sale_management",
]
"""What the company uses; ``sale_management`` shows the Sales application."""

PASSWORD = "anphat"

LOGINS = [
    ("Nguyễn Thị Lan", "care", PASSWORD, "Customer care (chăm sóc khách hàng)"),
    ("Trần Minh Quân", "sales", PASSWORD, "Salesperson (nhân viên kinh doanh)"),
    (
        "Lê Hồng Nhung",
        "buyer",
        PASSWORD,
        "Buyer, storekeeper (nhân viên mua hàng, kho)",
    ),
    (
        "Phạm Văn Dũng",
        "manager",
        PASSWORD,
        "Purchasing manager (trưởng phòng mua hàng)",
    ),
    ("Võ Kim Anh", "director", PASSWORD, "Finance director (giám đốc tài chính)"),
    ("Hoàng Văn Nam", "keeper", PASSWORD, "Storekeeper (thủ kho)"),
    ("Đỗ Thị Hạnh", "accountant", PASSWORD, "Accountant (kế toán)"),
    ("Đặng Quốc Bảo", "admin", "admin", "Administrator (quản trị hệ thống)"),
]
"""Name, log-in, password and role; the administrator keeps Odoo's own password."""

HOSPITAL = "Bệnh viện Đa khoa Hồng Phúc"
BED = "GB-3TQ"
"""The customer and the product of the story."""

BED_VENDOR = "Cơ khí Y tế Hoàng Long"
"""Who makes the beds, and wants a deposit."""


def build(env: Environment) -> None:
    """Fill a database on which ``MODULES`` are installed.

    :param env: of the superuser; the caller commits
    """
    from tools.demo import (
        budgets,
        catalogue,
        company,
        customers,
        deposits,
        history,
        orders,
        people,
        quotes,
        rules,
        supply,
        urgency,
    )

    env = env(context={"lang": "en_US", "tz": company.TIME_ZONE})
    company.set_up(env)
    users = people.create(env)
    catalogue.create(env, buyer=users["buyer"])
    rules.create(env, manager=users["manager"], director=users["director"])
    history.play(env, users)
    env["supply.pace"]._cron_count()  # what nights taught about the year
    budgets.create(env, owner=users["director"])
    urgency.set_up(env)
    deposits.create(env)
    orders.play(users)
    urgency.play(users)
    supply.play(users)
    quotes.play(users)
    customers.create(env)
    # else the first night would move promises while somebody reads them
    env["supply.pace"]._cron_count()
