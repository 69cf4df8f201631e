from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import SQL, plaintext2html, sql

TO_DO = "mail.mail_activity_data_todo"

#: States of a time off that is over for good; nothing: it was deleted.
REFUSED = ("refuse", "cancel", False)


class ApprovalSubstitute(models.Model):
    """An absence that comes from time off follows it: when it is, and whether.

    Who stands in, and for what, is the approver's choice and stays. So do dates that
    the approver set by hand, until they are those of the time off again.
    """

    _inherit = "approval.substitute"

    leave_id = fields.Many2one(
        "hr.leave",
        string="Time Off",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="hr_holidays.group_hr_holidays_user",
        help="Which kind it is concerns nobody who stands in.",
    )
    is_from_time_off = fields.Boolean(
        compute="_compute_is_from_time_off", compute_sudo=True
    )
    own_dates = fields.Boolean(
        readonly=True,
        copy=False,
        help="The dates were set by hand: they do not follow the time off.",
    )
    ended_as = fields.Selection(
        [("accepted", "Accepted"), ("proposed", "Proposed")],
        readonly=True,
        copy=False,
        help="What it was when its time off ended. If that is approved again, it is "
        "so again.",
    )

    def _auto_init(self):
        """Absences from before this field have the dates of their time off."""
        cr = self.env.cr
        is_new = not sql.column_exists(cr, self._table, "leave_id")
        result = super()._auto_init()
        if is_new:
            cr.execute(
                SQL(
                    """
                    UPDATE approval_substitute AS absence SET leave_id = time_off.id
                      FROM hr_leave AS time_off
                      JOIN hr_employee AS employee
                        ON employee.id = time_off.employee_id
                     WHERE employee.user_id = absence.user_id
                       AND time_off.date_from = absence.date_from
                       AND time_off.date_to = absence.date_to
                       AND time_off.state = 'validate'
                    """
                )
            )
        return result

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("leave_id")
    def _compute_is_from_time_off(self):
        for absence in self:
            absence.is_from_time_off = bool(absence.leave_id)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"leave_id", "own_dates", "ended_as"}

    def write(self, vals):
        result = super().write(vals)
        linked = self.sudo().filtered("leave_id")
        if not self.env.su and not {"date_from", "date_to"}.isdisjoint(vals):
            for absence in linked:
                dates = self._get_dates_of(absence.leave_id)
                own = any(absence[name] != date for name, date in dates.items())
                absence._system_write({"own_dates": own})
        if vals.get("active"):
            linked._get_to_dos().unlink()
            if not self.env.su:
                # taken back into force by hand: from now on it stands for itself
                linked.filtered("ended_as")._system_write(
                    {"leave_id": False, "ended_as": False, "own_dates": False}
                )
        return result

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _get_of(self, leaves):
        """Return the absences that follow this time off, proposals and ended ones
        included.

        :param leaves: ``hr.leave``, which knows nothing of its absences
        """
        absences = self.sudo().with_context(active_test=False)
        return absences.search([("leave_id", "in", leaves.ids)])

    @api.model
    def _get_dates_of(self, leave):
        """Return when somebody with this time off is away.

        What is planned for several people has the days of the company's time zone,
        which may be other days than the employee's.
        """
        leave.ensure_one()
        start, end = leave.date_from, leave.date_to
        employee = leave.employee_id
        company_tz = leave.company_id.resource_calendar_id.tz
        are_days = not leave.request_unit_half and not leave.request_unit_hours
        if are_days and employee.tz and employee.tz != company_tz:
            days = (leave.request_date_from, leave.request_date_to)
            start, end = (
                leave._to_utc(day, hour, employee)
                for day, hour in zip(days, leave._get_hour_from_to(*days), strict=True)
            )
        end = max(end, fields.Datetime.add(start, minutes=1))
        return {"date_from": start, "date_to": end}

    @api.model
    def _follow_time_off(self, leaves, periods):
        """Bring absences in line with time off that was touched.

        :param leaves: ``hr.leave``, with those that are gone by now
        :param dict periods: from when to when absences were before, by id
        """
        leaves = leaves.with_env(self.env).exists()
        before = self.browse(periods).exists()
        for absence in before | self._get_of(leaves):
            if absence._is_justified():
                absence._resume()
            else:
                absence._end()
        approved = leaves.filtered(lambda leave: leave.state == "validate")
        self._propose(approved - self._get_of(approved).leave_id, before, periods)

    def _is_justified(self):
        """Tell whether the time off is approved, and still that of the approver."""
        leave = self.leave_id
        return leave.state == "validate" and leave.employee_id.user_id == self.user_id

    def _end(self):
        """The time off is not approved any more: to-dos go back, and the approver is
        asked nothing more about it. A proposal goes with a time off that is over for
        good."""
        self.ensure_one()
        to_dos = self._get_to_dos()
        is_proposal = self.ended_as == "proposed" or (to_dos and not self.active)
        if is_proposal and self.leave_id.state in REFUSED:
            self.unlink()
            return
        to_dos.unlink()
        is_over = self.date_to <= fields.Datetime.now()
        if self.ended_as or is_over or not (self.active or is_proposal):
            return  # or the approver had withdrawn it
        ended_as = "proposed" if is_proposal else "accepted"
        self.write({"active": False})
        self._system_write({"ended_as": ended_as})
        self._message_log(
            body=self.env._("Ended, because the time off is not approved any more.")
        )

    def _resume(self):
        """Be when the time off is, and be in force if it was."""
        self.ensure_one()
        values, dates = {}, self._get_dates_of(self.leave_id)
        if not self.own_dates:
            values = {name: at for name, at in dates.items() if self[name] != at}
        if self.ended_as == "accepted":
            values["active"] = True
        if values and not self._try(values):
            self.write({**values, "active": False})
            self._ask(self.env._("Another absence is in the way."))
        elif self.ended_as == "proposed":
            self._ask()
        elif values:
            self._get_to_dos().date_deadline = self._get_first_day()
        if self.ended_as:
            self._system_write({"ended_as": False})

    def _try(self, values):
        """Change it, unless another absence is in the way: nobody's time off is refused
        because of that."""
        try:
            with self.env.cr.savepoint():
                self.write(values)
        except ValidationError:
            return False
        return True

    # ------------------------------------------------------------
    # PROPOSALS
    # ------------------------------------------------------------

    @api.model
    def _propose(self, leaves, before, periods):
        """Propose the manager as substitute of approvers who will be away.

        The proposal is archived: nothing moves until the approver, who gets a to-do,
        has looked at it and made it active, perhaps with somebody else's name. Where
        a time off takes the place of another one, the substitute of that stays.

        :param leaves: approved ``hr.leave`` without absence
        :param before: absences of time off that was touched
        :param dict periods: from when to when these were, by id
        """
        now = fields.Datetime.now()
        leaves = leaves.filtered(lambda leave: leave.date_to > now)
        if not leaves or not self.env["approval.rule"]._get_all():
            return
        approvers = self._find_approvers(leaves.employee_id.user_id)
        used = self.browse()
        for leave in leaves:
            user = leave.employee_id.user_id
            if user not in approvers:
                continue
            same = self._get_same_time(leave)
            ended = same.filtered("ended_as")
            cut = before.exists().filtered(
                lambda absence, leave=leave, user=user: (
                    absence.user_id == user
                    and absence.id in periods
                    and periods[absence.id][0] < leave.date_to
                    and periods[absence.id][1] > leave.date_from
                )
            )
            if same - ended - cut:
                continue
            replaced = (ended | cut)[:1]
            used |= replaced
            if replaced:
                self._propose_again(leave, replaced)
            else:
                self._propose_manager(leave)
        used.filtered("ended_as")._system_write({"ended_as": False})

    @api.model
    def _get_same_time(self, leave):
        """Return the absences of the same person at the same time, archived ones
        included."""
        absences = self.with_context(active_test=False)
        return absences.search(
            [
                ("user_id", "=", leave.employee_id.user_id.id),
                ("date_from", "<", leave.date_to),
                ("date_to", ">", leave.date_from),
            ]
        )

    @api.model
    def _find_approvers(self, users):
        """Return those of the users whom a rule names, or for whom requests waited."""
        steps = self.env["approval.rule.step"].sudo()
        named = steps.search([("user_ids", "in", users.ids)]).user_ids
        named |= steps.search([("group_id", "!=", False)]).group_id.all_user_ids
        asked = self.env["approval.task"]._read_group(
            [("user_id", "in", users.ids)], ["user_id"]
        )
        return users & named.union(*(user for (user,) in asked))

    @api.model
    def _propose_again(self, leave, replaced):
        """A time off takes the place of another one: who stood in does so again."""
        absence = self._make(
            leave,
            replaced.substitute_id,
            rule_ids=[Command.set(replaced._get_rules().ids)],
        )
        absence.document_model = replaced.document_model
        accepted = replaced.active or replaced.ended_as == "accepted"
        if not accepted or not absence._try({"active": True}):
            absence._ask()
            return
        absence.message_notify(
            partner_ids=absence.user_id.partner_id.ids,
            subject=self.env._("Who approves while you are away"),
            body=self.env._(
                "Your time off was moved. %(name)s approves for you then, too.",
                name=absence.substitute_id.name,
            ),
        )

    @api.model
    def _propose_manager(self, leave):
        """Propose the nearest manager who can open what they would get."""
        user, company = leave.employee_id.user_id, leave.company_id
        managers = self._get_managers(user, company)
        if not managers:
            return
        absence = self._make(leave, managers[0])
        for manager in managers:
            absence.substitute_id = manager
            if not absence._get_obstacle():
                break
        else:
            absence.substitute_id = managers[0]
        absence._ask(absence._get_obstacle() or "")

    @api.model
    def _get_managers(self, user, company):
        """Return the managers above a user who can be asked, the nearest first."""
        level, managers = 1, []
        while manager := user._approval_manager(company, level):
            if manager != user and manager._approval_able(company):
                managers.append(manager)
            level += 1
        return managers

    @api.model
    def _make(self, leave, substitute, **values):
        absence = self.create(
            {
                "user_id": leave.employee_id.user_id.id,
                "substitute_id": substitute.id,
                "active": False,
                **self._get_dates_of(leave),
                **values,
            }
        )
        absence._system_write({"leave_id": leave.id})
        return absence

    # ------------------------------------------------------------
    # TO-DO OF THE APPROVER
    # ------------------------------------------------------------

    def _get_to_dos(self):
        """Return the approvers' to-dos about who stands in."""
        to_do = self.env.ref(TO_DO)
        return self.sudo().activity_ids.filtered(
            lambda activity: activity.automated and activity.activity_type_id == to_do
        )

    def _get_first_day(self):
        """Return the first day of the absence, where the approver works."""
        self.ensure_one()
        return self.user_id.company_id._approval_day(self.date_from)

    def _ask(self, more=""):
        """Give the approver a to-do: who approves meanwhile?

        :param str more: what they should know besides
        """
        self.ensure_one()
        note = self.env._(
            "%(name)s is proposed. Restore the absence to let your requests "
            "move there.",
            name=self.substitute_id.name,
        )
        self._get_to_dos().unlink()
        self.activity_schedule(
            TO_DO,
            user_id=self.user_id.id,
            date_deadline=self._get_first_day(),
            summary=self.env._("Who approves while you are away?"),
            note=plaintext2html("\n".join(filter(None, (note, more)))),
        )

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_absences(self):
        """Follow time off that changed without anybody noticing, too."""
        linked = self.sudo().with_context(active_test=False)
        linked = linked.search(
            [("leave_id", "!=", False), ("date_to", ">", fields.Datetime.now())]
        )
        linked._follow_time_off(linked.leave_id, {})
        return super()._cron_absences()
