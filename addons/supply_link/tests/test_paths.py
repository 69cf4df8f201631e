"""Every way in which orders change, for every way in which goods are supplied.

Two customers' orders want goods of one product: A wants 5, B wants 7. A path is walked,
the job follows, and four things must be so: links and states are as if derived anew,
no purchase is to bring more than it has, the links that stand name the customers that
:data:`EXPECTED` says, and so does how both are supplied. ``docs/supply.md`` shows the
table.
"""

from odoo import Command
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .common import SupplyCommon
from .kits import make_kit

#: What is so after a path, by kind of supply. First the links that stand: whose, of
#: which kind, how much and how much of it came, of a kit by component; or *nobody*.
#: Then how A and B are supplied, as ``supply.state`` says, or *delivered*.
EXPECTED = {
    "mto": {
        "button": ("A mto 5, 5 came; B mto 7, 7 came", "delivered delivered"),
        "rpc": ("A mto 8, 0 came; B mto 7, 0 came", "bought bought"),
        "import": ("A mto 8, 0 came; B mto 7, 0 came", "bought bought"),
        "scheduler": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
        "merge": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
        "alternative": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
        "cancel": ("B mto 7, 0 came", "none bought"),
        "partial": ("A mto 5, 3 came; B mto 7, 3 came", "bought bought"),
        "backorder": ("A mto 5, 5 came; B mto 7, 7 came", "stock stock"),
        "return": ("B mto 7, 7 came", "none stock"),
        "sql": ("B mto 7, 0 came", "none bought"),
        "copy": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
    },
    "mto_2_steps": {
        "button": ("A mto 5, 5 came; B mto 7, 7 came", "delivered delivered"),
        "rpc": ("A mto 8, 0 came; B mto 7, 0 came", "bought bought"),
        "import": ("A mto 8, 0 came; B mto 7, 0 came", "bought bought"),
        "scheduler": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
        "merge": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
        "alternative": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
        "cancel": ("B mto 7, 0 came", "none bought"),
        "partial": ("A mto 5, 3 came; B mto 7, 3 came", "bought bought"),
        "backorder": ("A mto 5, 5 came; B mto 7, 7 came", "stock stock"),
        "return": ("B mto 7, 7 came", "none stock"),
        "sql": ("B mto 7, 0 came", "none bought"),
        "copy": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
    },
    "mto_3_steps": {
        "button": ("A mto 5, 5 came; B mto 7, 7 came", "delivered delivered"),
        "rpc": ("A mto 8, 0 came; B mto 7, 0 came", "bought bought"),
        "import": ("A mto 8, 0 came; B mto 7, 0 came", "bought bought"),
        "scheduler": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
        "merge": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
        "alternative": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
        "cancel": ("B mto 7, 0 came", "none bought"),
        "partial": ("A mto 5, 3 came; B mto 7, 3 came", "bought bought"),
        "backorder": ("A mto 5, 5 came; B mto 7, 7 came", "stock stock"),
        "return": ("B mto 7, 7 came", "none stock"),
        "sql": ("B mto 7, 0 came", "none bought"),
        "copy": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
    },
    "grouped": {
        "button": ("A mto 5, 5 came; B mto 7, 7 came", "delivered delivered"),
        "rpc": ("A mto 8, 0 came; B mto 7, 0 came", "bought bought"),
        "import": ("A mto 8, 0 came; B mto 7, 0 came", "bought bought"),
        "scheduler": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
        "merge": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
        "alternative": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
        "cancel": ("nobody", "none none"),
        "partial": ("A mto 5, 3 came; B mto 7, 0 came", "bought bought"),
        "backorder": ("A mto 5, 5 came; B mto 7, 7 came", "stock stock"),
        "return": ("nobody", "none none"),
        "sql": ("nobody", "none none"),
        "copy": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
    },
    "mts_else_mto": {
        "button": (
            "A bought_for 5, 5 came; B bought_for 7, 7 came",
            "delivered delivered",
        ),
        "rpc": ("A bought_for 8, 0 came; B bought_for 7, 0 came", "bought bought"),
        "import": ("A bought_for 8, 0 came; B bought_for 7, 0 came", "bought bought"),
        "scheduler": (
            "A bought_for 5, 0 came; B bought_for 7, 0 came",
            "bought bought",
        ),
        "merge": ("A bought_for 5, 0 came; B bought_for 7, 0 came", "bought bought"),
        "alternative": (
            "A bought_for 5, 0 came; B bought_for 7, 0 came",
            "bought bought",
        ),
        "cancel": ("B bought_for 7, 0 came", "none bought"),
        "partial": ("A bought_for 5, 3 came; B bought_for 7, 3 came", "bought bought"),
        "backorder": ("A bought_for 5, 5 came; B bought_for 7, 7 came", "stock stock"),
        "return": ("B bought_for 7, 7 came", "none stock"),
        "sql": ("B bought_for 7, 0 came", "none bought"),
        "copy": ("A bought_for 5, 0 came; B bought_for 7, 0 came", "bought bought"),
    },
    "dropship": {
        "button": ("A dropship 5, 5 came; B dropship 7, 7 came", "delivered delivered"),
        "rpc": ("A dropship 8, 0 came; B dropship 7, 0 came", "bought bought"),
        "import": ("A dropship 8, 0 came; B dropship 7, 0 came", "bought bought"),
        "scheduler": ("A dropship 5, 0 came; B dropship 7, 0 came", "bought bought"),
        "merge": ("A dropship 5, 0 came; B dropship 7, 0 came", "bought bought"),
        "alternative": ("A dropship 5, 0 came; B dropship 7, 0 came", "bought bought"),
        "cancel": ("B dropship 7, 0 came", "none bought"),
        "partial": ("A dropship 5, 3 came; B dropship 7, 3 came", "bought bought"),
        "backorder": (
            "A dropship 5, 5 came; B dropship 7, 7 came",
            "delivered delivered",
        ),
        "return": ("B dropship 7, 7 came", "none delivered"),
        "sql": ("B dropship 7, 0 came", "none bought"),
        "copy": ("A dropship 5, 0 came; B dropship 7, 0 came", "bought bought"),
    },
    "pooled": {
        "button": ("nobody", "delivered delivered"),
        "rpc": ("nobody", "incoming none"),
        "import": ("nobody", "none none"),
        "scheduler": ("nobody", "incoming incoming"),
        "merge": ("nobody", "none none"),
        "alternative": ("nobody", "incoming incoming"),
        "cancel": ("nobody", "none none"),
        "partial": ("nobody", "incoming incoming"),
        "backorder": ("nobody", "stock stock"),
        "return": ("nobody", "none stock"),
        "sql": ("nobody", "none none"),
        "copy": ("nobody", "incoming incoming"),
    },
    "resupply": {
        "button": ("nobody", "delivered delivered"),
        "rpc": ("nobody", "incoming none"),
        "import": ("nobody", "none none"),
        "scheduler": ("nobody", "incoming incoming"),
        "merge": ("nobody", "none none"),
        "alternative": ("nobody", "incoming incoming"),
        "cancel": ("nobody", "none none"),
        "partial": ("nobody", "incoming incoming"),
        "backorder": ("nobody", "stock stock"),
        "return": ("nobody", "none stock"),
        "sql": ("nobody", "none none"),
        "copy": ("nobody", "incoming incoming"),
    },
    "resupply_bought": {
        "button": ("A mto 5, 5 came; B mto 7, 7 came", "delivered delivered"),
        "rpc": ("A mto 8, 0 came; B mto 7, 0 came", "bought bought"),
        "import": ("A mto 8, 0 came; B mto 7, 0 came", "bought bought"),
        "scheduler": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
        "merge": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
        "alternative": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
        "cancel": ("B mto 7, 0 came", "none bought"),
        "partial": ("A mto 5, 3 came; B mto 7, 3 came", "bought bought"),
        "backorder": ("A mto 5, 5 came; B mto 7, 7 came", "stock stock"),
        "return": ("B mto 7, 7 came", "none stock"),
        "sql": ("B mto 7, 0 came", "none bought"),
        "copy": ("A mto 5, 0 came; B mto 7, 0 came", "bought bought"),
    },
    "kit": {
        "button": (
            "A mto 5+10, 5+10 came; B mto 7+14, 7+14 came",
            "delivered delivered",
        ),
        "rpc": ("A mto 8+16, 0+0 came; B mto 7+14, 0+0 came", "bought bought"),
        "import": ("A mto 8+16, 0+0 came; B mto 7+14, 0+0 came", "bought bought"),
        "scheduler": ("A mto 5+10, 0+0 came; B mto 7+14, 0+0 came", "bought bought"),
        "merge": ("A mto 5+10, 0+0 came; B mto 7+14, 0+0 came", "bought bought"),
        "alternative": ("A mto 5+10, 0+0 came; B mto 7+14, 0+0 came", "bought bought"),
        "cancel": ("B mto 7+14, 0+0 came", "none bought"),
        "partial": ("A mto 5+10, 3+3 came; B mto 7+14, 3+3 came", "bought bought"),
        "backorder": ("A mto 5+10, 5+10 came; B mto 7+14, 7+14 came", "stock stock"),
        "return": ("B mto 7+14, 7+14 came", "none stock"),
        "sql": ("B mto 7+14, 0+0 came", "none bought"),
        "copy": ("A mto 5+10, 0+0 came; B mto 7+14, 0+0 came", "bought bought"),
    },
}


