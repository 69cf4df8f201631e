from odoo import api, models

BATCH = 500


class ApprovalProcess(models.Model):
    """Whether the logs are what was written: all of them, however many there are."""

    _inherit = "approval.process"

    @api.model
    def _verify_logs(self, batch=BATCH):
        """Verify the log of every request, with the memory of one batch.

        :param int batch: how many requests are read at a time
        :return: generator of ``(how many were verified, [(request, number of its
            first bad row, from 1), …])``, one pair for each batch
        """
        last = 0
        while processes := self.sudo().search(
            [("id", ">", last)], order="id", limit=batch
        ):
            last = processes[-1].id
            broken = processes._find_broken_log()
            yield (
                len(processes),
                [(process, index + 1) for process, index in broken.items()],
            )
            self.env.invalidate_all()
