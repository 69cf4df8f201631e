from odoo.tests import BaseCase, tagged

from odoo.addons.approval_matrix.substitutes import find_holder


@tagged("post_install", "-at_install")
class TestSubstitutes(BaseCase):
    def holder(self, chain, may_hold=lambda user: True, **kwargs):
        return find_holder("approver", chain.get, may_hold, **kwargs)

    def test_who_is_there_holds_it(self):
        self.assertEqual(self.holder({}), "approver")

    def test_chain_is_followed_to_its_end(self):
        self.assertEqual(self.holder({"approver": "one", "one": "two"}), "two")

    def test_chain_stays_before_who_may_not_hold_it(self):
        chain = {"approver": "one", "one": "requester"}
        self.assertEqual(self.holder(chain, lambda user: user != "requester"), "one")

    def test_chain_goes_on_past_who_may_be_passed(self):
        chain = {"approver": "one", "one": "two", "two": "three"}
        holder = self.holder(
            chain,
            lambda user: user == "two",
            may_pass=lambda user: user == "one",
        )
        self.assertEqual(holder, "two")

    def test_chain_never_goes_on_past_the_requester(self):
        chain = {"approver": "requester", "requester": "friend"}
        holder = self.holder(
            chain,
            lambda user: user != "requester",
            may_pass=lambda user: user != "requester",
        )
        self.assertEqual(holder, "approver")

    def test_circle_ends(self):
        chain = {"approver": "one", "one": "two", "two": "approver"}
        self.assertEqual(self.holder(chain), "two")
