"""Write each addon's ``.pot`` as Odoo exports it, and bring its ``vi.po`` up to it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import polib

from odoo.tools.translate import trans_export

from tools import places
from tools.inside.session import environment

LANGUAGE = "vi"
CHANGING = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator")


def export(env, addon: str) -> polib.POFile:
    output = io.BytesIO()
    trans_export(None, [addon], output, "po", env)
    terms = polib.pofile(output.getvalue().decode())
    for name in CHANGING:  # would make every run a change
        terms.metadata.pop(name, None)
    return terms


def merged(terms: polib.POFile, path: Path) -> polib.POFile:
    """The terms with the translations that exist, in the order of the template."""
    old = polib.pofile(path) if path.exists() else polib.POFile()
    known = {(entry.msgctxt, entry.msgid): entry for entry in old}
    result = polib.POFile(wrapwidth=terms.wrapwidth)
    result.header = terms.header
    result.metadata = {
        **terms.metadata,
        "Language": LANGUAGE,
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for term in terms:
        entry = polib.POEntry(
            comment=term.comment,
            msgctxt=term.msgctxt,
            msgid=term.msgid,
            occurrences=term.occurrences,
            tcomment=term.tcomment,
        )
        if translation := known.get((term.msgctxt, term.msgid)):
            entry.msgstr, entry.flags = translation.msgstr, translation.flags
        result.append(entry)
    return result


if __name__ == "__main__":
    with environment() as env:
        for addon in sys.argv[3:]:
            folder = places.ADDONS / addon / "i18n"
            folder.mkdir(exist_ok=True)
            template = export(env, addon)
            template.save(str(folder / f"{addon}.pot"))
            translation = folder / f"{LANGUAGE}.po"
            merged(template, translation).save(str(translation))
