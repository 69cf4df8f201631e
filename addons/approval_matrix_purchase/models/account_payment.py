from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.approval_matrix.same_values import find_changed
from odoo.addons.approval_matrix.system import as_system

from ..allowance import leave_out_booked
from .purchase_excess_source import READERS

POSTED = ("in_process", "paid")
ENDED = ("canceled", "rejected")
UNDONE = (*ENDED, "draft")

#: How much is paid, and to whom.
PAID_FIELDS = frozenset(
    {
        "amount",
        "company_id",
        "currency_id",
        "partner_id",
        "partner_type",
        "payment_type",
    }
)


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

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        posted = payments.filtered(lambda payment: payment.state in POSTED)
        if posted and self.env["purchase.order"]._approval_in_use():
            posted._flow_refuse()
        return payments

    def write(self, vals):
        """Refuse what was posted in another way than by the button, and other amounts
        and people of what is posted."""
        state = vals.get("state")
        changes = not PAID_FIELDS.isdisjoint(vals)
        if (
            not (changes or state or "move_id" in vals)
            or not self.env["purchase.order"]._approval_in_use()
        ):
            return super().write(vals)
        posted = self.filtered(lambda payment: payment.state in POSTED)
        if vals.get("move_id"):
            posted._flow_refuse_entry(vals["move_id"])
        if state in UNDONE:
            posted._flow_refuse_withdrawal()
        if changes:
            find_changed(posted, vals, PAID_FIELDS)._flow_refuse_change()
        if state in POSTED and changes:
            # what is judged is what will be posted
            super().write({name: vals[name] for name in PAID_FIELDS & vals.keys()})
        if state in POSTED:
            if self._flow_is_only_entered(vals):
                return super().write({"move_id": vals["move_id"]})
            (self - posted)._flow_refuse()
        result = super().write(vals)
        if state in (*POSTED, *ENDED):
            self._excess_cancel()
        return result

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_post(self):
        if not self.env["purchase.order"]._approval_in_use():
            return super().action_post()
        held = self.browse()
        drafts = self.filtered(lambda payment: payment.state not in POSTED)
        for payment, over, policy in drafts._flow_find_excesses():
            payment._flow_check_partner(over)
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
        return held._flow_notice() if held else result

    def _flow_notice(self):
        """Return the action that says why these payments are not confirmed."""
        asked = as_system(self, for_texts=True).excess_ids.filtered(
            lambda excess: excess.state == "waiting"
        )
        return self._excess_notice(
            self.env._("Not confirmed yet"),
            self.env._(
                "More than is owed or ordered, so it was asked for: %(payments)s. You "
                "are told when it is decided.",
                payments=", ".join(
                    f"{excess.partner_id.display_name}, "
                    f"{excess.currency_id.format(excess.amount)}"
                    for excess in asked
                ),
            ),
        )

    # ------------------------------------------------------------
    # FLOWS
    # ------------------------------------------------------------

    def _flow_refuse(self):
        """Refuse payments beyond what the vendors may get, which nobody accepted.

        :raises UserError: the button asks for it
        """
        for payment, over, policy in self._flow_find_excesses():
            if policy in ("ask", "block"):
                payment._flow_check_partner(over)
                raise UserError(payment._flow_message(over))

    def _flow_check_partner(self, over):
        """Refuse what nobody is said to be paid: nobody is owed anything, and nobody
        could be asked about it.

        :raises UserError: to say who is paid
        """
        self.ensure_one()
        if not self.partner_id:
            raise UserError(
                self.env._(
                    "Say who is paid: %(amount)s are more than may be paid to nobody.",
                    amount=self.company_id.currency_id.format(over),
                )
            )

    def _flow_is_only_entered(self, vals):
        """Tell whether this only gives its journal entry to a payment that is asked
        for. Odoo calls it confirmed with its entry, before anybody confirms it.

        :param dict vals: as ``write`` gets them
        """
        entry = self.env["account.move"].browse(vals.get("move_id"))
        return entry.state == "draft" and any(
            policy == "ask" and payment.partner_id
            for payment, _over, policy in self._flow_find_excesses()
        )

    def _flow_refuse_withdrawal(self):
        """Refuse to take back what came in where it was paid on since.

        :raises UserError: to enter what takes its place first
        """
        came = as_system(self, for_texts=True).filtered(
            lambda payment: (
                payment.payment_type == "inbound" and payment.partner_type == "supplier"
            )
        )
        for payments in came.grouped(
            lambda payment: (
                payment.company_id,
                payment.partner_id.commercial_partner_id,
            )
        ).values():
            payment = payments[0]
            company = payment.company_id
            owed, knows_orders = payment._flow_owed()
            items = payments.move_id.line_ids.filtered(
                lambda item: (
                    item.parent_state == "posted"
                    and item.account_type == "liability_payable"
                )
            )
            came_in = defaultdict(float)
            for item in items:
                came_in[item.currency_id] -= item.amount_currency
            over = company.currency_id.round(payment._flow_convert(came_in) - owed)
            if (
                over > 0
                and payment._flow_policy(knows_orders) != "warn"
                and payment._flow_is_asked(over, knows_orders)
            ):
                raise UserError(
                    self.env._(
                        "%(vendor)s would be paid %(amount)s more than is owed, for "
                        "what came in was paid on. If this is to be corrected, confirm "
                        "first what takes its place.",
                        vendor=payment.partner_id.display_name,
                        amount=company.currency_id.format(over),
                    )
                )

    def _flow_refuse_change(self):
        """Refuse another amount, or another person, where money is on its way.

        :raises UserError: to go back to a draft first
        """
        for payment in self:
            raise UserError(
                self.env._(
                    "%(payment)s is confirmed: reset it to draft to change how much is "
                    "paid, and to whom.",
                    payment=payment.display_name,
                )
            )

    def _flow_refuse_entry(self, entry_id):
        """Refuse to say that something else has booked what has left: a payment gets
        the entry that is made for it.

        :param int entry_id: of the journal entry it would have
        :raises UserError: to go back to a draft first
        """
        entry = self.env["account.move"].sudo().browse(entry_id)
        for payment in self.sudo():
            is_new = entry.state == "draft" and entry.origin_payment_id == payment
            if payment.move_id != entry and not is_new:
                raise UserError(
                    self.env._(
                        "%(payment)s is confirmed: reset it to draft to give it "
                        "another journal entry.",
                        payment=payment.display_name,
                    )
                )

    def _flow_find_excesses(self):
        """Yield the payments that have more than their vendors may get.

        Those that are confirmed together count one after the other: together they are
        no more than each after the others would be.

        :return: ``(payment as the system, amount in company currency, what happens)``
        """
        payments = as_system(self, for_texts=True).filtered(
            lambda payment: payment.payment_type == "outbound"
        )
        together = defaultdict(lambda: defaultdict(float))
        # what is approved in another way is paid whatever becomes of the others
        for payment in payments.sorted(
            lambda payment: not payment._flow_is_judged_elsewhere()
        ):
            key = (
                payment.company_id,
                payment.partner_id.commercial_partner_id,
                payment.partner_type,
            )
            over, policy = 0.0, None
            if not payment._flow_is_judged_elsewhere():
                over, policy = payment._flow_get_excess(together[key])
            if over:
                yield payment, over, policy
            if not over or policy == "warn":
                together[key][payment.currency_id] += payment.amount

    def _flow_convert(self, amounts):
        """Return amounts in company currency, at the day of the payment.

        Whatever is compared with the payment is counted at that one rate: what is owed
        in its currency is paid by as much of it, whatever the rates were before.

        :param dict amounts: by currency
        """
        self.ensure_one()
        company = self.company_id
        return sum(
            currency._convert(amount, company.currency_id, company, self.date)
            for currency, amount in amounts.items()
        )

    def _flow_is_judged_elsewhere(self):
        """Tell whether the payment is approved in another way."""
        self.ensure_one()
        return False

    def _flow_get_excess(self, together):
        """Return what the payment has beyond what the vendor may get.

        :param dict together: what others of the same call pay, by currency
        :return: amount in company currency, zero if it is within; and what happens
        :raises UserError: without a rate, where Odoo would silently convert one to one
        """
        self.ensure_one()
        company = self.company_id
        currency = company.currency_id
        owed, knows_orders = self._flow_owed()
        owed -= self._flow_convert(together)
        policy = self._flow_policy(knows_orders)
        if policy == "allow":
            return 0.0, policy
        if not self.currency_id._approval_has_rate(company):
            raise UserError(
                self.env._(
                    "%(payment)s: there is no exchange rate for %(currency)s, so its "
                    "amount cannot be compared with what is owed. Enter a rate first.",
                    payment=self.display_name,
                    currency=self.currency_id.name,
                )
            )
        _quantity, tolerated = company._get_excess_tolerances()
        over = currency.round(
            self._flow_convert({self.currency_id: self.amount}) - owed
        )
        if over <= tolerated.margin(owed):
            return 0.0, policy
        partner = self.partner_id.commercial_partner_id
        for excess in self.excess_ids:
            if (
                excess.state == "approved"
                and excess.partner_id == partner
                and currency.compare_amounts(over, excess.amount) <= 0
            ):
                return 0.0, policy
        return over if self._flow_is_asked(over, knows_orders) else 0.0, policy

    def _flow_is_asked(self, over, knows_orders):
        """Tell whether that much may not pass like that: where there is no order, it is
        asked for only where an order of that amount would be.

        :param float over: in company currency
        """
        self.ensure_one()
        company = self.company_id
        policy = self._flow_policy(knows_orders)
        if policy == "allow":
            return False
        if knows_orders or policy != "ask":
            return True
        values = {
            "partner_id": self.partner_id.commercial_partner_id.id,
            "company_id": company.id,
            "amount": over,
        }
        return self.env["purchase.excess"]._would_be_asked(values)

    def _flow_policy(self, knows_orders):
        """Return what happens to more than may be paid."""
        self.ensure_one()
        company = self.company_id
        return company.excess_policy if knows_orders else company.orderless_policy

    def _flow_owed(self):
        """Return what may be paid to the vendor, from journal items and orders.

        What is owed on posted bills, less what left without a journal entry, and with
        what is ordered, approved and not billed yet. Without a partner nothing is owed.

        :return: amount in company currency at the day of the payment; whether the
            vendor has orders at all
        """
        self.ensure_one()
        if not self.partner_id:
            return 0.0, False
        company = self.company_id
        partner = self.partner_id.commercial_partner_id
        amounts = defaultdict(float)
        for currency, in_currency, booked in self.env["account.move.line"]._read_group(
            [
                ("partner_id", "child_of", partner.id),
                ("company_id", "=", company.id),
                ("move_id.state", "=", "posted"),
                *self._flow_owed_domain(),
            ],
            ["currency_id"],
            ["amount_residual_currency:sum", "amount_residual:sum"],
        ):
            if currency._approval_has_rate(company):
                amounts[currency] -= in_currency
            else:  # its rates were deleted since
                amounts[company.currency_id] -= booked
        for payment in self._flow_find_sent(partner):
            amounts[payment.currency_id] -= payment.amount
        orders = self.env["purchase.order"].search(
            [
                ("partner_id", "child_of", partner.id),
                ("company_id", "=", company.id),
                ("state", "in", ("purchase", "to approve")),
            ]
        )
        open_orders = orders.filtered(
            lambda order: (
                order.state == "purchase"
                # Odoo calls an order billed by drafts, too
                and (
                    order.invoice_status != "invoiced"
                    or "draft" in order.invoice_ids.mapped("state")
                )
            )
        )
        if self.partner_type == "supplier":
            for order in open_orders:
                amounts[order.currency_id] += order.order_line._flow_get_unbilled()
        return self._flow_convert(amounts), bool(orders)

    def _flow_find_sent(self, partner):
        """Return the other payments to a vendor or customer that left without a journal
        entry of their own, and that nothing else has booked.

        Whether bills are paid says nothing: Odoo calls them so when the payment is
        validated, and what is owed on them is there all the same. It goes with the
        bank statement, or an entry by hand.
        """
        self.ensure_one()
        payments = self.search_fetch(
            Domain(
                [
                    ("partner_id", "child_of", partner.id),
                    ("company_id", "=", self.company_id.id),
                    ("payment_type", "=", "outbound"),
                    ("partner_type", "=", self.partner_type),
                    ("id", "not in", self.ids),
                    ("state", "in", POSTED),
                ]
            )
            & (Domain("move_id", "=", False) | Domain("id", "in", self._flow_odd())),
            ["state", "date", "amount", "currency_id"],
        )
        paid = payments.filtered(lambda payment: payment.state == "paid")
        if not paid:
            return payments
        kinds = {"supplier": "liability_payable", "customer": "asset_receivable"}
        entries = self.env["account.move.line"]._read_group(
            [
                ("partner_id", "child_of", partner.id),
                ("company_id", "=", self.company_id.id),
                ("account_id.account_type", "=", kinds[self.partner_type]),
                ("balance", ">", 0),
                ("move_id.state", "=", "posted"),
                ("move_id.move_type", "=", "entry"),
                ("move_id.origin_payment_id", "=", False),
                ("date", ">=", min(paid.mapped("date"))),
            ],
            ["move_id", "currency_id"],
            ["amount_currency:sum", "date:min"],
        )
        unbooked = leave_out_booked(
            {
                payment: (
                    payment.date,
                    (payment.currency_id, payment.currency_id.round(payment.amount)),
                )
                for payment in paid
            },
            [
                (date, (currency, currency.round(amount)))
                for _entry, currency, amount, date in entries
            ],
        )
        return (payments - paid).union(*unbooked)

    @api.model
    def _flow_odd(self):
        """Return a query of the payments whose entry does not book them: it is not
        posted, is that of something else, or books less.

        Accountants write which entry a payment has, and what is in a draft.
        """
        self.flush_model(["amount", "currency_id", "move_id"])
        self.env["account.move"].flush_model(["origin_payment_id", "state"])
        self.env["account.move.line"].flush_model(
            ["amount_currency", "currency_id", "move_id"]
        )
        return SQL(
            """(
            SELECT payment.id
              FROM account_payment AS payment
              JOIN account_move AS entry ON entry.id = payment.move_id
             WHERE entry.state <> 'posted'
                OR entry.origin_payment_id IS DISTINCT FROM payment.id
                OR payment.amount > (
                    SELECT COALESCE(SUM(-item.amount_currency), 0)
                      FROM account_move_line AS item
                     WHERE item.move_id = entry.id
                       AND item.currency_id = payment.currency_id
                       AND item.amount_currency < 0
                )
            )"""
        )

    def _flow_owed_domain(self):
        """Return which journal items say what is owed.

        A customer is owed what is open of credit notes, and of what came in and is on a
        bank statement, less what was paid already. Invoices take nothing of it: the
        customer pays them in another way.
        """
        self.ensure_one()
        if self.partner_type == "supplier":
            return [("account_id.account_type", "=", "liability_payable")]
        return [
            ("account_id.account_type", "=", "asset_receivable"),
            "|",
            "&",
            ("amount_residual", "<", 0),
            "|",
            ("payment_id", "=", False),
            ("payment_id.is_matched", "=", True),
            "&",
            ("amount_residual", ">", 0),
            ("payment_id.payment_type", "=", "outbound"),
        ]

    def _flow_message(self, over):
        return self.env._(
            "%(vendor)s: %(amount)s more than is owed, or was ordered.",
            amount=self.company_id.currency_id.format(over),
            vendor=self.partner_id.display_name,
        )
