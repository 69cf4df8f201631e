"""A merge that is killed has not happened, nor has an undo: both anywhere."""

import pytest
from cron_worker import doing, nursery

from odoo.fields import Command
from odoo.tools import SQL

from office import Office, copied_registry

MERGE = ["ready", "moving", "computing", "filling", "following", "telling"]
UNDO = ["ready", "moving", "restoring", "computing", "following"]
NAMES = "BV Bach Mai", "Bệnh viện Bạch Mai"


class Customers(Office):
    """Two customers who are one, with orders, contacts and owners."""

    def __init__(self, registry):
        super().__init__(registry)
        self.hire("sales", "base.group_user", "sales_team.group_sale_salesman")
        with self.committed() as env:
            field = env["ir.model.fields"]._get("res.partner", "phone")
            rule = {"name": "Telephone", "field_ids": field.ids, "stage": "customer"}
            env["customer.field.rule"].create(rule)
            env["customer.access"]._switch(True)
            while env["customer.access"]._fill():
                pass
            self.source, self.survivor = (self._add(env, name) for name in NAMES)

    def _add(self, env, name):
        partner = env["res.partner"].create(
            {"name": name, "is_company": True, "user_id": self.users["sales"]}
        )
        contact = {"name": f"{name}: contact", "parent_id": partner.id}
        env["res.partner"].create(contact)
        bed = env["product.product"].create({"name": "Bed", "type": "service"})
        line = Command.create({"product_id": bed.id})
        order = {"partner_id": partner.id, "order_line": [line]}
        env["sale.order"].create(order).action_confirm()
        return partner.id

    def read(self):
        """Return a checksum of each table, by its name."""
        with self.session() as env:
            tables = env.execute_query(
                SQL(
                    """
                    SELECT relname FROM pg_class
                     WHERE relkind = 'r'
                       AND relnamespace = current_schema::regnamespace
                    """
                )
            )
            sums = {}
            for (table,) in tables:
                ((sums[table],),) = env.execute_query(
                    SQL(
                        "SELECT md5(string_agg(held::text, '|' ORDER BY held::text))"
                        " FROM %s AS held",
                        SQL.identifier(table),
                    )
                )
            return sums

    def get_merge(self):
        """Return the last merge, whether it is undone, and whose orders there are."""
        with self.session() as env:
            merge = env["customer.merge"].search([], limit=1)
            orders = env["sale.order"].search(
                [("partner_id", "in", [self.source, self.survivor])]
            )
            return merge.id, bool(merge.undo_ids), set(orders.partner_id.ids)


@pytest.fixture(scope="module")
def office():
    with (
        copied_registry("customer_kill") as registry,
        nursery(Customers(registry)) as office,
    ):
        yield office


def _killed_anywhere(office, act, words, *ids):
    before = office.read()
    for number in range(len(words)):
        with doing(office, act, *ids) as worker:
            worker.go_until(*words[: number + 1])
            worker.kill()
        assert office.read() == before, words[number]


def test_all_or_nothing(office):
    words = [*MERGE, "committing"]
    _killed_anywhere(office, "merge", words, office.source, office.survivor)
    assert not office.get_merge()[0]
    with doing(office, "merge", office.source, office.survivor) as worker:
        worker.go_until("ready")
        worker.finish()
    merge, is_undone, customers = office.get_merge()
    assert merge and not is_undone
    assert customers == {office.survivor}

    words = [*UNDO, "committing"]
    _killed_anywhere(office, "undo", words, merge)
    assert not office.get_merge()[1]
    with doing(office, "undo", merge) as worker:
        worker.go_until("ready")
        worker.finish()
    _merge, is_undone, customers = office.get_merge()
    assert is_undone
    assert customers == {office.source, office.survivor}
