"""Keys: numbers that two entries have in common when they may be the same customer.

Each is a hash of 64 bits, so that one index of whole numbers finds them all, and the
table with it holds no name and no telephone number. Two different entries share a key
by chance once in 10¹⁹ pairs; ``scoring`` would see it.
"""

import hashlib
import re
from functools import lru_cache
from typing import NamedTuple

from . import emails, names, phones, places
from .garbled import find_gaps, is_garbled, mend, read_amount, read_mask
from .tax_codes import read_tax_code
from .typed import is_syllable

#: Kinds. What each of them says is in ``scoring``.
TAX, EMAIL, PHONE, NAME = "tax", "email", "phone", "name"
BIRTH, ADDRESS = "birth", "address"
#: Up to so many letters a name is also found with any one of them wrong: in a longer
#: one all other words are right.
SHORT_NAME = 9
#: A name of more words is found by the words of its beginning.
MOST_WORDS = 8
#: Of so many words at least are names of offices that have a short form.
LONG = 5
COUNTRY = "VN"
#: No province and no town has a longer name.
LONG_PLACE = 16
_LETTER = re.compile(r"[^\W\d_]")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SIGN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_STRANGE = re.compile("[\u3040-\ufffd]")
_FIGURE = re.compile("[0-9]")
_ADDRESS = re.compile(r"\S+@\S+")
_COMMA = re.compile(r"[,;\n]| - ")


class Odd(NamedTuple):
    """What is odd about how somebody is written, as most are not.

    :param bool has_gaps: whether letters of the name were lost, see ``garbled``
    :param bool has_signs: whether it is written in Chinese, Japanese or Korean
    :param str mask: the first and the last letter of the name, if no more is shown
    :param str tail: likewise the last figures of the telephone number
    """

    has_gaps: bool = False
    has_signs: bool = False
    mask: str = ""
    tail: str = ""


class Entry(NamedTuple):
    """What is known of a customer, in one form; see ``read_entry``.

    :param tuple words: of the name, see ``names.get_words``
    :param tuple phones: in international form
    :param tuple emails: in small letters
    :param tax_code: a ``TaxCode``, or nothing
    :param str birth_date: ``YYYY-MM-DD``, or empty
    :param tuple street: words of the street, with the number of the house
    :param tuple around: words of what an address says behind them: ward, district
    :param tuple city: words of the city, with its code
    :param str province: of today, in Vietnam, or empty
    :param tuple marked: the words of the name with marks, see ``names.Name``
    :param bool has_title: see ``names.Name``
    :param bool is_company: see ``names.Name``
    :param bool is_branch: see ``names.Name``
    :param Name name: all of it
    :param Odd odd: what is odd about it, or nothing
    """

    words: tuple = ()
    phones: tuple = ()
    emails: tuple = ()
    tax_code: object = None
    birth_date: str = ""
    street: tuple = ()
    around: tuple = ()
    city: tuple = ()
    province: str = ""
    marked: tuple = ()
    has_title: bool = False
    is_company: bool = False
    is_branch: bool = False
    name: names.Name = names.Name()
    odd: Odd | None = None


def get_keys(entry):
    """Return the keys of an entry, each with its kind.

    :rtype: set[tuple[str, int]]
    """
    texts = {(PHONE, phone) for phone in entry.phones}
    texts.update((EMAIL, email) for email in entry.emails)
    if entry.tax_code:
        texts.add((TAX, entry.tax_code.root))
    if entry.birth_date:
        texts.add((BIRTH, entry.birth_date))
    if len(entry.street) > 1 and any(map(_has_figure, entry.street)):
        texts.add((ADDRESS, " ".join(sorted(entry.street))))
    texts.update((NAME, text) for text in _get_name_texts(entry.words))
    if entry.is_company and not entry.name.is_firm and _may_be_short(entry.words):
        # what it is may be written in short: *QTDND Tân Lập*
        texts.add((NAME, " ".join(sorted(entry.words[-2:]))))
    if owner := entry.name.owner:
        texts.add((NAME, " ".join(sorted(owner))))
    if not entry.is_company and len(entry.words) > 2:
        # as people call her: *Khánh Vy*
        texts.update({(NAME, " ".join(sorted(entry.words[-2:])))})
    if len(entry.name.also) > 1:
        texts.add((NAME, " ".join(sorted(entry.name.also))))
    core = entry.name.core
    if 1 < len(core) < len(entry.words):
        # as who does not write what the shop is
        texts.update(((NAME, " ".join(sorted(core))), (NAME, "".join(core))))
    return {(kind, _hash(kind, text)) for kind, text in texts}


def _may_be_short(words):
    """Whether a name has a short form, or is one: *Viện VSDT Tây Nguyên*."""
    return len(words) >= LONG or (
        len(words) > 2 and not all(map(is_syllable, words[:-2]))
    )


def _has_figure(word):
    return word[0].isdigit() or word[-1].isdigit()


