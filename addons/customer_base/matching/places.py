"""Where customers live, however their address is written."""

import re

#: Provinces and cities since July 2025, and what they were put together from, with
#: towns by which people call them (resolution 202/2025/QH15).
PROVINCES = {
    "an giang": "kien giang,long xuyen,rach gia,chau doc,phu quoc,ha tien",
    "bac ninh": "bac giang",
    "ca mau": "bac lieu",
    "can tho": "soc trang,hau giang,vi thanh",
    "cao bang": "",
    "da nang": "quang nam,tam ky,hoi an",
    "dak lak": "dac lac,dac lak,daklak,phu yen,buon ma thuot,bmt,tuy hoa",
    "dien bien": "",
    "dong nai": "binh phuoc,bien hoa,dong xoai",
    "dong thap": "tien giang,my tho,cao lanh,sa dec",
    "gia lai": "binh dinh,pleiku,quy nhon",
    "ha noi": "hn,ha tay,son tay,hanoi",
    "ha tinh": "",
    "hai phong": "hai duong",
    "ho chi minh": "hcm,tphcm,hcmc,sai gon,saigon,sg,binh duong,ba ria,vung tau,brvt"
    ",thu duc,thu dau mot,di an,thuan an",
    "hue": "thua thien",
    "hung yen": "thai binh",
    "khanh hoa": "ninh thuan,nha trang,phan rang,cam ranh",
    "lai chau": "",
    "lam dong": "dak nong,dac nong,binh thuan,da lat,phan thiet,bao loc",
    "lang son": "",
    "lao cai": "yen bai,sa pa",
    "nghe an": "vinh",
    "ninh binh": "ha nam,nam dinh,phu ly",
    "phu tho": "vinh phuc,hoa binh,viet tri,vinh yen",
    "quang ngai": "kon tum",
    "quang ninh": "ha long,cam pha,uong bi,mong cai",
    "quang tri": "quang binh,dong hoi,dong ha",
    "son la": "",
    "tay ninh": "long an,tan an",
    "thai nguyen": "bac kan,bac can",
    "thanh hoa": "",
    "tuyen quang": "ha giang",
    "vinh long": "ben tre,tra vinh",
}
_PROVINCE_OF = {
    name: province
    for province, others in PROVINCES.items()
    for name in (province, *filter(None, others.split(",")))
}
#: Provinces, and towns and provinces of before.
PLACES = frozenset(_PROVINCE_OF)
#: *Vĩnh Kiều* is no part of Vinh.
_PROVINCE = re.compile(
    rf"\b(?:{'|'.join(sorted(_PROVINCE_OF, key=len, reverse=True))})\b"
    r"(?<!\bvinh(?= (?!nghe an|viet nam)[a-z]))"
)
#: Before the name of a ward, a district and the like; nobody writes all of them.
_MARKERS = frozenset("phuong p quan q xa huyen h tp tinh tx tt".split())
_LONG_MARKERS = frozenset(("thanh pho", "thi xa", "thi tran"))
_NUMBERED = re.compile(r"(?:p|q)(\d{1,2})")
#: One way to write what people write in several.
_SAME = re.compile(
    r"\b(?:(?P<long>khu cong nghiep|khu cn|cum cong nghiep|khu dan cu|khu do thi"
    r"|khu pho|to dan pho|iii|ii)\b|(?P<road>quoc lo|ql|tinh lo|tl|huong lo|hl) (?=\d)"
    r"|(?P<none>(?:so nha|sn|so|duong|pho|gan|doi dien) (?=\w)"
    r"|(?:ngo|ngach|hem|kiet) (?=\d)|[kh](?=\d))"
    r"|(?P<part>kp|kcn|to|ap|thon|xom|lo)(?=\d)|(?P<letter>[a-z]) (?=\d))"
)
_WRITTEN = {
    "khu cong nghiep": "kcn",
    "khu cn": "kcn",
    "cum cong nghiep": "ccn",
    "khu dan cu": "kdc",
    "khu do thi": "kdt",
    "khu pho": "kp",
    "to dan pho": "to",
    "quoc lo": "ql",
    "tinh lo": "tl",
    "huong lo": "hl",
    "ii": "2",
    "iii": "3",
}
#: *K45*, *H12*: a lane, as it is written in the middle of the country.
_LANE = re.compile(r"[kh]\d")
#: Without any of these a street is nothing but itself: *12 Lê Lợi*.
_HARD = _MARKERS | frozenset(
    "ngo ngach hem kiet khu cum to kp kcn ap thon xom lo ii iii quoc ql tl huong hl so"
    " sn duong pho thanh thi gan doi".split()
)
#: Fewer words say no place of their own: *Lô A12*, *Xóm 4*.
FEWEST_WORDS = 3


def find_province(folded):
    """Return the province of today that is named last, or nothing.

    :param str folded: without marks, see ``names.fold``
    """
    found = _PROVINCE.findall(folded)
    return _PROVINCE_OF[found[-1]] if found else ""


def read_street(parts):
    """Return the words of a Vietnamese street with the number of the house, and those
    of what stands behind them: ward, district, province.

    :param list parts: of an address, as commas part it, see ``names.fold``
    :rtype: tuple[tuple, tuple]
    """
    if len(parts) == 1:
        words = parts[0].split()
        is_plain = not _LANE.match(parts[0]) and _HARD.isdisjoint(words)
        if is_plain and all(map(_is_word, words[1:])):
            return tuple(words), ()
    street, around = [], []
    for part in parts:
        words = _SAME.sub(_write, part).split()
        is_street = len(street) < FEWEST_WORDS and not around
        if len(street) > 1 and part in PLACES:
            is_street = False  # a village, and its province
        cut = len(words) if is_street else 0
        has_word = any(map(_is_word, street))
        for place, word in enumerate(words[:cut]):
            if has_word and len(street) + place > 1 and _ends_street(words, place):
                cut = place
                break
            has_word = has_word or _is_word(word)
        street += words[:cut]
        around += [
            word
            for place, word in enumerate(words[cut:], cut)
            if not (word in _MARKERS and place + 1 < len(words))
        ]
    if street[2:] and street[0] in _MARKERS and all(map(_is_word, street[1:])):
        street = street[1:]  # a ward, of which nothing more is said
    return tuple(street), tuple(around)


def has_house(words):
    """Whether an address has the number of a house, not of a ward or a district only.

    :param tuple words: of a street, see ``read_street``
    """
    return any(
        (word[0].isdigit() or word[-1].isdigit()) and not _NUMBERED.fullmatch(word)
        for word in words
    )


def _is_word(word):
    return len(word) > 1 and word.isalpha()


def _ends_street(words, place):
    """Whether a ward, a district or the like begins here."""
    word = words[place]
    if place + 1 == len(words):
        return bool(_NUMBERED.fullmatch(word))
    if word in _MARKERS or (word[0] in "pq" and _NUMBERED.fullmatch(word)):
        return True
    return word in ("thanh", "thi") and f"{word} {words[place + 1]}" in _LONG_MARKERS


def _write(found):
    text = found[found.lastgroup]
    written = _WRITTEN.get(text, text)
    if found.lastgroup == "part":
        return f"{written} "
    return "" if found.lastgroup == "none" else written
