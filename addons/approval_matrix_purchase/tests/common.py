from odoo import Command
from odoo.tests import TransactionCase

from odoo.addons.approval_matrix.tests.users import new_user

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

    #: Making them takes long: see tools/inside/shared_setup.py.
    shared_setup = True

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
        return new_user(
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

    # ------------------------------------------------------------
    # FLOWS
    # ------------------------------------------------------------

    @classmethod
    def _flow_people(cls):
        """Add a storekeeper and an accountant."""
        cls.keeper = cls._user("keeper", "stock.group_stock_user")
        cls.accountant = cls._user("accountant", "account.group_account_invoice")

    @classmethod
    def _set_up_bills(cls):
        """Let the accountant bill what is ordered, also in a database without a chart
        of accounts."""
        cls._flow_people()
        if not cls.env["account.journal"].search(
            [("type", "=", "purchase"), ("company_id", "=", cls.company.id)]
        ):
            cls.env["account.chart.template"].try_loading(
                "generic_coa", cls.company, install_demo=False
            )
        cls.product.purchase_method = "purchase"

    def _receive(self, order, quantity, user=None):
        """Set the quantity of the first open move of the order, and validate."""
        picking = order.sudo().picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        picking = picking.with_user(user or self.keeper)
        picking = picking.with_context(skip_backorder=True)
        picking.move_ids[0].quantity = quantity
        return picking.button_validate()

    def _receive_and_ask(self, order, quantity, reason="They sent more"):
        """Receive more than is approved, as the wizard offers."""
        action = self._receive(order, quantity)
        self.assertEqual(action["res_model"], "purchase.excess.ask")
        ask = self.env[action["res_model"]].with_user(self.keeper)
        ask = ask.with_context(**action["context"]).browse(action["res_id"])
        ask.reason = reason
        ask.action_ask()
        return (
            order.sudo()
            .env["purchase.excess"]
            .search([("order_id", "=", order.id)], limit=1)
        )

    @classmethod
    def _bill(cls, order=None, lines=(), vendor=None):
        """Make a draft bill as the accountant.

        :param lines: dicts of values of its lines; by default those of the order
        """
        Move = cls.env["account.move"].with_user(cls.accountant)
        if not lines:
            lines = [
                {
                    "purchase_line_id": line.id,
                    "product_id": line.product_id.id,
                    "quantity": line.product_qty,
                    "price_unit": line.price_unit,
                }
                for line in order.sudo().order_line
            ]
        return Move.create(
            {
                "move_type": "in_invoice",
                "partner_id": (vendor or cls.vendor).id,
                "invoice_date": "2026-01-15",
                "invoice_line_ids": [
                    Command.create({"tax_ids": [Command.clear()], **line})
                    for line in lines
                ],
            }
        )

    @classmethod
    def _payment(cls, amount, vendor=None, **values):
        """Make a draft payment to the vendor as the accountant."""
        Payment = cls.env["account.payment"].with_user(cls.accountant)
        return Payment.create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": (vendor or cls.vendor).id,
                "amount": amount,
                **values,
            }
        )
