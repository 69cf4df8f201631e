"""One customer entered by many at the same moment, on a real server."""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from office import Office, copied_registry
from tools import server
from tools.story.client import Json2Client, Refused

COPY = f"{os.environ['CDO_TEST_DB']}_customer"
TIMES = 50
LAN = {"name": "Nguyễn Thị Lan", "phone": "0912 345 678"}
NOTATIONS = ("0912345678", "+84 912 345 678", "0912.345.678")


class CustomerOffice(Office):
    """Clerks who enter customers, and a server that they do it on."""

    url = None

    def __init__(self, registry):
        super().__init__(registry)
        self.hire(
            "clerk",
            "base.group_user",
            "sales_team.group_sale_salesman",
            "base.group_partner_manager",
        )
        with self.committed() as env:
            company = env.ref("base.main_company")
            company.country_id = env.ref("base.vn")
            company.same_customer_action = "reason"

    def client(self):
        with self.committed("clerk") as env:
            key = env["res.users.apikeys"]._generate(
                None, "race", datetime.now() + timedelta(days=1)
            )
            return Json2Client(self.url, COPY, key, env.uid, {})

    def count(self, name):
        with self.session() as env:
            return env["res.partner"].search_count([("name", "=", name)])


@pytest.fixture(scope="module")
def office():
    with copied_registry("customer") as registry:
        office = CustomerOffice(registry)
        conf = Path(os.environ["CDO_CONF"])
        with server.serve(conf, database=COPY, workers=4, name="tests-customer") as run:
            office.url = run.url
            yield office


def _at_once(call):
    """Return what each of the calls gave, or why it was refused."""

    def attempt(number):
        try:
            return call(number)
        except Refused as refused:
            return refused.kind

    with ThreadPoolExecutor(TIMES) as threads:
        return list(threads.map(attempt, range(TIMES)))


def _values(number, name):
    return {"name": name, "phone": NOTATIONS[number % len(NOTATIONS)]}


def test_of_fifty_who_enter_one_customer_one_does(office):
    client = office.client()
    answers = _at_once(
        lambda number: client.call(
            "res.partner", "create", vals_list=[_values(number, LAN["name"])]
        )
    )
    kinds = Counter(type(answer).__name__ for answer in answers)
    assert kinds == {"list": 1, "str": TIMES - 1}, answers
    refusals = {answer for answer in answers if isinstance(answer, str)}
    assert refusals == {"odoo.exceptions.ValidationError"}
    assert office.count(LAN["name"]) == 1


def test_fifty_calls_of_a_program_get_one_customer(office):
    client = office.client()
    values = {"name": "Phạm Quốc Bảo", "phone": "0977 111 222"}
    answers = _at_once(
        lambda number: client.call("customer.match", "enter", values=values)
    )
    assert len({answer["id"] for answer in answers}) == 1, answers
    assert [answer["is_new"] for answer in answers].count(True) == 1
    assert office.count(values["name"]) == 1
