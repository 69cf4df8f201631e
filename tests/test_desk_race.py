"""Two managers at the shortage desk in the same moment: one clean outcome."""

import pytest

from odoo.exceptions import UserError
from odoo.fields import Command

from office import Office, copied_registry


class DeskOffice(Office):
    """Two orders wait for goods of one product that are enough for one of them."""

    def __init__(self, registry):
        super().__init__(registry)
        self.hire("sales", "base.group_user", "sales_team.group_sale_manager")
        self.hire("buying", "base.group_user", "purchase.group_purchase_manager")
        with self.committed() as env:
            self.partner = env["res.partner"].create({"name": "Hospital"}).id
            self.warehouse = env["stock.warehouse"].search([], limit=1).id

    def lack(self):
        """Sell five twice of what there is five of; return product and moves."""
        with self.committed() as env:
            product = env["product.product"].create(
                {"name": "Bed", "type": "consu", "is_storable": True}
            )
            lines = [Command.create({"product_id": product.id, "product_uom_qty": 5})]
            orders = env["sale.order"].create(
                [{"partner_id": self.partner, "order_line": lines} for _ in range(3)]
            )
            orders.action_confirm()
            self.follow(env)
            stock = env["stock.warehouse"].browse(self.warehouse).lot_stock_id
            env["stock.quant"]._update_available_quantity(product, stock, 5)
            return product.id, orders.order_line.move_ids.ids

    def follow(self, env):
        while env["supply.change"]._follow_batch():
            pass

    def look(self, login, product, wish):
        with self.session(login) as env:
            return env["supply.desk"].preview(product, self.warehouse, wish)["seen"]

    def carry_out(self, env, product, wish, seen):
        desk = env["supply.desk"]
        desk.carry_out(product, self.warehouse, wish, seen, "They need it")
        env.cr.flush()

    def served(self, product):
        with self.session() as env:
            rows = env["supply.desk"].get_desk(product, self.warehouse)["rows"]
            decisions = env["supply.decision"].search([("product_id", "=", product)])
            return [row["id"] for row in rows], decisions.mapped("user_id.login")


@pytest.fixture(scope="module")
def office():
    with copied_registry("desk") as registry:
        yield DeskOffice(registry)


def test_the_slower_of_two_managers_is_told(office):
    product, (first, second, third) = office.lack()
    mine = {"kind": "move", "move": second, "other": False}
    theirs = {"kind": "move", "move": third, "other": False}
    seen = office.look("sales", product, mine)
    other = office.look("buying", product, theirs)
    office.collide(
        ("sales", office.carry_out, product, mine, seen),
        ("buying", office.carry_out, product, theirs, other),
    )
    assert office.served(product) == ([second, first, third], ["sales"])
    # the server tries again, and tells the slower one
    with office.session("buying") as retry, pytest.raises(UserError, match="changed"):
        office.carry_out(retry, product, theirs, other)
    again = office.look("buying", product, theirs)
    with office.committed("buying") as env:
        office.carry_out(env, product, theirs, again)
    assert office.served(product) == (
        [third, second, first],
        ["buying", "sales"],
    )


def test_a_double_click_decides_once(office):
    product, (_first, second, _third) = office.lack()
    wish = {"kind": "move", "move": second, "other": False}
    seen = office.look("sales", product, wish)
    office.collide(
        ("sales", office.carry_out, product, wish, seen),
        ("sales", office.carry_out, product, wish, seen),
    )
    assert office.served(product)[1] == ["sales"]
