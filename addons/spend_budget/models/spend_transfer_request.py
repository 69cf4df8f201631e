from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_amount

from odoo.addons.approval_matrix.reserved_fields import (
    without_defaults,
    without_values,
)
from odoo.addons.approval_matrix.system import as_system

from .spend_budget import MANAGER

#: Only the methods below write these.
SYSTEM_FIELDS = frozenset(
    {"company_id", "move_id", "order_id", "requester_id", "state"}
)

#: What is asked, as long as nobody was asked yet.
ASKED = frozenset({"from_line_id", "to_line_id", "amount", "reason"})

#: Which field names the document that lacks the money.
DOCUMENT_FIELDS = {"purchase.order": "order_id", "account.move": "move_id"}

#: Lines that may give, at most so many of them.
MOST_GIVERS = 100


class SpendTransferRequest(models.Model):
    """Somebody lacks money, and asks for some that another budget line has.

    Where an approval rule matches, its approvers decide. Else the owner of the line
    that gives does, or a budget manager, but nobody on their own request who could not
    transfer without asking. What is agreed on is transferred once, by the system.

    The document that lacks the money is only named: nothing that becomes of it changes
    what was asked.
    """

    _name = "spend.transfer.request"
    _description = "Request for Budget"
    _inherit = ["mail.thread", "mail.activity.mixin", "approval.mixin"]
    _order = "id desc"
    _mail_post_access = "read"

    _approval_gate_states = ("done",)
    _approval_waiting_states = ("waiting",)

    name = fields.Char(compute="_compute_name", compute_sudo=True)
    to_line_id = fields.Many2one(
        "spend.budget.line", string="For", index="btree_not_null", ondelete="set null"
    )
    from_line_id = fields.Many2one(
        "spend.budget.line",
        string="From",
        index="btree_not_null",
        ondelete="set null",
        help="Whose money it is. Its owner is asked, or the approvers of a rule.",
    )
    owner_id = fields.Many2one(
        related="from_line_id.user_id", string="Owner of the Money"
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, required=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(tracking=True)
    reason = fields.Char(tracking=True)
    order_id = fields.Many2one(
        "purchase.order", readonly=True, index="btree_not_null", ondelete="set null"
    )
    move_id = fields.Many2one(
        "account.move",
        string="Bill",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    requester_id = fields.Many2one(
        "res.users", string="Asked By", readonly=True, required=True, index=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Asked"),
            ("done", "Transferred"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    givers = fields.Json(
        compute="_compute_givers",
        help="Lines that have money, with their owners: for who asks, without figures.",
    )
    giver_available = fields.Monetary(
        string="Available There",
        compute="_compute_giver_available",
        help="For those who may read the budget, or are asked.",
    )
    is_mine = fields.Boolean(compute="_compute_rights")
    can_edit = fields.Boolean(compute="_compute_rights")
    can_decide = fields.Boolean(compute="_compute_rights")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("to_line_id", "amount", "currency_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for request in self:
            line = request.to_line_id.display_name or self.env._("a deleted line")
            request.name = self.env._(
                "%(amount)s for %(line)s",
                amount=format_amount(self.env, request.amount, request.currency_id),
                line=line,
            )

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for request in self:
            request.display_name = request.name

    @api.depends("state", "to_line_id")
    @api.depends_context("uid")
    def _compute_givers(self):
        for request in self:
            request.givers = [
                {
                    "id": line.id,
                    "name": self.env._(
                        "%(line)s (owner: %(owner)s)",
                        line=line.display_name,
                        owner=line.user_id.name,
                    ),
                }
                for line in request._get_givers()
            ]

    @api.depends("from_line_id")
    @api.depends_context("uid")
    def _compute_giver_available(self):
        for request in self:
            line = request.sudo().from_line_id
            may = line and (
                line.with_env(self.env).has_access("read")
                or request.approval_can_decide
            )
            request.giver_available = line.available if may else 0.0

    @api.depends("state", "approval_process_id", "from_line_id", "requester_id")
    @api.depends_context("uid")
    def _compute_rights(self):
        for request in self:
            request.is_mine = request.requester_id == self.env.user
            request.can_edit = request.is_mine and request.state == "draft"
            request.can_decide = (
                request.state == "waiting"
                and request.approval_state != "open"
                and request._may_be_decided_by(self.env.user)
            )

    # ------------------------------------------------------------
    # CRUD: whoever asks writes what they ask, until they have asked
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Ask for lines one may read; the button on documents is for everybody."""
        vals_list = [without_values(vals, SYSTEM_FIELDS) for vals in vals_list]
        self = without_defaults(self, SYSTEM_FIELDS | ASKED)
        prepared = []
        for vals in vals_list:
            line = self.env["spend.budget.line"].browse(vals.get("to_line_id") or ())
            if not line:
                raise UserError(self.env._("Say which budget line lacks the money."))
            line.check_access("read")
            prepared.append({**vals, **self._prepare_request_values(line)})
        requests = super().create(prepared)
        requests._check_lines()
        return requests

    def write(self, vals):
        vals = without_values(vals, SYSTEM_FIELDS)
        if not ASKED.isdisjoint(vals):
            if any(request.state != "draft" for request in self):
                raise UserError(
                    self.env._(
                        "What was asked stays as it is. Take the request back first."
                    )
                )
            target = self.env["spend.budget.line"].browse(vals.get("to_line_id") or ())
            target.check_access("read")
        result = super().write(vals)
        if not ASKED.isdisjoint(vals):
            self._check_lines()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if any(request.state not in ("draft", "cancelled") for request in self):
            raise UserError(self.env._("Only drafts of requests can be deleted."))

    def _system_write(self, vals):
        """Write past the guard, for the methods below, which check who asks: never for
        callers."""
        return super(SpendTransferRequest, self.sudo()).write(vals)

    @api.model
    def _prepare_request_values(self, line):
        """Return the values of a request for a line that callers do not choose."""
        return {
            "to_line_id": line.id,
            "company_id": line.sudo().company_id.id,
            "requester_id": self.env.uid,
            "state": "draft",
        }

    def _check_lines(self):
        """Keep names of lines that nobody offers from those who may not read them.

        With the user's own rights.
        """
        for request in self:
            line = request.sudo().from_line_id.with_env(self.env)
            if not line or line.has_access("read"):
                continue
            if line.id not in request._get_givers().ids:
                raise AccessError(
                    self.env._("Choose one of the budget lines that are offered.")
                )

    # ------------------------------------------------------------
    # ACTIONS: of who asks
    # ------------------------------------------------------------

    @api.model
    def _ask_from_panel(self):
        """Ask for what a document lacks: the link in its panel says which.

        The context names a document and a line, no more: the document must be one that
        the user may read, and that takes from that line.
        """
        context = self.env.context
        model = context.get("spend_model")
        ids = [context.get(name) for name in ("spend_id", "spend_line_id")]
        if model not in DOCUMENT_FIELDS or not all(
            isinstance(each, int) and 0 < each < 2**31 for each in ids
        ):
            raise UserError(self.env._("Open the order or the bill first."))
        document = self.env[model].browse(ids[0]).exists()
        if not document:
            raise UserError(self.env._("Open the order or the bill first."))
        return self._ask_for(document, ids[1])

    @api.model
    def _ask_for(self, document, line_id):
        """Ask for the money that a budget line lacks; who may transfer does so.

        :param document: one that takes from the line
        :param int line_id: of a ``spend.budget.line``
        :return: the action that goes on
        """
        row = document._budget_get_row(line_id)
        amount = max(-row["after"], 0.0)
        if self.env["spend.budget"]._is_manager():
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "spend_budget.spend_transfer_wizard_action"
            )
            action["context"] = {
                "default_to_line_id": line_id,
                "default_amount": amount,
                "default_reason": document.display_name,
            }
            return action
        values = {DOCUMENT_FIELDS[document._name]: document.id, "amount": amount}
        return self._open(row["line"], values)

    @api.model
    def _open(self, line, values):
        """Return the form of a request for a line; the draft of before, if there is
        one, with what is missing now.

        :param line: the ``spend.budget.line`` that lacks money
        :param dict values: which document it is for, and the amount
        """
        Request = self.sudo()
        mine = Domain(
            [
                ("requester_id", "=", self.env.uid),
                ("to_line_id", "=", line.id),
                ("state", "in", ("draft", "waiting")),
            ]
        )
        for name in ("order_id", "move_id"):
            mine &= Domain(name, "=", values.get(name, False))
        request = Request.search(mine, limit=1)
        if request.state == "draft" and not request.amount:
            request._system_write({"amount": values["amount"]})
        if not request:
            values = {**values, **self._prepare_request_values(line)}
            request = super(SpendTransferRequest, Request).create([values])
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spend_budget.spend_transfer_request_action"
        )
        return {
            **action,
            "res_id": request.id,
            "views": [(False, "form")],
            "context": {},
        }

    def action_ask(self):
        """Ask the approvers of a rule, or the owner of the money.

        :raises UserError: when something is missing, or nobody could decide
        """
        self._approval_check_submission()
        self._system_write({"state": "waiting"})
        self.filtered(lambda each: each.approval_state != "open")._ask_owner()
        return True

    def action_submit_approval(self):
        return self.action_ask()

    def _approval_check_submission(self):
        self._check_own()
        for request in self:
            if request.state != "draft":
                raise UserError(
                    self.env._("%(request)s was asked already.", request=request.name)
                )
            if not request.sudo().from_line_id:
                raise UserError(self.env._("Choose whose money you ask for."))
            request._check_transfer()
        self._check_lines()

    def action_take_back(self):
        """Take the request back, or a refused one up again: it can be edited."""
        self._check_own()
        for request in self:
            if request.state not in ("waiting", "refused"):
                raise UserError(
                    self.env._(
                        "%(request)s does not wait for anybody.", request=request.name
                    )
                )
            if request.approval_state == "open":
                request.action_withdraw()
            else:
                request._system_write({"state": "draft"})
        self._end_to_dos()
        return True

    def action_cancel(self):
        """Give the request up."""
        self._check_own()
        if any(request.state == "done" for request in self):
            raise UserError(
                self.env._("The money was transferred: ask for it back instead.")
            )
        self._system_write({"state": "cancelled"})
        self._end_to_dos()
        return True

    def _check_own(self):
        self.check_access("write")
        if any(request.requester_id != self.env.user for request in self):
            raise AccessError(self.env._("Only who asks can do this."))

    # ------------------------------------------------------------
    # ACTIONS: of who decides where no rule does
    # ------------------------------------------------------------

    def action_accept(self):
        """Give the money, as the owner of it or a budget manager.

        :raises UserError: while approvers are asked, or the line cannot give that much
        """
        self._check_decides()
        asked = as_system(self)._approval_required()
        if asked:  # a rule that came later
            (as_system(self, for_texts=True) & asked)._approval_start()
        for request in self - asked.with_env(self.env):
            request._carry_out()
        return True

    def action_refuse(self, reason=None):
        """Keep the money, as the owner of it or a budget manager.

        :param str reason: the requester reads it
        """
        self._check_decides()
        if reason and not isinstance(reason, str):
            raise UserError(self.env._("A reason is plain text."))
        self._system_write({"state": "refused"})
        for request in self:
            request._tell_requester(
                self.env._(
                    "%(user)s refused: %(request)s. %(reason)s",
                    user=self.env.user.name,
                    request=request.name,
                    reason=reason or "",
                )
            )
        return True

    def _check_decides(self):
        """Check that it is for the user to decide.

        :raises AccessError: for others, and for who asks
        :raises UserError: while approvers are asked, or when it is decided
        """
        self.check_access("read")
        for request in self:
            if request.state != "waiting" or request.approval_state == "open":
                raise UserError(
                    self.env._(
                        "%(request)s waits for its approvers, or is decided.",
                        request=request.name,
                    )
                )
            if not request._may_be_decided_by(self.env.user):
                raise AccessError(
                    self.env._(
                        "The owner of the money decides, or a budget manager; nobody "
                        "alone on what they ask for themselves."
                    )
                )

    def _may_be_decided_by(self, user):
        """Tell whether a user may give the money, where no rule asks anybody."""
        self.ensure_one()
        request = self.sudo()
        giver = request.from_line_id
        if not giver or request.company_id not in user.company_ids:
            return False
        budgets = (giver | request.to_line_id).budget_id
        if user == request.requester_id:
            return budgets.with_user(user).sudo()._may_transfer()
        return user == giver.user_id or user.has_group(MANAGER)

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _get_givers(self):
        """Return the lines that may be asked, for who is writing the request."""
        self.ensure_one()
        lines = self.env["spend.budget.line"].sudo()
        if self.state != "draft" or self.requester_id != self.env.user:
            return lines
        return lines.search(
            [
                ("company_id", "=", self.company_id.id),
                ("budget_id.state", "=", "open"),
                ("available", ">", 0),
                ("id", "!=", self._origin.sudo().to_line_id.id),
            ],
            limit=MOST_GIVERS,
        )

    def _check_transfer(self):
        """Check what can be told without telling what the line has."""
        request = self.sudo()
        if not request.from_line_id or not request.to_line_id:
            raise UserError(
                self.env._(
                    "%(request)s: a budget line was deleted. Refuse the request, or "
                    "take it back and choose another line.",
                    request=request.name,
                )
            )
        self.env["spend.transfer"]._check_terms(
            request.from_line_id, request.to_line_id, request.amount, request.reason
        )

    def _ask_owner(self):
        """Without a rule that asks, the owner of the money gets it to do; or managers,
        where it is the owner who asks, or cannot be asked."""
        for request in self.sudo():
            giver = request.from_line_id
            deciders = (giver.user_id | giver.budget_id._get_helpers()).filtered(
                lambda user, request=request: (
                    user.active
                    and user != request.requester_id
                    and request._may_be_decided_by(user)
                )
            )
            if not deciders and not request._may_be_decided_by(request.requester_id):
                raise UserError(
                    self.env._(
                        "Nobody could decide: there is no budget manager besides you. "
                        "Ask an administrator to name one."
                    )
                )
            for user in deciders[:1] if giver.user_id in deciders else deciders:
                request = request.with_context(lang=user.lang)
                request.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=request.env._("Money is asked for: %s", request.name),
                )

    def _carry_out(self):
        """Transfer what was asked for, and say so."""
        self.ensure_one()
        request = self.sudo()
        request._check_transfer()
        self.env["spend.transfer"]._make(
            request.from_line_id,
            request.to_line_id,
            request.amount,
            request.reason,
            request=request,
        )
        request._system_write({"state": "done"})
        document = request.order_id or request.move_id
        if document:
            document.invalidate_recordset(["budget_impact", "budget_now"])
            document.message_post(
                body=self.env._(
                    "%(line)s got %(amount)s more.",
                    line=request.to_line_id.display_name,
                    amount=format_amount(self.env, request.amount, request.currency_id),
                )
            )
        request._tell_requester(
            self.env._(
                "%(request)s: the money was transferred.",
                request=request.name,
            )
        )

    def _tell_requester(self, text):
        request = self.sudo()
        request._end_to_dos()
        if request.requester_id != self.env.user:
            request.message_notify(
                partner_ids=request.requester_id.partner_id.ids,
                subject=text,
                body=text,
            )

    def _end_to_dos(self):
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    def _give_up(self, why):
        """Cancel what is not decided: a line of it is gone, or closed.

        :param str why: for who asks
        """
        for request in as_system(self, for_texts=True):
            if request.state in ("draft", "waiting"):
                request._system_write({"state": "cancelled"})
                request._tell_requester(why)

    # ------------------------------------------------------------
    # APPROVAL
    # ------------------------------------------------------------

    @api.model
    def _approval_has_budget(self):
        return True

    def _approval_budget_lines(self):
        """Whose money it is."""
        self.ensure_one()
        return self.from_line_id

    def _approval_amount(self):
        return self.amount

    def _approval_term_fields(self):
        return super()._approval_term_fields() | ASKED | {"company_id"}

    def _approval_terms(self):
        self.ensure_one()
        return {
            "company": self.company_id.id,
            "from": self.from_line_id.id,
            "to": self.to_line_id.id,
            "amount": f"{self.amount:.6f}",
            "reason": self.reason or "",
        }

    def _approval_requester(self):
        return self.requester_id

    def _approval_granted(self):
        for request in self:
            request._carry_out()

    def _approval_refused(self, reason):
        """Who withdraws it goes on with the draft."""
        for request in self.filtered(lambda each: each.state == "waiting"):
            withdrawn = request.approval_state == "withdrawn"
            request._system_write({"state": "draft" if withdrawn else "refused"})

    def _approval_summary(self):
        self.ensure_one()
        env = self.env
        document = self.order_id or self.move_id
        return {
            "about": self._tell_loss(),
            "facts": [
                [label, value]
                for label, value in (
                    (env._("For"), self.to_line_id.display_name),
                    (env._("From"), self.from_line_id.display_name),
                    (env._("Owner of the Money"), self.owner_id.name),
                    (
                        env._("Amount"),
                        format_amount(env, self.amount, self.currency_id),
                    ),
                    (env._("Why"), self.reason),
                    (env._("Document"), document.display_name),
                )
                if value
            ],
            "columns": [],
            "rows": [],
        }

    def _tell_loss(self):
        """Say whose money it is and why: its name says how much, and for what."""
        giver = self.env._("From %(line)s", line=self.from_line_id.display_name)
        return " · ".join(filter(None, (self.from_line_id and giver, self.reason)))

    def _approval_describe(self, terms):
        described = super()._approval_describe(
            {name: terms[name] for name in ("amount", "reason") if name in terms}
        )
        names = [
            [label, self._approval_name("spend.budget.line", terms.get(key))]
            for label, key in (
                (self.env._("From"), "from"),
                (self.env._("For"), "to"),
            )
        ]
        return {**described, "facts": [*names, *described["facts"]]}
