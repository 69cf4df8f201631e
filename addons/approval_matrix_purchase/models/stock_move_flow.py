from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.approval_matrix.system import as_system


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
                "amount": sum(now[move] * move._flow_cost() for move in moves),
            }
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
            if policy != "warn":
                raise UserError(message)
            order._flow_warn(message)

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
