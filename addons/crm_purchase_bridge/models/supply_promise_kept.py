from odoo import api, fields, models
from odoo.tools import SQL


class SupplyPromise(models.Model):
    """Whether promises were kept."""

    _inherit = "supply.promise"

    was_kept = fields.Boolean(
        string="Kept",
        compute="_compute_was_kept",
        search="_search_was_kept",
        compute_sudo=True,
        help="All of it was delivered by the end of the day that was told.",
    )

    _told = models.Index("(company_id, told_on) WHERE told_on IS NOT NULL")

    @api.depends("told_on")
    def _compute_was_kept(self):
        kept = self.search([("id", "in", self.ids), ("was_kept", "=", True)])
        for promise in self:
            promise.was_kept = promise in kept

    def _search_was_kept(self, operator, value):
        """Net of what came back: as much went out by then as was ordered.

        A line that was told after its last delivery counts by its deliveries, too.
        """
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        if wanted == {True, False}:
            return [("told_on", "!=", False)]
        for model in ("stock.move", "sale.order.line"):
            self.env[model].flush_model()
        zones = SQL(", ").join(
            SQL("(%s, %s)", company.id, str(company._approval_zone()))
            for company in self.env["res.company"].sudo().search([("id", "!=", False)])
        )
        kept = SQL(
            """
            SELECT promise.id
              FROM supply_promise promise
              JOIN (VALUES %(zones)s) AS clock (company_id, zone)
                ON clock.company_id = promise.company_id
              JOIN sale_order_line line ON line.id = promise.sale_line_id
              JOIN uom_uom sold ON sold.id = line.product_uom_id
        CROSS JOIN LATERAL (
                   SELECT SUM(move.quantity * unit.factor / sold.factor
                              * CASE WHEN target.usage = 'customer' THEN 1
                                     WHEN source.usage = 'customer' THEN -1
                                     ELSE 0 END) AS quantity
                     FROM stock_move move
                     JOIN uom_uom unit ON unit.id = move.product_uom
                     JOIN stock_location source ON source.id = move.location_id
                     JOIN stock_location target ON target.id = move.location_dest_id
                    WHERE move.sale_line_id = line.id
                      AND move.product_id = line.product_id
                      AND move.state = 'done'
                      AND (move.date AT TIME ZONE 'UTC' AT TIME ZONE clock.zone)::date
                          <= promise.told_on
                   ) AS sent
             WHERE promise.told_on IS NOT NULL
               AND sent.quantity >= line.product_uom_qty - 0.000001
            """,
            zones=zones,
        )
        domain = [("id", "in", kept)]
        if True not in wanted:
            domain = [("id", "not in", kept)]
        return [("told_on", "!=", False), *domain]
