"""Texts of which another program made something else on their way here."""

import html
import re
from urllib.parse import unquote_plus

#: How marks of Vietnamese look whose bytes were taken for letters.
_SCRAMBLED = re.compile("á[º»]|Ã[\u0080-\u00bf\u2018-\u203a]|Ä[\u2018\u0192]|Æ[°¡]")
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8});", re.I)
_ESCAPED = re.compile(r"%[0-9a-f]{2}", re.I)
#: Most texts are none of these, which two looks tell.
_SIGNS = re.compile("[&%?\ufffd\u0080-\u009f¡-¿ÄÅÆÇËÎÏÐÑÖØÛÜÞß×÷äåæçëîïðñöøûüþÿ]")
_PAIRS = re.compile(
    "[âáàãêéèúÂÁÀÃÊÉÈÚÌÒÓÔÕÝ](?:(?<=[aeAE].)|(?<=[oO][âÂ])|(?<=[a-z][ÈÉÊÌÒÓÔÕÝ])"
    "|(?<=Ã)(?=[\xa0\u2018-\u203a]))"
)
#: What a marketplace leaves of a name and of a telephone number.
_MASK = re.compile(r"\s*([^\W\d_])\*{2,}([^\W\d_])\s*")
_TAIL = re.compile(r"[\s\d+]*\*{2,}(\d{2,4})\s*")
#: Stands for a letter that was lost: a question mark was written for it.
GAP = "\u0294"
_LOST = re.compile(r"[^\W\d_][?\ufffd]+[^\W\d_]")
_GAPS = re.compile(r"[?\ufffd]+(?=[^\W\d_])|(?<=[^\W\d_])[?\ufffd]+")
#: What is no word of a font: what stands between words.
_TOKEN = re.compile(r"[^\s,.;:()/\-]+")
#: Two fonts of before Unicode, with a letter or two for each of Vietnamese: VNI, with
#: marks behind the letter, and TCVN 3.
_VNI = {
    first + mark: letter
    for first, marks, letters in (
        ("a", "ùøûõïêéèúüëâáàåãä", "áàảãạăắằẳẵặâấầẩẫậ"),
        ("e", "ùøûõïâáàåãä", "éèẻẽẹêếềểễệ"),
        ("o", "ùøûõïâáàåãä", "óòỏõọôốồổỗộ"),
        ("ô", "ùøûõï", "ớờởỡợ"),
        ("u", "ùøûõï", "úùủũụ"),
        ("ö", "ùøûõï", "ứừửữự"),
        ("y", "ùøûõ", "ýỳỷỹ"),
    )
    for mark, letter in zip(marks, letters, strict=True)
} | dict(zip("ôöæóòîñ", "ơưỉĩịỵđ", strict=True))
_VNI_LETTER = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))
#: What nobody writes in Unicode.
_VNI_ONLY = re.compile(
    "ñ|a[âáàåãäêéèúüëùøûõï]|e[âáàåãäùøûõï]|o[âåäùøûõï]|[ôö][ùøûõï]|[uy][øûõï]", re.I
)
_TCVN = dict(
    zip(
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ¡¢£¤¥¦§",
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵăâêôơưđ",
        strict=True,
    )
)
_TCVN_ONLY = re.compile(
    "[a-z][ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞß]|[µ¶¸¹¨»¼½¾©®ª«¬\xad¤§]\\w|\\w[µ¶¸¹¨»¼½¾©®ª«¬\xad]"
)
_SYLLABLE = re.compile(
    r"(?:b|ch?|[dđ]|gh?|gi|h|kh?|l|m|ngh?|nh?|p|ph|qu|r|s|th?|tr|v|x|)"
    r"(?:[aăâeêioôơuưyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]{1,3})"
    r"(?:ch|ng|nh|[cmnpt])?"
)
#: A number as a spreadsheet writes it that took it for an amount.
_AMOUNT = re.compile(r"\s*(?:(\d)[.,](\d+)E\+?(\d{1,2})|(\d{8,})[.,]0+)\s*", re.I)
#: What a copy of a record is called.
_COPY = re.compile(r"\s*[-–—_(\[]+\s*(?:copy|bản sao)\b[\s(\[\])\d]*$", re.I)


