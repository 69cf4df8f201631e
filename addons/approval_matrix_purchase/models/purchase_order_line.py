from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.approval_matrix.reserved_fields import without_values
from odoo.addons.approval_matrix.watch import watching

from ..allowance import add_billed
from ..flow import FlowJudge, receiving

#: What decides how much was received of a line, besides its transfers.
RECEIVED_FIELDS = frozenset(
    {"qty_received", "qty_received_manual", "qty_received_method", "product_id"}
)

#: Follow the order. Written by themselves they would say whose recipes of kits count
#: for what was received.
SYSTEM_FIELDS = frozenset({"company_id"})

#: What a bill adds to what was billed, a refund takes back.
BILLED_SIGNS = {"in_invoice": 1, "in_receipt": 1, "in_refund": -1}


def is_posted_bill(move):
    """Tell whether an ``account.move`` is posted, and asks for money or gives back."""
    return move.state == "posted" and move.move_type in BILLED_SIGNS


class PurchaseOrderLine(models.Model):
    """Lines give facts: their terms, their receipts, what was received and billed of
    them. Whether that may be is judged in ``purchase_order_line_flow.py``."""

    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "approval.line.mixin"]

    _prices = models.Index("(product_id, company_id, id) WHERE price_subtotal > 0")

    def _approval_term_fields(self):
        return super()._approval_term_fields() | {
            "name",
            "product_id",
            "product_qty",
            "product_uom_id",
            "price_unit",
            "discount",
            "tax_ids",
            "analytic_distribution",
            "date_planned",
        }

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._without_system_fields(vals) for vals in vals_list]
        if not self.env["purchase.order"]._approval_in_use():
            return super().create(vals_list)
        with watching(self.env, FlowJudge) as judge:
            lines = super().create(vals_list)
            ordered = lines.filtered(lambda line: not line.display_type)
            judge.note("received", ordered, 0.0)
        return lines

    def write(self, vals):
        vals = self._without_system_fields(vals)
        if RECEIVED_FIELDS.isdisjoint(vals):
            return super().write(vals)
        with receiving(self.env, lambda: self):
            return super().write(vals)

    @api.model
    def _without_system_fields(self, vals):
        """Return the values without what callers may not choose."""
        return vals if self.env.su else without_values(vals, SYSTEM_FIELDS)

    def _merge_po_line(self, rfq_line):
        """Who changed what is added here does not approve it here either."""
        result = super()._merge_po_line(rfq_line)
        self.order_id._approval_take_editors(rfq_line.order_id)
        return result

    # ------------------------------------------------------------
    # RECEIPTS
    # ------------------------------------------------------------

    def _create_or_update_picking(self):
        """Leave receipts alone until it is known whether the order goes back to its
        approvers. Then their last approval brings the receipts up to date."""
        held = self.order_id._approval_missing()
        free = self.filtered(lambda line: line.order_id not in held)
        if held:
            with held._approval_watching() as judge:
                judge.afterwards.append((self - free)._approval_update_kept)
        return super(PurchaseOrderLine, free)._create_or_update_picking()

    def _approval_update_kept(self):
        """Update the receipts of orders whose approval stands."""
        lines = self.exists()
        held = lines.order_id._approval_missing()
        kept = lines.filtered(
            lambda line: line.order_id.state == "purchase" and line.order_id not in held
        )
        return super(PurchaseOrderLine, kept)._create_or_update_picking()

    # ------------------------------------------------------------
    # FORECAST
    # ------------------------------------------------------------

    @api.model
    def _approval_search_reopened(self, domain):
        """Return lines that are no order (any more), and have receipts all the same.

        :param domain: of lines that Odoo counts as requested
        """
        has_receipt = Domain("move_ids.state", "not in", ("draft", "cancel"))
        return self.search(Domain(domain) & has_receipt)

    def _approval_get_procured(self):
        """Return how much of the line came or is on its way, in the product's UoM;
        no more than the line says, for what is lowered comes until that is approved."""
        self.ensure_one()
        procured = max(0, min(self._get_qty_procurement(), self.product_qty))
        return self.product_uom_id._compute_quantity(
            procured, self.product_id.uom_id, round=False
        )

    # ------------------------------------------------------------
    # TERMS
    # ------------------------------------------------------------

    def _get_approval_terms(self):
        """Return what approvers approve of this line.

        :return: ids, dates and fixed-point strings: quantity in the line's UoM, the
            same in the unit that this UoM is made of, price in the order's currency
            per UoM of the line, discount and analytic shares in percent
        """
        self.ensure_one()
        company = self.order_id.company_id
        return {
            "product": self.product_id.id,
            "text": self.name,
            "quantity": f"{self.product_qty:.6f}",
            "uom": self.product_uom_id.id,
            "units": f"{self._get_approval_units():.6f}",
            "price": f"{self.price_unit:.6f}",
            "discount": f"{self.discount:.6f}",
            "taxes": sorted(self.tax_ids.ids),
            "analytic": {
                accounts: f"{share:.6f}"
                for accounts, share in (self.analytic_distribution or {}).items()
            },
            "date": self.date_planned
            and company._approval_day(self.date_planned).isoformat(),
        }

    def _approval_is_advance(self):
        """Tell whether the line is a down payment of ours, and not part of the terms.

        Anybody in purchasing writes ``is_downpayment``: it alone changes nothing.
        """
        self.ensure_one()
        return False

    def _get_approval_units(self):
        """Return the quantity in the unit that its UoM is made of: somebody may change
        how many units a box holds."""
        self.ensure_one()
        return self.product_qty * (self.product_uom_id.factor or 1.0)

    # ------------------------------------------------------------
    # FLOWS: what has flowed, and at which price
    # ------------------------------------------------------------

    def _flow_received(self, coming=None):
        """Return what was received of each line, in its UoM.

        Where goods move they are counted, whatever the line says of how it is received:
        only what nobody stocks, and what comes in parts, is what the line says.

        :param dict coming: by line, a quantity to count as if it was received
        """
        received = {}
        for line in self:
            more = (coming or {}).get(line, 0.0)
            moves = line._flow_moves()
            received[line] = (
                sum(move._flow_quantity(line) for move in moves) + more
                if moves or more
                else line.qty_received
            )
        return received

    def _flow_moves(self):
        """Return what has moved of the line, with what was returned of it and came
        back."""
        self.ensure_one()
        moves = added = self.move_ids
        while added:
            added = added.returned_move_ids.filtered(
                lambda move: not move.purchase_line_id
            )
            added -= moves
            moves |= added
        return moves.filtered(
            lambda move: move.state == "done" and move.product_id == self.product_id
        )

    def _flow_billed(self, drafts=None):
        """Return what posted bills take of the lines.

        Journal items say what was booked; what bills show beside them can be written.
        Their amounts are in the currency of the bill, which is what is owed. Credit
        notes give back what earlier bills took, and no more.

        :param drafts: ``account.move`` records to count as if they were posted
        :return: by line, the quantity in its UoM and the amount without taxes in the
            currency of its order
        :rtype: dict
        """
        draft_ids = drafts.ids if drafts else ()
        taken = defaultdict(lambda: [0.0, 0.0])
        for item in self.invoice_lines:
            move = item.move_id
            line = item.purchase_line_id
            if (
                (move.state != "posted" and move.id not in draft_ids)
                or move.move_type not in BILLED_SIGNS
                or item._flow_is_judged_elsewhere()
                or item._flow_is_unbacked()
            ):
                continue
            uom = item.product_uom_id or line.product_uom_id
            order = line.order_id
            # what is posted comes first: it was there before the drafts
            of_move = taken[move.id in draft_ids, move.id, line]
            of_move[0] += (
                BILLED_SIGNS[move.move_type]
                * item.quantity
                * (uom.factor or 1.0)
                / (line.product_uom_id.factor or 1.0)
            )
            of_move[1] += move.currency_id._convert(
                item.amount_currency,
                order.currency_id,
                order.company_id,
                move.invoice_date or move.date,
                round=False,
            )
        billed = {line: (0.0, 0.0) for line in self}
        for (*_when, line), more in sorted(
            taken.items(), key=lambda item: (item[0][:2], item[0][2].id)
        ):
            quantity, amount = billed[line]
            billed[line] = (
                add_billed(quantity, more[0]),
                # a rebate that is a line of its own is below zero
                amount + more[1]
                if line.price_unit < 0
                else add_billed(amount, more[1]),
            )
        return billed

    def _flow_price(self, price, discount, taxes):
        """Return the price of one unit without discount and taxes.

        :param float price: of one unit, in the order's currency
        :param float discount: in percent
        :param taxes: ``account.tax`` records, which may be part of the price
        """
        price *= 1 - discount / 100
        if not any(taxes.flatten_taxes_hierarchy().mapped("price_include")):
            return price
        amounts = taxes.with_context(round=False, round_base=False).compute_all(
            price,
            currency=self.order_id.currency_id,
            product=self.product_id,
            partner=self.order_id.partner_id,
        )
        return amounts["total_excluded"]
