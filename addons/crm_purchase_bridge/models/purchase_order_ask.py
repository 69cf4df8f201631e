from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, format_date

from odoo.addons.supplier_deposit.models.supplier_deposit import UNPAID

from ..answering import read_day, read_number, write_number


class PurchaseOrderLine(models.Model):
    """Lines of which the vendor is asked when they come."""

    _inherit = "purchase.order.line"

    vendor_asked_on = fields.Datetime(
        string="Vendor Asked",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When the vendor was last asked for the day of arrival.",
    )
    vendor_answered_on = fields.Datetime(
        string="Vendor Answered",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When the vendor confirmed or changed the day of arrival.",
    )
    quantity_due = fields.Float(
        string="Still to Come",
        compute="_compute_quantity_due",
        digits="Product Unit",
        groups="base.group_user",
    )

    @api.depends("product_qty", "qty_received")
    def _compute_quantity_due(self):
        for line in self:
            line.quantity_due = max(line.product_qty - line.qty_received, 0.0)

    def _is_to_come(self):
        """Tell whether the vendor still owes something of the line."""
        self.ensure_one()
        return (
            not self.display_type
            and self.product_id.type == "consu"
            and self.order_id.state == "purchase"
            and float_compare(self.qty_received, self.product_qty, precision_digits=6)
            < 0
        )

    def _is_to_be_dated(self):
        """Tell whether its date still matters, ordered or not."""
        self.ensure_one()
        return self._is_to_come() or (
            not self.display_type
            and bool(self.product_id)
            and self.order_id.state in ("draft", "sent", "to approve")
        )

    def _is_asked(self):
        """Tell whether the vendor owes an answer."""
        self.ensure_one()
        return bool(
            self.vendor_asked_on
            and (self.vendor_answered_on or self.vendor_asked_on)
            <= self.vendor_asked_on
        )

    def _get_net_price(self):
        """Return the price of one unit, less discounts."""
        self.ensure_one()
        return self.price_unit * (1 - self.discount / 100)

    def _is_cost_price(self):
        """Tell whether nobody named the price: Odoo puts our own cost there where a
        vendor has no price list. It is no answer, and no business of vendors."""
        self.ensure_one()
        product, vendor = self.product_id, self.order_id.partner_id
        if (
            self.vendor_answered_on
            or self.state == "purchase"
            or vendor.commercial_partner_id
            in product.seller_ids.partner_id.commercial_partner_id
        ):
            return False
        cost = product.uom_id._compute_price(
            product.standard_price, self.product_uom_id
        )
        cost = product.cost_currency_id._convert(
            cost, self.currency_id, self.company_id, self.date_order, round=False
        )
        return not float_compare(self.price_unit, cost, precision_digits=2)

    def _get_proposal(self, answer):
        """Return the values of what an answer proposes; nothing where the line says
        the same."""
        offer = self._complete_answer(answer)
        return self._prepare_answer(*offer) if self._is_other_offer(*offer) else None

    def _complete_answer(self, answer):
        """Return the quantity and the price that the line would have by an answer: of
        what is ordered a vendor says how much is still to come."""
        self.ensure_one()
        quantity, price = answer["quantity"], answer["price"]
        if quantity is None:
            quantity = self.product_qty
        elif self.order_id.state == "purchase":
            quantity += self.qty_received
        return quantity, self._get_net_price() if price is None else price

    def _is_other_offer(self, quantity, price):
        """Tell whether that is other than what the line says."""
        self.ensure_one()
        return bool(
            float_compare(self.product_qty, quantity, precision_digits=6)
            or float_compare(self._get_net_price(), price, precision_digits=6)
        )

    def _prepare_answer(self, quantity, price):
        """Return the values of a proposal, see ``supply.answer``."""
        self.ensure_one()
        return {
            "order_id": self.order_id.id,
            "line_id": self.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "quantity": quantity,
            "price_unit": price,
            "quantity_before": self.product_qty,
            "price_before": self._get_net_price(),
            "answered_at": fields.Datetime.now(),
        }

    def action_ask_vendor(self):
        """Ask the vendors of these lines, by e-mail, when they come.

        One e-mail an order, whichever lines are chosen and however often: a line is
        asked about once a day.

        :raises UserError: when there is nothing to ask, or nowhere to send it to
        """
        self.check_access("write")
        self.env["supply.need"].check_access("read")  # buyers only
        lines = self.sudo().filtered(lambda line: line._is_to_come())
        if not lines:
            raise UserError(self.env._("Choose ordered goods that have not come yet."))
        unknown = lines.order_id.partner_id.filtered(lambda each: not each.email)
        if unknown:
            raise UserError(
                self.env._(
                    "Enter an e-mail address first: %s.",
                    ", ".join(unknown.mapped("display_name")),
                )
            )
        lines.lock_for_update()
        now = fields.Datetime.now()
        fresh = lines.filtered(
            lambda line: (
                not line._is_asked()
                or line.company_id._approval_day(line.vendor_asked_on)
                < line.company_id._approval_day(now)
            )
        )
        fresh.write({"vendor_asked_on": now, "vendor_answered_on": False})
        for order in fresh.order_id:
            order._send_question()
        if not fresh:
            message = self.env._("The vendors were asked today already.")
        else:
            names = ", ".join(fresh.order_id.partner_id.mapped("display_name"))
            message = self.env._("Asked: %s.", names)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success" if fresh else "info",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_new_dates(self):
        """Give these lines new dates, and see before what comes later because of it."""
        self.check_access("write")
        return self.env["supply.redate"]._open(self)


class PurchaseOrder(models.Model):
    """Vendors say without a log-in when the goods come, and what they cost."""

    _inherit = "purchase.order"

    supply_answer_ids = fields.One2many(
        "supply.answer",
        "order_id",
        string="Vendor's Answers",
        domain=[("state", "=", "open")],
        groups="purchase.group_purchase_user",
    )

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
        for line in self._get_lines_to_answer():
            answer = proposed.get(line)
            quantity = answer.quantity if answer else line.product_qty
            price = answer.price_unit if answer else line._get_net_price()
            if not answer and line._is_cost_price():
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
