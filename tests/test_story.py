"""The main job, told over the public API, and what it leaves in the database."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass

import pytest

from serving import DemoServer
from tools import places
from tools.demo import BED
from tools.story.client import Refused, signed_in
from tools.story.excess import BILLED, ORDERED, SENT, WHY
from tools.story.steps import QUANTITY, REASON

SUMMARY = re.compile(r"^(S\d+) delivered, (P\d+) approved in two steps: ", re.MULTILINE)
TROLLEYS = re.compile(r"(P\d+) is confirmed at once$", re.MULTILINE)


@dataclass(frozen=True)
class Told:
    output: str
    sale: str
    purchase: str
    trolleys: str


def tell(demo_server: DemoServer) -> Told:
    result = subprocess.run(
        [sys.executable, "-m", "tools.story"],
        cwd=places.ROOT,
        env=demo_server.environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    summary = SUMMARY.search(result.stdout)
    assert summary, result.stdout
    trolleys = TROLLEYS.search(result.stdout)
    assert trolleys, result.stdout
    return Told(result.stdout, *summary.groups(), *trolleys.groups())


@pytest.fixture(scope="module")
def told(demo_server: DemoServer) -> Told:
    return tell(demo_server)


@pytest.fixture(scope="module")
def process(demo_server: DemoServer, told: Told) -> dict:
    (process,) = demo_server.rows(
        "SELECT * FROM approval_process WHERE res_model = 'purchase.order' AND res_id ="
        f" (SELECT id FROM purchase_order WHERE name = '{told.purchase}')"
    )
    return process


def test_every_step_is_told(told: Told):
    numbers = re.findall(r"^ +(\d+)  \d\d:\d\d:\d\d  +\d+ ms  ", told.output, re.M)
    assert numbers == [str(number) for number in range(1, 44)]
    assert "FAILED" not in told.output


def test_refusals_are_told_in_words(told: Told):
    assert "Approval is required first" in told.output
    assert "cannot be created, changed or deleted by hand" in told.output


def test_what_is_held_is_told_in_words(told: Told):
    assert "“More Than Approved”" in told.output
    assert "More than is approved, so it was asked for" in told.output


def test_purchase_serves_the_urgent_sale(demo_server: DemoServer, told: Told):
    (purchase,) = demo_server.rows(
        "SELECT p.state, p.priority, p.urgency_reason, p.receipt_status,"
        " p.needed_by = s.needed_by AS same_deadline, s.name AS source,"
        " s.state AS sale_state, s.delivery_status, level.is_urgent,"
        " level.sequence = (SELECT max(sequence) FROM urgency_level) AS highest"
        " FROM purchase_order p JOIN sale_order s ON s.id = p.urgency_source_id"
        " JOIN urgency_level level ON level.id = p.urgency_level_id"
        f" WHERE p.name = '{told.purchase}'"
    )
    assert purchase == {
        "state": "purchase",
        "priority": "1",
        "urgency_reason": REASON,
        "receipt_status": "full",
        "same_deadline": True,
        "source": told.sale,
        "sale_state": "sale",
        "delivery_status": "full",
        "is_urgent": True,
        "highest": True,
    }


def test_two_people_approved(demo_server: DemoServer, process: dict):
    assert process["state"] == "approved"
    decisions = demo_server.rows(
        "SELECT u.login, d.login AS decided_by, t.state FROM approval_task t"
        " JOIN res_users u ON u.id = t.user_id"
        " LEFT JOIN res_users d ON d.id = t.decided_by_id"
        f" WHERE t.process_id = {process['id']} ORDER BY t.stage"
    )
    assert decisions == [
        {"login": login, "decided_by": login, "state": "approved"}
        for login in ("manager", "director")
    ]


def test_log_names_the_right_people(demo_server: DemoServer, process: dict):
    rows = demo_server.rows(
        "SELECT l.event, u.login FROM approval_log l JOIN res_users u"
        f" ON u.id = l.user_id WHERE l.process_id = {process['id']} ORDER BY l.sequence"
    )
    assert [(row["event"], row["login"]) for row in rows] == [
        ("submitted", "buyer"),
        ("approved", "manager"),
        ("approved", "director"),
        ("granted", "director"),
    ]


def test_log_is_an_unbroken_chain(demo_server: DemoServer):
    """Compute every hash anew, with nothing of the addon's code."""
    heads = {
        row["id"]: (row["log_count"], row["log_hash"])
        for row in demo_server.rows(
            "SELECT id, log_count, log_hash FROM approval_process"
        )
    }
    assert heads
    chains: dict[int, tuple[int, str]] = {}
    for row in demo_server.rows(
        "SELECT process_id, sequence, to_char(date, 'YYYY-MM-DD HH24:MI:SS') AS date,"
        " event, user_id, on_behalf_of_id, channel, step_name, comment, details,"
        " previous_hash, hash"
        " FROM approval_log ORDER BY process_id, sequence"
    ):
        previous, sealed = row.pop("previous_hash"), row.pop("hash")
        count, last = chains.get(row["process_id"], (0, "0" * 64))
        content = {name: value for name, value in row.items() if value}
        text = json.dumps(
            {"previous": last, "content": content},
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        )
        assert (row["sequence"], previous) == (count + 1, last)
        assert sealed == hashlib.sha256(text.encode()).hexdigest()
        chains[row["process_id"]] = (count + 1, sealed)
    assert chains == heads


