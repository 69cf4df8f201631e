from odoo import models


class AccountMove(models.Model):
    """What a deposit leaves of a bill is paid early with its discount all the same."""

    _inherit = "account.move"

    def _is_eligible_for_early_payment_discount(self, currency, reference_date):
        # Odoo takes any match for a payment that came without the discount
        if super()._is_eligible_for_early_payment_discount(currency, reference_date):
            return True
        term = self.line_ids.filtered(lambda line: line.display_type == "payment_term")
        return bool(
            self.move_type == "in_invoice"
            and self.currency_id == currency
            and self.invoice_payment_term_id.early_discount
            # a bill from before its terms had a discount has no day for it
            and (until := term[:1].discount_date)
            and (not reference_date or reference_date <= until)
            and (matches := term.sudo().matched_debit_ids)
            and matches == self.sudo()._deposit_get_matches()
        )

    def _get_invoice_counterpart_amls_for_early_payment_discount_per_payment_term_line(
        self,
    ):
        result = super()._get_invoice_counterpart_amls_for_early_payment_discount_per_payment_term_line()  # noqa: E501
        for line, net in {**result["term_lines"], **result["base_lines"]}.items():
            share = line._deposit_get_open_share()
            if share == 1:
                continue
            parts = [*net.values(), *result["tax_lines"][line].values()]
            # where Odoo puts what rounding leaves
            largest = max(net.values(), key=lambda part: part["amount_currency"])
            for name, currency in (
                ("amount_currency", line.currency_id),
                ("balance", line.company_currency_id),
            ):
                amount = (line[name] - line[f"discount_{name}"]) * share
                rest = amount - sum(part[name] for part in parts)
                largest[name] += currency.round(rest)
        return result


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_installments_data(self, *args, **kwargs):
        installments = super()._get_installments_data(*args, **kwargs)
        for installment in installments:
            line = installment["line"]
            share = line._deposit_get_open_share()
            if installment["type"] != "early_payment_discount" or share == 1:
                continue
            amount = line.currency_id.round(line.discount_amount_currency * share)
            balance = line.company_currency_id.round(line.discount_balance * share)
            sign = -line.move_id.direction_sign
            installment.update(
                amount_residual_currency=amount,
                amount_residual=balance,
                amount_residual_currency_unsigned=sign * amount,
                amount_residual_unsigned=sign * balance,
                discount_amount_currency=line.amount_residual_currency - amount,
                discount_amount=line.amount_residual - balance,
            )
        return installments

    def _deposit_get_open_share(self):
        """Return which part of an item has not been matched."""
        self.ensure_one()
        whole = self.amount_currency
        return self.amount_residual_currency / whole if whole else 1.0
