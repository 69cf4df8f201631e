from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from .access_common import AccessCommon

#: Customers, and what one has of each. Whoever looks for them has an order of the last.
KNOWN = [
    {"name": "Đặng Thị Hường", "email": "huong@own.example"},
    {"name": "Lê Văn Hùng", "phone": "+84 346 545 327", "email": "hung@own.example"},
    {"name": "Công ty TNHH An Phát", "is_company": True, "vat": "0100233488"},
    {"name": "Phạm Quốc Bảo"},
]
NUMBER = "OWN/0007"


@tagged("post_install", "-at_install")
class TestFoundByOwners(HttpCase, AccessCommon):
    """In a browser: where a customer is chosen, anything that one has of them finds
    them, and never the twin whom a colleague owns."""

    allow_inherited_tests_method = True
    browser_size = "1366x768"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.main_company").country_id = cls.env.ref("base.vn")
        # who leads nobody, and has no right beside that of a salesperson
        cls.care = cls.leader.copy({"login": "access-care", "name": "access-care"})
        cls.care.password = "access-care"
        cls._know(cls.nam, " của Nam")

    @classmethod
    def _know(cls, user, suffix=""):
        """Let a user own one of each; return the one with the order."""
        for values in KNOWN:
            name = values["name"] + suffix
            customer = cls._customer(**(values | {"name": name, "user_id": user.id}))
        order = {"name": NUMBER, "partner_id": customer.id, "user_id": user.id}
        cls.env["sale.order"].create(order)
        cls.env.flush_all()
        return customer

    def _tour(self, path, name, user):
        self.start_tour(path, f"customer_base_{name}", login=user.login, timeout=180)
        self.env.invalidate_all()

    def _own(self, name, user):
        return self.env["res.partner"].search(
            [("name", "=", name), ("user_id", "=", user.id)]
        )

    # ------------------------------------------------------------
    # CUSTOMER OF AN ORDER
    # ------------------------------------------------------------

    def _choose(self, user):
        self._know(user)
        self._tour("/odoo/action-sale.action_quotations/new", "find", user)
        chosen = self.env["sale.order"].search(
            [("user_id", "=", user.id), ("name", "!=", NUMBER)]
        )
        self.assertEqual(chosen.partner_id, self._own("Lê Văn Hùng", user))

    def test_a_leader_chooses_a_customer(self):
        self._choose(self.leader)

    def test_care_chooses_a_customer(self):
        self._choose(self.care)

    # ------------------------------------------------------------
    # RECIPIENTS OF A MESSAGE
    # ------------------------------------------------------------

    def _send(self, user):
        self._know(user)
        huong = self._own("Đặng Thị Hường", user)
        order = self.env["sale.order"].with_user(user)
        order = order.create({"partner_id": huong.id, "name": "Beds for Huong"})
        order.sudo().message_subscribe(self.theirs.ids)
        path = f"/odoo/action-sale.action_quotations/{order.id}"
        self._tour(path, "find_recipients", user)
        self.assertEqual(order.state, "sent")
        told = order.message_ids.sudo().partner_ids
        self.assertEqual(told, huong | self._own("Lê Văn Hùng", user))

    def test_a_leader_chooses_recipients(self):
        self._send(self.leader)

    def test_care_chooses_recipients(self):
        self._send(self.care)

    # ------------------------------------------------------------
    # WHO COMES
    # ------------------------------------------------------------

    def _meet(self, user):
        self._know(user)
        path = "/odoo/action-calendar.action_calendar_event/new"
        self._tour(path, "find_attendees", user)
        meeting = self.env["calendar.event"].search([("name", "=", "Visit")])
        huong = self._own("Đặng Thị Hường", user)
        self.assertEqual(meeting.partner_ids, huong | user.partner_id)

    def test_a_leader_chooses_who_comes(self):
        self._meet(self.leader)

    def test_care_chooses_who_comes(self):
        self._meet(self.care)

    def _look_at_calendars(self, user):
        bao = self._know(user)
        hidden = self._own("Phạm Quốc Bảo của Nam", self.nam)
        today = fields.Date.today()
        self.env["calendar.event"].create(
            {
                "name": "Fair of Nam",
                "allday": True,
                # wherever it is today
                "start": today - timedelta(days=1),
                "stop": today + timedelta(days=1),
                "user_id": self.nam.id,
                "partner_ids": [Command.set((hidden | user.partner_id).ids)],
            }
        )
        path = "/odoo/action-calendar.action_calendar_event"
        self._tour(path, "find_calendars", user)
        shown = self.env["calendar.filters"].search([("user_id", "=", user.id)])
        self.assertIn(bao, shown.partner_id)

    def test_a_leader_chooses_whose_calendar_is_shown(self):
        self._look_at_calendars(self.leader)

    def test_care_chooses_whose_calendar_is_shown(self):
        self._look_at_calendars(self.care)


class TestFoundByOwnersOnAPhone(TestFoundByOwners):
    browser_size = "375x667"
    touch_enabled = True
