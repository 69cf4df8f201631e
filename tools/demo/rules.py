"""Who approves purchase orders: nobody, one person, or two in turn; two also for
what is over budget. Deposits that let the cash fall under the floor: the director.
Money of another budget line: its owner; much of it: the director, too."""

from __future__ import annotations

from odoo.api import Environment

from tools.demo.company import translate
from tools.inside import records

ORDER = "purchase.order"
ONE_STEP_FROM = 20_000_000
TWO_STEPS_FROM = 100_000_000
MUCH_MONEY = 50_000_000


def create(env: Environment, *, manager, director) -> None:
    by_manager = ("Purchasing manager", "Trưởng phòng mua hàng", manager)
    by_director = ("Finance director", "Giám đốc tài chính", director)
    _rule(
        env,
        ("Purchases over budget", "Đơn mua vượt ngân sách"),
        [by_manager, by_director],
        sequence=5,
        domain="[('budget_state', '=', 'over')]",
    )
    _rule(
        env,
        ("Purchases from 20 to 100 million", "Đơn mua từ 20 đến dưới 100 triệu"),
        [by_manager],
        amount_min=ONE_STEP_FROM,
        amount_max=TWO_STEPS_FROM,
    )
    _rule(
        env,
        ("Purchases from 100 million", "Đơn mua từ 100 triệu"),
        [by_manager, by_director],
        amount_min=TWO_STEPS_FROM,
    )
    _rule(
        env,
        ("Deposits under the cash floor", "Đặt cọc khi quỹ xuống dưới mức sàn"),
        [by_director],
        model="supplier.deposit",
        domain="[('under_floor', '=', True)]",
    )
    _rule(
        env,
        ("Money of another budget line", "Tiền của dòng ngân sách khác"),
        [("Owner of the money", "Người phụ trách ngân sách", None), by_director],
        model="spend.transfer.request",
        amount_min=MUCH_MONEY,
        allow_same_person=True,
    )


def _rule(env: Environment, names: tuple, steps: list, model=ORDER, **values) -> None:
    owner = {"approver_type": "budget_owner", "quorum": "all"}
    asked = [
        records.step(name, user.ids) if user else {"name": name, **owner}
        for name, _, user in steps
    ]
    rule = records.approval_rule(env, model, *asked, name=names[0], **values)
    translate(rule, names[1])
    for step, (_, name, _) in zip(rule.step_ids, steps, strict=True):
        translate(step, name)
