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
        archived = self.filtered(lambda partner: partner.id and not partner.active)
        if not archived:
            return
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (source) source::int4, merge.survivor
                  FROM customer_merge merge
            CROSS JOIN jsonb_array_elements(merge.sources) source
             LEFT JOIN customer_merge_undo undo ON undo.merge_id = merge.id
                 WHERE undo.id IS NULL
                   AND source::int4 = ANY(%s)
              ORDER BY source, merge.id DESC
                """,
                archived.ids,
            )
        )
        survivors = dict(rows)
        partners = self.env["res.partner"].with_context(active_test=False)
        readable = partners.browse(survivors.values()).exists()
        readable = readable._filtered_access("read")
        for partner in archived:
            survivor = partners.browse(survivors.get(partner.id))
            partner.merged_into_id = survivor & readable

    def _follow_merge(self):
        """Bring along what is kept of customers whose rows were moved past the ORM; for
        others to extend."""
        self.env.flush_all()
        self.env["customer.key"].sudo()._keep(self.ids)
        access = self.env["customer.access"].sudo()
        if access._is_kept():
            access._keep(access._get_concerned(self.ids))
