from odoo import models
from odoo.exceptions import UserError

from ..merging import moving
from ..merging.places import MODEL
from ..merging.watching import put_back, read_rows
from .customer_merge import QUIET, STAMPS
from .customer_merge_pictures import TABLE as PICTURES


class CustomerMerge(models.Model):
    """Several customers of one again: rows go back, and values that nobody has touched
    since."""

    _inherit = "customer.merge"

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_undo(self):
        """Undo, and say what could not be."""
        undo = self._undo()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": undo.sudo()._get_message(),
                "type": "warning" if undo.touched or undo.left_count else "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------
    # UNDOING
    # ------------------------------------------------------------

    def _undo(self):
        """Make several customers of one again.

        Rows that are still the survivor's go back, and so do values that nobody has
        touched since; the others stay and are told.

        :return: what was done
        :rtype: odoo.addons.customer_base.models.customer_merge_undo.CustomerMergeUndo
        :raises UserError: with what speaks against it
        """
        self.ensure_one()
        merge = self.sudo()
        partners = self.env[MODEL].with_context(active_test=False)
        partners = partners.browse([merge.survivor, *merge.sources]).exists()
        self._check_may_merge(partners)
        everyone = partners.sudo().with_context(**QUIET)
        self._lock(everyone)
        if reasons := merge._get_undo_refusals(everyone):
            raise UserError("\n".join(reasons))
        left, dependents = merge._move_back(everyone)
        touched, to_compute = merge._restore()
        self.env.invalidate_all(flush=False)
        for found in (dependents, to_compute):
            self._compute_anew(found)
        undo = self.env["customer.merge.undo"].sudo()
        undo = undo.create(
            {"merge_id": merge.id, "touched": touched, "left_count": len(left)}
        )
        changed = everyone.browse(map(int, merge.changes.get(everyone._table, {})))
        (everyone | changed.exists())._follow_merge()
        self.env[MODEL].browse(merge.survivor).sudo()._message_log(
            body=undo._get_message(), author_id=self.env.user.partner_id.id
        )
        return undo.with_env(self.env)

    def _move_back(self, partners):
        """Move rows back; return those that stay, and what to compute anew."""
        self.env.flush_all()
        places = {self._get_key(place): place for place in self._get_places()}
        rows = {
            places[name]: [
                (key, int(source)) for source, keys in held.items() for key in keys
            ]
            for name, held in self.moved.items()
            if name in places
        }
        dependents = self._find_dependents(rows, partners)
        left = []
        for place, held in rows.items():
            by_source = {}
            for key, source in held:
                by_source.setdefault(source, []).append(key)
            for source, keys in by_source.items():
                stay = moving.move_back(self.env, place, source, keys, self.survivor)
                left += [(place.name, key) for key in stay]
        self.env.invalidate_all(flush=False)
        for field, ids in self._find_dependents(rows, partners).items():
            dependents.setdefault(field, set()).update(ids)
        return left, dependents

    def _restore(self):
        """Put values back that nobody has touched since.

        :return: names of the touched fields of customers, and what is computed and has
            changed since
        """
        left, touched = self._leave_touched_pictures()
        left, to_compute = {PICTURES: left}, {}
        models_of = {model._table: model for model in self.env.values() if model._auto}
        for table, changed in self.changes.items():
            # without what an addon had that is gone since
            names = models_of[table]._fields if table in models_of else ()
            rows = {
                int(row): {name: values[name] for name in values if name in names}
                for row, values in changed.items()
                if int(row) not in left.get(table, ())
            }
            columns = {name for values in rows.values() for name in values}
            now = read_rows(self.env.cr, table, list(rows), columns)
            old = {}
            for row, values in rows.items():
                for name, (before, after) in values.items():
                    if row not in now:
                        continue
                    if now[row][name] == after:
                        old.setdefault(row, {})[name] = before
                        continue
                    field = models_of[table]._fields[name]
                    if field.compute and field.readonly:
                        to_compute.setdefault(field, set()).add(row)
                    elif name not in STAMPS and table == self.env[MODEL]._table:
                        touched.add(name)
            if old:
                put_back(self.env.cr, table, old)
        return sorted(touched), to_compute
