from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..reserved_fields import without_defaults, without_values
from ..system import as_system

WARNING = "mail.mail_activity_data_warning"


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
    document_model = fields.Selection(
        "_select_documents",
        string="Only for Documents",
        tracking=True,
        help="Empty: for all kinds of documents.",
    )
    active = fields.Boolean(default=True, tracking=True)
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("running", "Running"),
            ("blocked", "Without Effect"),
            ("over", "Over"),
            ("off", "Not in Force"),
        ],
        compute="_compute_state",
        compute_sudo=True,
    )
    obstacle = fields.Char(
        string="What Stands in the Way",
        compute="_compute_obstacle",
        compute_sudo=True,
        help="Why some or all requests stay with the absent approver.",
    )
    told_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="Since when the absent approver knows that nobody stands in.",
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_to > date_from)", "An absence ends after it begins."
    )
    _somebody_else = models.Constraint(
        "CHECK (user_id <> substitute_id)", "Nobody is their own substitute."
    )

    @api.model
    def _select_documents(self):
        models = self.env["ir.model"].sudo()
        names = self.env["approval.rule"]._get_approvable_models()
        return [(name, models._get(name).name) for name in names]

    @api.depends(
        "date_from",
        "date_to",
        "active",
        "user_id",
        "substitute_id",
        "rule_ids",
        "document_model",
    )
    def _compute_state(self):
        now = fields.Datetime.now()
        for absence in self:
            if not absence.active:
                absence.state = "off"
            elif absence.date_from and absence.date_from > now:
                absence.state = "planned"
            elif absence.date_to and absence.date_to <= now:
                absence.state = "over"
            elif absence._get_obstacle():
                absence.state = "blocked"
            else:
                absence.state = "running"

    @api.depends(
        "date_from", "date_to", "user_id", "substitute_id", "rule_ids", "document_model"
    )
    @api.depends_context("lang", "uid")
    def _compute_obstacle(self):
        """Only those concerned learn what somebody is asked for: anybody can begin an
        absence in the name of anybody, though not save it."""
        now, me = fields.Datetime.now(), self.env.user
        sees_all = me.has_group("approval_matrix.group_approval_manager")
        for absence in self:
            is_over = absence.date_to and absence.date_to <= now
            saved = absence._origin
            stands_in = me == saved.substitute_id and absence.user_id == saved.user_id
            absence.obstacle = (
                (sees_all or me == absence.user_id or stands_in)
                and not is_over
                and (absence._get_obstacle() or absence._get_gap())
            )

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains(
        "user_id",
        "substitute_id",
        "date_from",
        "date_to",
        "rule_ids",
        "document_model",
        "active",
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
        return others.filtered(self._may_meet)

    # ------------------------------------------------------------
    # SCOPE
    # ------------------------------------------------------------

    def _get_rules(self):
        """Return the rules it is limited to. Limits to archived rules are limits,
        too."""
        return self.sudo().with_context(active_test=False).rule_ids

    def _covers(self, rule, model):
        """Tell whether requests that follow a rule, for documents of a model, are in
        the scope."""
        self.ensure_one()
        rules = self._get_rules()
        return (not rules or rule in rules) and self.document_model in (False, model)

    def _reaches(self, process):
        """Tell whether a request is in the scope."""
        return self._covers(process.rule_id, process.res_model)

    def _may_meet(self, other):
        """Tell whether a request can be in the scope of two absences."""
        self.ensure_one()
        models = {self.document_model, other.document_model} - {False}
        limits = [rules for rules in (self._get_rules(), other._get_rules()) if rules]
        if len(models) > 1:
            return False
        if not limits:
            return True
        common = limits[0] & limits[-1]
        return any(not models or rule.model in models for rule in common)

    # ------------------------------------------------------------
    # REACH: what the substitute may open
    # ------------------------------------------------------------

    def _get_obstacle(self):
        """Return why the substitute can stand in for nothing; nothing if they can."""
        self.ensure_one()
        substitute, values = self.substitute_id, {"user": self.substitute_id.name}
        if not substitute:
            return False
        if not substitute.active or substitute.share:
            return self.env._(
                "%(user)s cannot log in here any more: name somebody else.", **values
            )
        companies = self.user_id.company_ids
        if not companies & substitute.company_ids:
            return self.env._(
                "%(user)s works in none of the companies %(companies)s: name "
                "somebody else.",
                **values,
                companies=", ".join(companies.mapped("name")),
            )
        places = self._get_places()
        out_of_reach = self._get_out_of_reach(places)
        if not out_of_reach or places - out_of_reach:
            return False
        return self.env._(
            "%(user)s may not open %(documents)s: ask an administrator for the rights, "
            "or name somebody else.",
            **values,
            documents=self._name_places(out_of_reach),
        )

    def _get_gap(self):
        """Return what stays with the approver all the same, in words."""
        self.ensure_one()
        out_of_reach = self._get_out_of_reach(self._get_places())
        if out_of_reach:
            return self.env._(
                "%(user)s may not open %(documents)s: what waits for %(approver)s "
                "there stays where it is.",
                user=self.substitute_id.name,
                approver=self.user_id.name,
                documents=self._name_places(out_of_reach),
            )
        left = self._count_left()
        if left:
            return self.env._(
                "%(user)s cannot stand in for %(count)s open requests. Their history "
                "says why.",
                user=self.substitute_id.name,
                count=left,
            )
        return False

    def _count_left(self):
        """Return how many open requests stay with the approver all the same."""
        tasks = self.env["approval.task"].search(
            [("state", "=", "active"), ("unable_id", "=", self.substitute_id.id)]
        )
        left = tasks.filtered(lambda task: task.user_id == self.user_id)
        return len(left.process_id.filtered(self._reaches))

    def _get_places(self):
        """Return where the approver is asked, or could be: by open requests, by rules
        that name them, or else by rules that find their approvers some other way.

        :return: pairs of company and name of a model
        :rtype: set
        """
        self.ensure_one()
        places = self._get_open_places()
        named, possible = set(), set()
        scope = self._get_rules()
        for rule in self.env["approval.rule"]._get_all().filtered("active"):
            if scope and rule not in scope:
                continue
            if self.document_model not in (False, rule.model):
                continue
            found = {
                (company, rule.model)
                for company in self.user_id.company_ids
                if not rule.company_id or rule.company_id in company.parent_ids
            }
            if rule.step_ids._may_name(self.user_id):
                named |= found
            elif set(rule.step_ids.mapped("approver_type")) - {"users", "group"}:
                possible |= found
        return places | named or possible

    def _get_open_places(self):
        """Return where the approver is asked by open requests."""
        tasks = self.env["approval.task"].sudo()
        tasks = tasks.search(
            [
                ("user_id", "=", self.user_id.id),
                ("state", "in", ("waiting", "active")),
                ("process_id.state", "=", "open"),
            ]
        )
        processes = tasks.process_id.filtered(self._reaches)
        return {(process.company_id, process.res_model) for process in processes}

    def _get_out_of_reach(self, places):
        """Return those of the places where the substitute can open nothing."""
        self.ensure_one()
        model_access = self.env["ir.model.access"].with_user(self.substitute_id)
        return {
            (company, model)
            for company, model in places
            if company not in self.substitute_id.company_ids
            or not model_access.check(model, "read", raise_exception=False)
        }

    def _name_places(self, places):
        models = self.env["ir.model"].sudo()
        kinds = sorted({models._get(model).name for _company, model in places})
        if len(self.user_id.company_ids) < 2:
            return ", ".join(kinds)
        companies = sorted({company.name for company, _model in places})
        return f"{', '.join(kinds)} ({', '.join(companies)})"

    def _get_in_force(self):
        """Return those that count now or later."""
        now = fields.Datetime.now()
        return self.filtered(lambda absence: absence.active and absence.date_to > now)

    def _check_reach(self):
        """Refuse a substitute who could stand in for nothing.

        What the system does with an absence is not refused, for instance when a time
        off is moved: then people are told.
        """
        if self.env.su:
            self._tell_obstacles()
            return
        for absence in self.sudo()._get_in_force():
            obstacle = absence._get_obstacle()
            if obstacle:
                raise ValidationError(obstacle)

    def _tell_obstacles(self):
        """Tell people, once, that nobody stands in any more: the approver, and, as they
        may be far away by now, the administrators."""
        for absence in as_system(self, for_texts=True)._get_in_force():
            obstacle = absence._get_obstacle()
            if bool(obstacle) == bool(absence.told_at):
                continue
            absence._system_write({"told_at": obstacle and fields.Datetime.now()})
            if not obstacle:
                absence.activity_unlink([WARNING])
                continue
            absence.activity_schedule(
                WARNING,
                user_id=absence.user_id.id,
                summary=self.env._("Nobody approves while you are away"),
                note=obstacle,
            )
            absence.message_notify(
                partner_ids=absence._get_administrators().partner_id.ids,
                subject=self.env._(
                    "Nobody approves for %(user)s", user=absence.user_id.name
                ),
                body=obstacle,
            )

    def _get_administrators(self):
        group = self.env.ref("approval_matrix.group_approval_manager").sudo()
        return group.all_user_ids.filtered(
            lambda user: (
                user._is_internal() and user.company_ids & self.user_id.company_ids
            )
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        names = self._get_system_fields()
        absences = super(ApprovalSubstitute, without_defaults(self, names)).create(
            [without_values(vals, names) for vals in vals_list]
        )
        absences = absences.with_env(self.env)
        self.env["approval.usage"]._forget()
        absences._check_who_says_so()
        absences._check_reach()
        absences._hand_tasks()
        return absences

    def write(self, vals):
        users = self.user_id
        result = super().write(without_values(vals, self._get_system_fields()))
        self.flush_recordset(["active", "date_to"])
        self.env["approval.usage"]._forget()
        self._check_who_says_so()
        if not self._get_facts().isdisjoint(vals):
            self._check_reach()
            self._hand_tasks(users)
        return result

    @api.model
    def _get_system_fields(self):
        """Return the names of the fields that only the system writes."""
        return frozenset({"told_at"})

    def _system_write(self, vals):
        """Write what only the system says."""
        return super().write(vals)

    @api.model
    def _get_facts(self):
        """Return the names of the fields that say who stands in for what, and when."""
        return {
            "user_id",
            "substitute_id",
            "date_from",
            "date_to",
            "rule_ids",
            "document_model",
            "active",
        }

    def unlink(self):
        users = self.user_id
        result = super().unlink()
        self.env["approval.usage"]._forget()
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
        """Called where those who stand in for these approvers may have changed."""

    @api.model
    def _check_substitutes(self, users):
        """After users came, left, or got other rights: those for whom they stand in
        hear of it, and tasks move."""
        absences = self.sudo().search(
            [
                ("substitute_id", "in", users.ids),
                ("date_to", ">", fields.Datetime.now()),
            ]
        )
        if absences:
            absences._tell_obstacles()
            self._refresh(absences.user_id)

    @api.model
    def _cron_absences(self):
        """When an absence begins or ends: open tasks move at once.

        Rights may have been lost without anybody noticing, say by a change of a group.
        """
        self._refresh(self._find_represented())
        now = fields.Datetime.now()
        self.sudo().search([("date_to", ">", now)])._tell_obstacles()

    @api.model
    def _find_represented(self):
        """Return the approvers for whom somebody stands in at this moment, or still
        holds a task although the absence is over."""
        tasks = self.env["approval.task"].sudo()
        held = tasks.search([("state", "=", "active"), ("is_substituted", "=", True)])
        return self.sudo()._find_running().user_id | held.user_id

    @api.model
    def _find_running(self, domain=()):
        """Return the absences that count at this moment.

        :param domain: more that they must meet
        """
        if not self.env["approval.usage"]._has(self._name):
            return self.browse()
        now = fields.Datetime.now()
        running = [("date_from", "<=", now), ("date_to", ">", now)]
        return self.search([("active", "=", True), *running, *domain])
