import csv
import io
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from xml.etree import ElementTree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL

from odoo.addons.case_timeline.tests.common import TimelineCommon

from ..case_log import Entry, Trace, write_csv, write_xes

NAME = "{http://www.xes-standard.org/}"
PRICE = 987_654
#: Nor is there the day before the first one, which it is still to the west.
NO_DATES = (
    "soon",
    "2026-02-30",
    "0001-01-01",
    "2026-01-31T08:00",
    "99999-01-01",
    "7",
    "<b>",
)


@tagged("post_install", "-at_install")
class TestCaseLog(TimelineCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Ho_Chi_Minh"
        groups = "sales_team.group_sale_salesman"
        cls.seller = new_test_user(cls.env, "log.seller", groups=groups)
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Beds & <wards>", "partner_id": cls.customer.id}
        )
        cls.order = cls._sale(user_id=cls.seller.id, opportunity_id=cls.lead.id)
        cls.order.order_line.price_unit = PRICE
        cls.other = cls._sale(user_id=cls.env.user.id)
        cls._run()
        purchases = cls._bought_for(cls.order | cls.other).order_id
        purchases.order_line.price_unit = PRICE
        purchases.button_confirm()
        cls._receive(purchases)
        cls._done((cls.order | cls.other).picking_ids)
        cls._run()
        cls._spread_out()

    @classmethod
    def _spread_out(cls):
        """Let an hour pass between what happened in one transaction."""
        cls.env.cr.execute(
            SQL(
                """
                ALTER TABLE timeline_event DISABLE TRIGGER USER;
                UPDATE timeline_event event
                   SET date = event.date - INTERVAL '9 days' + hour * INTERVAL '1 hour'
                  FROM (SELECT id, row_number() OVER (ORDER BY date, id) AS hour
                          FROM timeline_event WHERE sale_id IN %s OR lead_id = %s) told
                 WHERE told.id = event.id;
                ALTER TABLE timeline_event ENABLE TRIGGER USER
                """,
                (cls.order | cls.other)._ids,
                cls.lead.id,
            )
        )
        cls.env["timeline.span"]._follow((cls.order | cls.other).ids, [])

    def _get(self, form, user=None, **parameters):
        self.authenticate(user or self.seller.login, user or self.seller.login)
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        return self.url_open(f"/cx_reports/case_log.{form}?{query}")

    def _rows(self, **parameters):
        response = self._get("csv", **parameters)
        self.assertEqual(response.status_code, 200)
        text = response.content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def _traces(self, **parameters):
        root = ElementTree.fromstring(self._get("xes", **parameters).content)
        found = {}
        for trace in root.iter(f"{NAME}trace"):
            key = trace.find(f"{NAME}string[@key='concept:name']").get("value")
            found[key] = [
                {value.get("key"): value.get("value") for value in event}
                for event in trace.iter(f"{NAME}event")
            ]
        return found

    def test_own_cases_only(self):
        cases = {row["case"] for row in self._rows()}
        self.assertIn(f"sale.order,{self.order.id}", cases)
        self.assertNotIn(f"sale.order,{self.other.id}", cases)

    def test_log_says_what_the_feed_says(self):
        (trace,) = self._traces().values()
        feed = self.env["timeline.feed"].with_user(self.seller)
        told = feed.get_page("sale.order", self.order.id, limit=200)["events"]
        ours = [each["kind"] for each in told[::-1]]
        mine = [event["concept:name"] for event in trace]
        self.assertEqual([kind for kind in mine if not kind.startswith("lead")], ours)
        self.assertIn("purchase.received_full", mine)
        self.assertTrue(all(e["time:timestamp"].endswith("+07:00") for e in trace))

    def test_waits_add_up_to_the_duration(self):
        (trace,) = self._traces(kind="waits").values()
        moments = [datetime.fromisoformat(each["time:timestamp"]) for each in trace]
        total = timedelta()
        for start, end in zip(trace[::2], trace[1::2], strict=True):
            self.assertEqual(start["concept:name"], end["concept:name"])
            self.assertEqual(
                [start["lifecycle:transition"], end["lifecycle:transition"]],
                ["start", "complete"],
            )
            start, end = (
                datetime.fromisoformat(each["time:timestamp"]) for each in (start, end)
            )
            total += end - start
        self.assertEqual(total, moments[-1] - moments[0])

    def test_both_forms_say_the_same(self):
        for kind in ("events", "waits"):
            rows = defaultdict(list)
            for row in self._rows(kind=kind):
                rows[row["case"]].append((row["activity"], row["timestamp"]))
            traces = {
                key: [(each["concept:name"], each["time:timestamp"]) for each in trace]
                for key, trace in self._traces(kind=kind).items()
            }
            self.assertEqual(rows, traces)

    def _people(self, kind):
        return {row["person"] for row in self._rows(kind=kind)} - {""}

    def test_who_held_a_case_is_told_of_oneself_only(self):
        """As in the report: whoever may compare people finds all of them."""
        colleague = new_test_user(self.env, "log.colleague", groups="base.group_user")
        spans = self.env["timeline.span"].search([("sale_id", "=", self.order.id)])
        spans._system_write({"user_id": colleague.id})
        spans[:1]._system_write({"user_id": self.seller.id, "is_decisive": True})
        self.assertEqual(self._people("waits"), {self.seller.name})
        self.seller.group_ids |= self.env.ref("cx_reports.group_people")
        self.assertEqual(self._people("waits"), {self.seller.name, colleague.name})

    def test_no_amounts(self):
        for kind in ("events", "waits"):
            for form in ("csv", "xes"):
                self.assertNotIn(str(PRICE), self._get(form, kind=kind).text)

    def test_opportunity_that_one_may_not_read_has_no_name(self):
        self.lead.user_id = self.env.user
        self.assertNotIn("wards", self._get("xes").text)
        self.lead.user_id = self.seller
        self.assertIn("&lt;wards&gt;", self._get("xes").text)

    def test_reader_of_orders_without_opportunities_gets_the_whole_log(self):
        """A storekeeper reads orders, and no opportunity."""
        new_test_user(self.env, "log.keeper", groups="stock.group_stock_user")
        case = f"sale.order,{self.order.id}"
        for kind in ("events", "waits"):
            self.authenticate("log.keeper", "log.keeper")
            text = self.url_open(f"/cx_reports/case_log.csv?kind={kind}").text
            self.assertIn(case, text)
            self.assertNotIn("wards", text)

    def test_lead_that_nobody_has_qualified_is_no_case(self):
        """Once somebody qualifies it, it is one with all of its time."""
        lead = self.env["crm.lead"].create(
            {"name": "A visitor", "type": "lead", "user_id": self.seller.id}
        )
        self._run()
        case = f"crm.lead,{lead.id}"
        for kind in ("events", "waits"):
            self.assertNotIn(case, {row["case"] for row in self._rows(kind=kind)})
        lead.convert_opportunity(self.customer)
        self._run()
        for kind in ("events", "waits"):
            (first, *_rest) = [
                row for row in self._rows(kind=kind) if row["case"] == case
            ]
            begun = datetime.fromisoformat(first["timestamp"]).astimezone(UTC)
            since = lead.create_date - begun.replace(tzinfo=None)
            self.assertLess(abs(since), timedelta(seconds=1))

    def test_period_is_that_of_the_beginning(self):
        begun = datetime.now().date() - timedelta(days=9)
        self.assertTrue(self._rows(date_from=begun - timedelta(days=1)))
        self.assertFalse(self._rows(date_to=begun - timedelta(days=1)))
        self.assertFalse(self._rows(date_from=begun + timedelta(days=2)))

    def test_day_of_a_period_begins_where_the_company_is(self):
        """At 00:30 in Vietnam it is still the day before in UTC."""
        lead = self.env["crm.lead"].create(
            {"name": "Midnight", "type": "opportunity", "user_id": self.seller.id}
        )
        self._run()
        self.env.cr.execute(
            SQL(
                "ALTER TABLE timeline_event DISABLE TRIGGER USER;"
                "UPDATE timeline_event SET date = '2026-03-31 17:30'"
                " WHERE lead_id = %s;"
                "ALTER TABLE timeline_event ENABLE TRIGGER USER",
                lead.id,
            )
        )
        case = f"crm.lead,{lead.id}"

        def found(start, end):
            rows = self._rows(date_from=start, date_to=end)
            return case in {row["case"] for row in rows}

        self.assertTrue(found("2026-04-01", "2026-04-02"))
        self.assertFalse(found("2026-03-31", "2026-04-01"))
        self.assertTrue(found("2026-03-31 17:30:00", "2026-03-31 17:30:01"))
        self.assertFalse(found("2026-03-31 17:30:01", "2026-04-02"))

    def test_long_and_odd_names_are_read_as_they_are(self):
        name = 'Beds, "9"; <x>\n' + "ấ" * 5000 + " ]]> &amp;"
        lead = self.env["crm.lead"].create(
            {"name": name, "type": "opportunity", "user_id": self.seller.id}
        )
        self._run()
        case = f"crm.lead,{lead.id}"
        rows = [row for row in self._rows() if row["case"] == case]
        self.assertEqual({row["name"] for row in rows}, {name})
        self.assertEqual({row["document"] for row in rows}, {name})
        documents = {each.get("document") for each in self._traces()[case]}
        self.assertEqual(documents, {name})

    def test_nothing_chosen_is_a_log_without_cases(self):
        for kind in ("events", "waits"):
            self.assertFalse(self._rows(kind=kind, date_from="2099-01-01"))
            self.assertEqual(self._traces(kind=kind, date_from="2099-01-01"), {})

    def test_wrong_requests_are_refused_in_words(self):
        for name in ("date_from", "date_to"):
            for value in NO_DATES:
                with self.subTest(name=name, value=value):
                    response = self._get("csv", **{name: value})
                    self.assertEqual(response.status_code, 400)
                    self.assertIn(f"{value} is no date", response.text)
                    # whatever somebody made others ask for is no page
                    kind = response.headers["Content-Type"]
                    self.assertEqual(kind.split(";")[0], "text/plain")
        self.assertEqual(self._get("csv", kind="prices").status_code, 400)
        self.assertEqual(self._get("pdf").status_code, 404)

    def test_first_and_last_day_of_the_calendar(self):
        for zone, value in (
            ("Asia/Ho_Chi_Minh", "9999-12-31"),
            ("America/Lima", "9999-12-31"),
            ("America/Lima", "0001-01-01"),
        ):
            self.company.partner_id.tz = zone
            with self.subTest(zone=zone, value=value):
                late = value > "2026"
                self.assertEqual(bool(self._rows(date_from=value)), not late)
                self.assertEqual(bool(self._rows(date_to=value)), late)

    def test_portal_is_refused(self):
        new_test_user(self.env, "log.portal", groups="base.group_portal")
        self.assertEqual(self._get("csv", "log.portal").status_code, 403)

    def test_employee_without_orders_gets_an_empty_log(self):
        new_test_user(self.env, "log.nobody", groups="base.group_user")
        self.authenticate("log.nobody", "log.nobody")
        text = self.url_open("/cx_reports/case_log.csv").text
        self.assertEqual(len(text.splitlines()), 1)

    def test_other_company_is_not_there(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.seller.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        self.assertFalse(self._rows())

    def _in_companies(self):
        """Let the seller have a case in two companies, and be owner of one in a third
        that they may not enter; return the cases by company."""
        second, third = self.env["res.company"].create(
            [{"name": "Second"}, {"name": "Third"}]
        )
        self.seller.company_ids |= second
        orders = {
            company: self.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": self.customer.id,
                    "user_id": self.seller.id,
                    "company_id": company.id,
                }
            )
            for company in (second, third)
        }
        self._run()
        orders[self.company] = self.order
        return [
            (company, f"sale.order,{orders[company].id}")
            for company in (self.company, second, third)
        ]

    def _cases(self, companies, **parameters):
        """Return the cases that are sent when a browser says these companies."""
        self.authenticate(self.seller.login, self.seller.login)
        self.opener.cookies.set("cids", companies)
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        text = self.url_open(f"/cx_reports/case_log.csv?{query}").text.lstrip("\ufeff")
        return {row["case"] for row in csv.DictReader(io.StringIO(text))}

    def test_log_is_of_the_chosen_companies(self):
        (first, one), (second, two), _third = self._in_companies()
        self.assertEqual(self._cases(f"{first.id}"), {one})
        self.assertEqual(self._cases(f"{second.id}"), {two})
        self.assertEqual(self._cases(f"{first.id}-{second.id}"), {one, two})

    def test_forged_companies_open_nothing(self):
        """By cookie, as the web client says them, and by the address."""
        (first, one), (_second, two), (third, _case) = self._in_companies()
        self.assertEqual(self._cases(f"{first.id}-{third.id}"), {one})
        for said in (f"{third.id}", "0", "x", "1e9", "9" * 30, "", "²"):
            with self.subTest(said=said):
                self.assertEqual(self._cases(quote(said)), {one, two})
        for name in ("allowed_company_ids", "company_ids", "context"):
            with self.subTest(name=name):
                self.assertEqual(self._cases("", **{name: f"[{third.id}]"}), {one, two})

    def test_forged_context_is_refused(self):
        """Of a call, such as a page's."""
        _first, _second, (third, _case) = self._in_companies()
        env = self.env(
            user=self.seller, context={"allowed_company_ids": [third.id]}, su=False
        )
        calls = {
            "log": lambda: list(env["cx.case.log"]._read_traces("events")),
            "page": lambda: env["cx.overview"].get_overview(90),
            "promises": lambda: env["cx.overview"].get_promises(90),
            "figures": lambda: env["cx.overview"].get_figures(90),
            "hand_overs": lambda: env["cx.waiting"].get_hand_overs(90),
            "what_if": lambda: env["cx.waiting"].get_what_if(90),
            "report": lambda: env["cx.waiting.report"].search([]),
        }
        for name, call in calls.items():
            with self.subTest(name=name), self.assertRaises(AccessError):
                call()

    def test_database_lets_it_only_read(self):
        self.env.flush_all()
        self.env.cr.execute(SQL("SET TRANSACTION READ ONLY"))
        log = self.env["cx.case.log"].with_user(self.seller)
        for kind in ("events", "waits"):
            for write in (write_csv, write_xes):
                self.assertTrue("".join(write(log._read_traces(kind))))

    def test_whatever_begins_a_formula_is_text(self):
        at = datetime(2026, 1, 5, tzinfo=UTC)
        for sign in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"):
            traces = [Trace("k", f"{sign}1", [Entry("a", at)])]
            text = "".join(write_csv(traces)).lstrip("\ufeff")
            (row,) = list(csv.DictReader(io.StringIO(text, newline="")))
            with self.subTest(sign=sign):
                self.assertEqual(row["name"], f"'{sign}1")
                self.assertEqual(row["case"], "k")

    def test_names_are_no_formulas_and_no_markup(self):
        entry = Entry("a", datetime(2026, 1, 5).astimezone(), resource='=1+"\x01<')
        traces = [Trace("k", "+n", [entry])]
        (row,) = list(csv.DictReader(io.StringIO("".join(write_csv(traces)))))
        self.assertEqual((row["name"], row["person"][:2]), ("'+n", "'="))
        root = ElementTree.fromstring("".join(write_xes(traces)))
        person = root.find(f".//{NAME}string[@key='org:resource']")
        self.assertEqual(person.get("value"), '=1+"<')
