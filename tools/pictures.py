"""Take the pictures of the README from the demo company: ``make screenshots``.

Runs in the tools' own environment, as ``python -m tools.pictures``. The company is a
copy as it is on the first day, so that pictures of today look like those of last year.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from tools import databases, odoo_command, odoo_source, places
from tools.browser import Page
from tools.camera import PHONE, TIME_ZONE, Act, Company, Picture, take_all
from tools.console import Fail
from tools.demo import BED
from tools.setup import Ready

CONTEXT = {"lang": "vi_VN", "tz": TIME_ZONE}
MATTRESS = "NEM-GB"


def a_full_inbox(company: Company) -> dict:
    """Let the director have something of each kind to decide; return ids of orders."""
    buyer, manager, director = (
        company.open(login) for login in ("buyer", "manager", "director")
    )

    def submit(*goods: tuple[str, int], **values) -> int:
        order = _buy(buyer, *goods, **values)
        _call(buyer, "purchase.order", "button_confirm", [order])
        return order

    def pass_on(order: int, comment: str) -> int:
        _call(manager, "purchase.order", "action_approve", [order], comment)
        return order

    # decided already
    done = pass_on(submit((BED, 24)), "Giá như lần trước")
    _call(director, "purchase.order", "action_approve", [done], "Đồng ý")
    refused = pass_on(submit(("TU-HS2", 70)), "Trường xin gấp")
    _call(
        director, "purchase.order", "action_reject", [refused], "Chờ ngân sách quý sau"
    )
    # over budget, asked about
    desks = pass_on(submit(("BGHS-2", 60)), "Trường cần trước khai giảng")
    _call(
        director,
        "purchase.order",
        "action_ask_information",
        [desks],
        "Trường đã đặt cọc chưa?",
    )
    # with a file, asked and answered
    beds = submit((BED, 40), ("TDG-INOX", 40), ("NEM-GB", 40), ("XT-INOX", 10))
    _attach(buyer, beds, "Báo giá Hoàng Long.pdf")
    pass_on(beds, "Đã ép giá hai lần")
    _call(
        director,
        "purchase.order",
        "action_ask_information",
        [beds],
        "Giao một lần hay hai lần?",
    )
    _call(buyer, "purchase.order", "action_answer", [beds], "Một lần, ngày 4 tháng 12")
    # so much that the deposits fall under the floor
    mattresses = pass_on(submit(("NEM-GB", 1500)), "Bệnh viện đã ký hợp đồng")
    # of which nobody was asked
    parts = [submit(("XL-THEP", 10)), submit(("XL-THEP", 9))]
    return {
        "desks": desks,
        "beds": beds,
        "mattresses": mattresses,
        "parts": parts,
        "draft": _buy(buyer, (BED, 30)),
    }


def the_director_is_away(company: Company) -> dict:
    """Let the manager stand in for the director; return the absence."""
    company.at(a_full_inbox)
    director = company.open("director")
    (manager,) = _call(director, "res.users", "search", [["login", "=", "manager"]])
    now = director.run("new Date().toISOString().slice(0, 19).replace('T', ' ')")
    then = director.run(
        "new Date(Date.now() + 3 * 864e5).toISOString().slice(0, 19).replace('T', ' ')"
    )
    values = {"substitute_id": manager, "date_from": now, "date_to": then}
    (absence,) = _call(director, "approval.substitute", "create", [values])
    return {"absence": absence}


def _call(page: Page, model: str, method: str, *args):
    """Call the server in the language of the company, as people's screens do."""
    return page.call(model, method, *args, context=CONTEXT)


def _buy(page: Page, *goods: tuple[str, int], **values) -> int:
    """Make a request for quotation as a buyer; return its id.

    :param goods: codes and quantities; the vendor is that of the first
    """
    lines, vendors = [], []
    for code, quantity in goods:
        (product,) = _call(
            page,
            "product.product",
            "search_read",
            [["default_code", "=", code]],
            ["seller_ids"],
        )
        (seller,) = _call(
            page,
            "product.supplierinfo",
            "read",
            product["seller_ids"][:1],
            ["partner_id"],
        )
        vendors.append(seller["partner_id"][0])
        lines.append([0, 0, {"product_id": product["id"], "product_qty": quantity}])
    order = {"partner_id": vendors[0], "order_line": lines, **values}
    return _call(page, "purchase.order", "create", [order])[0]


def _attach(page: Page, order: int, name: str) -> None:
    values = {"name": name, "res_model": "purchase.order", "res_id": order}
    _call(page, "ir.attachment", "create", [{**values, "datas": "JVBERg=="}])


