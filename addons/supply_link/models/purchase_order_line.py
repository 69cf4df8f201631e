from odoo import api, fields, models

#: Fields that tie a line to the customer's order it serves.
TIES = {"move_dest_ids", "sale_line_id"}
#: Fields that say how much of it there is.
AMOUNTS = {"product_qty", "product_uom_id", "product_id", "order_id"}


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    supply_link_ids = fields.One2many(
        "supply.link",
        "purchase_line_id",
        string="Serves",
        domain=[("state", "in", ("open", "received"))],
        readonly=True,
        copy=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        tied = [
            line.id
            for line, vals in zip(lines, vals_list, strict=True)
            if any(vals.get(tie) for tie in TIES)
        ]
        if tied:
            self.env["supply.link"]._follow(self.browse(tied))
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not TIES.isdisjoint(vals):
            self.env["supply.link"]._follow(self)
        elif not AMOUNTS.isdisjoint(vals):
            linked = self._get_linked()
            if linked:
                self.env["supply.link"]._follow(linked)
        return result

    def unlink(self):
        links = self._get_live_links()
        result = super().unlink()
        links.write({"state": "cancelled"})
        return result

    def _merge_po_line(self, rfq_line):
        """The customers of the merged line are customers of this one."""
        links = rfq_line._get_live_links().filtered(
            lambda link: link.kind in ("bought_for", "dropship")
        )
        links._replace(self)
        result = super()._merge_po_line(rfq_line)
        self.env["supply.link"]._follow(self)
        return result

    def _get_live_links(self):
        return (
            self.env["supply.link"]
            .sudo()
            .search(
                [
                    ("purchase_line_id", "in", self.ids),
                    ("state", "in", ("open", "received")),
                ]
            )
        )

    def _get_linked(self):
        """Return those that serve a customer's order."""
        return self & self._get_live_links().purchase_line_id.with_env(self.env)
