"""The job of supply links: killed anywhere it loses nothing, and stands in no way."""

import pytest
from cron_worker import nursery, working
from outbox_job import MOMENTS, Following

from odoo.fields import Command

from office import copied_registry


class Store(Following):
    """A product that is bought for each order, and one that is kept in stock."""

    job, notes = "supply", "supply.change"
    cron = "supply_link.ir_cron_follow"

    def __init__(self, registry):
        super().__init__(registry)
        with self.committed() as env:
            warehouse = env["stock.warehouse"].search([], limit=1)
            mto = env.ref("stock.route_warehouse0_mto")
            mto.active = True
            vendor = env["res.partner"].create({"name": "Steel Beds"})
            self.partner = env["res.partner"].create({"name": "Hospital"}).id
            buy = warehouse.buy_pull_id.route_id
            self.bed, self.chair = (
                env["product.product"]
                .create(
                    {
                        "name": name,
                        "is_storable": True,
                        "route_ids": [Command.set((buy | routes).ids)],
                        "seller_ids": [
                            Command.create({"partner_id": vendor.id, "price": 1})
                        ],
                    }
                )
                .id
                for name, routes in (("Bed", mto), ("Chair", mto.browse()))
            )
        self.run()

    def sell(self, env, product, quantity=1):
        """Confirm an order; return the id of its line."""
        order = env["sale.order"].create(
            {
                "partner_id": self.partner,
                "order_line": [
                    Command.create({"product_id": product, "product_uom_qty": quantity})
                ],
            }
        )
        order.action_confirm()
        env.flush_all()
        return order.order_line.id

    def sold(self, number=4):
        """Sell both products so many times, each order on its own."""
        lines = []
        for _order in range(number):
            for product in (self.bed, self.chair):
                with self.committed() as env:
                    lines.append(self.sell(env, product))
        return lines

    def begin_day(self):
        """Note what a new day changes, so that the job does not do it first."""
        with self.committed() as env:
            env["supply.change"]._note_new_day()

    def check(self, lines):
        """Links and states are as if they were derived anew, each there once."""
        with self.session() as env:
            lines = env["sale.order.line"].browse(lines)
            states = env["supply.state"].search([("sale_line_id", "in", lines.ids)])
            assert sorted(states.sale_line_id.ids) == sorted(lines.ids)
            assert len(states) == len(lines)
            assert not states._find_differences(lines)
            purchases = env["purchase.order.line"].search([])
            assert not env["supply.link"]._find_differences(purchases.ids)


@pytest.fixture(scope="module")
def store():
    with (
        copied_registry("supply_job") as registry,
        nursery(Store(registry)) as store,
    ):
        yield store


@MOMENTS
def test_killed_worker_loses_nothing(store, words):
    lines = store.sold()
    store.begin_day()
    store.kill_and_run(words)
    store.check(lines)


def test_what_is_noted_while_the_job_runs_is_followed_too(store):
    lines = store.sold(2)
    with working(store, "supply") as worker:
        worker.go_until("ready", "follow")
        lines += store.sold(1)
        worker.finish()
    store.run()
    assert not store.left()
    store.check(lines)


@pytest.mark.parametrize("product", ["bed", "chair"])
def test_two_confirmations_at_once_are_in_nobodys_way(store, product):
    """Neither of two orders of one product is tried again."""
    product = getattr(store, product)
    with store.session() as one, store.session() as two:
        lines = [store.sell(one, product), store.sell(two, product)]
        one.cr.commit()
        two.cr.commit()
    store.run()
    store.check(lines)


def test_job_is_in_nobodys_way(store):
    """An order can be confirmed, and changed, while its product is followed."""
    lines = store.sold(1)
    with working(store, "supply") as worker:
        worker.go_until("ready", "follow")
        with store.committed() as env:
            env.cr.execute("SET LOCAL lock_timeout = '10s'")
            line = env["sale.order.line"].browse(lines[1])
            line.product_uom_qty = 7
            lines.append(store.sell(env, store.chair))
        worker.finish()
    store.run()
    store.check(lines)


def test_batch_that_meets_somebody_begins_again(store):
    """A promise that somebody makes meanwhile does not end the job."""
    lines = store.sold(1)
    with working(store, "supply") as worker:
        worker.go_until("ready", "follow")
        with store.committed() as env:
            promises = env["supply.promise"]
            promises._follow(env["sale.order.line"].browse(lines))
            assert len(promises.search([("sale_line_id", "in", lines)])) == len(lines)
        worker.finish()
    assert not store.left()
    store.check(lines)
    with store.session() as env:
        found = env["supply.promise"].search([("sale_line_id", "in", lines)])
        assert len(found) == len(lines)
