"""Customers as Vietnamese clerks enter them, some of them twice: made of a seed.

Plain Python. Each has the number of whom it means; what is entered again differs as
entries do: another notation, an old telephone number, letters mistyped, words left out,
fields left empty, a firm renamed, a household with the code of its owner. Others only
look alike: brothers and sisters with one telephone, branches with one tax code, shops
with numbers and a hotline, people and companies that are called the same, and whoever
typed ten zeros.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass

from stdnum.vn import mst

#: Of a hundred Vietnamese, so many are called so (Lê Trung Hoa, "Họ và tên người Việt
#: Nam", 2005, rounded); the rest shares the others.
SURNAMES = {
    "Nguyễn": 38, "Trần": 11, "Lê": 10, "Phạm": 7, "Hoàng": 5, "Huỳnh": 5, "Phan": 5,
    "Vũ": 4, "Võ": 4, "Đặng": 2, "Bùi": 2, "Đỗ": 2, "Hồ": 1, "Ngô": 1, "Dương": 1,
    "Lý": 1, "Đinh": 1,
}  # fmt: skip
MIDDLE = "Văn Thị Đức Hữu Minh Quang Thanh Ngọc Thu Kim Hồng Xuân Quốc Gia Hoài".split()
GIVEN = (
    "An Anh Bình Châu Chi Cường Dung Dũng Duy Giang Hà Hải Hạnh Hiền Hiếu Hoa Hòa Hùng "
    "Hương Huy Khánh Khoa Lan Linh Loan Long Mai Minh My Nam Nga Ngân Nghĩa Nhung Oanh "
    "Phong Phúc Phương Quân Quyên Sơn Tâm Thắng Thảo Thịnh Thu Thủy Tiến Toàn Trang "
    "Trinh Trung Tú Tuấn Tùng Tuyết Uyên Vân Việt Vinh Vy Yến"
).split()
FIRST = (
    "An Bách Bảo Bình Cát Đại Đông Gia Hà Hải Hoàng Hồng Hưng Hữu Kim Lạc Lộc Minh Nam "
    "Ngọc Nhật Phú Phương Quang Sao Tân Thái Thành Thiên Thuận Tiến Trường Tường Vạn "
    "Việt"
).split()
SECOND = (
    "An Ân Cường Đạt Dương Giang Hà Hải Hòa Hưng Khánh Khang Lâm Long Minh Nam Nghĩa "
    "Nguyên Phát Phong Phú Phúc Quang Sơn Tài Tâm Thành Thịnh Thuận Tiến Tín Vinh Vượng"
).split()
FORMS = (
    ("Công ty TNHH", "Cty TNHH", "CÔNG TY TRÁCH NHIỆM HỮU HẠN", "C.ty TNHH MTV"),
    ("Công ty Cổ phần", "CTCP", "Cty CP", "Công ty CP"),
    ("Doanh nghiệp tư nhân", "DNTN"),
    ("Hộ kinh doanh", "HKD"),
)
TRADES = (
    ("Thương mại và Dịch vụ", "TM&DV", "TMDV", "Thương mại Dịch vụ"),
    ("Xây dựng", "XD"),
    ("Sản xuất Thương mại", "SX-TM"),
    ("Xuất nhập khẩu", "XNK"),
    ("Thiết bị Y tế", "TB Y tế", "Thiết bị y tế"),
    ("Vận tải", "vận tải"),
    ("Nội thất", "nội thất"),
    ("Dược phẩm", "dược phẩm"),
)
STREETS = (
    "Lê Lợi,Trần Phú,Hai Bà Trưng,Nguyễn Huệ,Lý Thường Kiệt,Quang Trung,Điện Biên Phủ,"
    "Nguyễn Trãi,Lê Duẩn,Trường Chinh,Cách Mạng Tháng Tám,Võ Văn Kiệt,Phạm Văn Đồng,"
    "Nguyễn Văn Linh,Hoàng Diệu,Ngô Quyền,Bà Triệu,Tôn Đức Thắng,Lê Hồng Phong,"
    "Hùng Vương"
).split(",")
CITIES = "Hà Nội,TP. Hồ Chí Minh,Đà Nẵng,Hải Phòng,Cần Thơ,Biên Hòa,Huế".split(",")
HOSTS = "gmail.com yahoo.com hotmail.com outlook.com".split()
#: Prefixes of today and of before 2018.
RENEWED = {"70": "120", "79": "121", "83": "123", "34": "164", "36": "166", "56": "186"}
#: Of many.
HOTLINES = "19001234 18005678 0243.8123456 0283.9876543".split()
#: What is typed by who has none.
NO_PHONES = "0000000000 0900000000 0123456789".split()
NO_EMAILS = "khongco@gmail.com noemail@gmail.com khong@yahoo.com".split()
NO_CODES = "0000000000 1111111111 0".split()
PREFIXES = "90 91 93 94 96 97 98 86 70 79 83 34 36 56".split()


@dataclass
class Person:
    """An entry, and whom it means."""

    meant: int
    values: dict
    is_again: bool = False


def people(seed: int, count: int, *, again: float = 0.25) -> list[Person]:
    """Return that many customers, and a share of them again."""
    chance = random.Random(seed)
    found: list[Person] = []
    for meant in range(count):
        found.append(Person(meant, _make(chance, found)))
    for person in chance.sample(found, int(count * again)):
        values = enter_again(chance, person.values)
        found.append(Person(person.meant, values, is_again=True))
    chance.shuffle(found)
    return found


# ------------------------------------------------------------
# SOMEBODY NEW
# ------------------------------------------------------------


def _make(chance: random.Random, before: list[Person]) -> dict:
    if chance.random() < 0.4:
        return _company(chance, before)
    name = [_surname(chance), chance.choice(MIDDLE), chance.choice(GIVEN)]
    if chance.random() < 0.3:
        name.insert(2, chance.choice(MIDDLE))
    values = {
        "name": " ".join(name),
        "phone": _maybe(chance, 0.9, _phone(chance)),
        "email": _maybe(chance, 0.4, _mailbox(chance, name[-1], name[0])),
        "street": _maybe(chance, 0.6, _street(chance)),
        "city": chance.choice(CITIES),
        "is_company": False,
    }
    kind = chance.random()
    if kind < 0.06 and before:
        _make_kin(chance, values, chance.choice(before).values, is_near=kind < 0.04)
    elif kind < 0.07:
        values["phone"] = chance.choice(HOTLINES)
    elif kind < 0.08:
        values["phone"] = chance.choice(NO_PHONES)
    elif kind < 0.09:
        values["email"] = chance.choice(NO_EMAILS)
    return values


def _make_kin(chance: random.Random, values: dict, kin: dict, *, is_near: bool) -> None:
    """Have somebody share the telephone of a family, the near ones all but the given
    name."""
    values["phone"] = kin.get("phone", "")
    words = kin["name"].split()
    if is_near and not kin["is_company"]:
        given = chance.choice([each for each in GIVEN if each != words[-1]])
        values["name"] = " ".join([*words[:-1], given])
        values["city"] = kin["city"]
        values["street"] = kin["street"]


def _company(chance: random.Random, before: list[Person]) -> dict:
    if before and chance.random() < 0.04:
        head = chance.choice(before).values
        if len(head.get("tax_code", "")) == 10:
            branch = f"{head['tax_code']}-{chance.randint(1, 9):03}"
            city = chance.choice(CITIES)
            name = f"Chi nhánh {head['name']} tại {city}"
            return {
                **head, "name": name, "tax_code": branch, "phone": _phone(chance),
                "city": city, "street": _street(chance),
            }  # fmt: skip
    if before and chance.random() < 0.03:
        head = chance.choice(before).values
        if head["is_company"]:
            # another shop, under the hotline of all
            shop = {**head, "tax_code": "", "street": _street(chance)}
            return {**shop, "name": f"{head['name']} {chance.randint(2, 30)}"}
    form, trade = chance.choice(FORMS)[0], chance.choice(TRADES)[0]
    name = [chance.choice(FIRST), chance.choice(SECOND)]
    if chance.random() < 0.4:
        name.append(chance.choice(SECOND))
    called = "".join(plain(each) for each in name).lower()
    return {
        "name": " ".join(
            [form, trade, *name] if chance.random() < 0.6 else [form, *name]
        ),
        "phone": _maybe(chance, 0.85, _phone(chance)),
        "email": _maybe(chance, 0.5, f"info@{called}{chance.randint(1, 99)}.vn"),
        "tax_code": _maybe(chance, 0.75, tax_code(chance))
        if chance.random() < 0.98
        else chance.choice(NO_CODES),
        "street": _maybe(chance, 0.8, _street(chance)),
        "city": chance.choice(CITIES),
        "is_company": True,
    }


def _surname(chance: random.Random) -> str:
    return chance.choices(list(SURNAMES), list(SURNAMES.values()))[0]


def _maybe(chance: random.Random, share: float, value: str) -> str:
    return value if chance.random() < share else ""


def _phone(chance: random.Random) -> str:
    return f"0{chance.choice(PREFIXES)}{chance.randrange(10**7):07}"


def _mailbox(chance: random.Random, given: str, surname: str) -> str:
    box = f"{plain(given)}.{plain(surname)}{chance.randint(1, 9999)}".lower()
    return f"{box}@{chance.choice(HOSTS)}"


def _street(chance: random.Random) -> str:
    return f"{chance.randint(1, 300)} {chance.choice(STREETS)}"


def tax_code(chance: random.Random) -> str:
    """Return a tax code of a company, with its check digit."""
    while True:
        digits = f"{chance.randint(1, 96):02}{chance.randrange(1, 10**7):07}"
        code = digits + mst.calc_check_digit(digits)
        if len(code) == 10:
            return code


# ------------------------------------------------------------
# ENTERED AGAIN
# ------------------------------------------------------------


def enter_again(chance: random.Random, values: dict) -> dict:
    """Return the entry of another clerk, who knows some of it and writes it another
    way."""
    again = dict(values)
    again["name"] = _again_name(chance, values)
    if phone := values.get("phone"):
        again["phone"] = _again_phone(chance, phone)
    if chance.random() < 0.15:
        again["phone"] = _phone(chance)
    if chance.random() < 0.35:
        again["email"] = ""
    if code := values.get("tax_code"):
        again["tax_code"] = _again_tax_code(chance, code)
        if values["name"].startswith("Hộ kinh doanh") and chance.random() < 0.5:
            # that of its owner, since July 2025
            again["tax_code"] = f"0{chance.randrange(10**11):011}"
        elif len(code) == 10 and chance.random() < 0.03:
            renamed = [chance.choice(FIRST), chance.choice(SECOND)]
            again["name"] = " ".join([chance.choice(FORMS)[0], *renamed])
            again["tax_code"] = code
    if chance.random() < 0.5:
        again["street"] = plain(values.get("street", "")).replace("Hai Ba", "HBT")
    if not any(again.get(name) for name in ("phone", "email", "tax_code")):
        # somebody without any of them could be anybody
        again.update({name: values.get(name, "") for name in ("phone", "email")})
    return again


def _again_name(chance: random.Random, values: dict) -> str:
    name = values["name"]
    for choices in (*FORMS, *TRADES):
        if values["is_company"] and choices[0] in name:
            name = name.replace(choices[0], chance.choice(choices))
    words = name.split()
    kind = chance.random()
    if kind < 0.15 and len(words) > 2:
        words.pop(chance.randrange(1, len(words) - 1))
    elif kind < 0.35:
        place = chance.randrange(len(words))
        words[place] = _mistype(chance, words[place])
    elif kind < 0.42 and not values["is_company"]:
        words = words[1:] + words[:1]
    name = " ".join(words)
    if chance.random() < 0.4:
        name = plain(name)
    if chance.random() < 0.2:
        name = name.upper()
    if chance.random() < 0.1 and not values["is_company"]:
        name = f"{chance.choice(['Anh', 'Chị', 'Mr', 'Cô'])} {name}"
    return name


def _again_phone(chance: random.Random, phone: str) -> str:
    kind = chance.random()
    if kind < 0.15:
        return ""
    if kind < 0.35 and phone[1:3] in RENEWED:
        return f"0{RENEWED[phone[1:3]]}{phone[3:]}"
    if kind < 0.5:
        return f"+84 {phone[1:4]} {phone[4:7]} {phone[7:]}"
    if kind < 0.6:
        return f"84{phone[1:]}"
    if kind < 0.7:
        return f"{phone[:4]}.{phone[4:7]}.{phone[7:]} / {_phone(chance)}"
    if kind < 0.75:
        return _mistype(chance, phone, "0123456789")
    return phone


def _again_tax_code(chance: random.Random, code: str) -> str:
    kind = chance.random()
    if kind < 0.3:
        return ""
    if kind < 0.37:
        return _mistype(chance, code, "0123456789")
    if kind < 0.5:
        return f"{code[:2]} {code[2:6]} {code[6:]}"
    return code


def _mistype(
    chance: random.Random, text: str, letters: str = "abcdeghiklmnoprstuvy"
) -> str:
    place = chance.randrange(len(text))
    kind = chance.random()
    if kind < 0.35 and len(text) > 2:
        return text[:place] + text[place + 1 :]
    if kind < 0.65:
        return text[:place] + chance.choice(letters) + text[place + 1 :]
    if place + 1 < len(text):
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text + chance.choice(letters)


def plain(text: str) -> str:
    """Return a text without marks, as one types it on a keyboard that has none."""
    text = text.replace("đ", "d").replace("Đ", "D")
    return "".join(
        each
        for each in unicodedata.normalize("NFD", text)
        if not unicodedata.combining(each)
    )
