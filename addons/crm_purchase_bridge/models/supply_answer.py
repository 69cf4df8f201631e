from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

#: No vendor needs more answers about one line in a day; whoever has a link may not
#: fill the database.
MOST_A_DAY = 20


class SupplyAnswer(models.Model):
    """What a vendor answers about a line of a purchase that is other than its terms.

    Quantity and price are terms: they are proposed to the buyer, who takes them over
    or does not. The order itself is not touched, and an approval neither.
    """

    _name = "supply.answer"
    _description = "Vendor's Answer"
    _inherit = ["approval.protected"]
    _order = "id desc"
    _rec_name = "line_id"

    order_id = fields.Many2one(
        "purchase.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "purchase.order.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(related="line_id.product_id")
    product_uom_id = fields.Many2one(related="line_id.product_uom_id", string="Unit")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one("res.currency", readonly=True, ondelete="restrict")
    quantity = fields.Float(readonly=True, digits="Product Unit")
    price_unit = fields.Float(
        string="Price",
        readonly=True,
        digits="Product Price",
        aggregator=None,
        help="Of one unit, less discounts.",
    )
    quantity_before = fields.Float(
        string="Quantity Until Now", readonly=True, digits="Product Unit"
    )
    price_before = fields.Float(
        string="Price Until Now",
        readonly=True,
        digits="Product Price",
        aggregator=None,
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("taken", "Taken Over"),
            ("declined", "Declined"),
            ("replaced", "Replaced"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    answered_at = fields.Datetime(string="Answered", readonly=True)
    decided_at = fields.Datetime(string="Decided", readonly=True)
    decided_by_id = fields.Many2one(
        "res.users", string="Decided By", readonly=True, ondelete="restrict"
    )

    _once = models.UniqueIndex("(line_id) WHERE state = 'open'")

    # ------------------------------------------------------------
    # VENDORS
    # ------------------------------------------------------------

    @api.model
    def _propose(self, proposals):
        """Take down what vendors propose for lines, in place of what they proposed
        before; what the order says already is no proposal.

        The caller has locked the order.

        :param dict proposals: values of a proposal by ``purchase.order.line``; nothing
            where it is what the order says
        :return: the new proposals
        :raises UserError: a line has been answered too often today
        """
        answers = self.with_env(self.env(su=True, context={}))
        lines = answers.env["purchase.order.line"].union(*proposals)
        before = answers.search([("line_id", "in", lines.ids), ("state", "=", "open")])
        before = before.grouped("line_id")
        rows, over = [], answers.browse()
        for line, values in proposals.items():
            old = before.get(line, answers.browse())
            if values and old and not old._is_other(values):
                continue
            over |= old
            if values:
                rows.append(values)
        answers._check_number(rows)
        if over:
            over._system_write({"state": "replaced"})
            over.flush_recordset()
        return answers._system_create(rows)

    @api.model
    def _check_number(self, rows):
        since = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        counts = self._read_group(
            [
                ("line_id", "in", [values["line_id"] for values in rows]),
                ("answered_at", ">=", since),
            ],
            ["line_id"],
            ["__count"],
        )
        if any(count >= MOST_A_DAY for _line, count in counts):
            raise UserError(
                self.env._("This was changed very often today. Please call us.")
            )

    def _is_other(self, values):
        """Tell whether an answer says something else than this one."""
        self.ensure_one()
        return any(
            float_compare(self[name], values[name], precision_digits=6)
            for name in ("quantity", "price_unit")
        )

    # ------------------------------------------------------------
    # BUYERS
    # ------------------------------------------------------------

    def action_take_over(self):
        """Let the orders say what the vendors answered; the buyer changes them, and an
        approval is asked again where it has to be.

        :raises UserError: somebody has decided already, or the order is cancelled
        """
        answers = self._get_open()
        for answer in answers:
            line = answer.line_id.sudo(False)
            if line.order_id.state == "cancel":
                raise UserError(
                    self.env._("%s is cancelled.", line.order_id.display_name)
                )
            line.write(
                {
                    "product_qty": answer.quantity,
                    "price_unit": answer.price_unit,
                    "discount": 0.0,
                    # Odoo would plan it anew for another quantity
                    "date_planned": line.date_planned,
                }
            )
        answers._decide("taken")
        return True

    def action_decline(self):
        """Leave the orders as they are.

        :raises UserError: somebody has decided already
        """
        self._get_open()._decide("declined")
        return True

    def _get_open(self):
        """Return those that can be decided, which a buyer may do who may change the
        orders."""
        self.env["supply.need"].check_access("read")  # buyers only
        self.check_access("read")
        self.order_id.check_access("write")
        answers = self.sudo()
        answers.order_id._approval_touch()
        if any(answer.state != "open" for answer in answers):
            raise UserError(
                self.env._("This has been decided already. Load the page again.")
            )
        return answers

    def _decide(self, state):
        self._system_write(
            {
                "state": state,
                "decided_at": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
            }
        )
        for order in self.order_id:
            if not order.supply_answer_ids.filtered(lambda each: each.state == "open"):
                order.activity_unlink(["crm_purchase_bridge.mail_activity_type_answer"])
