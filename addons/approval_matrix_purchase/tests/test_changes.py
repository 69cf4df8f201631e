from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PurchaseApprovalCommon

GONE = 2**30


@tagged("post_install", "-at_install")
class TestApprovalChanges(PurchaseApprovalCommon):
    """What approvers see of what changed since the last approval."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule(cls.manager, cls.director)
        cls.order = cls._approved()

    def _changes(self, **context):
        process = self.order.sudo().approval_process_id
        return process.with_context(**context).changes_html

    def test_old_and_new_price(self):
        self.order.order_line.price_unit = 12345
        self.assertIn("9,000", self._changes())
        self.assertIn("12,345", self._changes())

    def test_terms_that_are_no_amounts(self):
        tax = self.env["account.tax"].create(
            {"name": "Import duty", "amount": 0, "type_tax_use": "purchase"}
        )
        self.order.order_line.tax_ids = tax
        self.assertIn("Import duty", self._changes())

    def test_description_alone(self):
        self.order.order_line.name = "Hospital bed, used"
        self.assertIn("Hospital bed, used", self._changes())

    def test_another_vendor(self):
        other = self.env["res.partner"].create({"name": "Cheaper"})
        self.order.sudo().partner_id = other
        self.assertIn("Cheaper", self._changes())
        self.assertIn("Vendor", self._changes())

    def test_what_was_kept_meanwhile_is_shown_too(self):
        self.order.sudo().approval_process_id._system_write({"tolerance": 50})
        self.order.order_line.price_unit = 9500
        self.assertEqual(self.order.state, "purchase")
        self.order.order_line.price_unit = 20000
        self.assertIn("9,000", self._changes())
        self.assertNotIn("9,500", self._changes())

    def test_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.env["ir.module.module"]._load_module_terms(
            ["approval_matrix_purchase"], ["vi_VN"]
        )
        self.order.with_context(lang="vi_VN").order_line.price_unit = 12345
        self.assertIn("Unit Price", self._changes(lang="en_US"))
        self.assertIn("Đơn giá", self._changes(lang="vi_VN"))
        self.assertNotIn("Vendor", self._changes(lang="en_US"))

    def test_requests_of_old_have_fewer_terms(self):
        process = self.order.sudo().approval_process_id
        terms = {**process.terms, "currency": GONE}
        del terms["payment"], terms["deliver_to"], terms["lines"][0]["text"]
        process._system_write({"terms": terms})
        self.order.order_line.price_unit = 12345
        self.assertIn("9000", self._changes())
        self.assertIn(f"#{GONE}", self._changes())

    def test_nonsense_among_the_terms_is_shown_as_it_is(self):
        self.order.order_line.analytic_distribution = {"nonsense": 100}
        self.assertIn("#nonsense", self._changes())

    def test_the_document_shows_them_to_whoever_is_asked(self):
        self.order.order_line.price_unit = 12345
        asked = self.order.with_user(self.manager)
        self.assertIn("12,345", asked.approval_changes_html)
        self.assertFalse(self.order.with_user(self.director).approval_changes_html)

    def test_the_document_shows_the_log_of_every_approval(self):
        self.order.order_line.price_unit = 12345
        self.order.with_user(self.manager).action_reject("Too dear")
        now, before = self.order.get_approval_history()
        self.assertEqual(now["rows"][-1]["comment"], "Too dear")
        self.assertEqual(now["rows"][-1]["user"], "Manager")
        self.assertIn("Approved", [row["event"] for row in before["rows"]])
        self.assertNotIn("12,345", str([now, before]))

    def test_the_log_is_for_readers_of_the_document(self):
        with self.assertRaises(AccessError):
            self.order.with_user(self.care).get_approval_history()
