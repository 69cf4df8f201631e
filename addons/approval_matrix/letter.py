"""What an e-mail says, as plain data: one look for all, see the template ``letter``."""

from dataclasses import dataclass

from .level_colors import get_colors, get_icon

#: Under this key of the context letters travel to the templates that show them. Remote
#: callers can put a key there, but no object of these classes.
LETTER = "approval_matrix_letter"


#: Odoo's own, as it shows beside its notices.
ICON = "/web/static/img/odoo-icon-192x192.png"

#: How much of what somebody wrote a letter repeats. Gmail cuts long ones off, and with
#: them the button.
QUOTED = 2000


@dataclass(frozen=True, kw_only=True)
class Letter:
    """An e-mail, in the language of whoever gets it: the facts, and one button."""

    subject: str
    #: Whose: the name of the company.
    company: str
    #: The name of the document.
    title: str
    #: What it is about, in a line, such as vendor or customer.
    about: str = ""
    #: With its currency; empty for whoever may not know it. It is in e-mails only:
    #: a notice is kept, and read by its author, who may know less than its reader.
    amount: str = ""
    #: What is urgent says how urgent: name and number of the colour of its level.
    level: tuple[str, int] | tuple[()] = ()
    #: What to stop at.
    marks: tuple[str, ...] = ()
    #: What there is to know about the marks: by how much, until when.
    notes: tuple[str, ...] = ()
    #: Until when, with the word that says of what.
    due: str = ""
    #: Who did what.
    sentence: str
    #: What happens if nobody acts.
    warning: str = ""
    #: What people wrote: pairs of who and what.
    quotes: tuple[tuple[str, str], ...] = ()
    #: Pairs of a label and a value.
    facts: tuple[tuple[str, str], ...] = ()
    #: The first goods: rows of cells, of which the first is the name.
    goods: tuple[tuple[str, ...], ...] = ()
    #: Below each of these goods: what one of it costs, and how that is to the last.
    beside: tuple[str, ...] = ()
    #: How many more goods there are.
    more: int = 0
    #: What all goods come to, and if taxes are part of it.
    total: str = ""
    #: What else whoever decides may want to know: pairs of a label and some lines.
    details: tuple[tuple[str, str], ...] = ()
    #: What the only button says, and where it leads; without an address there is none.
    button: str = ""
    url: str = ""
    #: In small letters below.
    foot: str = ""

    def __post_init__(self):
        quotes = tuple((who, _shorten(text)) for who, text in self.quotes)
        object.__setattr__(self, "quotes", quotes)

    @property
    def preview(self):
        """What lists of messages show below the subject, which names the document."""
        parts = (self.about, *self.level[:1], *self.marks, self.sentence)
        return " · ".join(filter(None, parts))

    @property
    def level_colors(self):
        """Background and letters of the level, as in lists."""
        return get_colors(self.level[1])

    @property
    def icon(self):
        """The picture beside it on a phone, of the colour of the level."""
        return get_icon(self.level[1]) if self.level else ICON

    @property
    def brief(self):
        """What a phone shows below the subject: what is urgent, and until when."""
        said = (*self.level[:1], *self.marks)
        marks = " · ".join(mark for mark in said if mark not in self.about)
        lines = (self.sentence, self.about, marks, self.amount, self.due)
        return "\n".join(filter(None, lines))


def _shorten(text):
    return text if len(text) <= QUOTED else f"{text[:QUOTED].rstrip()} …"


class Letters(dict):
    """Letters by the id of what they are about."""
