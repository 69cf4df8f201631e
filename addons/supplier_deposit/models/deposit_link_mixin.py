from odoo import api, models
from odoo.exceptions import AccessError


class DepositLinkMixin(models.AbstractModel):
    """Entries that know which deposit they were made for.

    Only deposits themselves say so: a field that is readonly on screens can still be
    written by remote callers, who could pass an entry off as a refund.
    """

    _name = "deposit.link.mixin"
    _description = "Made for a deposit"

    #: Fields that only deposits write.
    _deposit_links = ()

    @api.model
    def _add_missing_default_values(self, values):
        """No default fills them in, be it of the caller's context or of a user: also
        not where our own code creates entries with more rights."""
        filled = super()._add_missing_default_values(values)
        added = set(self._deposit_links) - values.keys()
        return {name: filled[name] for name in filled if name not in added}

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if not self.env.su:
            for name in self._deposit_links:
                if any(record[name] for record in records.sudo()):
                    self._refuse_link(name)
        return records

    def write(self, vals):
        if not self.env.su:
            for name in self._deposit_links:
                if name in vals:
                    self._refuse_link(name)
        return super().write(vals)

    def _refuse_link(self, name):
        raise AccessError(
            self.env._(
                "“%(field)s” is filled in by deposits only.",
                field=self._fields[name]._description_string(self.env),
            )
        )
