"""Who approves purchase orders: nobody, one person, or two in turn; two also for
what is over budget."""

from __future__ import annotations

from odoo import Command
from odoo.api import Environment

from tools.demo.company import LANGUAGE

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


def _rule(env: Environment, names: tuple, steps: list, **values) -> None:
    english, vietnamese = names
    rule = env["approval.rule"].create(
        {
            "name": english,
            "model_id": env["ir.model"]._get("purchase.order").id,
            "company_id": env.company.id,
            "step_ids": [
                Command.create(
                    {
                        "name": name,
                        "sequence": sequence,
                        "user_ids": [Command.set(user.ids)],
                    }
                )
                for sequence, (name, _, user) in enumerate(steps, start=1)
            ],
            **values,
        }
    )
    rule.with_context(lang=LANGUAGE).name = vietnamese
    for step, (_, name, _) in zip(rule.step_ids, steps, strict=True):
        step.with_context(lang=LANGUAGE).name = name
