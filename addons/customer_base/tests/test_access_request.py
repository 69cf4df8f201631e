from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import customer_access_request
from .access_common import AccessCommon


@tagged("post_install", "-at_install")
class TestAccessRequest(AccessCommon):
    """Salespeople ask for customers whom they may not see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requests = cls.env["customer.access.request"]
        cls.asking = cls.requests.with_user(cls.nam)
        cls.company = cls._customer(
            "Secret Company", is_company=True, user_id=cls.mai.id
        )
        cls.contact = cls._customer("Secret Contact", parent_id=cls.company.id)

    def _ask(self, partners=None):
        self.asking._ask(self.company if partners is None else partners, "They called")
        return self.requests.search([("user_id", "=", self.nam.id)])

    def _told(self):
        """Return what the one who asks was told."""
        messages = self.env["mail.message"].search(
            [("partner_ids", "in", self.nam.partner_id.ids)]
        )
        return " ".join(f"{one.subject} {one.body}" for one in messages)

    def test_the_leader_of_the_owner_is_asked(self):
        request = self._ask()
        self.assertEqual(request.leader_id, self.leader)
        self.assertEqual(request.activity_ids.user_id, self.leader)
        self.assertEqual(request.with_user(self.leader).partner_id, self.company)

    def test_without_a_leader_managers_are_asked(self):
        self.team.user_id = False
        request = self._ask()
        self.assertFalse(request.leader_id)
        self.assertIn(self.manager, request.activity_ids.user_id)

    def test_one_family_is_asked_for_once(self):
        self._ask(self.company | self.contact)
        self.assertEqual(len(self._ask(self.contact)), 1)

    def test_whom_one_sees_is_not_asked_for(self):
        self.assertFalse(self._ask(self.theirs | self.vendor))

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def test_who_asks_sees_nothing_of_it(self):
        request = self._ask()
        self.assertFalse(self.asking.search([]))
        self.assertFalse(request.with_user(self.nam).has_access("read"))
        self.assertNotIn("Secret", self._told())
        self.assertFalse(
            request.activity_ids.with_user(self.nam)._filtered_access("read")
        )
        self.assertNotIn(self.nam.partner_id, request.message_partner_ids)
        for action in ("action_grant", "action_hand_over", "action_refuse"):
            with self.assertRaises(AccessError):
                getattr(request.with_user(self.nam), action)()

    def test_nobody_asks_for_the_whole_book(self):
        with patch.object(customer_access_request, "MOST_A_DAY", 1):
            self._ask()
            with self.assertRaises(UserError):
                self._ask(self.mine)

    def test_granted_for_some_days(self):
        request = self._ask().with_user(self.leader)
        request.action_grant()
        self.assertEqual(request.state, "granted")
        self.assertTrue(self._sees(self.contact, self.nam))
        self.assertFalse(self._writes(self.company, self.nam))
        self.assertIn("Secret Company", self._told())
        self.assertFalse(request.activity_ids)

    def test_granted_to_who_has_it_by_now(self):
        request = self._ask().with_user(self.leader)
        self.company.user_id = self.nam
        request.with_user(self.manager).action_grant()
        self.assertEqual(request.state, "granted")
        shares = self.env["customer.share"]
        self.assertFalse(shares.search([("partner_id", "=", self.company.id)]))

    def test_handed_over(self):
        self.team.member_ids += self.nam
        request = self._ask().with_user(self.leader)
        request.action_hand_over()
        self.assertEqual(self.company.user_id, self.nam)
        self.assertTrue(self._writes(self.contact, self.nam))
        self.assertFalse(self._sees(self.company, self.mai))

    def test_no_leader_hands_over_to_another_team(self):
        request = self._ask().with_user(self.leader)
        with self.assertRaises(AccessError), self.cr.savepoint():
            request.action_hand_over()
        request.with_user(self.manager).action_hand_over()
        self.assertEqual(self.company.user_id, self.nam)

    def test_a_leader_forwards_what_is_for_managers_to_decide(self):
        request = self._ask().with_user(self.leader)
        self.assertFalse(request.may_hand_over)
        request.action_forward()
        asked = request.sudo()
        self.assertFalse(asked.leader_id)
        self.assertEqual(asked.state, "asked")
        self.assertIn(self.manager, asked.activity_ids.user_id)
        self.assertNotIn(self.leader, asked.activity_ids.user_id)
        self.assertTrue(asked.with_user(self.manager).may_hand_over)
        with self.assertRaises(AccessError):
            request.action_forward()

    def test_a_leader_hands_over_within_the_team_only(self):
        request = self._ask().with_user(self.leader)
        self.team.member_ids += self.nam
        self.env.invalidate_all()
        self.assertTrue(request.may_hand_over)

    def test_everybody_reads_it_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        said = []
        request = self.env.registry["customer.access.request"]
        schedule = request.activity_schedule

        def note(records, *args, **values):
            said.append(records.env.context.get("lang"))
            return schedule(records, *args, **values)

        self.patch(request, "activity_schedule", note)
        self.leader.lang = self.nam.lang = "vi_VN"
        asked = self._ask()
        self.assertEqual(said, ["vi_VN"])
        thread = self.env.registry["mail.thread"]
        notify = thread.message_notify

        def note_too(records, **values):
            said.append(records.env.context.get("lang"))
            return notify(records, **values)

        self.patch(thread, "message_notify", note_too)
        asked.with_user(self.leader).with_context(lang="en_US").action_refuse()
        self.assertEqual(said, ["vi_VN", "vi_VN"])

    def test_refused_without_a_name(self):
        request = self._ask().with_user(self.leader)
        request.action_refuse()
        self.assertFalse(self._sees(self.company, self.nam))
        self.assertIn("refused", self._told())
        self.assertNotIn("Secret", self._told())
        self.assertEqual(self._ask(), request, "and not again at once")

    def test_decided_once(self):
        request = self._ask().with_user(self.leader)
        request.action_refuse()
        with self.assertRaises(UserError):
            request.action_grant()
        with self.assertRaises(UserError):
            request.state = "asked"

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_only_its_leader_decides(self):
        request = self._ask()
        with self.assertRaises(AccessError):
            request.with_user(self.mai).action_grant()
