from odoo import api, fields, models


class ApprovalMixin(models.AbstractModel):
    """What a document shows of its approvals: the log of all, and what changed."""

    _inherit = "approval.mixin"

    approval_changes_html = fields.Html(
        string="What Changed",
        compute="_compute_approval_changes_html",
        sanitize=False,
        groups="base.group_user",
        help="For those who are asked now: what is not as it was last approved.",
    )

    @api.depends("approval_process_id")
    @api.depends_context("uid", "lang")
    def _compute_approval_changes_html(self):
        for document in self:
            process = document.sudo().approval_process_id
            mine = process.state == "open" and process.task_ids._may_be_decided_by(
                self.env.user
            )
            document.approval_changes_html = bool(mine) and process.changes_html

    @api.readonly
    def get_approval_history(self):
        """Return the log of every approval the document was ever under.

        It names events, people and what they said, no amounts: all readers of the
        document may see it.

        :return: the newest approval first, ``[{"state": …, "rows": [{"date": …,
            "event": …, "user": …, "step": …, "comment": …}, …]}, …]``
        :rtype: list
        """
        self.check_access("read")
        processes = self.env["approval.process"].sudo()
        if not self._approval_in_use() or not self.ids:
            return []
        return processes.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )._get_history()
