"""Which words an event is found by: plain Python, and SQL that gives the same.

Words are small letters and digits without accents and marks. A number is found whole,
with or without the zeros before it; a word by its beginning. What is written together
with marks is found by its parts and as a whole: *KHO/IN/00004* by *kho*, *in*, *4* and
*khoin00004*.

Beside words an event has *marks*, such as ``k:sale.confirmed`` for its kind: a colon is
in no word, so that nobody can type one. Words of texts that not everybody reads who
reads the case are marked with ``t:``.
"""

from __future__ import annotations

import re

from odoo.addons.crm_purchase_bridge.plain_text import (
    ACCENTED,
    PLAIN,
    without_accents,
)

#: What stands between words.
SEPARATORS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~“”‘’„«»…–—·•\u00a0\t\n\r"
#: Letters that a database in the C locale leaves large: Greek and Cyrillic.
LARGE = "".join(
    letter
    for letter in map(chr, range(0x370, 0x530))
    if len(letter.lower()) == 1 and letter != letter.lower()
)
_WHITE = re.compile(r"[ \t\n\r\f\v]+")
_SPACES = str.maketrans(dict.fromkeys(SEPARATORS, " "))
_NOTHING = str.maketrans(dict.fromkeys(SEPARATORS))
#: No word of a document is longer.
LONGEST = 60

#: The same in SQL, of ``said``: quotes are doubled, as in a function's body.
_SQL_SEPARATORS = "'" + SEPARATORS.replace("'", "''") + "'"
WORDS_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION timeline_event_list_words(said text) RETURNS text[] AS $$
        WITH plain AS MATERIALIZED (
            SELECT lower(translate(normalize(said, NFC), '{ACCENTED}{LARGE}',
                                   '{PLAIN}{LARGE.lower()}')) AS text
        ),
        chunk AS MATERIALIZED (
            SELECT regexp_split_to_table(text, '{_WHITE.pattern}') AS text FROM plain
        ),
        part AS MATERIALIZED (
            SELECT unnest(string_to_array(
                       translate(text, {_SQL_SEPARATORS}, '{" " * len(SEPARATORS)}'),
                       ' ')) AS text
              FROM chunk
        ),
        word AS (
            SELECT text FROM part
             UNION
            SELECT translate(text, {_SQL_SEPARATORS}, '') FROM chunk
             UNION
            SELECT ltrim(substring(text FROM '[0-9]+$'), '0') FROM part
        )
        SELECT COALESCE(array_agg(left(text, {LONGEST})), '{{}}')
          FROM word
         WHERE text <> ''
    $$ LANGUAGE sql IMMUTABLE STRICT
"""


def list_words(said):
    """Return the words that a text is found by.

    :rtype: set
    """
    found = set()
    for chunk in _WHITE.split(without_accents(said)):
        found.add(chunk.translate(_NOTHING))
        for part in chunk.translate(_SPACES).split(" "):
            found |= {part, _get_number(part)}
    return {word[:LONGEST] for word in found if word}


def _get_number(word):
    """Return the number at the end of a word, without zeros before it."""
    stem = word.rstrip("0123456789")
    return word[len(stem) :].lstrip("0")


def make_printable(text):
    """Return a text without what no file and no database can hold: halves of
    characters, which other programs may send.

    :param str text: as somebody sent it
    :rtype: str
    """
    return text.encode(errors="replace").decode()


def split_query(text):
    """Return what is looked for: the words of each piece that was typed.

    :param str text: as somebody typed it
    :return: pairs of what was typed and its words
    :rtype: list
    """
    found = []
    for chunk in _WHITE.split(text):
        words = [
            word[:LONGEST]
            for word in without_accents(chunk).translate(_SPACES).split(" ")
            if word
        ]
        if words:
            found.append((chunk, words))
    return found


def get_pattern(word, mark=""):
    """Return what finds a word, for a query of the database.

    :param str word: one of ``split_query``
    :param str mark: before it
    """
    if not word.isdecimal() or not word.isascii():
        return f"'{mark}{word}':*"
    number = word.lstrip("0") or word
    whole = {word, number}
    return "(" + " | ".join(f"'{mark}{each}'" for each in sorted(whole)) + ")"


def get_mark(letter, *values):
    """Return what finds each of some marks, for a query of the database.

    :param str letter: of the mark
    :param values: of any kind, as somebody gave them
    """
    return [f"'{letter}:{_quote(value)}'" for value in values]


def _quote(value):
    text = str(value).replace("\0", "")
    return text.replace("\\", "\\\\").replace("'", "''")


def begins_in(word, words):
    """Tell whether one of some words begins with a word."""
    return any(each.startswith(word) for each in words)
