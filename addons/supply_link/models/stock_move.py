from odoo import api, models


class StockMove(models.Model):
    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["supply.change"]._wake()
        return super().create(vals_list)

    def write(self, vals):
        self.env["supply.change"]._wake()
        return super().write(vals)
