"""Two people in the same moment, on the last slot of a quota and on one order."""

import pytest

from office import Office, copied_registry

LEVEL = "urgent_orders.urgency_level_critical"


class BusyOffice(Office):
    """Somebody in sales, with two windows open, and a quota of one."""

    def __init__(self, registry):
        super().__init__(registry)
        self.hire("care", "base.group_user", "sales_team.group_sale_salesman")
        with self.committed() as env:
            env.ref(LEVEL).quota = 1
            self.partner = env["res.partner"].create({"name": "Hospital"}).id

    def mark(self, env, order_id):
        env["sale.order"].browse(order_id).write(
            {"urgency_level_id": env.ref(LEVEL).id, "urgency_reason": "Accident"}
        )
        env.cr.flush()

    def quotation(self, login="care"):
        with self.committed(login) as env:
            return env["sale.order"].create({"partner_id": self.partner}).id

    def forget(self):
        with self.committed() as env:
            env["urgency.quota"].search([]).unlink()

    def urgent(self, *orders):
        with self.session() as env:
            return env["sale.order"].browse(orders).mapped("is_urgent")


@pytest.fixture(scope="module")
def office():
    with copied_registry("urgency") as registry:
        yield BusyOffice(registry)


def test_last_slot_goes_to_one_of_two(office):
    office.forget()
    one, two = office.quotation(), office.quotation()
    office.collide(("care", office.mark, one), ("care", office.mark, two))
    office.act("care", office.mark, two)
    assert office.urgent(one, two) == [True, False]
    with office.session() as env:
        assert env["sale.order"].browse(two).urgency_asked_level_id
        assert env["urgency.quota"].search([]).mapped("used") == [1]


def test_rollback_gives_the_slot_back(office):
    office.forget()
    one, two = office.quotation(), office.quotation()
    with office.session("care") as failed:
        office.mark(failed, one)
    office.act("care", office.mark, two)
    assert office.urgent(one, two) == [False, True]


def test_customer_who_presses_twice_asks_once(office):
    order = office.quotation()
    with office.committed() as env:
        env.company.portal_urgency = True
        day = str(env.cr.now().date())

    def ask(env):
        sale = env["sale.order"].browse(order)
        return sale._customer_asks_urgency(sale.partner_id, "Accident", day)

    def ask_first(env):
        assert ask(env) is None

    office.collide((None, ask_first), (None, ask))
    with office.session() as retry:
        assert ask(retry) == "closed"
