from odoo import SUPERUSER_ID, api, fields, models

STATES = [
    ("planned", "Planned"),
    ("waiting", "Waiting for Approval"),
    ("due", "Due"),
    ("paid", "Paid"),
    ("applied", "Partly Deducted"),
    ("done", "Deducted"),
    ("refund_awaited", "Refund Awaited"),
    ("refunded", "Refunded"),
    ("cancelled", "Cancelled"),
]

#: Who sees journal entries; buyers have no rights to them.
ACCOUNTING = "account.group_account_readonly,account.group_account_invoice"

#: No money has left yet.
UNPAID = ("planned", "waiting", "due")
#: Paid, and meant to be deducted from bills.
ACTIVE = ("paid", "applied", "done")


class SupplierDeposit(models.Model):
    """One deposit of one order.

    Nobody writes it: rules make it, methods move it, and what has been paid, deducted
    and given back is read from the journal entries (``supplier_deposit_sync``).
    """

    _name = "supplier.deposit"
    _description = "Supplier Deposit"
    _inherit = ["mail.thread", "mail.activity.mixin", "approval.mixin"]
    _order = "date_due, id"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(required=True, readonly=True)
    order_id = fields.Many2one(
        "purchase.order",
        string="Purchase Order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    rule_id = fields.Many2one(
        "deposit.rule", required=True, readonly=True, index=True, ondelete="restrict"
    )
    milestone_id = fields.Many2one(
        "deposit.rule.line", required=True, readonly=True, ondelete="restrict"
    )
    round = fields.Integer(
        readonly=True, help="Counts from zero how often the order was begun anew."
    )
    part = fields.Integer(
        readonly=True,
        help="Counts from zero: what a payment left over is a deposit of its own.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Vendor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one("res.users", string="Buyer", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        STATES, required=True, readonly=True, default="planned", tracking=True
    )
    method = fields.Selection(
        selection=lambda self: self._get_rule_selection("method"),
        required=True,
        readonly=True,
    )
    posting = fields.Selection(
        selection=lambda self: self._get_rule_selection("posting"),
        required=True,
        readonly=True,
    )
    deduction = fields.Selection(
        selection=lambda self: self._get_rule_selection("deduction"),
        required=True,
        readonly=True,
        default="proportion",
    )
    base = fields.Selection(
        selection=lambda self: self._get_rule_selection("base"),
        string="Percentage Of",
        required=True,
        readonly=True,
    )
    percent = fields.Float(readonly=True, digits=(5, 2))
    fixed_amount = fields.Monetary(
        readonly=True,
        help="What the rule asked for where it is no percentage. The deposit is less "
        "when the order comes to less, and grows back with it.",
    )
    journal_id = fields.Many2one(
        "account.journal", string="Bank or Cash", readonly=True, check_company=True
    )
    account_id = fields.Many2one(
        "account.account",
        string="Prepayment Account",
        readonly=True,
        check_company=True,
    )
    days_before = fields.Integer(readonly=True)
    is_dated = fields.Boolean(readonly=True)
    date_due = fields.Date(
        string="Due Date",
        compute="_compute_date_due",
        store=True,
        index=True,
        help="Follows the expected arrival until the deposit becomes due.",
    )
    amount = fields.Monetary(readonly=True, tracking=True)
    amount_paid = fields.Monetary(string="Paid", readonly=True)
    amount_applied = fields.Monetary(string="Deducted", readonly=True)
    amount_refunded = fields.Monetary(string="Refunded", readonly=True)
    amount_open = fields.Monetary(
        string="Paid, Not Deducted",
        readonly=True,
        help="What the vendor still owes: neither deducted nor given back.",
    )
    amount_open_company = fields.Monetary(
        string="Paid, Not Deducted (Company)",
        readonly=True,
        currency_field="company_currency_id",
    )
    amount_claimed = fields.Monetary(
        string="Claimed in Part",
        readonly=True,
        help="So much is claimed back, or has come back, while the rest is deducted.",
    )
    amount_awaited = fields.Monetary(
        string="Refund Awaited",
        readonly=True,
        help="What was claimed back and has not arrived.",
    )
    date_paid = fields.Date(string="Paid On", readonly=True, index="btree_not_null")
    age = fields.Selection(
        [
            ("0", "Up to 30 days"),
            ("1", "31 to 60 days"),
            ("2", "61 to 90 days"),
            ("3", "Over 90 days"),
        ],
        string="Age of Open Deposit",
        readonly=True,
    )
    is_claimed = fields.Boolean(
        string="Claimed Back", readonly=True, help="It is not deducted any more."
    )
    is_order_ended = fields.Boolean(
        readonly=True,
        help="Its order was cancelled: if it begins anew, so does the deposit.",
    )
    is_refused = fields.Boolean(
        readonly=True, help="An approver refused it: it waits for the buyer."
    )
    hold_reason = fields.Char(
        string="On Hold", readonly=True, help="Why it could not become due or be paid."
    )
    payment_id = fields.Many2one(
        "account.payment",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    bill_id = fields.Many2one(
        "account.move",
        string="Deposit Bill",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    order_line_id = fields.Many2one(
        "purchase.order.line",
        string="Down Payment Line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    _once = models.UniqueIndex("(order_id, milestone_id, round, part)")
    _payment_once = models.UniqueIndex("(payment_id) WHERE payment_id IS NOT NULL")
    _bill_once = models.UniqueIndex("(bill_id) WHERE bill_id IS NOT NULL")
    _amounts = models.Constraint(
        "CHECK (amount >= 0 AND amount_paid >= 0 AND amount_applied >= 0"
        " AND amount_refunded >= 0 AND amount_open >= 0)",
        "A deposit cannot be negative.",
    )
    _planned = models.Index("(date_due, id) WHERE state = 'planned'")
    _open = models.Index("(age, date_paid, id) WHERE amount_open > 0")
    _unpaid = models.Index("(order_id) WHERE state IN ('planned', 'waiting', 'due')")

    @api.model
    def _get_rule_selection(self, name):
        """Return the choices of a field of the rule, in the user's language."""
        field = self.env["deposit.rule"]._fields[name]
        return field._description_selection(self.env)

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

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

    def _get_planned_date(self):
        """Return the date that follows from the expected arrival, if it does."""
        self.ensure_one()
        if not self.is_dated or not self.order_id.date_planned:
            return False
        arrival = self.company_id._approval_day(self.order_id.date_planned)
        return fields.Date.subtract(arrival, days=self.days_before)

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

    def _as_system(self):
        """Return the deposits likewise, in their own company and on its day."""
        company = self[:1].sudo().company_id
        deposits = self._engine(company).browse(self.ids)
        return deposits.with_company(company)
