"""Who is decisive, by looking at each minute of a case: slow, and by other rules."""

from datetime import datetime, timedelta
from typing import NamedTuple

MINUTE = timedelta(minutes=1)


def minutes(intervals, start, end):
    """Return what is decisive in each minute: an interval, or nothing.

    Of those that cover the minute, the one that nobody outlasts.
    """
    found, moment = [], start
    while moment < end:
        there = [each for each in intervals if each.start <= moment < each.end]
        longest = [
            each
            for each in there
            if not any(min(other.end, end) > min(each.end, end) for other in there)
        ]
        found.append((moment, longest))
        moment += MINUTE
    return found


# ------------------------------------------------------------
# FROM EVENTS
# ------------------------------------------------------------

#: Who has a document after an event, and what they do; nothing: nobody. What is not
#: here changes nothing.
AFTER = {
    "sale.quoted": ("care", "quotation"),
    "sale.sent": ("customer", "decision"),
    "sale.confirmed": None,
    "sale.cancelled": None,
    "sale.gone": None,
    "lead.made": ("care", "opportunity"),
    "lead.pending": ("care", "opportunity"),
    "lead.won": None,
    "lead.lost": None,
    "lead.merged": None,
    "lead.gone": None,
    "picking.ready": ("stock", "transfer"),
    "picking.waiting": None,
    "picking.done": None,
    "picking.cancelled": None,
    "picking.gone": None,
}
CLOSED = ("question.answered", "question.withdrawn", "question.gone")
ONE_HOLDER = ("sale.order", "crm.lead", "stock.picking")


class Turn(NamedTuple):
    """Somebody's turn with a document, in the order in which a case waits for them: for
    the one that ends last, of those for the one that began last."""

    end: datetime
    start: datetime
    model: str
    res_id: int
    department: str
    step: str
    holder: int


def find_end(events):
    """Return when a case ended; nothing: it goes on.

    :param events: with *date*, *kind*, *model* and *res_id*, in their order
    """
    sales = [event for event in events if event.model == "sale.order"]
    if not sales:
        return _find_end_of_leads(events)
    states = [each for each in sales if each.kind in AFTER]
    goods = [each for each in sales if each.kind.startswith("sale.delivered")]
    if not states:
        return None
    last = states[-1]
    if last.kind in ("sale.cancelled", "sale.gone"):
        return last.date
    if last.kind != "sale.confirmed":
        return None
    if not goods or goods[-1].kind == "sale.delivered_none":
        return last.date
    arrived = find_arrival([e for e in events if not e.purchase], "sale.delivered")
    return max(last.date, arrived) if arrived else None


def find_arrival(events, status):
    """Return since when goods are where they belong, without a break; nothing: they are
    not. All that was known at each moment is looked at again, the latest first.

    :param str status: what kinds begin with that say what Odoo says
    """
    since = None
    for moment in sorted({event.date for event in events}, reverse=True):
        known = [event for event in events if event.date <= moment]
        if not have_arrived(known, status, events):
            break
        since = moment
    if not since or _is_full([e for e in events if e.date <= since], status):
        return since
    ends = [
        event.date
        for event in events
        if event.kind in ("picking.done", "picking.cancelled", "picking.gone")
        and event.date <= since
        and not takes_back(events, event.res_id)
    ]
    return max(ends, default=since)


def have_arrived(known, status, events):
    """Return whether goods are where they belong by what is known: they are as Odoo
    says, or all that is still moved is taken back."""
    last = {e.res_id: e.kind for e in known if e.kind.startswith("picking.")}
    moved = [
        number
        for number, kind in last.items()
        if kind in ("picking.ready", "picking.waiting")
    ]
    are_returns = [takes_back(events, number) for number in moved]
    return _is_full(known, status) or bool(moved) and all(are_returns)


def _is_full(known, status):
    kinds = [event.kind for event in known if event.kind.startswith(status)]
    return kinds[-1:] == [f"{status}_full"]


