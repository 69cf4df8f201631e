from odoo.tests import BaseCase, tagged

from odoo.addons.approval_matrix.fingerprint import fingerprint
from odoo.addons.approval_matrix.replay import (
    Request,
    Row,
    Task,
    describe,
    find_problems,
)

TERMS = {"amount": "10.00"}
CLERK, LEAD, HEAD, THIRD = 1, 2, 3, 4
MADE = Request(
    state="open",
    terms=TERMS,
    fingerprint=fingerprint(TERMS),
    excluded=(CLERK,),
    amounts={"amount": 10.0, "threshold": 0.1 + 0.2},
)


def task(user=LEAD, key=1, stage=10, state="active", **values):
    """Return a task as the rule makes it."""
    return Task(
        **{
            "key": key,
            "step": f"Step {key}",
            "stage": stage,
            "needed": 1,
            "user": user,
            "holder": user,
            "origin": "rule",
            "state": state,
            **values,
        }
    )


def approval(user, key=1, on_behalf_of=None):
    return Row("approved", user, on_behalf_of, f"Step {key}")


@tagged("post_install", "-at_install")
class TestReplay(BaseCase):
    """Requests and logs that fit, and such as do not."""

    def submitted(self, *tasks, request=MADE):
        return Row("submitted", CLERK, details=describe(request, tasks))

    def names(self, request, tasks, rows):
        return [problem.name for problem in find_problems(request, tasks, rows)]

    def assertFits(self, request, tasks, rows):
        self.assertEqual(find_problems(request, tasks, rows), [])

    def test_open_request(self):
        self.assertFits(MADE, [task()], [self.submitted(task())])

    def test_approved_request(self):
        tasks = [task(state="approved", decided_by=LEAD)]
        rows = [self.submitted(task()), approval(LEAD), Row("granted", LEAD)]
        self.assertFits(MADE._replace(state="approved"), tasks, rows)

    def test_states_after_an_approval(self):
        tasks = [task(state="approved", decided_by=LEAD)]
        rows = [self.submitted(task()), approval(LEAD), Row("granted", LEAD)]
        for event in ("superseded", "cancelled"):
            ended = MADE._replace(state=event)
            self.assertFits(ended, tasks, [*rows, Row(event)])
            self.assertEqual(
                self.names(ended, tasks, [*rows, Row(event), Row("kept")])[0],
                "out_of_turn",
            )

    def test_two_steps_rejected_by_one_decision(self):
        tasks = [
            task(key=key, state="rejected", decided_by=LEAD) for key in range(1, 3)
        ]
        rows = [Row("rejected", LEAD, step=f"Step {key}") for key in range(1, 3)]
        first = self.submitted(*(task(key=key) for key in range(1, 3)))
        self.assertFits(MADE._replace(state="rejected"), tasks, [first, *rows])

    def test_rejected_for_the_time_limit(self):
        rows = [self.submitted(task()), Row("rejected", comment="too late")]
        tasks = [task(state="cancelled")]
        self.assertFits(MADE._replace(state="rejected"), tasks, rows)

    def test_decided_by_a_substitute(self):
        tasks = [task(state="approved", decided_by=HEAD, holder=HEAD)]
        rows = [
            self.submitted(task()),
            approval(HEAD, on_behalf_of=LEAD),
            Row("granted"),
        ]
        self.assertFits(MADE._replace(state="approved"), tasks, rows)

    def test_steps_of_the_same_name(self):
        """The log has no other name for a step."""
        tasks = [
            task(LEAD, 1, 10, "approved", decided_by=LEAD, step="Manager"),
            task(LEAD, 2, 20, "approved", decided_by=LEAD, step="Manager"),
        ]
        rows = [Row("approved", LEAD, step="Manager")] * 2
        first = self.submitted(*tasks)
        whole = [first, *rows, Row("granted")]
        self.assertFits(MADE._replace(state="approved"), tasks, whole)
        self.assertEqual(
            self.names(MADE._replace(state="approved"), tasks, [*whole[:2], whole[3]]),
            ["not_logged", "quorum"],
        )

    def test_passed_on_to_the_next_step(self):
        tasks = [
            task(LEAD, 1, 10, "skipped"),
            task(HEAD, 2, 20, "approved", decided_by=HEAD),
        ]
        first = self.submitted(task(LEAD, 1, 10), task(HEAD, 2, 20))
        ends = [approval(HEAD, 2), Row("granted")]
        approved = MADE._replace(state="approved")
        passed = Row("escalated", step="Step 1")
        self.assertFits(approved, tasks, [first, passed, *ends])
        to_somebody = passed._replace(comment="Somebody")
        self.assertEqual(
            self.names(approved, tasks, [first, to_somebody, *ends]),
            ["before_its_turn", "quorum"],
        )

    def test_forwarded_and_escalated(self):
        tasks = [
            task(state="forwarded"),
            task(HEAD, origin="forward"),
            task(THIRD, origin="escalation"),
        ]
        rows = [
            self.submitted(task()),
            Row("forwarded", LEAD, step="Step 1"),
            Row("escalated", step="Step 1", comment="Third"),
        ]
        self.assertFits(MADE, tasks, rows)
        self.assertEqual(self.names(MADE, tasks, rows[:1]), ["handed_over"] * 3)

    def test_terms_that_were_kept(self):
        later, last = {"amount": "11.00"}, {"amount": "12.00"}
        tasks = [task(state="approved", decided_by=LEAD)]
        rows = [
            self.submitted(task()),
            approval(LEAD),
            Row("granted"),
            Row("kept", details={"before": TERMS, "after": later}),
            Row("kept", details={"before": later, "after": last}),
        ]
        now = {"terms": last, "fingerprint": fingerprint(last), "state": "approved"}
        self.assertFits(MADE._replace(**now), tasks, rows)
        for number in (3, 4):
            cut = [*rows[:number], *rows[number + 1 :]]
            self.assertIn("terms", self.names(MADE._replace(**now), tasks, cut))

    def test_numbers_that_the_database_rounds(self):
        stored = {"amount": 10.0 + 1e-9, "threshold": 0.3}
        rows = [self.submitted(task())]
        self.assertFits(MADE._replace(amounts=stored), [task()], rows)
        stored["threshold"] = 0.31
        self.assertEqual(
            self.names(MADE._replace(amounts=stored), [task()], rows), ["amount"]
        )

    def test_events_nobody_knows_yet_change_nothing(self):
        rows = [self.submitted(task()), Row("something new")]
        self.assertFits(MADE, [task()], rows)

    def test_no_log(self):
        self.assertEqual(self.names(MADE, [task()], []), ["not_submitted"])

    def test_submitted_twice(self):
        rows = [self.submitted(task())] * 2
        self.assertEqual(self.names(MADE, [task()], rows), ["out_of_turn"])
