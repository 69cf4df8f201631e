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


class Chain:
    """An urgent order, as the screen of the chain shows it."""

    def __init__(self, office):
        self.office = office
        self.order = office.quotation()
        office.forget()
        office.act("care", office.mark, self.order)
        office.act(None, self.follow)

    @staticmethod
    def follow(env):
        """Do what the job does."""
        while env["urgency.case.change"]._follow_batch():
            pass

    def give_reason(self, env, reason):
        env["sale.order"].browse(self.order).urgency_reason = reason
        env.flush_all()

    def check(self, reason):
        """The screen shows it, and shows the same when the job has followed."""
        for work in (lambda env: None, self.follow):
            self.office.act(None, work)
            with self.office.session() as env:
                case = env["urgency.case"].search([("sale_id", "=", self.order)])
                assert case.reason == reason
        with self.office.session() as env:
            assert not env["urgency.case.change"].search([])
            assert not env["urgency.case.state"]._find_differences([self.order], [])


@pytest.fixture
def chain(office):
    return Chain(office)


def test_order_that_changes_while_its_case_is_followed(office, chain):
    """The job is in nobody's way, and what it did not see is noted still."""
    office.act("care", chain.give_reason, "Flood")
    with office.session() as job:
        chain.follow(job)
        office.act("care", chain.give_reason, "Storm")
        job.cr.commit()
    chain.check("Storm")


def test_change_that_ends_after_the_job(office, chain):
    with office.session("care") as late:
        chain.give_reason(late, "Flood")
        office.act(None, chain.follow)
        chain.check("Accident")
        late.cr.commit()
    chain.check("Flood")


def test_job_that_fails_loses_nothing(office, chain):
    office.act("care", chain.give_reason, "Flood")
    with office.session() as job:
        chain.follow(job)
        job.cr.rollback()
    chain.check("Flood")


def test_two_jobs_at_once_leave_the_newer_one(office, chain):
    """The later one is tried again, or finds nothing to do."""
    office.act("care", chain.give_reason, "Flood")
    with office.session() as job:
        chain.follow(job)
        office.act(None, chain.follow)
        job.cr.commit()
    chain.check("Flood")
