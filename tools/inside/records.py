"""Records that tests, benchmarks and the demo company begin with.

What they have alike is said here; callers add the values that matter to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from odoo.api import Environment
from odoo.fields import Command


def users(env: Environment, groups: Mapping[str, Iterable[str]], **values: Any):
    """Return new users, who get no e-mail about a password.

    :param groups: by log-in, exactly the groups they have
    """
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": login.capitalize(),
                    "login": login,
                    "group_ids": [Command.set([env.ref(name).id for name in names])],
                    **values,
                }
                for login, names in groups.items()
            ]
        )
    )


def approval_rule(env: Environment, model: str, *steps: dict, **values: Any):
    """Return a rule for all documents of a model.

    :param steps: their values, one after the other; see ``step``
    """
    return env["approval.rule"].create(
        {
            "name": model,
            "model_id": env["ir.model"]._get_id(model),
            "step_ids": [
                Command.create({"sequence": number, **each})
                for number, each in enumerate(steps, start=1)
            ],
            **values,
        }
    )


def step(name: str, user_ids: Iterable[int], **values: Any) -> dict:
    """Return a step that asks these users."""
    return {"name": name, "user_ids": [Command.set([*user_ids])], **values}


def deposit_rule(env: Environment, *lines: dict, **values: Any):
    """Return a rule of deposits.

    :param lines: values of its milestones; 30 % on order, if left out
    """
    line = {"name": "Deposit", "percent": 30}
    return env["deposit.rule"].create(
        {
            "name": "Deposits",
            "line_ids": [Command.create(line | each) for each in lines or ({},)],
            **values,
        }
    )


def bank(env: Environment):
    """Return the company's bank, which pays at once: it waits for no statement."""
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company)
    domain = [("company_id", "=", company.id), ("type", "=", "bank")]
    journal = env["account.journal"].search(domain, limit=1)
    for lines in (
        journal.outbound_payment_method_line_ids,
        journal.inbound_payment_method_line_ids,
    ):
        lines.payment_account_id = journal.default_account_id
    return journal


def budget(env: Environment, *lines: dict, **values: Any):
    """Return a budget that is not open yet, for a century.

    :param lines: their values
    """
    return env["spend.budget"].create(
        {
            "name": "Budget",
            "date_from": "2000-01-01",
            "date_to": "2099-12-31",
            "line_ids": [Command.create(each) for each in lines],
            **values,
        }
    )


def purchase(env: Environment, vendor, *lines: dict, **values: Any):
    """Return a request for quotation.

    :param lines: their values
    """
    lines = [Command.create(each) for each in lines]
    return env["purchase.order"].create(
        {"partner_id": vendor.id, "order_line": lines, **values}
    )


def sale(env: Environment, customer, *lines: dict, **values: Any):
    """Return a quotation.

    :param lines: their values
    """
    lines = [Command.create(each) for each in lines]
    return env["sale.order"].create(
        {"partner_id": customer.id, "order_line": lines, **values}
    )
