import base64
import io
from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from ..spreadsheet import Unreadable, read, to_date, to_number, to_text
from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestSpreadsheet(BaseCase):
    def test_csv_with_any_separator(self):
        for separator in ",;\t":
            text = f"\ufeffA{separator}B\n1{separator}2\n\n3{separator}4\n"
            head, rows = read(text.encode())
            self.assertEqual(head, ["A", "B"])
            self.assertEqual(rows, [(2, ["1", "2"]), (4, ["3", "4"])])

    def test_what_is_no_table(self):
        for content, reason in (
            (b"", "empty"),
            (b"A,B\n", "empty"),
            (b"\xff\xfe\x00", "format"),
            (b"PK nothing", "format"),
            (b"A\n" + b"1\n" * 5001, "rows"),
            (b"A" * 5_000_001, "size"),
        ):
            with self.assertRaises(Unreadable) as unreadable:
                read(content)
            self.assertEqual(unreadable.exception.reason, reason)

    def test_days_and_codes_as_spreadsheets_keep_them(self):
        day = date(2026, 1, 31)
        for cell in (day, datetime(2026, 1, 31, 12), "2026-01-31", " 31/01/2026 "):
            self.assertEqual(to_date(cell, "%d/%m/%Y"), day)
        for nonsense in ("", None, "soon", "2026-02-30", 12):
            with self.assertRaises(ValueError):
                to_date(nonsense, "%d/%m/%Y")
        self.assertEqual(
            [to_text(cell) for cell in (6421.0, 6421, " 6421 ", None, 1.5)],
            ["6421", "6421", "6421", "", "1.5"],
        )

    def test_numbers_as_people_write_them(self):
        self.assertEqual(to_number("1,234.5"), 1234.5)
        self.assertEqual(to_number("1.234.567,5", ",", "."), 1234567.5)
        self.assertEqual(to_number("1\u00a0234", ",", "\u00a0"), 1234)
        self.assertEqual(to_number(12.5, ",", "."), 12.5)
        self.assertEqual(to_number("-3"), -3)
        for nonsense in ("", "x", None, True, "1.2.3", "12,34", "nan", "1e999", 1e15):
            with self.assertRaises(ValueError):
                to_number(nonsense)


