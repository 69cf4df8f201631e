from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError

#: Refusals that are told one by one.
TOLD = 20


class ApprovalProcess(models.Model):
    """Decisions on many requests at once, some of which may be gone meanwhile."""

    _inherit = "approval.process"

    def _for_each(self, act):
        """Do the same to all of these requests; what cannot be done to one does not
        keep it from the others.

        Each is done wholly or not at all. What concerns one request only is refused as
        if it were alone.

        :param act: function of requests
        :return: why not, in words, by request; empty if it was done to all
        :rtype: dict
        :raises UserError: when it can be done to none
        """
        if len(self) < 2:
            act(self)
            return {}
        if not self._attempt(act):
            return {}
        refused = {}
        # in one order, so that two who do this at once do not wait for each other
        for process in self.sorted("id"):
            if refusal := process._attempt(act):
                name, text = process.document_name, refusal.args[0]
                refused[process] = text if name in text else f"{name}: {text}"
        if len(refused) == len(self):
            raise UserError("\n".join(dict.fromkeys(refused.values())))
        return refused

    def _attempt(self, act):
        """Do it, or leave everything as it was.

        :return: the exception that refuses it
        """
        try:
            with self.env.cr.savepoint():
                act(self)
        except (UserError, RedirectWarning) as refusal:
            return refusal
        return None

    @api.model
    def _tell_refused(self, refused, hidden=0):
        """Return the dialog that says which requests did not go, and why.

        :param dict refused: as ``_for_each`` returns it
        :param int hidden: how many others the user may not even read any more
        """
        lines = list(dict.fromkeys(refused.values()))
        more = len(lines) - TOLD
        lines = lines[:TOLD]
        if more > 0:
            lines.append(self.env._("and %(count)s more", count=more))
        if hidden:
            lines.append(
                self.env._(
                    "%(count)s are not in your hands any more, and were left out.",
                    count=hidden,
                )
            )
        wizard = self.env["approval.decision"]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Not all of them"),
            "res_model": wizard._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_decision": "approve",
                "default_result": "\n".join(lines),
            },
        }


class ApprovalTask(models.Model):
    """What is ticked in a list."""

    _inherit = "approval.task"

    def _get_selected(self):
        """Return the requests of the tasks, and how many of the tasks the user may not
        read any more: somebody else holds them now.

        :raises UserError: when none is left
        """
        mine = self._filtered_access("read")
        if self and not mine:
            self.check_access("read")
        return mine.process_id, len(self - mine)
