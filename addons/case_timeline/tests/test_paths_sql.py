"""Past Odoo: each source is changed in SQL, as by a repair."""

import json
from contextlib import suppress

import psycopg2

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..sources import SOURCES
from .common import TimelineCommon
from .money import MoneyCommon


class _TakenBack(Exception):
    """What was tried is taken back."""


class InSql:
    """Rows that are changed, copied and deleted past Odoo: it is told once."""

    #: Values that columns get in SQL, by table.
    VALUES = {}
    #: Which rows are changed, where it matters.
    CHANGED = {}
    #: What a copy of a row says otherwise, where no two may say the same, by table.
    COPIED = {}
    #: What the database refuses to do with a row, and its word for why, by table.
    REFUSED = {}

    def _check_all(self, *tables):
        for table in tables:
            with suppress(_TakenBack), self.env.cr.savepoint():
                self._check_sql(table)
                raise _TakenBack  # the next one begins where this one did

    def _check_sql(self, table):
        """Each column that matters, changed in SQL, and the row itself: nothing is
        missing, and nothing is there twice."""
        source = SOURCES[table]
        self._run()
        row = self.env[source.model].sudo().search(self.CHANGED.get(table, []), limit=1)
        self.assertTrue(self._events(res_model=source.model, res_id=row.id), table)
        for column, values in self.VALUES.get(table, {}).items():
            for value in values:
                self._write(table, row.id, column, value)
        self.assertEqual(self._try_on_row(table, row.id), self.REFUSED.get(table, {}))
        self._check_whole()

    def _try_on_row(self, table, id_):
        """Copy a row and delete it; return what was refused, and for which reason."""
        refused = {}
        for name, change in (("copy", self._copy_row), ("delete", self._delete_row)):
            try:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    change(table, id_)
            except psycopg2.Error as error:
                refused[name] = type(error).__name__
        return refused

    def _write(self, table, id_, column, value):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(table),
                SQL.identifier(column),
                value,
                id_,
            )
        )
        self.env.invalidate_all()
        self._run()
        chains = SOURCES[table].chains
        kinds = self._events(
            [("chain", "in", [chain.name for chain in chains])],
            res_model=SOURCES[table].model,
            res_id=id_,
        )
        self.assertTrue(kinds, f"{table}.{column}: {value}")
        self.assertEqual(self._verify(), [], f"{table}.{column}: {value}")

    def _copy_row(self, table, id_):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s
                SELECT (jsonb_populate_record(
                        NULL::%(table)s,
                        to_jsonb(row) || %(copied)s::jsonb
                        || jsonb_build_object('id', nextval(%(ids)s)))).*
                  FROM %(table)s row WHERE id = %(id)s
                """,
                table=SQL.identifier(table),
                copied=json.dumps(self.COPIED.get(table, {})),
                ids=f"{table}_id_seq",
                id=id_,
            )
        )

    def _delete_row(self, table, id_):
        self.env.cr.execute(
            SQL("DELETE FROM %s WHERE id = %s", SQL.identifier(table), id_)
        )


@tagged("post_install", "-at_install")
class TestSql(InSql, TimelineCommon):
    VALUES = {
        "crm_lead": {"won_status": ("won", "lost", "pending"), "user_id": (1, None)},
        "sale_order": {
            "state": ("sent", "cancel", "draft", "sale"),
            "delivery_status": ("started", "full", None),
            "commitment_date": ("2027-01-31", None),
            "partner_id": (1,),
            "opportunity_id": (None,),
            "user_id": (1, None),
        },
        "purchase_order": {
            "user_id": (1, None),
            "state": ("sent", "cancel", "purchase"),
            "receipt_status": ("partial", "full", None),
            "date_planned": ("2027-01-31",),
        },
        "stock_picking": {"state": ("assigned", "done", "cancel", "confirmed")},
        "account_move": {
            "partner_id": (1,),
            "state": ("cancel", "posted"),
            "payment_state": ("paid", "not_paid"),
        },
        "supply_question": {
            "state": ("withdrawn", "open", "withdrawn", "open"),
            "user_id": (1, None),
        },
        "calendar_event": {
            "start": ("2027-01-31",),
            "opportunity_id": (None,),
        },
    }
    CHANGED = {
        "mail_message": [
            ("model", "=", "sale.order"),
            ("message_type", "=", "comment"),
        ],
        "account_move": [("move_type", "=", "out_invoice")],
        "calendar_event": [("opportunity_id", "!=", False)],
    }
    COPIED = {
        "stock_picking": {"name": "WH/OUT/COPY"},
        "account_move": {"name": "INV/COPY"},
    }
    REFUSED = {"supply_promise_version": {"delete": "InsufficientPrivilege"}}

    def test_what_is_changed_in_sql_is_told(self):
        self._make_people()
        self._make_story()
        self._check_all(
            "crm_lead",
            "sale_order",
            "purchase_order",
            "stock_picking",
            "account_move",
            "supply_question",
            "supply_promise_version",
            "mail_message",
            "calendar_event",
        )

    def _make_story(self):
        lead = self._lead()
        order = self._sale(product=self.chair, opportunity_id=lead.id)
        self._sale(opportunity_id=lead.id)
        order.order_line.qty_delivered = 5
        order._create_invoices().action_post()
        self.env["supply.question"]._ask(order, "stock", "When?")
        self._meet(lead)
        days = dict.fromkeys(order.order_line.ids, "2026-08-01")
        self.env["supply.promise"]._tell(order.order_line, days, "phone")
        self._mail(order)
        self._run()

    # ------------------------------------------------------------
    # WHAT SAYS WHERE DOCUMENTS BELONG
    # ------------------------------------------------------------

    def test_transfers_that_are_moved_copied_and_deleted(self):
        """By their lines, of which the transfers know nothing."""
        one, other = self._sale(product=self.chair), self._sale(product=self.chair)
        self._run()
        first, second = one.picking_ids, other.picking_ids
        self._copy_row("stock_picking", first.id)
        self._run()
        self._check_whole()
        for statement, *values in (
            ("UPDATE stock_picking SET state = 'done' WHERE id = %s", first.id),
            (
                "UPDATE stock_move SET picking_id = %s WHERE picking_id = %s",
                second.id,
                first.id,
            ),
            ("UPDATE stock_picking SET sale_id = %s WHERE id = %s", other.id, first.id),
            (
                "UPDATE stock_move SET sale_line_id = NULL WHERE sale_line_id = %s",
                one.order_line.id,
            ),
            ("DELETE FROM stock_move WHERE picking_id = %s", second.id),
            ("DELETE FROM stock_picking WHERE id = %s", second.id),
        ):
            with self.subTest(statement):
                self._sql(statement, *values)
                self._check_whole()

    def test_lines_of_bills_and_invoices_that_are_moved(self):
        one, other = self._sale(product=self.chair), self._sale(product=self.chair)
        one.order_line.qty_delivered = 5
        invoice = one._create_invoices()
        bought = self._purchase(product=self.chair) | self._purchase(product=self.chair)
        bought.button_confirm()
        bill = self._bill(bought[0])
        self._run()
        table, item = "sale_order_line_invoice_rel", invoice.invoice_line_ids[:1].id
        for statement, *values in (
            (f"INSERT INTO {table} VALUES (%s, %s)", item, other.order_line.id),
            (
                f"DELETE FROM {table} WHERE order_line_id = %s",
                one.order_line.id,
            ),
            (
                f"UPDATE {table} SET order_line_id = %s WHERE order_line_id = %s",
                one.order_line.id,
                other.order_line.id,
            ),
            (
                "UPDATE account_move_line SET purchase_line_id = %s"
                " WHERE purchase_line_id = %s",
                bought[1].order_line.id,
                bought[0].order_line.id,
            ),
            (
                "UPDATE account_move_line SET purchase_line_id = NULL"
                " WHERE move_id = %s",
                bill.id,
            ),
        ):
            with self.subTest(statement):
                self._sql(statement, *values)
                self._check_whole()
        self.assertEqual(set(self._find_told(invoice).mapped("sale_id")), {one.id})

    def test_customers_and_links_that_are_changed(self):
        """A contact is of another company; a purchase serves an order no more."""
        order = self._sale(partner_id=self.contact.id)
        purchase = self._buy(order)
        other = self.env["res.partner"].create({"name": "Clinic"})
        self._run()
        self.assertTrue(self._events(sale_id=order.id, purchase_id=purchase.id))
        self._sql(
            "UPDATE res_partner SET parent_id = %s, commercial_partner_id = %s"
            " WHERE id = %s",
            other.id,
            other.id,
            self.contact.id,
        )
        self._check_whole()
        self.assertEqual(self._events(sale_id=order.id).family_id, other)
        self._sql(
            "UPDATE supply_link SET kind = 'candidate' WHERE purchase_line_id = %s",
            purchase.order_line.id,
        )
        self.env.cr.execute("DELETE FROM supply_change")
        while self.env["timeline.change"]._follow_batch():
            pass
        (left,) = self._events(sale_id=order.id, kind="purchase.left")
        self.assertEqual(left.purchase_id, purchase.id)


@tagged("post_install", "-at_install")
class TestMoneySql(InSql, MoneyCommon):
    VALUES = {
        "account_payment": {
            "state": ("canceled", "rejected", "draft", "paid"),
            "partner_id": (1,),
            "partner_type": ("customer", "supplier"),
        },
        "supplier_deposit": {"state": ("planned", "waiting", "due", "cancelled")},
        "deposit_claim": {"is_withdrawn": (True, False)},
    }
    COPIED = {"supplier_deposit": {"round": 9}}
    #: It only grows, and each row knows the one before.
    REFUSED = {
        "approval_log": {"copy": "CheckViolation", "delete": "InsufficientPrivilege"}
    }

    def test_what_is_changed_in_sql_is_told(self):
        self._rule(30, posting="posted")
        waiting = self._order(quantity=20, user=self.buyer)
        waiting.with_user(self.approver).action_approve("Yes")
        deposit = self._order(quantity=5, user=self.buyer).deposit_ids
        self._claim_back(deposit, 10)
        self._check_all(
            "account_payment", "approval_log", "supplier_deposit", "deposit_claim"
        )

    def test_every_source_is_looked_at(self):
        looked_at = {*TestSql.VALUES, *self.VALUES}
        no_phases = {"approval_log", "supply_promise_version", "mail_message"}
        self.assertEqual(looked_at | no_phases, set(SOURCES))
