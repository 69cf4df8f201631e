"""Commands of ``bench.deposits`` inside Odoo, on its database."""

from __future__ import annotations

from datetime import datetime, timedelta

from odoo.fields import Command

from bench.approval import company
from bench.common.meter import Meter, Profile, open_registry, recorded
from bench.common.worker import serve

CHUNK = 100
DAYS = 5


class Commands:
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        self.meter = Meter(open_registry())
        self.ids: list[int] = []

    def set_up(self) -> None:
        """A company with books, a bank that pays at once, and a rule for its vendor."""
        with self.meter.environment() as env:
            self.meter.remember(company.set_up(env))
            if not env.company.chart_template:
                env["account.chart.template"].try_loading("generic_coa", env.company)
            domain = [("company_id", "=", env.company.id), ("type", "=", "bank")]
            bank = env["account.journal"].search(domain, limit=1)
            lines = bank.outbound_payment_method_line_ids
            lines.payment_account_id = bank.default_account_id
            bank.cash_floor = 1

    def set_up_plain(self) -> None:
        """The same without deposits."""
        with self.meter.environment() as env:
            self.meter.remember(company.set_up(env))

    def rule(self, matches: bool) -> None:
        """:param matches: the orders of the benchmark"""
        with self.meter.environment() as env:
            line = {
                "name": "Deposit",
                "percent": 30,
                "trigger": "before_delivery",
                "days": DAYS,
            }
            env["deposit.rule"].create(
                {
                    "name": "Deposits",
                    "company_id": env.company.id,
                    "amount_min": 0 if matches else 1e12,
                    "posting": "posted",
                    "line_ids": [Command.create(line)],
                }
            )

    def confirm(self) -> list[float]:
        """Return what it costs to confirm an order of five lines."""
        with self.meter.environment(company.BUYER) as env:
            values = company.order_values(env)
            ids = env["purchase.order"].create(values).ids
            env.cr.commit()
        _result, cost = self.meter.measure(
            company.BUYER,
            lambda env: env["purchase.order"].browse(ids).button_confirm(),
        )
        return cost

    def orders(self, count: int) -> None:
        """Confirm orders whose deposits are due today, but not made due yet."""
        later = datetime.now() + timedelta(days=30)
        self.ids = []
        for _chunk in range(0, count, CHUNK):
            with self.meter.environment() as env:
                values = company.order_values(env)
                orders = env["purchase.order"].create([values] * CHUNK)
                orders.order_line.date_planned = later
                orders.button_confirm()
                deposits = orders.sudo().deposit_ids
                assert len(deposits) == CHUNK
                env.flush_all()
                env.cr.execute(
                    "UPDATE supplier_deposit SET date_due = now() WHERE id IN %s",
                    [tuple(deposits.ids)],
                )
                self.ids += deposits.ids
                env.cr.commit()

    def cron(self) -> list[float]:
        """Return what the cron took for all of them, with every commit."""
        _result, cost = self.meter.measure(
            None, lambda env: env["supplier.deposit"]._cron_due()
        )
        with self.meter.environment() as env:
            paid = env["supplier.deposit"].search_count(
                [("id", "in", self.ids), ("state", "=", "paid")]
            )
            assert paid == len(self.ids), f"{paid} of {len(self.ids)} are paid"
        return cost

    def profile(self, count: int) -> list[str]:
        self.orders(count)
        profile = Profile()
        with recorded(profile), self.meter.environment() as env:
            env["supplier.deposit"]._cron_due()
        return profile.lines(count, 0.5)

    def history(self, count: int) -> None:
        """Add deposits that were deducted long ago: copies of one, in SQL."""
        with self.meter.environment() as env:
            env.cr.execute(
                "SELECT string_agg(quote_ident(column_name), ', ')"
                " FROM information_schema.columns WHERE table_name ="
                " 'supplier_deposit' AND column_name NOT IN"
                " ('id', 'round', 'state', 'payment_id', 'bill_id', 'amount_open')"
            )
            (columns,) = env.cr.fetchone()
            env.cr.execute(
                f"INSERT INTO supplier_deposit ({columns}, round, state, amount_open)"
                f" SELECT {columns}, number, 'done', 0"
                " FROM supplier_deposit, generate_series(1000, 1000 + %s) number"
                " WHERE id = %s",
                [count - 1, self.ids[0]],
            )
            env.cr.commit()
            env.cr.execute("ANALYZE supplier_deposit")
            env.cr.commit()


def main() -> None:
    commands = Commands()
    names = [name for name in dir(commands) if not name.startswith("_")]
    methods = {name: getattr(commands, name) for name in names}
    serve({name: method for name, method in methods.items() if callable(method)})


if __name__ == "__main__":
    main()
