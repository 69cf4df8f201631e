import json
from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from odoo.addons.approval_matrix.models.approval_verification import Finding

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestVerification(DocumentCommon):
    """Whatever was changed past the engine is found, and named."""

    tampered = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third = cls._user("third")
        cls.rule.write(
            {
                "step_ids": [
                    cls._step("Board", cls.head | cls.third, sequence=20, quorum="all")
                ]
            }
        )

    def _approved(self, **values):
        document = self._submitted(**values)
        for user in (self.lead, self.head, self.third):
            document.with_user(user).action_approve()
        self.assertEqual(document.state, "done")
        return document

    def _process(self, document):
        return document.sudo().approval_process_id

    def _sql(self, statement, *parameters):
        self.env.flush_all()
        self.env.cr.execute(statement, parameters)
        self.env.invalidate_all()

    def _set(self, records, **values):
        """Change rows as somebody with the keys of the database would."""
        for name, value in values.items():
            self._sql(
                f"UPDATE {records._table} SET {name} = %s WHERE id IN %s",
                json.dumps(value) if isinstance(value, dict | list) else value,
                tuple(records.ids),
            )

    def _log_row(self, document, event, user=None, **values):
        """Add a row to the log as a server action would, chain and all."""
        process = self._process(document).with_user(user or self.env.user)
        process.sudo()._log(event, **values)

    def assertFound(self, documents, *texts):
        found = [finding.text for finding in self._findings(documents)]
        self.assertTrue(found)
        for text in texts:
            self.assertTrue(any(text in each for each in found), (text, found))
        for each in found:
            self.assertIn(documents[0]._name, each)

    def test_what_happened_in_the_open_gives_none(self):
        self._approved(name="Approved")
        self._submitted(name="Waiting")
        self._submitted(name="Withdrawn").action_withdraw()
        rejected = self._submitted(name="Rejected")
        rejected.with_user(self.lead).action_reject("No")
        self._approved(name="Changed").amount = 77
        self._document(name="Draft")
        self.assertWhole()

    # State

    def test_state_set_by_sql(self):
        document = self._submitted()
        self._set(self._process(document), state="approved")
        self.assertFound(
            document, "the state is “Approved”, by the log it is “Waiting for approval”"
        )

    def test_state_set_by_a_server_action(self):
        """The case that the hash chain alone calls whole."""
        document = self._submitted()
        action = self.env["ir.actions.server"].create(
            {
                "name": "Approve it all",
                "model_id": self.env["ir.model"]._get(document._name).id,
                "state": "code",
                "code": "record.approval_process_id._system_write("
                "{'state': 'approved'})",
            }
        )
        action.with_context(active_model=document._name, active_id=document.id).run()
        self.assertFalse(self._process(document)._find_broken_log())
        self.assertFound(document, "the state is “Approved”")
        told = self._process(document).action_verify_log()["params"]
        self.assertEqual(told["type"], "danger")
        self.assertIn("the state is “Approved”", told["message"])

    def test_every_state_needs_its_event(self):
        for state in ("rejected", "withdrawn", "superseded", "cancelled"):
            with self.subTest(state):
                document = self._submitted(name=state)
                self._set(self._process(document), state=state)
                self.assertFound(document, "by the log it is “Waiting for approval”")

    def test_reopened_by_sql(self):
        document = self._submitted()
        document.with_user(self.lead).action_reject("No")
        self._set(self._process(document), state="open")
        self.assertFound(document, "by the log it is “Rejected”")

    def test_ended_with_an_event_but_no_approvals(self):
        document = self._submitted()
        self._process(document)._end("approved")
        self.assertFound(
            document,
            "step “Step” has 0 of 1 approvals",
            "step “Board” has 0 of 2 approvals",
        )

    def test_one_of_two_approvals(self):
        document = self._submitted()
        for user in (self.lead, self.head):
            document.with_user(user).action_approve()
        self._process(document)._end("approved")
        self.assertFound(document, "step “Board” has 1 of 2 approvals")

    def test_closed_with_steps_that_wait(self):
        document = self._submitted()
        document.action_withdraw()
        self._set(self._tasks(document)[0], state="active")
        self.assertFound(document, "steps still wait")

    # Decisions

    def test_task_approved_by_sql(self):
        document = self._submitted()
        task = self._tasks(document)[0]
        self._set(task, state="approved", decided_by_id=self.lead.id)
        self.assertFound(document, "“Approved” by Lead is not in the log")

    def test_approval_taken_off_a_task(self):
        document = self._approved()
        self._set(self._tasks(document)[1], state="skipped")
        self.assertFound(document, "by the log “Approved” by Head")

    def test_decision_put_in_somebody_else_s_name(self):
        document = self._approved()
        self._set(self._tasks(document)[0], decided_by_id=self.other.id)
        self.assertFound(document, "“Approved” by Other is not in the log")

    def test_approval_in_the_log_only(self):
        document = self._submitted()
        self._log_row(document, "approved", self.lead, step_name="Step")
        self.assertFound(document, "by the log “Approved” by Lead")

    def test_approval_by_somebody_who_was_not_asked(self):
        document = self._submitted()
        self._log_row(
            document, "approved", self.other, step_name="Step", on_behalf_of=self.lead
        )
        task = self._tasks(document)[0]
        self._set(task, state="approved", decided_by_id=self.other.id)
        self.assertFound(document, "step “Step”: Other was not asked")

    def test_approval_by_the_requester(self):
        document = self._submitted()
        task = self._tasks(document)[0]
        self._set(task, user_id=self.clerk.id, holder_id=self.clerk.id)
        self._log_row(document, "approved", self.clerk, step_name="Step")
        self._set(task, state="approved", decided_by_id=self.clerk.id)
        self.assertFound(document, "approved by Clerk, who asked", "who is asked")

    def test_step_approved_before_its_turn(self):
        document = self._submitted()
        board = self._tasks(document).filtered(lambda task: task.stage == 20)
        self._set(board, state="active")
        for user in (self.head, self.third):
            document.with_user(user).action_approve()
        self.assertFound(document, "step “Board” was approved before its turn")

    def test_decision_after_the_end(self):
        document = self._approved()
        self._log_row(document, "approved", self.other, step_name="Step")
        self.assertFound(document, "cannot follow")

    # Who is asked

    def test_quorum_lowered(self):
        document = self._submitted()
        board = self._tasks(document).filtered(lambda task: task.stage == 20)
        self._set(board, needed=1)
        self.assertFound(document, "step “Board”: who is asked, or how many")

    def test_approver_exchanged(self):
        document = self._submitted()
        self._set(self._tasks(document)[0], user_id=self.other.id)
        self.assertFound(document, "step “Step”: who is asked")

    def test_step_taken_away(self):
        document = self._submitted()
        board = self._tasks(document).filtered(lambda task: task.stage == 20)
        self._sql("DELETE FROM approval_task WHERE id IN %s", tuple(board.ids))
        self.assertFound(document, "step “Board”: who is asked")

    def test_handed_over_by_sql(self):
        document = self._submitted()
        task = self._tasks(document)[0]
        task._system_create(task._prepare_handed_over(self.other, "forward"))
        self._set(task, state="forwarded")
        self.assertFound(document, "step “Step” changed hands")

    def test_exclusion_lifted(self):
        document = self._submitted()
        self._set(self._process(document), excluded_ids=[])
        self.assertFound(document, "who must not decide")

    # Terms

    def test_terms_changed(self):
        document = self._approved()
        terms = {**self._process(document).terms, "amount": 1000}
        self._set(self._process(document), terms=terms)
        self.assertFound(document, "the fingerprint is not that of the terms")

    def test_terms_and_fingerprint_changed(self):
        document = self._approved()
        self._set(document, amount=1000)
        self._set(
            self._process(document),
            terms=document._approval_terms(),
            fingerprint=document._approval_fingerprint(),
        )
        self.assertFound(document, "the terms are not those of the log")

    def test_terms_that_were_kept_changed(self):
        document = self._approved()
        self._process(document)._keep({**document._approval_terms(), "amount": 11})
        self._set(document, amount=11)
        self.assertEqual(self._findings(document), [])
        self._set(document, amount=12)
        self._set(
            self._process(document),
            terms=document._approval_terms(),
            fingerprint=document._approval_fingerprint(),
        )
        self.assertFound(document, "the terms are not those of the log")

    def test_amount_and_tolerance_changed(self):
        for name in ("amount", "threshold_amount", "tolerance"):
            with self.subTest(name):
                document = self._submitted()
                self._set(self._process(document), **{name: 90})
                self.assertFound(document, "and is 90")

    # Log

    def test_broken_log_is_all_that_is_said_of_it(self):
        document = self._submitted()
        self._sql("ALTER TABLE approval_log DISABLE TRIGGER USER")
        self._set(self._process(document).log_ids, comment="forged")
        self._sql("ALTER TABLE approval_log ENABLE TRIGGER USER")
        self._set(self._process(document), state="approved")
        (finding,) = self._findings(document)
        self.assertIn("row 1 of the log was tampered with", finding.text)

    # Documents

    def test_document_approved_by_sql_while_it_waits(self):
        document = self._submitted()
        self._set(document, state="done")
        self.assertFound(document, "but its approval is “Waiting for approval”")

    def test_document_approved_by_sql_after_a_rejection(self):
        document = self._submitted()
        document.with_user(self.lead).action_reject("No")
        self._set(document, state="done")
        self.assertFound(document, "but its approval is “Rejected”")

    def test_document_approved_by_sql_without_a_request(self):
        document = self._document()
        self._set(document, state="done")
        self._set(self.rule, write_date="2020-01-01")
        self.assertFound(document, "never approved")

    def test_document_with_other_terms(self):
        document = self._approved()
        self._set(document, amount=1000)
        self.assertFound(document, "its terms are not those that were approved")

    def test_document_that_names_an_older_request(self):
        document = self._approved()
        first = self._process(document)
        document.amount = 20
        self._set(document, approval_process_id=first.id, state="done")
        self.assertFound(document, "does not name its newest request")

    def test_document_that_names_another_document_s_request(self):
        approved, document = self._approved(), self._document()
        self._set(
            document, state="done", approval_process_id=self._process(approved).id
        )
        self.assertFound(document, "does not name its newest request")

    def test_document_from_before_the_rule_is_fine(self):
        self._set(self._document(name="Old"), state="done")
        for day in ("2100-01-01", self.env.cr.now()):
            self._set(self.rule, write_date=day)
            self.assertWhole()

    def test_document_that_needs_no_approval_is_fine(self):
        self.rule.amount_min = 100
        document = self._document(amount=10)
        document.state = "done"
        rejected = self._submitted(amount=100)
        rejected.with_user(self.lead).action_reject("Too much")
        rejected.write({"amount": 10})
        rejected.write({"state": "done"})
        changed = self._approved(amount=200)
        changed.amount = 50
        self.assertEqual(changed.state, "done")
        self._set(self.rule, write_date="2020-01-01")
        self.assertWhole()

    def test_document_under_a_condition_that_changes_by_itself_is_fine(self):
        self.rule.domain = "[('owner_id.name', '=', 'Head')]"
        document = self._document(owner_id=self.other.id)
        document.state = "done"
        self.other.name = "Head"
        self._set(self.rule, write_date="2020-01-01")
        self.assertWhole()

    # The whole

    def test_batches_find_the_same(self):
        documents = self._submitted(name="A") | self._submitted(name="B")
        documents |= self._approved(name="C") | self._approved(name="D")
        for document in documents[:2]:
            self._set(self._process(document), state="approved")
        self._set(documents[2:], amount=1000)
        for batch in (1, 2, 500):
            self.assertEqual(len(self._findings(batch=batch)), 4)

    def test_other_companies_are_left_out(self):
        document = self._submitted()
        self._set(self._process(document), state="approved")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        verification = self.env["approval.verification"]
        for what, count, found in verification._verify(elsewhere):
            self.assertEqual((count, found), (0, []), what)

    def test_another_addon_adds_a_check(self):
        kind = self.env.registry["approval.verification"]
        mine = Finding("res.company", self.company.id, "Books do not balance")

        def check(verification, companies, batch):
            yield 7, [mine]

        before = kind._get_checks
        with (
            patch.object(
                kind, "_get_checks", lambda self: {**before(self), "books": "books"}
            ),
            patch.object(kind, "_check_books", check, create=True),
        ):
            self.assertIn(mine, self._findings())

    def test_requests_from_before_the_seal_are_verified_as_far_as_known(self):
        document = self._submitted()
        details = "UPDATE approval_log SET details = NULL WHERE process_id = %s"
        self._sql("ALTER TABLE approval_log DISABLE TRIGGER USER")
        self._sql(details, self._process(document).id)
        self._sql("ALTER TABLE approval_log ENABLE TRIGGER USER")
        with patch.object(
            self.env.registry["approval.process"], "_find_broken_log", lambda self: {}
        ):
            self.assertEqual(self._findings(document), [])
            self._set(self._process(document), state="approved")
            self.assertFound(document, "the state is “Approved”")