def takes_back(events, number, before=()):
    """Return whether a transfer takes back what another one brought: what takes back
    what came back does not."""
    mine = [e for e in events if (e.model, e.res_id) == ("stock.picking", number)]
    of = next((event.return_of for event in mine if event.return_of), None)
    if of is None or number in before:
        return False
    return not takes_back(events, of, (*before, number))


def _find_end_of_leads(events):
    ends, numbers = [], {e.res_id for e in events if e.model == "crm.lead"}
    for number in numbers:
        mine = [e for e in events if e.res_id == number and e.model == "crm.lead"]
        mine = [event for event in mine if event.kind in AFTER]
        if mine and mine[-1].kind != "lead.merged":
            ends.append(None if AFTER[mine[-1].kind] else mine[-1].date)
    return max(ends) if ends and all(ends) else None


def find_decisive(events):
    """Return whom a case waited for, minute by minute.

    In each minute all that happened so far is looked at again: who has what, and until
    when; the case waits for the turn that ends last.

    :return: start, end (nothing: it goes on), and the turn, if there is one
    :rtype: list
    """
    start, end = events[0].date, find_end(events)
    last = end or max(event.date for event in events) + MINUTE
    found, moment = [], start
    while moment < last:
        turns = [
            turn._replace(end=min(turn.end, end or datetime.max))
            for turn in look(events, moment)
        ]
        turn = max(turns, default=None)
        if found and found[-1][2] == turn:
            found[-1][1] = moment + MINUTE
        else:
            found.append([moment, moment + MINUTE, turn])
        moment += MINUTE
    if found and not end:
        found[-1][1] = None
    return found


def look(events, moment):
    """Return the turns in a case at a moment."""
    quoted = min(
        (event.date for event in events if event.model == "sale.order"),
        default=datetime.max,
    )
    turns = []
    for model, number in {(event.model, event.res_id) for event in events}:
        mine = [e for e in events if (e.model, e.res_id) == (model, number)]
        if model in ONE_HOLDER:
            turn = _look_at_document(mine, moment)
        elif model == "supply.question":
            turn = _look_at_question(mine, moment)
        else:
            continue
        if turn and model == "stock.picking" and mine[0].purchase:
            turn = None  # the vendor has it until it is received
        if turn and model == "crm.lead":
            turn = turn._replace(end=min(turn.end, quoted)) if moment < quoted else None
        turns.append(turn)
    for purchase in {event.purchase for event in events if event.purchase}:
        mine = [event for event in events if event.purchase == purchase]
        turns.append(_look_at_purchase(purchase, mine, moment))
    return [turn for turn in turns if turn]


def _look_at_document(events, moment):
    """Whoever had the last event has it, until the next one."""
    places = [n for n, event in enumerate(events) if event.kind in AFTER]
    past = [n for n in places if events[n].date <= moment]
    if not past or not AFTER[events[past[-1]].kind]:
        return None
    last = events[past[-1]]
    future = [n for n in places if events[n].date > moment]
    end = min((events[n].date for n in future), default=datetime.max)
    between = events[past[-1] + 1 : future[0] if future else None]
    start, end, holder = _look_at_holder(last, between, end, moment)
    return Turn(end, start, last.model, last.res_id, *AFTER[last.kind], holder)


def _look_at_holder(last, between, end, moment):
    """Return since when and until when somebody has a document, and who.

    :param last: the event since which it is held
    :param between: what happened from then until it is held no more, at *end*
    """
    turns = [(last.date, last.holder or 0)]
    for event in between:
        if event.kind.endswith(".holder") and (event.holder or 0) != turns[-1][1]:
            turns.append((event.date, event.holder or 0))
    start, holder = [turn for turn in turns if turn[0] <= moment][-1]
    return start, min([end, *(each for each, _who in turns if each > moment)]), holder


