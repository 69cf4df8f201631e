"""Commands of ``bench.timeline`` inside Odoo, on its database."""

from __future__ import annotations

from odoo.fields import Command
from odoo.tools import SQL

from bench.common.worker import serve
from bench.supplying import worker as supplying
from tools import databases

#: Orders among which the events of a family are dealt; one in ``SHARE`` is a reader's.
ORDERS, SHARE = 500, 50
KINDS = ("sale.confirmed", "purchase.ordered", "picking.done", "invoice.posted")


class Commands(supplying.Commands):
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        super().__init__()
        self.family = 0
        self.readers: dict[str, str] = {}

    # Recording

    def story(self) -> list[float]:
        """Return what a sale, its purchase, the receipt and the delivery take."""
        confirmed = self.confirm()
        with self.meter.environment() as env:
            sale = env["sale.order"].search([], order="id desc", limit=1)
            purchase = sale._get_purchase_orders()
            pickings = [*purchase.picking_ids.ids, *sale.picking_ids.ids]
        costs = [confirmed]
        for picking in pickings:
            costs.append(self._measure(lambda env, id_=picking: self._do(env, id_))[1])
        return [sum(each) for each in zip(*costs, strict=True)]

    def _do(self, env, picking: int) -> None:
        transfer = env["stock.picking"].browse(picking)
        transfer.move_ids.picked = True
        transfer.with_context(skip_backorder=True).button_validate()

    # Reading

    def fill(self, count: int) -> int:
        """Fill up to so many events; return how many there are."""
        with self.meter.environment() as env:
            if not self.family:
                self._make_orders(env)
            env.cr.execute(
                SQL(
                    """
                    INSERT INTO timeline_event (
                           date, kind, department, user_id, company_id, res_model,
                           res_id, chain, parameters, amounts, sale_id, partner_id,
                           source, is_home, is_shown)
                    SELECT TIMESTAMP '2024-01-01' + number * INTERVAL '31 seconds',
                           (%(kinds)s)[1 + number %% %(kind_count)s], 'care', 1,
                           sale.company_id, 'sale.order', sale.id, NULL,
                           jsonb_build_object('name', sale.name),
                           jsonb_build_object('amount_total', 5, 'side', 'sale',
                                              'currency_id', sale.currency_id),
                           sale.id, sale.partner_id, 'bench ' || number, TRUE, TRUE
                      FROM generate_series(
                           1 + (SELECT count(*) FROM timeline_event), %(count)s) number
                      JOIN (SELECT row_number() OVER (ORDER BY id) AS place, *
                              FROM sale_order WHERE client_order_ref = 'bench') sale
                        ON sale.place = 1 + number %% %(orders)s
                        ON CONFLICT (source) DO NOTHING
                    """,
                    kinds=list(KINDS),
                    kind_count=len(KINDS),
                    count=count,
                    orders=2 * ORDERS,
                )
            )
        # what the server does by itself before long
        databases.query("VACUUM ANALYZE", self.meter.registry.db_name)
        with self.meter.environment() as env:
            return env["timeline.event"].search_count([])

    def page(self, reader: str, tries: int) -> list[list[float]]:
        """Return what the first page of the family took, each time, once warm."""
        login = self.readers[reader]
        costs = [
            self.meter.measure(login, self._read)[1]
            for _try in range(supplying.WARM + tries)
        ]
        return costs[supplying.WARM :]

    def explain_page(self) -> list[str]:
        """Return the database's plans of the first page."""
        return self.meter.plans(self.readers["few"], {"first page": self._read})

    def _read(self, env) -> None:
        page = env["timeline.feed"].get_page("res.partner", self.family)
        if not page["events"]:
            raise AssertionError("There is nothing to read: nothing to measure.")

    def _make_orders(self, env) -> None:
        """Make the orders of two customers, and two readers."""
        customers = env["res.partner"].create([{"name": "Big"}, {"name": "Others"}])
        self.family = customers[0].id
        for name, group in (
            ("all", "sales_team.group_sale_salesman_all_leads"),
            ("few", "sales_team.group_sale_salesman"),
        ):
            login = self.readers[name] = f"reader_{name}"
            user = env["res.users"].create(
                {
                    "name": login,
                    "login": login,
                    "group_ids": [Command.link(env.ref(group).id)],
                }
            )
            self.meter.remember(user)
        env["sale.order"].create(
            [
                {
                    "partner_id": customers[number % 2].id,
                    "client_order_ref": "bench",
                    "user_id": (user if number // 2 % SHARE == 0 else env.user).id,
                }
                for number in range(2 * ORDERS)
            ]
        )


if __name__ == "__main__":
    serve(Commands())
