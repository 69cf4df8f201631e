"""Commands of ``bench.deposits`` inside Odoo, on its database."""

from __future__ import annotations

from datetime import datetime, timedelta

from odoo.tools import SQL

from bench.approval import company
from bench.common.meter import Meter, Profile, recorded
from bench.common.worker import serve
from tools.inside import records

CHUNK = 100
DAYS = 5


class Commands:
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        self.meter = Meter()
        self.orders: list[int] = []
        self.ids: list[int] = []

    def set_up(self) -> None:
        """A company with books, a bank that pays at once, and a rule for its vendor."""
        with self.meter.environment() as env:
            self.meter.remember(company.set_up(env))
            records.bank(env).cash_floor = 1

    def set_up_plain(self) -> None:
        """The same without deposits."""
        with self.meter.environment() as env:
            self.meter.remember(company.set_up(env))
            records.bank(env)

    def pay_by_hand(self) -> list[float]:
        """Return what it costs an accountant to make a payment, and to post it."""
        with self.meter.environment() as env:
            vendor = env["res.partner"].search([("name", "=", company.VENDOR)])
            values = {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": vendor.id,
                "amount": 1500,
                "journal_id": records.bank(env).id,
            }
        ids, made = self.meter.measure(
            company.ACCOUNTANT, lambda env: env["account.payment"].create(values).ids
        )
        _result, posted = self.meter.measure(
            company.ACCOUNTANT,
            lambda env: env["account.payment"].browse(ids).action_post(),
        )
        return [sum(numbers) for numbers in zip(made, posted, strict=True)]

    def rule(self, matches: bool) -> None:
        """:param matches: the orders of the benchmark"""
        with self.meter.environment() as env:
            line = {"trigger": "before_delivery", "days": DAYS}
            least = 0 if matches else 1e12
            records.deposit_rule(env, line, amount_min=least, posting="posted")

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

    def approval_rule(self) -> None:
        """Ask one approver for every order."""
        approver = self.meter.users[company.APPROVERS[0]]
        with self.meter.environment() as env:
            step = records.step("All", [approver])
            records.approval_rule(env, "purchase.order", step)

    def submit(self, count: int) -> None:
        """Let orders wait for approval whose deposits will be due in the future."""
        later = datetime.now() + timedelta(days=30)
        self.orders = []
        for _chunk in range(0, count, CHUNK):
            with self.meter.environment(company.BUYER) as env:
                values = company.order_values(env)
                orders = env["purchase.order"].create([values] * CHUNK)
                orders.order_line.date_planned = later
                orders.button_confirm()
                assert set(orders.mapped("state")) == {"to approve"}
                self.orders += orders.ids

    def approve(self) -> list[float]:
        """Return what it took their approver, in calls of so many.

        Then the deposits are due today, but not made due yet.
        """
        costs = []
        for start in range(0, len(self.orders), CHUNK):
            ids = self.orders[start : start + CHUNK]
            _result, cost = self.meter.measure(
                company.APPROVERS[0],
                lambda env, ids=ids: env["purchase.order"].browse(ids).action_approve(),
            )
            costs.append(cost)
        with self.meter.environment() as env:
            orders = env["purchase.order"].browse(self.orders)
            assert set(orders.mapped("state")) == {"purchase"}
            self.ids = orders.deposit_ids.ids
            assert len(self.ids) == len(orders)
            env.cr.execute(
                "UPDATE supplier_deposit SET date_due = now() WHERE id IN %s",
                [tuple(self.ids)],
            )
        return [sum(numbers) for numbers in zip(*costs, strict=True)]

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
        self.submit(count)
        self.approve()
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
                " ('id', 'round', 'state', 'amount_open')"
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

    def explain(self) -> list[str]:
        """Return the plans of what the crons look for, some of it there."""
        lines = []
        with self.meter.environment() as env:
            deposits = env["supplier.deposit"]._engine()
            env.cr.execute(
                "UPDATE deposit_rule SET expiry_days = 10;"
                "UPDATE supplier_deposit SET date_paid = date_paid - 45 WHERE id IN %s",
                [tuple(self.ids[:100])],
            )
            env.cr.execute("ANALYZE supplier_deposit")
            for name, order in (
                ("_get_due_domain", "date_due, id"),
                ("_get_late_domain", "date_due, id"),
            ):
                domain = getattr(deposits, name)()
                query = deposits._search(domain, order=order, limit=50)
                env.cr.execute(SQL("EXPLAIN (ANALYZE, BUFFERS) %s", query.select()))
                lines += ["", f"== {name}", *(row for (row,) in env.cr.fetchall())]
            env.cr.rollback()
        return lines


if __name__ == "__main__":
    serve(Commands())
