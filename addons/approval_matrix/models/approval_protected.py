from odoo import api, models
from odoo.exceptions import AccessError


class ApprovalProtected(models.AbstractModel):
    """Records which only the approval engine writes.

    Access rights alone do not do: administrators, ``sudo()``, imports and server
    actions pass them. Here the three ORM entry points refuse everybody, and the
    engine writes through private methods that no remote call reaches.
    """

    _name = "approval.protected"
    _description = "Record written by the approval engine only"

    # The point of these three is not to call super.
    # pylint: disable=method-required-super

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_direct_change()

    def write(self, vals):
        self._refuse_direct_change()

    def unlink(self):
        self._refuse_direct_change()

    def _refuse_direct_change(self):
        raise AccessError(
            self.env._(
                "%(model)s cannot be created, changed or deleted by hand: "
                "approve, reject or withdraw the document instead.",
                model=self.env["ir.model"]._get(self._name).sudo().name,
            )
        )

    def _engine_create(self, vals_list):
        return super().create(vals_list)

    def _engine_write(self, vals):
        return super().write(vals)
