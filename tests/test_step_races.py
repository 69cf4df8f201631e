"""What approvers, requesters and substitutes do in the same moment: real cursors, real
commits, on a copy of its own."""

from collections import Counter

import pytest

from odoo.exceptions import UserError

from office import Office, copied_registry
from tools.inside import records

MODEL = "test.approval.document"
WHY = "Is the price right?"


class StepOffice(Office):
    """A clerk asks; first the lead, then the head or the boss. A friend stands in."""

    def __init__(self, registry):
        super().__init__(registry)
        for login in ("clerk", "lead", "head", "boss", "friend"):
            self.hire(login, "base.group_user")
        second = [self.users["head"], self.users["boss"]]
        with self.committed() as env:
            records.approval_rule(
                env,
                MODEL,
                records.step(
                    "First",
                    [self.users["lead"]],
                    limit_hours=10,
                    on_timeout="reject",
                ),
                records.step("Second", second, limit_hours=1, repeat_hours=1),
            )

    def document(self, at_second=True):
        with self.committed("clerk") as env:
            document = env[MODEL].create({"name": "Paper", "amount": 5})
            document.action_submit_approval()
        if at_second:
            self.act("lead", approve, document.id)
        return document.id

    def absence(self):
        with self.committed("lead") as env:
            absence = env["approval.substitute"].create(
                {
                    "substitute_id": self.users["friend"],
                    "date_from": "2020-01-01 00:00:00",
                    "date_to": "2090-01-01 00:00:00",
                }
            )
            return absence.id

    def read(self, document_id):
        """Return the state of the document, who holds it, and how often what happened;
        the log must account for it."""
        with self.session() as env:
            document = env[MODEL].browse(document_id)
            process = document.approval_process_id
            findings = env["approval.verification"]._find_in_requests(process)
            assert not findings, findings
            logins = sorted(document.approval_holder_ids.mapped("login"))
            return document.state, logins, Counter(process.log_ids.mapped("event"))

    def age(self, document_id, **moments):
        """Move what is planned for the document into the past."""
        with self.committed() as env:
            process = env[MODEL].browse(document_id).approval_process_id
            for name, before in moments.items():
                env.cr.execute(
                    f"UPDATE approval_task SET {name} = {name} - interval '{before}'"
                    " WHERE process_id = %s",
                    [process.id],
                )


@pytest.fixture(scope="module")
def office():
    with copied_registry("step_races") as registry:
        yield StepOffice(registry)


def approve(env, document_id):
    env[MODEL].browse(document_id).action_approve()


def send_back(env, document_id):
    env[MODEL].browse(document_id).action_send_back(WHY)


def withdraw(env, document_id):
    env[MODEL].browse(document_id).action_withdraw()


def remind(env, document_id):
    env[MODEL].browse(document_id).action_remind()


def decline(env, absence_id):
    env["approval.substitute"].browse(absence_id).action_decline("No")


def come_back(env, _absence_id):
    env["approval.substitute"].action_return()


def enforce(env):
    env["approval.task"]._cron_enforce_limits()


def refused(office, login, work, document_id):
    with office.session(login) as retry, pytest.raises(UserError):
        work(retry, document_id)


def test_sent_back_while_another_approves(office):
    document = office.document()
    office.collide(("head", approve, document), ("boss", send_back, document))
    refused(office, "boss", send_back, document)
    state, _holders, events = office.read(document)
    assert (state, events["sent_back"]) == ("done", 0)


def test_approved_while_another_sends_it_back(office):
    document = office.document()
    office.collide(("boss", send_back, document), ("head", approve, document))
    refused(office, "head", approve, document)
    state, holders, events = office.read(document)
    assert (state, holders, events["approved"]) == ("waiting", ["lead"], 1)


def test_sent_back_twice_at_once_goes_back_once(office):
    document = office.document()
    office.collide(("boss", send_back, document), ("head", send_back, document))
    refused(office, "head", send_back, document)
    assert office.read(document)[2]["sent_back"] == 1


def test_sent_back_while_it_is_withdrawn(office):
    document = office.document()
    office.collide(("clerk", withdraw, document), ("head", send_back, document))
    refused(office, "head", send_back, document)
    assert office.read(document)[0] == "draft"


def test_reminded_twice_at_once_is_one_reminder(office):
    document = office.document()
    office.collide(("clerk", remind, document), ("clerk", remind, document))
    refused(office, "clerk", remind, document)
    assert office.read(document)[2]["reminded"] == 1


@pytest.mark.parametrize("work", [decline, come_back])
def test_task_returns_while_the_substitute_approves(office, work):
    """Whoever comes second meets what the first did, either way round."""
    who = "friend" if work is decline else "lead"
    absence = office.absence()
    first, second = office.document(at_second=False), office.document(at_second=False)
    assert office.read(first)[1] == ["friend"]
    office.act("friend", approve, first)
    office.collide((who, work, absence), ("friend", approve, second))
    refused(office, "friend", approve, second)
    assert office.read(second)[1] == ["lead"]
    office.read(first)


def test_rejection_is_announced_once(office):
    """The view of the second worker is from before the first one committed."""
    document = office.document(at_second=False)
    office.age(document, warn_at="30 days")
    with office.session() as old:
        old[MODEL].browse(document).approval_process_id.task_ids.mapped("warned_at")
        office.act(None, enforce)
        enforce(old)
    assert office.read(document)[2]["warned"] == 1


def test_reminder_is_repeated_once(office):
    document = office.document()
    office.age(document, due_at="30 days")
    office.act(None, enforce)
    assert office.read(document)[2]["reminded"] == 2  # of head and boss
    office.age(document, remind_at="30 days")
    with office.session() as old:
        old[MODEL].browse(document).approval_process_id.task_ids.mapped("remind_at")
        office.act(None, enforce)
        enforce(old)
    assert office.read(document)[2]["reminded"] == 4
