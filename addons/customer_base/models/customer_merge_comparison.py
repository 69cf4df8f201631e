from odoo import api, models
from odoo.tools import SQL


class CustomerMerge(models.Model):
    """Customers side by side, before they are merged."""

    _inherit = "customer.merge"

    @api.model
    def _suggest_survivor(self, partners):
        """Return who should stay: whose entries are locked, who logs in, who has most
        documents, who was there first."""
        self._check_may_merge(partners)
        ids = partners.ids
        if not ids:
            return partners
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.id
                  FROM res_partner partner
                 WHERE partner.id = ANY(%s)
              ORDER BY partner.active DESC,
                       EXISTS (SELECT
                                 FROM account_move move
                                WHERE move.partner_id = partner.id
                                  AND move.inalterable_hash IS NOT NULL) DESC,
                       EXISTS (SELECT
                                 FROM res_users
                                WHERE partner_id = partner.id) DESC,
                       (SELECT COUNT(*) FROM sale_order
                         WHERE partner_id = partner.id)
                       + (SELECT COUNT(*) FROM account_move
                           WHERE partner_id = partner.id) DESC,
                       partner.id
                 LIMIT 1
                """,
                ids,
            )
        )
        return partners.browse(row for (row,) in rows)

    @api.model
    def _compare(self, partners, survivor):
        """Return customers side by side, and what speaks against a merge.

        :return: *customers* and *rows* for the screen, and the reasons in words
        :rtype: tuple[dict, str]
        """
        self._check_may_merge(partners)
        everyone = partners.sudo().with_context(active_test=False)
        survivor = everyone & survivor.sudo() or everyone[:1]
        reasons = self._get_refusals(everyone, survivor)
        ordered = survivor | everyone
        compared = {
            "customers": [
                {"id": partner.id, "name": partner.display_name} for partner in ordered
            ],
            "rows": [
                row
                for row in self.env["customer.survivorship"]._compare(
                    everyone, survivor
                )
                if self._may_choose(row["name"])
            ],
        }
        return compared, "\n".join(reasons)
