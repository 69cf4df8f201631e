from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.approval_matrix.system import as_system

from .purchase_excess_source import READERS

POSTED = ("in_process", "paid")
ENDED = ("canceled", "rejected")


class AccountPayment(models.Model):
    """Vendors are paid what is owed to them, or ordered and not billed yet; more is
    asked for."""

    _name = "account.payment"
    _inherit = ["account.payment", "purchase.excess.source"]

    excess_ids = fields.One2many(
        "purchase.excess", "payment_id", string="Above the Order", groups=READERS
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        """Refuse payments that were posted in another way than by the button."""
        state = vals.get("state")
        if (
            state not in (*POSTED, *ENDED)
            or not self.env["purchase.order"]._approval_in_use()
        ):
            return super().write(vals)
        for payment in self._flow_to_judge() if state in POSTED else ():
            over, policy = payment._flow_get_excess()
            if over and policy in ("ask", "block"):
                raise UserError(payment._flow_message(over))
        result = super().write(vals)
        self._excess_cancel()
        return result

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_post(self):
        if not self.env["purchase.order"]._approval_in_use():
            return super().action_post()
        held = self.browse()
        for payment in self._flow_to_judge():
            over, policy = payment._flow_get_excess()
            if not over:
                continue
            if policy == "block":
                raise UserError(payment._flow_message(over))
            if policy == "warn":
                payment._message_log(body=payment._flow_message(over))
                continue
            self.env["purchase.excess"]._ask(
                "payment",
                {
                    "payment_id": payment.id,
                    "partner_id": payment.partner_id.commercial_partner_id.id,
                    "company_id": payment.company_id.id,
                    "amount": over,
                },
            )
            held |= payment
        result = super(AccountPayment, self - held).action_post()
        if not held:
            return result
        return self._excess_notice(
            self.env._("Not confirmed yet"),
            self.env._(
                "More than is owed or ordered, so it was asked for. You are told when "
                "it is decided."
            ),
        )

    # ------------------------------------------------------------
    # FLOWS
    # ------------------------------------------------------------

    def _flow_to_judge(self):
        """Return the payments to vendors that are not posted yet, as the system."""
        return as_system(self, for_texts=True).filtered(
            lambda payment: (
                payment.payment_type == "outbound"
                and payment.partner_type == "supplier"
                and payment.partner_id
                and payment.state not in POSTED
                and not payment._flow_is_judged_elsewhere()
            )
        )

    def _flow_is_judged_elsewhere(self):
        """Tell whether the payment is approved in another way."""
        self.ensure_one()
        return False

    def _flow_get_excess(self):
        """Return what the payment has beyond what the vendor may get.

        :return: amount in company currency, zero if it is within; and what happens
        """
        self.ensure_one()
        company = self.company_id
        currency = company.currency_id
        amount = self.currency_id._convert(self.amount, currency, company, self.date)
        owed, knows_orders = self._flow_owed()
        policy = company.excess_policy if knows_orders else company.orderless_policy
        _quantity, tolerated = company._get_excess_tolerances()
        over = currency.round(amount - owed)
        if over <= tolerated.margin(owed) or policy == "allow":
            return 0.0, policy
        partner = self.partner_id.commercial_partner_id
        for excess in self.excess_ids:
            if (
                excess.state == "approved"
                and excess.partner_id == partner
                and currency.compare_amounts(over, excess.amount) <= 0
            ):
                return 0.0, policy
        if not knows_orders and policy == "ask":
            values = {
                "partner_id": partner.id,
                "company_id": company.id,
                "amount": over,
            }
            if not self.env["purchase.excess"]._would_be_asked(values):
                return 0.0, policy
        return over, policy

    def _flow_owed(self):
        """Return what may be paid to the vendor, from journal items and orders.

        What is owed on posted bills, less what is on its way without a journal entry,
        and with what is ordered, approved and not billed yet.

        :return: amount in company currency; whether the vendor has orders at all
        """
        self.ensure_one()
        company = self.company_id
        partner = self.partner_id.commercial_partner_id
        ((owed,),) = self.env["account.move.line"]._read_group(
            [
                ("partner_id", "child_of", partner.id),
                ("company_id", "=", company.id),
                ("move_id.state", "=", "posted"),
                ("account_id.account_type", "=", "liability_payable"),
            ],
            aggregates=["amount_residual:sum"],
        )
        ((sent,),) = self._read_group(
            [
                ("partner_id", "child_of", partner.id),
                ("company_id", "=", company.id),
                ("payment_type", "=", "outbound"),
                ("partner_type", "=", "supplier"),
                ("move_id", "=", False),
                "|",
                ("state", "=", "in_process"),
                "&",
                ("state", "=", "paid"),
                ("invoice_ids.payment_state", "in", ("not_paid", "partial")),
            ],
            aggregates=["amount_company_currency_signed:sum"],
        )
        orders = self.env["purchase.order"].search(
            [
                ("partner_id", "child_of", partner.id),
                ("company_id", "=", company.id),
                ("state", "in", ("purchase", "to approve")),
            ]
        )
        open_orders = orders.filtered(
            lambda order: (
                order.state == "purchase" and order.invoice_status != "invoiced"
            )
        )
        ordered = sum(order._flow_get_unbilled() for order in open_orders)
        return -owed - abs(sent) + ordered, bool(orders)

    def _flow_message(self, over):
        return self.env._(
            "%(payment)s: %(amount)s more than %(vendor)s is owed, or was ordered.",
            payment=self.display_name,
            amount=self.company_id.currency_id.format(over),
            vendor=self.partner_id.name,
        )
