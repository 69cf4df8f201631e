"""E-mail addresses in one form."""

import re

#: Mailboxes of these hosts read the same letters with and without dots.
DOTS_MEAN_NOTHING = {"gmail.com"}
SAME_HOST = {"googlemail.com": "gmail.com"}
#: What stands between addresses, not in them.
_BETWEEN = r"\s<>,;:\"()|/&"
#: Hosts that many have, cut off by a form: *lan@gmail.c*.
_CUT_OFF = re.compile(r"@(gmail|yahoo|hotmail|outlook|icloud)(?:\.(?:co?|cm|con)?)?$")
_ADDRESS = re.compile(rf"[^{_BETWEEN}@]+@[^{_BETWEEN}@]+\.[^{_BETWEEN}@.]+")
#: What is typed where an address is asked for and there is none.
NO_BOX = re.compile(
    r"khong[._-]?(?:co)?[._-]?(?:e?mail)?|k[og]?[._-]?co[._-]?(?:e?mail)?|no[._-]?(?:e?mail|ne)|null|test"
    r"|chua[._-]?co[._-]?(?:e?mail)?|abc|abcd?123|x{3,}|a{3,}|\d{1,6}"
    r"|e?mail|example|user(?:name)?|ten|hoten"
    r"|khach[._-]?(?:hang|le|vang[._-]?lai)"
)


def find_emails(text):
    """Return the addresses in a field, each once: what comes after a plus is a note of
    their owners and left out.

    :rtype: tuple[str, ...]
    """
    if not text:
        return ()
    found = {}
    text = _CUT_OFF.sub(r"@\1.com", text.casefold().strip())
    for address in _ADDRESS.findall(text):
        box, host = address.rsplit("@", 1)
        host = SAME_HOST.get(host, host)
        box = box.split("+", 1)[0] or box
        if host in DOTS_MEAN_NOTHING:
            box = box.replace(".", "")
        found[f"{box}@{host}"] = None
    return tuple(found)


def is_placeholder(address):
    """Whether an address only says that there is none, such as *khongco@gmail.com*.

    :param str address: as ``find_emails`` has it
    """
    return bool(NO_BOX.fullmatch(address.split("@", 1)[0]))
