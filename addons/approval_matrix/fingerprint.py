"""Canonical text and hashes of terms and of log rows. Plain Python, no Odoo.

A fingerprint is the SHA-256 (FIPS 180-4) of a canonical JSON text: keys sorted,
no white space, UTF-8. The log of a process is a hash chain: each row's hash covers
the hash of the row before it, so that a changed, removed or inserted row breaks
every later one.
"""

import hashlib
import json

#: What stands before the first row of a chain.
GENESIS = "0" * 64


def canonical(content):
    """Return the one JSON text that stands for ``content``.

    :param content: dicts, lists, strings, integers, booleans and ``None``; floats
        are refused because their text is not the same everywhere: pass them as
        strings with a fixed number of decimals
    :rtype: str
    :raises TypeError: for anything else
    """
    _refuse_floats(content)
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def _refuse_floats(content):
    if isinstance(content, float):
        raise TypeError(f"float {content!r} has no canonical text")
    if isinstance(content, dict):
        for value in content.values():
            _refuse_floats(value)
    elif isinstance(content, list | tuple):
        for value in content:
            _refuse_floats(value)


def fingerprint(content):
    """Return the hexadecimal SHA-256 of the canonical text of ``content``."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def chain_hash(previous, content):
    """Return the hash of a log row.

    :param str previous: hash of the row before it, or :data:`GENESIS`
    :param dict content: the row without its hashes
    """
    return fingerprint({"previous": previous, "content": content})


def first_broken(rows, head=None):
    """Find where a chain of log rows was tampered with.

    :param rows: iterable of ``(content, previous, hash)`` in order
    :param str head: the hash the last row must have, where it is known; it shows
        that rows were cut off the end
    :return: index of the first row that does not fit (the number of rows when only
        the end is missing), or ``None`` when the chain is whole
    """
    expected = GENESIS
    count = 0
    for index, (content, previous, row_hash) in enumerate(rows):
        if previous != expected or chain_hash(previous, content) != row_hash:
            return index
        expected = row_hash
        count += 1
    if head is not None and head != expected:
        return count
    return None