class PathsCommon(SupplyCommon):
    """How goods are supplied, and what happens to orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a quotation for each order, so that there is something to merge
        cls.vendor.group_rfq = "default"
        cls.other_vendor = cls.env["res.partner"].create({"name": "Oak Beds"})
        cls.stock = cls.warehouse.lot_stock_id

    # ------------------------------------------------------------
    # KINDS OF SUPPLY: what is sold
    # ------------------------------------------------------------

    def _supply_mto(self):
        return self.bed

    def _supply_mto_2_steps(self):
        self.warehouse.write(
            {"reception_steps": "two_steps", "delivery_steps": "pick_ship"}
        )
        return self.bed

    def _supply_mto_3_steps(self):
        self.warehouse.write(
            {"reception_steps": "three_steps", "delivery_steps": "pick_pack_ship"}
        )
        return self.bed

    def _supply_grouped(self):
        self.vendor.group_rfq = "all"
        return self.bed

    def _supply_mts_else_mto(self):
        self.mto_route.rule_ids.filtered(
            lambda rule: rule.procure_method == "make_to_order"
        ).procure_method = "mts_else_mto"
        return self.bed

    def _supply_dropship(self):
        route = self.env.ref("stock_dropshipping.route_drop_shipping", False)
        if not route:
            self.skipTest("vendors do not deliver to customers here")
        frame = self._product("Frame", route)
        frame.route_ids = route
        return frame

    def _supply_pooled(self):
        return self.chair

    def _supply_resupply_bought(self):
        """Another warehouse sells, this one buys for it."""
        product = self._supply_resupply()
        self.seller.resupply_route_ids.rule_ids.filtered(
            lambda rule: rule.location_src_id == self.stock
        ).procure_method = "make_to_order"
        return product

    def _supply_resupply(self):
        """Another warehouse sells what this one has in stock."""
        self.seller = self.env["stock.warehouse"].create(
            {
                "name": "Other",
                "code": "OTH",
                "company_id": self.company.id,
                "resupply_wh_ids": [Command.link(self.warehouse.id)],
            }
        )
        product = self._product("Wardrobe", self.mto_route)
        product.route_ids |= self.seller.resupply_route_ids
        return product

    def _supply_kit(self):
        frame, mattress = (
            self._product(name, self.mto_route) for name in ("Frame", "Mattress")
        )
        kit = self.env["product.product"].create({"name": "Bed set", "type": "consu"})
        make_kit(kit, {frame: 1, mattress: 2})
        return kit

    # ------------------------------------------------------------
    # PATHS: what happens
    # ------------------------------------------------------------

    def _path_button(self):
        """Ordered, received and delivered by buttons."""
        self._buy().button_confirm()
        self._carry_out()

    def _path_rpc(self):
        """A is raised from 5 to 8 by a remote call, and what is bought is ordered."""
        line = self.first.order_line
        call_kw(line.browse(), "write", [line.ids, {"product_uom_qty": 8}], {})
        purchases = self._buy()
        call_kw(purchases.browse(), "button_confirm", [purchases.ids], {})

    def _path_import(self):
        """A is raised from 5 to 8 by an import."""
        line = self.first.order_line
        result = line.load([".id", "product_uom_qty"], [[str(line.id), "8"]])
        self.assertTrue(result["ids"], result["messages"])

    def _path_scheduler(self):
        """The scheduler runs, over what is ordered too."""
        self._buy().button_confirm()
        self.env["stock.rule"].run_scheduler()

    def _path_merge(self):
        """All quotations are merged; where there is one, with one by hand."""
        purchases = self._buy()
        if len(purchases) == 1:
            by_hand = purchases.copy({"order_line": False})
            for line in purchases.order_line:
                by_hand.order_line = [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "product_qty": 3,
                            "date_planned": line.date_planned,
                        }
                    )
                ]
            purchases |= by_hand
        purchases.action_merge()

    def _path_alternative(self):
        """Another vendor gets the order for A's goods."""
        (purchase, *_others) = self._buy(self.first)
        other = self._alternative(purchase, self.other_vendor)
        self._follow()
        other.with_context(skip_alternative_check=True).button_confirm()
        purchase.button_cancel()

    def _path_cancel(self):
        """The order of A's goods is cancelled."""
        self._buy().button_confirm()
        self._buy(self.first).button_cancel()

    def _path_partial(self):
        """3 come of each, the rest is to come."""
        purchases = self._buy()
        purchases.button_confirm()
        self._receive(purchases, 3)

    def _path_backorder(self):
        """3 come of each, then the rest."""
        self._path_partial()
        self._receive(self._buy())

    def _path_return(self):
        """All comes, and A's goods go back to the vendor."""
        self._buy().button_confirm()
        self._receive(self._buy())
        moves = self.first.order_line.move_ids
        moves.filtered(lambda move: move.state != "done")._do_unreserve()
        for picking in self._buy(self.first).picking_ids:
            wizard = Form(
                self.env["stock.return.picking"].with_context(
                    active_id=picking.id,
                    active_ids=picking.ids,
                    active_model=picking._name,
                )
            ).save()
            for move in wizard.product_return_moves:
                move.quantity = move.move_id.quantity
            self._done(wizard._create_return())

    def _path_sql(self):
        """A's quotation is cancelled in SQL."""
        self._sql(
            "UPDATE purchase_order SET state = 'cancel' WHERE id = ANY(%s)",
            self._buy(self.first).ids,
        )

    def _path_copy(self):
        """The orders are copied, and the copy of the purchase is ordered."""
        self.first.copy()
        for purchase in self._buy():
            purchase.copy().button_confirm()

    # ------------------------------------------------------------
    # TOOLS
    # ------------------------------------------------------------

    def _sell(self, product):
        values = {}
        if hasattr(self, "seller"):
            values["warehouse_id"] = self.seller.id
        self.first = self._sale(5, product, **values)
        self.second = self._sale(7, product, **values)
        self.by_hand = self.env["purchase.order"]
        if not self._bought_for(self.first | self.second):
            self.by_hand = self._purchase(12, product)
        self._follow()

    def _buy(self, sales=None):
        """Return the purchases behind orders; those by hand where none is."""
        links = self.env["supply.link"].search(
            [("sale_line_id", "in", (sales or self.first | self.second).order_line.ids)]
        )
        purchases = links.purchase_id.filtered(lambda order: order.state != "cancel")
        return purchases or self.by_hand

    def _carry_out(self):
        """Receive and deliver all, in as many steps as there are."""
        products = self.first.order_line.product_id | self._buy().order_line.product_id
        for _step in range(8):
            moves = self.env["stock.move"].search(
                [("product_id", "in", products.ids), ("state", "=", "assigned")]
            )
            self._done(moves.picking_id)

    def _found(self):
        """Return what stands, in words of the table."""
        self._follow()
        found = []
        for name, sale in (("A", self.first), ("B", self.second)):
            links = sale.order_line.supply_link_ids.sorted(
                lambda link: (link.kind == "candidate", link.product_id.id, link.id)
            )
            by_kind = {}
            for link in links:
                by_kind.setdefault(link.kind, []).append(link)
            for kind, some in by_kind.items():
                ordered = "+".join(f"{link.quantity:g}" for link in some)
                came = "+".join(f"{link.quantity_received:g}" for link in some)
                found.append(f"{name} {kind} {ordered}, {came} came")
        return "; ".join(found) or "nobody"

    def _found_supply(self):
        """Return how A and B are supplied, in words of the table."""
        lines = (self.first | self.second).order_line
        states = self.env["supply.state"].search([("sale_line_id", "in", lines.ids)])
        methods = {state.sale_line_id: state.method for state in states}
        return " ".join(methods.get(line, "delivered") for line in lines)

    def _check_given_once(self):
        """What a purchase brings is given out once."""
        given = {}
        sources, states = self.env["supply.part"], self.env["supply.state"]
        waits = sources._read_waits(states.search([]).sale_line_id)
        for parts in sources._get_parts(waits).values():
            for part in parts:
                given.setdefault(part.purchase_line, []).append(part.quantity)
        for line in self.env["purchase.order.line"].browse(set(given) - {None}):
            self.assertLessEqual(sum(given[line.id]), line.product_uom_qty, line)

    def _walk(self, kind, path):
        product = getattr(self, f"_supply_{kind}")()
        self._sell(product)
        getattr(self, f"_path_{path}")()
        self._check_rebuilt()
        self._check_given_once()
        lines = (self.first | self.second).order_line
        found = self.env["supply.state"]._find_differences(lines)
        self.assertFalse([text for _line, text in found])
        found = self._found(), self._found_supply()
        self.assertEqual(found, EXPECTED[kind][path])


def _make_test(kind, path):
    def test(self):
        self._walk(kind, path)

    return test


@tagged("post_install", "-at_install")
class TestPaths(PathsCommon):
    """One test for each cell of the table."""

    for _kind, _paths in EXPECTED.items():
        for _path in _paths:
            locals()[f"test_{_kind}_{_path}"] = _make_test(_kind, _path)
