"""Three steps on both sides: who does what with an order until it is confirmed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from odoo.api import Environment

from bench.approval.company import APPROVERS, BUYER
from tools.inside import records

Stage = tuple[str, str, Callable[[Any], Any]]
"""What it is called, who does it, and what they do with the orders."""

STEPS = ("step 1", "step 2", "step 3")


def rule(env: Environment, **values: Any) -> None:
    """Ask for three approvals, one after the other, with ``approval_matrix``."""
    env["approval.rule"].search([]).active = False
    steps = [records.step(login, _user(env, login).ids) for login in APPROVERS]
    records.approval_rule(env, "purchase.order", *steps, **values)


def tiers(env: Environment) -> None:
    """Ask for the same with OCA's ``purchase_tier_validation``."""
    env["tier.definition"].create(
        [
            {
                "name": login,
                "model_id": env["ir.model"]._get_id("purchase.order"),
                "company_id": env.company.id,
                "review_type": "individual",
                "reviewer_id": _user(env, login).id,
                "approve_sequence": True,
                "sequence": 100 - number,  # the highest is asked first
                "definition_domain": "[]",
            }
            for number, login in enumerate(APPROVERS)
        ]
    )


def tell(env: Environment, told: bool) -> None:
    """Have OCA's approvers told when it is their turn, or not as it comes."""
    notices = dict.fromkeys(("notify_on_pending", "notify_on_accepted"), told)
    env["tier.definition"].search([]).write(notices)


def _user(env: Environment, login: str):
    return env["res.users"].search([("login", "=", login)], limit=1).ensure_one()


def ours() -> list[Stage]:
    """The last approval confirms the order."""
    decide = [
        (step, login, lambda orders: orders.action_approve())
        for step, login in zip(STEPS, APPROVERS, strict=True)
    ]
    return [("submit", BUYER, lambda orders: orders.button_confirm()), *decide]


def oca() -> list[Stage]:
    """After the last approval somebody confirms the order."""
    decide = [
        (step, login, lambda orders: orders.validate_tier())
        for step, login in zip(STEPS, APPROVERS, strict=True)
    ]
    return [
        ("submit", BUYER, lambda orders: orders.request_validation()),
        *decide,
        ("confirm", BUYER, lambda orders: orders.button_confirm()),
    ]


def odoo() -> list[Stage]:
    """Nobody is asked."""
    return [("confirm", BUYER, lambda orders: orders.button_confirm())]
