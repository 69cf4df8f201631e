from odoo import api, fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    supply_expected_on = fields.Datetime(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What the buyer said after the receipt was planned. Odoo leaves the date "
        "of the receipt as it is then.",
    )
    supply_customers = fields.Char(
        string="Who Waits",
        compute="_compute_supply_customers",
        groups="base.group_user",
    )
    supply_customers_detail = fields.Text(
        string="All Who Wait",
        compute="_compute_supply_customers",
        groups="base.group_user",
    )

    #: All that pools read of open moves, so that done ones are never looked at; by
    #: date, so that of thousands those of one day are found.
    _supply_pool_index = models.Index(
        """
        (product_id, (COALESCE(supply_expected_on, date)))
        INCLUDE (
            id, location_id, location_dest_id, location_final_id, date,
            supply_expected_on, product_qty, product_uom_qty, quantity, procure_method,
            picked, restrict_partner_id
        )
        WHERE state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
        """
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env["supply.change"]._wake()
        return super().create(vals_list)

    def write(self, vals):
        self.env["supply.change"]._wake()
        if "date" in vals:  # the later statement counts
            vals = {"supply_expected_on": False, **vals}
        return super().write(vals)

    @api.depends("purchase_line_id")
    @api.depends_context("lang", "tz", "uid")
    def _compute_supply_customers(self):
        """Say whose goods a receipt brings, also when they are put away."""
        pools = self.env["supply.pool"]
        coming = self._origin.filtered(
            lambda move: move.picking_code in ("incoming", "internal", "dropship")
        )
        lines = {move.id: move.sudo().purchase_line_id.id for move in coming}
        inside = [id_ for id_, line in lines.items() if not line]
        lines.update(pools._get_purchase_lines(inside))
        bought = self.env["purchase.order.line"].browse(
            {line for line in lines.values() if line}
        )
        told = self.env["supply.customers"]._describe(bought)
        for move in self:
            move.supply_customers, move.supply_customers_detail = told.get(
                lines.get(move._origin.id), ("", "")
            )

    def action_view_supply_waiting(self):
        """Show who waits for the goods that these moves bring."""
        self.check_access("read")
        lines = self.sudo()._get_purchase_lines_before()
        return self.env["supply.waiting"]._open(lines)

    def _get_purchase_lines_before(self):
        """Return the purchase lines that these moves bring the goods of, also some
        transfers before them."""
        moves = self | self.browse(self._rollup_move_origs())
        return moves.purchase_line_id
