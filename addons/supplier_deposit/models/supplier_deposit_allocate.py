from odoo import Command, models
from odoo.exceptions import UserError


class SupplierDeposit(models.Model):
    """Entries that book a part of a prepayment onto the vendor's payable account."""

    _inherit = "supplier.deposit"

    def _allocate(self, bill, payable, amount):
        """Book a part of the prepayment onto the vendor's payable account.

        On a bill in another currency it is worth what it was booked at.

        :param bill: ``account.move`` that it is deducted from
        :param payable: ``account.account`` of the vendor on that bill
        :param float amount: in the deposit's currency
        :return: the journal item on the payable account, to match with the bill
        """
        self.ensure_one()
        source = self._get_deposit_lines()
        amount = min(amount, source.amount_residual_currency)
        rate = source.balance / source.amount_currency
        balance = self.company_currency_id.round(amount * rate)
        if not self.currency_id.compare_amounts(
            amount, source.amount_residual_currency
        ):
            balance = source.amount_residual
        common = {
            "name": self.env._(
                "Deposit %(deposit)s on %(bill)s", deposit=self.name, bill=bill.name
            ),
            "partner_id": source.partner_id.id,
        }
        journal = self._find_general_journal()
        expected = max(bill.date, source.date)
        # a bill of a closed period: it is matched because of what happened since
        date = self._find_open_date(
            journal, expected, max(expected, self._get_last_credit_date() or expected)
        )
        same = bill.currency_id == self.currency_id
        currency = self.currency_id if same else self.company_currency_id
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date,
                "journal_id": journal.id,
                "company_id": self.company_id.id,
                "ref": self.name,
                "deposit_allocation_id": self.id,
                "line_ids": [
                    Command.create(
                        {
                            **common,
                            "account_id": payable.id,
                            "currency_id": currency.id,
                            "amount_currency": amount if same else balance,
                            "balance": balance,
                        }
                    ),
                    Command.create(
                        {
                            **common,
                            "account_id": source.account_id.id,
                            "currency_id": self.currency_id.id,
                            "amount_currency": -amount,
                            "balance": -balance,
                        }
                    ),
                ],
            }
        )
        entry._post(soft=False)
        self._say_when_booked(entry, expected)
        debit, credit = entry.line_ids.sorted("balance", reverse=True)
        (source | credit).reconcile()
        return debit

    def _find_general_journal(self):
        journals = self.env["account.journal"]
        journal = journals.search(
            [
                *journals._check_company_domain(self.company_id),
                ("type", "=", "general"),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._(
                    "Deposit %(deposit)s cannot be deducted: there is no journal for "
                    "miscellaneous operations.",
                    deposit=self.name,
                )
            )
        return journal
