from odoo import models


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"

    def unlink(self):
        """Rules hear of it before fields go, whatever takes them: an addon that is
        uninstalled or updated, or an administrator who had made them."""
        for name in sorted(self.env.registry["approval.rule.mixin"]._inherit_children):
            if self and name in self.env:
                self.env[name]._before_fields_go(self)
        return super().unlink()
