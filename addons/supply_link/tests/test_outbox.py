from odoo.tests import Form, tagged

from .common import SupplyCommon


@tagged("post_install", "-at_install")
class TestOutbox(SupplyCommon):
    """What the database notes, and what the job makes of it."""

    def _notes(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT product_id, purchase_line_id, sale_line_id FROM supply_change"
        )
        return set(self.env.cr.fetchall())

    def test_nothing_that_matters_notes_nothing(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        self._follow()
        sale.note = "Ring twice"
        purchase.partner_ref = "A 7"
        purchase.order_line.name = "Beds"
        sale.picking_ids.note = "Second door"
        self.assertFalse(self._notes())

    def test_date_of_a_line_is_noted(self):
        sale = self._sale(5)
        line = self._bought_for(sale)
        self._follow()
        line.date_planned = "2027-05-05"
        self.assertIn((self.bed.id, line.id, None), self._notes())

    def test_deleted_rows_are_noted(self):
        purchase = self._purchase(5)
        line = purchase.order_line
        self._follow()
        id_ = line.id
        line.unlink()
        self.assertIn((self.bed.id, id_, None), self._notes())
        self._follow()
        self.assertFalse(self._notes())

    def test_changed_product_is_noted_with_the_one_before(self):
        purchase = self._purchase(5)
        self._follow()
        with Form(purchase) as form, form.order_line.edit(0) as line:
            line.product_id = self.chair
        self.assertEqual(
            {note[0] for note in self._notes()}, {self.bed.id, self.chair.id}
        )

    def test_job_is_woken_once_a_transaction(self):
        cron = self.env.ref("supply_link.ir_cron_follow")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self._sale(5)
        self._sale(6)
        self.env.flush_all()
        after = triggers.search_count([("cron_id", "=", cron.id)])
        self.assertLessEqual(after - before, 1)

    def test_notes_of_the_same_are_folded(self):
        purchase = self._purchase(5)
        self._follow()
        for number in range(4):
            purchase.order_line.product_qty = 6 + number
            self.env.flush_all()
        changes = self.env["supply.change"]
        self.assertGreater(changes.search_count([]), 1)
        notes = self._notes()
        changes._gc_repeated()
        self.assertEqual(self._notes(), notes)
        self.assertEqual(changes.search_count([]), len(notes))
        self._follow()
        self.assertFalse(self._notes())

    def test_folding_goes_on_until_nothing_is_repeated(self):
        self._sql(
            "INSERT INTO supply_change (product_id, purchase_line_id) "
            "SELECT %s, n / 5 FROM generate_series(1, 20) n",
            self.bed.id,
        )
        changes, rounds = self.env["supply.change"], 0
        while changes._gc_repeated(limit=7)[1]:
            rounds += 1
            self.assertLess(rounds, 10)
        self.assertEqual(changes.search_count([]), len(self._notes()))

    def test_folded_note_is_as_old_as_the_first(self):
        self._sql(
            "INSERT INTO supply_change (product_id, noted_on) "
            "VALUES (%s, '2026-01-01'), (%s, '2026-02-01')",
            self.bed.id,
            self.bed.id,
        )
        changes = self.env["supply.change"]
        changes._gc_repeated()
        self.assertEqual(str(changes._get_waiting_since()), "2026-01-01 00:00:00")

    def test_notes_of_today_are_not_old(self):
        self._purchase(5)
        self.env.flush_all()
        self.assertFalse(self.env["supply.change"]._get_waiting_since())

    def test_links_of_before_follow_another_idea_of_when_goods_are_needed(self):
        links = self._sale().order_line.supply_link_ids
        self._follow()
        needed = links.needed_on
        links.needed_on = "2020-01-01"
        self._follow()
        self.assertEqual(str(links.needed_on), "2020-01-01 00:00:00")
        self.env["supply.change"]._note_links()
        self._follow()
        self.assertEqual(links.needed_on, needed)

    def test_batches(self):
        for _number in range(3):
            self._purchase(5)
        self.env.flush_all()
        changes = self.env["supply.change"]
        self.assertEqual(changes._follow_batch(2), 2)
        self._follow()
        self.assertEqual(changes._follow_batch(), 0)
