"""The job of the timeline: killed anywhere it loses nothing and tells nothing twice."""

from collections import Counter

import pytest
from cron_worker import nursery, working
from outbox_job import MOMENTS, Following

from odoo.fields import Command
from odoo.tools import SQL

from office import copied_registry

#: All that is told, but for moments: of what is not known the time is that of the job.
PICTURES = (
    """
    SELECT res_model, res_id, kind, department, user_id, sale_id, partner_id, source,
           is_home, is_shown, chain, parameters
      FROM timeline_event
    """,
    """
    SELECT sale_id, res_model, res_id, department, step, user_id, is_decisive
      FROM timeline_span
    """,
)
TOLD = """
    SELECT res_model, res_id, kind, sale_id, partner_id, purchase_id, is_home
      FROM timeline_event
"""
FORGET = """
    ALTER TABLE timeline_event DISABLE TRIGGER USER;
    DELETE FROM timeline_event;
    ALTER TABLE timeline_event ENABLE TRIGGER USER;
    DELETE FROM timeline_span;
    DELETE FROM timeline_change
"""


class Shop(Following):
    """Orders of a customer."""

    job, notes = "timeline", "timeline.change"
    cron = "case_timeline.ir_cron_follow"

    def __init__(self, registry):
        super().__init__(registry)
        with self.committed() as env:
            self.partner = env["res.partner"].create({"name": "Hospital"}).id
            bed = env["product.product"].create({"name": "Bed", "is_storable": True})
            self.bed = bed.id
            env.ref("case_timeline.ir_cron_fill").active = False
        self.run()

    def sold(self, number=3):
        """Sell, each order on its own; return the ids."""
        orders = []
        for _order in range(number):
            with self.committed() as env:
                order = env["sale.order"].create(
                    {
                        "partner_id": self.partner,
                        "order_line": [Command.create({"product_id": self.bed})],
                    }
                )
                order.action_confirm()
                orders.append(order.id)
        return orders

    def invoiced(self):
        """Return two orders and their one invoice, which is a draft."""
        with self.committed() as env:
            desk = env["product.product"].create({"name": "Desk", "type": "service"})
            values = {
                "partner_id": self.partner,
                "order_line": [Command.create({"product_id": desk.id})],
            }
            orders = env["sale.order"].create([values, values])
            orders.action_confirm()
            lines = Command.set(orders.order_line.ids)
            line = {"name": "Desks", "price_unit": 7, "sale_line_ids": [lines]}
            invoice = env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner,
                    "invoice_line_ids": [Command.create(line)],
                }
            )
        self.run()
        return [*orders.ids, invoice.id]

    def is_told(self, invoice):
        """Return of which orders an invoice is told, how often what; not the copies
        that rest, in no case."""
        with self.session() as env:
            events = env["timeline.event"].search(
                [("res_model", "=", "account.move"), ("res_id", "=", invoice)]
            )
            return Counter(
                (event.sale_id, event.kind)
                for event in events
                if event.is_home or event.sale_id
            )

    def check_rebuilt(self):
        """What the past tells was told, and no more often."""
        told = self.told()
        self.forget()
        self.look_back()
        assert not self.told() - told

    def told(self):
        with self.session() as env:
            env.cr.execute(SQL(TOLD))
            return Counter(env.cr.fetchall())

    def forget(self):
        """Tell nothing, as when the addon has just been installed."""
        with self.committed() as env:
            env.cr.execute(SQL(FORGET))
            env["ir.config_parameter"].search(
                [("key", "=like", "case_timeline.filled_%")]
            ).unlink()

    def look_back(self):
        """Look at the past, from where somebody got to, to its end; and tell it."""
        with self.session() as env:
            env.ref("case_timeline.ir_cron_fill").method_direct_trigger()
        self.run()
        with self.session() as env:
            assert not env["timeline.change"]._fill_batch()

    def picture(self):
        with self.session() as env:
            found = []
            for statement in PICTURES:
                env.cr.execute(SQL(statement))
                found.append(sorted(env.cr.fetchall(), key=repr))
            return found

    def check(self, orders):
        """Each event is there once, and all is as verification wants it."""
        with self.session() as env:
            for order in orders:
                env.cr.execute(
                    SQL(
                        "SELECT kind, count(*) FROM timeline_event "
                        "WHERE res_model = 'sale.order' AND res_id = %s GROUP BY kind",
                        order,
                    )
                )
                counts = dict(env.cr.fetchall())
                assert counts["sale.quoted"] == counts["sale.confirmed"] == 1
                # one that is cancelled in the second of its making never waited
                if env["sale.order"].browse(order).state == "sale":
                    assert env["timeline.span"].search_count([("sale_id", "=", order)])
            for check in ("events", "spans"):
                verification = env["approval.verification"]
                find = getattr(verification, f"_check_timeline_{check}")
                assert not [each for _n, found in find(None, 100) for each in found]


