from odoo import models

from .urgency_mixin import INHERITED


class CrmLead(models.Model):
    """Urgency is first heard of here, before there is a quotation."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "urgency.mixin"]

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False or vals.get("probability") == 100:
            self._urgency_not_plain()._dismiss_urgency_notices()
        return result

    def _get_urgency_heirs(self):
        return [self.order_ids]

    def _get_urgency_priority(self, level):
        """Two stars, and three for the most urgent of the levels."""
        top = level.sudo().search(
            [("is_urgent", "=", True)], order="sequence desc", limit=1
        )
        return "3" if level.sequence >= top.sequence else "2"

    def _merge_get_fields(self):
        return super()._merge_get_fields() + sorted(INHERITED)

    def _merge_get_fields_specific(self):
        """The most urgent of merged opportunities says how urgent they are."""

        def of_most_urgent(name, leads):
            lead = max(leads, key=lambda lead: lead.urgency_level_id.sequence)
            return lead._fields[name].convert_to_write(lead[name], lead)

        return {
            **super()._merge_get_fields_specific(),
            **dict.fromkeys(INHERITED, of_most_urgent),
        }