@tagged("post_install", "-at_install")
class TestImport(SpendBudgetCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls._budget(is_open=False)

    def _import(self, content, user=None, **values):
        if isinstance(content, str):
            content = content.encode()
        wizard = (
            self.env["spend.import"]
            .with_user(user or self.owner)
            .create(
                {
                    "budget_id": self.budget.id,
                    "file": base64.b64encode(content),
                    **values,
                }
            )
        )
        wizard.action_import()
        return wizard

    def test_rows_become_lines(self):
        self._import(
            "Account,Department,Category,Amount,Control,Tolerance\n"
            'Clinic,,,"1,000.50",Block,10\n'
            ",Sales,Beds,20,escalate,\n"
        )
        first, second = self.budget.line_ids
        self.assertEqual((first.account_id, first.amount), (self.clinic, 1000.5))
        self.assertEqual((first.control, first.tolerance), ("block", 10))
        self.assertEqual(second.department_id, self.department)
        self.assertEqual(
            (second.category_id, second.control), (self.category, "escalate")
        )

    def test_every_refused_row_is_told_with_its_number(self):
        wizard = self._import(
            "account,amount,control\n"
            "Clinic,100,\n"
            "Nowhere,100,\n"
            "Ward,a lot,\n"
            "Ward,-1,\n"
            "\n"
            ",5,\n"
            "Ward,5,shout\n"
            "Clinic,5,\n"
        )
        self.assertFalse(self.budget.line_ids)
        report = wizard.report
        for number in (3, 4, 5, 7, 8, 9):
            self.assertIn(f"Row {number}:", report)
        self.assertNotIn("Row 2:", report)
        for word in ("Nowhere", "a lot", "shout"):
            self.assertIn(word, report)

    def test_good_rows_alone_on_request(self):
        wizard = self._import("account,amount\nClinic,1\nNowhere,1\n", only_good=True)
        self.assertEqual(self.budget.line_ids.account_id, self.clinic)
        self.assertIn("Row 3:", wizard.report)

    def test_lines_by_account_of_the_general_ledger(self):
        expense = self.company_data["default_account_expense"]
        self._import(
            "Analytic Account,Account,Amount\n"
            f"Clinic,{expense.code},5\n"
            f",{expense.display_name},6\n"
        )
        first, second = self.budget.line_ids
        self.assertEqual(
            (first.account_id, first.general_account_id), (self.clinic, expense)
        )
        self.assertEqual(second.general_account_id, expense)
        self.assertFalse(second.account_id)

    def test_a_column_account_names_either_kind(self):
        expense = self.company_data["default_account_expense"]
        self._import(f"Account,Amount\nClinic,5\n{expense.code},6\n")
        first, second = self.budget.line_ids
        self.assertEqual(first.account_id, self.clinic)
        self.assertEqual(second.general_account_id, expense)

    def test_accounts_that_are_no_expenses_are_unknown(self):
        payable = self.company_data["default_account_payable"]
        wizard = self._import(f"Expense account,Amount\n{payable.code},5\n")
        self.assertIn("Row 2:", wizard.report)

    def test_rows_for_parts_of_the_period(self):
        wizard = self._import(
            "Analytic account,Amount,Part from,Part to\n"
            "Clinic,5,2026-01-01,2026-03-31\n"
            "Clinic,6,04/01/2026,06/30/2026\n"
            "Clinic,7,,2026-03-31\n"
            "Clinic,8,2026-07-01,2027-01-31\n"
            "Clinic,9,soon,\n",
            only_good=True,
        )
        self.assertEqual(
            [str(line.date_to) for line in self.budget.line_ids],
            ["2026-03-31", "2026-06-30"],
        )
        for number in (4, 5, 6):
            self.assertIn(f"Row {number}:", wizard.report)

    def test_table_to_fill_in_has_all_that_a_line_is_for(self):
        wizard = self.env["spend.import"].create({"budget_id": self.budget.id})
        url = wizard.action_template()["url"]
        number = int(url.split("/content/")[1].split("?")[0])
        head = self.env["ir.attachment"].browse(number).raw.decode()
        for name in ("Analytic Account", "Account", "Department", "Part from"):
            self.assertIn(f'"{name}"', head)

    def test_xlsx(self):
        from openpyxl import Workbook

        book = Workbook()
        for row in (["Category", "Amount"], ["Beds", 12.5]):
            book.active.append(row)
        content = io.BytesIO()
        book.save(content)
        self._import(content.getvalue())
        self.assertEqual(self.budget.line_ids.amount, 12.5)

    def test_numbers_and_columns_in_vietnamese(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.env = self.env(context={**self.env.context, "lang": "vi_VN"})
        self._import("category;amount\nBeds;1.000.000,5\n")
        self.assertEqual(self.budget.line_ids.amount, 1000000.5)

    def test_file_without_columns_is_refused(self):
        for content in ("a,b\n1,2\n", "amount\n1\n", "account\nClinic\n", b"\xff\xfe"):
            with self.assertRaises(UserError):
                self._import(content)

    def test_accounts_of_other_companies_are_unknown(self):
        other = self._create_company(name="Elsewhere")
        self._account("Secret", company=other)
        wizard = self._import("account,amount\nSecret,1\n")
        self.assertIn("Row 2:", wizard.report)

    def test_only_who_may_edit_the_budget(self):
        with self.assertRaises(AccessError):
            self._import("account,amount\nClinic,1\n", user=self.buyer)
        self.budget.line_ids = [(0, 0, {"account_id": self.ward.id, "amount": 1})]
        self.budget.action_open()
        with self.assertRaises(AccessError):
            self._import("account,amount\nClinic,1\n", user=self.owner)
        self._import("account,amount\nClinic,1\n", user=self.manager)
        self.assertEqual(len(self.budget.line_ids), 2)

    def test_empty_table_to_fill_in(self):
        wizard = self.env["spend.import"].create(
            {"budget_id": self.budget.id, "file": b"eA=="}
        )
        self.assertIn("/web/content/", wizard.action_template()["url"])
