"""A company that worked with 19.0.1.0.0 is updated: nothing is lost, asked or decided.

The database is really made with the old sources, see ``update``. Each difference that
an update may make is listed in ``allowed_changes``, with the reason.
"""

import ast
import os
import re
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg2.errors
import pytest
from werkzeug.test import Client

import odoo.http
from odoo.modules.registry import Registry
from odoo.sql_db import close_db, db_connect
from odoo.tools import config, html2plaintext

from allowed_changes import (
    AT_INSTALLATION,
    BOOKKEEPING,
    BROUGHT_GROUPS,
    CHANGES,
    DEPOSIT_STATE,
    DEPOSIT_STATES,
    FOR_MODIFIERS,
    GONE_COLUMNS,
    GONE_IDS,
    HIDDEN_TWICE,
    IN_THE_CONDITION,
    IN_THE_WIDGET,
    OF_OTHER_ADDONS,
    ON_THE_CARD,
    RENAMED,
    RENAMED_COLUMNS,
    TEXTS,
)
from office import Office
from tools import places
from tools.shell import run
from update import old, picture
from update.compare import compare, compare_rows

ORDER = "purchase.order"

#: What Odoo says of our screens and labels with any version: not about the update.
SAID_ANYWAY = ("Access Rights Inconsistency", "have the same label")
RECORD = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (WARNING|ERROR|CRITICAL) ", re.M)

#: Addons that are installed with the update, by kind of company: nothing asks for them.
NEW = {
    "whole": (
        "case_timeline",
        "customer_base",
        "customer_base_hr",
        "customer_base_stock",
        "customer_base_urgent",
        "cx_reports",
    ),
    "small": (),
}


@dataclass(frozen=True)
class Updated:
    """A company after the update, with how it was before."""

    office: Office
    before: dict
    after: dict
    again: dict
    """After a second update; what people see is looked at only then."""
    said: str
    """The log of the first update."""

    @contextmanager
    def session(self, login=None):
        """Act as somebody; it is all undone in the end."""
        with self.office.session(login) as env:
            yield env

    def kept(self, env, model, name):
        """Return a record by the name it was made under."""
        return env[model].browse(self.before["kept"][model][name])

    def has(self, names):
        """Tell whether all these addons are installed."""
        with self.session() as env:
            modules = env["ir.module.module"].search([("name", "in", names)])
            return {each.state for each in modules} == {"installed"}

    def names(self, model, **states):
        """Return the names of documents that had these states before the update."""
        documents = self.before["documents"]
        return sorted(
            name
            for name, id_ in self.before["kept"][model].items()
            if documents[f"{model},{id_}"].items() >= states.items()
        )


def update(name, *modules, install=()):
    """Update a database as administrators do, and return what is logged.

    :param install: addons that were not there before
    """
    command = [sys.executable, "-m", "odoo", "-c", os.environ["CDO_CONF"], "-d", name]
    options = ["--no-http", "--stop-after-init", "--log-level=warn"]
    if install:
        options += ["-i", ",".join(install)]
    return run([*command, "-u", ",".join(modules), *options], cwd=places.ROOT)


@contextmanager
def updated_copy(kind):
    """Fill a database with the old sources, update it twice, and load it."""
    with old.filled(kind, Path(os.environ["CDO_DATA_DIR"])) as (name, before):
        said = update(name, "approval_matrix", install=NEW[kind])
        options = ["-c", os.environ["CDO_CONF"], "-d", name, "--log-level=critical"]
        config.parse_config(options, setup_logging=True)
        with db_connect(name).cursor() as cr:
            once = {"rows": picture.rows(cr), "ids": picture.external_ids(cr)}
        close_db(name)
        update(name, "approval_matrix")
        try:
            office = Office(Registry(name))
            office.users = before["users"]
            with office.session() as env:
                again = picture.take(env, office.users)
                follow_supply(env)
                again["people"] = picture.take(env, office.users)["people"]
            yield Updated(office, before, again | once, again, said)
        finally:
            Registry.delete(name)
            close_db(name)