def _get_name_texts(words):
    """Return what names that differ a little have in common: all words in any order,
    all but one of them, the letters without blanks, all but one of these."""
    words = words[:MOST_WORDS]
    if not words:
        return set()
    texts = {" ".join(sorted(words))}
    if len(words) > 2:
        texts.update(
            " ".join(sorted(words[:place] + words[place + 1 :]))
            for place in range(len(words))
        )
    letters = "".join(words)
    texts.add(letters)
    if len(letters) <= SHORT_NAME:
        texts.update(
            letters[:place] + letters[place + 1 :] for place in range(len(letters))
        )
    return {text for text in texts if text}


def _hash(kind, text):
    digest = hashlib.blake2b(f"{kind}:{text}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def read_entry(
    name="",
    *,
    is_company=False,
    phone="",
    email="",
    tax_code="",
    birth_date="",
    street="",
    city="",
    country="VN",
):
    """Return an entry of what somebody typed, all of it in one form.

    What only says that there is none, such as ten zeros, is left out.

    :param str birth_date: ``YYYY-MM-DD``; in any other form it says nothing
    :param str country: two letters, of numbers that say none themselves
    :rtype: Entry
    """
    name, phone, email = name or "", read_amount(phone or ""), email or ""
    if is_garbled("\n".join((name, email, street or "", city or ""))):
        name, email = mend(name), mend(email)
        street, city = mend(street or ""), mend(city or "")
    name, phone, email = _sort_out(name, phone, email)
    is_short = len(name) <= LONG_PLACE
    if (
        city
        and is_short
        and names.fold(name) in places.PLACES
        and names.is_full_name(city)
    ):
        name, city = city, name  # each in the field of the other
    odd = None
    if "*" in name or "*" in phone or "?" in name or _STRANGE.search(name):
        odd = _read_odd(name, phone)
        name = "" if odd and odd.mask else name
    called = names.read_name(name, is_company=is_company)
    if "".join(called.words).isdigit() and phones.find_phones(name):
        called = called._replace(words=(), marked=(), core=())  # not known yet
    numbers = phones.find_phones(phone, country)
    if country == COUNTRY:
        numbers += phones.find_areas(phone)
    elif phone:
        # whoever lives here has a number of here
        home = phones.find_phones(phone)
        numbers += tuple(each for each in home if phones.is_mobile(each))
    addresses = emails.find_emails(email)
    town, province = _read_city(city, country) if city else ((), "")
    street, around, province = _read_street(street, province, country)
    return Entry(
        words=called.words,
        phones=tuple(
            each for each in dict.fromkeys(numbers) if not phones.is_placeholder(each)
        ),
        emails=tuple(each for each in addresses if not emails.is_placeholder(each)),
        tax_code=read_tax_code(read_amount(tax_code), country) if tax_code else None,
        birth_date=birth_date if birth_date and _DATE.fullmatch(birth_date) else "",
        street=street,
        around=around,
        city=town,
        province=province,
        marked=called.marked,
        has_title=called.has_title,
        is_company=called.is_company,
        is_branch=called.is_branch,
        name=called,
        odd=odd,
    )


def _read_odd(name, phone):
    """Return what is odd about a name and a telephone number, if something is."""
    has_gaps = find_gaps(name) != name
    has_signs = bool(_SIGN.search(name))
    mask, tail = read_mask(name, phone) if "**" in name or "**" in phone else ("", "")
    if not (has_gaps or has_signs or mask or tail):
        return None
    return Odd(has_gaps, has_signs, names.fold(mask), tail)


def _sort_out(name, phone, email):
    """Return what stands in three fields as if each stood in its own: people paste a
    telephone into the e-mail, a name into the telephone, an address into the name."""
    if "@" in name or "@" in phone:
        email = f"{email} {name if '@' in name else ''} {phone if '@' in phone else ''}"
        name = "" if "@" in name else name
    if email and phones.find_phones(_ADDRESS.sub(" ", email)):
        phone = f"{phone}; {_ADDRESS.sub(' ', email)}"
    others = [phone, email]
    if not _LETTER.search(name):
        # whose telephone stands where the name should
        phone = f"{phone}; {name}" if name else phone
        words = (each for each in others if _LETTER.search(_ADDRESS.sub(" ", each)))
        name = next(words, name)
        name = _ADDRESS.sub(" ", name) if "@" in name else name
    elif _FIGURE.search(name):
        found = phones.find_phones(name)
        phone = "; ".join(filter(None, (phone, *found)))
    return name, phone, email


def _read_street(street, province, country):
    """Return the words of the street, those behind them, and the province."""
    if not street:
        return (), (), province
    if country != COUNTRY:
        return tuple(names.fold(street).split()), (), province
    parts = [names.fold(part) for part in _COMMA.split(street)]
    words, around = places.read_street(parts)
    # a house stands in a street, which may be called as a province is
    where = around if places.has_house(words) else (*words, *around)
    return words, around, province or places.find_province(" ".join(where))


@lru_cache(maxsize=2**10)
def _read_city(city, country):
    """Return the words of a city, and the province in which it is."""
    folded = names.fold(city)
    province = places.find_province(folded) if country == COUNTRY else ""
    return tuple(folded.split()), province
