"""The cron of time limits: killed anywhere, or run twice at once, it acts once."""

from collections import Counter

import pytest
from cron_worker import nursery, working

from odoo.exceptions import UserError

from office import Office, copied_registry
from tools.inside import records

MODEL = "test.approval.document"

#: What a step does when its limit is over, the amount that leads there, and the row
#: that says so in the log.
ACTIONS = {
    "remind": (100, "reminded"),
    "escalate": (200, "escalated"),
    "reject": (300, "rejected"),
}


class LateOffice(Office):
    """A clerk, an approver and a boss; what nobody decided in time."""

    def __init__(self, registry):
        super().__init__(registry)
        for login in ("clerk", "lead", "boss"):
            self.hire(login, "base.group_user")
        for action in ACTIONS:
            self.limit(action)

    def limit(self, action):
        """Make the rule whose only step does this after an hour."""
        step = records.step(
            action,
            [self.users["lead"]],
            limit_hours=1,
            on_timeout=action,
            escalation_user_id=action == "escalate" and self.users["boss"],
        )
        least = ACTIONS[action][0]
        amounts = {"amount_min": least, "amount_max": least + 100}
        with self.committed() as env:
            records.approval_rule(env, MODEL, step, **amounts)

    def late(self, each=4):
        """Submit documents of each kind, all over their limit; return their ids."""
        with self.committed("clerk") as env:
            documents = env[MODEL].create(
                [
                    {"name": f"{action} {number}", "amount": amount}
                    for number in range(each)
                    for action, (amount, _event) in ACTIONS.items()
                ]
            )
            documents.action_submit_approval()
            env.flush_all()
            env.cr.execute(
                "UPDATE approval_task SET due_at = due_at - interval '30 days'"
                " WHERE process_id IN %s",
                [tuple(documents.approval_process_id.ids)],
            )
        return documents.ids

    def run(self):
        with self.session() as env:
            env.ref("approval_matrix.ir_cron_limits").method_direct_trigger()

    def acted(self, ids):
        """Return how many of the documents have been dealt with, for everybody."""
        with self.session() as env:
            processes = env[MODEL].browse(ids).approval_process_id
            return len(
                processes.filtered(lambda p: any(p.task_ids.mapped("timed_out_at")))
            )

    def check(self, ids):
        """Each document was dealt with once, in the log and for people."""
        with self.session() as env:
            for document in env[MODEL].browse(ids):
                action = document.name.split()[0]
                process = document.approval_process_id
                events = Counter(process.log_ids.mapped("event"))
                assert events == {"submitted": 1, ACTIONS[action][1]: 1}, document.name
                assert not process._find_broken_log()
                first = process.task_ids.sorted("id")[0]
                assert first.timed_out_at
                people = [user.login for user in document.activity_ids.user_id]
                expected = {
                    "remind": ["lead"],
                    "escalate": ["boss", "lead"],
                    "reject": ["clerk"],
                }
                assert sorted(people) == expected[action], document.name
                assert len(document.activity_ids) == len(people)
                assert document.state == ("draft" if action == "reject" else "waiting")


@pytest.fixture(scope="module")
def office():
    with (
        copied_registry("limit_cron") as registry,
        nursery(LateOffice(registry)) as office,
    ):
        yield office


@pytest.mark.parametrize(
    "words",
    [
        ["ready", "enforce", "enforce", "enforce"],
        ["ready", "committed"],
        ["ready", "committed", "enforce", "enforce"],
        ["ready", "committed", "committed", "enforce"],
    ],
    ids=["first batch", "first commit", "second batch", "third batch"],
)
def test_killed_worker_neither_loses_nor_repeats(office, words):
    ids = office.late()
    with working(office, "limits") as worker:
        worker.go_until(*words)
        worker.kill()
    done = office.acted(ids)
    assert done == 3 * words.count("committed")
    with working(office, "limits") as worker:
        worker.go_until("ready")
        worker.finish()
    assert office.acted(ids) == len(ids)
    office.check(ids)


def test_two_workers_at_once_act_once(office):
    """The second comes while the first is in the middle of a batch."""
    ids = office.late()
    with working(office, "limits") as worker:
        worker.go_until("ready", "committed", "enforce")
        with office.session() as env:
            env.cr.execute("SET LOCAL lock_timeout = '10s'")  # it waits for nobody
            # past the lock on the scheduled action: as if two servers ran it
            env["approval.task"]._cron_enforce_limits()
            env.cr.commit()
        # all but the three that the first has in its hands
        assert office.acted(ids) == len(ids) - 3
        worker.finish()
    assert office.acted(ids) == len(ids)
    office.check(ids)


def test_worker_whose_view_is_old_acts_on_nothing(office):
    """The second looked before the first committed, and goes on afterwards."""
    ids = office.late(each=1)
    with office.session() as old:
        office.run()
        # it begins again, with what is there now
        old["approval.task"]._cron_enforce_limits()
    office.check(ids)


def test_scheduled_action_is_not_run_twice_at_once(office):
    ids = office.late(each=1)
    with working(office, "limits") as worker:
        worker.go_until("ready", "enforce")
        with pytest.raises(UserError, match="already executing"):
            office.run()
        worker.finish()
    office.check(ids)
