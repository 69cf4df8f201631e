"""What nobody writes, but Odoo computes when other records change."""

from odoo.tests import tagged

from .common import TimelineCommon
from .money import MoneyCommon


@tagged("post_install", "-at_install")
class TestMoneyComputed(MoneyCommon):
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


@tagged("post_install", "-at_install")
class TestComputed(TimelineCommon):
    def test_what_goods_make_of_documents_is_told(self):
        """Transfers, receipts and deliveries change with their moves, and only these
        are written."""
        order = self._sale()
        purchase = self._buy(order)
        self._run()
        for quantity, suffix in ((2, "partial"), (3, "full")):
            for transfers, model, kind in (
                (purchase.picking_ids, purchase, "purchase.received"),
                (order.picking_ids, order, "sale.delivered"),
            ):
                moves = transfers.move_ids.filtered(
                    lambda move: move.state not in ("done", "cancel")
                )
                moves.quantity = quantity
                moves.picked = True
                moves._action_done()
                self._run()
                counts = self._count(model, is_home=True)
                self.assertEqual(counts[f"{kind}_{suffix}"], 1, kind)
                done = moves.picking_id.filtered(lambda each: each.state == "done")
                self.assertTrue(done)
                for transfer in done:
                    counts = self._count(transfer, is_home=True)
                    self.assertEqual(counts["picking.done"], 1)
        self._check_whole()

    def test_stage_that_wins_is_told(self):
        """Odoo computes the outcome from the stage, and from who archives it."""
        won, lost = self._lead(), self._lead()
        self._run()
        won.stage_id = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        lost.write({"active": False, "probability": 0})
        self._run()
        self.assertEqual(self._count(won)["lead.won"], 1)
        self.assertEqual(self._count(lost)["lead.lost"], 1)
        self._check_whole()
