"""Merging customers where other addons follow them, and at the same moment."""

from pathlib import Path

import psycopg2.errors
import pytest

from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Command

from odoo.addons.customer_base.merging.moving import find_filled

from loyalty import ask
from office import Office, copied_registry

PROGRAM = Path(__file__).with_name("loyalty_merge.py")


@pytest.fixture(scope="module")
def cards():
    """What becomes of cards: ``customer_base`` does not know loyalty, nor it us."""
    return ask(PROGRAM)


def test_points_are_added_up(cards):
    assert cards["before"] == [[100], [200]]
    assert cards["merged"] == [[300], []]


def test_points_are_as_before_after_the_undo(cards):
    assert cards["undone"] == [[100], [200]]
    assert cards["active"] == [True, True]


def test_points_that_were_spent_since_are_not_made_again(cards):
    said, points = cards["spent"]
    assert "added up" in said
    assert points == [[50], []]


class Customers(Office):
    """Customers with orders, and a job that tells what happens."""

    def __init__(self, registry):
        super().__init__(registry)
        with self.committed() as env:
            env.ref("case_timeline.ir_cron_fill").active = False

    def add(self, name):
        """Return the ids of a new customer and of an order."""
        with self.committed() as env:
            partner = env["res.partner"].create({"name": name})
            bed = env["product.product"].create({"name": "Bed", "is_storable": True})
            order = env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "order_line": [Command.create({"product_id": bed.id})],
                }
            )
            order.action_confirm()
            return partner.id, order.id

    def follow(self):
        """Do what the jobs do in the next minutes."""
        for model in ("supply.change", "timeline.change"):
            with self.committed() as env:
                while env[model]._follow_batch():
                    env.flush_all()

    def get_families(self, order):
        with self.session() as env:
            events = env["timeline.event"].search([("sale_id", "=", order)])
            return set(events.family_id.ids)

    def verify(self):
        """Return what is wrong with the timeline."""
        with self.session() as env:
            verification = env["approval.verification"]
            return [
                finding.text
                for name in ("events", "spans")
                for _count, findings in getattr(
                    verification, f"_check_timeline_{name}"
                )(None, 100)
                for finding in findings
            ]


def merge(env, source, survivor):
    partners = env["res.partner"].browse([source, survivor])
    return env["customer.merge"]._merge(partners[0], partners[1]).id


@pytest.fixture(scope="module")
def office():
    with copied_registry("customer_merge") as registry:
        yield Customers(registry)


def test_the_timeline_follows(office):
    source, order = office.add("Bach Mai")
    survivor, _order = office.add("Bệnh viện Bạch Mai")
    office.follow()
    assert office.get_families(order) == {source}
    with office.committed() as env:
        done = merge(env, source, survivor)
    office.follow()
    assert office.get_families(order) == {survivor}
    assert not office.verify()
    with office.committed() as env:
        env["customer.merge"].browse(done)._undo()
    office.follow()
    assert office.get_families(order) == {source}
    assert not office.verify()


def test_two_merges_into_one_customer_at_once(office):
    """The second begins anew: it has not seen what the first moved."""
    source, _order = office.add("One")
    other, _order = office.add("Two")
    survivor, _order = office.add("Three")
    with office.session() as late:
        with office.committed() as env:
            merge(env, source, survivor)
        with pytest.raises(psycopg2.errors.SerializationFailure):
            merge(late, survivor, other)
            late.cr.flush()


def test_nobody_merges_what_somebody_merges(office):
    source, _order = office.add("One")
    survivor, _order = office.add("Two")
    with office.session() as first, office.session() as second:
        merge(first, source, survivor)
        with pytest.raises(UserError, match="in a moment"):
            merge(second, source, survivor)


#: What somebody commits who does not know that the customer is about to be merged.
MEANWHILE = {
    "an order": lambda partner: partner.env["sale.order"].create(
        {"partner_id": partner.id}
    ),
    "a contact": lambda partner: partner.create(
        {"name": "Contact", "parent_id": partner.id}
    ),
    "a message": lambda partner: partner.message_post(body="Called"),
    "a default": lambda partner: partner.env["ir.default"].set(
        "crm.lead", "partner_id", partner.id
    ),
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_nothing_is_left_behind(office, what):
    """Written after the merge began, and before it locked: it does not see it."""
    source, _order = office.add("One")
    survivor, _order = office.add("Two")
    with office.session() as late:
        with office.committed() as env:
            MEANWHILE[what](env["res.partner"].browse(source))
        with pytest.raises(ConcurrencyError):
            merge(late, source, survivor)
    with office.committed() as env:
        done = env["customer.merge"].browse(merge(env, source, survivor))
        filled = find_filled(env, done._get_places(), [source])
        assert {done._get_key(place) for place in filled} <= {*(done.stayed or ())}
        assert env["ir.default"]._get("crm.lead", "partner_id") != source
        env["ir.default"].discard_values("crm.lead", "partner_id", [survivor])


def test_an_undo_begins_anew_as_well(office):
    source, _order = office.add("One")
    survivor, _order = office.add("Two")
    with office.committed() as env:
        done = merge(env, source, survivor)
    with office.session() as late:
        with office.committed() as env:
            env["sale.order"].create({"partner_id": survivor})
        with pytest.raises(ConcurrencyError):
            late["customer.merge"].browse(done)._undo()


def test_what_was_there_before_stops_no_merge(office):
    """Though somebody else's work, as old as it, is not done yet."""
    with office.session() as slow:
        slow.cr.execute("SELECT pg_current_xact_id()")
        source, order = office.add("One")
        survivor, _order = office.add("Two")
        with office.committed() as env:
            # written in the same transaction, too
            env["sale.order"].browse(order).client_order_ref = "again"
            merge(env, source, survivor)
            assert env["sale.order"].browse(order).partner_id.id == survivor
