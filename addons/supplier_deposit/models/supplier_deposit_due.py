import itertools

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount

from .purchase_order import READERS


class SupplierDeposit(models.Model):
    """When deposits become due: under the vendor's limit, and with approval."""

    _inherit = "supplier.deposit"

    def _make_due(self, cache=None):
        """Ask for approval where a rule wants it; prepare the payment of the others.

        :param dict cache: what :meth:`_prepare_due` found out so far, for batches
        :raises UserError: when a payment cannot be made; nothing has happened then
        """
        deposits = self._as_system()
        deposits = deposits.filtered(
            lambda deposit: (
                deposit.state == "planned"
                and deposit.amount
                and deposit.order_id.state == "purchase"
            )
        )
        cache = {} if cache is None else cache
        # one after the other: each counts those before it against the vendor's limit
        for deposit in deposits:
            if deposit._fits_under_cap():
                deposit._ask_or_enter_due(cache)
            else:
                deposit._hold(
                    self.env._(
                        "The vendor's limit of %(amount)s is reached.",
                        amount=format_amount(
                            self.env, deposit.rule_id.cap, deposit.company_currency_id
                        ),
                    )
                )

    def _prepare_due(self, cache):
        """Hook, before approval is asked: find out what approval rules may ask for.

        :param dict cache: shared by the deposits of a call or a batch; each addon keeps
            there, under a key of its own, what it found out for all of them
        """

    def _ask_or_enter_due(self, cache):
        """Ask for approval where a rule wants it now."""
        self._prepare_due(cache)
        asked = self._approval_required() - self._approval_given()
        if asked:
            # as the system, not as whoever confirmed the order: they may approve this
            asked._approval_start()
            asked.write({"state": "waiting", "hold_reason": False})
        (self - asked)._enter_due()

    def _enter_due(self):
        """They may be paid now: make the draft that the cashier posts, or post it."""
        if self:
            self.write({"state": "due", "hold_reason": False})
        for deposit in self:
            deposit._prepare_payment()

    def _fits_under_cap(self):
        """Tell whether the vendor's limit has room for it.

        The rule's row is updated: of two deposits at once the second fails with a
        serialization error, is retried, and sees the first.
        """
        self.ensure_one()
        rule = self.rule_id
        if not rule.cap:
            return True
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE deposit_rule SET cap_revision = cap_revision + 1 WHERE id = %s",
                rule.id,
            )
        )
        vendor = self.partner_id.commercial_partner_id
        others = self.search(
            [
                ("partner_id", "child_of", vendor.id),
                ("company_id", "child_of", rule.company_id.id),
                "|",
                ("state", "in", ("waiting", "due")),
                ("amount_open", ">", 0),
            ]
        )
        outstanding = sum(
            deposit._to_company_currency(deposit.amount_open or deposit.amount)
            for deposit in others - self
        )
        wanted = self._to_company_currency(self.amount)
        return (
            self.company_currency_id.compare_amounts(outstanding + wanted, rule.cap)
            <= 0
        )

    def _to_company_currency(self, amount):
        """Return an amount of the deposit in company currency, at today's rate."""
        self.ensure_one()
        return self.currency_id._convert(
            amount,
            self.company_currency_id,
            self.company_id,
            fields.Date.context_today(self),
        )

    def _hold(self, reason):
        """Leave it where it is, and tell the buyer once why."""
        self.ensure_one()
        if self.hold_reason == reason:
            return
        self.write({"hold_reason": reason})
        self._tell_buyer(
            self.env._("Deposit %(deposit)s is on hold", deposit=self.name), reason
        )

    def _tell_buyer(self, summary, note=""):
        """Give the buyer a to-do on the deposit; where nobody may have it, a note."""
        self.ensure_one()
        responsible = self._get_responsible()
        if not responsible:
            self._message_log(body=". ".join(filter(None, (summary, note))))
            return
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=responsible.id,
            summary=summary,
            note=note,
        )

    def _get_responsible(self):
        """Return who sees to it: the buyer, who made the order, or whoever the rule
        names: the first who is still there and may see it. Or nobody."""
        self.ensure_one()
        deposit = self.sudo()
        candidates = deposit._get_owners(), deposit.rule_id.user_id
        for user in itertools.chain(*candidates):
            if deposit._may_be_seen_by(user):
                return user
        return self.env["res.users"]

    def _get_owners(self):
        """Return whose order it is: the buyer, and who made the order."""
        self.ensure_one()
        return self.user_id | self.order_id.create_uid

    def _may_be_seen_by(self, user):
        """Tell whether amounts of deposits are a user's business: not those of customer
        care, whose orders the system makes."""
        self.ensure_one()
        return (
            user.active
            and not user._is_superuser()
            and self.company_id in user.company_ids
            and any(map(user.has_group, READERS.split(",")))
        )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_make_due(self):
        """Ask for, or prepare, the payment now: before its date, or after a refusal.

        :raises UserError: when it is not planned any more, or cannot be paid
        """
        self._check_role(
            "purchase.group_purchase_user", "account.group_account_invoice"
        )
        for deposit in self:
            if (
                deposit.state != "planned"
                or not deposit.amount
                or deposit.order_id.state != "purchase"
            ):
                raise UserError(
                    self.env._(
                        "%(deposit)s is not waiting for its date.", deposit=deposit.name
                    )
                )
            deposit._check_may_hasten()
        self._as_system().write({"is_refused": False})
        self._make_due()
        return True

    def _check_may_hasten(self):
        """Where no cashier comes between, whoever sees to a deposit has it paid before
        its date, a purchase manager, or accounting; nobody else.

        :raises UserError:
        """
        self.ensure_one()
        user = self.env.user
        roles = ("purchase.group_purchase_manager", "account.group_account_invoice")
        if (
            self.posting == "posted"
            and not self.env.su
            and user != self._get_responsible()
            and not any(map(user.has_group, roles))
        ):
            raise UserError(
                self.env._(
                    "Deposit %(deposit)s would be paid at once: ask its buyer, a "
                    "purchase manager or accounting.",
                    deposit=self.name,
                )
            )

    @api.model
    def _check_role(self, *groups):
        """Refuse whoever is in none of the groups; nobody may write deposits."""
        self.check_access("read")
        if not self.env.su and not any(map(self.env.user.has_group, groups)):
            self.check_access("write")
