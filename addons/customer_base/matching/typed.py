"""What fingers left when the keyboard's marks were off: *Nguyeexn*, *Nguye64n*."""

import re
from functools import lru_cache

#: Letters that make others, as Telex and VNI have them.
_LETTERS = {
    "aa": "â",
    "aw": "ă",
    "dd": "đ",
    "ee": "ê",
    "oo": "ô",
    "ow": "ơ",
    "uw": "ư",
    "a6": "â",
    "a8": "ă",
    "d9": "đ",
    "e6": "ê",
    "o6": "ô",
    "o7": "ơ",
    "u7": "ư",
}
#: Tones as they stand in Unicode behind their letter.
_TONES = dict(zip("sfrxj", "\u0301\u0300\u0309\u0303\u0323", strict=True)) | dict(
    zip("12345", "\u0301\u0300\u0309\u0303\u0323", strict=True)
)
_FIRST = (
    "b|ch?|dd|d9|d|gh|gi(?=[aeou])|g|h|kh?|l|m|ngh|ng|nh|n|ph?|qu|q|r|s|th|tr|t|v|x|"
)
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|ngh?|nh?|ph|qu|r|s|th?|tr|v|x|)"
    r"(?:[aeiouy]|ai|ao|au|ay|eo|eu|ia|ie|ieu|iu|oa|oai|oay|oe|oi|oo|ua|uay|ue|ui|uo|uoi"
    r"|uou|uu|uy|uya|uye|uyu|ye|yeu)(?:ch|ng|nh|[cmnpt])?"
)
_TELEX = re.compile(
    rf"({_FIRST})"
    r"((?:aa|aw|ee|oo|ow|uw|[aeiouy])+?w?)"
    r"([sfrxj]?)(ch|ng|nh|[cmnpt]?)(w?)(d?)([sfrxj]?)"
)
_VNI = re.compile(
    rf"({_FIRST})((?:[aeiouy][678]?)+)"
    r"([1-5]?)(ch|ng|nh|[cmnpt]?)([678]?)([1-5]?)"
)
#: Only a keyboard leaves these; a name from abroad may end with any other.
_SURE = re.compile(
    r"^dd|(?:aa|ee|oo|[auo]w).*[sfxj]|(?:aa|ee|oo)[sfrxj]\w|[auo]w[cmnpt]|j$", re.I
)
_HINT = re.compile(
    r"[aeiouycghmnpt](?:[1-9]|[sfrxj](?:ch|ng|nh|[cmnptw]?)\b)|aa|ee|oo|dd|[auo]w|d9"
)
_HINT_VNI = re.compile(r"[aeiouycghmnpt][1-9]|d9", re.I)
_WORD = re.compile(r"[^\W_]+")


def untype(name):
    """Return a name with the marks that somebody meant, if letters or figures stand in
    it that only a keyboard leaves; any other as it came.

    :param str name: as somebody typed it
    :rtype: str
    """
    if not _HINT.search(name.lower()):
        return name
    figures = bool(_HINT_VNI.search(name))
    read = _read_vni if figures else _read_telex
    words = _WORD.findall(name)
    changed = {word: meant for word in words if (meant := read(word)) != word}
    if not changed:
        return name
    if not figures and not any(map(_SURE.search, changed)):
        # *Max* is no *Mã*, nor is *Bee Logistics Corp* Vietnamese
        are_words = all(_TELEX.fullmatch(word.lower()) for word in words)
        if len(changed) < 2 or not are_words:
            return name
    return _WORD.sub(lambda found: changed.get(found[0], found[0]), name)


@lru_cache(maxsize=2**12)
def is_syllable(word):
    """Whether a word without marks is one that is said in Vietnam, as it is spelled."""
    return bool(_SYLLABLE.fullmatch(word))


@lru_cache(maxsize=2**12)
def _read_telex(word):
    if not word.isascii():
        # one mark came, another did not
        return f"đ{word[2:]}" if word[:2].lower() == "dd" else word
    found = _TELEX.fullmatch(word.lower())
    if not found:
        return word
    first, vowels, inner, last, late, stroke, tone = found.groups()
    is_plain = not (inner or tone or late or stroke or first == "dd")
    if (inner and tone) or (stroke and first != "d"):
        return word
    if is_plain and not re.search(r"aa|ee|oo|w", vowels):
        return word
    first = "đ" if first == "dd" or stroke else first
    vowels = _combine(vowels, late)
    return first + _put_tone(vowels, inner or tone) + last


@lru_cache(maxsize=2**12)
def _read_vni(word):
    # *A4* is paper
    is_word = len(word) > 2 and not word.isalpha()
    found = _VNI.fullmatch(word.lower()) if is_word else None
    if not found:
        return word
    first, vowels, inner, last, late, tone = found.groups()
    first = first.replace("d9", "đ")
    if late:
        place = max(map(vowels.rfind, "aeou"))
        vowels = vowels[: place + 1] + late + vowels[place + 1 :]
    for typed in ("uo7", "u7o7"):
        vowels = vowels.replace(typed, "ươ")
    for typed, letter in _LETTERS.items():
        vowels = vowels.replace(typed, letter)
    return first + _put_tone(vowels, inner or tone) + last


def _combine(vowels, late):
    """Return vowels with the letters that two of them, or a *w* behind, stand for."""
    if late or vowels.endswith("w"):
        vowels = vowels.rstrip("w")
        if vowels.endswith("uo"):
            return vowels[:-2] + "ươ"
        place = max(map(vowels.rfind, "aou"))
        vowels = vowels[: place + 1] + "w" + vowels[place + 1 :]
    vowels = vowels.replace("uwow", "ươ").replace("uow", "ươ")
    for typed, letter in _LETTERS.items():
        vowels = vowels.replace(typed, letter)
    return vowels


def _put_tone(vowels, tone):
    return vowels + _TONES[tone] if tone else vowels
