from odoo import Command, fields, models
from odoo.exceptions import UserError


class SupplierDeposit(models.Model):
    """How deposits are paid: the payment, what it must be, and the cashier's batch."""

    _inherit = "supplier.deposit"

    def _prepare_payment(self, date=None):
        """Make the draft that the cashier posts, or post it, as the rule says.

        :param date: of the payment; today, unless the cashier says otherwise
        :raises UserError: when accounting lacks something; it names what
        """
        self.ensure_one()
        if self.method == "bill":
            self._prepare_bill()
            return
        ended = not self.payment_id or self._is_payment_ended()
        if not ended:
            return
        date = date or fields.Date.context_today(self)
        self._check_accounting(date)
        values = self._prepare_payment_values(date)
        payment = self.env["account.payment"].create(values)
        self.write({"payment_id": payment.id})
        if self.posting == "posted":
            payment.action_post()

    def _prepare_payment_values(self, date):
        self.ensure_one()
        return {
            "payment_type": "outbound",
            "partner_type": "supplier",
            "partner_id": self.partner_id.commercial_partner_id.id,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "destination_account_id": self._get_account().id,
            "date": date,
            "memo": self.env._("Deposit %(deposit)s", deposit=self.name),
            "deposit_origin_id": self.id,
        }

    def _get_account(self):
        """Return the account that deposits are debited to."""
        self.ensure_one()
        return self.account_id or self._get_payable_account()

    def _get_payable_account(self):
        """Return the vendor's payable account, of the branch or of those above it."""
        self.ensure_one()
        for company in reversed(self.company_id.parent_ids):
            vendor = self.partner_id.with_company(company)
            if account := vendor.property_account_payable_id:
                return account
        return self.env["account.account"]

    def _check_accounting(self, date):
        """Say what is missing before anything is made.

        :param date: of the entry
        :raises UserError:
        """
        self.ensure_one()
        journal = self.journal_id
        message = None
        if not journal and self.method == "payment":
            message = self.env._(
                "there is no bank journal to pay from. Choose one in the deposit rule."
            )
        elif journal and not journal.active:
            message = self.env._(
                "journal %(journal)s is archived. Choose another one in the deposit "
                "rule.",
                journal=journal.display_name,
            )
        elif self.method == "payment" and not journal.outbound_payment_method_line_ids:
            message = self.env._(
                "journal %(journal)s has no method for outgoing payments.",
                journal=journal.display_name,
            )
        elif not self._get_payable_account():
            message = self.env._(
                "vendor %(vendor)s has no payable account.",
                vendor=self.partner_id.display_name,
            )
        elif self.account_id and not self.account_id.active:
            message = self.env._(
                "account %(account)s is archived.", account=self.account_id.display_name
            )
        if message:
            raise UserError(
                self.env._(
                    "Deposit %(deposit)s cannot be paid: %(reason)s",
                    deposit=self.name,
                    reason=message,
                )
            )
        if self.method == "payment":
            self._check_bank(journal, journal.outbound_payment_method_line_ids[:1])
            self._check_period(date, journal)

    def _renew_draft(self):
        """Bring a draft payment in step with the deposit."""
        self.ensure_one()
        self._drop_drafts()
        if not self.payment_id and not self.bill_id:
            self._prepare_payment()

    def _drop_drafts(self):
        """Delete drafts; cancel what was ended before."""
        for deposit in self:
            if deposit.payment_id.state == "draft" or deposit._is_payment_ended():
                payment = deposit.payment_id
                deposit.write({"payment_id": False})
                if payment.state == "draft":
                    payment.unlink()
            if deposit.bill_id.state in ("draft", "cancel"):
                bill = deposit.bill_id
                deposit.write({"bill_id": False})
                if bill.state == "draft":
                    bill.unlink()

    def _check_payable(self, payment):
        """Refuse a payment that is not what has been approved.

        :param payment: ``account.payment`` that is about to be posted
        :raises UserError:
        """
        self.ensure_one()
        if self.state == "cancelled" and payment.move_id.posted_before:
            # it was cancelled with the order, but the bank had it: the books say so
            self._tell_of_payment_after_all(payment)
        else:
            self._check_may_be_paid()
        vendor = self.partner_id.commercial_partner_id
        if (
            payment.partner_id.commercial_partner_id != vendor
            or payment.currency_id != self.currency_id
            or payment.payment_type != "outbound"
            or self.currency_id.compare_amounts(payment.amount, self.amount) > 0
            or payment.destination_account_id != self._get_account()
            or not payment.outstanding_account_id
        ):
            raise UserError(
                self.env._(
                    "The payment of deposit %(deposit)s must be what was approved: "
                    "vendor, currency and account as on the deposit, and no more than "
                    "its amount; and its bank must book payments.",
                    deposit=self.name,
                )
            )
        bank = payment.partner_bank_id
        if bank and bank.partner_id.commercial_partner_id != vendor:
            raise UserError(
                self.env._(
                    "The payment of deposit %(deposit)s goes to bank account %(bank)s, "
                    "which is not one of %(vendor)s.",
                    deposit=self.name,
                    bank=bank.acc_number,
                    vendor=vendor.display_name,
                )
            )

    def _check_may_be_paid(self):
        self.ensure_one()
        if self.state not in ("due", "paid", "applied", "done"):
            raise UserError(
                self.env._(
                    "Deposit %(deposit)s cannot be paid: it is %(state)s.",
                    deposit=self.name,
                    state=self._get_state_label(),
                )
            )
        if self.state == "due" and self.order_id.state != "purchase":
            raise UserError(
                self.env._(
                    "Deposit %(deposit)s cannot be paid: order %(order)s is not "
                    "confirmed.",
                    deposit=self.name,
                    order=self.order_id.name,
                )
            )

    def _get_state_label(self):
        self.ensure_one()
        labels = dict(self._fields["state"]._description_selection(self.env))
        return labels[self.state]

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_pay(self):
        """Open the cashier's list: what is due, added up before it is posted.

        :raises UserError: when one of them is not due
        """
        self._check_role("account.group_account_invoice")
        wizard = self.env["deposit.payment"].create(
            {"deposit_ids": [Command.set(self.ids)]}
        )
        return wizard._get_action()

    def _check_not_under_way(self):
        """Refuse to pay again what the bank has not confirmed yet.

        :raises UserError:
        """
        if on_its_way := self.filtered("is_under_way"):
            raise UserError(
                self.env._(
                    "The payment of %(deposits)s is on its way already. It counts as "
                    "paid when it has been matched with the bank statement.",
                    deposits=", ".join(on_its_way.mapped("name")),
                )
            )

    def _post_payments(self, date):
        """Post what is due, all of it or nothing.

        :param date: of the payments
        :raises UserError: names the deposit that cannot be paid
        """
        self._check_not_under_way()
        for deposit in self:
            deposit._check_may_be_paid()
            if deposit.state != "due":
                raise UserError(
                    self.env._(
                        "Deposit %(deposit)s has been paid already.",
                        deposit=deposit.name,
                    )
                )
            deposit._prepare_payment(date)
            if deposit.method == "bill":
                if deposit.bill_id.state == "draft":
                    deposit.bill_id.action_post()
                deposit._pay_bill(date)
            elif deposit.payment_id.state == "draft":
                if deposit.payment_id.date != date:
                    deposit.payment_id.date = date
                deposit.payment_id.action_post()
