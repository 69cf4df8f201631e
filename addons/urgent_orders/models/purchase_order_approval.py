from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, formatLang

from odoo.addons.approval_matrix.fingerprint import canonical


class PurchaseOrder(models.Model):
    """Purchase orders under approval, in Odoo's own states.

    *Confirm* leads to ``to approve``, which submits; the last approval confirms.
    Where a rule matches it replaces Odoo's double validation.
    """

    _name = "purchase.order"
    _inherit = ["purchase.order", "approval.mixin"]

    _approval_gate_states = ("purchase",)
    _approval_waiting_states = ("to approve",)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_submit_approval(self):
        """Confirm, which submits where a rule matches; ask again where nobody is asked.

        :raises UserError: when no rule applies to an order in *To Approve*
        """
        unheld = self.filtered(
            lambda order: order.state == "to approve" and order.approval_state != "open"
        )
        if unheld:
            unheld.check_access("write")
            self.env["approval.process"]._start(unheld)
        return (self - unheld).button_confirm()

    def button_confirm(self):
        """Judge all the orders together when they are confirmed together."""
        if not self._approval_in_use():
            return super().button_confirm()
        self.check_access("write")  # the watch reads with the system's rights
        with self._approval_watching():
            return super().button_confirm()

    def button_approve(self, force=False):
        """Confirm what needs no approval or has it; otherwise ask or decide.

        For an approver whose turn it is, this is the approval of their step.

        :raises UserError: when the order waits for somebody else
        """
        missing = self._approval_missing()
        if not missing:
            return super().button_approve(force=force)
        ready = self - missing
        if ready:
            super(PurchaseOrder, ready).button_approve(force=force)
        held = missing.filtered(lambda order: order.approval_state == "open")
        (missing - held).check_access("write")
        for order in missing - held:
            if order.state == "to approve":  # since before there was a rule
                order._submit_for_owner()
                held |= order.filtered("approval_can_decide")
            elif order.state in ("draft", "sent"):
                order.write({"state": "to approve"})
            else:
                super(PurchaseOrder, order).button_approve(force=force)
        if held:
            held.action_approve()
        return {}

    def _submit_for_owner(self):
        """Ask in the name of the buyer, who confirmed it before there was a rule."""
        self.ensure_one()
        owner = self.user_id or self.create_uid
        self.env["approval.process"].with_user(owner)._start(self.with_user(owner))

    # ------------------------------------------------------------
    # APPROVAL
    # ------------------------------------------------------------

    def _approval_allowed(self):
        if self._approval_required():
            return bool(self._approval_given())
        return super()._approval_allowed()

    def _approval_amount(self):
        return self._approval_convert(self._approval_total(self.order_line))

    def _approval_threshold_amount(self):
        """Count what is bought: a negative line beside it hides nothing."""
        # a list, for what `filtered` returns is not read together with other orders'
        bought = [
            line for line in self.order_line if line.product_qty * line.price_unit > 0
        ]
        return self._approval_convert(self._approval_total(bought))

    def _approval_total(self, lines):
        """Return what the lines come to with taxes, in the order's currency.

        It is computed afresh: stored totals can be written by remote callers.
        """
        self.ensure_one()
        AccountTax = self.env["account.tax"]
        base_lines = [
            line._prepare_base_line_for_taxes_computation()
            for line in lines
            if not line.display_type
        ]
        AccountTax._add_tax_details_in_base_lines(base_lines, self.company_id)
        AccountTax._round_base_lines_tax_details(base_lines, self.company_id)
        totals = AccountTax._get_tax_totals_summary(
            base_lines=base_lines, currency=self.currency_id, company=self.company_id
        )
        return totals["total_amount_currency"]

    def _approval_convert(self, amount):
        """Return an amount of the order in company currency.

        Of the rates at the order's date and today the one that gives more counts:
        the buyer chooses the date.
        """
        company = self._approval_company()
        self._approval_check_rate(company)
        today = fields.Date.context_today(self)
        dates = {today, self.date_order.date() if self.date_order else today}
        return max(
            self.currency_id._convert(amount, company.currency_id, company, date)
            for date in dates
        )

    def _approval_check_rate(self, company):
        """Refuse a foreign currency that Odoo would silently convert one to one."""
        if self.currency_id == company.currency_id:
            return
        rate = self.env["res.currency.rate"].search_count(
            [
                ("currency_id", "=", self.currency_id.id),
                ("company_id", "in", (False, company.root_id.id)),
            ],
            limit=1,
        )
        if not rate:
            raise UserError(
                self.env._(
                    "%(order)s: there is no exchange rate for %(currency)s, so its "
                    "amount cannot be compared with approval limits. "
                    "Enter a rate first.",
                    order=self.display_name,
                    currency=self.currency_id.name,
                )
            )

    def _approval_term_fields(self):
        return super()._approval_term_fields() | {
            "partner_id",
            "company_id",
            "currency_id",
            "payment_term_id",
            "picking_type_id",
            "dest_address_id",
            "order_line",
        }

    def _approval_terms(self):
        self.ensure_one()
        lines = [
            line._get_approval_terms()
            for line in self.order_line
            if not line.display_type and (line.product_qty or not line.is_downpayment)
        ]
        return {
            "company": self.company_id.id,
            "vendor": self.partner_id.id,
            "currency": self.currency_id.id,
            "payment": self.payment_term_id.id,
            "deliver_to": [self.picking_type_id.id, self.dest_address_id.id],
            "lines": sorted(lines, key=canonical),
        }

    def _approval_terms_kept(self, approved, current):
        """After approval a new date is news from the vendor, not a new decision."""

        def without_dates(terms):
            lines = [{**line, "date": None} for line in terms["lines"]]
            return {**terms, "lines": sorted(lines, key=canonical)}

        return without_dates(approved) == without_dates(current)

    def _approval_reader_view(self):
        return self.env.ref("urgent_orders.purchase_order_view_form_approver")

    def _approval_is_urgent(self):
        return self.is_urgent

    def _approval_only_amounts_differ(self, approved, current):
        def without_numbers(terms):
            free = {"date": None, "quantity": None, "price": None, "discount": None}
            lines = [{**line, **free} for line in terms["lines"]]
            return {**terms, "lines": sorted(lines, key=canonical)}

        return without_numbers(approved) == without_numbers(current)

    def _approval_requester(self):
        """The owner asks where the system, a vendor or somebody in sales submits."""
        requester = super()._approval_requester()
        if self.env.uid != SUPERUSER_ID and requester.has_group(
            "purchase.group_purchase_user"
        ):
            return requester
        return self.user_id or self.create_uid

    def _approval_summary(self):
        self.ensure_one()
        env = self.env
        facts = [
            (env._("Vendor"), self.partner_id.display_name),
            (
                env._("Total"),
                format_amount(env, self.amount_total, self.currency_id),
            ),
            (env._("Expected arrival"), format_date(env, self.date_planned)),
            (env._("Urgency"), self.is_urgent and self.urgency_level_id.name),
            (env._("Needed by"), format_date(env, self.needed_by)),
            (env._("Reason for urgency"), self.urgency_reason),
            (env._("Source"), self.origin),
        ]
        lines = self.order_line.filtered("product_qty")
        about = [
            self.partner_id.display_name,
            self.is_urgent and self.urgency_level_id.name,
            self.needed_by and format_date(env, self.needed_by),
        ]
        return {
            "about": " · ".join(filter(None, about)),
            "facts": [[label, value] for label, value in facts if value],
            "columns": [
                env._("Product"),
                env._("Quantity"),
                env._("Unit Price"),
                env._("Amount"),
            ],
            "rows": [
                [
                    line.product_id.display_name or line.name,
                    f"{formatLang(env, line.product_qty, dp='Product Unit')} "
                    f"{line.product_uom_id.name or ''}",
                    format_amount(env, line.price_unit, self.currency_id),
                    format_amount(env, line.price_subtotal, self.currency_id),
                ]
                for line in lines
            ],
        }

    def _approval_granted(self):
        self.button_approve()

    def _approval_refused(self, reason):
        """Back to a quotation; but not what was received or billed: the buyer
        corrects it where it is, which asks again."""
        self.filtered(
            lambda order: order.state == "to approve" and not order._has_history()
        ).write({"state": "draft"})

    def _has_history(self):
        self.ensure_one()
        return any(line.qty_received or line.qty_invoiced for line in self.order_line)

    def _approval_reopened(self):
        self.write({"state": "to approve"})
