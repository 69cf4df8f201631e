"""Two people in the same moment: real cursors, real commits, on a copy of its own."""

import psycopg2.errors
import pytest

from office import Office, copied_registry

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
    env.cr.flush()


def test_two_approvers_at_once_complete_the_step(office):
    order = office.order()
    with office.session("director") as second:
        with office.committed("manager") as first:
            approve(first, order)
        with pytest.raises(psycopg2.errors.SerializationFailure):
            approve(second, order)
    assert office.read(order) == ("to approve", ["open"])
    with office.committed("director") as retry:
        approve(retry, order)
    assert office.read(order) == ("purchase", ["approved"])


def test_the_same_approver_twice_counts_once(office):
    from odoo.exceptions import UserError

    order = office.order()
    with office.session("manager") as second:
        with office.committed("manager") as first:
            approve(first, order)
        with pytest.raises(psycopg2.errors.SerializationFailure):
            approve(second, order)
    with office.session("manager") as retry, pytest.raises(UserError):
        approve(retry, order)
    assert office.read(order) == ("to approve", ["open"])


def test_terms_changed_while_the_last_approver_decides(office):
    from odoo.exceptions import UserError

    order = office.order()
    with office.committed("manager") as env:
        approve(env, order)
        seen = env["purchase.order"].browse(order).approval_process_id.id

    def decide(env):
        order_seen = env["purchase.order"].browse(order)
        order_seen.with_context(approval_process_id=seen).action_approve()

    with office.session("director") as decision:
        with office.committed("buyer") as edit:
            edit["purchase.order"].browse(order).order_line.price_unit = 900000
        with pytest.raises(psycopg2.errors.SerializationFailure):
            decide(decision)
    # the automatic retry must not approve terms that the director never saw
    with office.session("director") as retry, pytest.raises(UserError):
        decide(retry)
    assert office.read(order) == ("to approve", ["superseded", "open"])


def test_last_approver_decides_while_the_terms_change(office):
    order = office.order()
    with office.committed("manager") as env:
        approve(env, order)
    with office.session("buyer") as edit:
        with office.committed("director") as decision:
            approve(decision, order)
        with pytest.raises(psycopg2.errors.SerializationFailure):
            edit["purchase.order"].browse(order).order_line.price_unit = 900000
            edit.cr.flush()
    assert office.read(order) == ("purchase", ["approved"])
    with office.committed("buyer") as retry:
        retry["purchase.order"].browse(order).order_line.price_unit = 900000
    assert office.read(order) == ("to approve", ["superseded", "open"])


def test_submitted_twice_at_once_waits_once(office):
    order = office.order(submit=False)
    with office.session("buyer") as second:
        with office.committed("buyer") as first:
            first["purchase.order"].browse(order).button_confirm()
        with pytest.raises(psycopg2.errors.SerializationFailure):
            second["purchase.order"].browse(order).button_confirm()
            second.cr.flush()
    with office.committed("buyer") as retry:
        retry["purchase.order"].browse(order).button_confirm()
    assert office.read(order) == ("to approve", ["open"])


def test_product_swapped_at_the_same_price_while_confirming(office):
    """Neither total nor editor change: only the order's own counter tells."""
    order = office.order(submit=False)
    with office.committed() as env:
        other = env["product.product"].create({"name": "Other"}).id
    with office.session("buyer") as edit:
        with office.committed("buyer") as confirm:
            confirm["purchase.order"].browse(order).button_confirm()
        with pytest.raises(psycopg2.errors.SerializationFailure):
            line = edit["purchase.order"].browse(order).order_line
            line.write({"product_id": other, "price_unit": 9000, "name": "Other"})
            edit.cr.flush()


def approval_rule(office, env):
    rule = env["approval.rule"].browse(office.rule).copy()
    env.flush_all()
    env.cr.execute(
        "UPDATE approval_rule SET model = 'res.partner' WHERE id = %s", [rule.id]
    )


def deposit_rule(office, env):
    from odoo import Command

    line = Command.create({"name": "Deposit", "percent": 30})
    env["deposit.rule"].create({"name": "Deposits", "line_ids": [line]})


def open_budget(office, env):
    period = {"date_from": "2026-01-01", "date_to": "2026-12-31"}
    budget = env["spend.budget"].create({"name": "Budget", **period})
    budget._system_write({"state": "open"})


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
    from odoo.exceptions import UserError

    order = office.order()
    with office.committed("manager") as env:
        approve(env, order)
    with office.session("director") as decision:
        with office.committed() as env:
            doomed = env["purchase.order"].browse(order)
            doomed.button_cancel()
            doomed.unlink()
        with pytest.raises(psycopg2.errors.SerializationFailure):
            approve(decision, order)
    with office.session("director") as retry, pytest.raises(UserError):
        retry["purchase.order"].browse(order).action_approve()
    with office.session() as env:
        process = env["approval.process"].search(
            [("res_model", "=", "purchase.order"), ("res_id", "=", order)]
        )
        assert process.state == "cancelled"
        assert not process._find_broken_log()
