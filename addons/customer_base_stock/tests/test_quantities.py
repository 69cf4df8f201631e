from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestQuantities(TransactionCase):
    """What a salesperson with own customers only is told of stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "sales_team.group_sale_salesman"
        cls.sales = new_test_user(cls.env, "quantities-sales", groups=groups)
        other = new_test_user(cls.env, "quantities-other", groups=groups)
        cls.hidden = cls.env["res.partner"].create(
            {"name": "Hidden", "user_id": other.id}
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Drill", "is_storable": True}
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.product, warehouse.lot_stock_id, 10
        )
        cls.picking = cls.env["stock.picking"].create(
            {
                "partner_id": cls.hidden.id,
                "picking_type_id": warehouse.out_type_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": cls.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": 4,
                            "location_id": warehouse.lot_stock_id.id,
                            "location_dest_id": cls.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                        },
                    )
                ],
            }
        )
        cls.picking.action_confirm()
        access = cls.env["customer.access"]
        access._switch(True)
        while access._fill():
            pass
        cls.env.invalidate_all()

    def test_others_deliveries_are_counted_and_not_shown(self):
        moves = self.picking.move_ids.with_user(self.sales)
        self.assertFalse(moves.has_access("read"))
        product = self.product.with_user(self.sales)
        self.assertEqual(product.virtual_available, 6)
        self.assertEqual(product.free_qty, 6)

    def test_whose_goods_are_in_a_package_is_not_told(self):
        """Of storekeepers who sell, too: they read all packages."""
        keeper = new_test_user(
            self.env,
            "quantities-keeper",
            groups="sales_team.group_sale_salesman,stock.group_stock_user",
        )
        own = self.env["res.partner"].create({"name": "Own", "user_id": keeper.id})
        package, other = self.env["stock.package"].create(
            [{"name": "A"}, {"name": "B"}]
        )
        location = self.picking.location_id
        for one, owner in ((package, self.hidden), (other, own)):
            self.env["stock.quant"]._update_available_quantity(
                self.product, location, 1, package_id=one, owner_id=owner
            )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(package.owner_id, self.hidden)
        self.env.invalidate_all()
        packages = (package + other).with_user(keeper)
        shown = packages.web_read({"owner_id": {"fields": {"display_name": {}}}})
        self.assertEqual(
            [one["owner_id"] and one["owner_id"]["display_name"] for one in shown],
            [False, "Own"],
        )
        for name in ("Hidden", "Own"):
            found = packages.search(
                [("owner_id", "ilike", name), ("id", "in", packages.ids)]
            )
            self.assertEqual(found, packages[1] if name == "Own" else packages[:0])

    def test_nobody_says_so_from_outside(self):
        moves = self.env["stock.move"].with_user(self.sales)
        for forged in (True, 1, "COUNTED", {}):
            found = moves.with_context(customers_counted=forged).search(
                [("product_id", "=", self.product.id)]
            )
            self.assertFalse(found)
