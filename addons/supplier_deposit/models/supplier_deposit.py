import itertools

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from ..allocation import overpaid
from ..readings import get_base
from .purchase_order import ACCOUNTING, READERS

STATES = [
    ("planned", "Planned"),
    ("waiting", "Waiting for Approval"),
    ("due", "Due"),
    ("paid", "Paid"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]
#: Not all of it has been paid.
UNPAID = ("planned", "waiting", "due")
#: Up to how many days each age of an open deposit reaches; the last one is open.
AGES = (30, 60, 90)
#: What may become of money that is with the vendor, and the field that holds how much.
OUTCOMES = {
    "deducted": "amount_deducted",
    "refunded": "amount_refunded",
    "forfeited": "amount_forfeited",
    "compensated": "amount_compensated",
}
#: Amounts that the order shows.
SHOWN = ("amount", "amount_paid", "amount_open", "amount_awaited", *OUTCOMES.values())


def booked(string, **options):
    """Return a field that holds what the books say."""
    compute = options.pop("compute", "_compute_amounts")
    return fields.Monetary(string=string, compute=compute, store=True, **options)


class SupplierDeposit(models.Model):
    """One deposit of one order: what was agreed, and what the books say of it.

    What was agreed is stored by hand: amount, due date, why it waits. What has been
    paid and what became of it is read from posted journal items and what they are
    matched with, whoever matched them. Nobody has rights to write deposits: rules and
    methods do.

    How deposits begin and follow their order is in ``supplier_deposit_plan``, what
    happens to their money in ``supplier_deposit_pay``.
    """

    _name = "supplier.deposit"
    _description = "Supplier Deposit"
    _named_customers = (["partner_id"], "user_id")
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "approval.mixin",
        "deposit.terms",
    ]
    _order = "date_due, id"
    _check_company_auto = True
    _mail_post_access = "read"

    # ------------------------------------------------------------
    # FIELDS: what was agreed
    # ------------------------------------------------------------

    name = fields.Char(required=True)
    order_id = fields.Many2one(
        "purchase.order",
        string="Purchase Order",
        required=True,
        index=True,
        ondelete="restrict",
    )
    rule_id = fields.Many2one(
        "deposit.rule",
        index=True,
        ondelete="restrict",
        help="Empty: it was made by hand.",
    )
    milestone_id = fields.Many2one("deposit.rule.line", ondelete="restrict")
    round = fields.Integer(help="Counts from zero how often the order was begun anew.")
    title = fields.Char(
        string="Instalment",
        compute="_compute_title",
        help="What it is called on the order, e.g. “30 % with the order”.",
    )
    own_title = fields.Char(help="What it was called when it was made by hand.")
    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Vendor", required=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", string="Buyer")
    currency_id = fields.Many2one("res.currency", required=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    percent = fields.Float(digits=(5, 2))
    fixed_amount = fields.Monetary(
        help="What was asked for where it is no percentage. The deposit is less when "
        "the order comes to less, and grows back with it."
    )
    days_before = fields.Integer()
    is_dated = fields.Boolean()
    date_due = fields.Date(
        string="Due Date",
        compute="_compute_date_due",
        store=True,
        index=True,
        help="Follows the expected arrival until the deposit becomes due.",
    )
    amount = fields.Monetary(tracking=True)

    # ------------------------------------------------------------
    # FIELDS: where it stands
    # ------------------------------------------------------------

    stage = fields.Selection(
        [state for state in STATES if state[0] not in ("paid", "done")],
        required=True,
        default="planned",
        help="Whether it may be paid; what has been paid is in the books.",
    )
    state = fields.Selection(
        STATES,
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
        # columns of a kanban stand in the order in which deposits go through them
        group_expand=lambda self, states, domain: [
            state for state, _label in STATES if state in states
        ],
    )
    is_order_ended = fields.Boolean(
        help="Its order was cancelled: if it begins anew, so does the deposit."
    )
    is_refused = fields.Boolean(help="An approver refused it: it waits for the buyer.")
    hold_reason = fields.Char(
        string="On Hold", help="Why it could not become due or be paid."
    )
    amount_over_told = fields.Monetary(
        help="What the buyer has been told is above its share."
    )
    books_revision = fields.Integer(
        copy=False,
        help="Raised with each deduction, claim and refund, so that two at once meet "
        "in one row.",
    )

    # ------------------------------------------------------------
    # FIELDS: what the books say
    # ------------------------------------------------------------

    line_ids = fields.One2many(
        "account.move.line",
        "deposit_id",
        string="Journal Items",
        groups=ACCOUNTING,
        help="The items that hold its money with the vendor.",
    )
    payment_ids = fields.One2many(
        "account.payment",
        "deposit_id",
        string="Payments",
        groups=ACCOUNTING,
        help="To the vendor, and back from them.",
    )
    allocation_ids = fields.One2many(
        "account.move",
        "deposit_allocation_id",
        string="Allocations",
        groups=ACCOUNTING,
    )
    claim_ids = fields.One2many("deposit.claim", "deposit_id", string="Claims")
    amount_paid = booked("Paid")
    amount_deducted = booked(
        "Deducted",
        help="Matched with vendor bills, also of other orders. Source: journal items.",
    )
    amount_refunded = booked(
        "Refunded", help="Matched with money from the vendor. Source: journal items."
    )
    amount_forfeited = booked(
        "Forfeited",
        help="The vendor keeps it: matched with an entry that books a cost.",
    )
    amount_compensated = booked(
        "Compensated",
        help="Matched with another entry, such as what is owed elsewhere.",
    )
    amount_open = booked(
        "Paid, Not Deducted",
        help="What the vendor still owes: paid, and neither deducted nor given back. "
        "Source: journal items.",
    )
    amount_open_company = booked(
        "Paid, Not Deducted (Company)", currency_field="company_currency_id"
    )
    date_paid = fields.Date(
        string="Paid On", compute="_compute_amounts", store=True, index="btree_not_null"
    )
    amount_claimed = booked(
        "Claimed",
        compute="_compute_claimed",
        help="All that has been claimed back and not withdrawn.",
    )
    amount_awaited = booked(
        "Refund Awaited",
        compute="_compute_claimed",
        help="What was claimed back and has not arrived: bills do not deduct it.",
    )
    amount_unpaid = booked("Still to Pay", compute="_compute_state")
    amount_over = fields.Monetary(
        string="Above Its Share",
        compute="_compute_amount_over",
        help="What was paid beyond the share of an order that was reduced since. It is "
        "kept for the next bill, unless it is claimed back.",
    )
    age = fields.Selection(
        [
            ("0", "Up to 30 days"),
            ("1", "31 to 60 days"),
            ("2", "61 to 90 days"),
            ("3", "Over 90 days"),
        ],
        string="Age of Open Deposit",
        compute="_compute_age",
        search="_search_age",
    )
    is_under_way = fields.Boolean(
        string="Bank Not Seen Yet",
        compute="_compute_is_under_way",
        compute_sudo=True,
        help="A payment was posted, and the bank statement does not show it yet.",
    )
    held_by = fields.Char(
        compute="_compute_held_by", help="Who has to act next, and on what it waits."
    )
    move_ids = fields.Many2many(
        "account.move",
        string="Journal Entries",
        compute="_compute_move_ids",
        groups=ACCOUNTING,
    )
    move_count = fields.Integer(compute="_compute_move_ids", groups=ACCOUNTING)

    _once = models.UniqueIndex(
        "(order_id, milestone_id, round) WHERE milestone_id IS NOT NULL"
    )
    _amounts = models.Constraint("CHECK (amount >= 0)", "A deposit cannot be negative.")
    _planned = models.Index("(date_due, id) WHERE state = 'planned'")
    _open = models.Index("(date_paid, id) WHERE amount_open > 0")
    _unpaid = models.Index("(order_id) WHERE state IN ('planned', 'waiting', 'due')")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("milestone_id.name", "own_title")
    @api.depends_context("lang")
    def _compute_title(self):
        for deposit in self:
            deposit.title = deposit.milestone_id.sudo().name or deposit.own_title

    @api.depends("days_before", "is_dated")
    def _compute_date_due(self):
        """Set the first due date; ``_follow_order`` keeps it.

        It does not depend on the order: that would cost every order a query.
        """
        for deposit in self:
            deposit.date_due = (
                deposit._get_planned_date()
                or deposit.date_due
                or deposit.company_id._approval_day()
            )

    @api.depends(
        "line_ids.parent_state",
        "line_ids.amount_residual",
        "line_ids.amount_residual_currency",
        "line_ids.matched_credit_ids",
    )
    def _compute_amounts(self):
        for deposit in self:
            paid, outcomes, dates = deposit._read_books()
            round_ = deposit.currency_id.round
            for outcome, name in OUTCOMES.items():
                deposit[name] = round_(outcomes[outcome])
            deposit.amount_paid = round_(paid)
            left = max(0.0, round_(paid - sum(outcomes.values())))
            deposit.amount_open = left
            deposit.amount_open_company = deposit._to_booked_amount(left)
            deposit.date_paid = min(dates, default=False)

    @api.depends("stage", "amount", "amount_paid", "amount_open", "currency_id")
    def _compute_state(self):
        for deposit in self:
            is_zero = deposit.currency_id.is_zero
            is_ended = deposit.stage == "cancelled"
            deposit.amount_unpaid = 0.0 if is_ended else deposit._measure_unpaid()
            if is_zero(deposit.amount_paid) or deposit.amount_unpaid:
                deposit.state = deposit.stage
            else:
                deposit.state = "done" if is_zero(deposit.amount_open) else "paid"

    @api.depends(
        "claim_ids.amount",
        "claim_ids.is_withdrawn",
        "amount_open",
        "amount_refunded",
        "amount_forfeited",
        "amount_compensated",
    )
    def _compute_claimed(self):
        for deposit in self:
            claims = deposit.claim_ids.filtered(lambda claim: not claim.is_withdrawn)
            claimed = sum(claims.mapped("amount"))
            # money that had come back before the claim is not awaited a second time
            known = claimed + sum(claims.mapped("amount_before"))
            left = deposit.currency_id.round(known - deposit._get_given_back())
            deposit.amount_claimed = claimed
            deposit.amount_awaited = max(0.0, min(left, deposit.amount_open))

    @api.depends("amount_paid", "amount_open", "amount_claimed", "state")
    def _compute_amount_over(self):
        for deposit in self.sudo():
            deposit.amount_over = 0.0
            if deposit.state != "paid" or not deposit._is_of_order():
                continue
            given_back = max(deposit.amount_claimed, deposit._get_given_back())
            share = deposit._get_share_of_order(deposit.fixed_amount)
            share *= deposit._get_tax_factor()
            over = overpaid(share, deposit.amount_paid, given_back)
            over = min(over, deposit._get_free_amount())
            deposit.amount_over = deposit.currency_id.round(over)

    @api.depends("date_paid", "amount_open")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for deposit in self:
            deposit.age = False
            if deposit.amount_open > 0 and deposit.date_paid:
                days = (today - deposit.date_paid).days
                deposit.age = str(sum(days > limit for limit in AGES))

    @api.model
    def _search_age(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        days = [fields.Date.subtract(today, days=limit) for limit in AGES]
        found = Domain.FALSE
        for age in value:
            part = Domain("amount_open", ">" if age else "=", 0)
            if age and int(age) > 0:
                part &= Domain("date_paid", "<", days[int(age) - 1])
            if age and int(age) < len(days):
                part &= Domain("date_paid", ">=", days[int(age)])
            found |= part
        return found

    @api.depends("payment_ids.state", "payment_ids.is_matched")
    def _compute_is_under_way(self):
        for deposit in self:
            deposit.is_under_way = any(
                payment.state == "in_process" and not payment.is_matched
                for payment in deposit._get_advance_payments()
            )

    @api.depends(
        "state",
        "hold_reason",
        "is_refused",
        "user_id",
        "amount_unpaid",
        "amount_awaited",
        "approval_holder_ids",
    )
    def _compute_held_by(self):
        env = self.env
        for deposit in self:
            holder, state = False, deposit.state
            buyer = deposit._get_responsible().sudo().name
            if state == "waiting":
                holder = ", ".join(deposit.approval_holder_ids.sudo().mapped("name"))
            elif state == "planned":
                is_stopped = deposit.is_refused or deposit.hold_reason
                holder = buyer if is_stopped else env._("Not due yet")
            elif state == "due":
                # a payment without an entry counts when the bank's statement shows it
                holder = env._("Cashier") if deposit.amount_unpaid else env._("Bank")
            elif deposit.amount_awaited:
                holder = buyer
            elif state == "paid":
                holder = env._("Vendor, until the bill")
            deposit.held_by = holder

    def _compute_move_ids(self):
        for deposit in self:
            system = deposit.sudo()
            moves = system._get_own_moves()
            items = moves.line_ids
            matches = items.matched_debit_ids | items.matched_credit_ids
            moves |= matches.exchange_move_id
            held = system._get_advances() | system.allocation_ids.line_ids
            others = held.matched_credit_ids.credit_move_id.move_id
            moves |= others.filtered(lambda move: move.state == "posted")
            moves |= moves.deposit_reclass_ids
            moves = moves.sorted(lambda move: (move.date, move.id))
            deposit.move_ids = moves.with_env(self.env)
            deposit.move_count = len(moves)

    @api.model_create_multi
    def create(self, vals_list):
        deposits = super().create(vals_list)
        self.env["approval.usage"]._forget()
        return deposits

    @api.model
    def _is_in_use(self):
        """Tell whether there is a rule, or a deposit made by hand."""
        has = self.env["approval.usage"]._has
        return has("deposit.rule") or has("supplier.deposit")

    # ------------------------------------------------------------
    # BOOKS
    # ------------------------------------------------------------

    def _read_books(self):
        """Return what posted journal items say of the deposit.

        :return: ``(paid, amounts by outcome, dates of payment)``, in the deposit's
            currency
        """
        self.ensure_one()
        paid, dates, outcomes = 0.0, [], dict.fromkeys(OUTCOMES, 0.0)
        for item in self._get_advances():
            amount = self._of_item(item, item.amount_currency)
            for match in item.matched_credit_ids:
                part = self._of_item(item, match.debit_amount_currency)
                if outcome := self._get_outcome(item, match.credit_move_id):
                    outcomes[outcome] += part
                else:
                    amount -= part
            paid += amount
            if not self.currency_id.is_zero(amount):
                dates.append(item.date)
        return paid, outcomes, dates

    def _measure_unpaid(self):
        """Return what is still to be paid of it."""
        self.ensure_one()
        return max(0.0, self.currency_id.round(self.amount - self.amount_paid))

    def _get_tax_factor(self):
        """Return how much is paid for each unit of what was agreed: more than one where
        taxes come on top."""
        return 1.0

    def _get_advances(self):
        """Return the posted journal items that hold, or held, its money."""
        self.ensure_one()
        return self.line_ids.filtered(lambda item: item.parent_state == "posted")

    def _of_item(self, item, amount):
        """Return an amount of a journal item in the deposit's currency.

        What was paid in another currency counts as what it covers of the deposit.
        """
        self.ensure_one()
        if item.currency_id == self.currency_id:
            return amount
        covered = item.move_id.origin_payment_id.deposit_amount or (
            self.company_currency_id._convert(
                item.balance, self.currency_id, self.company_id, item.date
            )
        )
        whole = item.amount_currency
        return self.currency_id.round(covered * amount / whole) if whole else 0.0

    def _get_outcome(self, advance, other):
        """Return what became of money by what its item is matched with: one of
        :data:`OUTCOMES`, or nothing if it was never paid, or another item holds it now.

        :param advance: ``account.move.line`` that holds the money
        :param other: ``account.move.line`` on the other side of the match
        """
        move = other.move_id
        is_moved = move.move_type == "entry" and move.line_ids & self.line_ids
        if move.reversed_entry_id == advance.move_id or is_moved:
            return None
        if move.deposit_allocation_id or move.is_purchase_document(True):
            return "deducted"
        accounts = (move.line_ids - other).account_id
        if (
            other.statement_line_id
            or move.origin_payment_id
            or "asset_cash" in accounts.mapped("account_type")
        ):
            return "refunded"
        is_cost = "expense" in accounts.mapped("internal_group")
        return "forfeited" if is_cost else "compensated"

    def _get_given_back(self):
        """Return what will not be deducted any more and is not with the vendor."""
        return self.amount_refunded + self.amount_forfeited + self.amount_compensated

    def _get_free_amount(self):
        """Return what is with the vendor and not claimed back."""
        return self.currency_id.round(self.amount_open - self.amount_awaited)

    def _has_free(self):
        return self._exceeds(self._get_free_amount())

    def _exceeds(self, amount, limit=0.0):
        return self.currency_id.compare_amounts(amount, limit) > 0

    @api.model
    def _refuse(self, is_so, text):
        if is_so:
            raise UserError(text)

    def _is_of_order(self):
        """Tell whether its money is with the vendor of the order as it is now, in the
        order's currency: else it is claimed back, and deducted from nothing."""
        return self._is_of_vendor() and self.currency_id == self.order_id.currency_id

    def _is_of_vendor(self):
        vendor = self.order_id.partner_id.commercial_partner_id
        return self.partner_id.commercial_partner_id == vendor

    def _get_share_of_order(self, fixed):
        """Return what was agreed of the order as it is now, in its currency."""
        total = get_base(self.order_id, self.base)
        share = total * self.percent / 100 if self.percent else fixed
        return self.order_id.currency_id.round(min(share, total))

    def _get_planned_date(self):
        """Return the date that follows from the expected arrival, if it does."""
        if not self.is_dated or not self.order_id.date_planned:
            return False
        arrival = self.company_id._approval_day(self.order_id.date_planned)
        return fields.Date.subtract(arrival, days=self.days_before)

    def _to_booked_amount(self, amount):
        """Return what is open of it in company currency, as it is booked: vendors keep
        each advance at the rate of its day.

        :param float amount: what is open, in the deposit's currency
        """
        return sum(self._get_advances().mapped("amount_residual")) if amount else 0.0

    def _to_company_currency(self, amount):
        """Return an amount of the deposit in company currency, at today's rate."""
        today = fields.Date.context_today(self)
        return self.currency_id._convert(
            amount, self.company_currency_id, self.company_id, today
        )

    def _get_advance_payments(self):
        """Return the payments to the vendor, drafts too."""
        return self.payment_ids.filtered(lambda p: p.payment_type == "outbound")

    def _get_own_moves(self):
        """Return the entries that were made for it, or hold its money."""
        moves = self.payment_ids.move_id | self.line_ids.move_id
        return moves | self.allocation_ids | self.allocation_ids.reversal_move_ids

    def _touch(self):
        """Update the rows, so that of two transactions at once one is retried."""
        if self:
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE supplier_deposit SET books_revision ="
                " COALESCE(books_revision, 0) + 1 WHERE id IN %s",
                [tuple(self.ids)],
            )
            self.invalidate_recordset(["books_revision"], flush=False)

    # ------------------------------------------------------------
    # PEOPLE
    # ------------------------------------------------------------

    @api.model
    def _engine(self, company=None):
        """Return the model as the system: nobody has rights to write deposits, and
        buyers none to accounting; what decides are rules, checks and approvals.

        Deposits belong to the system also so that whoever approved the order may
        approve its deposit: they asked for neither.

        :param company: whose day it is; the user's, if nothing is said
        """
        company = company or self.env.company
        context = {
            "lang": self.env.context.get("lang") or self.env.user.lang,
            # payments are dated with the day where the company is
            "tz": company._approval_zone().key,
        }
        return self.browse().with_env(self.env(user=SUPERUSER_ID, context=context))

    @api.model
    def _find(self, orders):
        """Return the deposits of orders, as the system.

        They are read once for all lines of an order that are written one by one.
        """
        if not self._is_in_use():
            return self.browse()
        deposits = orders.browse(orders.ids).sudo().deposit_ids
        return deposits._engine().browse(deposits.ids)

    def _as_system(self):
        """Return the deposits likewise, in their own company and on its day."""
        company = self[:1].sudo().company_id
        deposits = self._engine(company).browse(self.ids)
        return deposits.with_company(company)

    def _tell_buyer(self, summary, note=""):
        """Give the buyer a to-do on the deposit; where nobody may have it, a note."""
        self.ensure_one()
        if responsible := self._get_responsible():
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=responsible.id,
                summary=summary,
                note=note,
            )
        else:
            self._message_log(body=". ".join(filter(None, (summary, note))))

    def _drop_to_dos(self):
        self.activity_unlink(["mail.mail_activity_data_warning"])

    def _get_responsible(self):
        """Return who sees to it: the buyer, who made the order, or whoever the rule
        names: the first who is still there and may see it. Or nobody."""
        deposit = self.sudo()
        people = itertools.chain(deposit._get_owners(), deposit.rule_id.user_id)
        return next(filter(deposit._may_be_seen_by, people), self.env["res.users"])

    def _get_owners(self):
        """Return whose order it is: the buyer, and who made the order."""
        self.ensure_one()
        return self.user_id | self.order_id.create_uid

    def _may_be_seen_by(self, user):
        """Tell whether amounts of deposits are a user's business: not those of customer
        care, whose orders the system makes."""
        return (
            user.active
            and not user._is_superuser()
            and self.company_id in user.company_ids
            and any(map(user.has_group, READERS.split(",")))
        )

    @api.model
    def _check_role(self, *groups):
        """Refuse whoever is in none of the groups; nobody may write deposits."""
        self.check_access("read")
        if not self.env.su and not any(map(self.env.user.has_group, groups)):
            self.check_access("write")

    # ------------------------------------------------------------
    # SCREENS
    # ------------------------------------------------------------

    def _get_progress(self):
        """Return the deposits as the order shows them, each with what a buyer asks:
        how much, when, paid, deducted, and who holds it.

        Amounts are in words, so that no screen has to know currencies.
        """
        return [
            {
                "id": deposit.id,
                "name": deposit.title,
                "reference": deposit.name,
                "percent": deposit.percent and self._format_percent(deposit.percent),
                "state": deposit.state,
                "label": deposit._get_state_label(),
                **{n.removeprefix("amount_"): deposit._format(n) for n in SHOWN},
                "share_open": deposit._get_part("amount_open"),
                "share_deducted": deposit._get_part("amount_deducted"),
                "due": deposit.state in UNPAID
                and fields.Date.to_string(deposit.date_due),
                "paid_on": fields.Date.to_string(deposit.date_paid),
                "holder": deposit.held_by,
                "reason": deposit.state in UNPAID and deposit.hold_reason,
            }
            for deposit in self
        ]

    def _get_part(self, name):
        """Return an amount in percent of the deposit."""
        return round(100 * min(1.0, self[name] / self.amount)) if self.amount else 0

    def _format(self, name):
        """Return an amount in words, or nothing when it is zero."""
        amount = self[name]
        return not self.currency_id.is_zero(amount) and self._money(amount)

    def _money(self, amount):
        return self.currency_id.format(amount)

    def _get_state_label(self):
        labels = self._fields["state"]._description_selection(self.env)
        return dict(labels)[self.state]

    def _view(self, domain):
        """Return the action that opens them: a list, or the form of the only one."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supplier_deposit.supplier_deposit_action"
        )
        action.update(domain=domain, context={})
        if len(self) == 1:
            action.update(views=[(False, "form")], res_id=self.id)
        return action

    def action_view_moves(self):
        """Open the journal entries of the deposit."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Entries"),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.move_ids.ids)],
        }

    # ------------------------------------------------------------
    # APPROVAL: the gate is becoming due
    # ------------------------------------------------------------

    _approval_state_field = "stage"
    _approval_gate_states = ("due",)
    _approval_waiting_states = ("waiting",)
    _approval_void_states = ("cancelled",)

    def _approval_required(self):
        """What has been paid was approved: nobody can refuse that any more."""
        return super()._approval_required().filtered("amount_unpaid")

    def _approval_amount(self):
        return self._to_company_currency(self.amount)

    def _approval_term_fields(self):
        terms = {"partner_id", "company_id", "currency_id", "order_id"}
        return super()._approval_term_fields() | terms | {"amount", "date_due"}

    def _approval_terms(self):
        self.ensure_one()
        return {
            "company": self.company_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "amount": f"{self.amount:.6f}",
            "order_id": self.order_id.id,
            "date_due": fields.Date.to_string(self.date_due),
        }

    def _approval_requester(self):
        """The buyer asks: the system does it for them. For those who may not see
        amounts it asks for itself: requesters read them."""
        deposit = self.sudo()
        system = self.env["res.users"].browse(SUPERUSER_ID)
        return next(filter(deposit._may_be_seen_by, deposit._get_owners()), system)

    def _approval_excluded_users(self):
        """Whose order it is does not approve it, though the system asks."""
        return super()._approval_excluded_users() | self.sudo()._get_owners()[:1]

    def _approval_urgency(self):
        return self.order_id._approval_urgency()

    def _approval_summary(self):
        facts = self._approval_describe(self._approval_terms())["facts"]
        order = self.order_id
        total = self._money(order.amount_total)
        facts.insert(3, [self.env._("Total of the Order"), total])
        about = f"{self.partner_id.display_name} · {self._money(self.amount)}"
        return {
            "about": about,
            "facts": facts,
            "total": self._tell_share(),
            **order._approval_tell_goods(),
        }

    def _tell_share(self):
        """Say what the goods of the order come to, and which part of it this is."""
        total = self.order_id._approval_tell_total()
        if not self.order_id.amount_total:
            return total
        share = formatLang(
            self.env, 100 * self.amount / self.order_id.amount_total, digits=1
        )
        return self.env._("%(total)s; deposit: %(share)s %%", total=total, share=share)

    def _approval_describe(self, terms):
        env = self.env
        currency = env["res.currency"].browse(terms["currency_id"])
        due = fields.Date.to_date(terms["date_due"])
        vendor = self._approval_name("res.partner", terms["partner_id"])
        order = self._approval_name("purchase.order", terms["order_id"])
        amount = currency.format(float(terms["amount"]))
        facts = [
            [env._("Vendor"), vendor],
            [env._("Deposit"), amount],
            [env._("Purchase Order"), order],
            [env._("Due Date"), format_date(env, due)],
        ]
        return {"facts": facts, "columns": [], "rows": []}
