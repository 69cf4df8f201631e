from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class SupplierDeposit(models.Model):
    """Where and when entries can be booked.

    In closed periods Odoo takes another date, and does not say so.
    """

    _inherit = "supplier.deposit"

    def _check_period(self, date, journal, has_tax=False):
        """Refuse to book on a date that somebody chose when its period is closed.

        :param date: of the entry
        :param journal: ``account.journal`` of the entry
        :param bool has_tax: whether it is part of a tax report
        :raises UserError: names the date and the lock
        """
        self.ensure_one()
        locks = self.company_id._get_violated_lock_dates(date, has_tax, journal)
        if locks:
            raise UserError(
                self.env._(
                    "Deposit %(deposit)s: nothing can be booked on %(date)s in journal "
                    "%(journal)s, as the period is locked until %(lock)s. Choose "
                    "another date, or ask an accountant to open the period.",
                    deposit=self.name,
                    date=format_date(self.env, date),
                    journal=journal.display_name,
                    lock=format_date(self.env, max(lock for lock, _field in locks)),
                )
            )

    def _check_booked(self, payment):
        """Refuse a payment without an entry: it could not be matched with anything.

        :param payment: posted ``account.payment``
        :raises UserError:
        """
        self.ensure_one()
        if not payment.move_id:
            raise UserError(
                self.env._(
                    "Deposit %(deposit)s: journal %(journal)s books no payments. Give "
                    "its payment method an outstanding account, or the account of the "
                    "bank.",
                    deposit=self.name,
                    journal=payment.journal_id.display_name,
                )
            )

    def _find_open_date(self, journal, *dates):
        """Return the date of an entry that follows from others: the first whose period
        is open, or today.

        :param journal: ``account.journal`` of the entry
        :param dates: what an accountant would expect, the best first
        :raises UserError: when even today is locked
        """
        self.ensure_one()
        for date in dates:
            if not self.company_id._get_violated_lock_dates(date, False, journal):
                return date
        today = fields.Date.context_today(self)
        self._check_period(today, journal)
        return today

    def _say_when_booked(self, entry, expected):
        """Write down why an entry is not dated as one would expect."""
        self.ensure_one()
        if entry.date == expected:
            return
        reason = self.env._(
            "%(entry)s is dated %(date)s, as the period of %(expected)s is locked.",
            entry=entry.name,
            date=format_date(self.env, entry.date),
            expected=format_date(self.env, expected),
        )
        entry._message_log(body=reason)
        self._message_log(body=reason)

    def _get_last_credit_date(self):
        """Return the date of the newest credit note of the order, if there is one."""
        self.ensure_one()
        moves = self.order_id.order_line.invoice_lines.move_id
        notes = moves.filtered(
            lambda move: move.move_type == "in_refund" and move.state == "posted"
        )
        return max(notes.mapped("date"), default=None)
