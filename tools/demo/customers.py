"""Whom the company knows, and how well: levels, people with birthdays, wanted data,
and customers who were entered twice."""

from __future__ import annotations

from odoo.api import Environment

from tools.demo import HOSPITAL
from tools.demo.company import LANGUAGE, find, translate
from tools.demo.orders import CHILDREN_HOSPITAL

CLINIC, TRADITIONAL = "Phòng khám Đa khoa Tâm Đức", "Bệnh viện Y học cổ truyền An Khang"
TRAVEL = "Công ty Du lịch Sao Mai"
#: Levels in English and Vietnamese, each with its colour and whose it is.
LEVELS = {
    ("VIP", "VIP"): (1, [HOSPITAL]),
    ("Gold", "Vàng"): (3, [CHILDREN_HOSPITAL, "Khách sạn Biển Xanh"]),
}
#: What is known of companies; of the others, too little.
KNOWN = {
    HOSPITAL: {
        "phone": "+84 225 5555 145",
        "email": "vattu@hongphuc.example",
        "vat": "0205550149",
    },
    CHILDREN_HOSPITAL: {"phone": "+84 24 5555 0112", "vat": "0105550120"},
    CLINIC: {"phone": "+84 238 5555 208", "email": "lienhe@tamduc.example"},
    "Khách sạn Biển Xanh": {"email": "muahang@bienxanh.example"},
    TRADITIONAL: {"phone": "+84 24 5555 0177", "vat": "0105550339"},
}
#: Salutation, company and what else is known of people.
PEOPLE = {
    "Nguyễn Thu Hà": (
        "chi",
        HOSPITAL,
        {
            "function": "Trưởng phòng vật tư",
            "gender": "female",
            "phone": "0912 555 145",
            "birthdate_lunar": "10/3/1985",
            "is_lunar_birthday": True,
        },
    ),
    "Phạm Đức Long": (
        "ong",
        HOSPITAL,
        {
            "function": "Giám đốc",
            "gender": "male",
            "birthday_no_year": "15/8",
            "is_lunar_birthday": True,
        },
    ),
    "Lê Minh Tuấn": (
        "anh",
        CHILDREN_HOSPITAL,
        {
            "function": "Kế toán trưởng",
            "gender": "male",
            "birthdate_date": "1990-12-05",
        },
    ),
    "Trần Ngọc Mai": (
        "chi",
        CLINIC,
        {"gender": "female", "phone": "0903 555 208", "birthday_no_year": "20/11"},
    ),
}
#: Wanted data: its name in both languages, its fields, and how it is wanted.
RULES = {
    ("How to reach them", "Liên hệ"): (
        ("phone", "email"),
        {"is_one_enough": True, "is_required": True, "weight": 3},
    ),
    ("Tax code", "Mã số thuế"): (
        ("vat",),
        {
            "kind": "company",
            "stage": "customer",
            "is_required": True,
            "weight": 2,
        },
    ),
    ("Address", "Địa chỉ"): (("street", "city"), {"kind": "company"}),
    ("Birthday", "Sinh nhật"): (
        ("birthdate_date", "birthday_no_year"),
        {"kind": "person", "is_one_enough": True},
    ),
}
#: Entered a second time: with the number of whom, and whether it was merged already.
TWICE = {
    "PK Đa khoa Tâm Đức": (CLINIC, {"phone": "0238 5555 208", "city": "Vinh"}, False),
    "BV Y học cổ truyền An Khang": (TRADITIONAL, {"vat": "0105550339"}, False),
    "Cty Du lịch Sao Mai": (TRAVEL, {"phone": "+84 24 5555 0163"}, True),
}


def create(env: Environment) -> None:
    for names, (fields, values) in RULES.items():
        _create_rule(env, names, fields, values)
    for name, values in KNOWN.items():
        _find(env, name).write(values)
    for name, (salutation, company, values) in PEOPLE.items():
        env["res.partner"].create(
            {
                "name": name,
                "parent_id": _find(env, company).id,
                "salutation_id": env.ref(
                    f"customer_base.customer_salutation_{salutation}"
                ).id,
                "lang": LANGUAGE,
                **values,
            }
        )
    for (english, vietnamese), (color, companies) in LEVELS.items():
        level = env["customer.level"].create({"name": english, "color": color})
        translate(level, vietnamese)
        for company in companies:
            _find(env, company).customer_level_id = level
    _enter_twice(env)


def _create_rule(env: Environment, names, fields, values) -> None:
    english, vietnamese = names
    get_field = env["ir.model.fields"]._get
    rule = env["customer.field.rule"].create(
        {
            "name": english,
            "field_ids": [get_field("res.partner", name).id for name in fields],
            **values,
        }
    )
    translate(rule, vietnamese)


def _enter_twice(env: Environment) -> None:
    """Have one pair to decide on and one that is one customer again."""
    everyone = env["res.partner"]
    for name, (company, values, is_merged) in TWICE.items():
        first = _find(env, company)
        again = everyone.create(
            {"name": name, "is_company": True, "lang": LANGUAGE, **values}
        )
        if is_merged:
            env["customer.merge"]._merge(again, first)
        else:
            everyone |= again
    env.flush_all()
    env["customer.duplicate"]._find_pairs(everyone.ids)
    env["customer.duplicate"]._group()
    # as the job will in some minutes, for those from before
    env["customer.field.rule"]._keep(env["res.partner"].search([]).ids)


def _find(env: Environment, name: str):
    return find(env, "res.partner", "name", name)