def is_garbled(text):
    """Whether a text may be one that ``mend`` or ``find_gaps`` changes.

    :param str text: one or several, as they were read in
    """
    if _SIGNS.search(text) or "opy" in text or "OPY" in text or "n sao" in text:
        return True
    return not text.isascii() and bool(_PAIRS.search(text))


def mend(text):
    """Return a text as it was meant: without what web pages and addresses write for
    letters, and in Unicode; any other as it came.

    :param str text: as it was read in
    :rtype: str
    """
    if _ENTITY.search(text):
        text = html.unescape(text)
    if _ESCAPED.search(text):
        text = _unescape(text)
    text = _COPY.sub("", text) or text
    if text.isascii():
        return text
    if _SCRAMBLED.search(text):
        return _unscramble(text)
    meant = _read_font(text, _read_vni) if _VNI_ONLY.search(text) else text
    if meant is text and _TCVN_ONLY.search(text):
        return _read_font(text, _read_tcvn)
    return meant


def read_amount(text):
    """Return the figures of a number that a spreadsheet took for an amount, as
    *9.12345678E8*; any other text as it came, also if figures are lost.

    :param str text: a telephone number or a tax code
    :rtype: str
    """
    if not ("E" in text or "e" in text or ".0" in text or ",0" in text):
        return text
    found = _AMOUNT.fullmatch(text)
    if not found:
        return text
    first, rest, exponent, whole = found.groups()
    if whole:
        return whole
    # zeros at the end are not written
    is_lost = not int(exponent) - 2 <= len(rest) <= int(exponent)
    return text if is_lost else first + rest.ljust(int(exponent), "0")


def find_gaps(name):
    """Return a name with *GAP* for each letter that was lost: *Ph?m Th? Thu?n*.

    :rtype: str
    """
    if not _LOST.search(name):
        return name
    return _GAPS.sub(lambda found: GAP * len(found[0]), name)


def fill_gaps(words, others):
    """Return words of which letters were lost as they stand in another name; those that
    are not there as they came.

    :param tuple words: with *GAP* for a letter
    :param tuple others: words without marks
    :rtype: tuple[str, ...]
    """
    return tuple(
        next((each for each in others if _fits(word, each)), word) for word in words
    )


def read_mask(name, phone):
    """Return the first and the last letter of a name, and the last figures of a number,
    of which a marketplace shows no more, each empty if it is shown: ``N***n``.

    :rtype: tuple[str, str]
    """
    letters, tail = _MASK.fullmatch(name), _TAIL.fullmatch(phone)
    return "".join(letters.groups()) if letters else "", tail[1] if tail else ""


def _fits(word, other):
    return len(word) == len(other) and all(
        mine in (yours, GAP) for mine, yours in zip(word, other, strict=True)
    )


def _unescape(text):
    plain = unquote_plus(text)
    return text if "\ufffd" in plain else plain


def _unscramble(text):
    """Return a text that was read as if each byte of it were a letter: *Nguyá»…n*."""
    try:
        return b"".join(map(_as_byte, text)).decode()
    except UnicodeError:
        return text


def _as_byte(letter):
    code = ord(letter)
    return bytes((code,)) if code < 2**8 else letter.encode("cp1252")


def _read_font(text, read):
    """Return a text in Unicode, if each of its words is Vietnamese then."""
    words = {word: read(word) for word in _TOKEN.findall(text) if not word.isascii()}
    if not all(map(_SYLLABLE.fullmatch, words.values())):
        return text
    return _TOKEN.sub(lambda found: words.get(found[0], found[0]), text)


def _read_vni(word):
    return _VNI_LETTER.sub(lambda found: _VNI[found[0]], word.lower())


def _read_tcvn(word):
    return "".join(_TCVN.get(letter, letter) for letter in word).lower()
