"""What a request must look like, by its log. Plain Python, no Odoo.

The log can only grow, and each of its rows is sealed by the next. State, tasks and
terms of a request can be changed by whoever runs code or SQL in the database. So the
log is replayed, and what it does not account for is a problem. A new operation on
requests must be known here, too.
"""

from collections import Counter
from typing import NamedTuple

from .fingerprint import fingerprint

#: What a request becomes by these events.
ENDS = {
    "granted": "approved",
    "restored": "approved",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
    "superseded": "superseded",
    "cancelled": "cancelled",
}
#: What may happen to requests that are not open any more.
LATER = {
    "approved": {"kept", "superseded", "cancelled"},
    "superseded": {"restored"},  # its terms are back
    "rejected": {"rejected"},  # one decision may reject several steps
}
DECISIONS = ("approved", "rejected")
#: Amounts are stored in the database with as many digits as it likes.
EPSILON = 1e-6


class Row(NamedTuple):
    """A row of the log: who did what, in whose place, in which step."""

    event: str
    user: int | None = None
    on_behalf_of: int | None = None
    step: str | None = None
    comment: str | None = None
    details: dict | None = None

    @property
    def approver(self):
        return self.on_behalf_of or self.user


class Task(NamedTuple):
    """One approver's part in one step."""

    key: int
    step: str
    stage: int
    needed: int
    user: int
    holder: int
    origin: str
    state: str
    decided_by: int | None = None


class Request(NamedTuple):
    """A request as the database has it now."""

    state: str
    terms: object = None
    fingerprint: str | None = None
    excluded: tuple = ()
    amounts: dict = {}


class Problem(NamedTuple):
    """What the log does not account for: the name of a sentence, and its values."""

    name: str
    values: dict = {}


def describe(request, tasks):
    """Return what the first row of a log seals of a request.

    :param Request request: as it was made
    :param tasks: all its :class:`Task`
    """
    steps = {}
    for task in tasks:
        step = [task.key, task.step, task.stage, task.needed, []]
        steps.setdefault(task.key, step)[-1].append(task.user)
    return {
        "fingerprint": request.fingerprint,
        "excluded": sorted(request.excluded),
        "amounts": {name: repr(float(each)) for name, each in request.amounts.items()},
        "steps": [[*step[:-1], sorted(step[-1])] for step in steps.values()],
    }


def find_problems(request, tasks, rows):
    """Compare a request with its log.

    :param Request request: as it is now
    :param tasks: all its :class:`Task`
    :param rows: its log, as :class:`Row` in order
    :return: list of :class:`Problem`; empty if the log accounts for everything
    """
    return [
        *_compare_state(request, tasks, rows),
        *_compare_terms(request, rows),
        *_compare_start(request, tasks, rows),
        *_compare_hand_overs(tasks, rows),
        *_compare_decisions(request, tasks, rows),
        *_compare_quorum(tasks, rows),
        *_compare_sent_back(tasks, rows),
    ]


def _compare_state(request, tasks, rows):
    """Each state has its event, and none that could not follow on the one before."""
    if not rows or rows[0].event != "submitted":
        yield Problem("not_submitted")
    state = "open"
    for number, row in enumerate(rows, 1):
        first = row.event == "submitted"
        if first != (number == 1) and rows[0].event == "submitted":
            yield Problem("out_of_turn", {"row": number})
        elif state == "open":
            state = ENDS.get(row.event, state)
        elif row.event in LATER.get(state, ()):
            state = ENDS.get(row.event, state)
        else:
            yield Problem("out_of_turn", {"row": number})
    if request.state != state:
        yield Problem("state", {"state": request.state, "logged": state})
    running = any(task.state in ("waiting", "active") for task in tasks)
    if running and state != "open":
        yield Problem("running")


def _compare_terms(request, rows):
    """The terms are those that were submitted, or the last that were kept."""
    if request.fingerprint and fingerprint(request.terms) != request.fingerprint:
        yield Problem("fingerprint")
    kept = [row.details or {} for row in rows if row.event == "kept"]
    sealed = _get_start(rows).get("fingerprint")
    first = kept[0].get("before") if kept else request.terms
    if sealed and fingerprint(first) != sealed:
        yield Problem("terms")
    befores = [*kept[1:], {"before": request.terms}]
    for each, following in zip(kept, befores, strict=False):
        if each.get("after") != following.get("before"):
            yield Problem("terms")


