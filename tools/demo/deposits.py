"""Which vendors want a deposit, today and in the year before, and the money for it."""

from __future__ import annotations

from odoo import Command, fields
from odoo.api import Environment

from tools.demo import BED_VENDOR
from tools.demo.company import find, translate
from tools.inside import records

#: From so much on the maker of beds wanted a deposit in the year before.
LARGE = 100_000_000
CAPITAL = 1_500_000_000
FLOOR = 400_000_000


def create(env: Environment) -> None:
    bank = _open_bank(env)
    _rule(
        env,
        bank,
        find(env, "res.partner", "name", BED_VENDOR),
        ("Medical equipment: 30 % on order", "Thiết bị y tế: cọc 30 % khi đặt hàng"),
        [("On order", "Khi đặt hàng", 30, {})],
    )
    other = env["product.supplierinfo"].search(
        [("product_tmpl_id.default_code", "=", "NEM-GB")], limit=1
    )
    before = {"trigger": "before_delivery", "days": 2}
    _rule(
        env,
        bank,
        other.partner_id,
        (
            "20 % on order, 30 % before shipping",
            "Cọc 20 % khi đặt hàng, 30 % trước khi giao",
        ),
        [
            ("On order", "Khi đặt hàng", 20, {}),
            ("Before shipping", "Trước khi giao", 30, before),
        ],
    )


def create_old_rule(env: Environment):
    """Return the rule of the year before: today's goes for all orders."""
    return _rule(
        env,
        records.bank(env),
        find(env, "res.partner", "name", BED_VENDOR),
        ("Large orders: 30 % on order", "Đơn lớn: cọc 30 % khi đặt hàng"),
        [("On order", "Khi đặt hàng", 30, {})],
        [("amount_total", ">=", LARGE)],
    )


def _open_bank(env: Environment):
    """Give the bank its money, and the floor it should not fall under."""
    bank = records.bank(env)
    bank.cash_floor = FLOOR
    equity = env["account.account"].search([("account_type", "=", "equity")], limit=1)
    general = env["account.journal"].search([("type", "=", "general")], limit=1)
    entry = env["account.move"].create(
        {
            "date": fields.Date.start_of(fields.Date.today(), "year"),
            "journal_id": general.id,
            "ref": "Vốn góp",
            "line_ids": [
                Command.create(
                    {"account_id": bank.default_account_id.id, "debit": CAPITAL}
                ),
                Command.create({"account_id": equity.id, "credit": CAPITAL}),
            ],
        }
    )
    entry.action_post()
    return bank


def _rule(env: Environment, bank, partner, names: tuple, deposits: list, which=()):
    lines = [
        {"name": name, "percent": percent, "sequence": number, **values}
        for number, (name, _, percent, values) in enumerate(deposits)
    ]
    english, vietnamese = names
    whose = {
        "domain": str([("partner_id", "in", partner.ids), *which]),
        "journal_id": bank.id,
    }
    rule = records.deposit_rule(env, *lines, name=english, **whose)
    translate(rule, vietnamese)
    for line, (_, name, _, _) in zip(rule.line_ids, deposits, strict=True):
        translate(line, name)
    return rule
