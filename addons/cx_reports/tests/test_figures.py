import re

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models.cx_figures import FIGURES, NUMBERS
from ..models.digest_digest import KPIS
from .test_overview import READERS, REPORTS, OverviewCommon

#: The sentence of a definition that says from what it is counted.
SOURCE = re.compile(r"Source: [^.]+\.")


@tagged("post_install", "-at_install")
class TestFigures(OverviewCommon):
    """One page says how each figure is counted, to who may read it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.everything = new_test_user(
            cls.env,
            "cx-figures",
            groups="base.group_user,sales_team.group_sale_manager,"
            "purchase.group_purchase_manager,stock.group_stock_manager,"
            "account.group_account_manager,approval_matrix.group_approval_manager,"
            "spend_budget.group_budget_manager",
        )

    def _page(self, user, **context):
        page = self.env["cx.figures"].with_user(user).with_context(**context)
        return {section["key"]: section for section in page.get_page()}

    def _said(self, section):
        return {figure["key"]: figure for figure in section["figures"]}

    def _measures(self, model):
        """Return what pivots and graphs offer of a report."""
        said = self.env[model].fields_get(attributes=["aggregator", "type", "store"])
        return {
            name
            for name, field in said.items()
            if field.get("aggregator") and field["type"] in NUMBERS and name != "id"
        }

    def test_every_figure_of_every_report_is_there(self):
        page = self._page(self.everything)
        for model in REPORTS:
            with self.subTest(model=model):
                self.assertEqual(set(self._said(page[model])), self._measures(model))
        for model, names in FIGURES.items():
            with self.subTest(model=model):
                self.assertEqual(list(self._said(page[model])), list(names))
        self.assertEqual(list(self._said(page["digest.digest"])), list(KPIS))
        departments = self.env["cx.overview"]._get_departments()
        self.assertLessEqual(set(departments), set(self._said(page["cx.overview"])))

    def test_every_figure_has_its_definition_and_its_source(self):
        for section in self._page(self.everything).values():
            for figure in section["figures"]:
                with self.subTest(section=section["label"], figure=figure["label"]):
                    self.assertRegex(figure["help"], SOURCE)
                    before = figure["help"][: SOURCE.search(figure["help"]).start()]
                    self.assertTrue(before.strip())

    def test_page_says_what_the_fields_say(self):
        """In the reader's language, too."""
        self.env["res.lang"]._activate_lang("vi_VN")
        field = self.env["ir.model.fields"]._get("cx.delivery.report", "otif_rate")
        field.with_context(lang="vi_VN").help = "Giao đúng hẹn. Nguồn: đơn bán."
        for lang in ("en_US", "vi_VN"):
            for key, section in self._page(self.everything, lang=lang).items():
                if key == "cx.overview":
                    continue
                fields = self.env[key].with_context(lang=lang).fields_get()
                for name, figure in self._said(section).items():
                    with self.subTest(lang=lang, model=key, name=name):
                        self.assertEqual(figure["help"], fields[name]["help"])
                        self.assertEqual(figure["label"], fields[name]["string"])
        said = self._said(
            self._page(self.everything, lang="vi_VN")["cx.delivery.report"]
        )
        self.assertIn("Giao đúng hẹn", said["otif_rate"]["help"])

    def test_only_reports_that_one_may_read(self):
        for group, models in READERS.items():
            user = self._user(*([] if group == "base.group_user" else [group]))
            with self.subTest(group=group):
                found = self._page(user)
                expected = models | READERS["base.group_user"]
                self.assertEqual(set(found) & set(REPORTS), expected)
                self.assertEqual(
                    "digest.digest" in found, "cx.delivery.report" in expected
                )
                for key in set(found) - {"cx.overview"}:
                    self.assertTrue(self.env[key].with_user(user).has_access("read"))

    def test_first_page_is_explained_to_who_has_it(self):
        for group in READERS:
            user = self._user(*([] if group == "base.group_user" else [group]))
            leads = group.endswith("_manager")
            with self.subTest(group=group):
                self.assertEqual("cx.overview" in self._page(user), leads)

    def test_figures_of_departments_are_those_one_may_read(self):
        boss = self._user("purchase.group_purchase_manager")
        said = self._said(self._page(boss)["cx.overview"])
        departments = self.env["cx.overview"]._get_departments()
        for key, department in departments.items():
            records = self.env[department.model].with_user(boss)
            self.assertEqual(key in said, records.has_access("read"), key)

    def test_each_report_opens_and_says_its_question(self):
        page = self._page(self.everything)
        for model in REPORTS:
            action = self.env["ir.actions.act_window"].browse(page[model]["action"])
            self.assertEqual(action.res_model, model)
            self.assertTrue(page[model]["question"])
            self.assertNotIn("<", page[model]["question"])

    def test_menu_that_is_hidden_is_not_explained(self):
        menu = self.env.ref("cx_reports.cx_churn_report_menu")
        menu.group_ids = self.env.ref("base.group_system")
        self.assertNotIn("cx.churn.report", self._page(self.everything))

    def test_portal_is_refused(self):
        portal = new_test_user(self.env, "cx.portal", groups="base.group_portal")
        with self.assertRaises(AccessError):
            self._page(portal)

    def test_page_only_reads(self):
        self.assertTrue(self.env["cx.figures"].get_page._readonly)
        self.env.flush_all()
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute("SET TRANSACTION READ ONLY")
            self.assertTrue(self._page(self.everything))
            savepoint.rollback()
