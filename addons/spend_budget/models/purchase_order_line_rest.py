from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_compare, formatLang

from odoo.addons.approval_matrix.same_values import find_changed
from odoo.addons.approval_matrix.system import as_system

from .spend_control import Touched

#: Whoever changes these orders anew: nothing of the line is closed any more.
REOPENING = frozenset(
    {
        "discount",
        "order_id",
        "price_unit",
        "product_id",
        "product_qty",
        "product_uom_id",
    }
)

#: Smaller quantities are none.
DIGITS = 6


class PurchaseOrderLine(models.Model):
    """What will not come any more is closed: it frees what it holds of budgets, and is
    received no more, while what is approved of the order stays as it is.

    A quantity is closed, not a line: what was received or billed goes on as before.
    Closing asks nobody, for it lets nothing flow that was not approved.
    """

    _inherit = "purchase.order.line"

    rest_closed_qty = fields.Float(
        string="Closed",
        digits="Product Unit",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Ordered, and not expected any more: it holds nothing of budgets.",
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        """A line that is ordered anew is open again."""
        if REOPENING.isdisjoint(vals):
            return super().write(vals)
        closed = self.filtered(lambda line: line.sudo().rest_closed_qty)
        changed = find_changed(closed, vals, REOPENING)
        if not changed:
            return super().write(vals)
        changed._rest_set(dict.fromkeys(changed, 0.0))
        changed._rest_log(self.env._("Changed, so its rest is open again"))
        result = super().write(vals)
        changed._rest_expect()
        return result

    # ------------------------------------------------------------
    # CLOSE
    # ------------------------------------------------------------

    def _rest_get_open(self):
        """Return how much of each line neither came nor was billed nor is closed, where
        there is anything.

        :rtype: dict
        """
        lines = self.sudo().filtered(
            lambda line: not line.display_type and line.state == "purchase"
        )
        lines -= lines._budget_get_advances()
        received, billed = lines._flow_received(), lines._budget_get_billed()
        rests = {}
        for line in lines:
            there = max(received[line], billed.get(line.id, 0.0), 0.0)
            rest = line.product_qty - there - line.rest_closed_qty
            if float_compare(rest, 0.0, DIGITS) > 0:
                rests[line.with_env(self.env)] = rest
        return rests

    def _rest_close(self, reason):
        """Close what is open of the lines: receive no more of it, free its money.

        :param str reason: for the history of the order
        :raises UserError: where nothing is open
        """
        rests = self._rest_get_open()
        if not rests:
            raise UserError(
                self.env._("Nothing is open: all of it came, was billed, or is closed.")
            )
        lines = self.browse().union(*rests)
        closed = {line: line.sudo().rest_closed_qty + rests[line] for line in lines}
        lines._rest_cancel_receipts()
        lines._rest_set(closed)
        lines._rest_settle("closed")
        lines._rest_expect()  # what is billed already
        lines._rest_log(
            self.env._("Rest closed: %(reason)s", reason=reason), quantities=rests
        )

    def _rest_cancel_receipts(self):
        """Expect nothing any more, and let what waits for it look elsewhere: a delivery
        to a customer is not cancelled because a vendor does not deliver."""
        moves = self.sudo().move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        moves.propagate_cancel = False
        moves._action_cancel()

    # ------------------------------------------------------------
    # OPEN AGAIN
    # ------------------------------------------------------------

    def _rest_reopen(self):
        """Expect again what was closed, no more than is approved.

        :raises UserError: where a blocking budget does not have the money any more
        """
        lines = self.filtered(lambda line: line.sudo().rest_closed_qty)
        lines._rest_set(dict.fromkeys(lines, 0.0))
        lines._rest_settle("reopened")
        lines._rest_expect()
        lines._rest_log(self.env._("Rest is open again"))

    def _rest_came(self):
        """Count what came after it was closed; what did not stays closed.

        Goods that are there are never refused for want of a budget: then their bill is
        judged.
        """
        lines = self.sudo().filtered("rest_closed_qty")
        received = lines._flow_received()
        smaller = {}
        for line in lines:
            left = max(line.product_qty - max(received[line], 0.0), 0.0)
            if float_compare(left, line.rest_closed_qty, DIGITS) < 0:
                smaller[line] = left
        lines = self.browse().union(*smaller)
        if not lines:
            return
        text = self.env._("Came after its rest was closed, and counts")
        try:
            with self.env.cr.savepoint():
                lines._rest_set(smaller)
                lines._rest_settle("reopened")
        except UserError:
            self.env.invalidate_all()
            text = self.env._(
                "Came after its rest was closed; the budget does not have the money"
            )
        lines._rest_log(text)

    def _rest_expect(self):
        """Have receipts for what is not closed, as far as it is approved."""
        expected = self.sudo().filtered(lambda line: line.state == "purchase")
        expected._create_or_update_picking()

    # ------------------------------------------------------------
    # WRITE
    # ------------------------------------------------------------

    def _rest_set(self, quantities):
        """Write the closed quantities past all callers, as the system does."""
        for line, quantity in quantities.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE purchase_order_line SET rest_closed_qty = %s WHERE id = %s",
                    quantity,
                    line.id,
                )
            )
        self.invalidate_recordset(["rest_closed_qty"], flush=False)
        self.order_id.invalidate_recordset(
            ["rest_is_open", "rest_is_closed", "budget_impact", "budget_now"],
            flush=False,
        )

    def _rest_settle(self, reason):
        """Bring budgets up to what is closed, and say why in the ledger."""
        touched = Touched(reason)
        touched.see_order_lines(self)
        as_system(self.env["spend.control"], for_texts=True)._update_ledger(touched)

    def _rest_log(self, text, quantities=None):
        for order, lines in self.sudo().grouped("order_id").items():
            names = ", ".join(
                (line.name or "").split("\n")[0]
                + (
                    f" ({formatLang(self.env, quantities[line], dp='Product Unit')})"
                    if quantities
                    else ""
                )
                for line in lines
            )
            body = f"{text} – {names}"
            order.message_post(body=body)

    # ------------------------------------------------------------
    # RECEIPTS
    # ------------------------------------------------------------

    def _get_qty_procurement(self):
        """What is closed needs no receipt, as if it had one."""
        procured = super()._get_qty_procurement()
        closed = self.sudo().rest_closed_qty
        if not closed:
            return procured
        return procured + min(closed, max(self.product_qty - procured, 0.0))
