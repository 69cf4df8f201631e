import csv
import io
import json

from openpyxl import load_workbook

from odoo import Command, http
from odoo.tests import HttpCase, tagged

from odoo.addons.approval_matrix.tests.users import new_user

from .common import ReportCommon, moment

MODEL = "cx.urgency.report"
FORMULA = '=HYPERLINK("http://far.example","Ward")'


@tagged("post_install", "-at_install")
class TestExports(ReportCommon, HttpCase):
    """What somebody takes into a spreadsheet is what they see, and no program."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = new_user(
            cls.env,
            "cx-export",
            groups="base.group_user,base.group_allow_export,"
            "sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.ward = cls.env["res.partner"].create({"name": FORMULA})

    def _sell(self, partner):
        order = self.env["sale.order"].create(
            {"partner_id": partner.id, "company_id": self.company.id}
        )
        order.action_confirm()
        self.env.flush_all()
        return order

    def _export(
        self,
        form,
        groupby=(),
        names=("partner_id", "displaced"),
        domain=(),
        model=MODEL,
    ):
        self.authenticate(self.reader.login, self.reader.login)
        fields = self.env[model].fields_get(names)
        asked = {
            "model": model,
            "fields": [
                {"name": name, "label": name, "type": fields[name]["type"]}
                for name in names
            ],
            "ids": False,
            "domain": list(domain),
            "groupby": list(groupby),
            "import_compat": False,
            "context": {"allowed_company_ids": self.company.ids},
        }
        sent = {"data": json.dumps(asked), "csrf_token": http.Request.csrf_token(self)}
        response = self.url_open(f"/web/export/{form}", data=sent)
        self.assertEqual(response.status_code, 200, response.text[:500])
        return response.content

    def _cells(self, content):
        (sheet,) = load_workbook(io.BytesIO(content)).worksheets
        return [cell for row in sheet.iter_rows() for cell in row]

    def test_names_are_no_formulas_in_a_workbook(self):
        self._sell(self.ward)
        for groupby in ([], ["partner_id"], ["company_id", "partner_id"]):
            with self.subTest(groupby=groupby):
                cells = self._cells(self._export("xlsx", groupby))
                self.assertNotIn("f", {cell.data_type for cell in cells})
                self.assertTrue(any("far.example" in str(c.value) for c in cells))

    def test_names_are_no_formulas_in_a_text_file(self):
        self._sell(self.ward)
        text = self._export("csv").decode("utf-8-sig")
        self.assertIn("'=HYPERLINK", text)
        self.assertNotIn("''=HYPERLINK", text)

    def test_lists_below_a_row_are_exported_too(self):
        """A customer has several contacts; each has a line of its own."""
        contacts = [{"name": name, "parent_id": self.ward.id} for name in ("=1", "B")]
        self.env["res.partner"].create(contacts)
        self._sell(self.ward)
        found = self.env[MODEL].search([("company_id", "=", self.company.id)])
        rows = found.export_data(["urgent_rate", "partner_id/child_ids/name"])["datas"]
        self.assertEqual([row[1] for row in rows], ["'=1", "B"])

    def test_numbers_stay_numbers(self):
        self._sell(self.ward)
        cells = self._cells(self._export("xlsx", names=("partner_id", "urgent_rate")))
        self.assertIn("n", {cell.data_type for cell in cells if cell.value is not None})

    def test_what_has_no_number_is_empty(self):
        """A line that is not due has no OTIF; 0 % would say that it was late."""
        self._order(2, wanted=5)
        late = self._order(2, wanted=-5)
        for form in ("xlsx", "csv"):
            names = ("order_name", "otif_rate")
            content = self._export(form, names=names, model="cx.delivery.report")
            if form == "csv":
                rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            else:
                (sheet,) = load_workbook(io.BytesIO(content)).worksheets
                rows = list(sheet.iter_rows(values_only=True))
            said = {name: rate for name, rate in rows[1:]}
            with self.subTest(form=form):
                self.assertEqual(len(said), 2)
                rate = said.pop(late.order_id.name)
                self.assertEqual(float(rate), 0)
                self.assertFalse(list(said.values())[0])

    def test_groups_say_what_the_pivot_says(self):
        """Of three lines one is met, one missed and one not due: half of those due."""
        met = self._order(2, wanted=-5)
        self._deliver(met, 2, moment(self._day(-6)))
        self._order(2, wanted=-5)
        self._order(2, wanted=5)
        self.env.flush_all()
        for groupby in (["partner_id"], ["company_id", "partner_id"]):
            content = self._export(
                "xlsx",
                groupby,
                names=("order_name", "otif_rate", "quantity"),
                model="cx.delivery.report",
            )
            (sheet,) = load_workbook(io.BytesIO(content)).worksheets
            groups = [
                row
                for row in sheet.iter_rows(values_only=True)
                if str(row[0]).endswith("(3)")
            ]
            with self.subTest(groupby=groupby):
                self.assertEqual(len(groups), len(groupby))
                self.assertEqual({row[1] for row in groups}, {50})

    def test_nothing_chosen_is_an_empty_table(self):
        nothing = [("id", "=", 0)]
        for form in ("xlsx", "csv"):
            with self.subTest(form=form):
                content = self._export(form, domain=nothing)
                if form == "csv":
                    self.assertEqual(len(content.splitlines()), 1)
                else:
                    self.assertEqual(len(self._cells(content)), 2)
        self.assertTrue(self._export("xlsx", ["partner_id"], domain=nothing))

    def test_only_rows_that_one_may_read(self):
        mine = self._sell(self.env["res.partner"].create({"name": "Mine"}))
        theirs = self._sell(self.env["res.partner"].create({"name": "Theirs"}))
        self.reader.group_ids -= self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        self.reader.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        mine.user_id, theirs.user_id = self.reader, self.care
        self.env.flush_all()
        for form in ("xlsx", "csv"):
            content = self._export(form)
            said = (
                content.decode("utf-8-sig")
                if form == "csv"
                else str([cell.value for cell in self._cells(content)])
            )
            with self.subTest(form=form):
                self.assertIn("Mine", said)
                self.assertNotIn("Theirs", said)

    def test_days_are_those_of_the_company(self):
        """At 00:30 in Vietnam it is still the day before in UTC."""
        order = self._sell(self.ward)
        order.date_order = moment(self._day(-3), 0, 30)
        self.env.flush_all()
        text = self._export("csv", names=("ordered_on", "partner_id"))
        self.assertIn(str(self._day(-3)), text.decode("utf-8-sig"))
