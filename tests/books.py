"""A company with books: what payments of deposits need, in a copy of the database."""

from office import Office


class Books(Office):
    """A bank that pays when a payment is posted, and a rule for one vendor."""

    def __init__(self, registry):
        super().__init__(registry)
        with self.committed() as env:
            self.keep_books(env)

    def keep_books(self, env):
        """Give the company a chart of accounts, a bank, a vendor and a product."""
        company = env.company
        if not company.chart_template:
            env["account.chart.template"].try_loading("generic_coa", company)
        journals = env["account.journal"]
        bank = journals.search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )
        bank.outbound_payment_method_line_ids.payment_account_id = (
            bank.default_account_id
        )
        bank.inbound_payment_method_line_ids.payment_account_id = (
            bank.default_account_id
        )
        self.bank = bank.id
        self.vendor = env["res.partner"].create({"name": "Deposit Vendor"}).id
        self.product = (
            env["product.product"]
            .create(
                {
                    "name": "Bed",
                    "type": "service",
                    "purchase_method": "purchase",
                    "supplier_taxes_id": [],
                }
            )
            .id
        )

    def deposit_rule(self, env, percent=30, **values):
        """Make a rule for the vendor, and return it.

        :param values: of ``deposit.rule``, and ``trigger`` and ``days`` of its line
        """
        from odoo import Command

        line = {
            "name": "Deposit",
            "percent": percent,
            "trigger": values.pop("trigger", "confirmed"),
            "days": values.pop("days", 0),
        }
        return env["deposit.rule"].create(
            {
                "name": "Deposits",
                "company_id": env.company.id,
                "partner_ids": [Command.set([self.vendor])],
                "journal_id": self.bank,
                "posting": "posted",
                "line_ids": [Command.create(line)],
                **values,
            }
        )

    def order_of_vendor(self, env, confirm=True, number=1):
        """Make orders of 1,000 from the vendor with deposits, and return them."""
        from datetime import datetime, timedelta

        from odoo import Command

        line = {
            "product_id": self.product,
            "product_qty": 10,
            "price_unit": 100,
            "date_planned": datetime.now() + timedelta(days=20),
        }
        orders = env["purchase.order"].create(
            [
                {"partner_id": self.vendor, "order_line": [Command.create(line)]}
                for _number in range(number)
            ]
        )
        if confirm:
            orders.button_confirm()
        return orders
