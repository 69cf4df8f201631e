"""The third way to pay a deposit, for the cases of ``supplier_deposit``."""

from odoo import Command, fields

from odoo.addons.supplier_deposit.tests.books import Payable


class DepositBill(Payable):
    """Deposit bills, that final bills take back."""

    def _get_way(self):
        return {"method": "bill", "account_id": self.prepayment.id}

    def _get_account(self):
        return self.prepayment

    def _get_deducting_account(self):
        return self.prepayment

    def _advance(self, paid, left, credited=0.0, rate=1.0, **money):
        return [
            [
                self._item(self.prepayment, paid, left - credited, rate),
                self._item(self.payable, -paid, rate=rate),
            ],
            self._money(self.payable, paid, rate=rate, **money),
        ]

    def _billed(self, total, *deducted, left=None, rate=1.0, costs=None, **_rates):
        rest = total - sum(deducted)
        left = rest if left is None else left
        costs = costs or [self._item(self.expense, total, rate=rate)]
        return [
            [
                *costs,
                *(
                    self._item(self.prepayment, -amount, rate=rate)
                    for amount in deducted
                    if amount
                ),
                self._item(self.payable, -rest, -left, rate),
            ]
        ]

    def _late(self, amount):
        """A bill that was posted before deducts: a credit note over the deposit."""
        return [
            [self._item(self.payable, amount), self._item(self.prepayment, -amount)]
        ]

    def _given_back(self, *amounts):
        return []

    def _rebilled(self, before, now, left):
        return self._billed(1000, before, left=left)

    def _credited(self, total, back, left=0.0):
        return [
            [
                self._item(self.expense, -total),
                self._item(self.prepayment, back, left),
                self._item(self.payable, total - back),
            ]
        ]

    def _refunded(self, amount, rate=1.0, **money):
        return [
            [
                self._item(self.prepayment, -amount, rate=rate),
                self._item(self.payable, amount, rate=rate),
            ],
            self._money(self.payable, -amount, rate=rate, **money),
        ]

    def _credit_deposit(self, **values):
        """Enter the vendor's credit note of the deposit, as an accountant does."""
        today = fields.Date.today()
        note = self.deposits.bill_id._reverse_moves([{"invoice_date": today}])
        if values:
            line = Command.update(note.invoice_line_ids.id, values)
            note.write({"invoice_line_ids": [line]})
        note.action_post()
        return note
