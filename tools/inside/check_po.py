"""Check that each addon's Vietnamese translation is complete, and in the words of the
glossary.

Called without arguments by ``make lint``; needs polib only.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import polib

from tools import places
from tools.inside import glossary

PLACEHOLDER = re.compile(
    r"%\(\w+\)[#0\- +]*[\d.]*[a-zA-Z]|%[sdifgxr%]|\{\{.*?\}\}|\$\{.*?\}|\{\w*\}"
)
TAG = re.compile(r"</?([a-zA-Z][\w-]*)")


def problems() -> Iterator[str]:
    terms = glossary.read()
    for addon in places.addons():
        folder = places.ADDONS / addon / "i18n"
        template, translation = folder / f"{addon}.pot", folder / "vi.po"
        if not template.exists() or not translation.exists():
            yield f"addons/{addon}/i18n: {addon}.pot or vi.po is missing: make po"
            continue
        translated = polib.pofile(translation)
        known = {(entry.msgctxt, entry.msgid) for entry in translated}
        for entry in polib.pofile(template):
            if (entry.msgctxt, entry.msgid) not in known:
                yield f"{_place(translation, entry)}: not in vi.po: make po"
        for entry in translated:
            if entry.obsolete:
                yield f"{_place(translation, entry)}: obsolete: make po"
            elif problem := _problem(entry):
                yield f"{_place(translation, entry)}: {problem}"
            for problem in glossary.problems(addon, entry.msgid, entry.msgstr, terms):
                yield f"{_place(translation, entry)}: {problem}"


def _place(path, entry: polib.POEntry) -> str:
    return f"{path.relative_to(places.ROOT)}:{entry.linenum} {entry.msgid[:50]!r}"


def _problem(entry: polib.POEntry) -> str | None:
    if entry.fuzzy:
        return "fuzzy"
    if not entry.translated():
        return "not translated"
    for kind, pattern in (("placeholders", PLACEHOLDER), ("tags", TAG)):
        wanted = sorted(pattern.findall(entry.msgid))
        if wanted != sorted(pattern.findall(entry.msgstr)):
            return f"the {kind} differ from {wanted}"
    return None


if __name__ == "__main__":
    found = list(problems())
    print("\n".join(found))
    sys.exit(bool(found))
