from odoo import api, models

from ..merging.watching import WATCH


class Base(models.AbstractModel):
    """Every model: a merge knows whatever is written while it runs, and nobody names a
    customer whom they may not see, to read who that is."""

    _inherit = "base"

    def _write_multi(self, vals_list):
        watch = self.env.cr.cache.get(WATCH)
        if watch is not None:
            names = {name for values in vals_list for name in values}
            if self._log_access:
                names |= {"write_uid", "write_date"}
            watch.note(self._table, self._ids, names)
        return super()._write_multi(vals_list)

    @api.model_create_multi
    def create(self, vals_list):
        self.env["customer.access"]._check_named(self, vals_list, is_new=True)
        records = super().create(vals_list)
        self.env["ir.rule"]._check_referred(records)
        return records

    def write(self, vals):
        self.env["customer.access"]._check_named(self, [vals])
        result = super().write(vals)
        self.env["ir.rule"]._check_referred(self)
        return result

    def onchange(self, values, field_names, fields_spec):
        # a form fills in what it knows of a customer before anything is saved
        self.env["customer.access"]._check_named(self, [values], is_new=not self)
        return super().onchange(values, field_names, fields_spec)
