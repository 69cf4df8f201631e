"""Words of names that tell nobody apart, and those by which people are called.

All in small letters and without marks, unless said otherwise; here are those of both
companies and people.
"""

#: Figures, and how they are written out in names of shops and nicknames.
FIGURES = {
    "1": "mot",
    "2": "hai",
    "3": "ba",
    "4": "tu",
    "5": "nam",
    "6": "sau",
    "7": "bay",
    "8": "tam",
    "9": "chin",
    "10": "muoi",
}
#: What words of forms are written with: *Tú Vân* is no *tư vấn*, *Cơ* no *Co.* A word
#: without any marks may be either.
WITH_MARKS = {
    "ban": "bán",
    "bo": "bố",
    "chau": "cháu",
    "chi": "chi",
    "chua": "chùa",
    "co": "co",
    "con": "con",
    "cong": "công",
    "ho": "hộ",
    "ma": "má",
    "me": "mẹ",
    "nha": "nhà",
    "pho": "phở",
    "nhanh": "nhánh",
    "ti": "ti",
    "truong": "trường",
    "quan": "quán",
    "so": "sở",
    "tho": "thợ",
    "trai": "trại",
    "tu": "tư",
    "ty": "ty",
    "va": "và",
    "van": "vấn",
    "vo": "vợ",
}
