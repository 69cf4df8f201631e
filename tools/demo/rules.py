"""Who approves purchase orders: nobody, one person, or two in turn; two also for
what is over budget. Deposits that let the cash fall under the floor: the director."""

from __future__ import annotations

from odoo.api import Environment

from tools.demo.company import translate
from tools.inside import records

ORDER = "purchase.order"
ONE_STEP_FROM = 20_000_000
TWO_STEPS_FROM = 100_000_000


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


def _rule(env: Environment, names: tuple, steps: list, model=ORDER, **values) -> None:
    asked = [records.step(name, user.ids) for name, _, user in steps]
    rule = records.approval_rule(env, model, *asked, name=names[0], **values)
    translate(rule, names[1])
    for step, (_, name, _) in zip(rule.step_ids, steps, strict=True):
        translate(step, name)