def follow_supply(env):
    """Do what the scheduler does in the next minutes: look at what was there before."""
    if "supply.change" not in env:
        return
    changes = env["supply.change"]
    while changes._fill_batch():
        pass
    while changes._follow_batch():
        pass


@pytest.fixture(scope="module")
def updated():
    with updated_copy("whole") as copy:
        yield copy


# ----------------------------------------------------------------
# NOTHING IS LOST
# ----------------------------------------------------------------


def get_complaints(said):
    """Return the warnings and errors of a log, but for what Odoo says anyway."""
    starts = [match.start() for match in RECORD.finditer(said)]
    records = map(slice, starts, [*starts[1:], None])
    return [
        said[record]
        for record in records
        if not any(known in said[record] for known in SAID_ANYWAY)
    ]


def is_brought(table, difference, rows):
    """Tell whether a row is new because the addons bring it: a scheduled action, where
    it goes on, the text of an e-mail, or the note that an action was made."""
    key = difference.removesuffix(" is new")
    if key == difference:
        return False
    # which rights a group brings along is compared person by person
    if table in ("ir_cron", "mail_template", "res_groups_implied_rel"):
        return True
    row = {str(each): row for each, row in rows.get(table, {}).items()}.get(key, {})
    if table == "ir_config_parameter":
        return row["key"] == "customer_base.filled_to"
    return table == "mail_message" and row["model"] in ("ir.cron", "ir.actions.server")


def get_losses(before, after):
    """Return what a database has lost or changed."""
    return [
        difference
        for difference in compare_rows(before["rows"], after["rows"], RENAMED_COLUMNS)
        if not (difference[0] in GONE_COLUMNS and "column is gone" in difference[1])
        and not is_brought(*difference, after["rows"])
        and difference not in CHANGES
        and difference[0] not in CHANGES
    ]


def test_update_does_not_complain(updated):
    assert get_complaints(updated.said) == []


def test_every_addon_is_updated_or_has_come(updated):
    expected = {}
    for name in places.addons():
        manifest = (places.ADDONS / name / "__manifest__.py").read_text()
        manifest = ast.literal_eval(manifest)
        if updated.has(manifest["depends"]):
            expected[name] = ("installed", manifest["version"])
        else:  # glue to something this company does not have
            expected[name] = ("uninstalled", False)
    with updated.session() as env:
        modules = env["ir.module.module"].search([("name", "in", list(expected))])
        found = {each.name: (each.state, each.latest_version) for each in modules}
        stuck = env["ir.module.module"].search([("state", "like", "to ")])
    assert found == expected
    assert not stuck


def test_every_row_stays_as_it_is(updated):
    assert sum(map(len, updated.before["rows"].values())) > 1000
    assert get_losses(updated.before, updated.after) == []


def get_ids(picture):
    """Return the external ids, but for what Odoo notes anew of who extends what."""
    return {
        name: target
        for name, target in picture["ids"].items()
        if target[0] != "ir.model.inherit"
    }


def test_second_update_changes_nothing(updated):
    assert compare_rows(updated.after["rows"], updated.again["rows"]) == []
    assert get_ids(updated.after) == get_ids(updated.again)


def test_external_ids_lead_to_the_same_records(updated):
    """Those that moved to another addon have kept their names."""
    now = updated.after["ids"]
    places_now = {(name.split(".")[1], *target) for name, target in now.items()}
    lost = {
        (name, *target)
        for name, target in updated.before["ids"].items()
        if now.get(name) != target
        and (name.split(".")[1], *target) not in places_now
        and name not in GONE_IDS
        and target[0] not in BOOKKEEPING
    }
    assert lost == set()


def test_no_record_has_two_external_ids_of_ours(updated):
    """What moved is not claimed by its old addon any more: uninstalling that one
    would else delete it."""
    counts = Counter(
        tuple(target)
        for target in updated.after["ids"].values()
        if not target[0].startswith("ir.model")  # several addons may extend a model
    )
    assert [target for target, count in counts.items() if count > 1] == []


