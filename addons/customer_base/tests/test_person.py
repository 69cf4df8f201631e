from datetime import date

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import CustomerCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-28")
class TestPerson(CustomerCommon):
    def test_a_lunar_date_gives_the_solar_one(self):
        self.lan.birthdate_lunar = "10/3/2019"
        self.assertEqual(self.lan.birthdate_date, date(2019, 4, 14))

    def test_a_solar_date_gives_the_lunar_one(self):
        self.lan.birthdate_date = "2020-06-01"
        self.assertEqual(self.lan.birthdate_lunar, "10/4 nhuận/2020")

    def test_an_import_may_bring_either(self):
        person = self._customer("Trần Văn Ba", birthdate_lunar="10-3-2019")
        self.assertEqual(person.birthdate_date, date(2019, 4, 14))
        person = self._customer("Trần Văn Tư", birthdate_date="2019-04-14")
        self.assertEqual(person.birthdate_lunar, "10/3/2019")

    def test_who_brings_the_lunar_date_keeps_the_birthday_by_it(self):
        """As whoever types it in a form does."""
        names = ["name", "birthdate_lunar"]
        found = self.env["res.partner"].load(names, [["Trần Văn Ba", "10/3/1990"]])
        person = self.env["res.partner"].browse(found["ids"])
        self.assertTrue(person.is_lunar_birthday)
        self.lan.birthdate_lunar = "10/3/1990"
        self.assertTrue(self.lan.is_lunar_birthday)
        self.lan.is_lunar_birthday = False
        self.lan.birthdate_lunar = "10/3/1990"
        self.assertFalse(self.lan.is_lunar_birthday, "nothing new")
        self.lan.write({"birthdate_lunar": "11/3/1990", "is_lunar_birthday": False})
        self.assertFalse(self.lan.is_lunar_birthday)

    def test_two_dates_are_one_day(self):
        both = {"birthdate_lunar": "10/3/2019", "birthdate_date": "2019-04-14"}
        person = self._customer("Trần Văn Ba", **both)
        self.assertEqual(person.birthdate_date, date(2019, 4, 14))
        self.assertFalse(person.is_lunar_birthday)
        with self.assertRaisesRegex(ValidationError, "another day"):
            self.lan.write({**both, "birthdate_date": "2019-04-15"})
        with self.assertRaisesRegex(ValidationError, "another day"):
            self._customer("Trần Văn Tư", **both | {"birthdate_lunar": "11/3/2019"})

    def test_a_date_of_1900_that_is_too_early_is_told_from_the_first_one(self):
        with self.assertRaisesRegex(ValidationError, "01/31/1900 .* 01/05/1900"):
            self.lan.birthdate_date = "1900-01-05"

    def test_emptying_one_empties_the_other(self):
        self.lan.birthdate_date = "2019-04-14"
        self.lan.birthdate_lunar = False
        self.assertFalse(self.lan.birthdate_date)
        self.assertFalse(self.lan.birthday_next)

    def test_a_form_shows_the_solar_day_at_once(self):
        with Form(self.lan.with_user(self.sales)) as form:
            form.birthdate_lunar = "10/3/1990"
            self.assertEqual(form.birthdate_date, date(1990, 4, 5))
            self.assertTrue(form.is_lunar_birthday)
            form.birthdate_date = "1990-05-01"
            self.assertEqual(form.birthdate_lunar, "7/4/1990")
        self.assertEqual(self.lan.birthdate_date, date(1990, 5, 1))

    def test_a_form_can_empty_the_lunar_date(self):
        self.lan.birthdate_lunar = "10/3/1990"
        with Form(self.lan.with_user(self.sales)) as form:
            form.birthdate_lunar = False
        self.assertFalse(self.lan.birthdate_date)

    def test_what_is_no_date_says_what_one_looks_like(self):
        for text, said in (
            ("tháng ba", "such as 10/3/2019"),
            ("30/12/2025", "has 29 days"),
            ("1/5 nhuận/2020", "leap month"),
        ):
            with self.assertRaisesRegex(ValidationError, said):
                self.lan.birthdate_lunar = text

    def test_nonsense_is_refused_in_words_however_it_is_brought(self):
        for text in (
            "0/0/2000",
            "99/99/2019",
            "10/3/90",
            "10//3/2019",
            "-1/3/2019",
            "10/3/20190",
            "31/1/2019",
            "10/3/2019; DROP TABLE",
            "<b>10/3/2019</b>",
            "🎂",
            "  ",
            5,
            True,
        ):
            brought = {"birthdate_lunar": text}
            for values in (brought, {**brought, "birthdate_date": "2019-04-14"}):
                with self.assertRaises(ValidationError, msg=text):
                    self.lan.write(values)
                with self.assertRaises(ValidationError, msg=text):
                    self._customer("Trần Văn Ba", **values)
            if isinstance(text, str):
                found = self.env["res.partner"].load(
                    ["name", "birthdate_lunar"], [["Trần Văn Ba", text]]
                )
                self.assertFalse(found["ids"], text)
        self.assertFalse(self.lan.birthdate_date)

    def test_a_form_warns_and_keeps_what_was_there(self):
        self.lan.birthdate_lunar = "10/3/1990"
        values = {"birthdate_lunar": "30/12/2025", "birthdate_date": "1990-04-05"}
        answer = self.lan.onchange(values, ["birthdate_lunar"], {"birthdate_lunar": {}})
        self.assertIn("29 days", answer["warning"]["message"])
        self.assertEqual(answer["value"]["birthdate_lunar"], "10/3/1990")

    def test_nobody_is_born_tomorrow_or_in_another_century(self):
        for day in ("2026-11-30", "0090-05-01", "1899-12-31"):
            with self.assertRaises(ValidationError):
                self.lan.birthdate_date = day

    def test_the_next_birthday_follows_the_calendar(self):
        self.lan.birthdate_date = "1990-04-05"
        self.assertEqual(self.lan.birthdate_lunar, "10/3/1990")
        self.assertEqual(self.lan.birthday_next, date(2027, 4, 5))
        self.lan.is_lunar_birthday = True
        self.assertEqual(self.lan.birthday_next, date(2027, 4, 16))

    def test_a_day_later_it_is_next_years(self):
        self.lan.birthdate_date = "1990-11-28"
        self.lan.flush_recordset()
        self.assertEqual(self.lan.birthday_next, date(2026, 11, 28))
        with freeze_time("2026-11-29"):
            self.env.ref("customer_base.ir_cron_birthdays").method_direct_trigger()
        self.lan.invalidate_recordset()
        self.assertEqual(self.lan.birthday_next, date(2027, 11, 28))

    def test_archived_people_move_on_too(self):
        self.lan.write({"birthdate_date": "1990-11-28", "active": False})
        self.lan.flush_recordset()
        with freeze_time("2026-11-29"):
            self.env.ref("customer_base.ir_cron_birthdays").method_direct_trigger()
        self.lan.invalidate_recordset()
        self.assertEqual(self.lan.birthday_next, date(2027, 11, 28))

    def test_birthdays_that_never_come_again_hold_nothing_up(self):
        self.lan.write({"birthdate_date": "1990-11-28", "is_lunar_birthday": True})
        self.lan.flush_recordset()
        with freeze_time("2100-06-01"):
            self.env.ref("customer_base.ir_cron_birthdays").method_direct_trigger()
        self.lan.invalidate_recordset()
        self.assertFalse(self.lan.birthday_next)

    # ------------------------------------------------------------
    # WITHOUT THE YEAR
    # ------------------------------------------------------------

    def test_a_birthday_without_year_comes_each_year(self):
        self.lan.birthday_no_year = "10/3"
        self.assertEqual(self.lan.birthday_next, date(2027, 3, 10))
        self.lan.is_lunar_birthday = True
        self.assertEqual(self.lan.birthday_next, date(2027, 4, 16))
        self.assertFalse(self.lan.birthdate_date)

    def test_a_birthday_of_today_is_today(self):
        self.lan.birthday_no_year = "28/11"
        self.assertEqual(self.lan.birthday_next, date(2026, 11, 28))

    def test_a_lunar_day_may_be_typed_without_its_year(self):
        with Form(self.lan.with_user(self.sales)) as form:
            form.birthdate_lunar = "10/3"
            self.assertFalse(form.birthdate_lunar)
            self.assertEqual(form.birthday_no_year, "10/3")
            self.assertTrue(form.is_lunar_birthday)
        self.assertEqual(self.lan.birthday_next, date(2027, 4, 16))
        person = self._customer("Trần Văn Ba", birthdate_lunar="10/3")
        self.assertEqual(person.birthday_next, date(2027, 4, 16))

    def test_any_notation_of_a_day_will_do(self):
        for text in ("10/3", "10-3", "10.3", "mồng 10 tháng 3", " 10 / 03 "):
            self.lan.birthday_no_year = text
            self.assertEqual(self.lan.birthday_next, date(2027, 3, 10), text)
        with Form(self.lan.with_user(self.sales)) as form:
            form.birthday_no_year = "ngày 5 tháng chạp"
            self.assertEqual(form.birthday_no_year, "5/12")

    def test_a_day_that_no_year_has_is_refused(self):
        for text in ("31/4", "30/2", "0/3", "10/13", "March"):
            with self.assertRaisesRegex(ValidationError, "day and month"):
                self.lan.birthday_no_year = text
        self.lan.birthday_no_year = "31/1"
        with self.assertRaises(ValidationError):
            self.lan.is_lunar_birthday = True

    def test_a_birth_date_counts_before_a_day_without_year(self):
        self.lan.write({"birthday_no_year": "10/3", "birthdate_date": "1990-05-01"})
        self.assertEqual(self.lan.birthday_next, date(2027, 5, 1))
        self.lan.birthdate_date = False
        self.assertEqual(self.lan.birthday_next, date(2027, 3, 10))

    def test_a_birthday_without_year_moves_on(self):
        self.lan.birthday_no_year = "28/11"
        self.lan.flush_recordset()
        with freeze_time("2026-11-29"):
            self.env.ref("customer_base.ir_cron_birthdays").method_direct_trigger()
        self.lan.invalidate_recordset()
        self.assertEqual(self.lan.birthday_next, date(2027, 11, 28))

    # ------------------------------------------------------------
    # CONTACTS OF A COMPANY
    # ------------------------------------------------------------

    def test_the_form_of_a_company_asks_who_its_contacts_are(self):
        chi = self.env.ref("customer_base.customer_salutation_chi")
        with (
            Form(self.an_phat.with_user(self.sales)) as company,
            company.child_ids.new() as contact,
        ):
            contact.name = "Phạm Thị Hoa"
            contact.salutation_id = chi
            contact.gender = "female"
            contact.birthdate_lunar = "10/3/1990"
        hoa = self.an_phat.child_ids.filtered(lambda one: one.name == "Phạm Thị Hoa")
        self.assertEqual(hoa.greeting, "Chị Hoa")
        self.assertEqual(hoa.birthdate_date, date(1990, 4, 5))
        self.assertTrue(hoa.is_lunar_birthday)

    def test_a_greeting_is_what_one_is_called_by(self):
        self.lan.salutation_id = self.env.ref("customer_base.customer_salutation_chi")
        self.assertEqual(self.lan.greeting, "Chị Lan")

    def test_without_a_salutation_the_whole_name_greets(self):
        self.assertEqual(self.lan.greeting, "Nguyễn Thị Lan")
        self.assertEqual(self.an_phat.greeting, "Công ty TNHH An Phát")