def _compare_start(request, tasks, rows):
    """Who is asked, who is kept out and what was asked about is as at the start.

    Requests from before this was sealed have nothing to compare with.
    """
    start = _get_start(rows)
    if not start:
        return
    if sorted(request.excluded) != start["excluded"]:
        yield Problem("excluded")
    for name, text in start["amounts"].items():
        then, now = float(text), request.amounts.get(name, 0.0)
        if abs(then - now) > EPSILON * max(1.0, abs(then)):
            kind = "tolerance" if name == "tolerance" else "amount"
            yield Problem(kind, {"before": f"{then:g}", "after": f"{now:g}"})
    known = set()
    for key, *step, users in start["steps"]:
        known.add(key)
        mine = [task for task in tasks if task.key == key]
        same = all([task.step, task.stage, task.needed] == step for task in mine)
        by_rule = sorted(task.user for task in mine if task.origin == "rule")
        if not same or by_rule != users:
            yield Problem("asked", {"step": step[0]})
    for name in sorted({task.step for task in tasks if task.key not in known}):
        yield Problem("asked", {"step": name})


def _compare_hand_overs(tasks, rows):
    """Whoever was not named by the rule got the task from somebody."""
    for origin, event in (("forward", "forwarded"), ("escalation", "escalated")):
        made = Counter(task.step for task in tasks if task.origin == origin)
        logged = Counter(row.step for row in rows if row.event == event)
        for step in made - logged:
            yield Problem("handed_over", {"step": step})
    gone = Counter(
        (task.step, task.user) for task in tasks if task.state == "forwarded"
    )
    said = Counter((row.step, row.approver) for row in rows if row.event == "forwarded")
    for step, _user in gone - said:
        yield Problem("handed_over", {"step": step})


def _compare_decisions(request, tasks, rows):
    """Each decision of a task is in the log, and the other way round, and was taken by
    the approver or whoever held the task."""
    void, _unknown = _find_void(rows)
    for decision in DECISIONS:
        decided = [task for task in tasks if task.state == decision]
        on_tasks = Counter((task.step, task.decided_by, task.user) for task in decided)
        in_log = Counter(
            (row.step, row.user, row.approver)
            for number, row in enumerate(rows)
            if row.event == decision and row.step and number not in void
        )
        for step, user, _approver in on_tasks - in_log:
            values = {"step": step, "user": user, "decision": decision}
            yield Problem("not_logged", values)
        for step, user, _approver in in_log - on_tasks:
            values = {"step": step, "user": user, "decision": decision}
            yield Problem("not_decided", values)
        for task in decided:
            values = {"step": task.step, "user": task.decided_by}
            if task.decided_by not in (task.user, task.holder):
                yield Problem("not_asked", values)
            if decision == "approved" and task.decided_by in request.excluded:
                yield Problem("own", values)


def _compare_quorum(tasks, rows):
    """What is approved has the approvals that each of its steps needs, and nobody
    decided a step before its turn."""
    left = [task for task in tasks if task.state == "approved"]
    done = Counter()
    passed_on = set()
    steps = {task.key: task for task in sorted(tasks, key=lambda task: task.stage)}

    def lacking(before=None):
        return [
            task
            for key, task in steps.items()
            if (before is None or task.stage < before)
            and done[key] < task.needed
            and task.step not in passed_on
        ]

    void, _unknown = _find_void(rows)
    for number, row in enumerate(rows):
        if row.event == "escalated" and not row.comment:
            passed_on.add(row.step)  # to the next step
        elif row.event == "sent_back":
            asked_again = (row.details or {}).get("steps", ())
            passed_on.difference_update(name for _key, name in asked_again)
        elif row.event == "approved" and number not in void:
            mine = [
                task
                for task in left
                if (task.step, task.user) == (row.step, row.approver)
            ]
            if mine:
                task = min(mine, key=lambda task: task.stage)
                left.remove(task)
                if lacking(task.stage):
                    yield Problem("before_its_turn", {"step": task.step})
                done[task.key] += 1
        elif row.event == "granted":
            for task in lacking():
                values = {"step": task.step, "needed": task.needed}
                yield Problem("quorum", {**values, "given": done[task.key]})


def _compare_sent_back(tasks, rows):
    """Only who was asked sends a request back, and only what was decided counts no
    more."""
    for row in rows:
        if row.event == "sent_back" and not any(
            (task.step, task.user) == (row.step, row.approver) for task in tasks
        ):
            yield Problem("not_asked", {"step": row.step, "user": row.approver})
    _void, unknown = _find_void(rows)
    for step in unknown:
        yield Problem("sent_back", {"step": step})


def _find_void(rows):
    """Return which decisions do not count, because the request was sent back to a step
    before.

    :return: numbers of rows, and steps of decisions to forget that are not there
    """
    void, unknown = set(), []
    for at, row in enumerate(rows):
        if row.event != "sent_back":
            continue
        for step, user, approver in (row.details or {}).get("void", ()):
            decided = [
                number
                for number, other in enumerate(rows[:at])
                if other.event == "approved"
                and number not in void
                and (other.step, other.user, other.approver) == (step, user, approver)
            ]
            if decided:
                void.add(decided[-1])
            else:
                unknown.append(step)
    return void, unknown


def _get_start(rows):
    """Return what the first row sealed, see :func:`describe`."""
    return rows[0].details or {} if rows and rows[0].event == "submitted" else {}
