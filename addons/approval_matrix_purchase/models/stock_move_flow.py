from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.approval_matrix.system import as_system

#: Receipts without an order that came within so many days are judged together.
DAYS_TOGETHER = 30


class StockMove(models.Model):
    """The judgement of goods that no order stands behind, as of bills without one."""

    _inherit = "stock.move"

    def _flow_check_unordered(self, before):
        """Refuse what came from vendors without an order, where an order of that
        amount would be asked about.

        :param dict before: by id, what had come before this call
        :raises UserError: to make an order
        """
        now = self._flow_unordered()
        grown = self.filtered(
            lambda move: move.product_id.uom_id.compare(now[move], before[move.id]) > 0
        )
        for (picking, company), moves in grown.grouped(
            lambda move: (move.picking_id, move.company_id)
        ).items():
            order = (picking.move_ids - moves).purchase_line_id.order_id[:1]
            if order:
                policy = order._flow_policy()
            else:
                policy = company.orderless_policy
            partner = picking.partner_id or moves.partner_id[:1]
            values = {
                "partner_id": partner.commercial_partner_id.id,
                "company_id": company.id,
                "amount": sum(move._flow_worth(now[move]) for move in moves),
            }
            earlier = 0.0
            if policy == "ask" and not order:
                earlier = moves._flow_unordered_before(partner, company)
                values["amount"] += earlier
            if policy == "allow" or (
                policy == "ask"
                and not order
                and not self.env["purchase.excess"]._would_be_asked(values)
            ):
                continue
            message = self.env._(
                "No order stands behind %(products)s, which came from a vendor. Make a "
                "purchase order of it, and receive that.",
                products=", ".join(moves.product_id.mapped("display_name")),
            )
            if earlier:
                message += " " + self.env._(
                    "What else came like that in the last %(days)s days counts, too.",
                    days=DAYS_TOGETHER,
                )
            if policy != "warn":
                raise UserError(message)
            order._flow_warn(message)

    def _flow_unordered_before(self, vendor, company):
        """Return what else came from a vendor without an order shortly before, or comes
        with it: small receipts reach the rule of the whole.

        :param vendor: who is said to have sent it, perhaps nobody
        :return: amount with taxes in company currency
        """
        since = fields.Datetime.now() - timedelta(days=DAYS_TOGETHER)
        vendor = vendor.commercial_partner_id
        said = ("child_of", vendor.id) if vendor else ("=", False)
        others = self.search(
            [
                ("id", "not in", self.ids),
                ("state", "=", "done"),
                ("company_id", "=", company.id),
                ("location_id.usage", "=", "supplier"),
                ("purchase_line_id", "=", False),
                "|",
                ("picking_id.partner_id", *said),
                "&",
                ("picking_id.partner_id", "=", False),
                ("partner_id", *said),
                # the day it came can be written
                "|",
                ("date", ">=", since),
                ("create_date", ">=", since),
            ]
        )
        if not vendor:
            others = others.filtered(
                lambda move: not (move.picking_id.partner_id or move.partner_id)
            )
        return sum(
            move._flow_worth(quantity)
            for move, quantity in others._flow_unordered().items()
            if quantity
        )

    def _flow_worth(self, quantity):
        """Return what a quantity of the product would cost on an order, with taxes.

        :param float quantity: in the UoM of the product
        :return: amount in company currency
        """
        self.ensure_one()
        company = self.company_id
        product = as_system(self.product_id).with_company(company)
        taxes = product.supplier_taxes_id._filter_taxes_by_company(company)
        amounts = taxes.with_context(round=False, round_base=False).compute_all(
            self._flow_cost(), quantity=quantity, product=product
        )
        return amounts["total_included"]

    def _flow_cost(self):
        """Return what one unit of the product costs, in company currency: what it is
        worth in stock, or what any vendor asks. Whoever receives it says from whom it
        came, so the most counts."""
        self.ensure_one()
        company = self.company_id
        product = as_system(self.product_id).with_company(company)
        today = fields.Date.context_today(self)
        asked = (
            seller.currency_id._convert(
                seller.product_uom_id._compute_price(seller.price, product.uom_id),
                company.currency_id,
                company,
                today,
            )
            for seller in product.seller_ids
            if seller.company_id in (company, company.browse())
        )
        return max([product.standard_price, *asked])
