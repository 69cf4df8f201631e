"""One customer entered by many at the same moment, on a real server."""

import json
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
        for login in ("clerk", "colleague"):
            self.hire(
                login,
                "base.group_user",
                "sales_team.group_sale_salesman",
                "base.group_partner_manager",
            )
        with self.committed() as env:
            env.ref("base.main_company").country_id = env.ref("base.vn")

    def set_action(self, action):
        with self.committed() as env:
            env.ref("base.main_company").same_customer_action = action

    def client(self, login="clerk"):
        with self.committed(login) as env:
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
    office.set_action("reason")
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


def test_of_fifty_forms_saved_as_installed_one_saves(office):
    """Two clerks type one customer, whom neither form could show when it was saved."""
    office.set_action("inform")
    clients = [office.client(), office.client("colleague")]
    name = "Lê Thị Thu Hà"

    def save(number, told=False):
        values = {"name": name, "phone": "0988 333 444", "same_customers_told": told}
        return clients[number % 2].call(
            "res.partner", "web_save", ids=[], vals=values, specification={"id": {}}
        )

    answers = _at_once(save)
    assert [type(answer) for answer in answers].count(list) == 1, answers
    assert {answer for answer in answers if isinstance(answer, str)} == {
        "odoo.addons.customer_base.exceptions.AlreadyThere"
    }
    assert office.count(name) == 1
    # led there, a clerk may still mean somebody else
    (saved,) = next(answer for answer in answers if isinstance(answer, list))
    assert save(1, told=json.dumps({"ids": [saved["id"]]}))
    assert office.count(name) == 2


def test_programs_that_only_create_are_held_by_nothing_as_installed(office):
    """An import must not break over what the list of duplicates finds."""
    office.set_action("inform")
    client = office.client()
    name = "Đỗ Văn Hải"
    answers = _at_once(
        lambda number: client.call(
            "res.partner", "create", vals_list=[{"name": name, "phone": "0966 555 444"}]
        )
    )
    assert {type(answer) for answer in answers} == {list}, answers
    assert office.count(name) == TIMES


def test_fifty_calls_of_a_program_get_one_customer(office):
    office.set_action("inform")
    client = office.client()
    values = {"name": "Phạm Quốc Bảo", "phone": "0977 111 222"}
    answers = _at_once(
        lambda number: client.call("customer.match", "enter", values=values)
    )
    assert len({answer["id"] for answer in answers}) == 1, answers
    assert [answer["is_new"] for answer in answers].count(True) == 1
    assert office.count(values["name"]) == 1
