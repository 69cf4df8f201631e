from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.own_customers import SEE_UNOWNED
from .access_common import AccessCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 10:00:00")
class TestShare(AccessCommon):
    """Customers shared for some days."""

    def setUp(self):
        super().setUp()
        self.contact = self._customer("Contact", parent_id=self.theirs.id)

    def _share(self, partner=None, by=None, **values):
        shares = self.env["customer.share"].with_user(by or self.nam)
        return shares.create(
            {
                "partner_id": (partner or self.theirs).id,
                "user_id": self.mai.id,
                "until": "2026-11-12",
                "reason": "Leave",
                **values,
            }
        )

    def test_the_whole_family_is_read_and_nothing_changed(self):
        self._share(self.contact)
        for partner in self.theirs, self.contact:
            self.assertTrue(self._sees(partner))
            self.assertFalse(self._writes(partner))

    def test_a_new_contact_is_shared_too(self):
        self._share()
        self.assertTrue(self._sees(self._customer("New", parent_id=self.theirs.id)))

    def test_after_the_last_day_it_gives_nothing(self):
        """No job has run."""
        self._share()
        with freeze_time("2026-11-12 10:00:00"):
            self.assertTrue(self._sees(self.theirs))
        with freeze_time("2026-11-13 10:00:00"):
            self.assertFalse(self._sees(self.theirs))

    def test_days_begin_and_end_where_the_user_is(self):
        self._share()
        self.mai.tz = "Asia/Ho_Chi_Minh"
        with freeze_time("2026-11-12 16:59:00"):
            self.assertTrue(self._sees(self.theirs))
        with freeze_time("2026-11-12 17:01:00"):
            self.assertFalse(self._sees(self.theirs))

    def test_ended_early(self):
        share = self._share()
        share.until = "2026-11-01"
        self.assertFalse(self._sees(self.theirs))
        share.until = "2026-11-30"
        self.assertTrue(self._sees(self.theirs))
        share.unlink()
        self.assertFalse(self._sees(self.theirs))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_only_who_may_change_a_customer_shares_it(self):
        with self.assertRaises(AccessError):
            self._share(by=self.mai)
        share = self._share(until="2026-11-30")
        with self.assertRaises(AccessError):
            share.with_user(self.mai).until = "2030-01-01"
        with self.assertRaises(AccessError):
            self._share(by=self.mai, user_id=self.leader.id)

    def test_a_share_stays_with_its_customer(self):
        """Rights are looked at before a write, not after it."""
        share = self._share(self.mine, by=self.mai, user_id=self.nam.id)
        for values in ({"partner_id": self.theirs.id}, {"user_id": self.mai.id}):
            with self.assertRaises(UserError):
                share.write(values)

    def test_nothing_is_shared_in_advance(self):
        """While it is off nobody is refused."""
        share = self._share()
        self.access._switch(False)
        with self.assertRaises(AccessError):
            self._share(by=self.mai)
        with self.assertRaises(AccessError):
            share.with_user(self.mai).until = "2030-01-01"

    def test_managers_take_shares_away_while_it_is_off(self):
        share = self._share()
        self.access._switch(False)
        with self.assertRaises(AccessError):
            share.with_user(self.mai).unlink()
        share.with_user(self.manager).unlink()
        self.assertFalse(share.exists())

    def test_nothing_is_shared_that_would_give_nothing(self):
        portal = new_test_user(self.env, "share-portal", groups="base.group_portal")
        portal.partner_id.user_id = self.nam  # else nobody names them
        gone = new_test_user(self.env, "share-gone", groups="base.group_user")
        gone.active = False
        for values in (
            {"until": "2026-11-09"},
            {"user_id": portal.id},
            {"user_id": gone.id},
        ):
            with self.assertRaises(ValidationError):
                self._share(**values)
        self.assertTrue(self._share(until="2026-11-10"))

    def test_nobody_shares_with_who_sees_it_already(self):
        """It would be read after a handover, too."""
        with self.assertRaises(ValidationError):
            self._share(user_id=self.nam.id)
        with self.assertRaises(ValidationError):
            self._share(self.contact, user_id=self.nam.id)
        with self.assertRaises(ValidationError):
            self._share(self.mine, by=self.leader, user_id=self.leader.id)

    def test_a_share_ends_when_the_customer_is_somebody_elses(self):
        self._share()
        self.assertTrue(self._sees(self.contact))
        self.theirs.with_user(self.manager).user_id = self.leader
        new = self._customer("New", parent_id=self.theirs.id)
        for partner in self.theirs, self.contact, new:
            self.assertFalse(self._sees(partner), partner.name)
        self.theirs.with_user(self.manager).user_id = False
        self.assertFalse(self._sees(self.theirs))

    def test_the_nightly_walk_knows_whose_it_was(self):
        self._share()
        self.theirs.user_id = self.leader
        self.env.flush_all()
        self.access._keep((self.theirs | self.contact).ids)
        self.assertFalse(self._sees(self.theirs))

    def test_what_a_leader_shares_stays_after_a_handover(self):
        share = self._share(by=self.manager)
        self.theirs.user_id = self.leader
        self.assertTrue(self._sees(self.theirs))
        self.assertFalse(share.owner_id)

    def test_who_changes_a_share_is_who_shares(self):
        share = self._share(by=self.manager)
        share.with_user(self.nam).write({"until": "2027-01-31", "owner_id": False})
        self.theirs.user_id = self.leader
        self.assertFalse(self._sees(self.theirs))
        share.with_user(self.manager).until = "2026-11-30"
        self.assertTrue(self._sees(self.theirs))

    def test_nobody_says_to_share_as_a_leader(self):
        self._share(owner_id=False)
        self.theirs.user_id = self.leader
        self.assertFalse(self._sees(self.theirs))

    def test_a_salesperson_shares_nothing_that_nobody_owns(self):
        """All who may share it see it; later it may be somebody's."""
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(SEE_UNOWNED, "True")
        self.env.invalidate_all()
        self.assertTrue(self._writes(self.unowned, self.nam))
        with self.assertRaises(UserError):
            self._share(self.unowned)
        self.assertTrue(self._share(self.unowned, by=self.manager))

    def test_for_a_year_at_most(self):
        self.assertTrue(self._share(until="2027-11-10"))
        for user in self.nam, self.manager:
            with self.assertRaises(ValidationError):
                self._share(by=user, until="2027-11-11")
        share = self._share(until="2026-11-30")
        with self.assertRaises(ValidationError):
            share.until = "9999-12-31"

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_no_contact_for_ever_through_a_share_of_some_days(self):
        self._share()
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(self.mai).create(
                {"name": "x", "parent_id": self.theirs.id, "user_id": self.mai.id}
            )