def test_records_of_users_are_there(updated):
    with updated.session() as env:
        gone = {
            (model, name)
            for model, names in updated.before["kept"].items()
            for name, id_ in names.items()
            if not env[model].browse(id_).exists()
        }
    assert gone == set()


def test_views_that_users_made_extend_what_they_extended(updated):
    assert len(updated.before["own views"]) >= 3
    assert compare(updated.before["own views"], updated.after["own views"]) == []


def test_screens_have_what_they_had(updated):
    lost = [
        (name, element)
        for name, before in updated.before["views"].items()
        for element in Counter(before) - Counter(updated.after["views"][name])
        if element not in ON_THE_CARD | IN_THE_WIDGET | FOR_MODIFIERS
        and not (name.startswith("deposit.rule ") and element[6:] in IN_THE_CONDITION)
        and not (name.startswith("supplier.deposit ") and element in RENAMED)
        and not (element in HIDDEN_TWICE and element in updated.after["views"][name])
    ]
    assert not lost, "\n".join(f"{name}: {element}" for name, element in lost)


def test_people_see_and_may_do_what_they_could(updated):
    for login, before in updated.before["people"].items():
        after = updated.after["people"][login]
        gone = set(before.get("menus", ())) - set(after.get("menus", ()))
        assert gone == set(), login
        if cases := before.get("urgency.case"):  # also those that wait for the stock
            assert set(cases["ids"]) <= set(after["urgency.case"]["ids"])
            after = after | {"urgency.case": after["urgency.case"] | cases}
        before, after = keep_common_tasks(before, after)
        groups = [each for each in after["groups"] if each not in BROUGHT_GROUPS]
        after = after | {"groups": groups}
        assert compare(before | {"menus": 0}, after | {"menus": 0}, login) == []


def keep_common_tasks(before, after):
    """Leave out tasks that only one side shows: the first few are shown of all that are
    counted, and what is due comes first now."""
    if "inbox" not in before:
        return before, after
    shown = [
        {task["id"] for task in each["inbox"]["tasks"]} for each in (before, after)
    ]
    common = shown[0] & shown[1]
    assert common or not shown[0]
    levels = {task["id"]: task.pop("level") for task in after["inbox"]["tasks"]}
    for task in before["inbox"]["tasks"]:
        # it is said once: beside what the request is about, and there no more
        told = (task.pop("level"), levels.get(task["id"]))
        task["about"] = [part for part in task["about"] if part not in told]
    return [
        each
        | {
            "inbox": each["inbox"]
            | {"tasks": [t for t in each["inbox"]["tasks"] if t["id"] in common]}
        }
        for each in (before, after)
    ]


def test_documents_are_where_they_were(updated):
    before = updated.before["documents"]
    states = {each["approval_state"] for each in before.values()}
    assert states >= {"open", "approved", "rejected", "withdrawn", "cancelled", False}
    found = {}
    for difference in compare(before, updated.after["documents"]):
        match = DEPOSIT_STATE.fullmatch(difference)
        found[difference] = match and match.groups() in DEPOSIT_STATES
    assert [difference for difference, known in found.items() if not known] == []


def test_logs_and_budgets_verify(updated):
    assert updated.before["logs"] == updated.after["logs"] == "success"
    assert set(updated.before["budgets"].values()) == {"success"}
    assert updated.before["budgets"] == updated.after["budgets"]


def test_it_is_like_a_new_database(updated):
    """The tests' own database was installed with the present sources."""
    name = os.environ["CDO_TEST_DB"]
    with db_connect(name).cursor() as cr:
        new_ids, new_schema = picture.external_ids(cr), picture.schema(cr)
    close_db(name)
    with updated.session() as env:
        schema = picture.schema(env.cr)
    ids = {(name, target[0]) for name, target in updated.after["ids"].items()}
    expected = {(name, target[0]) for name, target in new_ids.items()}
    assert not ids & AT_INSTALLATION
    expected -= AT_INSTALLATION
    assert {
        (name, model)
        for name, model in ids ^ expected
        if model not in BOOKKEEPING and OF_OTHER_ADDONS not in name
    } == set()
    assert schema ^ new_schema == set()


