from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, formatLang

from odoo.addons.approval_matrix.fingerprint import canonical


class PurchaseOrder(models.Model):
    """What approvers of a purchase order approve: its amount and its terms."""

    _inherit = "purchase.order"

    def _approval_amount(self):
        return self._approval_convert(self._approval_total(self.order_line))

    def _approval_threshold_amount(self):
        """Count what is bought: a negative line beside it hides nothing."""
        # a list, for what `filtered` returns is not read together with other orders'
        bought = [
            line
            for line in self.order_line
            if line.product_qty * line.price_unit * (100 - line.discount) > 0
        ]
        return self._approval_convert(self._approval_total(bought))

    def _approval_total(self, lines):
        """Return what the lines come to with taxes, in the order's currency.

        It is computed afresh: stored totals can be written by remote callers.
        """
        self.ensure_one()
        AccountTax = self.env["account.tax"]
        base_lines = [
            line._prepare_base_line_for_taxes_computation()
            for line in lines
            if not line.display_type
        ]
        AccountTax._add_tax_details_in_base_lines(base_lines, self.company_id)
        AccountTax._round_base_lines_tax_details(base_lines, self.company_id)
        totals = AccountTax._get_tax_totals_summary(
            base_lines=base_lines, currency=self.currency_id, company=self.company_id
        )
        return totals["total_amount_currency"]

    def _approval_convert(self, amount):
        """Return an amount of the order in company currency.

        Of the rates at the order's date and today the one that gives more counts:
        the buyer chooses the date.
        """
        company = self._approval_company()
        self._approval_check_rate(company)
        today = fields.Date.context_today(self)
        dates = {today, self.date_order.date() if self.date_order else today}
        return max(
            self.currency_id._convert(amount, company.currency_id, company, date)
            for date in dates
        )

    def _approval_check_rate(self, company):
        """Refuse a foreign currency that Odoo would silently convert one to one."""
        if self.currency_id == company.currency_id:
            return
        rate = self.env["res.currency.rate"].search_count(
            [
                ("currency_id", "=", self.currency_id.id),
                ("company_id", "in", (False, company.root_id.id)),
            ],
            limit=1,
        )
        if not rate:
            raise UserError(
                self.env._(
                    "%(order)s: there is no exchange rate for %(currency)s, so its "
                    "amount cannot be compared with approval limits. "
                    "Enter a rate first.",
                    order=self.display_name,
                    currency=self.currency_id.name,
                )
            )

    def _approval_term_fields(self):
        return super()._approval_term_fields() | {
            "partner_id",
            "date_order",
            "department_id",
            "company_id",
            "currency_id",
            "payment_term_id",
            "picking_type_id",
            "dest_address_id",
            "order_line",
        }

    def _approval_terms(self):
        self.ensure_one()
        lines = [
            line._get_approval_terms()
            for line in self.order_line
            if not line.display_type and (line.product_qty or not line.is_downpayment)
        ]
        return {
            "company": self.company_id.id,
            "vendor": self.partner_id.id,
            "currency": self.currency_id.id,
            "payment": self.payment_term_id.id,
            "ordered": self.date_order and self.date_order.date().isoformat(),
            "department": self.department_id.id,
            "deliver_to": [self.picking_type_id.id, self.dest_address_id.id],
            "lines": sorted(lines, key=canonical),
        }

    def _approval_terms_kept(self, approved, current):
        """After approval a new date is news from the vendor, not a new decision."""

        def without_dates(terms):
            lines = [{**line, "date": None} for line in terms["lines"]]
            return {**terms, "lines": sorted(lines, key=canonical)}

        return without_dates(approved) == without_dates(current)

    def _approval_only_amounts_differ(self, approved, current):
        def without_numbers(terms):
            free = {"date": None, "quantity": None, "price": None, "discount": None}
            lines = [{**line, **free} for line in terms["lines"]]
            return {**terms, "lines": sorted(lines, key=canonical)}

        return without_numbers(approved) == without_numbers(current)

    def _approval_describe(self, terms):
        env = self.env
        currency = env["res.currency"].browse(terms["currency"]).exists()
        # requests made before these were terms do not have them
        picking_type, address = terms.get("deliver_to") or (False, False)
        place = self._approval_name("res.partner", address)
        facts = [
            (env._("Vendor"), self._approval_name("res.partner", terms["vendor"])),
            (
                env._("Currency"),
                self._approval_name("res.currency", terms["currency"]),
            ),
            (
                env._("Payment Terms"),
                self._approval_name("account.payment.term", terms.get("payment")),
            ),
            (
                env._("Deliver To"),
                place or self._approval_name("stock.picking.type", picking_type),
            ),
            (env._("Order Date"), format_date(env, terms.get("ordered"))),
            (
                env._("Department"),
                self._approval_name("hr.department", terms.get("department")),
            ),
        ]
        columns = [
            env._("Product"),
            env._("Description"),
            env._("Quantity"),
            env._("Unit Price"),
            env._("Discount"),
            env._("Taxes"),
            env._("Analytic"),
            env._("Expected"),
        ]
        rows = [self._approval_describe_line(line, currency) for line in terms["lines"]]
        return {"facts": facts, "columns": columns, "rows": rows}

    def _approval_describe_line(self, line, currency):
        """Return one row of the terms in words.

        :param dict line: what ``purchase.order.line._get_approval_terms`` returned
        """
        env = self.env
        quantity = formatLang(env, float(line["quantity"]), dp="Product Unit")
        shares = (
            (
                self._approval_name("account.analytic.account", *accounts.split(",")),
                share,
            )
            for accounts, share in line["analytic"].items()
        )
        price, discount = float(line["price"]), float(line["discount"])
        return [
            self._approval_name("product.product", line["product"]),
            line.get("text") or "",
            f"{quantity} {self._approval_name('uom.uom', line['uom'])}".strip(),
            format_amount(env, price, currency) if currency else f"{price:g}",
            f"{discount:g} %" if discount else "",
            self._approval_name("account.tax", *line["taxes"]),
            ", ".join(f"{names} {float(share):g} %" for names, share in shares),
            format_date(env, line["date"]),
        ]