@tagged("post_install", "-at_install")
class TestVerificationScreen(DocumentCommon):
    """Administrators verify what belongs to their companies."""

    tampered = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admins = [
            new_test_user(
                cls.env,
                f"{group}@document.example",
                groups=group,
                company_id=cls.company.id,
                company_ids=cls.company.ids,
            )
            for group in ("approval_matrix.group_approval_manager", "base.group_system")
        ]

    def _run(self, user):
        run = self.env(user=user)["approval.verification.run"].create({})
        run.action_verify()
        return run

    def test_all_is_well(self):
        self._submitted()
        for user in self.admins:
            run = self._run(user)
            self.assertFalse(run.finding_ids)
            self.assertIn("1 requests", run.summary)

    def test_findings_are_listed_and_lead_there(self):
        document = self._submitted(name="D1")
        process = document.sudo().approval_process_id
        process._system_write({"state": "approved"})
        for user in self.admins:
            finding = self._run(user).finding_ids
            self.assertIn("D1", finding.text)
            action = finding.action_open()
            self.assertEqual(
                (action["res_model"], action["res_id"]), (process._name, process.id)
            )

    def test_a_second_run_replaces_the_first(self):
        process = self._submitted().sudo().approval_process_id
        process._system_write({"state": "approved"})
        run = self._run(self.admins[0])
        process._system_write({"state": "open"})
        run.action_verify()
        self.assertFalse(run.finding_ids)

    def test_both_see_the_menu(self):
        menu = self.env.ref("approval_matrix.approval_verification_menu")
        for user in self.admins:
            seen = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertIn(menu.id, seen)
        seen = self.env["ir.ui.menu"].with_user(self.clerk)._visible_menu_ids()
        self.assertNotIn(menu.id, seen)
