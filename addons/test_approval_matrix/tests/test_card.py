from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestCard(DocumentCommon):
    """What whoever decides reads first."""

    def _task(self, document, user=None):
        task = self._tasks(document).filtered(lambda task: task.state == "active")
        task.invalidate_recordset()
        return task.with_user(user or self.lead).sudo(False)

    def _warn(self):
        self.patch(
            self.registry["test.approval.document"],
            "_approval_warnings",
            lambda documents: {
                each: [("over budget", "3 short")] for each in documents
            },
        )

    def test_marks_say_what_to_stop_at(self):
        self._warn()
        document = self._submitted()
        marks = self._task(document).marks
        self.assertEqual(marks["warnings"], ["over budget"])
        self.assertEqual(marks["sentences"], ["3 short"])
        self.assertEqual(marks["kind"], "Document of the Approval Tests")
        self.assertFalse(marks["asked"])

    def test_warnings_are_for_those_who_decide(self):
        self._warn()
        document = self._submitted()
        task = self._task(document, self.clerk)
        self.assertEqual(task.marks["warnings"], [])
        self.assertEqual(task.card["warnings"], [])

    def test_the_document_says_what_to_stop_at_to_those_who_decide(self):
        self._warn()
        document, quiet = self._submitted(), self._submitted()
        told = {"warnings": ["over budget"], "sentences": ["3 short"]}
        self.env.invalidate_all()
        both = (document + quiet).with_user(self.lead)
        self.assertEqual([each.approval_stops for each in both], [told, told])
        self.assertFalse(document.with_user(self.clerk).approval_stops)
        document.with_user(self.lead).action_approve()
        self.assertFalse(document.with_user(self.lead).approval_stops)

    def test_strangers_read_no_card(self):
        task = self._task(self._submitted(), self.other)
        for name in ("card", "marks", "outcome"):
            with self.subTest(name), self.assertRaises(AccessError):
                task.read([name])

    def test_card_says_what_was_asked_and_answered(self):
        document = self._submitted()
        process = document.sudo().approval_process_id
        process.with_user(self.lead).sudo(False)._ask_information("Why two?")
        self.assertEqual(self._task(document).marks["asked"], "asked")
        process.with_user(self.clerk).sudo(False)._answer("One is a spare.")
        card = self._task(document).card
        self.assertEqual(card["asked"], "answered")
        self.assertEqual(
            [(said["who"], said["text"]) for said in card["talk"]],
            [("Lead", "Why two?"), ("Clerk", "One is a spare.")],
        )

    def test_a_question_of_two_steps_is_shown_once(self):
        self.rule.allow_same_person = True
        self.rule.step_ids = [self._step("Beside", self.lead, sequence=10)]
        document = self._submitted()
        tasks = self._tasks(document).filtered(lambda task: task.state == "active")
        process = document.sudo().approval_process_id
        process.with_user(self.lead).sudo(False)._ask_information("Why two?")
        asked = process.log_ids.filtered(lambda log: log.event == "questioned")
        self.assertEqual((len(tasks), len(asked)), (2, 2))
        card = tasks[:1].with_user(self.lead).sudo(False).card
        self.assertEqual([said["text"] for said in card["talk"]], ["Why two?"])

    def test_card_says_why_one_is_asked(self):
        self.rule.write({"amount_min": 5, "domain": "[('name', '=', 'A')]"})
        why = self._task(self._submitted(name="A")).card["why"]
        for text in ("Documents", "Step", "from", "5.00"):
            self.assertIn(text, why)

    def test_requester_is_not_told_from_what_amount_on(self):
        self.rule.amount_min = 5
        document = self._submitted()
        self.assertEqual(self._task(document, self.clerk).card["why"], "")
        self.assertIn("5.00", self._task(document, self.lead).card["why"])

    def test_card_says_who_forwarded_it(self):
        document = self._submitted()
        process = document.sudo().approval_process_id
        process.with_user(self.lead).sudo(False)._forward(self.head, "Yours")
        card = self._task(document, self.head).card
        self.assertIn("Lead forwarded it.", card["why"])
        self.assertEqual([said["text"] for said in card["talk"]], ["to Head: Yours"])

    def test_card_has_room_for_three_rows(self):
        rows = [[f"Good {n}", f"{n} Units", "1.00", f"{n}.00"] for n in range(1, 6)]
        self.patch(
            self.registry["test.approval.document"],
            "_approval_summary",
            lambda document: {"about": "", "facts": [], "columns": [], "rows": rows},
        )
        card = self._task(self._submitted()).card
        self.assertEqual(
            card["goods"], [[f"Good {n}", f"{n} Units", f"{n}.00"] for n in (1, 2, 3)]
        )
        self.assertEqual(card["more"], 2)

    def test_last_column_is_what_it_comes_to(self):
        rows = [["Beds", "10 Units", "+ 5 Units"]]
        self.patch(
            self.registry["test.approval.document"],
            "_approval_summary",
            lambda document: {"about": "", "facts": [], "columns": [], "rows": rows},
        )
        self.assertEqual(self._task(self._submitted()).card["goods"], rows)

    def test_outcome_says_who_has_it_now(self):
        self.rule.step_ids = [self._step("Second", self.head, sequence=20)]
        document = self._submitted()
        first = self._task(document)
        document.with_user(self.lead).action_approve()
        self.assertEqual(first.outcome, "Waiting for approval: Head")
        document.with_user(self.head).action_approve()
        first.invalidate_recordset()
        self.assertEqual(first.outcome, "Approved")

    def test_rule_renamed_later_rewrites_no_history(self):
        self.rule.amount_min = 5
        document = self._submitted()
        self.rule.write({"name": "Renamed", "amount_min": 0})
        card = self._task(document).card
        self.assertIn("Rule “Documents”", card["why"])
        self.assertIn("5.00", card["why"])
        progress = document.sudo().approval_process_id.progress
        self.assertEqual(progress["rule"], "Documents")

    def test_card_says_what_was_otherwise_when_submitted(self):
        left = ["10 left"]
        self.patch(
            self.registry["test.approval.document"],
            "_approval_summary",
            lambda document: {
                "about": "",
                "facts": [["Vendor", "V"], ["Budget", left[0]]],
                "columns": [],
                "rows": [],
            },
        )
        document = self._submitted()
        self.assertEqual(self._task(document).card["before"], [])
        left[0] = "2 left"
        card = self._task(document).card
        self.assertEqual(card["before"], [["Budget", "10 left"]])
        self.assertIn(["Budget", "2 left"], card["facts"])

    def test_card_names_what_is_attached(self):
        document = self._submitted()
        file = self.env["ir.attachment"].create(
            {"name": "quote.pdf", "res_model": document._name, "res_id": document.id}
        )
        self.assertEqual(
            self._task(document).card["files"], [{"id": file.id, "name": "quote.pdf"}]
        )
        self.assertEqual(self._task(self._submitted()).card["files"], [])

    def test_card_leads_further_while_one_decides(self):
        links = [{"about": "Budget", "ways": []}]
        self.patch(
            self.registry["test.approval.document"],
            "_approval_links",
            lambda documents: dict.fromkeys(documents, links),
        )
        document = self._submitted()
        task = self._task(document)
        self.assertEqual(task.card["links"], links)
        self.assertEqual(self._task(document, self.clerk).card["links"], [])
        document.with_user(self.lead).action_approve()
        task.invalidate_recordset()
        self.assertEqual(task.card["links"], [])

    def test_details_are_for_those_who_decide_and_kept_nowhere(self):
        self.patch(
            self.registry["test.approval.document"],
            "_approval_details",
            lambda documents: {each: [("Cash", "7 left")] for each in documents},
        )
        document = self._submitted()
        task = self._task(document)
        self.assertEqual(task.card["details"], [["Cash", "7 left"]])
        self.assertEqual(self._task(document, self.clerk).card["details"], [])
        self.assertNotIn("7 left", str(task.process_id.sudo().summary))
        document.with_user(self.lead).action_approve()
        task.invalidate_recordset()
        self.assertEqual(task.card["details"], [])

    def test_queries_do_not_grow_with_the_number(self):
        self._warn()

        def count(number):
            documents = [self._submitted(name=f"Paper {n}") for n in range(number)]
            tasks = self.env["approval.task"].union(*map(self._tasks, documents))
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            tasks.with_user(self.lead).sudo(False).mapped("card")
            return self.env.cr.sql_log_count - start

        count(2)  # what is remembered from then on
        self.assertEqual(count(2), count(80))
