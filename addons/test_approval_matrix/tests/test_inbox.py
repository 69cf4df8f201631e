from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestInbox(DocumentCommon):
    def _inbox(self, user):
        return self.env(user=user)["approval.task"].get_inbox()

    def test_counts_and_lists_what_the_user_holds(self):
        documents = [self._submitted(name=f"Document {n}") for n in range(8)]
        inbox = self._inbox(self.lead)
        self.assertEqual(inbox["count"], 8)
        self.assertEqual(len(inbox["tasks"]), 6)
        self.assertEqual(inbox["tasks"][0]["document"], documents[0].name)

    def test_what_is_due_first_stands_first(self):
        self._submitted(name="Whenever")
        for name, hours in (("Later", 40), ("Soon", 2)):
            self.step.limit_hours = hours
            self._submitted(name=name)
        self.assertEqual(
            [task["document"] for task in self._inbox(self.lead)["tasks"]],
            ["Soon", "Later", "Whenever"],
        )

    def test_task_is_called_after_its_document(self):
        task = self._tasks(self._submitted(name="Chairs")).with_user(self.lead)
        self.assertEqual(task.display_name, f"Chairs: {self.step.name}")
        tasks = task.browse()
        for text in ("Chair", self.step.name):
            self.assertEqual(tasks.name_search(text), [(task.id, task.display_name)])
        tasks = tasks.with_user(self.other)
        self.assertEqual(tasks.name_search("Chair"), [])

    def test_decided_and_foreign_tasks_do_not_count(self):
        self._submitted()
        self._submitted().with_user(self.lead).action_approve()
        self.assertEqual(self._inbox(self.lead)["count"], 1)
        self.assertEqual(self._inbox(self.other), {"count": 0, "tasks": []})

    def test_holders_are_told_on_the_bus(self):
        self.env["bus.bus"].search([]).unlink()
        document = self._submitted()
        self.env.cr.precommit.run()
        told = self.env["bus.bus"].search(
            [("message", "like", "approval_matrix/inbox")]
        )
        self.assertIn(str(self.lead.partner_id.id), "".join(told.mapped("channel")))
        told.unlink()
        document.with_user(self.lead).action_approve()
        self.env.cr.precommit.run()
        told = self.env["bus.bus"].search(
            [("message", "like", "approval_matrix/inbox")]
        )
        self.assertTrue(told)

    def test_every_list_shows_how_urgent_and_what_kind_it_is(self):
        for name in ("approval_task_view_list", "approval_task_view_list_decided"):
            view = self.env.ref(f"approval_matrix.{name}")
            arch = self.env["approval.task"].get_view(view.id, "list")["arch"]
            (marks,) = etree.fromstring(arch).xpath("//field[@name='marks']")
            self.assertEqual(marks.get("widget"), "approval_marks")

    def test_each_kind_of_document_has_a_filter(self):
        arch = self.env["approval.task"].get_view(view_type="search")["arch"]
        for model in self.registry["approval.mixin"]._inherit_children:
            if model.startswith("test.") or self.env[model]._abstract:
                continue
            with self.subTest(model):
                self.assertIn(f"'{model}'", arch)

    def _filtered(self, name):
        """Return the tasks that a filter of the inbox leaves to the lead."""
        tasks = self.env(user=self.lead)["approval.task"]
        arch = etree.fromstring(tasks.get_view(view_type="search")["arch"])
        (found,) = arch.xpath(f"//filter[@name='{name}']")
        return tasks.search(safe_eval(found.get("domain"), {"uid": self.lead.id}))

    def test_filters_of_questions(self):
        plain, asked, answered = (self._submitted() for _n in range(3))
        for document in (asked, answered):
            process = document.sudo().approval_process_id
            process.with_user(self.lead).sudo(False)._ask_information("Why two?")
        process = answered.sudo().approval_process_id
        process.with_user(self.clerk).sudo(False)._answer("One is a spare.")
        self.assertEqual(self._filtered("asked"), self._tasks(asked))
        self.assertEqual(self._filtered("answered"), self._tasks(answered))
        self.assertEqual(self._filtered("answered").mapped("is_answered"), [True])
        others = self._filtered("to_decide") - self._filtered("answered")
        self.assertLessEqual(self._tasks(plain), others)

    def test_answer_to_an_earlier_step_is_none_to_the_next(self):
        self.rule.step_ids = [self._step("Then", self.other, sequence=20)]
        document = self._submitted()
        process = document.sudo().approval_process_id
        process.with_user(self.lead).sudo(False)._ask_information("Why two?")
        process.with_user(self.clerk).sudo(False)._answer("One is a spare.")
        first = self._tasks(document).filtered("is_answered")
        self.assertEqual(first.holder_id, self.lead)
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            document.with_user(self.lead).action_approve()
        later = self._tasks(document).filtered(lambda task: task.state == "active")
        self.assertFalse(later.is_answered)
        self.assertFalse(later.search([("is_answered", "=", True)]))

    def test_few_queries_whatever_the_number(self):
        for _n in range(3):
            self._submitted()
        self._inbox(self.lead)
        self.env.invalidate_all()
        with self.assertQueryCount(7):
            self._inbox(self.lead)

    def test_reads_no_terms(self):
        """They are long, and it is asked for again and again."""
        self._submitted()
        self.env.flush_all()
        self.env.invalidate_all()
        self._inbox(self.lead)
        process = self.env["approval.process"].search([], order="id desc", limit=1)
        for name in ("terms", "summary"):
            self.assertNotIn(process.id, process._fields[name]._get_cache(self.env))

    def test_letters_of_lists_and_cards_stand_out(self):
        """Odoo's green under white has too little contrast, see ``legible.scss``."""
        for model in ("approval.process", "approval.task"):
            for kind in ("list", "kanban"):
                with self.subTest(f"{model} {kind}"):
                    arch, _view = self.env[model]._get_view(view_type=kind)
                    self.assertIn("o_legible", arch.get("class", "").split())