def test_goods_came_and_went(demo_server: DemoServer, told: Told):
    moves = demo_server.rows(
        "SELECT t.code, m.state, m.quantity, p.state AS transfer"
        " FROM stock_move m JOIN stock_picking p ON p.id = m.picking_id"
        " JOIN stock_picking_type t ON t.id = m.picking_type_id"
        " JOIN product_product product ON product.id = m.product_id"
        f" WHERE product.default_code = '{BED}'"
        f" AND p.origin IN ('{told.sale}', '{told.purchase}') ORDER BY m.id"
    )
    assert sorted(moves, key=lambda move: move["code"]) == [
        {"code": code, "state": "done", "quantity": QUANTITY, "transfer": "done"}
        for code in ("incoming", "outgoing")
    ]


def test_approved_part_came_before_the_rest(demo_server: DemoServer, told: Told):
    moves = demo_server.rows(
        "SELECT m.quantity, m.state, u.login AS keeper FROM stock_move m"
        " JOIN stock_picking p ON p.id = m.picking_id"
        " JOIN res_users u ON u.id = p.write_uid"
        f" WHERE p.origin = '{told.trolleys}' ORDER BY p.id"
    )
    assert moves == [
        {"quantity": quantity, "state": "done", "keeper": "keeper"}
        for quantity in (ORDERED, SENT - ORDERED)
    ]


def test_who_approves_larger_orders_approved_what_was_more(
    demo_server: DemoServer, told: Told
):
    excesses = demo_server.rows(
        "SELECT e.flow, e.state, e.reason, asks.login AS asked_by,"
        " approver.login AS decided_by FROM purchase_excess e"
        " JOIN purchase_order o ON o.id = e.order_id"
        " JOIN res_users asks ON asks.id = e.requester_id"
        " JOIN approval_process p ON p.res_model = 'purchase.excess'"
        " AND p.res_id = e.id JOIN approval_task t ON t.process_id = p.id"
        " JOIN res_users approver ON approver.id = t.decided_by_id"
        f" WHERE o.name = '{told.trolleys}' ORDER BY e.id"
    )
    approved = {"state": "approved", "decided_by": "manager"}
    assert excesses == [
        {"flow": "receipt", "reason": WHY, "asked_by": "keeper", **approved},
        {"flow": "bill", "reason": None, "asked_by": "accountant", **approved},
    ]


def test_order_itself_was_never_asked_for(demo_server: DemoServer, told: Told):
    orders = demo_server.rows(
        "SELECT o.state, l.product_qty, l.qty_received, l.qty_invoiced, p.id AS process"
        " FROM purchase_order o JOIN purchase_order_line l ON l.order_id = o.id"
        " LEFT JOIN approval_process p"
        " ON p.res_model = 'purchase.order' AND p.res_id = o.id"
        f" WHERE o.name = '{told.trolleys}'"
    )
    assert orders == [
        {
            "state": "purchase",
            "product_qty": ORDERED,
            "qty_received": SENT,
            "qty_invoiced": SENT,
            "process": None,
        }
    ]


def test_accountant_posted_the_dearer_bill(demo_server: DemoServer, told: Told):
    bills = demo_server.rows(
        "SELECT DISTINCT b.state, b.amount_untaxed, u.login FROM account_move b"
        " JOIN account_move_line i ON i.move_id = b.id"
        " JOIN purchase_order_line l ON l.id = i.purchase_line_id"
        " JOIN purchase_order o ON o.id = l.order_id"
        " JOIN res_users u ON u.id = b.write_uid"
        f" WHERE o.name = '{told.trolleys}'"
    )
    posted = {"state": "posted", "login": "accountant"}
    assert bills == [{**posted, "amount_untaxed": SENT * BILLED}]


def test_no_key_and_no_mail_is_left(demo_server: DemoServer, told: Told):
    assert demo_server.rows("SELECT id FROM res_users_apikeys") == []
    assert demo_server.rows("SELECT id FROM mail_mail") == []


def test_it_can_be_told_again(demo_server: DemoServer, told: Told):
    again = tell(demo_server)
    assert again.sale > told.sale
    assert again.purchase > told.purchase


@pytest.mark.parametrize("login", ["care", "sales"])
@pytest.mark.parametrize("model", ["purchase.order", "purchase.order.line"])
def test_sales_people_see_no_purchase(demo_server: DemoServer, login: str, model: str):
    password = demo_server.password(login)
    with signed_in(demo_server.url, demo_server.database, login, password) as user:
        with pytest.raises(Refused) as refusal:
            user.search(model, [], ["price_total"] if "line" in model else ["name"])
    assert refusal.value.kind == "odoo.exceptions.AccessError"


def test_server_logged_no_error(demo_server: DemoServer, told: Told):
    log = demo_server.log.read_text()
    assert "Traceback" not in log
    assert " ERROR " not in log
