import json
import random
from contextlib import suppress

import psycopg2

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.approval_matrix.tests.users import new_user
from odoo.addons.supplier_deposit.tests.common import DepositCommon

from ..sources import SOURCES
from .common import Telling, TimelineCommon

SEEDS = range(3)
STEPS = 40
#: So many things are tried for each that can be done.
TRIES = 4


class _NothingToDo(Exception):
    """There is no document yet that it could be done with."""


class Working:
    """Whatever people do, in whatever order: it is told once, and adds up."""

    #: With whose documents they work.
    MODELS = ()
    #: Values that columns get in SQL, by table.
    VALUES = {}
    #: Which rows are changed, where it matters.
    CHANGED = {}
    #: What a copy of a row says otherwise, where no two may say the same, by table.
    COPIED = {}
    #: What the database refuses to do with a row, and its word for why, by table.
    REFUSED = {}

    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, type(self), "hours", 0)
        self._run()
        self.before = {}
        for model in self.MODELS:
            records = self.env[model].with_context(active_test=False)
            last = records.search([], order="id desc", limit=1)
            self.before[model] = last.id or 0

    # ------------------------------------------------------------
    # PAST ODOO
    # ------------------------------------------------------------

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

    # ------------------------------------------------------------
    # RANDOM WORK
    # ------------------------------------------------------------

    def _check_random_work(self):
        wrong = []
        for seed in SEEDS:
            with suppress(_NothingToDo), self.env.cr.savepoint():
                done = self._work(random.Random(seed))
                try:
                    self._check_whole()
                except AssertionError as error:
                    wrong.append(f"seed {seed}: {', '.join(done)}: {error}")
                raise _NothingToDo  # the next one begins where this one did
        self.assertFalse(wrong, "\n".join(wrong))

    def _work(self, chance):
        """Do what people do; return what they did. Much of it cannot be done yet, or
        any more: then they do something else."""
        names = [name for name in dir(self) if name.startswith("_do_")]
        done = []
        self._pass_time(0)
        self._begin_work()
        for step in range(TRIES * STEPS):
            if len(done) == STEPS:
                break
            name = chance.choice(names)
            with suppress(UserError, _NothingToDo), self.env.cr.savepoint():
                getattr(self, name)(chance)
                self.env.flush_all()
                done.append(name.removeprefix("_do_"))
                self._pass_time(step)
            if chance.random() < 0.1:
                self._run(batch=chance.choice((1, 3, None)))
        return done

    def _begin_work(self):
        """Have something to work with."""

    def _any(self, chance, model, *domain):
        found = self.env[model].search([*domain, ("id", ">", self.before[model])])
        if not found:
            raise _NothingToDo
        return found.browse(chance.choice(found.ids))


