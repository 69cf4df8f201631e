"""Commands of ``bench.timeline`` inside Odoo, on its database."""

from __future__ import annotations

import cProfile
import io
import pstats

from odoo.fields import Command
from odoo.tools import SQL

from bench.common.chain import Chain
from bench.common.worker import serve
from bench.supplying import worker as supplying
from tools import databases

#: Orders among which the events of a family are dealt; one in ``SHARE`` is a reader's.
ORDERS, SHARE = 500, 50
#: Orders of nobody here, among which those of a page must be found.
OTHERS = 100_000
#: Tables with documents that are copied, and which one is.
COPIED = {
    "sale_order": "client_order_ref = 'bench'",
    "stock_picking": "name = 'Bench 0'",
}
#: What no two documents have the same of.
UNIQUE = ("id", "name", "client_order_ref", "access_token")
PROFILED = 30
#: What happens to an order, and to which of its documents.
KINDS = (
    ("sale.confirmed", "sale.order", "care"),
    ("purchase.ordered", "purchase.order", "purchase"),
    ("picking.done", "stock.picking", "stock"),
    ("invoice.posted", "account.move", "account"),
    ("approval.granted", "approval.log", "approval"),
    ("promise.moved", "supply.promise.version", "care"),
)


class Commands(supplying.Commands):
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        super().__init__()
        self.family, self.order, self.number = 0, 0, ""
        self.pickings: list[int] = []
        self.readers: dict[str, str] = {}

    # Recording

    def prepare(self) -> None:
        """Have what the stories begin with."""
        self.chain = Chain(self.meter.measure)
        with self.meter.environment() as env:
            self.meter.remember(self.chain.prepare(env))

    def story(self) -> list[float]:
        """Return what it takes from the order to the customer's money."""
        return self.chain.play()

    # Installing

    def add_documents(self, count: int) -> dict[str, int]:
        """Make so many orders and transfers; return how many there are of each."""
        with self.meter.environment() as env:
            self._make_orders(env)
            for table, among in COPIED.items():
                self._copy(env, table, among, count)
        databases.query("VACUUM ANALYZE", self.meter.registry.db_name)
        with self.meter.environment() as env:
            return {
                table: env.execute_query(
                    SQL("SELECT count(*) FROM %s", SQL.identifier(table))
                )[0][0]
                for table in COPIED
            }

    # Reading

    def fill(self, count: int) -> int:
        """Fill up to so many events, and messages; return how many events there are."""
        with self.meter.environment() as env:
            if not self.family:
                self._make_orders(env)
                self._copy(env, "sale_order", COPIED["sale_order"], OTHERS)
            self._fill_events(env, count)
            self._fill_messages(env, count)
        # what the server does by itself before long
        databases.query("VACUUM ANALYZE", self.meter.registry.db_name)
        with self.meter.environment() as env:
            return env["timeline.event"].search_count([])

    def _fill_events(self, env, count: int) -> None:
        kinds, models, departments = zip(*KINDS, strict=True)
        env.cr.execute(
            SQL(
                """
                INSERT INTO timeline_event (
                       date, kind, department, user_id, company_id, res_model,
                       res_id, chain, parameters, amounts, sale_id, partner_id,
                       purchase_id, source, is_home, is_shown)
                SELECT TIMESTAMP '2024-01-01' + number * INTERVAL '31 seconds',
                       (%(kinds)s)[way], (%(departments)s)[way],
                       (%(users)s)[1 + number %% %(user_count)s], sale.company_id,
                       (%(models)s)[way],
                       CASE (%(models)s)[way]
                       WHEN 'stock.picking' THEN (%(pickings)s)[sale.place]
                       ELSE sale.id END,
                       NULL,
                       jsonb_build_object('name', sale.name, 'product', 'Bed '
                                          || number %% 97, 'likely_on', '2026-01-31'),
                       jsonb_build_object('amount_total', 5, 'side', 'sale',
                                          'currency_id', sale.currency_id),
                       sale.id, sale.partner_id, sale.id, 'bench ' || number, TRUE, TRUE
                  FROM generate_series(
                       1 + (SELECT count(*) FROM timeline_event), %(count)s) number
            CROSS JOIN LATERAL (SELECT 1 + (number / 7) %% %(kind_count)s AS way) chosen
                  JOIN (SELECT row_number() OVER (ORDER BY id) AS place, *
                          FROM sale_order WHERE client_order_ref = 'bench') sale
                    ON sale.place = 1 + number %% %(orders)s
                    ON CONFLICT (source) DO NOTHING
                """,
                kinds=list(kinds),
                models=list(models),
                departments=list(departments),
                pickings=self.pickings,
                users=list(self.meter.users.values()),
                user_count=len(self.meter.users),
                kind_count=len(KINDS),
                count=count,
                orders=2 * ORDERS,
            )
        )

    def _fill_messages(self, env, count: int) -> None:
        """Write a note about an order for each event, as the chatter has them."""
        env.cr.execute(
            SQL(
                """
                INSERT INTO mail_message (
                       date, model, res_id, message_type, subtype_id, author_id, body,
                       is_internal)
                SELECT TIMESTAMP '2024-01-01' + number * INTERVAL '31 seconds',
                       'sale.order', sale.id, 'notification', %(subtype)s, 1, 'Note',
                       TRUE
                  FROM generate_series(1 + (SELECT count(*) FROM mail_message),
                                       %(count)s) number
                  JOIN (SELECT row_number() OVER (ORDER BY id) AS place, id
                          FROM sale_order WHERE client_order_ref = 'bench') sale
                    ON sale.place = 1 + number %% %(orders)s
                """,
                subtype=env.ref("mail.mt_note").id,
                count=count,
                orders=2 * ORDERS,
            )
        )

    def read(self, reader: str, what: list[str], tries: int) -> dict[str, list]:
        """Return what each reading took, each time, once warm and in turns."""
        login = self.readers[reader]
        costs: dict[str, list] = {name: [] for name in what}
        for _try in range(supplying.WARM + tries):
            for name, found in costs.items():
                found.append(self.meter.measure(login, self._reading(name))[1])
        return {name: found[supplying.WARM :] for name, found in costs.items()}

    def explain(self, reader: str, what: list[str]) -> list[str]:
        """Return the database's plans of readings."""
        readings = {name: self._reading(name) for name in what}
        return self.meter.plans(self.readers[reader], readings)

    def profile(self, reader: str, what: str) -> str:
        """Return which functions the time of a reading goes to."""
        login, work = self.readers[reader], self._reading(what)
        self.meter.measure(login, work)
        profile, text = cProfile.Profile(), io.StringIO()
        for _try in range(PROFILED):
            with self.meter.environment(login) as env:
                profile.runcall(work, env)
        pstats.Stats(profile, stream=text).sort_stats("cumulative").print_stats(70)
        return text.getvalue()

    def _reading(self, name: str):
        return getattr(self, f"_read_{name}")

    def _read_page(self, env, **options) -> None:
        page = env["timeline.feed"].get_page("res.partner", self.family, **options)
        if not page["events"]:
            raise AssertionError("There is nothing to read: nothing to measure.")

    def _read_rare(self, env) -> None:
        self._read_page(env, search=self._get_number(env))

    def _read_common(self, env) -> None:
        self._read_page(env, search="confirmed")

    def _read_nothing(self, env) -> None:
        env["timeline.feed"].get_page("res.partner", self.family, search="xyzzy")

    def _read_lanes(self, env) -> None:
        self._get_number(env)
        env["timeline.lanes"].get_lanes("sale.order", self.order)

    def _get_number(self, env) -> str:
        """Return the number of one of the family's orders, which both readers read."""
        if not self.number:
            domain = [
                ("partner_id", "=", self.family),
                ("user_id", "=", self.meter.users[self.readers["few"]]),
            ]
            order = env["sale.order"].sudo().search(domain, limit=1)
            self.number, self.order = order.name, order.id
        return self.number

    def _read_chatter(self, env) -> None:
        """Read what the chatter would, if a customer's had the orders' messages."""
        orders = env["sale.order"]._search([("partner_id", "=", self.family)])
        messages = env["mail.message"].search(
            [("model", "=", "sale.order"), ("res_id", "in", orders)], limit=30
        )
        if not messages:
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
        kind = env.ref("stock.picking_type_out")
        places = {
            "picking_type_id": kind.id,
            "location_id": kind.default_location_src_id.id,
            "location_dest_id": env.ref("stock.stock_location_customers").id,
        }
        pickings = env["stock.picking"].create(
            [{**places, "name": f"Bench {number}"} for number in range(2 * ORDERS)]
        )
        self.pickings = pickings.ids

    def _copy(self, env, table: str, among: str, count: int) -> None:
        """Copy a document, without a story: what it is does not matter here.

        :param among: SQL that tells which one is copied
        """
        env.flush_all()
        (model,) = (model for model in env.values() if model._table == table)
        names = [
            name
            for name, field in model._fields.items()
            if field.store and field.column_type and name not in UNIQUE
        ]
        env.cr.execute(
            SQL(
                """
                ALTER TABLE %(table)s DISABLE TRIGGER USER;
                INSERT INTO %(table)s (name, %(columns)s)
                SELECT 'Other ' || number, %(columns)s
                  FROM generate_series(1, %(count)s) number
            CROSS JOIN (SELECT * FROM %(table)s WHERE %(among)s LIMIT 1) document;
                ALTER TABLE %(table)s ENABLE TRIGGER USER
                """,
                table=SQL.identifier(table),
                columns=SQL(", ").join(map(SQL.identifier, names)),
                count=count,
                among=SQL(among),
            )
        )


if __name__ == "__main__":
    serve(Commands())
