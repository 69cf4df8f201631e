"""Pairs of customers made up by hand, with what a careful person says of each."""

from pathlib import Path

from odoo.addons.customer_base.matching.keys import (
    EMAIL,
    NAME,
    PHONE,
    TAX,
    get_keys,
    read_entry,
)
from odoo.addons.customer_base.matching.scoring import compare

PAIRS = Path(__file__).parent / "data" / "pairs.txt"
PARTS = {
    "t": "phone",
    "e": "email",
    "m": "tax_code",
    "b": "birth_date",
    "s": "street",
    "c": "city",
    "k": "country",
}
KINDS = {"t": PHONE, "e": EMAIL, "m": TAX, "n": NAME}
#: What more others share finds nobody, see ``customer_match.COMMON``.
COMMON = 50
NOTHING = "nothing"


def read_pairs():
    """Yield each line with the level that it wants and the level that is found."""
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        if line and line[0] != "#":
            yield line, *_judge(line)


def read_entries(line):
    """Return the two entries of a line."""
    return [_read_entry(text) for text in line.partition(":")[2].split("↔")]


def _judge(line):
    wanted, *shared = line.partition(":")[0].split()
    one, other = read_entries(line)
    kinds = {kind for kind, _value in get_keys(one) & get_keys(other)}
    counts = dict.fromkeys(kinds, 1)
    counts |= {KINDS[number[0]]: int(number[1:]) for number in shared}
    counts = {kind: count for kind, count in counts.items() if count <= COMMON}
    if not counts:
        return wanted, NOTHING  # whom nothing finds is nobody
    return wanted, compare(one, other, counts).level or NOTHING


def _read_entry(text):
    name, *parts = (part.strip() for part in text.split("·"))
    values = {PARTS[part[0]]: part[2:] for part in parts if part != "co"}
    return read_entry(name, is_company="co" in parts, **values)
