from odoo import Command
from odoo.tests import TransactionCase, new_test_user

SALES = "sales_team.group_sale_salesman_all_leads"

#: What remote callers may write into the context, and what must change nothing.
FORGED = {
    "skip_validation_check": True,
    "approval_engine": True,
    "approval_watch": {},
    "approval_matrix.watch": {},
    "skip_alternative_check": True,
    "force": True,
    "import_file": True,
    "install_mode": True,
    "tracking_disable": True,
}


class PurchaseApprovalCommon(TransactionCase):
    """A buyer, two approvers, a colleague in sales, and a rule with two steps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env.company
        cls.buyer = cls._user("buyer", "purchase.group_purchase_user")
        cls.manager = cls._user("manager", "purchase.group_purchase_manager")
        cls.director = cls._user("director", "purchase.group_purchase_user")
        # in sales, where that is installed
        sales = cls.env.ref(SALES, raise_if_not_found=False)
        cls.care = cls._user("care", *([SALES] if sales else []))
        cls.admin = cls.env.ref("base.user_admin")
        cls.vendor = cls.env["res.partner"].create({"name": "Vendor"})
        cls.customer = cls.env["res.partner"].create({"name": "Hospital"})
        cls.product = cls._product("Hospital bed")

    @classmethod
    def _product(cls, name):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "supplier_taxes_id": [Command.clear()],
                "taxes_id": [Command.clear()],
                "seller_ids": [
                    Command.create({"partner_id": cls.vendor.id, "price": 100.0})
                ],
            }
        )

    @classmethod
    def _user(cls, login, *groups):
        return new_test_user(
            cls.env,
            f"{login}@urgent.example",
            groups=",".join(("base.group_user", *groups)),
            name=login.capitalize(),
        )

    @classmethod
    def _rule(cls, *steps, **values):
        """Make a rule on purchase orders; each step is its approvers.

        :param steps: ``res.users`` recordsets, asked one after the other
        """
        return cls.env["approval.rule"].create(
            {
                "name": "Purchases",
                "model_id": cls.env["ir.model"]._get("purchase.order").id,
                "company_id": cls.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": f"Step {number}",
                            "sequence": number,
                            "user_ids": [Command.set(users.ids)],
                        }
                    )
                    for number, users in enumerate(steps, start=1)
                ],
                **values,
            }
        )

    @classmethod
    def _order(cls, price=9000.0, quantity=1.0, user=None, **values):
        """Make a request for quotation with one line, as the buyer."""
        env = cls.env(user=user or cls.buyer)
        return env["purchase.order"].create(
            {
                "partner_id": cls.vendor.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_qty": quantity,
                            "price_unit": price,
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _submitted(cls, **values):
        order = cls._order(**values)
        order.button_confirm()
        return order

    @classmethod
    def _approved(cls, **values):
        order = cls._submitted(**values)
        order.with_user(cls.manager).action_approve()
        order.with_user(cls.director).action_approve()
        return order
