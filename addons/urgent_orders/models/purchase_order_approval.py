from odoo import SUPERUSER_ID, models
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
        """Confirm: where a rule matches, that submits."""
        return self.button_confirm()

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
        unheld = missing - held
        if unheld:
            unheld.write({"state": "to approve"})
        if held:
            held.action_approve()
        return {}

    # ------------------------------------------------------------
    # APPROVAL
    # ------------------------------------------------------------

    def _approval_allowed(self):
        if self._approval_required():
            return bool(self._approval_given())
        return super()._approval_allowed()

    def _approval_amount(self):
        self.ensure_one()
        company = self._approval_company()
        self._approval_check_rate(company)
        return self.currency_id._convert(
            self.amount_total, company.currency_id, company, self.date_order.date()
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
            "order_line",
        }

    def _approval_terms(self):
        self.ensure_one()
        lines = [
            line._get_approval_terms() for line in self.order_line if line.product_qty
        ]
        return {
            "company": self.company_id.id,
            "vendor": self.partner_id.id,
            "currency": self.currency_id.id,
            "lines": sorted(lines, key=canonical),
        }

    def _approval_terms_kept(self, approved, current):
        """After approval a new date is news from the vendor, not a new decision."""

        def without_dates(terms):
            lines = [{**line, "date": None} for line in terms["lines"]]
            return {**terms, "lines": sorted(lines, key=canonical)}

        return without_dates(approved) == without_dates(current)

    def _approval_is_urgent(self):
        return self.is_urgent

    def _approval_requester(self):
        if self.env.uid == SUPERUSER_ID:
            return self.user_id or self.create_uid
        return super()._approval_requester()

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
        self.filtered(lambda order: order.state == "to approve").write(
            {"state": "draft"}
        )

    def _approval_reopened(self):
        self.write({"state": "to approve"})
