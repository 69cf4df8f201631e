"""Supply links alone are installed and uninstalled: the database is as it was."""

import os
import sys
from pathlib import Path

import pytest

from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.sql_db import close_db

from office import Office
from tools import databases, odoo_command, odoo_source, places, settings, templates
from tools.inside.session import registry
from tools.setup import Ready

#: What the addon depends on, and nothing of ours.
DEPENDENCIES = ["purchase_requisition_stock", "sale_purchase_stock"]

#: What is in the database, by kind: each a statement that returns names.
PICTURE = {
    "columns": """
        SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE table_schema = 'public'
    """,
    "indexes": "SELECT tablename || ': ' || indexdef FROM pg_indexes "
    "WHERE schemaname = 'public'",
    "triggers": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "functions": """
        SELECT proname FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace
    """,
    "constraints": "SELECT conrelid::regclass || ': ' || conname FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "scheduled actions": "SELECT cron_name FROM ir_cron",
    "parameters": "SELECT key FROM ir_config_parameter WHERE key LIKE 'supply%'",
    "external ids": "SELECT module || '.' || name FROM ir_model_data "
    "WHERE module = 'supply_link'",
}


@pytest.fixture(scope="module")
def pictures():
    """What was there before, with the addon in use, and after."""
    with copied() as office:
        before = picture(office)
        change(office, "button_install")
        use(office)
        during = picture(office)
        change(office, "button_uninstall")
        yield before, during, picture(office)


class copied:
    """An office on a database of Odoo's modules alone."""

    def __enter__(self):
        ready = Ready(odoo_source.find(), Path(sys.executable))
        conf = settings.write("template", ready.odoo, data_dir=templates.data_dir())
        template = templates.ensure(
            "supply-plain",
            f"Installation of {', '.join(DEPENDENCIES)}",
            {"odoo": ready.odoo.version, "modules": DEPENDENCIES},
            lambda name: odoo_command.modules(ready, conf, name, install=DEPENDENCIES),
        )
        self.data = Path(os.environ["CDO_DATA_DIR"])
        self.name = places.database("supply_uninstall")
        databases.clone(template, self.name, templates.data_dir(), self.data)
        return Office(registry(os.environ["CDO_CONF"], self.name, "critical"))

    def __exit__(self, *_error):
        Registry.delete(self.name)
        close_db(self.name)
        databases.drop(self.name, self.data)


def change(office, button):
    with office.committed() as env:
        env["ir.module.module"].update_list()
        getattr(env["ir.module.module"]._get("supply_link"), button)()
    office.registry = Registry.new(office.registry.db_name, update_module=True)


def use(office):
    """Sell what is bought to order, so that there are notes, links and states."""
    with office.committed() as env:
        warehouse = env["stock.warehouse"].search([], limit=1)
        mto = env.ref("stock.route_warehouse0_mto")
        mto.active = True
        partner = env["res.partner"].create({"name": "Steel Beds"})
        product = env["product.product"].create(
            {
                "name": "Bed",
                "is_storable": True,
                "route_ids": [Command.set((warehouse.buy_pull_id.route_id | mto).ids)],
                "seller_ids": [Command.create({"partner_id": partner.id, "price": 1})],
            }
        )
        order = env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order.action_confirm()
    # the second run knows of order lines that wait, and remembers the day
    for _run in range(2):
        with office.committed() as env:
            env.ref("supply_link.ir_cron_follow").method_direct_trigger()
    with office.session() as env:
        assert env["supply.state"].search_count([])
        assert env["supply.link"].search_count([])


def picture(office):
    found = {}
    with office.session() as env:
        for kind, statement in PICTURE.items():
            env.cr.execute(statement)
            found[kind] = {name for (name,) in env.cr.fetchall()}
    return found


@pytest.mark.parametrize("kind", PICTURE)
def test_nothing_is_left(pictures, kind):
    before, _during, after = pictures
    assert not after[kind] - before[kind]


@pytest.mark.parametrize("kind", PICTURE)
def test_nothing_of_odoo_is_gone(pictures, kind):
    before, _during, after = pictures
    assert not before[kind] - after[kind]


@pytest.mark.parametrize("kind", PICTURE)
def test_there_was_something_to_leave(pictures, kind):
    before, during, _after = pictures
    assert during[kind] - before[kind]
