from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class ApprovalSubstitute(models.Model):
    """Who decides while an approver is away.

    The approver keeps the right to decide; the substitute gets the open and new tasks
    at once, for as long as the absence lasts, and decides on behalf of the approver.
    """

    _name = "approval.substitute"
    _description = "Approval Substitute"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        string="Absent Approver",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
        ondelete="cascade",
    )
    substitute_id = fields.Many2one(
        "res.users",
        string="Substitute",
        required=True,
        index=True,
        domain=[("share", "=", False)],
        tracking=True,
        ondelete="cascade",
    )
    date_from = fields.Datetime(
        string="From", required=True, default=fields.Datetime.now, tracking=True
    )
    date_to = fields.Datetime(string="Until", required=True, tracking=True)
    rule_ids = fields.Many2many(
        "approval.rule",
        string="Only for Rules",
        groups="approval_matrix.group_approval_manager",
        help="Empty: for all rules.",
    )
    active = fields.Boolean(default=True, tracking=True)
    state = fields.Selection(
        [("planned", "Planned"), ("running", "Running"), ("over", "Over")],
        compute="_compute_state",
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_to > date_from)", "An absence ends after it begins."
    )
    _somebody_else = models.Constraint(
        "CHECK (user_id <> substitute_id)", "Nobody is their own substitute."
    )

    @api.depends("date_from", "date_to")
    def _compute_state(self):
        now = fields.Datetime.now()
        for absence in self:
            if absence.date_from and absence.date_from > now:
                absence.state = "planned"
            elif absence.date_to and absence.date_to <= now:
                absence.state = "over"
            else:
                absence.state = "running"

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains(
        "user_id", "substitute_id", "date_from", "date_to", "rule_ids", "active"
    )
    def _check_circle(self):
        for absence in self.filtered("active"):
            if absence._overlapping([("user_id", "=", absence.user_id.id)]):
                raise ValidationError(
                    self.env._(
                        "%(user)s has a substitute for a part of that time already.",
                        user=absence.user_id.name,
                    )
                )
            seen = absence.user_id
            reached = absence.substitute_id
            while reached:
                if reached & seen:
                    raise ValidationError(
                        self.env._(
                            "Substitutes in a circle: in the end %(user)s would be "
                            "asked again.",
                            user=absence.user_id.name,
                        )
                    )
                seen |= reached
                chain = absence._overlapping([("user_id", "in", reached.ids)])
                reached = chain.substitute_id

    @api.constrains("substitute_id")
    def _check_substitute(self):
        for absence in self:
            if absence.substitute_id.share:
                raise ValidationError(
                    self.env._("A substitute must be an internal user.")
                )

    def _overlapping(self, domain):
        """Return other absences in force at some moment of this one, same scope."""
        self.ensure_one()
        others = self.sudo().search(
            [
                *domain,
                ("id", "!=", self.id),
                ("date_from", "<", self.date_to),
                ("date_to", ">", self.date_from),
            ]
        )
        rules = self.sudo().rule_ids
        return others.filtered(
            lambda other: not other.rule_ids or not rules or other.rule_ids & rules
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        absences = super().create(vals_list)
        absences._check_who_says_so()
        absences._hand_tasks()
        return absences

    def write(self, vals):
        users = self.user_id
        result = super().write(vals)
        self._check_who_says_so()
        self._hand_tasks(users)
        return result

    def unlink(self):
        users = self.user_id
        result = super().unlink()
        self.browse()._hand_tasks(users)
        return result

    def _check_who_says_so(self):
        """Judge absences by what they have become: access rules are asked before a
        change only, and nobody makes themselves the substitute of somebody else."""
        if self.env.su:
            return
        self.check_access("write")
        for absence in self:
            if absence.substitute_id == self.env.user != absence.user_id:
                raise AccessError(
                    self.env._(
                        "%(user)s, or another administrator, must name you.",
                        user=absence.user_id.name,
                    )
                )

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _hand_tasks(self, users=None):
        """Bring the holders of open tasks up to date, now and when dates pass."""
        cron = self.env.ref("approval_matrix.ir_cron_absences", False)
        for moment in {*self.mapped("date_from"), *self.mapped("date_to")}:
            if cron and moment > fields.Datetime.now():
                cron.sudo()._trigger(moment)
        self._refresh(self.user_id | (users or self.env["res.users"]))

    @api.model
    def _refresh(self, users):
        """Move open tasks of approvers, whose holder is not whom it should be."""
        users |= self.sudo().search([("substitute_id", "in", users.ids)]).user_id
        tasks = self.env["approval.task"].sudo()
        tasks = tasks.search([("state", "=", "active"), ("user_id", "in", users.ids)])
        self.env["approval.process"]._follow_absences(tasks)

    @api.model
    def _cron_absences(self):
        """When an absence begins or ends: open tasks move at once."""
        tasks = self.env["approval.task"].sudo()
        held = tasks.search([("state", "=", "active"), ("is_substituted", "=", True)])
        self._refresh(self.sudo()._find_running().user_id | held.user_id)

    @api.model
    def _find_running(self):
        """Return the absences that count at this moment."""
        now = fields.Datetime.now()
        return self.search(
            [("active", "=", True), ("date_from", "<=", now), ("date_to", ">", now)]
        )
