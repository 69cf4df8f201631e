from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL

#: How long notes may wait before something is wrong: the job runs each hour at least.
PATIENCE = timedelta(hours=3)


class SupplyOutbox(models.AbstractModel):
    """Notes of what changed, which triggers write (``triggers.Outbox``) and a job reads
    and deletes.

    There are no foreign keys: what is noted may be gone, and writing a note must lock
    nothing.
    """

    _name = "supply.outbox"
    _description = "Notes That a Job Follows"

    #: The scheduled action that follows the notes.
    _follow_cron = None

    noted_on = fields.Datetime(
        readonly=True, help="When it changed; the first time, if it did several times."
    )

    @api.model
    def _get_waiting_since(self):
        """Return since when notes wait that the job should have followed, if they have
        waited longer than the job sleeps."""
        self.env.cr.execute(
            SQL("SELECT min(noted_on) FROM %s", SQL.identifier(self._table))
        )
        (since,) = self.env.cr.fetchone()
        is_old = since and since < fields.Datetime.now() - PATIENCE
        return since if is_old else None

    @api.model
    def _cron_fill(self):
        """Note what there was before the installation, part by part.

        The notes are followed like any others. It goes on where it was stopped, and
        stops for good at the end.
        """
        cron = self.env["ir.cron"]
        follow = self.env.ref(self._follow_cron)
        while left := self._fill_batch():
            follow._trigger()  # notes of its own wake nobody
            if not cron._commit_progress(1, remaining=left):
                return
        cron._commit_progress(deactivate=True)

    @api.model
    def _fill_batch(self):
        """Note a part of what there was.

        :return: how much there may be left; nothing at the end
        :rtype: int
        """
        raise NotImplementedError

    @api.model
    def _cron_follow(self):
        """Follow the notes, batch by batch.

        A batch that meets somebody who writes the same begins again, as a call of a
        user does: otherwise a click would end the work of the job.
        """
        cron = self.env["ir.cron"]
        while retrying(self._follow_batch, self.env):
            if not cron._commit_progress(1, remaining=self._count_left()):
                break

    def _count_left(self):
        self.env.cr.execute(SQL("SELECT count(*) FROM %s", SQL.identifier(self._table)))
        return self.env.cr.fetchone()[0]

    @api.model
    def _follow_batch(self, batch=None):
        """Take a batch of notes and follow them.

        :param int batch: how many notes
        :return: how many there were
        :rtype: int
        """
        raise NotImplementedError
