"""E-mail addresses in one form."""

import re

#: Mailboxes of these hosts read the same letters with and without dots.
DOTS_MEAN_NOTHING = {"gmail.com"}
SAME_HOST = {"googlemail.com": "gmail.com"}
_ADDRESS = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()@]+\.[^\s<>,;:\"()@.]+")


def find_emails(text):
    """Return the addresses in a field, each once: what comes after a plus is a note of
    their owners and left out.

    :rtype: tuple[str, ...]
    """
    found = {}
    for address in _ADDRESS.findall((text or "").casefold()):
        box, host = address.rsplit("@", 1)
        host = SAME_HOST.get(host, host)
        box = box.split("+", 1)[0] or box
        if host in DOTS_MEAN_NOTHING:
            box = box.replace(".", "")
        found[f"{box}@{host}"] = None
    return tuple(found)
