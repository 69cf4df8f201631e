"""From the events of a case to who held what, and when: plain Python.

Each document has one holder at a time, which follows from its events in their order:
what is being quoted, approved, paid in advance, delivered. This is the only place that
knows who holds a document in which state.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from .spans import OPEN, Interval


class Event(NamedTuple):
    """What steps need of an event.

    :param date: naive, UTC
    :param department: asked, if it is a question
    :param purchase: id of the purchase that it belongs to, if any
    :param holder: id of the user who has the document in hand, if known
    :param step: of the approval that it is about, if any
    :param return_of: id of the transfer whose goods this one takes back, if it does
    """

    date: datetime
    kind: str
    model: str
    res_id: int
    department: str = ""
    purchase: int | None = None
    holder: int | None = None
    step: str | None = None
    return_of: int | None = None


#: Who holds an order, and in which step, after an event; nothing: not because of it.
SALE = {
    "sale.quoted": ("care", "quotation"),
    "sale.sent": ("customer", "decision"),
    "sale.confirmed": None,
    "sale.cancelled": None,
    "sale.gone": None,
}
LEAD = {
    "lead.made": ("care", "opportunity"),
    "lead.pending": ("care", "opportunity"),
    "lead.won": None,
    "lead.lost": None,
    "lead.gone": None,
    "lead.merged": None,
}
PICKING = {
    "picking.ready": ("stock", "transfer"),
    "picking.waiting": None,
    "picking.done": None,
    "picking.cancelled": None,
    "picking.gone": None,
}
PURCHASE = {
    "purchase.quoted": ("purchase", "quotation"),
    "purchase.sent": ("vendor", "offer"),
    "purchase.submitted": ("approval", "approval"),
    "purchase.ordered": ("vendor", "delivery"),
    "purchase.cancelled": None,
    "purchase.gone": None,
}
#: What an approval is waiting for, after each event in its log.
APPROVAL = {
    "approval.submitted": ("approval", "approval"),
    "approval.questioned": ("purchase", "information"),
    "approval.answered": ("approval", "approval"),
    **dict.fromkeys(
        (
            "approval.granted",
            "approval.rejected",
            "approval.withdrawn",
            "approval.superseded",
            "approval.cancelled",
        )
    ),
}
#: What approvers asked, and got an answer to.
ASKED, INFORMED = "approval.questioned", "approval.answered"
#: Whoever approves or forwards what they asked about waits for no answer any more.
DECIDED = ("approval.approved", "approval.forwarded")
#: The step before decides again, and everybody after it later.
SENT_BACK = "approval.sent_back"
#: Whom the vendor waits for, by what became of a deposit.
DEPOSIT = {
    "deposit.waiting": ("approval", "deposit"),
    "deposit.due": ("account", "deposit"),
    **dict.fromkeys(
        ("deposit.planned", "deposit.paid", "deposit.done", "deposit.cancelled")
    ),
}
QUESTION = ("question.asked", "question.open")
ANSWERED = ("question.answered", "question.withdrawn", "question.gone")
#: A document is given to somebody else, who goes on with it.
GIVEN = ("sale.holder", "lead.holder", "purchase.holder", "question.holder")
#: A purchase goes on, and serves the case no more.
LEFT = "purchase.left"
#: Transfers that are over.
CLOSED = {kind for kind, who in PICKING.items() if not who} - {"picking.waiting"}
#: Sales that wait for no goods any more.
DELIVERED, OVER = "sale.delivered", ("sale.cancelled", "sale.gone")
#: What is told of the goods of a purchase.
RECEIVED = "purchase.received"


def find_intervals(events):
    """Return who held what of a case.

    :param events: :class:`Event` of the case, in their order
    :return: :class:`~.spans.Interval`; those that have not ended end ``OPEN``
    :rtype: list
    """
    found, purchases, quoted = [], defaultdict(list), None
    for (model, res_id), mine in _by_document(events).items():
        if model == "sale.order":
            found += _walk(model, res_id, mine, SALE)
            quoted = min(quoted or OPEN, mine[0].date)
        elif model == "stock.picking" and not mine[0].purchase:
            found += _walk(model, res_id, mine, PICKING)
        elif model == "supply.question":
            found += _ask(res_id, [*mine, *_leaving(mine[0], events)])
    for (model, res_id), mine in _by_document(events).items():
        if model == "crm.lead":
            # from the quotation on it is the order that somebody has
            found += [
                each._replace(end=min(each.end, quoted or OPEN))
                for each in _walk(model, res_id, mine, LEAD)
                if each.start < (quoted or OPEN)
            ]
    for event in events:
        if event.purchase:
            purchases[event.purchase].append(event)
    for purchase, mine in purchases.items():
        found += _walk_purchase(purchase, mine)
    return [each for each in found if each.start < each.end]


def find_end(events):
    """Return when a case ended, or ``OPEN``.

    An order ends when its goods are delivered, at its confirmation if it has none, or
    when it is cancelled. An opportunity ends when it is won or lost, or with the first
    order; those that were merged into it do not end it.
    """
    if any(event.model == "sale.order" for event in events):
        return _find_end_of_sale(events)
    leads = {event.res_id: event for event in events if event.kind in LEAD}
    lasts = [event for event in leads.values() if event.kind != "lead.merged"]
    if lasts and all(LEAD[event.kind] is None for event in lasts):
        return max(event.date for event in lasts)
    return OPEN


def find_end_of_purchase(events):
    """Return when a purchase alone ended, or ``OPEN``: when all of it is received, or
    when it is cancelled."""
    states = [event for event in events if event.kind in PURCHASE]
    if states and PURCHASE[states[-1].kind] is None:
        return states[-1].date
    received = states and _find_arrival(RECEIVED, events)
    return max(states[-1].date, received) if received else OPEN


def _find_end_of_sale(events):
    states = [event for event in events if event.kind in SALE]
    if states and states[-1].kind in OVER:
        return states[-1].date
    if not states or states[-1].kind != "sale.confirmed":
        return OPEN
    kinds = [event.kind for event in events if event.kind.startswith(DELIVERED)]
    if not kinds or kinds[-1] == f"{DELIVERED}_none":
        return states[-1].date
    # what is received for it is of its purchases
    delivered = _find_arrival(DELIVERED, [each for each in events if not each.purchase])
    return max(states[-1].date, delivered) if delivered else OPEN


def _find_arrival(status, events):
    """Return since when all goods are where they belong, or nothing.

    :param str status: what kinds begin with that tell so
    :param events: of the document and its transfers, in their order
    """
    goods, since = _Goods(status, events), None
    moments = {}
    for event in events:
        moments.setdefault(event.date, []).append(event)
    for moment, together in moments.items():
        for event in together:
            goods.see(event)
        if not goods.are_there:
            since = None
        elif not since:
            since = moment if goods.is_full else goods.closed_on or moment
    return since


def _find_returns(events):
    """Return the ids of transfers that take goods back; of those that take back what
    came back, none: these go where they belong."""
    transfers = {}
    for event in events:
        if event.model == "stock.picking":
            transfers[event.res_id] = transfers.get(event.res_id) or event.return_of
    found = set()
    for id_ in transfers:
        # as often as goods were taken back: a delivery may be older than what of its
        # goods was put back before it, and picked again
        chain = []
        while id_ not in chain and transfers.get(id_):
            chain.append(id_)
            id_ = transfers[id_]
        found.update(chain[-1::-2])
    return found


def _by_document(events):
    found = defaultdict(list)
    for event in events:
        found[event.model, event.res_id].append(event)
    return found


def _walk(model, res_id, events, holders):
    """Return the intervals of a document with one holder at a time."""
    found, current = [], None
    for event in events:
        if event.kind in GIVEN and current:
            found += _give(current, event)
            current = found.pop()
        if event.kind not in holders:
            continue
        if current:
            found.append(current._replace(end=event.date))
        who = holders[event.kind]
        current = who and Interval(
            event.date, OPEN, model, res_id, *who, holder=event.holder
        )
    if current:
        found.append(current)
    return found


def _give(current, event):
    """Return what somebody held until then, if there is more to it, and what somebody
    else holds from then on."""
    if event.holder == current.holder:
        return [current]
    return [
        current._replace(end=event.date),
        current._replace(start=event.date, holder=event.holder),
    ]


def _leaving(event, events):
    """Return when a purchase left that an event is of: nobody in the case is asked any
    more about it."""
    return [
        each
        for each in events
        if each.kind == LEFT and each.purchase and each.purchase == event.purchase
    ]


def _ask(res_id, events):
    """Return when a question was with whom it asks; it may be asked again."""
    found, current = [], None
    for event in sorted(events, key=lambda each: each.date):
        if event.kind in QUESTION and not current:
            current = Interval(
                event.date,
                OPEN,
                "supply.question",
                res_id,
                event.department,
                "answer",
                event.holder,
            )
        elif event.kind in GIVEN and current:
            found += _give(current, event)
            current = found.pop()
        elif event.kind in (*ANSWERED, LEFT) and current:
            found.append(current._replace(end=event.date))
            current = None
    return [*found, current] if current else found


class _Goods:
    """Whether the goods of a document are where they belong, by what is known so far:
    when Odoo says so. To Odoo they are not while some are taken back, nor then all of
    them; whatever arrived in full has done so, until more is to be moved there.

    :param str status: what kinds begin with that tell what Odoo says
    :param events: of the document and its transfers
    """

    def __init__(self, status, events):
        self.status, self.returns = status, _find_returns(events)
        self.is_full, self.open, self.closed_on = False, set(), None

    def see(self, event):
        if event.kind.startswith(self.status):
            self.is_full = event.kind == f"{self.status}_full"
        elif event.kind in CLOSED:
            self.open.discard(event.res_id)
            if event.res_id not in self.returns:
                self.closed_on = event.date
        elif event.kind in PICKING:
            self.open.add(event.res_id)

    @property
    def are_there(self):
        return self.is_full or bool(self.open) and self.open <= self.returns


class _Purchase:
    """What a purchase waits for, by what is known of it so far.

    :param events: all of them
    """

    def __init__(self, events):
        self.state = self.approval = self.holder = None
        self.deposits, self.goods = {}, _Goods(RECEIVED, events)
        self.is_left = False

    def see(self, event):
        self.is_left = event.kind == LEFT
        self.goods.see(event)
        if event.kind in PURCHASE:
            self.state = PURCHASE[event.kind]
            self.holder = event.holder or self.holder
        elif event.kind in GIVEN:
            self.holder = event.holder
        elif event.kind in APPROVAL:
            self.approval = APPROVAL[event.kind]
        elif event.kind in DEPOSIT:
            self.deposits[event.res_id] = DEPOSIT[event.kind]

    def who(self):
        """Return who has it: department, step and user."""
        if not self.state or self.is_left:
            return None
        if self.state == PURCHASE["purchase.ordered"]:
            if self.goods.are_there:
                return None
            # a vendor begins when the money is there
            waiting = sorted(filter(None, self.deposits.values()))
            return (*(waiting[0] if waiting else self.state), None)
        who = self.approval or self.state
        return (*who, self.holder if who[0] == "purchase" else None)


def _settle(events):
    """Return the events of a purchase, in which a decision that nobody waits for an
    answer after says that there is one.

    Where several decide a step, one of them may still wait for it: the answer comes.
    """
    settled, asked = [], set()
    for number, event in enumerate(events):
        if event.kind == ASKED:
            asked.add(event.step)
        elif event.kind in APPROVAL:
            asked.clear()
        elif asked and event.kind in (*DECIDED, SENT_BACK):
            if event.kind == SENT_BACK:
                asked.clear()
            elif not _is_answered(events[number + 1 :]):
                asked.discard(event.step)
            if not asked:
                event = event._replace(kind=INFORMED)
        settled.append(event)
    return settled


def _is_answered(events):
    """Return whether there is an answer before anything else is asked."""
    kinds = (event.kind for event in events if event.kind in APPROVAL)
    return next(kinds, None) == INFORMED


def _walk_purchase(purchase, events):
    found, current, what = [], None, _Purchase(events)
    for event in _settle(events):
        what.see(event)
        who = what.who()
        if who == (current and current[4:]):
            continue
        if current:
            found.append(current._replace(end=event.date))
        current = who and Interval(event.date, OPEN, "purchase.order", purchase, *who)
    if current:
        found.append(current)
    return found
