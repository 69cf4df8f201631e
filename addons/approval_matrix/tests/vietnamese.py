"""Finds what is English still where somebody reads Vietnamese."""

import re

import polib

from odoo.tools import file_path

#: What changes in a text: placeholders, and marks of HTML.
CHANGES = re.compile(r"%\(\w+\)\w|%[sd]|<[^>]+>|\s*\n\s*")
#: A part of a text counts if it has so many words; a text that is one word or two only
#: counts as a whole, for people may write that word, too.
FEWEST = 3


class English:
    """Texts of addons that have a Vietnamese translation, as they are in English."""

    def __init__(self, *addons):
        self.whole, self.parts = set(), set()
        for addon in addons:
            for entry in polib.pofile(file_path(f"{addon}/i18n/vi.po")):
                self._learn(entry.msgid, entry.msgstr)

    def _learn(self, source, translation):
        parts = [" ".join(part.split()) for part in CHANGES.split(source)]
        if len(parts) == 1 and source != translation:
            self.whole.add(parts[0])
        for part in parts:
            if len(part.split()) >= FEWEST and part not in translation:
                self.parts.add(part)

    def find(self, texts):
        """Return which of the texts are English, or have English in them.

        :param texts: what people read, such as the texts between the tags of a page
        :rtype: list[str]
        """
        lines = [" ".join(text.split()) for text in texts]
        return [
            line
            for line in lines
            if line in self.whole or any(part in line for part in self.parts)
        ]


def load_vietnamese(env, *addons):
    """Speak Vietnamese with those whose language it is, about what addons say."""
    env["res.lang"]._activate_lang("vi_VN")
    env["ir.module.module"]._load_module_terms(list(addons), ["vi_VN"])
