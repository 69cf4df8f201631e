from odoo import models
from odoo.tools import SQL

from odoo.addons.approval_matrix.system import as_system


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        """Keep the story of all merged opportunities, also what is noted of them and
        not told yet."""
        result = super()._merge_dependences(opportunities)
        if opportunities:
            as_system(self.env["timeline.change"])._note_merge(
                "crm_lead", opportunities.ids, into=self.id
            )
            self.env.cr.execute(
                SQL(
                    "UPDATE timeline_event SET lead_id = %s WHERE lead_id = ANY(%s)",
                    self.id,
                    opportunities.ids,
                )
            )
        return result
