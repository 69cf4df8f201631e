"""Take the pictures of the README from the demo company: ``make screenshots``.

Runs in the tools' own environment, as ``python -m tools.pictures``. The company is a
copy as it is on the first day, so that pictures of today look like those of last year.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools import (
    checkout_databases,
    databases,
    odoo_command,
    odoo_source,
    places,
    server,
    settings,
)
from tools.browser import Browser, chromium
from tools.console import Fail, step
from tools.demo import BED, LOGINS
from tools.setup import Ready

FOLDER = places.ROOT / "docs/images"
TIME_ZONE = "Asia/Ho_Chi_Minh"
DESK, PHONE = (1366, 768), (375, 667)
MATTRESS = "NEM-GB"
#: How long the jobs of the first day may take on a busy machine.
SECONDS = 180


@dataclass(frozen=True)
class Picture:
    """One picture.

    :param path: what is opened; a name in braces is that of a record, see ``_id``
    :param shown: selector of what must be there
    :param click: selector of what is pressed before that
    :param before: what is done in the company first; returns the id of the record
    """

    name: str
    login: str
    path: str
    shown: str
    size: tuple[int, int] = DESK
    record: tuple[str, str] | None = None
    click: str = ""
    before: Callable[[Company], int] | None = None


@dataclass(frozen=True)
class Company:
    """The company that is looked at.

    :param url: of its server
    """

    ready: Ready
    conf: Path
    database: str
    url: str
    browser: Browser


def buy_more_than_the_cash_allows(company: Company) -> int:
    """Order so much that the deposit waits; return the id of the deposit."""
    pages = {
        login: company.browser.open(company.url, login, _password(login))
        for login in ("buyer", "manager", "director")
    }
    for code, quantity in ((BED, 300), (MATTRESS, 1500)):
        buyer = pages["buyer"]
        (product,) = buyer.call(
            "product.product",
            "search_read",
            [["default_code", "=", code]],
            ["seller_ids"],
        )
        (seller,) = buyer.call(
            "product.supplierinfo", "read", product["seller_ids"][:1], ["partner_id"]
        )
        line = {"product_id": product["id"], "product_qty": quantity}
        values = {
            "partner_id": seller["partner_id"][0],
            "order_line": [[0, 0, line]],
        }
        (order,) = buyer.call("purchase.order", "create", [values])
        buyer.call("purchase.order", "button_confirm", [order])
        for login in ("manager", "director"):
            state = pages[login].call("purchase.order", "read", [order], ["state"])
            if state[0]["state"] == "to approve":
                pages[login].call("purchase.order", "action_approve", [order])
    waiting = pages["director"].call(
        "supplier.deposit", "search", [["approval_state", "=", "open"]]
    )
    if not waiting:
        raise Fail("No deposit waits for approval: the demo company has changed.")
    return waiting[-1]


def play_the_story(company: Company) -> int:
    """Let a week pass between the steps of the story; return the id of its order."""
    odoo_command.script(company.ready, "story", company.conf, company.database)
    query = "SELECT max(id) FROM sale_order"
    return int(databases.query(query, company.database)[0])


PICTURES = [
    Picture(
        "sale-order",
        "care",
        "/odoo/sale.order/{}",
        ".o_supply_sentence",
        record=("sale_order", "S00005"),
    ),
    Picture(
        "purchase-order",
        "director",
        "/odoo/purchase.order/{}",
        ".o_form_view .o_data_row",
        record=("purchase_order", "P00003"),
    ),
    Picture(
        "my-approvals-phone",
        "director",
        "/odoo/my-approvals",
        ".o_kanban_record",
        PHONE,
    ),
    Picture(
        "my-approvals",
        "director",
        "/odoo/my-approvals",
        ".o_data_row",
    ),
    Picture(
        "decide-phone",
        "director",
        "/odoo/my-approvals",
        ".o_form_view .o_approval_card",
        PHONE,
        click=".o_kanban_record",
    ),
    Picture(
        "submit-for-approval",
        "buyer",
        "/odoo/purchase.order/{}",
        ".o_approval_submission",
        record=("purchase_order", "P00004"),
        click="button[name=action_open_submission]",
    ),
    Picture(
        "urgent-purchases",
        "buyer",
        "/odoo/action-purchase.purchase_rfq",
        ".o_data_row",
    ),
    Picture(
        "set-up",
        "admin",
        "/odoo/approval-setup",
        ".o_approval_setup_page",
    ),
    Picture(
        "urgent-chain",
        "admin",
        "/odoo/action-urgent_orders.urgency_case_action",
        ".o_data_row",
    ),
    Picture(
        "who-waits",
        "buyer",
        "/odoo/stock.picking/{}",
        ".o_list_view .o_data_row",
        (1366, 250),
        ("stock_picking", "KHO/IN/00004"),
        "button[name=action_view_supply_waiting]",
    ),
    Picture(
        "receipts-phone",
        "keeper",
        "/odoo/receipts-waited-for",
        ".o_kanban_record",
        PHONE,
    ),
    Picture(
        "hot-list",
        "buyer",
        "/odoo/hot-list",
        ".o_data_row",
        (1366, 640),
    ),
    Picture(
        "compare-quotes",
        "buyer",
        "/odoo/purchase.order/{}",
        ".o_quote",
        (1366, 1000),
        ("purchase_order", "P00017"),
        "button[name=action_compare_quotes]",
    ),
    Picture(
        "shortage-desk",
        "manager",
        "/odoo/shortage-desk",
        ".o_shortage_row",
        (1366, 500),
        click=".o_shortage_desk [data-product]",
    ),
    Picture(
        "promises-overview",
        "director",
        "/odoo/promises-overview",
        ".o_supply_overview .card",
        (1366, 440),
    ),
    Picture(
        "deposits-phone",
        "director",
        "/odoo/deposits-to-pay",
        ".o_kanban_record",
        PHONE,
    ),
    Picture(
        "deposit-cash",
        "director",
        "/odoo/supplier.deposit/{}",
        ".o_form_view .o_field_widget",
        (1366, 960),
        before=buy_more_than_the_cash_allows,
    ),
    Picture(
        "lanes",
        "care",
        "/odoo/sale.order/{}/order-timeline",
        ".o_timeline_span",
        (1366, 480),
        click=".o_timeline_tab_lanes",
        before=play_the_story,
    ),
]


def main(names: list[str]) -> int:
    """:param names: of the pictures to take; none: all"""
    ready = Ready(odoo_source.find(), Path(sys.executable))
    with checkout_databases.demo_copy(ready, "pictures") as database:
        conf = settings.write("pictures", ready.odoo, db_name=database)
        with server.serve(conf, name="pictures") as running, chromium() as browser:
            company = Company(ready, conf, database, running.url, browser)
            with step("Jobs of the first day"):
                _wait_for_jobs(database)
            for picture in PICTURES:
                if not names or picture.name in names:
                    with step(f"docs/images/{picture.name}.png"):
                        _take(picture, company)
    return 0


def _wait_for_jobs(database: str) -> None:
    databases.query(f"SELECT pg_notify('cron_trigger', {databases.literal(database)})")
    # that of customers looks through all of them each night, and is never over
    jobs = (
        "SELECT count(*) FROM supply_change UNION ALL SELECT count(*) FROM ir_cron cron"
        " JOIN ir_model_data data ON data.res_id = cron.id AND data.model = 'ir.cron'"
        " WHERE data.name = 'ir_cron_fill' AND cron.active"
        " AND data.module != 'customer_base'"
    )
    deadline = time.monotonic() + SECONDS
    while any(map(int, databases.query(jobs, database))):
        if time.monotonic() > deadline:
            raise Fail("The jobs of the first day do not end.")
        time.sleep(0.5)


def _take(picture: Picture, company: Company) -> None:
    if picture.before:
        record = picture.before(company)
    else:
        record = picture.record and _id(company.database, *picture.record)
    page = company.browser.open(company.url, picture.login, _password(picture.login))
    page.resize(*picture.size, is_phone=picture.size == PHONE)
    page.be_in(TIME_ZONE)
    page.show(picture.path.format(record))
    if picture.click:
        page.until(f"!!document.querySelector('{picture.click}')", "no button")
        page.run(f"document.querySelector('{picture.click}').click()")
    page.until(f"!!document.querySelector('{picture.shown}')", "it is not shown")
    page.settle()
    (FOLDER / f"{picture.name}.png").write_bytes(page.picture())


def _id(database: str, table: str, name: str) -> str:
    query = f"SELECT id FROM {table} WHERE name = {databases.literal(name)}"
    return databases.query(query, database)[0]


def _password(login: str) -> str:
    return next(row[2] for row in LOGINS if row[1] == login)


if __name__ == "__main__":
    try:
        sys.exit(main(os.environ.get("PICTURES", "").split()))
    except Fail as failure:
        print(f"\n{failure}", file=sys.stderr)
        sys.exit(1)
