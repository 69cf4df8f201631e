"""Names of people and companies, without what differs from clerk to clerk."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from .garbled import find_gaps, is_garbled, mend
from .places import PLACES
from .typed import is_syllable, untype
from .vocabulary import WITH_MARKS
from .vocabulary.companies import (
    BEGINNINGS,
    BRANCHES,
    DISTRICTS,
    ENDS,
    GENERIC,
    GENERIC_TRADES,
    GLUED,
    LEGAL_BEGINNINGS,
    LEGAL_ENDS,
    LEGAL_FORMS,
    LOCAL,
    SHOP_ENDS,
    SHORT_BEGINNINGS,
    SHORT_FORMS,
)
from .vocabulary.people import (
    FATHERS,
    GENDERS,
    IN_USE,
    KIN,
    LABELS,
    LETTERS,
    LONG_TITLES,
    MIDDLES,
    MOTHERS,
    NO_NAME,
    NOTES,
    ORDERS,
    PARENTS,
    POSTS,
    RELATIVES,
    SURNAMES,
    TITLES,
)
from .vocabulary.trades import (
    IN_VIETNAMESE,
    NO_TRADES,
    SHOPS,
    SURNAMES_ABROAD,
    TRADES,
    TRADES_IN_VIETNAMESE,
)

#: Letters whose stroke is no accent, so that Unicode takes nothing away from them.
STROKES = str.maketrans({"đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"})

_BRACKETS = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?|\"[^\"]*\"|“[^”]*”")
#: What stands behind a name: *Nguyễn Thị Lan - Kế toán*.
_BEHIND = re.compile(r"\s[-–—|]\s.*|,.*", re.S)
#: Behind the name of a shop: what is to be done when goods are brought, and where it
#: stands. In small letters without marks.
_STANDING = (
    r"(?:doi dien|ke ben|sau lung|ben hong|(?:gan|canh|truoc) so (?=\d)"
    r"|(?:gan|canh) (?:cho|cau|nha|truong|nga|ben xe|uy|benh|cong|cay|chua|ga|buu dien"
    r"|sieu thi))"
)
_STANDING_WORDS = frozenset("dien ben lung hong gan canh truoc".split())
_REMARK = re.compile(
    r"(?<=\w)(?: - | [–—|] | ?[,;(]) *(?:giao (?:hang|buoi|gio|truoc|sau|chieu|sang|toi"
    r"|trua|trong|tan noi|ve|tai|den|cho|nhanh|gap|lau|tang)|goi (?:truoc|khi|lai|dien)"
    r"|ship|(?:chi |khong )?nhan hang|thu ho|luu y|ghi chu|de (?:o|tai|truoc)"
    r"|gui bao ve|(?:lay|xuat) hoa don|thanh toan|cong no|tra (?:sau|truoc)"
    rf"|(?:[a-z]+ ){{0,2}}{_STANDING}"
    r"|(?:ngay|truoc|sau|dau|cuoi) (?:cho|cau|nha|truong|nga|cong|goc|hem|ngo|duong)"
    r"|(?:so )?(?:nha )?\d+[a-z0-9/-]* (?!vien)[a-z]{2,}[ ,])"
    rf".*|(?<=\w\w) {_STANDING}.*",
    re.S,
)
_DASH = re.compile(r"\s[-–—|]\s")
_CO = re.compile(r"\w\s+co\.$", re.I)
_COMBINING = re.compile("[\u0300-\u036f]")
_WORDS = re.compile(r"[^\W_]+")
#: *FPT - CN Đà Nẵng*, *Vietcombank CN Thanh Xuân*: behind the legal form of a company
#: *CN* may be what many do, *công nghệ*.
_BRANCH_BEHIND = re.compile(r"\w\W*[-–—(,]\s*(?:CN|Chi nhánh|PGD)\s+\w", re.I)
_BRANCH_INSIDE = re.compile(r"\w\s(?:CN|PGD)\s+\w", re.I)
_HAS_BRANCH = re.compile(r"\b(?:cn|chi nhanh|pgd) ")
_NO_NAME = re.compile(NO_NAME)
_NO_NAMES = frozenset(_WORDS.findall(NO_NAME))
_RELATIVE = re.compile(RELATIVES)
_NOTE = re.compile(rf"(?<=\w){NOTES}")
#: *Petrolimex - Cửa hàng số 12*: what stands behind a chain.
_SHOP_BEHIND = re.compile(
    r"(?:\s-\s|\()(?:cửa hàng|ch|showroom|kho|vp|văn phòng|cs|cơ sở|số|shop|nhà máy"
    r"|xưởng)\s",
    re.I,
)
#: What somebody is called by besides, and how many words that has at most.
_CALLED = re.compile(r"""[(\["“]([^()\[\]]+)[)\]"”]""")
_CALLED_SO = re.compile(
    r"^(?:ten (?:that|goi|khac)|biet danh|con goi la|hay goi la|aka|nee|born) "
)
#: *ngocanh_9x*
#: *nguyenthuyvan1990*, one word as others write an e-mail address.
_HANDLE = re.compile(
    r"(?:\[[^\]]*\]\s*|(?:shopee|lazada|tiki|tiktok|fb|zalo)[_.])?([^\W\d_]{6,})"
    r"(?:[_.]?\d{2,4})?",
    re.I,
)
#: *NHADEPXINH.COM*
_SITE = re.compile(
    r"(?:https?://)?(?:www\.)?([^\W\d_]{6,})\.(?:com|net|org|vn|shop|store)(?:\.vn)?/?",
    re.I,
)
_BORN = re.compile(r"(?<=\w)[_ .]+(?:\d0?x|2k\d{0,2})$", re.I)
MOST_CALLED = 4
#: Letters without any stand for words: *NĐ*, *TPHCM*.
VOWELS = frozenset("aeiouy")
#: A telephone number in a name.
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\s*-?(?<!\w)\+?\d(?:[ .-]?\d){8,11}(?!\w)\s*-?")
#: What another program calls a customer by, before the name: *KH00412 - Keo Tín Nghĩa*.
_CODE = re.compile(
    r"^\W*(?:(?:m?kh|ncc|cust?|ma kh|id)[-_. ]?\d{3,} "
    r"|(?:(?:m?kh|ncc|cust?|ma kh|id)[-_. ]?\d{2,}|[a-z]{1,5}[-_]?(?:0\d{2,}|\d{4,})"
    r"|0\d{3,5})\s*[-–:_|\])]+)\s*(?=[^\W\d])",
    re.I,
)
_LETTER = re.compile(r"[^\W\d_]")
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


class Name(NamedTuple):
    """A name in one form.

    :param tuple words: that tell somebody apart, without marks, in the order they stand
    :param tuple marked: the same words with their marks; empty if the name has none
    :param bool has_title: whether the first of two words may be a title
    :param bool is_company: whether legal forms stood around it
    :param bool is_branch: whether it is a branch of a company
    :param bool is_person: whether it can only be the name of somebody
    :param str relation: what somebody is to whom the words name, if it says only that
    :param bool is_firm: whether it has the legal form of a company
    :param bool is_local: whether there is one so called in each place, as a school
    :param tuple also: what somebody is called by besides, in brackets
    :param tuple core: the words without those that say what a shop is
    :param frozenset trades: which of these words tell shops apart
    :param bool is_state: whether it is an office, a school or the like
    :param tuple described: whose mother, father or the like somebody is, and what
        they are to them
    :param tuple at: what stands behind somebody's name, as a company is called
    :param bool is_household: whether it is one by law
    :param str gender: *m* or *f*, as a title or a middle name says it, or empty
    :param tuple owner: whose farm or household it is, by full name
    :param frozenset does: what it does of that which tells most companies not apart
    """

    words: tuple = ()
    marked: tuple = ()
    has_title: bool = False
    is_company: bool = False
    is_branch: bool = False
    is_person: bool = False
    relation: str = ""
    is_firm: bool = False
    is_local: bool = False
    also: tuple = ()
    core: tuple = ()
    trades: frozenset = frozenset()
    owner: tuple = ()
    is_state: bool = False
    described: tuple = ()
    at: tuple = ()
    gender: str = ""
    is_household: bool = False
    does: frozenset = frozenset()


def _as_alternatives(phrases):
    longest_first = sorted(phrases, key=len, reverse=True)
    return "|".join(map(re.escape, longest_first))


def _as_pattern(phrases):
    return re.compile(rf"\b(?:{_as_alternatives(phrases)})\b")


_LEGAL_FORM = re.compile(
    rf"\btrung hoc co_? so\b|\b(?:{_as_alternatives(LEGAL_FORMS)})\b"
    rf"|(?<=\w )(?:{_as_alternatives(LEGAL_ENDS)})$"
    rf"|\bco(?= ltd\b| limited\b)"
)
_GENERIC = re.compile(rf"\b(?:{_as_alternatives(GENERIC)}|{GLUED})\b")
_LEGAL_BEGINNING = _as_pattern(LEGAL_BEGINNINGS)
_BEGINNING = _as_pattern(BEGINNINGS)
#: Most names begin and end with no such word.
_FIRSTS = frozenset(each.split()[0] for each in BEGINNINGS)
_LEGAL_END = re.compile(rf" (?:{_as_alternatives(ENDS)})$")
_ENDS = (*ENDS, *SHOP_ENDS, *(TRADES_IN_VIETNAMESE.keys() - SURNAMES_ABROAD))
_LASTS = frozenset(each.split()[-1] for each in _ENDS)
_END = re.compile(rf" (?:{_as_alternatives(_ENDS)})$")
_POST = re.compile(rf"(?<=\w) (?:{_as_alternatives(POSTS)})\b")
_BRANCH = _as_pattern(BRANCHES)
_FIRM = re.compile(
    r"\b(?:cong t[yi]|cty|c ty|ct|tnhh|ctcp|ct cp|co_? phan|jsc|ltd|llc|plc|corp"
    r"|corporation|limited|company|tap doan|group|holdings)\b"
)
_HOUSEHOLDS = ("hkd ", "ho kd ", "ho kinh doanh ")
#: In brackets or behind a dash: how one speaks to somebody, and what they are called.
_PERSON_BEHIND = re.compile(
    r"\s*(?:\(|\s[-–]\s)\s*(?:(?:a|c|anh|chị|cô|chú|bác|bs|ths|thầy|ông|bà|mr|mrs|ms|đd|ds)"
    r"(?:\.\s*|\s+)\w[\w .]*|ch|cty|kh|npp)\s*(?:\)|$)",
    re.I,
)
_SHORT = re.compile(
    rf"^(?:{_as_alternatives(SHORT_BEGINNINGS)})\b(?= )"
    rf"|\b(?:{_as_alternatives(SHORT_FORMS)})\b"
)
#: *KS* is an engineer as well.
_ENGINEER = re.compile(rf"ks (?:{_as_alternatives(SURNAMES)})\b")
_HOTEL = re.compile(r"ks(?= \w+ \w)")
_LOCAL = re.compile(rf"(?:{_as_alternatives(LOCAL)})\b")
#: Whoever has the telephone of a school or a hospital, and is another customer.
_PART_OF = re.compile(
    r"(?:hoi (?:cmhs|cha me hoc sinh|phu huynh)|cang? tin|canteen|cong doan|ky tuc xa"
    r"|ktx|phan hieu|doan thanh nien|(?:nha|quay) thuoc (?:bv|benh vien))\b"
)
_STATE = re.compile(
    r"(?:cong an|chi cuc|uy ban|ubnd|ban|bch|bql|bv|benh vien|phong|so|tt|ttyt"
    r"|trung tam|tram|kho bac|bao hiem|bhxh|buu dien|toa an|hdnd|hoi dong)\b"
)
_SHOPS = {*SHOPS, *TRADES, *TRADES_IN_VIETNAMESE.values()} - NO_TRADES
_LONG_SHOPS = _as_alternatives(each for each in _SHOPS if " " in each)
_SHORT_SHOPS = _as_alternatives(each for each in _SHOPS if " " not in each)
#: Most names have none of these words, and no pattern need be looked for.
_SHORT_WORDS = frozenset(each.split()[0] for each in {*SHORT_BEGINNINGS, *SHORT_FORMS})
#: Short forms that nobody is called by.
_SHORT_NAMES = frozenset(
    each
    for each in {*SHORT_BEGINNINGS, *SHORT_FORMS}
    if len(each) > 2 and " " not in each and not is_syllable(each)
)
_SHOP_WORDS = frozenset(each.split()[0] for each in _SHOPS)
_LOCAL_WORDS = frozenset(each.split()[0] for each in LOCAL)
_STATE_WORDS = frozenset(_WORDS.findall(_STATE.pattern))
_SHOP_FIRSTS = frozenset(each for each in _SHOPS if " " not in each) - IN_USE
#: *Da Nang* has no leather: words of one syllable stand at an end.
_SHOP = re.compile(
    rf"^(?:(?:{_LONG_SHOPS}|{_SHORT_SHOPS}) )+|\b(?:{_LONG_SHOPS})\b"
    rf"|(?: (?:{_SHORT_SHOPS}))+$"
)


def fold(text):
    """Return a text as small letters and figures with single spaces, without marks.

    :param str text: in any script; composed and decomposed accents are the same
    :rtype: str
    """
    text = text or ""
    if text.isascii():
        return " ".join(_WORDS.findall(text.lower()))
    plain = unicodedata.normalize("NFKD", text.translate(STROKES))
    without = _COMBINING.sub("", plain)
    if without.isascii():
        return " ".join(_WORDS.findall(without.lower()))
    kept = "".join(
        character if character.isalnum() else " "
        for character in plain
        if not unicodedata.combining(character)
    )
    return " ".join(kept.casefold().split())


def _without_persons(name):
    """Return a name without whom one speaks to there: *Nha khoa An (BS Quân)*."""
    if "(" not in name and " - " not in name:
        return name
    head = _PERSON_BEHIND.sub("", name).strip()
    return head if head and looks_like_company(head) else name


@lru_cache(maxsize=2**11)
def read_name(name, *, is_company=False):
    """Return a name in one form.

    Nothing is left of a name that only says that there is none, such as *Khách lẻ*. Of
    any other something is: a company that is called by nothing but what it does keeps
    that.

    :param str name: as somebody typed it
    :param bool is_company: whether legal forms, not titles, stand around it; names that
        begin or end with one are those of companies anyway
    :rtype: Name
    """
    name = name or ""
    if is_garbled(name):
        name = find_gaps(mend(name))
    name = untype(_without_persons(name))
    if _DIGIT.search(name):
        # a telephone number is nobody's name
        others = _NUMBER.sub(" - ", name).strip(" -")
        name = others if _LETTER.search(others) else name
        name = _CODE.sub("", name)
    if "." in name and (site := _SITE.fullmatch(name.strip())):
        name = site[1]
    elif not is_company and (handle := _HANDLE.fullmatch(name.strip())):
        name = handle[1]
    called = _read_name(name, is_company)
    words = called.words
    if words and words[0] in _NO_NAMES and _NO_NAME.fullmatch(" ".join(words)):
        tail = _DASH.split(name, maxsplit=1)[1:]
        return read_name(tail[0]) if tail else Name(is_company=called.is_company)
    if not called.is_company or not words:
        return called
    words, marked = _write_out(called)
    if words[2:] and (marked or words)[-1] == _PAGODA:
        words, marked = ("chua", *words[:-1]), ()  # *Linh Quang Tự*
    if not IN_VIETNAMESE.keys().isdisjoint(words):
        # nobody knows the marks
        words = tuple(" ".join(IN_VIETNAMESE.get(word, word) for word in words).split())
        marked = ()
    text = " ".join(words)
    core, trades, found = words, frozenset(), ()
    if not _SHOP_WORDS.isdisjoint(words) and not _is_state(words, text):
        found = _SHOP.findall(text)
    if found:
        core = tuple(_SHOP.sub(" ", text).split()) or words
        trades = frozenset(each for phrase in found for each in _get_trades(phrase))
    is_local = (
        called.is_local or bool(found and not called.is_firm) or _is_local(words, text)
    )
    return Name(
        words,
        marked,
        is_company=True,
        is_branch=called.is_branch,
        is_firm=called.is_firm,
        is_local=is_local,
        also=called.also,
        core=core,
        trades=trades,
        owner=() if called.is_firm or _is_local(words, text) else _find_owner(words),
        is_state=_is_state(words, text) or _is_local(words, text),
        is_household=called.is_household,
        does=called.does,
    )


def _find_owner(words):
    """Return the full name at the end of what a farm or a household is called."""
    for first in range(max(1, len(words) - MOST_CALLED), len(words) - 2):
        is_surname = words[first] in SURNAMES or words[first + 1] in MIDDLES
        if is_surname and all(map(is_syllable, words[first:])):
            return words[first:]
    return ()


def _is_state(words, text):
    return words[0] in _STATE_WORDS and bool(_STATE.match(text))


def _is_local(words, text):
    return words[0] in _LOCAL_WORDS and bool(_LOCAL.match(text))


def _get_trades(phrase):
    """Return the words that tell what a shop sells from what another one does."""
    phrase = phrase.strip()
    if phrase in SHOPS:
        return []
    return [word for word in phrase.split() if word != "nha" and word not in SHOPS]


def _write_out(called):
    """Return the words of a company with short forms written out, and their marks:
    nothing for a word that had none of its own."""
    words, marked = called.words, called.marked
    text = " ".join(words)
    is_state = _is_state(words, text)
    is_plain = _SHORT_WORDS.isdisjoint(words) or not _SHORT.search(text)
    if is_plain and not is_state and words[-1] not in ROMAN and "so" not in words:
        return words, marked
    pairs = list(zip(words, marked or words, strict=True))
    written = []
    place = at = 0
    for found in _SHORT.finditer(text):
        length = len(text[at : found.start()].split())
        written += pairs[place : place + length]
        place += length + len(found[0].split())
        at = found.end()
        full = SHORT_FORMS.get(found[0], found[0])
        if not found.start() and not called.is_firm:
            # behind a legal form stands a name
            full = SHORT_BEGINNINGS.get(found[0], full)
        written += ((word, "") for word in full.split())
    written += pairs[place:]
    kept = []
    for number, (word, mark) in enumerate(written):
        has_more = number + 1 < len(written)
        if word == "so" and has_more and written[number + 1][0].isdigit():
            continue  # *số 5* is *5*
        if word in ROMAN and number and not has_more:
            word = mark = ROMAN[word]
        if is_state and has_more and number and word == "tinh":
            continue  # *Sở Tài chính tỉnh Gia Lai* is the one of Gia Lai
        if is_state and has_more and word in DISTRICTS:
            kept += ((each, "") for each in DISTRICTS[word].split())
            continue
        kept.append((word, mark))
    words, marks = zip(*kept, strict=True)
    return words, marks if marked else ()


def _read_name(name, is_company):
    # most names are letters and blanks
    is_plain = name.replace(" ", "").isalpha()
    outside = name if is_plain else _without_notes(name)
    words, marked, strict = _read_words(outside)
    is_branch = False
    if "-" in name or outside is not name or _HAS_BRANCH.search(strict):
        is_branch = _is_branch(name, strict) and not _is_of_person(words, marked)
    if is_company or is_branch or _looks_like_company(strict) or _ends_with_co(outside):
        if outside is not name:
            # which shop of a chain, or what else it is called
            words, marked, strict = _read_words(name)
        may_be_more = not is_plain or not _STANDING_WORDS.isdisjoint(words)
        if may_be_more and (
            head := _leave_remark(name, is_firm=bool(_FIRM.search(strict)))
        ):
            return _read_name(head, is_company=True)
        called = None if outside is name else _read_called(name, frozenset())
        return _read_company(words, marked, strict, called, is_branch)
    if not is_plain:
        plain = _BORN.sub("", outside)
        head = _BEHIND.sub("", plain)
        # *Smith, John* is one person
        if len(head) < len(plain) and fold(head).split()[1 - _has_dash(plain) :]:
            return _read_head(head, plain[len(head) :])
        if plain != outside:
            return _read_name(plain, is_company)
    if outside is name:
        return _read_person(words, marked, strict, ())
    person = _read_person(words, marked, strict, _read_called(name))
    described = _read_described(name)
    return person._replace(described=described) if described else person


def _leave_remark(name, is_firm):
    """Return a name without what is no part of it, or nothing if all of it is."""
    plain = _COMBINING.sub("", unicodedata.normalize("NFD", name.translate(STROKES)))
    name = unicodedata.normalize("NFC", name)
    found = _REMARK.search(plain.lower()) if len(plain) == len(name) else None
    if not found or (is_firm and found[0][1:2].isalpha() and found[0][0] == " "):
        return ""  # *Đội Điện nước*
    head = name[: found.start()]
    return head if " " in head else ""


def _read_person(words, marked, strict, also):
    post = _POST.search(strict) or _NOTE.search(strict)
    if post and not (_NOTE.match(strict, post.start()) and _is_full_name(words)):
        # *chị Lan kế toán*
        number = strict[: post.start()].count(" ") + 1
        words, marked = words[:number], marked[:number]
    found = _RELATIVE.match(strict)
    if found and _is_full_name(also):
        return Name(also, (), is_person=True)
    if found:
        first = found[0].count(" ")
        relation = "phu huynh" if found[1] == "ph" else found[1]
        return Name(
            words[first:],
            marked[first:],
            is_person=True,
            relation=relation,
            described=(relation, *words[first:]),
        )
    first = _count_titles(words, marked)
    if first and (number := _find_place(words[first:])):
        # *cô Mai Bến Tre*: which Mai it is
        words, marked = words[: first + number], marked[: first + number]
        first = _count_titles(words, marked)
    has_title = len(words) - first == 2 and (
        _is_title(words, marked, first)
        or (first and " ".join(words[first - 1 : first + 1]) in LONG_TITLES)
    )
    is_person = first > 0 or has_title or _is_full_name(words[first:])
    gender = ""
    if is_person:
        titles = words[: first + has_title]
        gender = next((GENDERS[each] for each in titles if each in GENDERS), "")
        if words[2:] and not titles:
            gender = _MIDDLE_GENDERS.get((marked or words)[1], "")
    words, marked = words[first:], marked[first:]
    return Name(words, marked, has_title, is_person=is_person, also=also, gender=gender)


def _find_place(words):
    """Return how many words stand before a province, before letters that are short for
    one, or before a company, if somebody is called by a given name and that."""
    for number, word in enumerate(words[1:], 1):
        rest = " ".join(words[number:])
        is_place = rest in PLACES if " " in rest else VOWELS.isdisjoint(rest)
        if is_place or word == "cty":
            return number
    return 0


def _read_company(words, marked, strict, called, is_branch):
    """Return the name of a company.

    :param called: what stands in brackets, or nothing if there are none
    """
    kept = _keep_apart(strict)
    if called is not None:
        kept = tuple(dict.fromkeys(kept))
    if marked:
        marked = _pick(words, marked, kept)
    is_branch = is_branch or bool(_BRANCH.search(strict) or _PART_OF.match(strict))
    if is_branch and "tai" in kept[1:]:
        place = kept.index("tai", 1)
        kept = kept[:place] + kept[place + 1 :]
        marked = marked and marked[:place] + marked[place + 1 :]
    is_firm = bool(_FIRM.search(strict))
    also = ()
    if called and is_firm and not is_branch:
        also = read_name(" ".join(called), is_company=True).words
    return Name(
        kept,
        marked,
        False,
        True,
        is_branch,
        is_firm=is_firm,
        is_local=strict.startswith(("htx ", "hop tac xa ")),
        is_household=strict.startswith(_HOUSEHOLDS),
        also=also,
        does=_find_generic_trades(strict),
    )


def _find_generic_trades(strict):
    """Return the trades in a name that tell most companies not apart."""
    found = set(_GENERIC.findall(strict))
    # *TMXD* is trade and construction
    found |= {"xd" for each in found if "xd" in each}
    return frozenset(GENERIC_TRADES[each] for each in found & GENERIC_TRADES.keys())


def _is_of_person(words, marked):
    if len(words) == 2:
        return _is_title(words, marked, 0)
    return bool(_count_titles(words, marked)) or _is_full_name(words)


def _is_branch(name, strict):
    if _BRANCH_BEHIND.search(name) or _SHOP_BEHIND.search(name):
        return True
    head, *tail = _DASH.split(name, maxsplit=1)
    is_chain = strict.split(" ", 1)[0] in _SHOP_FIRSTS or _DIGIT.search(head)
    if tail and is_chain and " " in tail[0].strip():
        return not _FIRM.search(strict)  # *Phở 24 - Đồng Khởi*, *GS25 - Lê Văn Sỹ*
    return bool(_BRANCH_INSIDE.search(name)) and not _FIRM.match(strict)


def _read_head(head, tail):
    """Return what a person is called, of a name and what stands behind it."""
    called, behind = (_read_name(each, False) for each in (head, tail.strip(" -–—|,")))
    if LABELS.issuperset(called.words):
        return behind  # *VIP - Đào Duy Quát*
    if behind.is_person and not called.is_company and not behind.relation:
        return called._replace(also=called.also or behind.words[behind.has_title :])
    if called.words and not called.is_company:
        at = read_name(tail.strip(" -–—|,"), is_company=True)
        return called._replace(at=at.core if at.core[1:] else at.words)
    return called


def are_other_relatives(one, other):
    """Whether two names say of others that they are somebody's, or only one does. A
    child has a mother and a father."""
    relations = {one.relation, other.relation}
    are_both = not (relations.isdisjoint(MOTHERS) or relations.isdisjoint(FATHERS))
    if len(relations) < 2 or (relations <= PARENTS and not are_both):
        return False
    return not one.described or one.described != other.described


def _is_full_name(words):
    return 2 < len(words) < 6 and words[0] in SURNAMES and IN_USE.issuperset(words)


def is_full_name(name):
    """Whether a text is the full name of somebody, with a surname that many have.

    :param str name: as somebody typed it
    """
    return _is_full_name(tuple(fold(name).split()))


def _read_called(name, without=KIN):
    """Return what somebody is called by besides, in the brackets behind the name."""
    found = _CALLED.search(name)
    words = tuple(_CALLED_SO.sub("", fold(found[1])).split()) if found else ()
    if not 0 < len(words) <= MOST_CALLED or words[0] in without:
        return ()
    return () if " ".join(words) in POSTS else words


def _read_described(name):
    """Return whose mother or the like somebody is, as brackets behind the name say."""
    inside = _CALLED.search(name)
    text = fold(inside[1]) if inside else ""
    found = _RELATIVE.match(text)
    return (found[1], *text[found.end() :].split()) if found else ()


def get_words(name, *, is_company):
    """Return the words of a name that tell somebody apart, in the order they stand.

    :param str name: as somebody typed it
    :param bool is_company: whether legal forms, not titles, stand around it
    :rtype: tuple[str, ...]
    """
    return _read_name(name or "", is_company).words


def looks_like_company(name):
    """Whether a name begins or ends as those of companies do: forms do not always ask
    what it is."""
    name = name or ""
    return _looks_like_company(_read_words(name)[2]) or _ends_with_co(name)


def has_legal_form(name):
    """Whether a name begins or ends with what a company is by law."""
    name = name or ""
    strict = _read_words(name)[2]
    has_end = _LEGAL_END.search(strict) or _ends_with_co(name)
    return bool(_LEGAL_BEGINNING.match(strict) or has_end)


def _ends_with_co(name):
    return name.endswith("o.") and bool(_CO.search(name))


def _has_dash(name):
    return bool(_DASH.search(name))


def _looks_like_company(strict):
    first, _blank, rest = strict.partition(" ")
    if first in _FIRSTS and _BEGINNING.match(strict):
        return True
    if rest and first in _SHORT_NAMES:
        return True
    if rest.rsplit(" ", 1)[-1] in _LASTS and _END.search(strict):
        return True
    return first == "ks" and bool(_HOTEL.match(strict)) and not _ENGINEER.match(strict)


# ------------------------------------------------------------
# MARKS
# ------------------------------------------------------------


def _read_words(name):
    """Return the words of a name without marks; with their marks, or nothing if it has
    none; and in one text in which words have a sign behind them whose marks are not
    those of ``WITH_MARKS``."""
    if name.isascii():
        words = tuple(_WORDS.findall(name.lower()))
        return words, (), " ".join(words)
    name = unicodedata.normalize("NFC", name)
    read = [each for word in _WORDS.findall(name) for each in _read_word(word)]
    if not read:
        return (), (), ""
    words, marked, strict = zip(*read, strict=True)
    return words, marked if marked != words else (), " ".join(strict)


@lru_cache(maxsize=2**14)
def _read_word(word):
    """Return what a word is without marks, with its marks in one form, and in texts in
    which legal forms are looked for. A sign may be several words."""
    folded = fold(word).split()
    if len(folded) != 1 or word.isascii():
        return tuple((each, each, each) for each in folded)
    plain, marked = folded[0], _read_marks(word)
    expected = _EXPECTED.get(plain, marked)
    strict = plain if marked in (plain, expected) else f"{plain}_"
    return ((plain, marked, strict),)


def _read_marks(word):
    """Return a word with its marks at its end, wherever the tone was written."""
    # ngã is written as hỏi by many
    text = unicodedata.normalize("NFKD", word.casefold()).replace("\u0303", "\u0309")
    return _COMBINING.sub("", text) + "".join(sorted(_COMBINING.findall(text)))


_EXPECTED = {word: _read_marks(each) for word, each in WITH_MARKS.items()}
_TITLE_MARKS = {word: _read_marks(each) for word, each in TITLES.items() if each}


#: *Van* without a mark may be Vân, a woman's.
_MIDDLE_GENDERS = {_read_marks("văn"): "m", _read_marks("thị"): "f", "thi": "f"}
#: *Tự* behind a name is *chùa* before it.
_PAGODA = _read_marks("tự")


def _pick(words, marked, kept):
    """Return with their marks the words that were kept, which stand in one order."""
    found, place = [], 0
    for word in kept:
        place = words.index(word, place)
        found.append(marked[place])
        place += 1
    return tuple(found)


# ------------------------------------------------------------
# WHAT IS LEFT OUT
# ------------------------------------------------------------


def _without_notes(name):
    """Return a name without what stands in brackets."""
    if "(" in name or "[" in name or '"' in name or "“" in name:
        outside = _BRACKETS.sub(" ", name)
        return outside if _WORDS.search(outside) else name
    return name


def _keep_school(found):
    return found[0] if found[0].startswith("trung hoc") else " "


def _keep_apart(strict):
    words = _LEGAL_FORM.sub(_keep_school, strict).split()
    told_apart = _GENERIC.sub(" ", " ".join(words)).split()
    kept = told_apart or words or strict.split()
    return tuple(word.rstrip("_") for word in kept)


def _count_titles(words, marked):
    """Return how many words of titles stand before a name of at least two words."""
    first = 0
    while len(words) - first > 2:
        if " ".join(words[first : first + 2]) in LONG_TITLES and len(words) - first > 3:
            first += 2
        elif first and words[first] in ORDERS and words[first + 1] in _SHOP_WORDS:
            break  # *cô Tư bánh canh*
        elif _is_title(words, marked, first):
            first += 1
        else:
            break
    return first


def _is_title(words, marked, place):
    word, rest = words[place], words[place + 1 :]
    if word in LETTERS:
        return len(rest) == 1 or rest[0] in SURNAMES or IN_USE.issuperset(rest)
    if word not in TITLES:
        return False
    expected = _TITLE_MARKS.get(word)
    if expected is None:
        return True
    return marked[place] == expected if marked else rest[0] in SURNAMES
