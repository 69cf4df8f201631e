from odoo import fields, models

from ..append_only import make_append_only


class CustomerMergeUndo(models.Model):
    """That a merge was undone, by whom, and what could not be."""

    _name = "customer.merge.undo"
    _description = "Undone Merge of Customers"
    _order = "id desc"

    merge_id = fields.Many2one(
        "customer.merge", required=True, readonly=True, ondelete="restrict", index=True
    )
    touched = fields.Json(readonly=True)
    left_count = fields.Integer("Records Left", readonly=True)

    _once = models.Constraint("UNIQUE (merge_id)", "A merge can be undone once.")

    def init(self):
        make_append_only(self.env.cr, self._table)

    def _get_message(self):
        """Return what was undone and what was not, in words."""
        self.ensure_one()
        said = [self.env._("The merge was undone.")]
        if self.touched:
            names = self.env["res.partner"]._fields
            labels = [
                names[name]._description_string(self.env)
                for name in self.touched
                if name in names
            ]
            said.append(
                self.env._(
                    "Changed since the merge, so left as they are: %(fields)s.",
                    fields=", ".join(labels),
                )
            )
        if self.left_count:
            said.append(
                self.env._(
                    "%(count)s records were changed since the merge and stay here.",
                    count=self.left_count,
                )
            )
        return " ".join(said)
