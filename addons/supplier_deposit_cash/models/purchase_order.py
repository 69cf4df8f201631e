from odoo import models
from odoo.tools import format_amount, format_date

from ..cash_projection import lowest, spend
from .supplier_deposit import PROJECTIONS

#: Key of the bank that pays, in what a batch of orders shares.
BANKS = "cash_banks"


class PurchaseOrder(models.Model):
    """Whoever approves an order reads what its deposits leave of the cash."""

    _inherit = "purchase.order"

    def _deposit_tell_expected(self, expected, cache):
        """Add the lowest cash from the day on that the first of them is due.

        Balances are for accountants; others read it where a journal has a floor.
        """
        told = super()._deposit_tell_expected(expected, cache)
        text = self._deposit_tell_cash(expected, cache)
        return [*told, (self.env._("Cash After It"), text)] if text else told

    def _deposit_tell_cash(self, expected, cache):
        """Return in words how low the cash will be after deposits that are not made
        yet; nothing for those who may not read it.

        :param expected: deposits that the order will have, at least one
        :param dict cache: what a batch of orders shares
        """
        env, company = self.env, self.company_id
        deposits, today = env["supplier.deposit"], company._approval_day()
        first = min(expected, key=lambda each: each.day or today)
        journal = first.journal or self._deposit_get_bank(cache)
        if not journal.cash_floor and not deposits._reads_balances():
            return ""
        key = (PROJECTIONS, company)
        if key not in cache:
            cache[key] = deposits._project_cash(company, today)
        flows = [
            (
                each.day or today,
                -self._deposit_to_company(each.amount - each.known, today),
            )
            for each in expected
        ]
        due = max(today, first.day or today)
        day, low = lowest(spend(cache[key], flows), due)
        if journal.cash_floor:
            return deposits._tell_cash(company, journal, day, low)[1]
        return env._(
            "At its lowest it is %(lowest)s, on %(day)s.",
            lowest=format_amount(env, low, company.currency_id),
            day=format_date(env, day),
        )

    def _deposit_get_bank(self, cache):
        """Return the bank that pays where the rule names none."""
        key = (BANKS, self.company_id, self.currency_id)
        if key not in cache:
            deposits = self.env["supplier.deposit"]
            cache[key] = deposits._find_bank(self.company_id, self.currency_id)
        return cache[key]

    def _deposit_to_company(self, amount, today):
        company = self.company_id
        return self.currency_id._convert(amount, company.currency_id, company, today)
