from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime, plaintext2html

from ..system import as_system
from .approval_substitute import WARNING


class ApprovalSubstitute(models.Model):
    """What those who stand in hear and say, how the absent come back, and how open
    tasks follow."""

    _inherit = "approval.substitute"

    state = fields.Selection(
        selection_add=[("over",), ("declined", "Declined"), ("off",)]
    )
    declined_at = fields.Datetime(
        readonly=True, copy=False, help="When the substitute said no."
    )
    decline_reason = fields.Text(string="Declined Because", readonly=True, copy=False)
    can_decline = fields.Boolean(compute="_compute_rights")
    can_return = fields.Boolean(compute="_compute_rights")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("declined_at")
    def _compute_state(self):
        result = super()._compute_state()
        for absence in self.filtered("declined_at"):
            if absence.state == "off":
                absence.state = "declined"
        return result

    @api.depends("user_id", "substitute_id", "active", "date_from", "date_to")
    @api.depends_context("uid")
    def _compute_rights(self):
        user = self.env.user
        for absence in self:
            saved = absence._origin
            absence.can_decline = saved._is_substitute(user)
            absence.can_return = saved.user_id == user and saved._is_running()

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        absences = super().create(vals_list)
        absences._tell_substitutes({})
        return absences

    def write(self, vals):
        before = self._get_named()
        result = super().write(vals)
        if vals.get("active") or "substitute_id" in vals:
            declined = self.sudo().filtered("declined_at")
            declined._system_write({"declined_at": False, "decline_reason": False})
            declined.activity_unlink([WARNING])
        self._tell_substitutes(before)
        return result

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"declined_at", "decline_reason"}

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_decline(self):
        """Ask why, then decline."""
        wizard = self.env["approval.decision"]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decline to Stand In"),
            "res_model": wizard._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_absence_ids": self.ids,
                "default_decision": "decline",
            },
        }

    def action_decline(self, reason=None):
        """Say, as the substitute, that one cannot stand in.

        What one holds goes back at once, and the absent person hears why.

        :param str reason: required
        :raises AccessError: for anybody but the substitute
        """
        self.check_access("read")
        self._decline(reason)
        return True

    def action_return(self):
        """End the user's absences that are running now: these, or all if none is
        given. What substitutes hold comes back at once.

        :raises AccessError: for the absence of somebody else
        """
        mine = [("user_id", "=", self.env.uid)]
        absences = self or self._find_running(mine)
        absences.check_access("write")
        if absences.user_id - self.env.user:
            raise AccessError(
                self.env._("Only who was away can say that they are back.")
            )
        now = fields.Datetime.now()
        for absence in absences.filtered(lambda absence: absence._is_running()):
            if absence.date_from < now:
                absence.date_to = now
            else:
                absence.active = False
        return True

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _is_running(self):
        now = fields.Datetime.now()
        return bool(self) and self.active and self.date_from <= now < self.date_to

    def _is_substitute(self, user):
        """Tell whether a user stands in, now or later, by this absence."""
        return self.substitute_id == user and bool(self._get_in_force())

    def _get_named(self):
        """Return who stands in and when, by absence that counts now or later."""
        return {
            absence: (absence.substitute_id, absence.date_from, absence.date_to)
            for absence in self.sudo()._get_in_force()
        }

    def _tell_substitutes(self, before):
        """Tell substitutes that somebody named them, or for another time.

        :param dict before: what they know, see ``_get_named``
        """
        for absence, named in self._get_named().items():
            if before.get(absence) == named:
                continue
            user = absence.substitute_id
            env = absence.with_context(lang=user.lang or self.env.lang).env
            start, end = (
                format_datetime(env, moment, tz=user.tz, dt_format="short")
                for moment in named[1:]
            )
            message = env._(
                "From %(start)s until %(end)s you decide for %(user)s, who is away. If "
                "you cannot, open the absence and decline.",
                start=start,
                end=end,
                user=absence.user_id.name,
            )
            absence.message_notify(
                partner_ids=user.partner_id.ids,
                subject=env._("You stand in for %(user)s", user=absence.user_id.name),
                body=message,
            )

    def _decline(self, reason):
        reason = self.env["approval.process"]._clean_text(reason)
        if not reason:
            raise UserError(self.env._("Say why: somebody else must be found."))
        for absence in self:
            if not absence._is_substitute(self.env.user):
                raise AccessError(
                    self.env._(
                        "Only who stands in can decline, before the absence is over."
                    )
                )
        for absence in as_system(self, for_texts=True):
            absence.write({"active": False})
            absence._system_write(
                {"declined_at": fields.Datetime.now(), "decline_reason": reason}
            )
            absence._tell_declined(reason)

    def _tell_declined(self, reason):
        """Tell the approver, and, as they may be far away by now, the administrators
        that nobody stands in."""
        self.ensure_one()
        name, user = self.substitute_id.name, self.user_id
        summary = self.env._("%(name)s does not stand in for you", name=name)
        note = self.env._(
            "%(reason)s Until you name somebody else, your requests wait for you.",
            reason=reason,
        )
        self._message_log(
            body=self.env._("%(name)s declined: %(reason)s", name=name, reason=reason)
        )
        self.activity_schedule(
            WARNING, user_id=user.id, summary=summary, note=plaintext2html(note)
        )
        self.message_notify(partner_ids=user.partner_id.ids, subject=summary, body=note)
        self.message_notify(
            partner_ids=self._get_administrators().partner_id.ids,
            subject=self.env._("Nobody approves for %(user)s", user=user.name),
            body=self.env._("%(name)s declined: %(reason)s", name=name, reason=reason),
        )

    # ------------------------------------------------------------
    # OPEN TASKS
    # ------------------------------------------------------------

    @api.model
    def _refresh(self, users):
        """Move open tasks of approvers, whose holder is not whom it should be."""
        users |= self.sudo().search([("substitute_id", "in", users.ids)]).user_id
        tasks = self.env["approval.task"].sudo()
        tasks = tasks.search([("state", "=", "active"), ("user_id", "in", users.ids)])
        self.env["approval.process"]._follow_absences(tasks)
        return super()._refresh(users)
