from odoo import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.approval_matrix.tests.users import new_user


class SpendBudgetCommon(AccountTestInvoicingCommon):
    """A company with a chart of accounts, a buyer, and accounts to plan with."""

    #: Making it takes long: see tools/inside/shared_setup.py.
    shared_setup = True

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        for name in (
            "hr.group_hr_manager",
            "purchase.group_purchase_manager",
            "spend_budget.group_budget_manager",
            "analytic.group_analytic_accounting",
            "base.group_system",
        ):
            groups |= cls.env.ref(name)
        return groups

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.currency = cls.company.currency_id
        cls.buyer = cls._user("buyer", "purchase.group_purchase_user")
        cls.owner = cls._user("owner")
        cls.manager = cls._user("keeper", "spend_budget.group_budget_manager")
        cls.department = cls._department("Sales")
        cls.env["hr.employee"].create(
            {
                "name": "Buyer",
                "user_id": cls.buyer.id,
                "company_id": cls.company.id,
                "department_id": cls.department.id,
            }
        )
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Projects"})
        cls.other_plan = cls.env["account.analytic.plan"].create({"name": "Activities"})
        cls.clinic = cls._account("Clinic")
        cls.ward = cls._account("Ward")
        cls.training = cls._account("Training", cls.other_plan)
        cls.category = cls.env["product.category"].create({"name": "Beds"})
        cls.product = cls.env["product.product"].create(
            {
                "name": "Hospital bed",
                "type": "consu",
                "categ_id": cls.category.id,
                "purchase_method": "purchase",
                "supplier_taxes_id": [Command.clear()],
                "property_account_expense_id": cls.company_data[
                    "default_account_expense"
                ].id,
            }
        )
        cls.vendor = cls.env["res.partner"].create({"name": "Vendor"})

    @classmethod
    def _user(cls, login, *groups, company=None):
        company = company or cls.company
        return new_user(
            cls.env,
            f"{login}@budget.example",
            groups=",".join(("base.group_user", *groups)),
            name=login.capitalize(),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _department(cls, name, parent=None, company=None):
        return cls.env["hr.department"].create(
            {
                "name": name,
                "parent_id": parent and parent.id,
                "company_id": (company or cls.company).id,
            }
        )

    @classmethod
    def _account(cls, name, plan=None, company=None):
        return cls.env["account.analytic.account"].create(
            {
                "name": name,
                "plan_id": (plan or cls.plan).id,
                "company_id": (company or cls.company).id,
            }
        )

    @classmethod
    def _budget(cls, *lines, is_open=True, **values):
        """Make a budget; each line is a dict of its values.

        :param bool is_open: open it
        """
        budget = cls.env["spend.budget"].create(
            {
                "name": "Plan",
                "company_id": cls.company.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "user_id": cls.owner.id,
                "line_ids": [Command.create(line) for line in lines],
                **values,
            }
        )
        if is_open:
            budget.action_open()
        return budget

    @classmethod
    def _line(cls, amount=1000.0, **values):
        """Make a budget with one line for the clinic, and return the line."""
        values.setdefault("account_id", cls.clinic.id)
        return cls._budget({"amount": amount, **values}).line_ids

    @classmethod
    def _order(cls, price=100.0, quantity=1.0, user=None, lines=None, **values):
        """Make a quotation as the buyer, charged to the clinic."""
        env = cls.env(user=user or cls.buyer)
        one = {"price_unit": price, "product_qty": quantity}
        return env["purchase.order"].create(
            {
                "partner_id": cls.vendor.id,
                "date_order": "2026-06-15 08:00:00",
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "analytic_distribution": {str(cls.clinic.id): 100},
                            "tax_ids": [Command.clear()],
                            **line,
                        }
                    )
                    for line in lines or [one]
                ],
                **values,
            }
        )

    @classmethod
    def _submitted(cls, **values):
        order = cls._order(**values)
        order.write({"state": "to approve"})
        return order

    @classmethod
    def _confirmed(cls, **values):
        order = cls._order(**values)
        order.button_confirm()
        return order

    @classmethod
    def _bill(cls, order=None, quantity=None, price=None, post=True, **values):
        """Bill a part of the order's first line, or something nobody ordered."""
        line = order and order.sudo().order_line[0]
        vals = {
            "product_id": cls.product.id,
            "quantity": quantity or 1.0,
            "price_unit": price if price is not None else line.price_unit,
            "tax_ids": [Command.clear()],
            "analytic_distribution": {str(cls.clinic.id): 100},
            "purchase_line_id": line and line.id,
        }
        if line:
            vals["analytic_distribution"] = line.analytic_distribution
            vals["product_uom_id"] = line.product_uom_id.id
            vals["quantity"] = quantity or line.product_qty
            vals["tax_ids"] = [Command.set(line.tax_ids.ids)]
        vals |= values.pop("line", {})
        bill = cls.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": cls.vendor.id,
                "invoice_date": "2026-07-01",
                "date": "2026-07-01",
                "currency_id": order.currency_id.id if order else cls.currency.id,
                "invoice_line_ids": [Command.create(vals)],
                **values,
            }
        )
        if post:
            bill.action_post()
        return bill

    def assertBalance(self, line, reserved=0.0, committed=0.0, actual=0.0):
        """Compare a line in the database, and prove the ledger behind it."""
        self.env.flush_all()
        self.env.invalidate_all()
        line = line.sudo()
        self.assertEqual(
            (line.reserved, line.committed, line.actual), (reserved, committed, actual)
        )
        self.assertEqual(line.available, line.amount - reserved - committed - actual)
        self.assertEqual(line.budget_id._find_differences(), [])
