from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

#: What an order of the example comes to, in the currency of the company.
EXAMPLE = {"VND": 100_000_000, "IDR": 100_000_000, "JPY": 1_000_000}
EXAMPLE_ELSEWHERE = 10_000
#: Days until the goods of the example arrive.
ARRIVAL = 30


class DepositRule(models.Model):
    """What a rule would do with an order, for whoever writes it."""

    _inherit = "deposit.rule"

    example_amount = fields.Monetary(
        string="For an Order of",
        compute="_compute_example_amount",
        readonly=False,
        help="Enter any amount; it is not stored.",
    )
    preview = fields.Html(compute="_compute_preview", string="Example", sanitize=False)

    @api.depends("currency_id")
    def _compute_example_amount(self):
        for rule in self:
            amount = EXAMPLE.get(rule.currency_id.name, EXAMPLE_ELSEWHERE)
            rule.example_amount = max(amount, rule.amount_min)

    @api.depends(
        "example_amount",
        "amount_min",
        "method",
        "posting",
        "base",
        "cap",
        "line_ids.name",
        "line_ids.amount_type",
        "line_ids.percent",
        "line_ids.amount",
        "line_ids.trigger",
        "line_ids.days",
    )
    def _compute_preview(self):
        for rule in self:
            rule.preview = rule._render_preview()

    def _render_preview(self):
        self.ensure_one()
        env = self.env
        total = self.example_amount
        if total < self.amount_min:
            return Markup('<div class="text-muted">%s</div>') % env._(
                "The rule does not apply: the order is below %(amount)s.",
                amount=self._money(self.amount_min),
            )
        rows, left = Markup(), total
        for line in self.line_ids:
            share = total * line.percent / 100
            amount = line.amount if line.amount_type == "fixed" else share
            amount = min(self.currency_id.round(amount), left)
            left -= amount
            rows += Markup(
                "<tr><td>{}</td><td>{}</td><td class='text-end text-nowrap fw-bold'>"
                "{}</td></tr>"
            ).format(line.name or "", self._say_when(line), self._money(amount))
        if not rows:
            return Markup('<div class="text-muted">%s</div>') % env._(
                "Add a deposit to see what the rule would do."
            )
        rows += Markup(
            "<tr class='text-muted'><td>{}</td><td></td>"
            "<td class='text-end text-nowrap'>{}</td></tr>"
        ).format(env._("Left for the bills"), self._money(left))
        return Markup(
            "<table class='table table-sm mb-2'><tbody>{}</tbody></table>"
            "<div class='text-muted'>{}</div>"
        ).format(rows, self._say_how(max(0.0, total - left)))

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _say_when(self, line):
        if line.trigger == "confirmed":
            return self.env._("as soon as the order is approved or confirmed")
        today = fields.Date.context_today(self)
        arrival = fields.Date.add(today, days=ARRIVAL)
        due = fields.Date.subtract(arrival, days=line.days)
        return self.env._(
            "%(days)s days before the goods arrive: on %(date)s, were they expected "
            "%(arrival)s",
            days=line.days,
            date=format_date(self.env, due),
            arrival=format_date(self.env, arrival),
        )

    def _say_how(self, amount):
        env = self.env
        if self.method == "bill" and self.posting == "posted":
            how = env._(
                "A deposit bill is posted for each at once; the cashier pays it from "
                "Deposits to Pay."
            )
        elif self.method == "bill":
            how = env._(
                "A deposit bill is drafted for each; the cashier posts and pays it "
                "from Deposits to Pay."
            )
        elif self.posting == "posted":
            how = env._("A payment is posted for each at once, without the cashier.")
        else:
            how = env._(
                "A payment is drafted for each; the cashier posts it from Deposits to "
                "Pay."
            )
        if self.base == "untaxed":
            how += " " + env._("Percentages are of the amount before taxes.")
        if self.cap and amount > self.cap:
            how += " " + env._(
                "Together they exceed the limit of %(cap)s per vendor: some wait until "
                "others are deducted.",
                cap=self._money(self.cap),
            )
        return how
