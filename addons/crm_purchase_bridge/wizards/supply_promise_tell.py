from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..models.supply_promise import CHANNELS


class SupplyPromiseTell(models.TransientModel):
    """What customer care tells a customer: a day for each line, and the words."""

    _name = "supply.promise.tell"
    _description = "Tell the Customer"

    order_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    line_ids = fields.One2many("supply.promise.tell.line", "tell_id", string="Lines")
    channel = fields.Selection(CHANNELS, required=True, default="phone")
    copies_date = fields.Boolean(
        string="Also Set the Delivery Date",
        help="Writes the latest day told to the order's delivery date. Odoo then plans "
        "its transfers for it.",
    )
    was_told = fields.Boolean(compute="_compute_wishes")
    has_new_wish = fields.Boolean(compute="_compute_wishes")
    warning = fields.Char(compute="_compute_message")
    message = fields.Text(
        compute="_compute_message",
        help="In the customer's language, ready to be copied.",
    )

    @api.depends("line_ids.wanted_on", "line_ids.told_before")
    def _compute_wishes(self):
        for tell in self:
            tell.was_told = any(tell.line_ids.mapped("told_before"))
            tell.has_new_wish = bool(tell._get_new_wishes())

    def _get_new_wishes(self):
        return self.line_ids.filtered(lambda line: line.wanted_on != line.wanted_before)

    @api.depends("line_ids.told_on")
    def _compute_message(self):
        panel = self.env["supply.panel"]
        for tell in self:
            document = tell._get_document()
            for records in (
                document,
                tell.line_ids.sale_line_id,
                tell.line_ids.lead_line_id,
            ):
                records.check_access("read")
            early = tell.line_ids.filtered(lambda line: line._is_early())
            tell.warning = " · ".join(early.mapped("advice")) or False
            lines = tell.line_ids._get_lines()
            days = {
                (line._get_line()._name, line._get_line().id): line.told_on
                for line in tell.line_ids
            }
            cards = panel._get_cards(lines) if lines else []
            cards = [card for card in cards if days.get((card["model"], card["id"]))]
            for card in cards:
                day = days[card["model"], card["id"]]
                card["chosen"] = fields.Date.to_string(day)
            tell.message = panel._get_message(document, cards) if document else False

    def _get_document(self):
        return self.order_id or self.lead_id

    @api.model
    def _open(self, document):
        """Open the dialogue for an order or opportunity.

        :param document: ``sale.order`` or ``crm.lead`` that the user may change
        :raises UserError: there is nothing to tell
        """
        document.ensure_one()
        document.check_access("write")
        groups = self.env["supply.panel"]._get_lines(document)
        own = "lead_id" if document._name == "crm.lead" else "order_id"
        cards = []
        for lines in groups:
            if own == "lead_id" and lines._name != "crm.lead.line":
                continue
            cards += self.env["supply.panel"]._get_cards(lines)
        cards = [card for card in cards if card["is_open"]]
        if not cards:
            raise UserError(
                self.env._("%s: nothing is waiting for goods.", document.display_name)
            )
        tell = self.create(
            {
                own: document.id,
                "partner_id": document.partner_id.id,
                "line_ids": [
                    Command.create(self._prepare_line(card)) for card in cards
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tell the Customer"),
            "res_model": self._name,
            "res_id": tell.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.model
    def _prepare_line(self, card):
        """Return the values of the line about a card."""
        subject = "lead_line_id" if card["model"] == "crm.lead.line" else "sale_line_id"
        return {
            subject: card["id"],
            "wanted_on": card["wanted"],
            "likely_on": card["likely"],
            "safe_on": card["safe"],
            "quantity": card["quantity"],
            "why": card["why"],
            "told_before": card["told"],
            "wanted_before": card["wanted"],
        }

    def action_keep_wanted(self):
        """Keep what the customer wants; they are told a day later."""
        self.ensure_one()
        document = self._get_document()
        document.check_access("write")
        if not self._keep_wanted(document):
            raise UserError(self.env._("Say by when the customer wants the goods."))
        return {"type": "ir.actions.act_window_close"}

    def _keep_wanted(self, document):
        """Write what the customer wants to the lines, before they are told anything.

        :return: whether there was something to keep
        """
        lines = self._get_new_wishes()
        self._check_lines(document, lines)
        for day, group in lines.grouped("wanted_on").items():
            group.sale_line_id.write({"wanted_on": day})
            group.lead_line_id.write({"needed_on": day})
        return bool(lines)

    def action_tell(self):
        """Keep what was told, with who told it, when, and by which channel; what the
        customer wants is kept before."""
        self.ensure_one()
        document = self._get_document()
        document.check_access("write")
        lines = self.line_ids.filtered(
            lambda line: line.told_on and line.told_on != line.told_before
        )
        if not lines:
            raise UserError(self.env._("Say which new day you told the customer."))
        past = min(lines.mapped("told_on"))
        if past < document.company_id._approval_day():
            raise UserError(
                self.env._(
                    "Nobody can be told a day that is over: %s.",
                    format_date(self.env, past),
                )
            )
        self._check_lines(document, lines)
        self._keep_wanted(document)
        promises = self.env["supply.promise"]
        for name in ("sale_line_id", "lead_line_id"):
            told = {line[name].id: line.told_on for line in lines if line[name]}
            if told:
                promises._tell(lines[name], told, self.channel)
        if self.copies_date and self.order_id:
            promises._set_delivery_dates(self.order_id)
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _check_lines(self, document, lines):
        """Refuse lines that the user may not change, or that belong elsewhere."""
        for name, owner in (("sale_line_id", "order_id"), ("lead_line_id", "lead_id")):
            mine = lines[name]
            mine.check_access("write")
            if mine and mine[owner] != document:
                raise UserError(self.env._("These lines belong to something else."))


class SupplyPromiseTellLine(models.TransientModel):
    """The day that a customer is told for one line."""

    _name = "supply.promise.tell.line"
    _description = "Tell the Customer: Line"

    tell_id = fields.Many2one(
        "supply.promise.tell", required=True, ondelete="cascade", index=True
    )
    sale_line_id = fields.Many2one("sale.order.line", readonly=True)
    lead_line_id = fields.Many2one("crm.lead.line", readonly=True)
    product_id = fields.Many2one("product.product", compute="_compute_product_id")
    wanted_on = fields.Date(
        string="Wanted", help="By when the customer wants the goods."
    )
    wanted_before = fields.Date(readonly=True)
    likely_on = fields.Date(string="Likely", readonly=True)
    safe_on = fields.Date(string="Safe", readonly=True)
    why = fields.Char(readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    told_before = fields.Date(readonly=True)
    told_on = fields.Date(
        string="We Tell", compute="_compute_told_on", store=True, readonly=False
    )
    # not readonly: forms would forget what it was
    proposed_on = fields.Date(compute="_compute_told_on", store=True, readonly=False)
    advice = fields.Char(compute="_compute_advice")

    @api.depends("sale_line_id", "lead_line_id")
    def _compute_product_id(self):
        for line in self:
            line.product_id = line._get_line().product_id

    @api.depends("wanted_on", "likely_on", "safe_on", "told_before")
    def _compute_told_on(self):
        """Propose a safe day: the one that was told, or that is wanted, if it is no
        earlier. A day that somebody chose stays."""
        for line in self:
            was, line.proposed_on = line.proposed_on, line._propose_day()
            if not line.told_on or line.told_on == was:
                line.told_on = line.proposed_on

    def _propose_day(self):
        safe = self.safe_on or self.likely_on
        if not safe:
            return False
        if self.told_before and self.told_before >= safe:
            return self.told_before
        return max(safe, self.wanted_on or safe)

    @api.depends("told_on", "likely_on", "safe_on")
    @api.depends_context("lang")
    def _compute_advice(self):
        for line in self:
            line.advice = line._is_early() and line._get_advice()

    def _is_early(self):
        """Tell whether the customer would be told a day that is not safe."""
        safe = self.safe_on or self.likely_on
        return bool(self.told_on) and (not safe or self.told_on < safe)

    def _get_advice(self):
        if not self.likely_on:
            return self.env._(
                "%s: nobody knows when it comes.", self.product_id.display_name
            )
        panel = self.env["supply.panel"]
        return self.env._(
            "%(product)s: %(likely)s is likely, %(safe)s is safe.",
            product=self.product_id.display_name,
            likely=panel._say_day(self.likely_on),
            safe=panel._say_day(self.safe_on or self.likely_on),
        )

    def _get_line(self):
        return self.sale_line_id or self.lead_line_id

    def _get_lines(self):
        """Return the lines of the order or of the opportunity."""
        return self.sale_line_id or self.lead_line_id