def buy_more_than_the_cash_allows(company: Company) -> int:
    """Order so much that the deposit waits; return the id of the deposit."""
    pages = {login: company.open(login) for login in ("buyer", "manager", "director")}
    buyer = pages["buyer"]
    for code, quantity in ((BED, 300), (MATTRESS, 1500)):
        order = _buy(buyer, (code, quantity))
        _call(buyer, "purchase.order", "button_confirm", [order])
        for login in ("manager", "director"):
            state = _call(pages[login], "purchase.order", "read", [order], ["state"])
            if state[0]["state"] == "to approve":
                _call(pages[login], "purchase.order", "action_approve", [order])
    waiting = _call(
        pages["director"],
        "supplier.deposit",
        "search",
        [["approval_state", "=", "open"]],
    )
    if not waiting:
        raise Fail("No deposit waits for approval: the demo company has changed.")
    return waiting[-1]


def an_order_of(name: str) -> Callable[[Company], int]:
    """Return what finds one of the orders of the full inbox."""
    return lambda company: company.at(a_full_inbox)[name]


def a_task_of(name: str) -> Callable[[Company], int]:
    """Return what finds the director's task about one of them."""

    def find(company: Company) -> int:
        order = company.at(a_full_inbox)[name]
        query = (
            "SELECT task.id FROM approval_task task"
            " JOIN approval_process process ON process.id = task.process_id"
            f" WHERE process.res_model = 'purchase.order' AND process.res_id = {order}"
            " AND task.state = 'active'"
        )
        return int(databases.query(query, company.database)[0])

    return find


def an_absence(company: Company) -> int:
    return company.at(the_director_is_away)["absence"]


def an_e_mail(company: Company) -> dict:
    """Return what the director's next e-mail says, and where its button leads."""
    company.at(a_full_inbox)
    file = places.RUN / "mail.json"
    odoo_command.script(
        company.ready, "mail", company.conf, company.database, "director", file
    )
    return json.loads(file.read_text())


def the_e_mail(company: Company) -> str:
    return company.at(an_e_mail)["html"]


def behind_the_mail(company: Company) -> str:
    return company.at(an_e_mail)["path"]


def play_the_story(company: Company) -> int:
    """Let a week pass between the steps of the story; return the id of its order."""
    odoo_command.script(company.ready, "story", company.conf, company.database)
    query = "SELECT max(id) FROM sale_order"
    return int(databases.query(query, company.database)[0])


INBOX = "/odoo/my-approvals"
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
DECISION = ".o_form_view .o_approval_card"
FILTERS = ".o_searchview_dropdown_toggler"
#: Of a list, by the filter, whose menu is closed again.
THE_URGENT = (
    Act(FILTERS),
    Act(".o_filter_menu .o_menu_item", reads="Khẩn"),
    Act(FILTERS),
)

