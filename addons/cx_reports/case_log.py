"""A log of cases as other programs read it, XES and CSV: plain Python.

XES is IEEE 1849-2016. What is given is written as it comes, so that a log of any length
takes little memory.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

#: What XML has no way to write.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: How a spreadsheet's formulas begin; in Japan and China signs may be wide.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
EXTENSIONS = {
    "Concept": "concept",
    "Lifecycle": "lifecycle",
    "Organizational": "org",
    "Time": "time",
}
COLUMNS = (
    "case",
    "name",
    "activity",
    "lifecycle",
    "timestamp",
    "department",
    "person",
    "document",
)


class Entry(NamedTuple):
    """Something that happened in a case, or the start or the end of a time in it.

    :param at: with a time zone
    :param lifecycle: *start* or *complete*
    :param group: department
    :param resource: name of a person
    :param document: what it happened to
    """

    activity: str
    at: datetime
    lifecycle: str = "complete"
    group: str = ""
    resource: str = ""
    document: str = ""


class Trace(NamedTuple):
    """A case.

    :param key: tells it from all others
    :param name: what people call it
    :param entries: in their order
    """

    key: str
    name: str
    entries: list[Entry]


def write_xes(traces: Iterable[Trace]) -> Iterator[str]:
    """Yield a log as XES, part by part."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<log xes.version="1849-2016" xes.features="" '
        'xmlns="http://www.xes-standard.org/">\n'
    )
    for name, prefix in EXTENSIONS.items():
        uri = f"http://www.xes-standard.org/{prefix}.xesext"
        yield f'  <extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n'
    yield (
        '  <global scope="trace">\n    <string key="concept:name" value=""/>\n'
        "  </global>\n"
        '  <global scope="event">\n    <string key="concept:name" value=""/>\n'
        '    <date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>\n'
        '    <string key="lifecycle:transition" value="complete"/>\n  </global>\n'
        '  <classifier name="Activity" keys="concept:name"/>\n'
        '  <string key="lifecycle:model" value="standard"/>\n'
    )
    for trace in traces:
        yield "".join(_trace(trace))
    yield "</log>\n"


def _trace(trace):
    yield "  <trace>\n"
    yield _string("concept:name", trace.key, 4)
    yield _string("name", trace.name, 4)
    for entry in trace.entries:
        yield "    <event>\n"
        yield _string("concept:name", entry.activity)
        yield f'      <date key="time:timestamp" value="{_moment(entry.at)}"/>\n'
        yield _string("lifecycle:transition", entry.lifecycle)
        for key, value in (
            ("org:group", entry.group),
            ("org:resource", entry.resource),
            ("document", entry.document),
        ):
            if value:
                yield _string(key, value)
        yield "    </event>\n"
    yield "  </trace>\n"


def _string(key, value, indent=6):
    value = quoteattr(UNWRITABLE.sub("", value))
    return f'{" " * indent}<string key="{key}" value={value}/>\n'


def _moment(at):
    return at.isoformat(timespec="milliseconds")


def write_csv(traces: Iterable[Trace]) -> Iterator[str]:
    """Yield a log as CSV, part by part: a row for each entry.

    What a spreadsheet would take for a formula begins with an apostrophe, as in Odoo's
    own exports.
    """
    yield "\ufeff" + _rows([COLUMNS])  # so that spreadsheets read it as UTF-8
    for trace in traces:
        yield _rows(
            (
                trace.key,
                trace.name,
                entry.activity,
                entry.lifecycle,
                _moment(entry.at),
                entry.group,
                entry.resource,
                entry.document,
            )
            for entry in trace.entries
        )


def _rows(rows):
    written = io.StringIO()
    writer = csv.writer(written)
    for row in rows:
        writer.writerow(map(defuse, row))
    return written.getvalue()


def defuse(value):
    """Return a cell that no spreadsheet takes for a formula: a text that would be one
    begins with an apostrophe."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
