"""How right matching is, on entries of which one knows whom they mean."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from importlib.util import module_from_spec, spec_from_file_location
from itertools import combinations
from pathlib import Path

from odoo.addons.customer_base.matching import scoring
from odoo.addons.customer_base.matching.keys import Entry, get_keys, read_entry
from odoo.addons.customer_base.matching.scoring import (
    BITS_POSSIBLE,
    POSSIBLE,
    SURE,
    compare,
)
from odoo.addons.customer_base.models.customer_match import COMMON

from .population import people


def judge(seed: int, count: int) -> dict[str, float]:
    return _judge(
        [(each.meant, read_entry(**each.values)) for each in people(seed, count)]
    )


def judge_febrl(paths: list[str]) -> dict[str, float]:
    return _judge([entry for path in paths for entry in _read(path)])


def judge_by_hand() -> dict[str, float]:
    """Judge the pairs of the addon's tests, without the other tests."""
    place = Path(scoring.__file__).parents[1] / "tests" / "pairs.py"
    spec = spec_from_file_location("pairs", place)
    pairs = module_from_spec(spec)
    spec.loader.exec_module(pairs)
    called: Counter = Counter()
    for _line, wanted, found in pairs.read_pairs():
        is_same = wanted in (SURE, POSSIBLE)
        called["all"] += is_same
        called["same", is_same] += found in (SURE, POSSIBLE)
        called["sure", wanted == SURE] += found == SURE
    return _rate(called, called["all"])


def _read(path: str) -> list[tuple[str, Entry]]:
    entries = []
    with open(path, newline="") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            values = {name.strip(): (text or "").strip() for name, text in row.items()}
            born = values["date_of_birth"]
            entry = read_entry(
                f"{values['given_name']} {values['surname']}",
                birth_date=f"{born[:4]}-{born[4:6]}-{born[6:]}" if born else "",
                tax_code=values["soc_sec_id"],
                street=" ".join(
                    values[name] for name in ("street_number", "address_1", "address_2")
                ),
                city=f"{values['suburb']} {values['postcode']}",
                country="AU",
            )
            entries.append((values["rec_id"].split("-")[1], entry))
    return entries


def _judge(entries: list[tuple[object, Entry]]) -> dict[str, float]:
    """Return precision and recall of pairs; pairs are found as the database does."""
    keys = [get_keys(entry) for _meant, entry in entries]
    having = defaultdict(list)
    for place, own in enumerate(keys):
        for key in own:
            having[key].append(place)
    pairs = {
        pair
        for places in having.values()
        if len(places) <= COMMON + 1
        for pair in combinations(places, 2)
    }
    called: Counter = Counter()
    for one, other in pairs:
        counts: dict[str, int] = {}
        for key in keys[one] & keys[other]:
            number = len(having[key]) - 1
            if number <= COMMON:
                counts[key[0]] = min(counts.get(key[0], number), number)
        match = compare(entries[one][1], entries[other][1], counts)
        is_same = entries[one][0] == entries[other][0]
        if match.level in (SURE, POSSIBLE) and match.bits >= BITS_POSSIBLE:
            called["same", is_same] += 1
        if match.level == SURE:
            called["sure", is_same] += 1
    numbers = Counter(meant for meant, _entry in entries).values()
    are_same = sum(number * (number - 1) // 2 for number in numbers)
    return _rate(called, are_same)


def _rate(called: Counter, are_same: int) -> dict[str, float]:
    right, wrong = called["same", True], called["same", False]
    precision, recall = right / (right + wrong), right / are_same
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall),
        "sure": called["sure", True] / (called["sure", True] + called["sure", False]),
    }