PICTURES = [
    Picture(
        "sale-order",
        "care",
        "/odoo/action-sale.action_orders/{}",
        ".o_supply_sentence",
        record=("sale_order", "S00005"),
    ),
    Picture(
        "purchase-order",
        "director",
        "/odoo/action-purchase.purchase_rfq/{}",
        ".o_form_view .o_data_row",
        record=("purchase_order", "P00003"),
    ),
    Picture(
        "submit-for-approval",
        "buyer",
        "/odoo/action-purchase.purchase_rfq/{}",
        ".o_approval_submission",
        record=("purchase_order", "P00004"),
        click="button[name=action_open_submission]",
    ),
    Picture(
        "submit-phone",
        "buyer",
        "/odoo/action-purchase.purchase_rfq/{}",
        ".o_approval_submission",
        PHONE,
        ("purchase_order", "P00004"),
        "button[name=action_open_submission]",
    ),
    Picture(
        "urgent-purchases",
        "buyer",
        "/odoo/action-purchase.purchase_rfq",
        ".o_data_row",
    ),
    Picture(
        "urgent-purchases-phone",
        "buyer",
        "/odoo/action-purchase.purchase_rfq",
        CARD,
        PHONE,
    ),
    Picture(
        "urgent-sales",
        "sales",
        "/odoo/action-sale.action_orders",
        ".o_facet_values",
        acts=THE_URGENT,
    ),
    Picture(
        "urgent-sales-phone",
        "sales",
        "/odoo/action-sale.action_orders",
        ".o_facet_values",
        PHONE,
        click=".o_control_panel button:has(> .fa-search)",
        acts=THE_URGENT,
    ),
    Picture(
        "urgent-transfers",
        "keeper",
        "/odoo/action-stock.action_picking_tree_all",
        ".o_data_row",
    ),
    Picture(
        "urgent-transfers-phone",
        "keeper",
        "/odoo/action-stock.action_picking_tree_all",
        CARD,
        PHONE,
    ),
    Picture(
        "past-deadline",
        "care",
        "/odoo/action-sale.action_orders/{}",
        ".modal",
        record=("sale_order", "S00002"),
        click=".o_urgency [name=needed_by] button",
        acts=(Act(".o_urgency [name=needed_by] input", "01/11/2026 09:00:00"),),
    ),
    Picture(
        "past-deadline-phone",
        "care",
        "/odoo/action-sale.action_orders/{}",
        ".modal",
        PHONE,
        ("sale_order", "S00002"),
        ".o_urgency [name=needed_by] button",
        acts=(Act(".o_urgency [name=needed_by] input", "01/11/2026 09:00:00"),),
    ),
    Picture(
        "set-up",
        "admin",
        "/odoo/approval-setup",
        ".o_approval_setup_page",
    ),
    Picture(
        "set-up-phone",
        "admin",
        "/odoo/approval-setup",
        ".o_approval_setup_page",
        PHONE,
    ),
    Picture(
        "first-rule",
        "admin",
        "/odoo/approval-setup",
        "#setup_amount",
        click=".o_approval_setup section[name=rule] button[type=button]",
    ),
    Picture(
        "first-rule-phone",
        "admin",
        "/odoo/approval-setup",
        "#setup_amount",
        PHONE,
        click=".o_approval_setup section[name=rule] button[type=button]",
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
        ".o_action.o_list_view .o_data_row",
        (1366, 250),
        ("stock_picking", "KHO/IN/00004"),
        "button[name=action_view_supply_waiting]",
    ),
    Picture(
        "who-waits-phone",
        "buyer",
        "/odoo/stock.picking/{}",
        f".o_action.o_kanban_view {CARD}",
        PHONE,
        ("stock_picking", "KHO/IN/00004"),
        "button[name=action_view_supply_waiting], .o_button_more",
        acts=(Act("button[name=action_view_supply_waiting]"),),
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
        "/odoo/action-purchase.purchase_rfq/{}",
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
        "my-approvals-phone",
        "director",
        INBOX,
        CARD,
        PHONE,
        stage=a_full_inbox,
    ),
    Picture(
        "my-approvals",
        "director",
        INBOX,
        ".o_data_row",
        stage=a_full_inbox,
    ),
    Picture(
        "inbox-menu",
        "director",
        INBOX,
        ".o_approval_inbox_task",
        click=f"body:has({CARD}, .o_data_row) .o_approval_inbox_toggle",
        stage=a_full_inbox,
    ),
    Picture(
        "inbox-menu-phone",
        "director",
        INBOX,
        ".o_approval_inbox_task",
        PHONE,
        click=f"body:has({CARD}, .o_data_row) .o_approval_inbox_toggle",
        stage=a_full_inbox,
    ),
    Picture(
        "decide",
        "director",
        f"{INBOX}/{{}}",
        DECISION,
        before=a_task_of("beds"),
    ),
    Picture(
        "decide-phone",
        "director",
        INBOX,
        DECISION,
        PHONE,
        click=CARD,
        stage=a_full_inbox,
    ),
    Picture(
        "decide-over-budget-phone",
        "director",
        f"{INBOX}/{{}}",
        DECISION,
        PHONE,
        before=a_task_of("desks"),
    ),
    Picture(
        "decide-more-phone",
        "director",
        f"{INBOX}/{{}}",
        ".o_approval_details[open]",
        PHONE,
        click=".o_approval_details summary",
        is_below=True,
        before=a_task_of("beds"),
    ),
    Picture(
        "undo-phone",
        "director",
        INBOX,
        ".o_approval_undo:enabled",
        PHONE,
        click=f"{CARD} button[name=action_approve]",
        after=(Act(".o_approval_undo:enabled"),),
        stage=a_full_inbox,
    ),
    Picture(
        "undo",
        "director",
        f"{INBOX}/{{}}",
        ".o_approval_undo:enabled",
        click=".o_statusbar_buttons button[name=action_approve]",
        after=(Act(".o_approval_undo:enabled"),),
        before=a_task_of("beds"),
    ),
    Picture(
        "reject",
        "director",
        f"{INBOX}/{{}}",
        ".modal textarea",
        click=".o_statusbar_buttons button[name=action_open_rejection]",
        before=a_task_of("desks"),
    ),
    Picture(
        "reject-phone",
        "director",
        INBOX,
        ".modal textarea",
        PHONE,
        click=f"{CARD} button[name=action_open_rejection]",
        stage=a_full_inbox,
    ),
    Picture(
        "ask",
        "director",
        f"{INBOX}/{{}}",
        ".modal textarea",
        click=".o_statusbar_buttons button[name=action_open_question]",
        before=a_task_of("mattresses"),
    ),
    Picture(
        "forward",
        "director",
        f"{INBOX}/{{}}",
        ".modal [name=user_id]",
        click=".o_statusbar_buttons button[name=action_open_forward]",
        before=a_task_of("mattresses"),
    ),
    Picture(
        "bulk",
        "director",
        INBOX,
        ".modal .alert",
        click=".o_list_table thead input[type=checkbox]",
        acts=(Act(".o_control_panel button[name=action_approve_selected]"),),
        stage=a_full_inbox,
    ),
    Picture(
        "bulk-phone",
        "director",
        INBOX,
        ".o_approval_bulk button[name=action_approve_selected]",
        PHONE,
        acts=(Act(CARD, is_long=True),),
        stage=a_full_inbox,
    ),
    Picture(
        "decided",
        "director",
        "/odoo/my-decisions",
        ".o_data_row",
        stage=a_full_inbox,
    ),
    Picture(
        "decided-phone",
        "director",
        "/odoo/my-decisions",
        CARD,
        PHONE,
        stage=a_full_inbox,
    ),
    Picture(
        "answer",
        "buyer",
        "/odoo/action-purchase.purchase_rfq/{}",
        ".modal textarea",
        click=".o_approval_buttons button[name=action_open_answer]",
        before=an_order_of("desks"),
    ),
    Picture(
        "answer-phone",
        "buyer",
        "/odoo/action-purchase.purchase_rfq/{}",
        ".modal textarea",
        PHONE,
        click=".o_approval_buttons button[name=action_open_answer]",
        before=an_order_of("desks"),
    ),
    Picture(
        "purchase-order-phone",
        "director",
        "/odoo/action-purchase.purchase_rfq/{}",
        ".o_approval_progress",
        PHONE,
        before=an_order_of("beds"),
    ),
    Picture(
        "requests",
        "buyer",
        "/odoo/approval-requests",
        ".o_data_row",
        stage=a_full_inbox,
    ),
    Picture(
        "requests-phone",
        "buyer",
        "/odoo/approval-requests",
        CARD,
        PHONE,
        stage=a_full_inbox,
    ),
    Picture(
        "split-orders",
        "manager",
        "/odoo/split-orders",
        ".o_data_row",
        stage=a_full_inbox,
    ),
    Picture(
        "split-orders-phone",
        "manager",
        "/odoo/split-orders",
        CARD,
        PHONE,
        stage=a_full_inbox,
    ),
    Picture(
        "mail-page",
        "",
        "{}",
        "form.approve button",
        before=behind_the_mail,
    ),
    Picture(
        "mail-page-phone",
        "",
        "{}",
        "form.approve button",
        PHONE,
        before=behind_the_mail,
    ),
    Picture("mail", "", "/web/login", "table", stage=an_e_mail, shows=the_e_mail),
    Picture(
        "mail-phone",
        "",
        "/web/login",
        "table",
        PHONE,
        stage=an_e_mail,
        shows=the_e_mail,
    ),
    Picture(
        "deposits",
        "director",
        "/odoo/supplier-deposits",
        ".o_data_row",
        stage=a_full_inbox,
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
        is_apart=True,
    ),
    Picture(
        "absence",
        "director",
        "/odoo/approval-absences/{}",
        ".o_form_view button[name=action_return]",
        before=an_absence,
    ),
    Picture(
        "absence-phone",
        "director",
        INBOX,
        ".o_approval_inbox_absence",
        PHONE,
        stage=the_director_is_away,
    ),
]


def main(names: list[str]) -> int:
    """:param names: of the pictures to take; none: all"""
    ready = Ready(odoo_source.find(), Path(sys.executable))
    wanted = [picture for picture in PICTURES if not names or picture.name in names]
    together = [picture for picture in wanted if not picture.is_apart]
    apart = [[picture] for picture in wanted if picture.is_apart]
    for pictures in filter(None, [together, *apart]):
        take_all(ready, pictures)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(os.environ.get("PICTURES", "").split()))
    except Fail as failure:
        print(f"\n{failure}", file=sys.stderr)
        sys.exit(1)
