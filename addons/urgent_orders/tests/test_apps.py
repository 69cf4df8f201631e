from lxml import etree

from odoo.fields import Domain
from odoo.tests import TransactionCase, tagged
from odoo.tools.safe_eval import safe_eval

#: What people look for, as they say it, and what should be among what they find.
APPS = {
    "Urgent Orders": "urgent_orders",
    "Đơn hàng khẩn": "urgent_orders",
    "Phê duyệt": "approval_matrix",
    "Ngân sách": "spend_budget",
    "Khách chờ": "cx_reports",
}
#: These come with an app, or are found without the filter.
OTHERS = {
    "Đặt cọc": "supplier_deposit",
    "Khách hàng": "customer_base",
    "Hẹn giao hàng": "crm_purchase_bridge",
    "Diễn biến": "case_timeline",
}


@tagged("post_install", "-at_install")
class TestApps(TransactionCase):
    """*Apps* finds us in both languages, also where nothing is installed yet: names of
    addons that are not installed are not translated."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("vi_VN")
        view = self.env.ref("base.view_module_filter")
        arch = self.env["ir.module.module"].get_view(view.id, "search")["arch"]
        self.screen = etree.fromstring(arch)

    def _find(self, text, lang="vi_VN", domain=()):
        """Return the addons that the screen finds, by their technical names."""
        (source,) = self.screen.xpath("//field[@name='name']/@filter_domain")
        typed = safe_eval(source, {"self": text})
        modules = self.env["ir.module.module"].with_context(lang=lang)
        return modules.search(Domain(typed) & Domain(domain)).mapped("name")

    def test_apps_are_found_under_the_filter_of_the_screen(self):
        (source,) = self.screen.xpath("//filter[@name='app']/@domain")
        for text, name in APPS.items():
            for lang in ("en_US", "vi_VN"):
                with self.subTest(text, lang=lang):
                    self.assertIn(name, self._find(text, lang, safe_eval(source)))

    def test_the_others_are_found_without_it(self):
        for text, name in OTHERS.items():
            with self.subTest(text):
                self.assertIn(name, self._find(text))
