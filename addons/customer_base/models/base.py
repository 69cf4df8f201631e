from odoo import models

from ..merging.watching import WATCH


class Base(models.AbstractModel):
    """Every model, so that a merge knows whatever is written while it runs."""

    _inherit = "base"

    def _write_multi(self, vals_list):
        watch = self.env.cr.cache.get(WATCH)
        if watch is not None:
            names = {name for values in vals_list for name in values}
            if self._log_access:
                names |= {"write_uid", "write_date"}
            watch.note(self._table, self._ids, names)
        return super()._write_multi(vals_list)
