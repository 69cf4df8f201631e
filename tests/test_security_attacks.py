"""What somebody would try who wants an order through, and knows the remote interface.

Each attack is made of ordinary calls, none of which is wrong by itself.
"""

import pytest

from odoo.exceptions import UserError
from odoo.fields import Command

from security.company import DOCUMENTS
from security.roles import APPROVERS, INTERNAL, OWNER

LEAD = APPROVERS[0]
ORDER = "purchase.order"
INSIDE = sorted(INTERNAL)


class Play:
    """Several people in one transaction, which is undone in the end."""

    def __init__(self, scene, env):
        self.scene = scene
        self.env = env

    def as_user(self, login):
        return self.env(user=self.scene.users[login], context={})

    def absence(self, login, user, substitute):
        return self.as_user(login)["approval.substitute"].create(
            {
                "user_id": self.scene.users[user],
                "substitute_id": self.scene.users[substitute],
                "date_to": "2070-01-01 00:00:00",
            }
        )

    def document(self, login, state, model=ORDER):
        document = self.scene.theirs[model][state]
        return self.as_user(login)[model].browse(document)

    def tasks(self, state, model=ORDER):
        """Return the tasks of the document's request, read anew."""
        self.env.flush_all()
        self.env.invalidate_all()
        document = self.scene.theirs[model][state]
        return self.env[model].browse(document).approval_process_id.task_ids

    def holders(self, state, model=ORDER):
        return set(self.tasks(state, model).holder_id.mapped("login"))


@pytest.fixture
def play(scene):
    with scene.session() as env:
        yield Play(scene, env)
    scene.registry.reset_changes()


@pytest.mark.parametrize("role", [role for role in INSIDE if role != "approvals"])
def test_nobody_takes_the_tasks_of_an_approver(play, role):
    absence = play.absence(role, role, OWNER)
    values = {"user_id": play.scene.users[LEAD], "substitute_id": absence.env.uid}
    try:
        absence.write(values)
    except UserError:
        return
    for model in DOCUMENTS:
        assert role not in play.holders("waiting", model)


def test_administrator_of_approvals_does_not_decide_for_others(play):
    """Substitutes need to read the document, as everybody does with this one."""
    model = "test.approval.document"
    try:
        play.absence("approvals", LEAD, "approvals")
        play.document("approvals", "waiting", model).action_approve()
    except UserError:
        return
    assert set(play.tasks("waiting", model).mapped("state")) == {"active"}


def test_archived_absence_stays_archived(play):
    """A buyer whose friend once stood in for the approver submits with a context.

    Approved time off leaves such absences too: proposals, which move nothing yet.
    """
    play.absence(LEAD, LEAD, "accountant").action_archive()
    play.document("buyer", "draft").with_context(active_test=False).button_confirm()
    assert play.holders("draft") == set(APPROVERS)


def test_tolerance_sees_through_negative_lines(scene, play):
    """Ten times the price for the bed, and a rebate that nobody needs to bill."""
    rules = play.env["approval.rule"].search([("model", "=", "purchase.order")])
    rules.tolerance = 5
    product = play.env["product.product"].create({"name": "Bed"})
    lines = [
        Command.create(
            {"product_id": product.id, "product_qty": 1, "price_unit": price}
        )
        for price in (9000, 0)
    ]
    values = {"partner_id": scene.partner, "order_line": lines}
    order = play.as_user("buyer")["purchase.order"].create(values)
    order.button_confirm()
    for approver in APPROVERS:
        order.with_env(play.as_user(approver)).action_approve()
    assert order.state == "purchase"
    bed, rebate = order.order_line
    changes = {bed: 90000, rebate: -81000}
    order.order_line = [
        Command.update(line.id, {"price_unit": price})
        for line, price in changes.items()
    ]
    assert order.state == "to approve"


def test_nobody_rewrites_the_decision_of_an_approver(scene, play):
    """The approver who confirms a rejection must not approve."""
    request = scene.theirs["approval.process"]["purchase.order waiting"]
    values = {"process_ids": [request], "decision": "reject", "text": "Too dear"}
    dialog = play.as_user(LEAD)["approval.decision"].create(values)
    try:
        dialog.with_env(play.as_user("employee")).write({"decision": "approve"})
    except UserError:
        return
    dialog.action_confirm()
    assert "approved" not in play.tasks("waiting").mapped("state")


@pytest.mark.parametrize("role", [role for role in INSIDE if role != "approvals"])
def test_absence_of_somebody_else_cannot_be_made(scene, role):
    values = {
        "user_id": scene.users[LEAD],
        "substitute_id": scene.users[role],
        "date_to": "2070-01-01 00:00:00",
    }
    own = scene.own["approval.substitute"][role]
    made = scene.call(role, "approval.substitute", "create", None, [[values]])
    copied = scene.call(role, "approval.substitute", "copy", [own], [values])
    assert made.refused and copied.refused


@pytest.mark.parametrize("decision", ["approve", "reject", "forward", "ask", "answer"])
@pytest.mark.parametrize("role", INSIDE)
def test_dialog_decides_nothing_for_strangers(scene, play, role, decision):
    """Even if a dialog came to hold their request."""
    values = {
        "process_ids": [scene.theirs["approval.process"]["purchase.order asked"]],
        "decision": decision,
        "text": "Because",
        "user_id": scene.users[OWNER],
    }
    dialog = play.env["approval.decision"].create(values)
    play.env.flush_all()
    with pytest.raises(UserError):
        dialog.with_env(play.as_user(role)).action_confirm()


def test_forged_defaults_do_not_reach_the_engine(scene, play):
    order = play.document("buyer", "draft").with_context(
        default_state="approved",
        default_decided_by_id=scene.users[LEAD],
        default_log_count=5,
        default_needed=0,
    )
    order.button_confirm()
    tasks = play.tasks("draft")
    assert set(tasks.mapped("state")) == {"active"}
    assert not tasks.decided_by_id
    assert not tasks.process_id._find_broken_log()
    assert order.state == "to approve"