def _look_at_question(events, moment):
    """It is with whom it asks from when it is asked until it is closed, and again."""
    past = [event for event in events if event.date <= moment]
    closed = [n for n, e in enumerate(past) if e.kind in CLOSED]
    since = [
        e for e in past[max(closed, default=-1) + 1 :] if e.kind == "question.open"
    ]
    if not since:
        return None
    asked = since[0]
    after = events[events.index(asked) + 1 :]
    ends = [n for n, event in enumerate(after) if event.kind in CLOSED]
    end = after[ends[0]].date if ends else datetime.max
    between = after[: ends[0] if ends else None]
    start, end, holder = _look_at_holder(asked, between, end, moment)
    return Turn(
        end, start, asked.model, asked.res_id, asked.department, "answer", holder
    )


def _look_at_purchase(purchase, events, moment):
    """It is with whoever has it by all that is known, until somebody else has it."""
    known = [_find_holder(events, number + 1) for number in range(len(events))]
    at = sum(event.date <= moment for event in events) - 1
    if at < 0 or not known[at]:
        return None
    first = at
    while first and known[first - 1] == known[at]:
        first -= 1
    later = (
        event.date
        for event, who in zip(events[at + 1 :], known[at + 1 :], strict=True)
        if who != known[at]
    )
    end = min(later, default=datetime.max)
    return Turn(end, events[first].date, "purchase.order", purchase, *known[at])


def _waits_for_answer(events, place, count):
    """Return whether after so many events an approver waits for the answer to what was
    asked at a place: nobody answered, the request did not begin anew, and the step was
    decided by nobody, or only by others, as the answer still came."""
    step = events[place].step
    anew = [
        number
        for number, event in enumerate(events)
        if number > place
        and event.kind.startswith("approval.")
        and event.kind.split(".")[1]
        not in ("approved", "forwarded", "sent_back", "questioned")
    ]
    first = anew[0] if anew else len(events)
    if first < count:
        return False
    for number in range(place + 1, count):
        kind = events[number].kind
        if kind == "approval.sent_back":
            return False
        if kind in ("approval.approved", "approval.forwarded"):
            asked_later = any(
                event.kind == "approval.questioned"
                for event in events[number + 1 : first]
            )
            is_answered = bool(anew) and events[first].kind == "approval.answered"
            if events[number].step == step and (asked_later or not is_answered):
                return False
    return True


def _find_holder(story, count):
    """Return who has a purchase after so many events: department, step and person."""
    events = story[:count]

    def last(*names):
        mine = [event.kind for event in events if event.kind.startswith(names)]
        return mine[-1] if mine else ""

    if events[-1].kind == "purchase.left":
        return None
    state = last(
        "purchase.quoted",
        "purchase.sent",
        "purchase.submitted",
        "purchase.ordered",
        "purchase.cancelled",
        "purchase.gone",
    )
    if state in ("", "purchase.cancelled", "purchase.gone"):
        return None
    if state == "purchase.ordered":
        if have_arrived(events, "purchase.received", story):
            return None
        deposits = {e.res_id: e.kind for e in events if e.kind.startswith("deposit.")}
        if "deposit.due" in deposits.values():
            return "account", "deposit", 0
        if "deposit.waiting" in deposits.values():
            return "approval", "deposit", 0
        return "vendor", "delivery", 0
    asked = last(
        "approval.submitted",
        "approval.questioned",
        "approval.answered",
        "approval.granted",
        "approval.rejected",
        "approval.withdrawn",
        "approval.superseded",
        "approval.cancelled",
    )
    buyer = 0
    for event in events:
        if event.kind == "purchase.holder":
            buyer = event.holder or 0
        elif event.model == "purchase.order" and not event.kind.startswith(
            ("purchase.received", "purchase.date", "purchase.left")
        ):
            buyer = event.holder or buyer
    if any(
        event.kind == "approval.questioned" and _waits_for_answer(story, place, count)
        for place, event in enumerate(events)
    ):
        return "purchase", "information", buyer
    if asked in ("approval.submitted", "approval.questioned", "approval.answered"):
        return "approval", "approval", 0
    if state == "purchase.sent":
        return "vendor", "offer", 0
    if state == "purchase.submitted":
        return "approval", "approval", 0
    return "purchase", "quotation", buyer
