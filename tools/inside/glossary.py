"""The words that ``docs/glossary.md`` asks translations for, and what breaks them.

One word for one idea: the table under ``HEADING`` says how English terms read in
Vietnamese, and which words users must never meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from tools import places

PATH = places.ROOT / "docs/glossary.md"
HEADING = "## What `make lint` checks"
COLUMNS = ("English", "Vietnamese", "never", "not where it says", "addons")
NONE = "–"

#: What is put in later, and what no user reads.
NO_TEXT = re.compile(r"%\(\w+\)\w|\{\{.*?\}\}|<[^>]*>")


class Malformed(Exception):
    """The table cannot be read: nothing would be checked."""


@dataclass(frozen=True)
class Term:
    """One row: how a term is translated.

    :param english: the term in several forms; none: what is forbidden is so everywhere
    :param vietnamese: one of these must be in the translation; none: any will do
    :param never: none of these may be in it
    :param unless: English words with which the term means something else
    :param addons: patterns of names; none: all
    """

    english: tuple[str, ...]
    vietnamese: tuple[str, ...]
    never: tuple[str, ...]
    unless: tuple[str, ...]
    addons: tuple[str, ...]

    def problems(self, addon: str, source: str, translation: str) -> Iterator[str]:
        """Say what is wrong with the translation of a text, in a few words each."""
        if self.addons and not any(fnmatch(addon, each) for each in self.addons):
            return
        if self.english and not _has(self.english, source):
            return
        if _has(self.unless, source):
            return
        term = f"“{self.english[0]}”: " if self.english else ""
        if self.vietnamese and not _has(self.vietnamese, translation):
            yield f"{term}the glossary says “{'” or “'.join(self.vietnamese)}”"
            return
        for word in self.never:
            if _has((word,), translation):
                yield f"{term}the glossary forbids “{word}”"


def read(path: Path = PATH) -> list[Term]:
    """Return the rows of the table.

    :raises Malformed: when it is not there, or a row says nothing
    """
    _, found, rest = path.read_text().partition(f"{HEADING}\n")
    lines = re.split(r"^## ", rest, flags=re.MULTILINE)[0].splitlines()
    rows = [_cells(line) for line in lines if line.startswith("|")]
    if not found or len(rows) < 3 or rows[0] != list(COLUMNS):
        raise Malformed(f"{path}: no table “{' | '.join(COLUMNS)}” under “{HEADING}”")
    terms = []
    for row in rows[2:]:
        if len(row) != len(COLUMNS):
            raise Malformed(f"{path}: {len(row)} cells in “{' | '.join(row)}”")
        term = Term(*map(_words, row))
        if not (term.english and term.vietnamese) and not term.never:
            raise Malformed(f"{path}: “{' | '.join(row)}” asks for nothing")
        terms.append(term)
    return terms


def problems(
    addon: str, source: str, translation: str, terms: Iterable[Term]
) -> list[str]:
    """Return what the glossary has against the translation of a text."""
    source, translation = (NO_TEXT.sub("#", text) for text in (source, translation))
    return [
        problem
        for term in terms
        for problem in term.problems(addon, source, translation)
    ]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _words(cell: str) -> tuple[str, ...]:
    if cell == NONE:
        return ()
    return tuple(word.strip() for word in cell.split(",") if word.strip())


def _has(words: tuple[str, ...], text: str) -> bool:
    """Tell whether one of some words is in a text, as a whole, whatever its case."""
    pattern = "|".join(map(re.escape, words))
    return bool(words) and bool(
        re.search(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE)
    )
