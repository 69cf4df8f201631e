import base64
import io
from unittest.mock import patch

from PIL import Image
from psycopg2 import Error

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..merging.places import STAY
from .merging import MergeCommon


def paint(color):
    """Return a picture of one color, as a form sends it."""
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), color).save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


RED, GREEN, BLUE = map(paint, ("red", "green", "blue"))


@tagged("post_install", "-at_install")
class TestMerge(MergeCommon):
    """Several customers become one, with all that is theirs."""

    def test_what_was_the_sources_is_the_survivors(self):
        contact, order = self._furnish(self.source)
        self._furnish(self.survivor)
        self._merge()
        self.assertEqual(order.partner_id, self.survivor)
        self.assertEqual(contact.parent_id, self.survivor)
        self.assertEqual(contact.commercial_partner_id, self.survivor)
        self.assertEqual(len(self.survivor.activity_ids), 2)
        self.assertEqual(len(self.survivor.bank_ids), 2)
        self.assertEqual(len(self.survivor.category_id), 2)
        self.assertEqual(len(self.survivor.opportunity_ids), 2)
        data = self.env.ref(f"__test__.customer_{self.source.id}")
        self.assertEqual(data, self.survivor)
        called = self.survivor.message_ids.filtered(lambda m: "Called" in m.body)
        self.assertEqual(len(called), 2)

    def test_sources_are_archived_and_say_where_they_went(self):
        merge = self._merge()
        self.assertFalse(self.source.active)
        self.assertTrue(self.source.exists())
        self.assertEqual(merge.survivor_id, self.survivor)
        self.assertEqual(merge.source_ids, self.source)

    def test_undo_leaves_every_table_as_it_was(self):
        for customer in (self.source, self.survivor):
            self._furnish(customer)
        newest = self._get_newest()
        before = self._sums(newest)
        merge = self._merge()
        self.assertNotEqual(self._sums(newest), before)
        merge._undo()
        after = self._sums(newest)
        self.assertEqual(
            {table for table in before if before[table] != after[table]}, set()
        )

    def test_followed_documents(self):
        documents = self._customer("A") + self._customer("B") + self._customer("C")
        documents += self._customer("D") + self._customer("E")
        documents.message_subscribe(self.source.ids)
        documents[:1].message_subscribe(self.survivor.ids)
        self._merge()
        followed = self.env["mail.followers"].search(
            [
                ("res_model", "=", "res.partner"),
                ("partner_id", "=", self.survivor.id),
                ("res_id", "in", documents.ids),
            ]
        )
        self.assertEqual(len(followed), 5)

    def test_empty_values_are_filled(self):
        self._merge()
        self.assertEqual(self.survivor.ref, "BM")
        self.assertEqual(self.survivor.phone, "024 3869 3731")

    def test_choice_of_the_user(self):
        self._merge(choices={"name": self.source.id})
        self.assertEqual(self.survivor.name, "BV Bach Mai")

    def test_many_at_once(self):
        sources = [self._customer(f"Twin {number}") for number in range(6)]
        orders = [self._furnish(source)[1] for source in sources]
        self._merge(*sources)
        for order in orders:
            self.assertEqual(order.partner_id, self.survivor)

    def test_values_by_company(self):
        term = self.env.ref("account.account_payment_term_30days")
        other = self.env["res.company"].create({"name": "Other"})
        self.source.with_company(other).property_payment_term_id = term
        merge = self._merge()
        self.assertEqual(
            self.survivor.with_company(other).property_payment_term_id, term
        )
        merge._undo()
        self.survivor.invalidate_recordset()
        self.assertFalse(self.survivor.with_company(other).property_payment_term_id)

    def test_defaults_follow(self):
        self.env["ir.default"].set("sale.order", "partner_id", self.source.id)
        merge = self._merge()
        default = self.env["ir.default"]._get("sale.order", "partner_id")
        self.assertEqual(default, self.survivor.id)
        merge._undo()
        default = self.env["ir.default"]._get("sale.order", "partner_id")
        self.assertEqual(default, self.source.id)

    def test_properties_follow(self):
        team = self.env["crm.team"].create(
            {
                "name": "Team",
                "lead_properties_definition": [
                    {
                        "name": "guarantor",
                        "string": "Guarantor",
                        "type": "many2one",
                        "comodel": "res.partner",
                    }
                ],
            }
        )
        lead = self.env["crm.lead"].create(
            {
                "name": "Beds",
                "team_id": team.id,
                "lead_properties": {"guarantor": self.source.id},
            }
        )
        merge = self._merge()
        self.assertEqual(lead.lead_properties["guarantor"], self.survivor)
        merge._undo()
        self.assertEqual(lead.lead_properties["guarantor"], self.source)

    def test_picture_of_the_source(self):
        self.source.image_1920 = RED
        merge = self._merge()
        self.assertTrue(self.survivor.image_1920)
        merge._undo()
        self.env.invalidate_all()
        self.assertTrue(self.source.image_1920)
        self.assertFalse(self.survivor.image_1920)

    def test_pictures_of_both(self):
        self.survivor.image_1920, self.source.image_1920 = GREEN, RED
        shown = [one.image_128 for one in (self.survivor, self.source)]
        merge = self._merge(choices={"image_1920": self.source.id})
        self.env.invalidate_all()
        self.assertEqual(self.survivor.image_128, shown[1])
        undo = merge._undo()
        self.env.invalidate_all()
        self.assertEqual([one.image_128 for one in (self.survivor, self.source)], shown)
        self.assertFalse(undo.touched)

    def test_a_picture_that_was_given_since_stays(self):
        """It is the survivor's, and the source does not show the survivor's former
        one either."""
        for former in (False, GREEN):
            with self.subTest(former=bool(former)), self.cr.savepoint() as savepoint:
                self.survivor.image_1920, self.source.image_1920 = former, RED
                merge = self._merge(choices={"image_1920": self.source.id})
                self.survivor.image_1920 = BLUE
                self.env.flush_all()
                given = self.survivor.image_1920, self.survivor.image_128
                undo = merge._undo()
                self.env.invalidate_all()
                self.assertEqual(
                    (self.survivor.image_1920, self.survivor.image_128), given
                )
                self.assertFalse(self.source.image_1920)
                self.assertFalse(self.source.image_128)
                self.assertEqual(undo.touched, ["image_1920"])
                self.assertIn("Image", undo._get_message())
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_picture_that_was_taken_away_since_stays_away(self):
        self.survivor.image_1920, self.source.image_1920 = GREEN, RED
        merge = self._merge(choices={"image_1920": self.source.id})
        self.survivor.image_1920 = False
        self.env.flush_all()
        undo = merge._undo()
        self.env.invalidate_all()
        self.assertFalse(self.survivor.image_1920)
        self.assertFalse(self.source.image_1920)
        self.assertEqual(undo.touched, ["image_1920"])

    def test_a_picture_that_the_source_was_given_since_stays_its(self):
        self.source.image_1920 = RED
        merge = self._merge()
        self.source.image_1920 = BLUE
        self.env.flush_all()
        given = self.source.image_1920
        merge._undo()
        self.env.invalidate_all()
        self.assertEqual(self.source.image_1920, given)
        self.assertTrue(self.survivor.image_1920)

    def test_every_relation_to_customers_is_moved_or_excused(self):
        """A new kind of field must be moved, or said why not."""
        merges = self.env["customer.merge"]
        places = {(place.table, place.column) for place in merges._get_places()}
        passing = {model._table for model in self.env.values() if model._transient}
        left = set()
        for model in self.env.values():
            if model._abstract or model._transient or not model._auto:
                continue
            for name, field in model._fields.items():
                if not field.store or field.company_dependent:
                    continue
                if field.type == "many2many":
                    found = {
                        (field.relation, column)
                        for column, comodel in (
                            (field.column1, model._name),
                            (field.column2, field.comodel_name),
                        )
                        if comodel == "res.partner"
                    }
                elif (
                    field.type == "many2one" and field.comodel_name == "res.partner"
                ) or field.type in ("reference", "many2one_reference"):
                    found = {(model._table, name)}
                else:
                    continue
                left |= found - places - set(STAY)
        self.assertEqual({place for place in left if place[0] not in passing}, set())

    def test_own_customers_only(self):
        """Who owned the source reads what is left of it, and the survivor's owner
        what became his; only who may write all of them merges."""
        self.source.user_id = self.sales
        contact = self._customer("Contact", parent_id=self.source.id)
        self.env["customer.access"]._switch(True)
        merge = self._merge()
        readable = self.env["res.partner"].with_user(self.sales)
        self.assertEqual(self.survivor.user_id, self.sales)
        self.assertEqual(
            readable.search([("id", "in", (self.survivor + contact).ids)]),
            self.survivor + contact,
        )
        merge._undo()
        self.env.invalidate_all()
        self.assertFalse(self.survivor.user_id)

    # ------------------------------------------------------------
    # UNDOING
    # ------------------------------------------------------------

    def test_what_came_later_stays(self):
        merge = self._merge()
        lead = self.env["crm.lead"].create(
            {"name": "Later", "partner_id": self.survivor.id}
        )
        merge._undo()
        self.assertEqual(lead.partner_id, self.survivor)
        self.assertTrue(self.source.active)

    def test_touched_values_stay_and_are_told(self):
        merge = self._merge()
        self.survivor.ref = "BM-1"
        undo = merge._undo()
        self.assertEqual(self.survivor.ref, "BM-1")
        self.assertFalse(self.survivor.phone)
        self.assertIn("ref", undo.touched)
        self.assertIn("Reference", undo._get_message())

    def test_moved_on_since(self):
        _contact, order = self._furnish(self.source)
        merge = self._merge()
        order.partner_id = self.an_phat
        self.env.flush_all()
        undo = merge._undo()
        self.assertEqual(order.partner_id, self.an_phat)
        self.assertGreater(undo.left_count, 0)

    def _merge_adding_up(self):
        """Merge where an addon adds up what each customer has, as loyalty does; return
        the merge, and the rows of the survivor and of the source."""
        held = self.env["crm.lead"].create(
            [
                {"name": "A", "partner_id": partner.id, "expected_revenue": revenue}
                for partner, revenue in ((self.survivor, 100), (self.source, 200))
            ]
        )
        wizard = type(self.env["base.partner.merge.automatic.wizard"])
        moving = wizard._update_foreign_keys

        def add_up(wizard, sources, survivor):
            held[0].expected_revenue += held[1].expected_revenue
            held[1].write({"expected_revenue": 0, "active": False})
            return moving(wizard, sources, survivor)

        with patch.object(wizard, "_update_foreign_keys", add_up):
            return self._merge(), *held

    def test_what_was_added_up_goes_back_together(self):
        merge, kept, emptied = self._merge_adding_up()
        self.assertEqual(kept.expected_revenue, 300)
        kept.name = "Called otherwise"
        merge._undo()
        self.assertEqual(kept.expected_revenue, 100)
        self.assertEqual(emptied.expected_revenue, 200)
        self.assertTrue(emptied.active)

    def test_nothing_is_made_of_what_was_spent_since(self):
        merge, kept, emptied = self._merge_adding_up()
        kept.expected_revenue -= 250
        self.env.flush_all()
        before = self._sums()
        with self.assertRaisesRegex(UserError, "Lead.*added up"):
            merge._undo()
        self.assertEqual(self._sums(), before)
        kept.expected_revenue += 250
        merge._undo()
        self.assertEqual(kept.expected_revenue, 100)
        self.assertEqual(emptied.expected_revenue, 200)

    def test_nothing_is_lost_of_what_was_added_to_the_other(self):
        merge, _kept, emptied = self._merge_adding_up()
        emptied.expected_revenue = 40
        with self.assertRaisesRegex(UserError, "added up"):
            merge._undo()

    def test_nothing_is_made_where_one_row_is_gone(self):
        merge, kept, _emptied = self._merge_adding_up()
        kept.unlink()
        with self.assertRaisesRegex(UserError, "added up"):
            merge._undo()

    def test_in_order_only(self):
        first = self._merge()
        second = self._merge(self.survivor, survivor=self.an_phat)
        with self.assertRaisesRegex(UserError, "Undo that first"):
            first._undo()
        second._undo()
        first._undo()
        self.assertTrue(self.source.active)

    def test_once(self):
        merge = self._merge()
        merge._undo()
        with self.assertRaisesRegex(UserError, "undone already"):
            merge._undo()

    def test_for_thirty_days(self):
        merge = self._merge()
        self.env.cr.execute("ALTER TABLE customer_merge DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE customer_merge SET create_date = create_date - interval '31 day'"
        )
        self.env.cr.execute("ALTER TABLE customer_merge ENABLE TRIGGER USER")
        merge.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "30 days"):
            merge._undo()

    # ------------------------------------------------------------
    # WHO MAY, AND THE LOG
    # ------------------------------------------------------------

    def test_salesperson_may_not(self):
        with self.assertRaises(AccessError):
            self.merges.with_user(self.sales)._merge(self.source, self.survivor)

    def test_salesperson_may_not_undo(self):
        merge = self._merge()
        with self.assertRaises(AccessError):
            merge.with_user(self.sales)._undo()

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_changes(self):
        self._merge()._undo()
        for table in ("customer_merge", "customer_merge_undo"):
            for statement in (
                "UPDATE %s SET create_uid = 1",
                "DELETE FROM %s",
                "TRUNCATE %s CASCADE",
            ):
                with self.assertRaises(Error), self.env.cr.savepoint():
                    self.env.cr.execute(SQL(statement, SQL.identifier(table)))

    def test_who_merged_can_be_deleted(self):
        merge = self._merge()
        undo = merge._undo()
        self.env.flush_all()
        self.manager.unlink()
        self.env.invalidate_all()
        self.assertTrue(merge.exists() and undo.exists())
        self.assertFalse(merge.sudo().create_uid)
