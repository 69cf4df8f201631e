from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL, sql


class ApprovalEditing(models.AbstractModel):
    """Documents that know who changed their terms since these were last approved: none
    of them can approve them."""

    _name = "approval.editing"
    _description = "Document that knows its editors"
    _inherit = ["approval.document"]

    approval_editor_ids = fields.Json(
        string="Terms Edited By",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Who changed the terms since they were last approved, the last of them at "
        "the end. None of them can approve these terms.",
    )
    approval_revision = fields.Integer(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Raised with the terms, so that a change and a decision meet in one row.",
    )

    def _auto_init(self):
        """Documents from before this field keep whom they knew to have edited the terms
        last."""
        cr, table = self.env.cr, self._table
        columns = sql.table_columns(cr, table)
        if "approval_editor_id" in columns and "approval_editor_ids" not in columns:
            sql.create_column(cr, table, "approval_editor_ids", "jsonb")
            cr.execute(
                SQL(
                    """
                    UPDATE %s
                       SET approval_editor_ids = jsonb_build_array(approval_editor_id)
                     WHERE approval_editor_id IS NOT NULL
                    """,
                    SQL.identifier(table),
                )
            )
        return super()._auto_init()

    # ------------------------------------------------------------
    # WHO EDITED
    # ------------------------------------------------------------

    @api.model
    def _approval_get_editor(self):
        """Return who must not approve what they write now: neither the system nor
        portal users ever could, and they do not make room for who edited before."""
        user = self.env.user
        return user.id if user.id != SUPERUSER_ID and not user.share else False

    def _approval_get_editors(self):
        """Return who changed the terms since the last approval; some may be deleted.

        The last of them comes last.
        """
        ids = [id_ for each in self.sudo() for id_ in each.approval_editor_ids or ()]
        return self.env["res.users"].browse(dict.fromkeys(ids))

    def _approval_get_last_editor(self):
        """Return who changed the terms last, of those who are not deleted."""
        editors = self._approval_get_editors()
        if editors[-1:] == self.env.user:
            return self.env.user  # who is there for certain
        return editors.exists()[-1:]

    def _approval_note_editor(self):
        """Remember that the user changes the terms: everybody who does is kept out."""
        editor = self._approval_get_editor()
        if not editor:
            return
        for document in self.sudo():
            known = document.approval_editor_ids or []
            if known[-1:] != [editor]:
                others = [each for each in known if each != editor]
                document._approval_write({"approval_editor_ids": [*others, editor]})

    def _approval_take_editors(self, others):
        """Remember who changed the terms of others, which become a part of these: by
        whose hand they move, those whose terms they are do not approve them.

        :param others: documents, such as those that a line leaves
        """
        found = (others - self)._approval_get_editors().ids
        for document in self.sudo():
            known = document.approval_editor_ids or []
            new = [each for each in found if each not in known]
            if new:
                document._approval_write({"approval_editor_ids": [*new, *known]})

    @contextmanager
    def _approval_noting_terms(self):
        """Note the user where the block changes the terms, although what it writes is
        there already: Odoo may compute other values anew, e.g. a price."""
        documents = self.sudo()
        before = {document: document._approval_terms() for document in documents}
        yield
        documents.filtered(
            lambda document: document._approval_terms() != before[document]
        ).with_env(self.env)._approval_note_editor()

    def _approval_mark_edited(self):
        """Remember who changed the terms through another record, e.g. a line."""
        self._approval_note_editor()
        self._approval_touch()

    # ------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------

    def _approval_write(self, vals):
        """Write past the ``write`` of ``approval.mixin``, which keeps fields of the
        system from callers."""
        return super().write(vals)

    def _approval_touch(self):
        """Update the documents' own rows in any case: whoever confirms, submits or
        approves one at the same moment then meets a serialization error, which Odoo
        retries, and not what was there before."""
        for document in self.sudo():
            revision = document.approval_revision + 1
            document._approval_write({"approval_revision": revision})
