from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestAbsenceReach(DocumentCommon):
    """Substitutes who cannot open what they would get."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.readers = cls.env["res.groups"].create({"name": "Readers"})
        access = cls.env["ir.model.access"].search(
            [("model_id.model", "=", "test.approval.document")]
        )
        access.group_id = cls.readers
        people = cls.clerk | cls.lead | cls.head
        people.group_ids += cls.readers  # not the other

    def _absence(self, substitute=None, user=None, **values):
        user = user or self.lead
        now = fields.Datetime.now()
        return self.env(user=user)["approval.substitute"].create(
            {
                "user_id": user.id,
                "substitute_id": (substitute or self.other).id,
                "date_from": now - timedelta(hours=1),
                "date_to": now + timedelta(hours=10),
                **values,
            }
        )

    def _confidential(self):
        """Let nobody read documents of that name, but those who made them."""
        self.env["ir.rule"].create(
            {
                "name": "Confidential",
                "model_id": self.env["ir.model"]._get_id("test.approval.document"),
                "domain_force": "['|', ('name', '!=', 'Secret'),"
                " ('create_uid', '=', user.id)]",
            }
        )

    def _to_dos(self, record, user):
        return record.sudo().activity_ids.filtered(lambda each: each.user_id == user)

    # when it is saved

    def test_substitute_without_rights_to_the_documents_is_refused(self):
        with (
            self.assertRaisesRegex(ValidationError, "Other may not open"),
            self.cr.savepoint(),
        ):
            self._absence()
        absence = self._absence(self.head)
        with self.assertRaisesRegex(ValidationError, "Other may not open"):
            absence.substitute_id = self.other

    def test_substitute_of_another_company_is_refused(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.head.write(
            {
                "company_ids": [Command.set(elsewhere.ids)],
                "company_id": elsewhere.id,
            }
        )
        with self.assertRaisesRegex(ValidationError, "none of the companies"):
            self._absence(self.head)

    def test_archived_substitute_is_refused(self):
        self.head.active = False
        with self.assertRaisesRegex(ValidationError, "cannot log in"):
            self._absence(self.head)

    def test_who_is_asked_for_nothing_may_name_anybody(self):
        self.assertEqual(self._absence(user=self.head).state, "running")

    def test_proposal_is_checked_when_it_is_accepted(self):
        proposal = self._absence(active=False)
        self.assertEqual(proposal.state, "off")
        with self.assertRaisesRegex(ValidationError, "Other may not open"):
            proposal.active = True

    def test_absence_whose_substitute_lost_the_rights_can_be_ended(self):
        absence = self._absence(self.head)
        self.head.group_ids -= self.readers
        absence.date_to = fields.Datetime.now() - timedelta(minutes=1)
        self.assertEqual(absence.state, "over")

    def test_what_is_partly_out_of_reach_is_warned_of(self):
        second = self.env["res.company"].create({"name": "Second"})
        self.lead.company_ids += second
        self.rule.company_id = False
        absence = self._absence(self.head)
        self.assertEqual(absence.state, "running")
        self.assertRegex(absence.obstacle, "Head may not open .*Second")

    def test_nobody_learns_what_a_colleague_is_asked_for(self):
        values = {"user_id": self.lead.id, "substitute_id": self.other.id}
        for user, told in ((self.clerk, False), (self.lead, True)):
            absence = self.env(user=user)["approval.substitute"].new(values)
            self.assertEqual(bool(absence.obstacle), told)

    # later

    def test_lost_rights_are_told_and_tasks_go_back(self):
        absence = self._absence(self.head)
        document = self._submitted()
        self.assertEqual(document.approval_holder_ids, self.head)
        self.head.group_ids -= self.readers
        self.assertEqual(absence.state, "blocked")
        self.assertEqual(document.approval_holder_ids, self.lead)
        self.assertTrue(self._to_dos(absence, self.lead))

    def test_rights_lost_through_a_group_are_told_by_the_cron_once(self):
        absence = self._absence(self.head)
        self.readers.user_ids -= self.head
        self.assertEqual(absence.state, "blocked")
        for _time in range(2):
            self.env["approval.substitute"]._cron_absences()
        self.assertEqual(len(self._to_dos(absence, self.lead)), 1)

    def test_archived_later_is_told(self):
        absence = self._absence(self.head)
        self.head.active = False
        self.assertEqual(absence.state, "blocked")
        self.assertTrue(self._to_dos(absence, self.lead))

    def test_customer_later_is_told(self):
        absence = self._absence(self.head)
        portal = self.env.ref("base.group_portal")
        self.head.group_ids = [Command.set(portal.ids)]
        self.assertEqual(absence.state, "blocked")
        self.assertTrue(self._to_dos(absence, self.lead))

    def test_to_do_goes_when_the_rights_are_back(self):
        absence = self._absence(self.head)
        document = self._submitted()
        self.head.group_ids -= self.readers
        self.head.group_ids += self.readers
        self.assertEqual(absence.state, "running")
        self.assertFalse(self._to_dos(absence, self.lead))
        self.assertEqual(document.approval_holder_ids, self.head)

    # one request

    def test_request_that_stays_is_told_to_the_requester(self):
        self._absence(self.head)
        self._confidential()
        document = self._submitted(name="Secret")
        process = document.sudo().approval_process_id
        self.assertEqual(process.holder_ids, self.lead)
        self.assertEqual(process.log_ids[-1].event, "stayed")
        self.assertIn("Head, who stands in, may not open", process.log_ids[-1].comment)

    def test_requester_who_stands_in_is_told_once_that_it_stays(self):
        absence = self._absence(self.clerk)
        document = self._submitted()
        self.assertEqual(document.approval_holder_ids, self.lead)
        self.assertIn("Lead is away", self._to_dos(document, self.clerk).summary)
        self.assertIn("cannot stand in for 1 open", absence.obstacle)
        self.env["approval.substitute"]._cron_absences()
        self.assertEqual(self._events(document).count("stayed"), 1)

    def test_next_substitute_gets_what_the_first_may_not_open(self):
        self.other.group_ids += self.readers
        self._absence(self.head)
        self._absence(self.other, user=self.head)
        self.head.group_ids -= self.readers
        document = self._submitted()
        self.assertEqual(document.approval_holder_ids, self.other)

    def test_nobody_gets_a_request_from_its_requester(self):
        """The requester stands in, and names somebody for the time they are away."""
        self._absence(self.clerk)
        self._absence(self.head, user=self.clerk)
        self.assertEqual(self._submitted().approval_holder_ids, self.lead)

    # scope

    def test_scopes_that_do_not_meet_may_overlap(self):
        second = self._rule(
            self._step(user_ids=self.lead), domain="[('name', '=', 'B')]", sequence=1
        )
        self.other.group_ids += self.readers
        self._absence(self.head).sudo().rule_ids = self.rule
        absence = self._absence(self.other, active=False)
        absence.sudo().rule_ids = second
        absence.active = True
        self.assertEqual(self._submitted().approval_holder_ids, self.head)
        document = self._submitted(name="B")
        self.assertEqual(document.approval_holder_ids, self.other)

    def test_scope_of_an_archived_rule_meets_no_other_rule(self):
        second = self._rule(self._step(user_ids=self.lead), sequence=99)
        self._absence(self.head).sudo().rule_ids = second
        second.active = False
        absence = self._absence(self.clerk, active=False)
        absence.sudo().rule_ids = self.rule
        absence.active = True
        self.assertTrue(absence.active)

    def test_limited_to_a_kind_of_documents(self):
        models = self.env["approval.rule"]._get_approvable_models()
        kinds = [model for model in models if model != "test.approval.document"]
        self._absence(self.head, document_model="test.approval.document")
        self.assertEqual(self._submitted().approval_holder_ids, self.head)
        with (
            self.assertRaisesRegex(ValidationError, "already"),
            self.cr.savepoint(),
        ):
            self._absence(self.clerk)
        if kinds:
            elsewhere = self._absence(self.other, document_model=kinds[0])
            self.assertEqual(elsewhere.state, "running")
