from odoo import models


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "approval.line.mixin"]

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

    def _get_approval_terms(self):
        """Return what approvers approve of this line.

        :return: ids, dates and fixed-point strings: quantity in the line's UoM,
            price in the order's currency per that UoM, discount and analytic shares
            in percent
        """
        self.ensure_one()
        return {
            "product": self.product_id.id,
            "text": self.name,
            "quantity": f"{self.product_qty:.6f}",
            "uom": self.product_uom_id.id,
            "price": f"{self.price_unit:.6f}",
            "discount": f"{self.discount:.6f}",
            "taxes": sorted(self.tax_ids.ids),
            "analytic": {
                accounts: f"{share:.6f}"
                for accounts, share in (self.analytic_distribution or {}).items()
            },
            "date": self.date_planned and self.date_planned.date().isoformat(),
        }
