"""Which changes of which documents are events: plain Python.

A *row* is what the database noted of a document: its columns by name, moments as ISO
text. Documents go through *phases*; a chain says which column tells the phase, and the
events of a chain join up: each begins with the phase in which the one before ended.
So from the events of a document it follows whether one is missing, or is there twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Row = dict[str, Any]


class Fact(NamedTuple):
    """Something that happened to a document.

    :param kind: of the event
    :param date: ISO text; nothing: when it was noted
    :param chain: name of the chain that it belongs to, or nothing
    :param was: phase before
    :param now: phase after
    """

    kind: str
    date: str | None = None
    chain: str = ""
    was: Any = None
    now: Any = None


@dataclass(frozen=True)
class Chain:
    """Phases of a document.

    :param name: tells it from other chains of the document
    :param kind: what events are called, before the phase; with ``is_value`` all of it
    :param phase: returns the phase of a row, or nothing
    :param dates: which column says since when a row is in a phase, where one does
    :param is_value: phases are values, such as days: their event is called alike
    :param is_silent: what it begins with is no event; of the past nothing is known
    """

    name: str
    kind: str
    phase: Callable[[Row], Any]
    dates: dict[str, str] = field(default_factory=dict)
    is_value: bool = False
    is_silent: bool = False

    def step(self, was, row, is_past, is_new):
        now = self.phase(row)
        if was == now or (self.is_silent and is_new):
            return []
        kind = self.kind if self.is_value else f"{self.kind}{now or 'none'}"
        date = None
        if is_past:
            date = row.get(self.dates.get(now, "")) or row.get("write_date")
        return [Fact(kind, date, self.name, was, now)]


@dataclass(frozen=True)
class Source:
    """A table whose rows are documents, or what happens to documents.

    :param model: of the documents
    :param department: that acts, where nothing else says it
    :param columns: that are noted; those of chains are compared
    :param watched: columns that are compared, too, as events or spans move with
        them
    :param chains: phases
    :param first: phases that a new document has been in, by name of the chain
    :param made: returns the kind of the event of a new row, or nothing
    :param made_on: column that says when
    :param gone: kind of the event of a row that is deleted
    :param when: SQL over the row ``{row}``: rows that matter
    :param user: SQL over the row ``{row}``: who did it
    :param shown: columns that say what it was, never amounts
    :param amounts: columns with amounts
    :param side: whose amounts they are: *sale* or *purchase*
    """

    model: str
    department: str = ""
    columns: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    chains: tuple[Chain, ...] = ()
    first: dict[str, str] = field(default_factory=dict)
    made: Callable[[Row], str | None] = lambda row: None
    made_on: str = "create_date"
    gone: str = ""
    when: str = ""
    user: str = ""
    shown: tuple[str, ...] = ("name",)
    amounts: tuple[str, ...] = ()
    side: str = ""

    @property
    def compared(self):
        return tuple(dict.fromkeys((*self.columns, *self.watched)))

    def follow(
        self,
        old: Row | None,
        new: Row | None,
        is_past: bool = False,
        told: dict[str, Any] | None = None,
    ) -> list[Fact]:
        """Return what a change means.

        :param old: the row before; nothing: it is new
        :param new: the row after; nothing: it was deleted
        :param is_past: it is not known when it changed, but for what the row says
        :param told: phases that events told last, by name of the chain; a document
            that mattered to no case for a while may have changed meanwhile
        """
        if new is None:
            return [Fact(self.gone)] if self.gone else []
        facts = []
        was = {chain.name: chain.phase(old) if old else None for chain in self.chains}
        was |= told or {}
        if old is None:
            kind = self.made(new)
            date = new.get(self.made_on) if is_past else None
            if kind:
                facts.append(Fact(kind, date))
            for name, phase in self.first.items():
                chain = next(chain for chain in self.chains if chain.name == name)
                facts.append(Fact(f"{chain.kind}{phase}", date, name, None, phase))
                was[name] = phase
        for chain in self.chains:
            facts += chain.step(was[chain.name], new, is_past, old is None)
        return list(_in_order(facts)) if is_past else facts

    def phases(self, row: Row) -> dict[str, Any]:
        """Return the phase of each chain."""
        return {chain.name: chain.phase(row) for chain in self.chains}


def _in_order(facts):
    """Yield what happened in the past, none of it before the one that it followed."""
    latest = None
    for fact in facts:
        latest = max(filter(None, (latest, fact.date)), default=None)
        yield fact._replace(date=latest)


def by(column, phases, rest=None):
    """Return a function that returns the phase for the value of a column."""
    return lambda row: phases.get(row.get(column), rest)


def text(column):
    return lambda row: None if row.get(column) is None else str(row[column])


def of_whom(kind):
    """Return the chain of whoever has a document, which may be given to another."""
    return Chain(
        "holder",
        f"{kind}.holder",
        lambda row: row.get("user_id"),
        is_value=True,
        is_silent=True,
    )


def _day_of_purchase(row):
    return row.get("date_planned") if row.get("state") == "purchase" else None


def _outcome(row):
    return row.get("won_status") or "pending"


def _posted(row):
    if row.get("state") == "posted":
        return "posted"
    return "cancelled" if row.get("state") == "cancel" else "draft"


def _paid(row):
    is_paid = row.get("payment_state") in ("paid", "in_payment")
    return "paid" if is_paid and row.get("state") == "posted" else None


def _sent_or_received(row):
    return "mail.received" if row.get("message_type") == "email" else "mail.sent"


def _told_or_moved(row):
    # what was told once stays in the rows that follow
    is_told = (row.get("cause") or {}).get("code") == "told"
    return "promise.told" if is_told else "promise.moved"


SOURCES = {
    "crm_lead": Source(
        "crm.lead",
        "care",
        ("won_status", "stage_id", "user_id"),
        ("partner_id",),
        (
            Chain("stage", "lead.stage", text("stage_id"), is_value=True),
            Chain("outcome", "lead.", _outcome, {"won": "date_closed"}),
            of_whom("lead"),
        ),
        first={"outcome": "pending"},
        made=lambda row: "lead.made",
        gone="lead.gone",
        shown=("name", "user_id"),
    ),
    "sale_order": Source(
        "sale.order",
        "care",
        ("state", "delivery_status", "commitment_date", "user_id"),
        ("partner_id", "opportunity_id"),
        (
            Chain(
                "state",
                "sale.",
                by(
                    "state",
                    {"sent": "sent", "sale": "confirmed", "cancel": "cancelled"},
                    "quoted",
                ),
                {"confirmed": "date_order"},
            ),
            Chain(
                "delivery",
                "sale.delivered_",
                text("delivery_status"),
                {"full": "effective_date"},
            ),
            Chain("wanted", "sale.date", text("commitment_date"), is_value=True),
            of_whom("sale"),
        ),
        first={"state": "quoted"},
        gone="sale.gone",
        shown=("name", "user_id"),
        amounts=("amount_total", "currency_id"),
        side="sale",
    ),
    "purchase_order": Source(
        "purchase.order",
        "purchase",
        ("state", "receipt_status", "date_planned", "user_id"),
        (),
        (
            Chain(
                "state",
                "purchase.",
                by(
                    "state",
                    {
                        "sent": "sent",
                        "to approve": "submitted",
                        "purchase": "ordered",
                        "cancel": "cancelled",
                    },
                    "quoted",
                ),
                {"ordered": "date_approve"},
            ),
            Chain(
                "receipt",
                "purchase.received_",
                text("receipt_status"),
                {"full": "effective_date"},
            ),
            Chain(
                "expected",
                "purchase.date",
                _day_of_purchase,
                is_value=True,
            ),
            of_whom("purchase"),
        ),
        first={"state": "quoted"},
        gone="purchase.gone",
        shown=("name", "user_id"),
        amounts=("amount_total", "currency_id"),
        side="purchase",
    ),
    "stock_picking": Source(
        "stock.picking",
        "stock",
        ("state",),
        ("sale_id",),
        (
            Chain(
                "state",
                "picking.",
                by(
                    "state",
                    {"assigned": "ready", "done": "done", "cancel": "cancelled"},
                    "waiting",
                ),
                {"done": "date_done"},
            ),
        ),
        first={"state": "waiting"},
        gone="picking.gone",
    ),
    "account_move": Source(
        "account.move",
        "account",
        ("state", "payment_state"),
        ("partner_id",),
        (
            Chain("state", "invoice.", _posted),
            Chain("payment", "invoice.", _paid),
        ),
        first={"state": "draft"},
        when="{row}.move_type IN ('out_invoice', 'out_refund', "
        "'in_invoice', 'in_refund')",
        gone="invoice.gone",
        shown=("name", "move_type"),
        amounts=("amount_total", "currency_id"),
        side="move",
    ),
    "account_payment": Source(
        "account.payment",
        "account",
        ("state",),
        ("partner_id", "deposit_id", "partner_type"),
        (
            Chain(
                "state",
                "payment.",
                by(
                    "state",
                    {
                        "in_process": "made",
                        "paid": "paid",
                        "canceled": "cancelled",
                        "rejected": "rejected",
                    },
                    "draft",
                ),
            ),
        ),
        first={"state": "draft"},
        gone="payment.gone",
        shown=("name", "payment_type"),
        amounts=("amount", "currency_id"),
        side="payment",
    ),
    "approval_log": Source(
        "approval.log",
        "approval",
        ("event",),
        made=lambda row: f"approval.{row['event']}",
        made_on="date",
        user="{row}.user_id",
        shown=("step_name",),
    ),
    "supplier_deposit": Source(
        "supplier.deposit",
        "account",
        ("state",),
        (),
        (Chain("state", "deposit.", text("state"), {"paid": "date_paid"}),),
        gone="deposit.gone",
        amounts=("amount", "currency_id"),
        side="purchase",
    ),
    "deposit_claim": Source(
        "deposit.claim",
        "account",
        ("is_withdrawn",),
        (),
        (
            Chain(
                "state",
                "claim.",
                by("is_withdrawn", {True: "withdrawn"}, "made"),
            ),
        ),
        gone="claim.gone",
        shown=(),
        amounts=("amount",),
        side="purchase",
    ),
    "supply_question": Source(
        "supply.question",
        "",
        ("state", "user_id"),
        ("closed_at", "due_at"),
        (
            Chain(
                "state",
                "question.",
                text("state"),
                {"answered": "closed_at", "withdrawn": "closed_at"},
            ),
            of_whom("question"),
        ),
        first={"state": "open"},
        gone="question.gone",
        shown=("document_name", "department", "user_id"),
    ),
    "supply_promise_version": Source(
        "supply.promise.version",
        "care",
        ("told_on", "cause"),
        made=_told_or_moved,
        shown=("order_name", "product_name", "told_on", "likely_on"),
        user="{row}.user_id",
    ),
    "mail_message": Source(
        "mail.message",
        "",
        ("message_type",),
        made=_sent_or_received,
        when="{row}.message_type IN ('email', 'email_outgoing', 'comment') "
        "AND {row}.model IN ('sale.order', 'crm.lead', 'purchase.order', "
        "'account.move', 'res.partner')",
        user="{row}.create_uid",
        made_on="date",
        shown=("model",),
    ),
    "calendar_event": Source(
        "calendar.event",
        "care",
        ("start",),
        ("opportunity_id",),
        (Chain("start", "meeting.date", text("start"), is_value=True),),
        made=lambda row: "meeting.made",
        gone="meeting.gone",
        when="{row}.opportunity_id IS NOT NULL",
        shown=(),
    ),
}

#: Columns of the past that say when a row came into being or into a phase.
STAMPS = {
    table: tuple(
        dict.fromkeys(
            (
                *([source.made_on] if source.made or source.first else []),
                *(date for chain in source.chains for date in chain.dates.values()),
                *(["write_date"] if source.chains else []),
            )
        )
    )
    for table, source in SOURCES.items()
}

#: Kinds that join up chains, and that people need not see.
HIDDEN = {
    "lead.pending",
    "lead.merged",
    "sale.delivered_none",
    "sale.delivered_pending",
    "sale.delivered_started",
    "purchase.received_none",
    "purchase.received_pending",
    "picking.waiting",
    "picking.gone",
    "invoice.draft",
    "invoice.none",
    "invoice.gone",
    "payment.draft",
    "payment.gone",
    "approval.relimited",
    "approval.warned",
    "approval.stayed",
    "deposit.none",
    "question.gone",
}


def is_shown(fact: Fact) -> bool:
    """Tell whether people see an event in the feed."""
    if fact.chain and fact.was is None and fact.kind in ("lead.stage", "meeting.date"):
        return False  # said by the event of the new record
    has_value = fact.kind not in ("sale.date", "purchase.date") or fact.now is not None
    return fact.kind not in HIDDEN and has_value
