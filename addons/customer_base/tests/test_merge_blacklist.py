from odoo.tests import tagged

from .merging import MergeCommon

OUT, IN = "out@hospital.example", "in@hospital.example"
OUT_PHONE, IN_PHONE = "+84 912 345 678", "+84 912 345 679"


@tagged("post_install", "-at_install")
class TestMergeBlacklist(MergeCommon):
    """Who wants no mails or messages is written down by address: after a merge it holds
    for whoever has the address, and after the undo for whoever had it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blacklists = {
            "mail.blacklist": cls.env["mail.blacklist"].create({"email": OUT}),
            "phone.blacklist": cls.env["phone.blacklist"].create({"number": OUT_PHONE}),
        }
        cls.said = cls._read_blacklists()

    @classmethod
    def _read_blacklists(cls):
        cls.env.flush_all()
        cls.env.invalidate_all()
        fields = {"mail.blacklist": "email", "phone.blacklist": "number"}
        return {
            name: cls.env[name]
            .with_context(active_test=False)
            .search_read([], [field, "active"], order="id")
            for name, field in fields.items()
        }

    def _is_out(self, customer):
        """Return whether a customer is on the lists: as shown, and as mailings ask."""
        self.env.invalidate_all()
        partners = self.env["res.partner"].with_context(active_test=False)
        own = [("id", "=", customer.id)]
        shown = customer.is_blacklisted, customer.phone_sanitized_blacklisted
        found = (
            bool(partners.search([*own, ("is_blacklisted", "=", True)])),
            bool(partners.search([*own, ("phone_sanitized_blacklisted", "=", True)])),
        )
        self.assertEqual(shown, found)
        return shown

    def _give(self, survivor, source):
        """Give both an e-mail address and a telephone, or none."""
        for customer, (email, phone) in (
            (self.survivor, survivor),
            (self.source, source),
        ):
            customer.write({"email": email, "phone": phone})
        self.env.flush_all()

    def test_an_address_that_comes_along_stays_on_the_list(self):
        self._give((False, False), (OUT, OUT_PHONE))
        merge = self._merge()
        self.assertEqual(self.survivor.email, OUT)
        self.assertEqual(self._is_out(self.survivor), (True, True))
        self.assertEqual(self._read_blacklists(), self.said)
        merge._undo()
        self.assertEqual(self._is_out(self.survivor), (False, False))
        self.assertEqual(self._is_out(self.source), (True, True))
        self.assertEqual(self._read_blacklists(), self.said)

    def test_an_address_that_is_chosen_decides(self):
        for choice, is_out in ((self.source, True), (self.survivor, False)):
            self._give((IN, IN_PHONE), (OUT, OUT_PHONE))
            choices = dict.fromkeys(("email", "phone"), choice.id)
            merge = self._merge(choices=choices)
            self.assertEqual(self.survivor.email, OUT if is_out else IN)
            self.assertEqual(self._is_out(self.survivor), (is_out, is_out))
            merge._undo()
            self.assertEqual(self._is_out(self.survivor), (False, False))
            self.assertEqual(self._is_out(self.source), (True, True))
            self.assertEqual(self._read_blacklists(), self.said)

    def test_who_stayed_and_is_on_the_list_stays_on_it(self):
        self._give((OUT, OUT_PHONE), (IN, IN_PHONE))
        choices = dict.fromkeys(("email", "phone"), self.survivor.id)
        merge = self._merge(choices=choices)
        self.assertEqual(self._is_out(self.survivor), (True, True))
        merge._undo()
        self.assertEqual(self._is_out(self.survivor), (True, True))
        self.assertEqual(self._is_out(self.source), (False, False))

    def test_who_is_taken_off_the_list_meanwhile_stays_off(self):
        self._give((False, False), (OUT, OUT_PHONE))
        merge = self._merge()
        self.env["mail.blacklist"]._remove(OUT)
        self.env["phone.blacklist"].remove(OUT_PHONE)
        self.assertEqual(self._is_out(self.survivor), (False, False))
        merge._undo()
        self.assertEqual(self._is_out(self.source), (False, False))

    def test_how_often_mails_came_back_follows_the_address(self):
        for choice, bounced in ((self.source, 3), (self.survivor, 0)):
            self._give((IN, IN_PHONE), (OUT, OUT_PHONE))
            self.source.message_bounce = 3
            merge = self._merge(choices={"email": choice.id})
            self.assertEqual(self.survivor.message_bounce, bounced)
            merge._undo()
            self.env.invalidate_all()
            self.assertEqual(self.source.message_bounce, 3)
            self.assertEqual(self.survivor.message_bounce, 0)
