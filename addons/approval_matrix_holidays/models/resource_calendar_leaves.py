from odoo import models

from .hr_leave import watching_time_off


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    def _reevaluate_leaves(self, time_domain_dict):
        """A public holiday takes time off back and approves it again: what is approved
        in the end counts, and nothing moves in between."""
        with watching_time_off(self.env, whole=True):
            return super()._reevaluate_leaves(time_domain_dict)
