from datetime import timedelta

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user

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


class UrgentOrdersCommon(TransactionCase):
    """A buyer, two approvers, a colleague in sales, and a rule with two steps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env.company
        cls.buyer = cls._user("buyer", "purchase.group_purchase_user")
        cls.manager = cls._user("manager", "purchase.group_purchase_manager")
        cls.director = cls._user("director", "purchase.group_purchase_user")
        cls.care = cls._user("care", "sales_team.group_sale_salesman_all_leads")
        cls.admin = cls.env.ref("base.user_admin")
        cls.vendor = cls.env["res.partner"].create({"name": "Vendor"})
        cls.customer = cls.env["res.partner"].create({"name": "Hospital"})
        cls.product = cls._product("Hospital bed")
        cls.urgent = cls.env.ref("urgent_orders.urgency_level_urgent")
        cls.critical = cls.env.ref("urgent_orders.urgency_level_critical")
        cls.normal = cls.env.ref("urgent_orders.urgency_level_normal")

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


class UrgencyCommon(UrgentOrdersCommon):
    """A product bought for each order, another kept in stock, and those who sell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("seller", "sales_team.group_sale_manager")
        cls.clerk = cls._user("storekeeper", "stock.group_stock_user")
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        mto = cls.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        buy = cls.warehouse.buy_pull_id.route_id
        cls.product.route_ids = [Command.set((mto | buy).ids)]
        cls.kept = cls._product("Wheelchair")
        cls.deadline = fields.Datetime.now() + timedelta(days=5)

    @classmethod
    def _count(cls, quantity, product=None):
        """Put that many into the warehouse."""
        cls.env["stock.quant"]._update_available_quantity(
            product or cls.kept, cls.warehouse.lot_stock_id, quantity
        )

    @classmethod
    def _sale(cls, quantity=2, product=None, user=None, confirm=False, **values):
        order = cls.env(user=user or cls.care)["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.product).id,
                            "product_uom_qty": quantity,
                        }
                    )
                ],
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def _urgent_sale(cls, level=None, **values):
        return cls._sale(**{**cls._urgency(level), **values})

    @classmethod
    def _urgency(cls, level=None):
        return {
            "urgency_level_id": (level or cls.urgent).id,
            "urgency_reason": "Ward opens on Monday",
            "needed_by": cls.deadline,
        }

    def _purchase(self, sale):
        return sale.sudo()._get_purchase_orders()

    def _activities(self, record, user, kind="urgent"):
        kind = self.env.ref(f"urgent_orders.mail_activity_type_{kind}")
        return record.sudo().activity_ids.filtered(
            lambda activity: (
                activity.user_id == user and activity.activity_type_id == kind
            )
        )

    def _notices(self, kind):
        """Return what open screens are told, and forget it."""
        self.env.cr.precommit.run()
        notices = (
            self.env["bus.bus"]
            .sudo()
            .search([])
            .filtered(lambda notice: kind in notice.message)
        )
        messages = [(notice.channel, notice.message) for notice in notices]
        notices.unlink()
        return messages
