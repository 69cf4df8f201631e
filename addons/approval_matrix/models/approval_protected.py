from odoo import api, models
from odoo.exceptions import AccessError


class ApprovalProtected(models.AbstractModel):
    """Records that only the system writes: decisions, logs, ledgers.

    Access rights alone do not do: administrators, ``sudo()``, imports and server
    actions pass them. Here the ORM entry points refuse everybody, and our code writes
    through private methods that no remote call reaches.
    """

    _name = "approval.protected"
    _description = "Record written by the system only"

    # The point of these is not to call super.
    # pylint: disable=method-required-super

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_direct_change()

    def write(self, vals):
        self._refuse_direct_change()

    def unlink(self):
        self._refuse_direct_change()

    def _update_field_translations(self, *args, **kwargs):
        """What ``update_field_translations`` calls, past ``write``."""
        self._refuse_direct_change()

    @api.model
    def _refuse_direct_change(self):
        raise AccessError(self._get_refusal())

    @api.model
    def _get_refusal(self):
        """Return the sentence that refuses, and says what to do instead."""
        return self.env._(
            "%(model)s cannot be created, changed or deleted by hand: "
            "approve, reject or withdraw the document instead.",
            model=self.env["ir.model"]._get(self._name).sudo().name,
        )

    @api.model
    def _system_create(self, vals_list):
        return super().create(vals_list)

    def _system_write(self, vals):
        return super().write(vals)

    def _get_label(self, name):
        """Return the value of a selection as the user reads it."""
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(self[name], "")
