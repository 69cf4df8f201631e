"""Cases of a year in bulk, inside Odoo: the year of ``tools.demo.past``, as events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

from tools.demo.past import Customer, Group, plan

SEED = 17
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
END = date(2026, 6, 30)
SALE, PURCHASE, PICKING = "sale.order", "purchase.order", "stock.picking"
LOG, PROMISE, INVOICE = "approval.log", "supply.promise.version", "account.move"

#: What each step tells: model and kind.
TOLD = {
    "quote": [(SALE, "sale.quoted")],
    "confirm": [(SALE, "sale.confirmed"), (SALE, "sale.delivered_pending")],
    "tell": [(PROMISE, "promise.told")],
    "submit": [(PURCHASE, "purchase.quoted"), (LOG, "approval.submitted")],
    "ask": [(LOG, "approval.questioned")],
    "answer": [(LOG, "approval.answered")],
    "manager": [(LOG, "approval.approved")],
    "director": [(LOG, "approval.approved")],
    "redate": [(PURCHASE, "purchase.date")],
    "receive": [(PURCHASE, "purchase.received_full"), (PICKING, "picking.ready")],
    "restock": [(PICKING, "picking.ready")],
    "deliver": [(PICKING, "picking.done"), (SALE, "sale.delivered_full")],
    "invoice": [(INVOICE, "invoice.posted")],
}
ORDERED = [(LOG, "approval.granted"), (PURCHASE, "purchase.ordered")]
#: The step with which the vendor gets the order.
LAST = {
    "late": "submit",
    "manager": "manager",
    "asked": "manager",
    "director": "director",
}
BATCH = 5_000


def fill(env: Any, count: int) -> list[int]:
    """Make that many cases of ended orders; return the ids of the orders."""
    partner = env["res.partner"].create({"name": "Customer of the year"})
    ids = []
    for start in range(0, count, BATCH):
        values = [{"partner_id": partner.id}] * min(BATCH, count - start)
        ids += env["sale.order"].create(values).ids
    env.flush_all()
    # what was noted of the orders is not what happened to them here
    env.cr.execute("DELETE FROM timeline_change")
    groups = plan(SEED, count, 1, [Customer(0, 1)], END)
    rows = []
    for id_, group in zip(ids, groups, strict=True):
        rows += _events(id_, group, partner.id, env.company.id)
        if len(rows) > BATCH:
            _insert(env, rows)
            rows = []
    _insert(env, rows)
    for start in range(0, count, BATCH):
        env["timeline.span"]._follow(ids[start : start + BATCH], [])
    return ids


def _insert(env: Any, rows: list[dict]) -> None:
    env["timeline.change"]._insert(rows, _Nowhere())


class _Nowhere:
    """Takes which cases have new events; they are all followed in the end."""

    def touch_all(self, rows: list[tuple]) -> None:
        pass


def _events(sale: int, group: Group, partner: int, company: int) -> Iterator[dict]:
    number = 0
    for step in group.steps:
        told = TOLD.get(step.name, [])
        if LAST.get(group.kind) == step.name:
            told = [*told, *ORDERED]
        for model, kind in told:
            number += 1
            moment = step.at.replace(tzinfo=ZONE).astimezone(UTC)
            is_bought = model in (PURCHASE, LOG)
            yield {
                "date": str(moment.replace(tzinfo=None)),
                "kind": kind,
                "department": kind.partition(".")[0],
                "user_id": 1,
                "company": company,
                "res_model": model,
                "res_id": sale,
                "chain": None,
                "parameters": {"name": f"{model},{sale}"},
                "amounts": None,
                "sale": sale,
                "lead": None,
                "partner": partner,
                "purchase": sale if is_bought else None,
                "source": f"bench {sale} {number}",
                "is_home": True,
                "is_shown": kind != "sale.delivered_pending",
            }
