"""Commands of ``bench.desks``, inside Odoo, on its database."""

from __future__ import annotations

from odoo.fields import Command

from bench.common.meter import Meter
from bench.common.screen import columns
from bench.common.worker import serve
from bench.urgent.copies import copies
from tools import databases

WARM = 2
VENDORS, PRODUCTS, PURCHASES = 300, 2_000, 30_000
#: Of so many purchases the last ones are quotations.
QUOTATIONS = 2_000
PAGE = 80
#: Of so many orders one wants the product that there is too little of.
CROWD, RECEIPTS = 50, 40
#: The day that a customer was told: of this month and over, whatever day it is today.
TOLD = (
    "(date_trunc('month', now())::date"
    " + n / 10 % GREATEST(extract(day FROM now())::int - 1, 1))"
)


class Commands:
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        self.meter = Meter()
        self.domain: list = []
        self.crowd: tuple[int, int] = (0, 0)
        self.last = 0

    def fill(self, orders: int) -> dict:
        """Fill the database; return how much there is."""
        with self.meter.environment() as env:
            self.meter.remember(env.user)
            self._make(env, orders)
        databases.query("VACUUM ANALYZE", self.meter.registry.db_name)
        with self.meter.environment() as env:
            groups = env["supply.overview"].get_figures()["groups"]
            row = max((row for group in groups for row in group["rows"]), key=_lines)
            self.domain = row["domain"]
            move = env["stock.move"].search(
                [("product_id", "=", self.crowd[0]), ("sale_line_id", "!=", False)],
                order="date desc, id desc",
                limit=1,
            )
            self.last = move.id
            waiting = env["supply.desk"].get_desk(*self.crowd)["count"]
            if waiting < orders / CROWD:
                raise AssertionError(f"{waiting} orders wait.")
            return {"hot": env["supply.need"].search_count([])}

    def open(self, name: str, tries: int) -> list[list[float]]:
        """Return what opening a screen took."""
        work = getattr(self, f"_{name}")
        costs = [
            self.meter.measure(self._user, work)[1] for _try in range(WARM + tries)
        ]
        return costs[WARM:]

    def explain(self) -> list[str]:
        """Return the database's plans."""
        reads = {
            "hot list": self._hot_list,
            "by vendor": self._hot_by_vendor,
            "shortage desk, products": self._desk_products,
            "shortage desk": self._desk,
            "overview": self._overview,
        }
        return self.meter.plans(self._user, reads)

    @property
    def _user(self) -> str:
        return next(iter(self.meter.users))

    # What the browser asks for

    def _hot_list(self, env) -> None:
        needs = env["supply.need"]
        found = needs.web_search_read(
            [], columns(env, "supply.need"), limit=PAGE, count_limit=PAGE + 1
        )
        if len(found["records"]) < PAGE:
            raise AssertionError("The page is not full.")

    def _hot_count(self, env) -> None:
        env["supply.need"].search_count([], limit=10_001)

    def _hot_by_vendor(self, env) -> None:
        env["supply.need"].web_read_group([], ["vendor_id"], ["slack_days:min"])

    def _hot_panel(self, env) -> None:
        needs = env["supply.need"]
        for field in ("stage", "vendor_id"):
            needs.search_panel_select_range(field, enable_counters=True, limit=30)

    def _desk_products(self, env) -> None:
        env["supply.desk"].get_products()

    def _desk(self, env) -> None:
        env["supply.desk"].get_desk(*self.crowd)

    def _desk_choices(self, env) -> None:
        env["supply.desk"].get_choices(*self.crowd, self.last)

    def _desk_preview(self, env) -> None:
        wish = {"kind": "move", "move": self.last, "other": False}
        env["supply.desk"].preview(*self.crowd, wish)

    def _overview(self, env) -> None:
        env["supply.overview"].get_figures()

    def _overview_rows(self, env) -> None:
        env["supply.promise"].web_search_read(
            self.domain,
            columns(env, "supply.promise"),
            limit=PAGE,
            count_limit=PAGE + 1,
        )

    # What there is

    def _make(self, env, orders: int) -> None:
        vendor = env["res.partner"].create({"name": "Vendor"})
        vendors = copies(vendor, VENDORS)
        env.cr.execute(
            f"UPDATE res_partner SET commercial_partner_id = id WHERE id >= {vendors}"
        )
        product = env["product.product"].create(
            {
                "name": "Product",
                "type": "consu",
                "is_storable": True,
                "seller_ids": [Command.create({"partner_id": vendor.id, "delay": 5})],
            }
        )
        templates = copies(product.product_tmpl_id, PRODUCTS)
        products = copies(product, PRODUCTS, product_tmpl_id=f"{templates} + n")
        copies(
            product.seller_ids,
            PRODUCTS,
            product_tmpl_id=f"{templates} + n",
            partner_id=f"{vendors} + n % {VENDORS}",
        )
        crowd = f"WHEN n % {CROWD} = 0 THEN {product.id}"
        wanted = f"CASE {crowd} ELSE {products} + n % {PRODUCTS} END"
        sale = env["sale.order"].create(
            {
                "partner_id": env["res.partner"].create({"name": "Customer"}).id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": 3})
                ],
            }
        )
        sale.action_confirm()
        while env["supply.change"]._follow_batch():
            pass
        buy = env["purchase.order"].create(
            {
                "partner_id": vendor.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_qty": 3})
                ],
            }
        )
        bought = self._copy_purchases(buy, vendors, wanted)
        self._copy_sales(sale, orders, wanted, bought)
        self._bring(buy.copy(), sale.warehouse_id)
        env.cr.execute("DELETE FROM supply_change")

    def _copy_purchases(self, buy, vendors: int, wanted: str) -> int:
        ordered = PURCHASES - QUOTATIONS
        state = f"CASE WHEN n < {ordered} THEN 'purchase' ELSE 'draft' END"
        purchases = copies(
            buy,
            PURCHASES,
            name="'BENCH/' || n",
            partner_id=f"{vendors} + n % {VENDORS}",
            state=state,
        )
        values = {"order_id": f"{purchases} + n", "product_id": wanted}
        return copies(buy.order_line, PURCHASES, **values)

    def _copy_sales(self, sale, orders: int, wanted: str, bought: int) -> None:
        """The tenth part lacks goods, and another one waits for a late purchase."""
        env, line = sale.env, sale.order_line
        promise = env["supply.promise"].search([("sale_line_id", "=", line.id)])
        state = env["supply.state"].search([("sale_line_id", "=", line.id)])
        sales = copies(sale, orders, name="'BENCH/' || n")
        lines = copies(line, orders, order_id=f"{sales} + n", product_id=wanted)
        delivered = "n % 10 = 5"
        copies(
            line.move_ids,
            orders,
            sale_line_id=f"{lines} + n",
            product_id=wanted,
            state=f"CASE WHEN {delivered} THEN 'done' ELSE 'confirmed' END",
            quantity=f"CASE WHEN {delivered} THEN 3 ELSE 0 END",
            # a third of them a day early, a third on the day, a third a day late
            date=f"CASE WHEN {delivered} THEN"
            f" {TOLD} + make_interval(days => n % 3 - 1, hours => 10) ELSE"
            " now() AT TIME ZONE 'UTC' + make_interval(days => n / 10 % 28 - 3) END",
        )
        whose = {
            "sale_line_id": f"{lines} + n",
            "order_id": f"{sales} + n",
            "product_id": wanted,
        }
        copies(state, orders, **whose)
        late = f"{bought} + n % {PURCHASES - QUOTATIONS}"
        copies(
            promise,
            orders,
            method="CASE n % 10 WHEN 0 THEN 'buy' WHEN 1 THEN 'incoming'"
            " ELSE 'stock' END",
            purchase_line_id=f"CASE n % 10 WHEN 1 THEN {late} END",
            risk="CASE n % 10 WHEN 0 THEN 'unsafe' WHEN 1 THEN 'late' ELSE 'safe' END",
            confidence="CASE n % 10 WHEN 0 THEN 'low' ELSE 'high' END",
            quantity_short="CASE WHEN n % 10 = 0 THEN 3 ELSE 0 END",
            slack_days="CASE n % 10 WHEN 1 THEN -(n / 10 % 30) ELSE n / 10 % 30 END",
            holder_kind="CASE n % 10 WHEN 0 THEN 'nobody' WHEN 1 THEN 'vendor'"
            " ELSE 'warehouse' END",
            told_on=f"CASE WHEN {delivered} THEN {TOLD} END",
            urgency="CASE WHEN n % 20 = 1 THEN 20 + n / 20 % 2 * 10 ELSE 0 END",
            **whose,
        )

    def _bring(self, buy, warehouse) -> None:
        """Let some of what 2,000 wait for come."""
        buy.button_confirm()
        copies(
            buy.order_line.move_ids,
            RECEIPTS,
            product_qty="50",
            product_uom_qty="50",
            date="now() AT TIME ZONE 'UTC' + make_interval(days => n)",
        )
        self.crowd = buy.order_line.product_id.id, warehouse.id


def _lines(row: dict) -> int:
    return row["lines"]


if __name__ == "__main__":
    serve(Commands())