@pytest.fixture(scope="module")
def shop():
    with (
        copied_registry("timeline_job") as registry,
        nursery(Shop(registry)) as shop,
    ):
        yield shop


@MOMENTS
def test_killed_worker_loses_nothing(shop, words):
    orders = shop.sold()
    shop.kill_and_run(words)
    shop.check(orders)


def delete(env, order):
    order = env["sale.order"].browse(order)
    order._action_cancel()
    order.unlink()


@pytest.mark.parametrize("word", ["ready", "committed"])
def test_killed_worker_leaves_no_invoice_in_two_minds(shop, word):
    """Its order is deleted: it is told of the other one only, once."""
    gone, left, invoice = shop.invoiced()
    shop.act(None, delete, gone)
    with working(shop, "timeline") as worker:
        worker.go_until(*(["ready"] if word == "committed" else []), word, "follow")
        worker.kill()
    shop.until_gone(worker.program.pid)
    shop.run()
    assert not shop.left()
    # Odoo cancels a draft with its order
    assert shop.is_told(invoice) == {
        (left, "invoice.draft"): 1,
        (left, "invoice.cancelled"): 1,
    }
    shop.check([])
    shop.check_rebuilt()


@pytest.mark.parametrize("is_told_between", [True, False])
def test_order_that_is_deleted_while_its_invoice_is_mailed(shop, is_told_between):
    """Whichever is told first, whoever commits last."""
    gone, left, invoice = shop.invoiced()
    with shop.session() as deleting:
        deleting.cr.execute("DELETE FROM sale_order WHERE id = %s", [gone])
        with shop.committed() as mailing:
            mailing.cr.execute("SET LOCAL lock_timeout = '10s'")
            mailing["account.move"].browse(invoice).message_post(
                body="Your invoice",
                partner_ids=[shop.partner],
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        if is_told_between:
            shop.run()
            assert shop.is_told(invoice) == {
                (gone, "invoice.draft"): 1,
                (left, "invoice.draft"): 1,
            }
        deleting.cr.commit()
    shop.run()
    assert shop.is_told(invoice) == {(left, "invoice.draft"): 1}
    with shop.session() as env:
        mails = env["timeline.event"].search([("kind", "=", "mail.sent")])
        assert {left, gone} & set(mails.mapped("sale_id")) == {left}
    shop.check([])
    shop.check_rebuilt()


def test_what_happens_while_the_job_runs_is_told_too(shop):
    orders = shop.sold(2)
    with working(shop, "timeline") as worker:
        worker.go_until("ready", "follow")
        orders += shop.sold(1)
        worker.finish()
    shop.run()
    assert not shop.left()
    shop.check(orders)


def test_job_is_in_nobodys_way(shop):
    """An order that is being told can be changed meanwhile."""
    orders = shop.sold(1)
    with working(shop, "timeline") as worker:
        worker.go_until("ready", "follow")
        with shop.committed() as env:
            env.cr.execute("SET LOCAL lock_timeout = '10s'")
            env["sale.order"].browse(orders).with_context(
                disable_cancel_warning=True
            )._action_cancel()
        worker.finish()
    shop.run()
    shop.check(orders)


def test_two_jobs_at_once_tell_everything_once(shop):
    orders = shop.sold(2)
    with working(shop, "timeline", past_the_lock=True) as one:
        one.go_until("ready", "follow")
        with working(shop, "timeline", past_the_lock=True) as other:
            other.go_until("ready")
            other.finish()
        one.finish()
    shop.run()
    assert not shop.left()
    shop.check(orders)


@pytest.mark.parametrize(
    ("job", "words"),
    [
        ("past", ["ready", "fill"]),
        ("past", ["ready", "committed"]),
        ("past", ["ready", "committed", "committed", "fill"]),
        ("timeline", ["ready", "follow"]),
        ("timeline", ["ready", "committed", "follow"]),
    ],
    ids=["first part", "first commit", "third part", "first batch", "second batch"],
)
def test_killed_look_at_the_past_tells_what_a_whole_one_tells(shop, job, words):
    orders = shop.sold(2)
    shop.forget()
    shop.look_back()
    whole = shop.picture()
    assert all(whole)
    shop.forget()
    if job == "timeline":
        with shop.committed() as env:  # some of it is noted
            for _part in range(2):
                assert env["timeline.change"]._fill_batch(4)
    with working(shop, job) as worker:
        worker.go_until(*words)
        worker.kill()
    shop.until_gone(worker.program.pid)
    with shop.session() as env:
        assert env["timeline.change"]._fill_batch(), "there is something left to do"
    shop.run()
    shop.look_back()
    assert not shop.left()
    assert shop.picture() == whole
    shop.check(orders)
