from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestPaymentBank(DepositCommon):
    """The money goes to an account of the vendor, and changes of it are seen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = (
            cls._bank_account(cls.vendor, number) for number in ("111", "222")
        )

    @classmethod
    def _bank_account(cls, partner, number):
        values = {"acc_number": number, "partner_id": partner.id}
        return cls.env["res.partner.bank"].create(values)

    def _payment(self):
        self._rule(30, posting="draft")
        payment = self._order().deposit_ids.payment_ids
        self.assertEqual(payment.partner_bank_id, self.first)
        return payment.with_user(self.cashier)

    def test_account_of_somebody_else_is_not_paid(self):
        payment = self._payment()
        payment.partner_bank_id = self._bank_account(self.partner_b, "333")
        with self.assertRaisesRegex(UserError, "333, which is not one of"):
            payment.action_post()
        self.assertEqual(payment.state, "draft")

    def test_account_of_the_vendor_s_contact_is_the_vendor_s(self):
        contact = self.env["res.partner"].create(
            {"name": "Sales desk", "parent_id": self.vendor.id}
        )
        payment = self._payment()
        payment.partner_bank_id = self._bank_account(contact, "444")
        payment.action_post()
        self.assertEqual(payment.sudo().deposit_id.state, "paid")

    def test_another_account_of_the_vendor_is_told_on_the_deposit(self):
        payment = self._payment()
        payment.partner_bank_id = self.second
        note = payment.sudo().deposit_id.message_ids[0]
        self.assertIn("222 now, not to 111", note.body)
        self.assertEqual(note.author_id, self.cashier.partner_id)
        payment.action_post()
        self.assertEqual(payment.sudo().deposit_id.state, "paid")

    def test_account_that_stays_is_not_told(self):
        payment = self._payment()
        before = payment.sudo().deposit_id.message_ids
        payment.partner_bank_id = self.first
        self.assertEqual(payment.sudo().deposit_id.message_ids, before)

    def test_the_deposit_names_who_paid_it(self):
        payment = self._payment()
        payment = payment.with_context(tracking_disable=False, mail_notrack=False)
        deposit, cr = payment.sudo().deposit_id, payment.env.cr
        cr.flush()
        cr.precommit.run()  # what was tracked until now
        before = deposit.message_ids
        payment.action_post()
        payment.env.flush_all()
        cr.precommit.run()
        self.assertEqual(deposit.state, "paid")
        tracked = (deposit.message_ids - before).filtered("tracking_value_ids")
        self.assertIn("state", tracked.tracking_value_ids.field_id.mapped("name"))
        self.assertEqual(tracked.author_id, self.cashier.partner_id)
