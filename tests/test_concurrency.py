"""Two people in the same moment: real cursors, real commits, on a copy of its own."""

import pytest

from odoo.exceptions import UserError

from office import Office, confirm, copied_registry
from tools.inside import records

PEOPLE = {
    "buyer": "purchase.group_purchase_user",
    "manager": "purchase.group_purchase_manager",
    "director": "purchase.group_purchase_user",
}


class BusyOffice(Office):
    """A buyer, and two approvers who both must approve every purchase."""

    def __init__(self, registry):
        super().__init__(registry)
        for login, group in PEOPLE.items():
            self.hire(login, "base.group_user", group)
        self.rule = self.put_under_approval("purchase.order", "manager", "director")

    def read(self, order_id):
        """Return the state of the order and those of its processes, oldest first."""
        with self.session() as env:
            order = env["purchase.order"].browse(order_id)
            processes = env["approval.process"].search(
                [("res_model", "=", "purchase.order"), ("res_id", "=", order_id)],
                order="id",
            )
            assert not processes._find_broken_log()
            return order.state, processes.mapped("state")


@pytest.fixture(scope="module")
def office():
    with copied_registry("concurrency") as registry:
        yield BusyOffice(registry)


def approve(env, order_id):
    env["purchase.order"].browse(order_id).action_approve()


def make_dearer(env, order_id):
    env["purchase.order"].browse(order_id).order_line.price_unit = 900000


def test_two_approvers_at_once_complete_the_step(office):
    order = office.order()
    office.collide(("manager", approve, order), ("director", approve, order))
    assert office.read(order) == ("to approve", ["open"])
    office.act("director", approve, order)
    assert office.read(order) == ("purchase", ["approved"])


def test_the_same_approver_twice_counts_once(office):
    order = office.order()
    office.collide(("manager", approve, order), ("manager", approve, order))
    with office.session("manager") as retry, pytest.raises(UserError):
        approve(retry, order)
    assert office.read(order) == ("to approve", ["open"])


def decide(env, order_id, *leaving):
    """As the screen does, which held it back for some seconds."""
    order = env["purchase.order"].browse(order_id)
    order.approval_process_id.action_decide("approve", "", *leaving)


def leave(env, order_id):
    decide(env, order_id, True)


def test_sent_when_its_time_is_over_and_by_leaving_counts_once(office):
    """Nobody is told that it was refused: it was decided as they wanted."""
    order = office.order()
    office.collide(("manager", decide, order), ("manager", leave, order))
    office.act("manager", leave, order)
    assert office.read(order) == ("to approve", ["open"])
    with office.session() as env:
        process = env["purchase.order"].browse(order).approval_process_id
        assert process.log_ids.mapped("event").count("approved") == 1
        told = [("model", "=", "purchase.order"), ("res_id", "=", order)]
        notices = env["mail.message"].search(
            [*told, ("message_type", "=", "user_notification")]
        )
        manager = process.task_ids.decided_by_id
        assert manager.partner_id not in notices.partner_ids


def test_terms_changed_while_the_last_approver_decides(office):
    order = office.order()
    with office.committed("manager") as env:
        approve(env, order)
        seen = env["purchase.order"].browse(order).approval_process_id.id

    def decide(env):
        order_seen = env["purchase.order"].browse(order)
        order_seen.with_context(approval_process_id=seen).action_approve()

    office.collide(("buyer", make_dearer, order), ("director", decide))
    # the automatic retry must not approve terms that the director never saw
    with office.session("director") as retry, pytest.raises(UserError):
        decide(retry)
    assert office.read(order) == ("to approve", ["superseded", "open"])


def test_last_approver_decides_while_the_terms_change(office):
    order = office.order()
    office.act("manager", approve, order)
    office.collide(("director", approve, order), ("buyer", make_dearer, order))
    assert office.read(order) == ("purchase", ["approved"])
    office.act("buyer", make_dearer, order)
    assert office.read(order) == ("to approve", ["superseded", "open"])


def test_submitted_twice_at_once_waits_once(office):
    order = office.order(submit=False)
    office.collide(("buyer", confirm, order), ("buyer", confirm, order))
    office.act("buyer", confirm, order)
    assert office.read(order) == ("to approve", ["open"])


def test_product_swapped_at_the_same_price_while_confirming(office):
    """Neither total nor editor change: only the order's own counter tells."""
    order = office.order(submit=False)
    with office.committed() as env:
        other = env["product.product"].create({"name": "Other"}).id

    def swap(env):
        line = env["purchase.order"].browse(order).order_line
        line.write({"product_id": other, "price_unit": 9000, "name": "Other"})

    office.collide(("buyer", confirm, order), ("buyer", swap))


def approval_rule(office, env):
    rule = env["approval.rule"].browse(office.rule).copy()
    env.flush_all()
    env.cr.execute(
        "UPDATE approval_rule SET model = 'res.partner' WHERE id = %s", [rule.id]
    )


def deposit_rule(office, env):
    records.deposit_rule(env)


def open_budget(office, env):
    records.budget(env)._system_write({"state": "open"})


@pytest.mark.parametrize(
    ("in_use", "make"),
    [
        (lambda env: env["approval.rule"]._is_in_use("res.partner"), approval_rule),
        (lambda env: env["deposit.rule"]._is_in_use(), deposit_rule),
        (lambda env: bool(env["spend.control"]._in_use()), open_budget),
    ],
    ids=["approval rule", "deposit rule", "budget"],
)
def test_rule_made_by_another_thread_counts_at_once(office, in_use, make):
    """A transaction that began before the rule must not teach others there is none."""
    with office.session() as old:
        with office.session() as new:
            assert not in_use(new)
        with office.committed() as env:
            make(office, env)
        assert not in_use(old)
    with office.session() as later:
        assert in_use(later)


def test_order_deleted_while_the_last_approver_decides(office):
    """Whoever comes second meets what the first did: no order is half there."""
    order = office.order()
    office.act("manager", approve, order)

    def delete(env):
        doomed = env["purchase.order"].browse(order)
        doomed.button_cancel()
        doomed.unlink()

    office.collide((None, delete), ("director", approve, order))
    with office.session("director") as retry, pytest.raises(UserError):
        approve(retry, order)
    with office.session() as env:
        process = env["approval.process"].search(
            [("res_model", "=", "purchase.order"), ("res_id", "=", order)]
        )
        assert process.state == "cancelled"
        assert not process._find_broken_log()
