from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.supplier_deposit.models.supplier_deposit import UNPAID

from ..answering import read_day, read_number, write_number


class PurchaseOrder(models.Model):
    """Vendors are asked what they offer and when goods come, and answer without a
    log-in; alternatives are compared, and what they asked is kept."""

    _inherit = "purchase.order"

    supply_answer_ids = fields.One2many(
        "supply.answer",
        "order_id",
        string="Vendor's Answers",
        domain=[("state", "=", "open")],
        groups="purchase.group_purchase_user",
    )

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
    # WHAT VENDORS ANSWER
    # ------------------------------------------------------------

    def get_dates_url(self):
        """Return the address of the page on which the vendor names days."""
        self.ensure_one()
        self.check_access("write")  # who has the link may name days
        self.sudo()._portal_ensure_token()
        return self.get_base_url() + self.get_portal_url(suffix="/dates")

    def _send_question(self, template="crm_purchase_bridge.mail_template_ask_vendor"):
        self.ensure_one()
        template = self.env.ref(template)
        self.with_context(is_reminder=True).message_post_with_source(
            template,
            email_layout_xmlid="mail.mail_notification_light",
            subtype_xmlid="mail.mt_comment",
        )

    def _is_for_answers(self):
        """Tell whether the vendor may still say what it offers: nothing is ordered."""
        self.ensure_one()
        return self.state in ("draft", "sent", "to approve")

    def _get_lines_to_answer(self):
        """Return the lines about which the vendor can say something: of a quotation
        all, of an order what is to come; what was asked first."""
        self.ensure_one()
        if self._is_for_answers():
            lines = self.order_line.filtered(
                lambda line: (
                    line.product_id
                    and not line.display_type
                    and not line.is_downpayment
                )
            )
        else:
            lines = self.order_line.filtered(lambda line: line._is_to_come())
        return lines.sorted(lambda line: not line._is_asked())

    def _get_vendor_lines(self, entered):
        """Return what the vendor reads about its lines, and what the fields hold: what
        was entered last, if that was wrong; else what it proposed, else what stands.

        Prices are this vendor's own, and no other's.
        """
        self.ensure_one()
        today, rows = self.company_id._approval_day(), []
        is_quotation = self._is_for_answers()
        proposed = self.supply_answer_ids.grouped("line_id")
        offers = self.env["supply.offer"]
        for line in self._get_lines_to_answer():
            answer = proposed.get(line)
            quantity = answer.quantity if answer else line.product_qty
            price = answer.price_unit if answer else line._get_net_price()
            if not answer and offers._is_cost_price(line):
                price = 0.0
            planned = line.date_planned and self.company_id._approval_day(
                line.date_planned
            )
            come = 0.0 if is_quotation else line.qty_received
            values = {
                "day": planned if planned and planned >= today else None,
                "quantity": write_number(max(quantity - come, 0.0)),
                "price": write_number(price) if price else None,
            }
            values |= entered.get(line.id, {})
            values["line"] = line
            values["asked"] = write_number(
                line.product_qty if is_quotation else line.quantity_due
            )
            values["proposed"] = answer and " × ".join(
                (
                    write_number(max(answer.quantity - come, 0.0)),
                    self.currency_id.format(answer.price_unit),
                )[: 2 if is_quotation else 1]
            )
            rows.append(values)
        return rows

    def _get_vendor_deposits(self):
        """Return what the vendor may know of the deposits of its order: how much, and
        whether it is still to be paid or was, on which day; nothing of our approvals
        and of our cash."""
        self.ensure_one()
        rows = []
        for deposit in self.deposit_ids.filtered(
            lambda each: each.state != "cancelled"
        ):
            if deposit.state not in UNPAID and deposit.date_paid:
                text = self.env._(
                    "paid on %s", format_date(self.env, deposit.date_paid)
                )
            elif deposit.date_due:
                text = self.env._(
                    "asked for, to be paid by %s",
                    format_date(self.env, deposit.date_due),
                )
            else:
                text = self.env._("asked for")
            rows.append({"text": text, "amount": deposit.amount})
        return rows

    def _vendor_answers(self, entered, note=""):
        """Take down what the vendor enters about lines: day, quantity, and of a
        quotation the price.

        A day is news, and decides nothing: it goes into the order, the buyer hears of
        it as Odoo does it, and an approval stays. Quantity and price are terms: what is
        other than the order is proposed to the buyer, and changes nothing.

        :param dict entered: *day*, *quantity* and *price* as they were typed, by id of
            the line; what is not a line of this order is left alone
        :param str note: in the vendor's words
        :return: what is wrong with it, for the vendor; nothing when all is well
        :rtype: str
        """
        self.ensure_one()
        # of two answers at once the second meets a serialization error, and is retried
        self._approval_touch()
        self.flush_recordset()
        answers = {}
        for line in self._get_lines_to_answer():
            if line.id in entered:
                try:
                    answers[line] = self._read_answer(line, entered[line.id])
                except UserError as wrong:
                    return str(wrong)
        answers = {line: each for line, each in answers.items() if any(each.values())}
        if not answers:
            return self.env._("Please enter at least one day or price.")
        try:
            proposals = self.env["supply.answer"]._propose(
                {line: line._get_proposal(each) for line, each in answers.items()}
            )
        except UserError as wrong:
            return str(wrong)
        self._name_days(
            {line: each["day"] for line, each in answers.items() if each["day"]}
        )
        self.env["purchase.order.line"].union(*answers).write(
            {"vendor_answered_on": fields.Datetime.now()}
        )
        if not self._is_for_answers() and not self.acknowledged:
            self.action_acknowledge()
        self._tell_buyer(proposals)
        self._log_answers(answers, note)
        return ""

    def _read_answer(self, line, entered):
        """Return day, quantity and price that were typed for a line.

        :raises UserError: they make no sense
        """
        today = self.company_id._approval_day()
        try:
            day = read_day(entered.get("day") or "", today)
        except ValueError:
            raise UserError(self.env._("Please enter a day from today on.")) from None
        try:
            quantity = read_number(entered.get("quantity") or "")
            price = read_number(
                entered.get("price") or "", not self.currency_id.decimal_places
            )
        except ValueError:
            raise UserError(
                self.env._(
                    "Please enter quantities and prices as plain numbers, without "
                    "signs between thousands."
                )
            ) from None
        if price == 0:
            raise UserError(
                self.env._(
                    "Please enter a price above zero. If you cannot deliver, enter the "
                    "quantity 0."
                )
            )
        return {
            "day": day,
            "quantity": quantity,
            "price": price if self._is_for_answers() else None,
        }

    def _name_days(self, named):
        """Let the lines come on the days that the vendor names."""
        changed = []
        for line, day in named.items():
            before = line.date_planned and self.company_id._approval_day(
                line.date_planned
            )
            if day != before:
                changed.append((line, line._convert_to_middle_of_day(day)))
        if changed and self.user_id:
            self._update_date_planned_for_lines(changed)
        else:  # nobody to hear of it but who follows the order
            for line, moment in changed:
                line._update_date_planned(moment)

    def _tell_buyer(self, proposals):
        """Give the buyer a to-do for what the vendor proposes; one is enough."""
        kind = "crm_purchase_bridge.mail_activity_type_answer"
        if proposals and self.user_id and not self.activity_search([kind]):
            self.activity_schedule(kind, user_id=self.user_id.id)

    def _update_date_planned_for_lines(self, updated_dates):
        """What vendors enter on Odoo's own page is an answer as well."""
        result = super()._update_date_planned_for_lines(updated_dates)
        lines = self.env["purchase.order.line"].union(
            *(each[0] for each in updated_dates)
        )
        lines.write({"vendor_answered_on": fields.Datetime.now()})
        return result

    def _log_answers(self, answers, note):
        """Note what the vendor entered in the history of the order."""
        rows = []
        for line, answer in answers.items():
            said = [
                answer["day"] and format_date(self.env, answer["day"]),
                answer["quantity"] is not None
                and " ".join(
                    (write_number(answer["quantity"]), line.product_uom_id.name)
                ),
                answer["price"] is not None
                and self.currency_id.format(answer["price"]),
            ]
            rows.append(
                self.env._(
                    "%(product)s: %(answer)s",
                    product=line.product_id.display_name,
                    answer=", ".join(filter(None, said)),
                )
            )
        text = self.env._("%s answers:", self.partner_id.display_name)
        self.message_post(
            body="\n".join([text, *rows, *filter(None, [note[:500]])]),
            author_id=self.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )

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
