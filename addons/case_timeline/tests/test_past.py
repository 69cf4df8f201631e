from odoo.tests import tagged

from .common import TimelineCommon


@tagged("post_install", "-at_install")
class TestPast(TimelineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._forget()

    def _story(self):
        """A customer's order with what it needs, told as it happened."""
        lead = self._lead()
        order = self._sale(opportunity_id=lead.id)
        self._play(order)
        return order

    def test_past_is_told_as_it_happened(self):
        """The same, but for what documents do not say: phases that are over."""
        self._story()
        told = set(self._picture())
        self._rebuild()
        rebuilt = set(self._picture())
        kinds = {row[2] for row in told - rebuilt}
        self.assertLessEqual(
            kinds,
            {
                "picking.ready",
                "sale.delivered_pending",
                "purchase.received_pending",
                "sale.delivered_none",
                "sale.delivered_started",
                "sale.delivered_partial",
            },
        )
        self.assertFalse(rebuilt - told)
        self.assertFalse(self._verify())

    def test_past_in_parts_is_the_same(self):
        self._story()
        self._rebuild()
        whole = self._picture()
        self._rebuild(batch=1)
        self.assertEqual(self._picture(), whole)

    def test_past_is_told_once(self):
        self._story()
        self._rebuild()
        whole = self._picture()
        parameters = self.env["ir.config_parameter"]
        parameters.search([("key", "=like", "case_timeline.filled%")]).unlink()
        while self.env["timeline.change"]._fill_batch():
            self._run()
        self.assertEqual(self._picture(), whole)

    def test_change_while_the_past_is_told(self):
        """Whichever comes first, the note or the past: each event is there once."""
        for fill_first in (True, False):
            with self.subTest(fill_first=fill_first):
                order = self._sale(confirm=False)
                self._forget()
                if fill_first:
                    while self.env["timeline.change"]._fill_batch():
                        pass
                order.action_confirm()
                self.env.flush_all()
                if not fill_first:
                    while self.env["timeline.change"]._fill_batch():
                        pass
                self._run(batch=3)
                self.assertEqual(
                    self._kinds(("kind", "like", "sale.%"), sale_id=order.id)[:2],
                    ["sale.quoted", "sale.confirmed"],
                )
                self.assertFalse(self._verify())
