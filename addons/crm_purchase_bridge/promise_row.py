"""What the row of a promise says of an outlook, and whether it does already, without
Odoo."""

from datetime import timedelta

from odoo.addons.supply_link.pegging import NEVER

#: Quantities of products have at most so many digits.
DIGITS = 6
#: The worst comes first.
RISKS = ("late", "unknown", "unsafe", "open", "safe")


class Stored:
    """What is kept of a promise, as plain values.

    :param dict values: by name of the field; nothing: there is no promise yet
    """

    def __init__(self, values=None):
        self._values = values or {}
        self.id = self._values.get("id")
        self.is_open = self._values.get("is_open", False)
        self.told_on = self._values.get("told_on") or False
        self.wanted_on = self._values.get("wanted_on") or False
        self.likely_on = self._values.get("likely_on") or False
        self.ordered_at = self._values.get("ordered_at") or False
        self.ordered_wanted_on = self._values.get("ordered_wanted_on") or False
        self.ordered_safe_on = self._values.get("ordered_safe_on") or False
        self.risk = self._values.get("risk")
        self.sources = self._values.get("sources") or []

    def get_differing(self, values):
        """Return those of the values that are not kept."""
        return {
            name: value
            for name, value in values.items()
            # equal values, which is nearly always so, are told first: that is cheap
            if (here := self._values[name]) != value and not _is_same(here, value)
        }


def _is_same(here, value):
    if isinstance(value, float):
        return not round((here or 0.0) - value, DIGITS)
    return (here or False) == (value or False)


NOTHING = Stored()


def get_buy_by(due, outlook):
    """Return when what an order lacks must be bought: so many days before it is due
    as buying takes. It may be over."""
    short, due = outlook.shortage, due or outlook.shortage.planned_on
    if outlook.facts.state != "sale" or not short.quantity or short.days is None:
        return False
    return due and due - timedelta(days=short.days)


def get_method(answer):
    """Return how the goods come that take longest, as a key of ``method``.

    :param answer: :class:`promising.Answer`
    """
    ways = [
        ("none" if part.likely == NEVER else "buy")
        if part.way == "unplaced"
        else part.way
        for _day, _quantity, part in answer.parts
    ]
    for way in ("none", "buy", "bought", "incoming"):
        if way in ways:
            return {"bought": "incoming"}.get(way, way)
    return "stock"


def get_risk(due, answer):
    """Return how what is possible stands to the day that counts, one of ``RISKS``.

    :param due: the day that was told, else wanted; nothing: there is none
    :param answer: :class:`promising.Answer`
    """
    if not answer.likely:
        return "unknown"
    if not due:
        return "open"
    if answer.likely > due:
        return "late"
    return "safe" if answer.safe and answer.safe <= due else "unsafe"


def get_confidence(answer, outlook, overdue):
    """Return how sure the days are, as a key of ``confidence``.

    :param answer: :class:`promising.Answer`
    :param outlook: ``supply_outlook.Outlook``
    :param bool overdue: whether what brings the goods should be there already
    """
    binding = answer.binding
    if overdue or not answer.likely:
        return "low"
    if binding and binding.way in ("buy", "none", "unplaced"):
        return "low"
    if not binding or binding.way == "stock":
        return "high"
    if outlook.source.code != "ordered":
        return "low"
    return "high" if answer.safe and answer.safe > answer.likely else "medium"


def prepare_reason(source, overdue):
    """Return what a line waits for, as it is kept; a moment is in UTC.

    :param source: ``Source`` of ``supply_outlook``
    :param bool overdue: whether it should be there already
    :rtype: dict
    """
    return {
        "code": source.code,
        "holders": list(source.holders),
        "since": source.since.isoformat(" ", "seconds") if source.since else None,
        "facts": source.facts,
        "overdue": overdue,
    }


def prepare_sources(outlook):
    """Return the parts of the goods as they are kept: quantity, day and what brings
    them.

    :param outlook: ``supply_outlook.Outlook``
    :rtype: list[dict]
    """
    prepared = []
    for (day, quantity, part), source in zip(
        outlook.answer.parts, outlook.sources, strict=True
    ):
        prepared.append(
            {
                "quantity": quantity,
                "day": day.isoformat() if day else None,
                "way": part.way,
                "line": part.key,
                "purchase": source.facts.get("purchase", "") if part.key else "",
                "code": source.code,
                "overdue": source.overdue,
                "planned": part.key and source.planned,
            }
        )
    return prepared
