"""Names of people and companies, without what differs from clerk to clerk."""

import re
import unicodedata

#: Letters whose stroke is no accent, so that Unicode takes nothing away from them.
STROKES = str.maketrans({"đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"})

#: What a company is by law, as it is written without accents. Longer ones come first.
LEGAL_FORMS = (
    "trach nhiem huu han",
    "doanh nghiep tu nhan",
    "ho kinh doanh",
    "hop tac xa",
    "van phong dai dien",
    "mot thanh vien",
    "hai thanh vien",
    "1 thanh vien",
    "2 thanh vien",
    "chi nhanh",
    "tong cong ty",
    "cong ty",
    "tap doan",
    "co phan",
    "cua hang",
    "joint stock",
    "joint stock company",
    "tnhh",
    "cty",
    "ctcp",
    "c ty",
    "dntn",
    "htx",
    "hkd",
    "vpdd",
    "mtv",
    "1tv",
    "2tv",
    "tv",
    "cp",
    "cn",
    "jsc",
    "ltd",
    "llc",
    "limited",
    "company",
    "corporation",
    "corp",
    "inc",
    "co",
)
#: What many companies do: it tells nobody apart. Short forms mean the same.
GENERIC = (
    "san xuat",
    "thuong mai",
    "dich vu",
    "xuat nhap khau",
    "dau tu",
    "xay dung",
    "phat trien",
    "ky thuat",
    "cong nghe",
    "tu van",
    "quoc te",
    "thiet bi",
    "viet nam",
    "import export",
    "trading",
    "service",
    "services",
    "investment",
    "construction",
    "technology",
    "vietnam",
    "tmdv",
    "sxtm",
    "xnk",
    "tm",
    "dv",
    "sx",
    "xd",
    "dt",
    "vn",
    "and",
    "va",
)
#: How one speaks to people, before their names.
TITLES = frozenset(
    "anh chi ong ba co chu bac em mr mrs ms miss dr bs ths ts gs pgs ks".split()
)


def _as_pattern(phrases):
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


_LEGAL_FORM = _as_pattern(LEGAL_FORMS)
_GENERIC = _as_pattern(GENERIC)


def fold(text):
    """Return a text as small letters and figures with single spaces, without marks.

    :param str text: in any script; composed and decomposed accents are the same
    :rtype: str
    """
    plain = unicodedata.normalize("NFKD", (text or "").translate(STROKES))
    kept = "".join(
        character if character.isalnum() else " "
        for character in plain
        if not unicodedata.combining(character)
    )
    return " ".join(kept.casefold().split())


def get_words(name, *, is_company):
    """Return the words of a name that tell somebody apart, in the order they stand.

    Something is always left of a name that has letters: a company that is called by
    nothing but what it does keeps that.

    :param str name: as somebody typed it
    :param bool is_company: whether legal forms, not titles, stand around it
    :rtype: tuple[str, ...]
    """
    folded = fold(name)
    if not is_company:
        words = folded.split()
        while len(words) > 2 and words[0] in TITLES:
            words.pop(0)
        return tuple(words)
    words = _LEGAL_FORM.sub(" ", folded).split()
    told_apart = _GENERIC.sub(" ", " ".join(words)).split()
    return tuple(told_apart or words or folded.split())


def looks_like_company(name):
    """Whether a name has a legal form in it: forms do not always ask what it is."""
    return bool(_LEGAL_FORM.match(fold(name)))
