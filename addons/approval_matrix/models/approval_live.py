from odoo import api, models

#: What the bus calls it.
CHANGED = "approval_matrix/changed"


class ApprovalNotice(models.AbstractModel):
    """Whoever has a document open learns that its request moved.

    It names ids only: what became of them each reads with their own rights.
    """

    _inherit = "approval.notice"

    @api.model
    def _announce(self, processes, before, remind=None, first=()):
        result = super()._announce(processes, before, remind, first)
        self._tell_changed(processes)
        return result

    @api.model
    def _tell_changed(self, processes, **more):
        """Let screens that show these requests, or their documents, look again.

        :param processes: ``approval.process`` records; may be empty
        :param more: *editor*: id of who changed the documents, while the requests go on
            as they were: nothing else tells a screen that it shows what was
        """
        if not processes:
            return
        documents = {
            model: moved.mapped("res_id")
            for model, moved in processes.grouped("res_model").items()
        }
        # its id is remembered: what is there is not asked for again
        group = self.env["ir.model.data"]._xmlid_to_res_id("base.group_user")
        employees = self.env["res.groups"].browse(group)
        employees._bus_send(
            CHANGED, {"requests": processes.ids, "documents": documents, **more}
        )
