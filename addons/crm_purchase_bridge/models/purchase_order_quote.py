from odoo import fields, models
from odoo.exceptions import UserError

#: What a buyer enters into a quotation that was sent is what the vendor has said.
SAID_BY_VENDORS = frozenset({"date_planned", "discount", "price_unit"})


class PurchaseOrderLine(models.Model):
    """What lines of alternatives asked is kept when another one is chosen."""

    _inherit = "purchase.order.line"

    def write(self, vals):
        result = super().write(vals)
        if not SAID_BY_VENDORS.isdisjoint(vals):
            said = self.filtered(
                lambda line: (
                    line.state == "sent"
                    and line.order_id.purchase_group_id
                    and not line.vendor_answered_on
                )
            )
            if said:
                said.write({"vendor_answered_on": fields.Datetime.now()})
        return result

    def action_choose(self):
        self.check_access("write")  # Odoo asks only where there is something to change
        self.env["supply.offer"]._keep(self, "chosen")
        return super().action_choose()

    def action_clear_quantities(self):
        self.check_access("write")
        lines = self.filtered(lambda line: line.state not in ("cancel", "purchase"))
        self.env["supply.offer"]._keep(lines, "lost")
        return super().action_clear_quantities()


class PurchaseOrder(models.Model):
    """Alternatives: asking for them, comparing them, and what becomes of them."""

    _inherit = "purchase.order"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        """Keep what alternatives asked when it is decided about them."""
        states = {}
        if vals.get("state") in ("purchase", "cancel"):
            states = {each: each.state for each in self if each.purchase_group_id}
        result = super().write(vals)
        if states:
            self.browse(each.id for each in states)._keep_quotes(states)
        return result

    def unlink(self):
        rivals = self.filtered("purchase_group_id")
        if rivals:
            self.env["supply.offer"]._keep(rivals.order_line, "lost")
        return super().unlink()

    def _keep_quotes(self, states):
        """Keep what was ordered, and what is cancelled without having been.

        :param dict states: in which each of them was before
        """
        offers = self.env["supply.offer"]
        for outcome, state in (("ordered", "purchase"), ("lost", "cancel")):
            decided = self.filtered(
                lambda each, state=state: (
                    each.state == state and states[each] not in (state, "purchase")
                )
            )
            if decided:
                offers._keep(decided.order_line, outcome)

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _restore_quantities(self, lines):
        """Give lines back what they offered before another one was chosen."""
        self.ensure_one()
        empty = lines.filtered(lambda line: line.product_id and not line.product_qty)
        quotes = self.env["supply.quote"]._read_last(empty, ("lost",)) if empty else {}
        for line in empty:
            if quote := quotes.get(line.id):
                line.write(
                    {
                        "product_qty": quote.quantity,
                        "product_uom_id": quote.product_uom_id.id,
                        "price_unit": quote.price_unit,
                        "discount": quote.discount,
                        "date_planned": line.date_planned,
                    }
                )

    def _check_rivals(self, operation):
        """Check that there is something to compare this quotation with.

        :param str operation: what the user must have the right to
        """
        self.check_access(operation)
        if not self.purchase_group_id:
            raise UserError(
                self.env._(
                    "%s has no alternatives to compare with. Create one first.",
                    self.name,
                )
            )

    def _get_rivals(self):
        """Return an order and its alternatives, those that were cancelled left out."""
        self.ensure_one()
        orders = self | self.alternative_po_ids
        return (
            orders._filtered_access("read")
            .filtered(
                lambda each: (
                    each.company_id == self.company_id and each.state != "cancel"
                )
            )
            .sorted("id")
        )

    def _is_quote_asked(self):
        """Tell whether the vendor was asked what it costs."""
        self.ensure_one()
        return self.state == "sent" or any(self.order_line.mapped("vendor_asked_on"))

    def _is_quote_answered(self):
        """Tell whether the vendor has answered, or the buyer has entered what they
        said."""
        self.ensure_one()
        return any(self.order_line.mapped("vendor_answered_on"))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_ask_quotes(self):
        """Ask the vendors of this quotation and of its alternatives, by e-mail, what
        they offer: those who have not answered yet, each once a day.

        :return: a notification
        :raises UserError: when there is nobody to ask, or nowhere to send it to
        """
        self.ensure_one()
        self.env["supply.need"].check_access("read")  # buyers only
        self._check_rivals("write")
        company, rivals = self.company_id, self._get_rivals()
        open_ones = rivals.filtered(
            lambda each: (
                each.state in ("draft", "sent") and not each._is_quote_answered()
            )
        )
        if not open_ones:
            raise UserError(self.env._("All of these vendors have answered."))
        unknown = open_ones.partner_id.filtered(lambda each: not each.email)
        if unknown:
            raise UserError(
                self.env._(
                    "Enter an e-mail address first: %s.",
                    ", ".join(unknown.mapped("display_name")),
                )
            )
        open_ones.check_access("write")
        open_ones.lock_for_update()
        now = fields.Datetime.now()
        today = company._approval_day(now)
        fresh = open_ones.filtered(
            lambda each: (
                not any(
                    company._approval_day(asked) == today
                    for asked in each.order_line.mapped("vendor_asked_on")
                    if asked
                )
            )
        )
        fresh.order_line.write({"vendor_asked_on": now})
        fresh.filtered(lambda each: each.state == "draft").write({"state": "sent"})
        for each in fresh:
            each._send_question("crm_purchase_bridge.mail_template_ask_quote")
        if fresh:
            names = ", ".join(fresh.partner_id.mapped("display_name"))
            message = self.env._("Asked: %s.", names)
        else:
            message = self.env._("The vendors were asked today already.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": "success" if fresh else "info"},
        }

    def action_compare_quotes(self):
        """Open the comparison with the alternatives."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_purchase_bridge.supply_quotes_action"
        )
        return {**action, "context": {"active_id": self.id}}

    def action_take_over_answers(self):
        """Let the orders say what their vendors answered.

        :raises UserError: there is nothing, or somebody has decided already
        """
        return self._get_answers().action_take_over()

    def action_decline_answers(self):
        """Leave the orders as they are, whatever their vendors answered.

        :raises UserError: as above
        """
        return self._get_answers().action_decline()

    def _get_answers(self):
        self.check_access("write")
        answers = self.supply_answer_ids
        if not answers:
            raise UserError(
                self.env._("This has been decided already. Load the page again.")
            )
        return answers
