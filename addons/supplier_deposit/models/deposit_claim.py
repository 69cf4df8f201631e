from odoo import api, fields, models

from .purchase_order import CLERKS


class DepositClaim(models.Model):
    """Money of a deposit that is claimed back from the vendor: how much, why, who sees
    to it, and how it comes. Only deposits make and withdraw claims; what has arrived
    is in the books."""

    _name = "deposit.claim"
    _description = "Claim of a Deposit"
    _order = "id desc"
    _rec_name = "reason"

    deposit_id = fields.Many2one(
        "supplier.deposit", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="deposit_id.company_id", store=True)
    currency_id = fields.Many2one(related="deposit_id.currency_id")
    amount = fields.Monetary(required=True, readonly=True)
    amount_before = fields.Monetary(
        readonly=True, help="What had come back by then without having been claimed."
    )
    reason = fields.Char(required=True, readonly=True)
    is_withdrawn = fields.Boolean(string="Withdrawn", readonly=True)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A claim is of some amount."
    )

    # ------------------------------------------------------------
    # CLAIM
    # ------------------------------------------------------------

    @api.model
    def _check_claimable(self, deposits):
        deposits._check_role(*CLERKS)
        for deposit in deposits:
            deposit._refuse(
                not deposit._has_free(),
                self.env._(
                    "%s: nothing is with the vendor, or everything is claimed back "
                    "already.",
                    deposit.name,
                ),
            )

    @api.model
    def _claim_all(self, deposits, reason):
        """Claim back all that is with the vendors, and ask the buyers to see to it."""
        for deposit in deposits:
            if deposit._has_free():
                self._claim(deposit, deposit._get_free_amount(), reason)
            elif deposit.amount_awaited:
                self._ask(deposit)

    @api.model
    def _claim(self, deposit, amount, reason):
        """Claim a part of what is with the vendor back; the rest is still deducted."""
        deposit.ensure_one()
        deposit._touch()
        free = deposit._get_free_amount()
        deposit._refuse(
            not deposit._exceeds(amount) or deposit._exceeds(amount, free),
            self.env._(
                "%s are with the vendor and not claimed back yet: claim no more than "
                "that.",
                deposit._money(free),
            ),
        )
        standing = deposit.claim_ids.filtered(lambda claim: not claim.is_withdrawn)
        known = sum(claim.amount + claim.amount_before for claim in standing)
        unasked = deposit.currency_id.round(deposit._get_given_back() - known)
        self.create(
            {
                "deposit_id": deposit.id,
                "amount": amount,
                "reason": reason,
                "amount_before": max(0.0, unasked),
            }
        )
        self._ask(deposit)

    def _withdraw(self):
        """Bills deduct the money again."""
        self.filtered(lambda claim: not claim.is_withdrawn).write(
            {"is_withdrawn": True}
        )
        self.deposit_id._drop_to_dos()

    # ------------------------------------------------------------
    # ASK: the to-do of the buyer, which the receipt ends
    # ------------------------------------------------------------

    @api.model
    def _ask(self, deposit):
        """Ask the buyer to get it back."""
        deposit._drop_to_dos()
        note = self.env._(
            "%s is not needed any more. Register the refund when it has arrived.",
            deposit.name,
        )
        if deposit.is_under_way:
            note += " " + self.env._(
                "If the bank can still stop the payment, cancel it instead."
            )
            self._ask_to_stop(deposit, note)
        summary = self.env._(
            "Get %(amount)s back from %(vendor)s",
            amount=deposit._money(deposit.amount_awaited),
            vendor=deposit.partner_id.display_name,
        )
        deposit._tell_buyer(summary, note)

    @api.model
    def _ask_again(self, deposits):
        """What had come back did not: it is awaited again."""
        for deposit in deposits:
            if deposit.amount_awaited and not deposit.activity_ids:
                self._ask(deposit)

    @api.model
    def _ask_to_stop(self, deposit, note):
        """Tell whoever posted payments that the bank may not have made yet."""
        for payment in deposit._get_advance_payments():
            user = payment.move_id.create_uid
            if (
                payment.state == "in_process"
                and not payment.is_matched
                and deposit._may_be_seen_by(user)
            ):
                payment.activity_schedule(
                    "mail.mail_activity_data_warning",
                    user_id=user.id,
                    summary=self.env._(
                        "Stop payment %(payment)s", payment=payment.name
                    ),
                    note=note,
                )

    @api.model
    def _end_to_do(self, deposit):
        if not deposit._exceeds(deposit.amount_awaited):
            deposit._as_system()._drop_to_dos()

    # ------------------------------------------------------------
    # RECEIVE
    # ------------------------------------------------------------

    @api.model
    def _check_awaited(self, deposit):
        deposit._refuse(
            not deposit._exceeds(deposit.amount_awaited),
            self.env._("%s: no refund is awaited. Claim it back first.", deposit.name),
        )

    @api.model
    def _receive(self, deposit, journal, date, amount, account=None):
        """Receive money from the vendor, and match it with the deposit.

        :param account: ``account.account`` of what the vendor pays beyond what it owes
        """
        deposit.ensure_one()
        self._check_awaited(deposit)
        deposit._touch()
        owed = deposit.amount_awaited
        excess = max(0.0, deposit.currency_id.round(amount - owed))
        deposit._refuse(
            not deposit._exceeds(amount) or (excess and not account),
            self.env._(
                "The vendor owes %s: enter no more than that, or where to book what it "
                "pays beyond.",
                deposit._money(owed),
            ),
        )
        deposit._check_period(date, journal)
        deposit._check_bank(journal, journal.inbound_payment_method_line_ids[:1])
        payment = deposit._receive_payment(journal, date, amount, excess, account)
        self._end_to_do(deposit)
        return payment

    @api.model
    def _forfeit(self, deposit, amount, date, account):
        """Book what the vendor keeps, of what is awaited, as a cost."""
        deposit.ensure_one()
        deposit._touch()
        if deposit._exceeds(amount, deposit.amount_awaited):
            self._check_awaited(deposit)
        deposit._check_period(date, deposit._find_general_journal())
        name = self.env._("Deposit %s forfeited", deposit.name)
        for source, part, _left in deposit._draw(amount):
            deposit._transfer(
                source, part, account, source.currency_id, name, date=date
            )
        self._end_to_do(deposit)
