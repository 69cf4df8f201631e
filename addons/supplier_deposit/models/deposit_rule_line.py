from odoo import api, fields, models


class DepositRuleLine(models.Model):
    _name = "deposit.rule.line"
    _description = "Deposit of a Rule"
    _order = "sequence, id"

    rule_id = fields.Many2one(
        "deposit.rule", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rule_id.company_id", store=True)
    currency_id = fields.Many2one(related="rule_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    amount_type = fields.Selection(
        [("percent", "Percent"), ("fixed", "Fixed amount")],
        default="percent",
        required=True,
    )
    percent = fields.Float(
        compute="_compute_amounts", store=True, readonly=False, digits=(5, 2)
    )
    amount = fields.Monetary(
        string="Fixed Amount",
        compute="_compute_amounts",
        store=True,
        readonly=False,
        help="In company currency. No more than is left of the order.",
    )
    trigger = fields.Selection(
        [
            ("confirmed", "When the order is approved or confirmed"),
            ("before_delivery", "Days before the expected arrival"),
        ],
        string="When",
        default="confirmed",
        required=True,
    )
    days = fields.Integer(string="Days Before")

    _percent_is_a_share = models.Constraint(
        "CHECK (percent >= 0 AND percent <= 100 AND amount >= 0"
        " AND (percent > 0 OR amount > 0))",
        "A deposit is a percentage up to 100, or an amount.",
    )
    _days_not_negative = models.Constraint(
        "CHECK (days >= 0)", "Days before the arrival cannot be negative."
    )

    @api.depends("name", "percent", "amount", "amount_type")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Say how much it is: lists of rules show deposits by name only."""
        for line in self:
            share = self.env["deposit.terms"]._format_percent(line.percent)
            if line.amount_type == "fixed":
                share = line.currency_id.format(line.amount)
            line.display_name = f"{line.name}: {share}"

    @api.depends("amount_type")
    def _compute_amounts(self):
        for line in self:
            is_fixed = line.amount_type == "fixed"
            line.percent = 0.0 if is_fixed else line.percent
            line.amount = line.amount if is_fixed else 0.0

    def _get_day(self, order):
        """Return the day on which the deposit of an order is due; nothing: when it is
        confirmed."""
        self.ensure_one()
        if self.trigger != "before_delivery" or not order.date_planned:
            return None
        arrival = order.company_id._approval_day(order.date_planned)
        return fields.Date.subtract(arrival, days=self.days)

    @api.constrains("rule_id", "percent")
    def _check_rule(self):
        self.rule_id._check_lines()

    def unlink(self):
        rules = self.rule_id
        result = super().unlink()
        rules.exists()._check_lines()
        return result
