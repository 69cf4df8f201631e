from datetime import timedelta

from odoo import Command, fields

from odoo.addons.approval_matrix_purchase.tests.common import PurchaseApprovalCommon


class UrgentOrdersCommon(PurchaseApprovalCommon):
    """The people of purchase approvals, and the levels of urgency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.urgent = cls.env.ref("urgent_orders.urgency_level_urgent")
        cls.critical = cls.env.ref("urgent_orders.urgency_level_critical")
        cls.normal = cls.env.ref("urgent_orders.urgency_level_normal")


class UrgencyCommon(UrgentOrdersCommon):
    """A product bought for each order, another kept in stock, and those who sell."""

    #: Making them takes long: see tools/inside/shared_setup.py.
    shared_setup = True

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

    def _follow_supply(self):
        """Do what the job of the links does."""
        self.env.flush_all()
        changes = self.env["supply.change"]
        while changes._follow_batch():
            pass

    @classmethod
    def _count(cls, quantity, product=None):
        """Put that many into the warehouse."""
        cls.env["stock.quant"]._update_available_quantity(
            product or cls.kept, cls.warehouse.lot_stock_id, quantity
        )

    @classmethod
    def _buy_kept(cls, *moments):
        """Order ten of what is kept in stock, to come at each of these moments."""
        for moment in moments:
            order = cls._order(quantity=10)
            order.order_line.product_id = cls.kept
            order.order_line.write({"product_qty": 10, "date_planned": moment})
            order.button_confirm()

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
