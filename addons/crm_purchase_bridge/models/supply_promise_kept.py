from odoo import api, fields, models
from odoo.fields import Domain
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

        It is asked of each row that other conditions leave, not of all that were ever
        told.
        """
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        told = Domain("told_on", "!=", False)
        if wanted == {True, False}:
            return told
        kept = Domain.custom(to_sql=self._get_was_kept_sql)
        return told & (kept if True in wanted else ~kept)

    @api.model
    def _get_was_kept_sql(self, _model, alias, _query):
        for model in ("stock.move", "sale.order.line"):
            self.env[model].flush_model()
        promise = SQL.identifier(alias)
        companies = self.env["res.company"].sudo().search([("active", "!=", None)])
        zones = SQL(" ").join(
            SQL("WHEN %s THEN %s", company.id, str(company._approval_zone()))
            for company in companies
        )
        return SQL(
            """
            COALESCE((
                SELECT SUM(move.quantity * unit.factor / sold.factor
                           * CASE WHEN target.usage = 'customer' THEN 1
                                  WHEN source.usage = 'customer' THEN -1
                                  ELSE 0 END)
                       >= MIN(line.product_uom_qty) - 0.000001
                  FROM sale_order_line line
                  JOIN uom_uom sold ON sold.id = line.product_uom_id
                  JOIN stock_move move ON move.sale_line_id = line.id
                   AND move.product_id = line.product_id
                   AND move.state = 'done'
                  JOIN uom_uom unit ON unit.id = move.product_uom
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN stock_location target ON target.id = move.location_dest_id
                 WHERE line.id = %(promise)s.sale_line_id
                   AND (move.date AT TIME ZONE 'UTC'
                        AT TIME ZONE CASE %(promise)s.company_id %(zones)s END)::date
                       <= %(promise)s.told_on
            ), FALSE)
            """,
            promise=promise,
            zones=zones,
        )
