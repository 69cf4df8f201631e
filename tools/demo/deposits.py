"""Which vendors want a deposit, the money to pay it, and when somebody is asked."""

from __future__ import annotations

from odoo import Command, fields
from odoo.api import Environment

from tools.demo import BED_VENDOR
from tools.demo.company import LANGUAGE

CAPITAL = 1_500_000_000
FLOOR = 400_000_000


def create(env: Environment, *, director) -> None:
    bank = _open_bank(env)
    _rule(
        env,
        bank,
        BED_VENDOR,
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
        other.partner_id.name,
        (
            "20 % on order, 30 % before shipping",
            "Cọc 20 % khi đặt hàng, 30 % trước khi giao",
        ),
        [
            ("On order", "Khi đặt hàng", 20, {}),
            ("Before shipping", "Trước khi giao", 30, before),
        ],
    )
    _guard(env, director)


def _open_bank(env: Environment):
    """Give the bank its money, and the floor it should not fall under."""
    journals = env["account.journal"]
    bank = journals.search([("type", "=", "bank")], limit=1)
    account = bank.default_account_id
    # the company pays from its bank at once, without matching statements
    for lines in (
        bank.outbound_payment_method_line_ids,
        bank.inbound_payment_method_line_ids,
    ):
        lines.payment_account_id = account
    bank.cash_floor = FLOOR
    equity = env["account.account"].search([("account_type", "=", "equity")], limit=1)
    entry = env["account.move"].create(
        {
            "date": fields.Date.start_of(fields.Date.today(), "year"),
            "journal_id": journals.search([("type", "=", "general")], limit=1).id,
            "ref": "Vốn góp",
            "line_ids": [
                Command.create({"account_id": account.id, "debit": CAPITAL}),
                Command.create({"account_id": equity.id, "credit": CAPITAL}),
            ],
        }
    )
    entry.action_post()
    return bank


def _rule(env: Environment, bank, vendor: str, names: tuple, deposits: list) -> None:
    english, vietnamese = names
    partner = env["res.partner"].search([("name", "=", vendor)], limit=1)
    rule = env["deposit.rule"].create(
        {
            "name": english,
            "company_id": env.company.id,
            "partner_ids": [Command.set(partner.ids)],
            "journal_id": bank.id,
            "line_ids": [
                Command.create(
                    {"name": name, "percent": percent, "sequence": number, **values}
                )
                for number, (name, _, percent, values) in enumerate(deposits)
            ],
        }
    )
    rule.with_context(lang=LANGUAGE).name = vietnamese
    for line, (_, name, _, _) in zip(rule.line_ids, deposits, strict=True):
        line.with_context(lang=LANGUAGE).name = name


def _guard(env: Environment, director) -> None:
    """Ask the director about deposits that let the cash fall under the floor."""
    rule = env["approval.rule"].create(
        {
            "name": "Deposits under the cash floor",
            "model_id": env["ir.model"]._get("supplier.deposit").id,
            "company_id": env.company.id,
            "domain": "[('under_floor', '=', True)]",
            "step_ids": [
                Command.create(
                    {
                        "name": "Finance director",
                        "user_ids": [Command.set(director.ids)],
                    }
                )
            ],
        }
    )
    rule.with_context(lang=LANGUAGE).name = "Đặt cọc khi quỹ xuống dưới mức sàn"
    rule.step_ids.with_context(lang=LANGUAGE).name = "Giám đốc tài chính"