# ----------------------------------------------------------------
# IT GOES ON
# ----------------------------------------------------------------


@pytest.mark.parametrize("table", ["approval_log", "spend_entry"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET user_id = 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
    ids=["update", "delete", "truncate"],
)
def test_ledgers_are_append_only(updated, statement, table):
    with (
        updated.session() as env,
        pytest.raises(psycopg2.errors.InsufficientPrivilege, match="append-only"),
    ):
        env.cr.execute(statement.format(table))


def approved_orders(updated, env):
    """Return the approved orders with their names."""
    names = updated.names(ORDER, state="purchase", approval_state="approved")
    assert len(names) > 20
    return {name: updated.kept(env, ORDER, name) for name in names}


def test_approved_orders_have_their_approval(updated):
    with updated.session() as env:
        orders = env[ORDER].union(*approved_orders(updated, env).values())
        assert not orders._approval_missing()


def test_approved_orders_are_not_asked_for_again(updated):
    """Whatever is written that does not change what was approved."""
    with updated.session("buyer") as env:
        for name, order in approved_orders(updated, env).items():
            order = order.with_context(allowed_company_ids=order.sudo().company_id.ids)
            process = order.sudo().approval_process_id
            line = order.order_line.filtered("product_qty")[0]
            order.write({"partner_ref": "AB 12", "priority": "1"})
            order.write({"payment_term_id": order.payment_term_id.id})
            line.write({"price_unit": line.price_unit, "name": line.name})
            line.write({"date_planned": "2040-01-01 12:00:00"})
            order.action_acknowledge()
            env.flush_all()
            assert order.state == "purchase", name
            assert order.sudo().approval_process_id == process, name
            assert process.state == "approved", name


def test_approved_orders_are_received_and_billed(updated):
    with updated.session() as env:
        for name in (
            "approved",
            "approved twice",
            "kept within tolerance",
            "committed",
        ):
            order = updated.kept(env, ORDER, name)
            order.picking_ids.button_validate()
            order.action_create_invoice()
            order.invoice_ids.invoice_date = "2026-01-01"
            order.invoice_ids.action_post()
            assert (order.state, order.approval_state) == ("purchase", "approved")
            assert order.invoice_status == "invoiced"
        budgets = env["spend.budget"].search([])
        assert budgets.action_verify()["params"]["type"] == "success"


def test_changed_prices_are_asked_for_again(updated):
    with updated.session() as env:
        for name, order in approved_orders(updated, env).items():
            process = order.approval_process_id
            line = order.order_line.filtered("product_qty")[0]
            line.with_user(updated.office.users["buyer"]).sudo().write(
                {"price_unit": line.price_unit * 1.5 + 1}
            )
            env.flush_all()
            assert order.state == "to approve", name
            assert process.state == "superseded", name
            assert order.approval_process_id.state == "open", name


def test_tolerance_counts_from_what_was_approved(updated):
    """5,000 were approved with a tolerance of a tenth, then 5,200 were kept."""
    with updated.session("buyer") as env:
        order = updated.kept(env, ORDER, "kept within tolerance")
        process = order.approval_process_id
        for price, state in ((5400, "purchase"), (5600, "to approve")):
            order.order_line.write({"price_unit": price})
            env.flush_all()
            assert order.state == state
            assert (order.approval_process_id == process) == (state == "purchase")


def test_approvers_read_what_changed_and_nothing_else(updated):
    """Terms of before are set beside those of now, whatever shape either has."""
    manager = updated.office.users["manager"]
    with updated.session() as env:
        order = updated.kept(env, ORDER, "changed after approval")
        both = {"before the update": order.with_user(manager).approval_changes_html}
        order = updated.kept(env, ORDER, "approved")
        order.with_user(updated.office.users["buyer"]).order_line.price_unit = 6000
        env.flush_all()
        both["after it"] = order.with_user(manager).approval_changes_html
        for when, html in both.items():
            words = html2plaintext(html).split()
            assert {"5,000.00", "6,000.00", "Bed"} <= set(words), (when, words)
            assert not {"Vendor", "Date", "Department", "Deliver"} & set(words), when
        for model in picture.DOCUMENTS:
            for name in updated.names(model, approval_state="open"):
                document = updated.kept(env, model, name)
                for holder in document.approval_holder_ids:
                    asked = document.with_user(holder)
                    assert asked.approval_can_decide, name
                    asked.read(["approval_progress", "approval_changes_html"])
                    tasks = asked.sudo().approval_process_id.task_ids
                    tasks = tasks.filtered("can_decide").with_user(holder)
                    assert tasks.mapped("summary_html")[0], name


def test_requests_are_decided(updated):
    """Each open request comes to its end, whatever had happened to it."""
    with updated.session() as env:
        for model in picture.DOCUMENTS:
            for name in updated.names(model, approval_state="open"):
                document = updated.kept(env, model, name)
                process = document.approval_process_id
                while process.state == "open":
                    holder = document.approval_holder_ids[0]
                    document.with_user(holder).action_approve()
                assert process.state == "approved", name
                assert document.state not in document._approval_waiting_states, name
                assert document.approval_process_id == process, name
        budgets = env["spend.budget"].search([])
        assert budgets.action_verify()["params"]["type"] == "success"
        logs = env["approval.process"].search([])
        assert logs.action_verify_log()["params"]["type"] == "success"


def test_requests_are_rejected_withdrawn_answered_and_forwarded(updated):
    users = updated.office.users
    with updated.session() as env:
        order = updated.kept(env, ORDER, "waiting for the second step")
        order.with_user(users["director"]).action_reject("Not this year")
        assert (order.state, order.approval_state) == ("draft", "rejected")
        order = updated.kept(env, ORDER, "waiting")
        order.with_user(users["buyer"]).action_withdraw()
        assert (order.state, order.approval_state) == ("draft", "withdrawn")
        order = updated.kept(env, ORDER, "asked")
        order.with_user(users["buyer"]).action_answer("Because")
        order.with_user(users["manager"]).action_forward(users["junior"], "Yours")
        assert users["junior"] in order.approval_holder_ids.ids


def test_link_of_an_old_mail_decides_no_more(updated):
    """It lies in a table that administrators read: what it says is to log in."""
    with updated.session() as env:
        order = updated.kept(env, ORDER, "waiting by mail")
        task = order.approval_process_id.task_ids
        bodies = env["mail.mail"].search([]).mapped("body_html")
        pattern = re.compile(rf"/approval/{task.id}/[^\"'\s]+")
        (path,) = {found[0] for body in bodies if (found := pattern.search(body))}
    client = Client(odoo.http.root)
    page = client.get(path)
    assert page.status_code == 404, page.text
    assert "/odoo/my-approvals" in page.text
    client.post(path, data={"decision": "approve"})
    with updated.session() as env:
        order = updated.kept(env, ORDER, "waiting by mail")
        assert (order.state, order.approval_state) == ("to approve", "open")


def test_deposits_go_on(updated):
    users = updated.office.users
    with updated.session() as env:
        cashier = env(user=users["cashier"])
        due = updated.kept(env, "supplier.deposit", "due")
        cashier["deposit.payment"].create({"deposit_ids": due.ids}).action_confirm()
        assert due.state == "paid"
        deposit = updated.kept(env, "supplier.deposit", "paid on an account")
        order = deposit.order_id
        order.action_create_invoice()
        order.invoice_ids.invoice_date = deposit.date_paid
        order.invoice_ids.action_post()
        assert deposit.state == "done"
        awaited = updated.kept(env, "supplier.deposit", "awaited")
        refund = cashier["deposit.refund"].create(
            {
                "deposit_id": awaited.id,
                "amount": awaited.amount_awaited,
                "journal_id": awaited.journal_id.id,
            }
        )
        refund.action_confirm()
        assert awaited.state == "done"


def test_cash_is_guarded_as_before(updated):
    """With the floors, marks and rules of before."""
    users = updated.office.users
    with updated.session() as env:
        deposit = updated.kept(env, "supplier.deposit", "under the floor")
        assert deposit.state == "waiting"
        assert deposit.journal_id.cash_floor == 100
        assert deposit.under_floor and deposit.cash_lowest < 100
        favourite = updated.kept(env, "ir.filters", "favourite of deposits")
        assert deposit in deposit.search(ast.literal_eval(favourite.domain))
        order = deposit.order_id.copy()
        order.with_user(users["buyer"]).button_confirm()
        new = order.deposit_ids
        assert (new.state, new.under_floor) == ("waiting", True)
        for each in deposit | new:
            each.with_user(users["director"]).action_approve()
            assert each.state == "paid"


def test_urgency_goes_on(updated):
    users = updated.office.users
    with updated.session() as env:
        asked = updated.kept(env, "sale.order", "asked")
        asked.with_user(users["chief"]).action_grant_urgency()
        assert asked.urgency_level_id.get_external_id() == {
            asked.urgency_level_id.id: "urgent_orders.urgency_level_critical"
        }
        quotation = updated.kept(env, "sale.order", "inherits")
        lead = updated.kept(env, "crm.lead", "urgent")
        before = lead.needed_by
        lead.with_user(users["care"]).needed_by = before - timedelta(days=1)
        assert quotation.needed_by == lead.needed_by < before


def test_new_orders_are_approved(updated):
    users = updated.office.users
    with updated.session() as env:
        order = updated.kept(env, ORDER, "draft")
        order.with_user(users["buyer"]).button_confirm()
        assert (order.state, order.approval_state) == ("to approve", "open")
        order.with_user(users["manager"]).action_approve()
        assert (order.state, order.approval_state) == ("purchase", "approved")


# ----------------------------------------------------------------
# WHAT MOVED TO ADDONS OF THEIR OWN
# ----------------------------------------------------------------

#: From ``urgent_orders`` to ``approval_matrix_purchase``, besides fields of approvals.
MOVED = {"purchase_approval_task_menu", "purchase_order_view_form_approver"}
FIELDS = "field_purchase_order__approval_"


def test_purchases_under_approval_moved_to_their_addon(updated):
    """With the same records: else what users built on them would be gone."""
    names = {
        name.removeprefix("urgent_orders.")
        for name in updated.before["ids"]
        if name.startswith(f"urgent_orders.{FIELDS}")
    }
    assert len(names) > 5
    now = updated.after["ids"]
    gone = {name.removeprefix("urgent_orders.") for name in GONE_IDS}
    for name in (names | MOVED) - gone:
        before = updated.before["ids"][f"urgent_orders.{name}"]
        assert now.get(f"approval_matrix_purchase.{name}") == before
        assert f"urgent_orders.{name}" not in now


#: From ``supplier_deposit`` to ``supplier_deposit_cash``.
CASH = {
    "account_journal_view_form",
    "field_account_journal__cash_floor",
    "field_account_journal__floor_currency_id",
    "field_supplier_deposit__cash_lowest",
    "field_supplier_deposit__cash_projection",
    "field_supplier_deposit__under_floor",
}


def test_cash_guard_moved_to_its_addon(updated):
    """Nobody had to install that: who had deposits had it."""
    assert updated.has(["supplier_deposit_cash"])
    now = updated.after["ids"]
    for name in CASH:
        before = updated.before["ids"][f"supplier_deposit.{name}"]
        assert now.get(f"supplier_deposit_cash.{name}") == before
        assert f"supplier_deposit.{name}" not in now


@pytest.mark.parametrize("model", picture.DOCUMENTS)
def test_documents_know_their_newest_request(updated, model):
    with updated.session() as env:
        env.cr.execute(
            f"""
            SELECT document.id, document.approval_process_id, newest.id
              FROM {env[model]._table} AS document
         LEFT JOIN (SELECT res_id, max(id) AS id FROM approval_process
                     WHERE res_model = %s GROUP BY res_id) AS newest
                ON newest.res_id = document.id
             WHERE document.approval_process_id IS DISTINCT FROM newest.id
            """,  # noqa: S608
            [model],
        )
        assert env.cr.fetchall() == []


def test_ledgers_share_one_function(updated):
    with updated.session() as env:
        env.cr.execute(
            """
            SELECT count(*), count(DISTINCT tgfoid) FROM pg_trigger
             WHERE tgrelid IN ('approval_log'::regclass, 'spend_entry'::regclass)
               AND (tgname LIKE '%append_only' OR tgname LIKE '%no_truncate')
            """
        )
        assert env.cr.fetchall() == [(4, 1)]


def test_rules_of_deposits_ask_for_the_same_in_their_condition(updated):
    with updated.session() as env:
        kept = partial(updated.kept, env)
        vendor = kept("res.partner", "of conditions").id
        tag, other = (kept("res.partner.category", name).id for name in "AB")
        category = kept("product.category", "of conditions").id
        level = kept("urgency.level", "of conditions").id
        tagged = (
            "partner_id.category_id",
            "partner_id.commercial_partner_id.category_id",
        )
        expected = {
            "asks for everything": [
                "|",
                ("partner_id", "in", [vendor]),
                ("partner_id.commercial_partner_id", "in", [vendor]),
                "|",
                *((path, "in", [tag, other]) for path in tagged),
                ("urgency_level_id", "in", [level]),
                ("order_line.product_id.categ_id", "child_of", [category]),
                "|",
                ("origin", "=", "A"),
                ("origin", "=", "B"),
            ],
            "asks for a tag": ["|", *((path, "in", [tag]) for path in tagged)],
            "asks for nothing": [],
        }
        for name, condition in expected.items():
            rule = kept("deposit.rule", name)
            assert ast.literal_eval(rule.domain) == condition
            rule._check_domain()
        assert kept("deposit.rule", "asks for everything").amount_min == 7
        assert not kept("deposit.rule", "asks for nothing").active


def test_rules_of_deposits_find_the_same_orders(updated):
    """Those of the office are for one vendor each."""
    with updated.session() as env:
        deposits = env["supplier.deposit"].search([])
        rules = env["deposit.rule"].with_context(active_test=False).search([])
        assert set(rules.mapped("deduction")) == {"proportion"}
        found = env["deposit.rule"]._match(deposits.order_id)
        assert len(found) > 20
        for deposit in deposits:
            assert found[deposit.order_id.id] == deposit.rule_id, deposit.name


# ----------------------------------------------------------------
# A COMPANY WITHOUT PURCHASES
# ----------------------------------------------------------------


def test_addon_of_approvals_is_updated_alone():
    """A company that has it for documents of its own gets nothing else."""
    with updated_copy("small") as small:
        assert get_complaints(small.said) == []
        losses = get_losses(small.before, small.after)
        assert {table for table, _what in losses} == set(TEXTS)
        assert compare(small.before["documents"], small.after["documents"]) == []
        assert small.after["logs"] == "success"
        with small.session() as env:
            ours = [("name", "in", places.addons()), ("state", "=", "installed")]
            installed = env["ir.module.module"].search(ours).mapped("name")
            assert set(installed) == {"approval_matrix", "test_approval_matrix"}
            document = small.kept(env, "test.approval.document", "second step")
            director = small.office.users["director"]
            document.with_user(director).action_approve()
            assert (document.state, document.approval_state) == ("done", "approved")
