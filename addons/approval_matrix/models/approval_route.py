from odoo import api, fields, models
from odoo.exceptions import UserError

from ..system import as_system
from ..two_persons import can_be_staffed


class ApprovalRoute(models.AbstractModel):
    """Who would be asked if a document were submitted now: read before one submits.

    It asks what a submission asks, and writes nothing.
    """

    _name = "approval.route"
    _description = "Way of a Request"

    @api.model
    def _read(self, document):
        """Return the steps that a document would take, in the words of the user.

        :param document: record under ``approval.mixin``, as its requester
        :return: ``{"rule": name, "steps": […], "is_blocked": bool, "is_short":
            bool}``; nothing when no rule asks. Where it is blocked some step has nobody
            to ask; where it is short, too few are left for each step to be somebody
            else's
        """
        document.ensure_one()
        place = as_system(document)
        rule = self.env["approval.rule"]._match(place).get(document.id)
        if not rule:
            return None
        previous = document._approval_get_newest()[document]
        asking = document._approval_as_submitter()
        parties = asking.env["approval.process"]._get_parties(asking, previous)
        steps, named = [], []
        asked = rule.step_ids.sorted(lambda step: (step.sequence, step.id))
        for step in asked:
            users, needed, refusal = step._foresee(place, *parties)
            named.append((set(users.ids), needed))
            steps.append(
                {
                    "id": step.id,
                    "name": step.name,
                    "people": self._name_people(users, rule, document._name),
                    "needed": needed,
                    "error": refusal,
                    **self._foresee_time(
                        place, step, step.sequence == asked[:1].sequence
                    ),
                }
            )
        is_blocked = any(step["error"] for step in steps) or not any(
            step["people"] for step in steps
        )
        return {
            "rule": rule.name,
            "steps": steps,
            "is_blocked": is_blocked,
            "is_short": not (
                is_blocked or rule.allow_same_person or can_be_staffed(named)
            ),
        }

    @api.model
    def _tell(self, route):
        """Return in one line who would be asked, step by step.

        :param dict route: what :meth:`_read` returned, of a rule that asks
        :rtype: str
        """
        texts = []
        for step in route["steps"]:
            names = ", ".join(step["people"])
            if len(step["people"]) > 1:
                names = self.env._(
                    "%(needed)s of: %(names)s", needed=step["needed"], names=names
                )
            if names or step["error"]:
                texts.append(step["error"] or f"{step['name']}: {names}")
        return " → ".join(texts)

    @api.model
    def _name_people(self, users, rule, model):
        """Return the names of those who are asked, and of whoever stands in now."""
        absences = self.env["approval.substitute"].sudo()
        away = absences._find_running([("user_id", "in", users.ids)]).filtered(
            lambda absence: absence._covers(rule, model)
        )
        instead = {absence.user_id: absence.substitute_id for absence in away}
        return [
            self.env._(
                "%(substitute)s for %(approver)s",
                substitute=instead[user].name,
                approver=user.name,
            )
            if user in instead
            else user.name
            for user in users.sudo()
        ]

    @api.model
    def _foresee_time(self, place, step, is_first):
        """Return until when a step is decided: of those after the first nobody knows
        when they are asked."""
        hours = place._approval_limit_hours(step)
        due = False
        if hours and is_first:
            company = place._approval_company()
            tasks = self.env["approval.task"].sudo()
            due = tasks._prepare_clock_values(company, hours).get("due_at")
        return {"hours": hours, "due": due and fields.Datetime.to_string(due)}


class ApprovalRuleStep(models.Model):
    """A step tells whom it would ask."""

    _inherit = "approval.rule.step"

    def _foresee(self, document, requester, excluded):
        """Return whom the step would ask, as ``_resolve`` does, and why it cannot.

        :return: ``(users, number of approvals needed, refusal)``; nobody, and no
            refusal, where the step falls away
        """
        self.ensure_one()
        nobody = self.env["res.users"]
        if self._falls_away(document):
            return nobody, 0, False
        try:
            return *self._resolve(document, requester, excluded), False
        except UserError as refusal:
            return nobody, 0, str(refusal)
