from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Customers who were merged."""

    _inherit = "res.partner"

    merged_into_id = fields.Many2one(
        "res.partner",
        "Merged Into",
        compute="_compute_merged_into_id",
        groups="base.group_user",
    )

    @api.depends("active")
    @api.depends_context("uid")
    def _compute_merged_into_id(self):
        self.merged_into_id = False
        survivors = self._get_survivors()
        if not survivors:
            return
        partners = self.env["res.partner"].with_context(active_test=False)
        readable = partners.browse(set(survivors.values()))._filtered_access("read")
        for partner in self:
            survivor = partners.browse(survivors.get(partner._origin.id))
            partner.merged_into_id = survivor & readable

    def _get_survivors(self):
        """Return into whom customers were merged, and these in turn: whoever has their
        things today, seen or not. Who was restored since is a customer again.

        :rtype: dict[int, int]
        """
        self.flush_model(["active"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE went (source, at, way) AS (
                    SELECT partner.id, partner.id, ARRAY[partner.id]
                      FROM res_partner partner
                     WHERE partner.id = ANY(%s)
                     UNION ALL
                    SELECT went.source, merge.survivor, went.way || merge.survivor
                      FROM went
                      JOIN res_partner gone ON gone.id = went.at AND NOT gone.active
                CROSS JOIN LATERAL (
                           SELECT merge.survivor
                             FROM customer_merge merge
                            WHERE merge.sources @> to_jsonb(ARRAY[went.at])
                              AND NOT EXISTS (
                                  SELECT
                                    FROM customer_merge_undo undo
                                   WHERE undo.merge_id = merge.id
                              )
                         ORDER BY merge.id DESC
                            LIMIT 1
                           ) AS merge
                      JOIN res_partner there ON there.id = merge.survivor
                     WHERE merge.survivor != ALL(went.way)
                )
                SELECT DISTINCT ON (source) source, at
                  FROM went
                 WHERE at != source
              ORDER BY source, cardinality(way) DESC
                """,
                self.ids,
            )
        )
        return dict(rows)

    def _follow_merge(self):
        """Bring along what is kept of customers whose rows were moved past the ORM; for
        others to extend."""
        self.env.flush_all()
        self.env["customer.key"].sudo()._keep(self.ids)
        access = self.env["customer.access"].sudo()
        if access._is_kept():
            access._keep_around(self.ids)
        rules = self.env["customer.field.rule"].sudo()
        if rules._get_sources():
            rules._keep(self.ids)
            rules._keep_buyers(self.sudo())
        self.invalidate_model(["merged_into_id"], flush=False)
