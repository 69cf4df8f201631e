from odoo import api, models
from odoo.tools import SQL

from ..merging.places import MODEL

TABLE = "ir_attachment"


class CustomerMerge(models.Model):
    """Pictures of customers who are merged: who stays shows a source's, which has the
    other one until the merge is undone."""

    _inherit = "customer.merge"

    @api.model
    def _swap_pictures(self, survivor, holder, watch):
        """Have the survivor show a source's picture, and the source the survivor's."""
        names = [
            name
            for name, field in self.env[MODEL]._fields.items()
            if field.type in ("binary", "image") and field.attachment and field.store
        ]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM ir_attachment
                 WHERE res_model = %s AND res_id = ANY(%s) AND res_field = ANY(%s)
                """,
                MODEL,
                [survivor, holder],
                names,
            )
        )
        ids = [row for (row,) in rows]
        watch.note(TABLE, ids, ["res_id"])
        # a new picture is written into the same row
        watch.keep(TABLE, ids, ["res_field", "checksum"])
        self.env.cr.execute(
            "UPDATE ir_attachment SET res_id = %s - res_id WHERE id = ANY(%s)",
            (survivor + holder, ids),
        )

    def _leave_touched_pictures(self):
        """Find the pictures that somebody gave one of the two since, or took away:
        whoever has one now keeps it.

        The survivor's former picture, which the source has, would be of the wrong one
        then: it goes, as it would have gone without the merge.

        :return: the rows that stay where they are, and names of the touched fields
        :rtype: tuple[set[int], set[str]]
        """
        swapped = {
            int(row): values
            for row, values in self.changes.get(TABLE, {}).items()
            if "res_id" in values
        }
        if not swapped:
            return set(), set()
        both = {int(each) for values in swapped.values() for each in values["res_id"]}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, res_field, res_id, checksum
                  FROM ir_attachment
                 WHERE res_model = %s AND res_field IS NOT NULL
                   AND (res_id = ANY(%s) OR id = ANY(%s))
                """,
                MODEL,
                list(both),
                list(swapped),
            )
        )
        now = {row: tuple(values) for row, *values in rows}
        names = {
            row: values.get("res_field", [None])[0] or now.get(row, (None,))[0]
            for row, values in swapped.items()
        }
        untouched = {
            row
            for row, values in swapped.items()
            if row in now
            and str(now[row][1]) == values["res_id"][1]
            and now[row][2] == values.get("checksum", [now[row][2]])[0]
        }
        touched = {names[row] for row in swapped.keys() - untouched}
        touched |= {now[row][0] for row in now.keys() - swapped.keys()}
        left = {row for row in swapped if names[row] in touched}
        former = [
            row
            for row in left & untouched
            if swapped[row]["res_id"][0] == str(self.survivor)
        ]
        self.env["ir.attachment"].sudo().browse(former).unlink()
        fields = self.env[MODEL]._fields
        return left, {
            fields[name].related or name for name in touched if name in fields
        }