@tagged("post_install", "-at_install")
class TestRandomPaths(Working, TimelineCommon):
    MODELS = (
        "crm.lead",
        "sale.order",
        "purchase.order",
        "stock.picking",
        "account.move",
        "supply.question",
        "calendar.event",
        "res.partner",
    )

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

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_people()

    def test_random_work_is_told_as_the_documents_say(self):
        self._check_random_work()

    def test_what_is_changed_in_sql_is_told(self):
        self._make_story()
        for table in (
            "crm_lead",
            "sale_order",
            "purchase_order",
            "stock_picking",
            "account_move",
            "supply_question",
            "supply_promise_version",
            "mail_message",
            "calendar_event",
        ):
            with suppress(_NothingToDo), self.env.cr.savepoint():
                self._check_sql(table)
                raise _NothingToDo  # the next one begins where this one did

    def _begin_work(self):
        """Orders of which some are bought for, and what is for the common stock."""
        lead = self._lead()
        orders = self._sale(opportunity_id=lead.id) | self._sale()
        orders |= self._sale(product=self.chair)
        self._run()
        self._bought_for(orders).order_id.button_confirm()
        for _number in range(2):
            self._purchase(product=self.chair).button_confirm()
        self.env["supply.question"]._ask(orders[0], "stock", "When?")
        self._run()

    def _make_story(self):
        chance = random.Random(1)
        lead = self._lead()
        order = self._sale(product=self.chair, opportunity_id=lead.id)
        self._sale(opportunity_id=lead.id)
        order.order_line.qty_delivered = 5
        order._create_invoices().action_post()
        self.env["supply.question"]._ask(order, "stock", "When?")
        for name in ("meeting", "tell"):
            getattr(self, f"_do_{name}")(chance)
        self._mail(order)
        self._run()

    def _customer(self, chance):
        with suppress(_NothingToDo):
            return self._any(chance, "res.partner", ("name", "like", "Ward"))
        return self.customer

    def _optional_lead(self, chance):
        leads = self.env["crm.lead"].search([("id", ">", self.before["crm.lead"])])
        return leads.browse(chance.choice([*leads.ids, False]))

    def _do_customer(self, chance):
        parent = chance.choice((self.customer, self.vendor))
        self.env["res.partner"].create(
            {"name": f"Ward {chance.random()}", "parent_id": parent.id}
        )

    def _do_move_customer(self, chance):
        customer = self._any(chance, "res.partner", ("name", "like", "Ward"))
        customer.parent_id = chance.choice((self.customer, self.vendor))

    def _do_merge_customers(self, chance):
        one, other = self._customer(chance), self._customer(chance)
        if one and one != other:
            wizard = self.env["base.partner.merge.automatic.wizard"].create({})
            wizard._merge((one | other).ids, one)

    def _do_lead(self, chance):
        customer = self._customer(chance)
        self._lead(partner_id=customer.id)

    def _do_stage(self, chance):
        stages = self.env["crm.stage"].search([])
        lead = self._any(chance, "crm.lead")
        lead.stage_id = stages.browse(chance.choice(stages.ids))

    def _do_lost(self, chance):
        self._any(chance, "crm.lead").action_set_lost()

    def _do_merge_leads(self, chance):
        one, other = self._any(chance, "crm.lead"), self._any(chance, "crm.lead")
        if one and one != other:
            (one | other).merge_opportunity()

    def _do_meeting(self, chance):
        lead = self._any(chance, "crm.lead")
        self.env["calendar.event"].create(
            {
                "name": "Visit",
                "opportunity_id": lead.id,
                "start": "2026-06-01 08:00:00",
                "stop": "2026-06-01 09:00:00",
            }
        )

    def _do_move_meeting(self, chance):
        meeting = self._any(chance, "calendar.event")
        day = chance.randint(10, 28)
        meeting.write(
            {"start": f"2026-06-{day:02} 08:00:00", "stop": f"2026-06-{day} 09:00:00"}
        )

    def _do_meeting_about(self, chance):
        meeting = self._any(chance, "calendar.event")
        meeting.opportunity_id = self._optional_lead(chance)

    def _do_quote(self, chance):
        customer = self._customer(chance)
        self._sale(
            confirm=False,
            product=chance.choice((self.bed, self.chair)),
            partner_id=customer.id,
            opportunity_id=self._optional_lead(chance).id,
        )

    def _do_confirm(self, chance):
        self._any(chance, "sale.order", ("state", "=", "draft")).action_confirm()

    def _do_sell(self, chance):
        self._sale(product=chance.choice((self.bed, self.bed, self.chair)))

    def _do_cancel(self, chance):
        order = self._any(chance, "sale.order", ("state", "!=", "cancel"))
        if order.delivery_status != "full":
            order._action_cancel()

    def _do_draft(self, chance):
        self._any(chance, "sale.order", ("state", "=", "cancel")).action_draft()

    def _do_delete(self, chance):
        self._any(chance, "sale.order", ("state", "in", ("draft", "cancel"))).unlink()

    def _do_wanted(self, chance):
        day = chance.randint(1, 30)
        self._any(chance, "sale.order").commitment_date = f"2026-09-{day:02} 08:00:00"

    def _do_other_lead(self, chance):
        order = self._any(chance, "sale.order")
        order.opportunity_id = self._optional_lead(chance)

    def _do_buy(self, chance):
        self._any(
            chance, "purchase.order", ("state", "in", ("draft", "sent"))
        ).button_confirm()

    def _do_date(self, chance):
        purchase = self._any(chance, "purchase.order", ("state", "=", "purchase"))
        purchase.order_line.date_planned = f"2030-01-{chance.randint(10, 30)} 08:00:00"

    def _do_merge_purchases(self, chance):
        drafts = self.env["purchase.order"].search(
            [
                ("state", "=", "draft"),
                ("partner_id", "=", self.vendor.id),
                ("id", ">", self.before["purchase.order"]),
            ]
        )
        if len(drafts) > 1:
            drafts.action_merge()

    def _do_cancel_purchase(self, chance):
        purchase = self._any(chance, "purchase.order", ("state", "!=", "cancel"))
        if "done" not in purchase.picking_ids.mapped("state"):
            purchase.button_cancel()

    def _do_delete_purchase(self, chance):
        self._any(chance, "purchase.order", ("state", "=", "cancel")).unlink()

    def _do_receive(self, chance):
        purchase = self._any(chance, "purchase.order", ("state", "=", "purchase"))
        self._receive(purchase, chance.choice((None, 1, 3)))

    def _do_deliver(self, chance):
        picking = self._any(chance, "stock.picking", ("state", "=", "assigned"))
        self._done(picking, chance.choice((None, 2)), chance.choice((True, False)))

    def _do_return(self, chance):
        picking = self._any(chance, "stock.picking", ("state", "=", "done"))
        if picking and any(picking.move_ids.mapped("quantity")):
            self._return(picking, 1)

    def _do_invoice(self, chance):
        order = self._any(chance, "sale.order", ("state", "=", "sale"))
        if order.invoice_status == "to invoice":
            order._create_invoices()

    def _do_post(self, chance):
        move = self._any(chance, "account.move", ("state", "=", "draft"))
        if move.move_type in ("out_invoice", "in_invoice"):
            move.invoice_date = "2026-06-01"
            move.action_post()

    def _do_cancel_invoice(self, chance):
        move = self._any(chance, "account.move", ("move_type", "=", "out_invoice"))
        if move.state == "posted":
            move.button_draft()
        else:
            move.button_cancel()

    def _do_ask(self, chance):
        record = self._any(
            chance, chance.choice(("sale.order", "purchase.order", "crm.lead"))
        )
        self.env["supply.question"]._ask(record, "stock", "When?")

    def _do_withdraw(self, chance):
        self._any(chance, "supply.question", ("state", "=", "open")).action_withdraw()

    def _do_mail(self, chance):
        record = self._any(
            chance,
            chance.choice(("sale.order", "purchase.order", "crm.lead", "res.partner")),
        )
        record.message_post(
            body="Hello",
            partner_ids=self.customer.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _do_tell(self, chance):
        order = self._any(chance, "sale.order", ("state", "=", "sale"))
        days = dict.fromkeys(order.order_line.ids, "2026-08-01")
        self.env["supply.promise"]._tell(order.order_line, days, "phone")

    def _do_give(self, chance):
        """Somebody else goes on with it."""
        model = chance.choice(("sale.order", "purchase.order", "crm.lead"))
        people = (self.env.user, self.seller, self.other_seller, self.env.user.browse())
        self._any(chance, model).user_id = chance.choice(people)

    def _do_vendor_bill(self, chance):
        """A bill of several purchases."""
        purchases = self.env["purchase.order"]
        for _number in range(chance.randint(1, 3)):
            purchases |= self._any(chance, "purchase.order", ("state", "=", "purchase"))
        self._bill(purchases)

    def _do_match(self, chance):
        """A line of a bill becomes one of another purchase, or of none."""
        bill = self._any(chance, "account.move", ("move_type", "=", "in_invoice"))
        purchase = self._any(chance, "purchase.order", ("state", "=", "purchase"))
        if bill.state != "draft" or not bill.invoice_line_ids:
            raise _NothingToDo
        item = bill.invoice_line_ids.browse(chance.choice(bill.invoice_line_ids.ids))
        item.purchase_line_id = chance.choice((purchase.order_line[:1], False))

    def _do_invoice_of_another(self, chance):
        """A line of an invoice is of one more order, or of one less."""
        invoice = self._any(chance, "account.move", ("move_type", "=", "out_invoice"))
        line = self._any(chance, "sale.order").order_line[:1]
        item = invoice.invoice_line_ids[:1]
        if line in item.sale_line_ids:
            item.sale_line_ids -= line
        else:
            item.sale_line_ids |= line

    def _do_customer_of_invoice(self, chance):
        domain = ("move_type", "=", "out_invoice"), ("state", "=", "draft")
        self._any(chance, "account.move", *domain).partner_id = self._customer(chance)

    def _do_delete_bought(self, chance):
        purchase = self._any(chance, "purchase.order", ("state", "=", "draft"))
        purchase.order_line[:1].unlink()

    def _do_delete_sold(self, chance):
        self._any(chance, "sale.order", ("state", "=", "draft")).order_line[:1].unlink()

    def _do_other_transfer(self, chance):
        """Goods come, or go, with another transfer of the same kind."""
        one = self._any(
            chance, "stock.picking", ("state", "not in", ("done", "cancel"))
        )
        domain = ("picking_type_id", "=", one.picking_type_id.id), ("id", "!=", one.id)
        other = self._any(chance, "stock.picking", *domain, ("state", "!=", "cancel"))
        one.move_ids[:1].picking_id = other

    def _do_cancel_and_delete(self, chance):
        """At once, before any job sees the one without the other."""
        purchase = self._any(chance, "purchase.order", ("state", "!=", "cancel"))
        if "done" in purchase.picking_ids.mapped("state"):
            raise _NothingToDo
        purchase.button_cancel()
        purchase.unlink()

    def _do_pass_on(self, chance):
        question = self._any(chance, "supply.question", ("state", "=", "open"))
        self._sql(
            "UPDATE supply_question SET user_id = %s WHERE id = %s",
            chance.choice((self.seller.id, self.buyer.id, None)),
            question.id,
        )

    def _do_sql_question(self, chance):
        question = self._any(chance, "supply.question")
        state = chance.choice(("open", "withdrawn"))
        self._sql(
            "UPDATE supply_question SET state = %s WHERE id = %s", state, question.id
        )

    def _do_sql_state(self, chance):
        order = self._any(chance, "sale.order")
        state = chance.choice(("draft", "sent", "cancel"))
        self._sql("UPDATE sale_order SET state = %s WHERE id = %s", state, order.id)

    def _do_sql_lead(self, chance):
        lead = self._any(chance, "crm.lead")
        self._sql("DELETE FROM crm_lead WHERE id = %s", lead.id)

    def _do_import(self, chance):
        self.env["sale.order"].load(
            ["partner_id/.id", "client_order_ref"], [[str(self.customer.id), "4711"]]
        )


@tagged("post_install", "-at_install")
class TestRandomMoney(Working, Telling, DepositCommon):
    """Deposits, their payments, bills and claims; and approvals."""

    MODELS = (
        "purchase.order",
        "account.move",
        "account.payment",
        "supplier.deposit",
        "deposit.claim",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.approver = new_user(
            cls.env,
            "timeline.approver",
            groups="purchase.group_purchase_manager",
            company_id=cls.company.id,
        )
        rules = cls.env["approval.rule"].sudo()
        for model, amount in (("purchase.order", 1500), ("supplier.deposit", 300)):
            rules.create(
                {
                    "name": model,
                    "model_id": cls.env["ir.model"]._get(model).id,
                    "company_id": cls.company.id,
                    "amount_min": amount,
                    "step_ids": [
                        Command.create(
                            {
                                "name": "Manager",
                                "user_ids": [Command.set(cls.approver.ids)],
                            }
                        )
                    ],
                }
            )

    VALUES = {
        "account_payment": {
            "state": ("canceled", "rejected", "draft", "paid"),
            "partner_id": (1,),
        },
        "supplier_deposit": {"state": ("planned", "waiting", "due", "cancelled")},
        "deposit_claim": {"is_withdrawn": (True, False)},
    }
    COPIED = {"supplier_deposit": {"round": 9}}
    #: It only grows, and each row knows the one before.
    REFUSED = {
        "approval_log": {"copy": "CheckViolation", "delete": "InsufficientPrivilege"}
    }

    def test_random_work_is_told_as_the_documents_say(self):
        self._check_random_work()

    def test_what_is_changed_in_sql_is_told(self):
        self._rule(30, posting="posted")
        waiting = self._order(quantity=20, user=self.buyer)
        waiting.with_user(self.approver).action_approve("Yes")
        deposit = self._order(quantity=5, user=self.buyer).deposit_ids
        self._claim_back(deposit, 10)
        for table in (
            "account_payment",
            "approval_log",
            "supplier_deposit",
            "deposit_claim",
        ):
            with suppress(_NothingToDo), self.env.cr.savepoint():
                self._check_sql(table)
                raise _NothingToDo

    def test_every_source_is_looked_at(self):
        looked_at = {*TestRandomPaths.VALUES, *self.VALUES}
        no_phases = {"approval_log", "supply_promise_version", "mail_message"}
        self.assertEqual(looked_at | no_phases, set(SOURCES))

    def test_deposit_by_cron_is_told_once(self):
        """Made due, paid and deducted while nobody looks."""
        line = Command.create(
            {"name": "Later", "percent": 30, "trigger": "before_delivery", "days": 2}
        )
        self._rule(posting="posted", line_ids=[line])
        order = self._order(quantity=5, confirm=False)
        order.order_line.date_planned = "2099-01-01"
        order.with_user(self.buyer).button_confirm()
        deposit = self._deposit(order).sudo()
        self.assertEqual(deposit.state, "planned")
        deposit.date_due = fields.Date.today()
        self._run()
        with self.enter_registry_test_mode():
            self.env.ref("supplier_deposit.ir_cron_due").method_direct_trigger()
        self._bill(order)
        self._run()
        kinds = self._kinds(purchase_id=order.id)
        for kind in ("deposit.planned", "deposit.paid", "deposit.done", "payment.paid"):
            self.assertEqual(kinds.count(kind), 1, kind)
        self._check_whole()

    def test_limit_by_cron_is_told_once(self):
        """What follows when nobody decides in time, while nobody looks."""
        rule = self.env["approval.rule"].sudo()
        (step,) = rule.search(
            [("name", "=", "purchase.order"), ("company_id", "=", self.company.id)]
        ).step_ids
        for way, kind in (
            ("remind", "approval.reminded"),
            ("escalate", "approval.escalated"),
            ("reject", "approval.rejected"),
        ):
            step.write(
                {
                    "limit_hours": 2,
                    "on_timeout": way,
                    "escalation_user_id": self.cashier.id,
                }
            )
            purchase = self._order(quantity=20, user=self.buyer)
            self._run()
            self.assertIn("approval.submitted", self._kinds(purchase_id=purchase.id))
            self.env.cr.execute(
                SQL(
                    "UPDATE approval_task SET due_at = activated_at"
                    " - INTERVAL '1 minute' WHERE process_id = %s",
                    purchase.approval_process_id.id,
                )
            )
            self.env.invalidate_all()
            for _time in range(2):
                with self.enter_registry_test_mode():
                    cron = self.env.ref("approval_matrix.ir_cron_limits")
                    cron.method_direct_trigger()
            self._run()
            with self.subTest(way=way):
                kinds = self._kinds(purchase_id=purchase.id)
                self.assertEqual(kinds.count(kind), 1)
        self._check_whole()

    def test_remote_calls_are_told(self):
        """A purchase with approvals, deposit and bill, as other programs make them."""
        self._rule(30, posting="posted")
        vendor = {"partner_id": self.vendor.id}
        line = {"product_id": self.product.id, "price_unit": 100}
        purchase = self._call(
            self.buyer,
            "purchase.order",
            "create",
            vendor | {"order_line": [Command.create(line | {"product_qty": 20})]},
        )
        self._run()
        self._call(self.buyer, "purchase.order", "button_confirm", [purchase])
        self._call(self.approver, "purchase.order", "action_approve", [purchase])
        self._run()
        order = self.env["purchase.order"].browse(purchase)
        deposit = self._deposit(order)
        self._call(self.approver, "supplier.deposit", "action_approve", deposit.ids)
        self._run()
        ordered = {"purchase_line_id": order.order_line.id, "quantity": 20}
        bill = self._call(
            self.cashier,
            "account.move",
            "create",
            {
                **vendor,
                "move_type": "in_invoice",
                "invoice_date": "2026-06-01",
                "invoice_line_ids": [Command.create(line | ordered)],
            },
        )
        self._call(self.cashier, "account.move", "action_post", [bill])
        self._run()
        events = self._events(purchase_id=purchase)
        for kind, user in (
            ("purchase.quoted", self.buyer),
            ("approval.submitted", self.buyer),
            ("approval.approved", self.approver),
            ("purchase.ordered", self.approver),
            ("deposit.paid", None),
            ("invoice.posted", self.cashier),
        ):
            found = events.filtered(lambda event, kind=kind: event.kind == kind)
            if kind.startswith("approval"):  # of the purchase, and of its deposit
                self.assertEqual(len(found), 2, kind)
                found = found[:1]
            self.assertEqual(len(found), 1, kind)
            if user:
                self.assertEqual(found.user_id, user.id, kind)
        self._check_whole()

    def _call(self, user, model, method, *args):
        """Call a method as another program does, with the rights of a user."""
        result = call_kw(self.env[model].with_user(user), method, list(args), {})
        self.env.flush_all()
        return result

    def test_bill_that_is_paid_is_told(self):
        """The state of payment is computed when the entries are matched."""
        bill = self._bill(self._order(user=self.buyer))
        self._run()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({})._create_payments()
        self._run()
        kinds = self._kinds(purchase_id=bill.invoice_line_ids.purchase_order_id.id)
        self.assertEqual(kinds.count("invoice.paid"), 1)
        self._check_whole()

    def _purchase(self, chance, *domain):
        return self._any(chance, "purchase.order", *domain)

    def _a_deposit(self, chance, *domain):
        return self._any(chance, "supplier.deposit", *domain)

    def _do_rule(self, chance):
        if chance.random() < 0.5:
            raise _NothingToDo
        self.env["deposit.rule"].sudo().search(
            [("company_id", "=", self.company.id)]
        ).active = False
        self._rule(
            *chance.choice(((30,), (20, 30))),
            posting=chance.choice(("draft", "posted")),
            deduction=chance.choice(("proportion", "open")),
        )

    def _do_order(self, chance):
        self._order(quantity=chance.choice((5, 10, 20)), user=self.buyer)

    def _do_confirm(self, chance):
        purchase = self._purchase(chance, ("state", "in", ("draft", "sent")))
        purchase.with_user(self.buyer).button_confirm()

    def _do_approve(self, chance):
        model = chance.choice(("purchase.order", "supplier.deposit"))
        record = self._any(chance, model, ("approval_state", "=", "open"))
        record.with_user(self.approver).action_approve("Yes")

    def _do_reject(self, chance):
        purchase = self._purchase(chance, ("approval_state", "=", "open"))
        purchase.with_user(self.approver).action_reject("No")

    def _do_question(self, chance):
        purchase = self._purchase(chance, ("approval_state", "=", "open"))
        purchase.with_user(self.approver).action_ask_information("Why?")

    def _do_answer(self, chance):
        purchase = self._purchase(chance, ("approval_state", "=", "open"))
        purchase.with_user(self.buyer).action_answer("So")

    def _do_withdraw(self, chance):
        purchase = self._purchase(chance, ("approval_state", "=", "open"))
        purchase.with_user(self.buyer).action_withdraw()

    def _do_reduce(self, chance):
        self._purchase(chance).order_line[:1].product_qty = chance.choice((3, 12))

    def _do_cancel(self, chance):
        self._purchase(chance).button_cancel()

    def _do_bill(self, chance):
        self._bill(
            self._purchase(chance, ("state", "=", "purchase")),
            quantity=chance.choice((None, 2)),
            post=chance.choice((True, False)),
        )

    def _do_credit(self, chance):
        bill = self._any(chance, "account.move", ("move_type", "=", "in_invoice"))
        if bill.state == "posted":
            self._credit(bill, 1)

    def _do_pay(self, chance):
        payment = self._any(chance, "account.payment", ("state", "=", "draft"))
        payment.action_post()

    def _do_statement(self, chance):
        payment = self._any(chance, "account.payment", ("state", "=", "in_process"))
        self._statement(payment)

    def _do_take_back(self, chance):
        payment = self._any(chance, "account.payment")
        if payment.state == "draft":
            payment.action_cancel()
        else:
            payment.action_draft()

    def _do_due(self, chance):
        deposit = self._a_deposit(chance, ("state", "=", "planned"))
        deposit.sudo().date_due = "2026-01-01"
        with self.enter_registry_test_mode():
            self.env.ref("supplier_deposit.ir_cron_due").method_direct_trigger()

    def _do_claim(self, chance):
        deposit = self._a_deposit(chance, ("state", "=", "paid"))
        self._claim_back(deposit, chance.choice((None, 10)))

    def _do_keep(self, chance):
        deposit = self._a_deposit(chance, ("claim_ids", "!=", False))
        deposit.with_user(self.buyer).action_keep()

    def _do_refund(self, chance):
        deposit = self._a_deposit(chance, ("claim_ids", "!=", False))
        deposit.claim_ids._receive(deposit, self.bank, fields.Date.today(), 10)

    def _do_customer_payment(self, chance):
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_b.id,
                "amount": 10,
                "journal_id": self.bank.id,
            }
        )

    def _do_sql_cancel(self, chance):
        move = self._any(chance, "account.move")
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE account_move SET state = 'cancel' WHERE id = %s", move.id)
        )
        self.env.invalidate_all()
