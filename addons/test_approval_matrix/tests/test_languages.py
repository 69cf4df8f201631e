from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.vietnamese import load_vietnamese

from .common import DocumentCommon

WORDS = {"vi_VN": ("Giường cho khoa", "Tên"), "fr_FR": ("Des lits", "Nom")}


@tagged("post_install", "-at_install")
class TestLanguages(DocumentCommon):
    """Everybody reads requests in their own language, whoever submitted them: also a
    program, whose calls say no language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        load_vietnamese(cls.env, "approval_matrix")
        cls.env["res.lang"]._activate_lang("fr_FR")

    def setUp(self):
        super().setUp()
        self.lead.lang = "vi_VN"

        def tell(document):
            about, label = WORDS.get(document.env.lang, ("Beds for the ward", "Name"))
            facts = [[label, document.name]]
            return {"about": about, "facts": facts, "columns": [], "rows": []}

        documents = self.registry["test.approval.document"]
        self.patch(documents, "_approval_summary", tell)

    def _read(self, document, user, lang=None):
        """Return the task as somebody reads it on the screen."""
        self.env.flush_all()
        self.env.invalidate_all()
        task = self._tasks(document)[-1:].with_user(user).sudo(False)
        return task.with_context(lang=lang or user.lang)

    def test_what_a_program_submits_is_in_the_language_of_each_reader(self):
        document = self._submitted(name="D1")
        self.assertFalse(document.env.context.get("lang"))
        self.assertEqual(self._read(document, self.lead).about, "Giường cho khoa")
        self.assertEqual(self._read(document, self.clerk).about, "Beds for the ward")

    def test_what_somebody_submits_is_in_the_language_of_each_reader(self):
        document = self._document().with_context(lang="vi_VN")
        document.action_submit_approval()
        self.assertEqual(self._read(document, self.lead).about, "Giường cho khoa")
        self.assertEqual(self._read(document, self.clerk).about, "Beds for the ward")

    def test_the_counter_of_a_reader_too(self):
        self._submitted()
        tasks = self.env["approval.task"].with_user(self.lead)
        for context in ({}, {"lang": "vi_VN"}):
            (entry,) = tasks.with_context(**context).get_inbox()["tasks"]
            self.assertEqual(entry["about"], "Giường cho khoa")

    def test_the_request_too(self):
        document = self._submitted()
        process = self._read(document, self.lead).process_id
        self.assertEqual(process.about, "Giường cho khoa")
        self.assertIn("Tên", process.summary_html)

    def test_the_letter_too(self):
        task = self._tasks(self._submitted())
        letters = self.env["approval.letter"]._write_to_holders(task)
        self.assertEqual(letters[task.id].about, "Giường cho khoa")

    def test_what_was_when_it_was_submitted_too(self):
        document = self._submitted(name="Before")
        other = {"about": "", "facts": [["Tên", "Now"]], "columns": [], "rows": []}
        documents = self.registry["test.approval.document"]
        self.patch(documents, "_approval_summary", lambda document: other)
        card = self._read(document, self.lead).card
        self.assertEqual(card["facts"], [["Tên", "Now"]])
        self.assertEqual(card["before"], [["Tên", "Before"]])

    def test_what_is_closed_and_changed_since_too(self):
        document = self._submitted(name="D1")
        document.with_user(self.lead).action_reject("Too dear")
        document.name = "D2"
        task = self._read(document, self.lead)
        self.assertEqual(task.about, "Giường cho khoa")
        self.assertEqual(task.process_id._get_summary()["facts"], [["Tên", "D1"]])

    def test_who_is_asked_later_reads_it_while_it_stands(self):
        document = self._submitted()
        self.head.lang = "fr_FR"
        process = document.sudo().approval_process_id
        process.with_user(self.lead).sudo(False)._forward(self.head, "Yours")
        self.assertEqual(self._read(document, self.head).about, "Des lits")

    def test_a_program_keeps_it_in_the_language_of_the_requester(self):
        self.clerk.lang = "vi_VN"
        self.lead.lang = "en_US"
        self.step.with_context(lang="vi_VN").name = "Cấp một"
        document = self._submitted()
        process = document.sudo().approval_process_id
        self.assertEqual(process.task_ids.step_name, "Cấp một")
        self.assertEqual(process.about_kept, "Giường cho khoa")
        self.assertEqual(process.rule_words["lang"], "vi_VN")
        self.assertEqual(self._read(document, self.lead).about, "Beds for the ward")

    def test_why_it_ended_is_in_the_language_of_the_requester(self):
        self.clerk.lang = "vi_VN"
        for name, end in {
            "withdrawn": lambda document: document.action_withdraw(),
            "changed": lambda document: document.write({"amount": 20}),
            "deleted": lambda document: document.unlink(),
        }.items():
            with self.subTest(name):
                document = self._submitted()
                process = document.sudo().approval_process_id
                end(document)
                self.assertNotEqual(process.state, "open")
                self.assertTrue(process.close_reason)
                self.assertNotRegex(process.close_reason, "The |Withdrawn|deleted")

    def test_what_is_older_than_this_is_read_as_it_was_kept(self):
        document = self._submitted()
        process = document.sudo().approval_process_id
        process._system_write({"about_words": False, "about_kept": "Kept"})
        self.assertEqual(self._read(document, self.lead).about, "Kept")

    def test_one_language_is_kept_once(self):
        self.lead.lang = "en_US"
        process = self._submitted().sudo().approval_process_id
        self.assertEqual(process.about_words, {"en_US": "Beds for the ward"})
        self.assertNotIn("said", process.summary)

    def test_nobody_renames_a_request_in_any_language(self):
        """Translations do not pass by ``write``: administrators, too, are refused."""
        document = self._submitted(name="D1")
        process = document.sudo().approval_process_id
        for records in (process, process.task_ids[:1]):
            for lang in ("en_US", "vi_VN"):
                with self.assertRaises(AccessError):
                    records.update_field_translations("document_name", {lang: "D9"})
        self.env.invalidate_all()
        for lang in ("en_US", "vi_VN"):
            spoken = process.with_context(lang=lang)
            self.assertEqual(spoken.document_name, "D1")
