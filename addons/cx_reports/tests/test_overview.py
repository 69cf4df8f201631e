from ast import literal_eval
from datetime import datetime, time

from lxml import etree

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.approval_matrix.tests.users import new_user

from .common import ReportCommon, moment

REPORTS = [
    "cx.approval.report",
    "cx.case.step.report",
    "cx.churn.report",
    "cx.conversion.report",
    "cx.delivery.report",
    "cx.revenue.report",
    "cx.step.report",
    "cx.urgency.report",
    "cx.vendor.report",
    "cx.waiting.report",
]
#: Who reads what, at most; their rows are fewer.
READERS = {
    "base.group_user": {"cx.approval.report", "cx.step.report"},
    "sales_team.group_sale_salesman": {
        "cx.case.step.report",
        "cx.conversion.report",
        "cx.delivery.report",
        "cx.urgency.report",
        "cx.waiting.report",
    },
    "sales_team.group_sale_manager": {
        "cx.case.step.report",
        "cx.conversion.report",
        "cx.delivery.report",
        "cx.urgency.report",
        "cx.revenue.report",
        "cx.churn.report",
        "cx.waiting.report",
    },
    "purchase.group_purchase_user": {
        "cx.delivery.report",
        "cx.vendor.report",
        "cx.waiting.report",
    },
    "purchase.group_purchase_manager": {
        "cx.delivery.report",
        "cx.vendor.report",
        "cx.waiting.report",
    },
    "stock.group_stock_user": {"cx.delivery.report", "cx.waiting.report"},
    "account.group_account_invoice": {"cx.revenue.report", "cx.waiting.report"},
    "account.group_account_readonly": {"cx.revenue.report", "cx.waiting.report"},
}


class OverviewCommon(ReportCommon):
    def _user(self, *groups):
        return new_user(
            self.env,
            "cx-" + "-".join(groups or ["nobody"]),
            groups=",".join(("base.group_user", *groups)),
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def _overview(self, user, days=90):
        self.env.flush_all()
        overview = self.env["cx.overview"].with_user(user)
        return overview.with_context(allowed_company_ids=self.company.ids).get_overview(
            days
        )

    def _figures(self, user, days=90):
        overview = self.env["cx.overview"].with_user(user)
        overview = overview.with_context(allowed_company_ids=self.company.ids)
        return overview.get_promises(days) + overview.get_figures(days)

    def _department(self, user, key):
        found = self._overview(user)["departments"]
        return next((each for each in found if each["key"] == key), None)


@tagged("post_install", "-at_install")
class TestFlag(OverviewCommon):
    """Purchasing receives all by the date it planned last, and its customers wait."""

    def _buy_for(self, number, arrives):
        """Sell and buy so many lines for tomorrow a month ago; they come later."""
        self._make_to_order()
        sold = self.env["sale.order.line"]
        for _line in range(number):
            line = self._order(2, wanted=-10)
            sold |= line
            bought = self._purchase(2, moment(self._day(-12)))
            bought.order_id.picking_ids.action_cancel()
            self.env["supply.link"].create(
                {
                    "sale_line_id": line.id,
                    "purchase_line_id": bought.id,
                    "product_id": self.product.id,
                    "kind": "bought_for",
                    "state": "open",
                    "quantity": 2,
                    "company_id": self.company.id,
                }
            )
            bought.date_planned = moment(self._day(arrives))
            self._move(
                self.suppliers,
                self.stock,
                2,
                moment(self._day(arrives)),
                purchase_line_id=bought.id,
            )
            self._deliver(line, 2, moment(self._day(arrives)))
        return sold

    def setUp(self):
        super().setUp()
        self.boss = self._user(
            "purchase.group_purchase_manager", "sales_team.group_sale_manager"
        )

    def test_good_figure_with_waiting_customers_is_flagged(self):
        self._buy_for(5, arrives=-4)
        row = self._department(self.boss, "purchase")
        self.assertEqual((row["own"]["kept"], row["own"]["count"]), (5, 5))
        self.assertEqual((row["outcome"]["kept"], row["outcome"]["count"]), (0, 5))
        self.assertTrue(row["is_flagged"])

    def test_good_figure_with_served_customers_is_not(self):
        self._buy_for(5, arrives=-12)
        row = self._department(self.boss, "purchase")
        self.assertEqual((row["own"]["percent"], row["outcome"]["percent"]), (100, 100))
        self.assertFalse(row["is_flagged"])

    def test_four_rows_say_nothing(self):
        self._buy_for(4, arrives=-4)
        self.assertFalse(self._department(self.boss, "purchase")["is_flagged"])

    def test_what_is_not_over_to_the_west_does_not_count_yet(self):
        """Five lines planned for yesterday, and five for a day that is today there."""
        self.company.partner_id.tz = "Pacific/Kiritimati"
        west = self.env["res.company"].create({"name": "West"})
        west.partner_id.tz = "Pacific/Pago_Pago"
        self._buy_for(5, arrives=-12)
        lines = self.env["purchase.order.line"]
        for _line in range(5):
            lines |= self._purchase(2, moment(self._day(-12)))
        self.env.flush_all()
        # noon of the day that it is there, where it is eleven hours later
        noon = datetime.combine(west._approval_day(), time(23))
        for table, records in (
            ("purchase_order_line", lines),
            ("purchase_order", lines.order_id),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET company_id = %s, date_planned = %s"
                    " WHERE id = ANY(%s)",
                    SQL.identifier(table),
                    west.id,
                    noon,
                    records.ids,
                )
            )
        self.env.invalidate_all()
        self.boss.company_ids |= west
        companies = (self.company | west).ids
        overview = self.env["cx.overview"].with_user(self.boss)
        overview = overview.with_context(allowed_company_ids=companies)
        found = overview.get_overview(90)["departments"]
        own = next(row["own"] for row in found if row["key"] == "purchase")
        self.assertEqual((own["kept"], own["count"]), (5, 5))
        report = self.env["cx.vendor.report"].with_user(self.boss)
        report = report.with_context(allowed_company_ids=companies)
        self.assertEqual(report.search_count(own["action"]["domain"]), 5)
        self.assertEqual(report.search_count([("company_id", "=", west.id)]), 5)

    def test_each_figure_opens_as_many_rows_as_it_counts(self):
        self._buy_for(5, arrives=-4)
        # late, and cut to nothing then
        cut = self._purchase(2, moment(self._day(-12)))
        cut.date_planned = moment(self._day(-4))
        cut.product_qty = 0
        self.env.flush_all()
        found = self._overview(self.boss)
        counted = [
            (share["action"], share["count"])
            for row in found["departments"]
            for share in (row["own"], row["outcome"], row["waiting"])
            if share
        ]
        figures = self._figures(self.boss)
        for figure in figures:
            records = self.env[figure["action"]["res_model"]].with_user(self.boss)
            field = records._fields[figure["key"]]
            ((value, count),) = records._read_group(
                figure["action"]["domain"],
                aggregates=[f"{field.name}:{field.aggregator}", f"{field.name}:count"],
            )
            self.assertEqual(count, figure["count"], figure["key"])
            if count:
                self.assertAlmostEqual(value, figure["value"], 4, figure["key"])
        self.assertIn("otif_rate", [figure["key"] for figure in figures])
        for action, count in counted:
            records = self.env[action["res_model"]].with_user(self.boss)
            self.assertEqual(records.search_count(action["domain"]), count)


@tagged("post_install", "-at_install")
class TestReaders(OverviewCommon):
    def test_groups_read_what_they_may(self):
        for group, expected in READERS.items():
            user = self._user(*([] if group == "base.group_user" else [group]))
            with self.subTest(group=group):
                found = {
                    name
                    for name in REPORTS
                    if self.env[name].with_user(user).has_access("read")
                }
                self.assertEqual(found, expected | READERS["base.group_user"])

    def test_overview_shows_nothing_that_its_reader_may_not_read(self):
        for group in READERS:
            user = self._user(*([] if group == "base.group_user" else [group]))
            with self.subTest(group=group):
                found = self._overview(user)
                shares = [
                    share
                    for row in found["departments"]
                    for share in (row["own"], row["outcome"], row["waiting"])
                    if share
                ]
                for each in shares + self._figures(user):
                    records = self.env[each["action"]["res_model"]].with_user(user)
                    self.assertTrue(records.has_access("read"))

    def test_salesperson_sees_the_promises_of_their_own_orders(self):
        mine, theirs = self._order(2, wanted=-5), self._order(2, wanted=-5)
        seller = self._user("sales_team.group_sale_salesman")
        mine.order_id.user_id = seller
        theirs.order_id.user_id = self.care
        self._run_job()
        reports = self.env["cx.delivery.report"].with_user(seller)
        self.assertEqual(reports.search([]).ids, mine.ids)
        self.assertEqual(reports.search_count([]), 1)
        ((count,),) = reports._read_group([], aggregates=["__count"])
        self.assertEqual(count, 1)

    def test_nobody_writes_a_report(self):
        for name in REPORTS:
            for operation in ("create", "write", "unlink"):
                with self.subTest(name=name, operation=operation):
                    with self.assertRaises(AccessError):
                        self.env[name].with_user(
                            self.env.ref("base.user_admin")
                        ).check_access(operation)

    def test_churn_of_a_short_period_is_that_of_the_last_month(self):
        """Today is 23 November 2026: October is over, and all that there is of it."""
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "company_id": self.company.id}
        )
        order.action_confirm()
        order.date_order = "2026-09-15 05:00:00"
        self.env.flush_all()
        boss = self._user("sales_team.group_sale_manager")
        counts = {}
        for days in (30, 90, 365):
            figures = {each["key"]: each for each in self._figures(boss, days)}
            rows = self.env["cx.churn.report"].with_user(boss)
            rows = rows.search(figures["churn_rate"]["action"]["domain"])
            counts[days] = {str(row.month) for row in rows}
            self.assertEqual(figures["churn_rate"]["count"], len(counts[days]))
        self.assertEqual(counts, dict.fromkeys((30, 90, 365), {"2026-10-01"}))

    def test_months_are_those_that_were_over_in_the_period(self):
        months = self.env["cx.overview"]._get_whole_months
        for start, until, first, after in (
            ("2026-10-24", "2026-11-23", "2026-10-01", "2026-11-01"),
            ("2026-10-01", "2026-10-31", "2026-09-01", "2026-10-01"),
            ("2026-11-01", "2026-12-01", "2026-11-01", "2026-12-01"),
            ("2026-01-30", "2026-03-01", "2026-01-01", "2026-03-01"),
        ):
            start, until, first, after = map(
                fields.Date.to_date, (start, until, first, after)
            )
            with self.subTest(until=until):
                self.assertEqual(
                    months((start, until)),
                    [("month", ">=", first), ("month", "<", after)],
                )

    def test_each_report_opens_with_a_period(self):
        """Years of it would be slow to read, and answer no question of this month. The
        reader sees the period, and may take it away."""
        for model in REPORTS:
            action = self.env.ref(f"cx_reports.{model.replace('.', '_')}_action")
            chosen = literal_eval(action.context)
            view = self.env[model].get_view(view_type="search")["arch"]
            periods = [
                each.get("name")
                for each in etree.fromstring(view).iter("filter")
                if "'today -" in each.get("domain", "")
                and chosen.get(f"search_default_{each.get('name')}")
            ]
            with self.subTest(report=model):
                self.assertTrue(periods)

    def test_rows_behind_a_number_say_what_they_are_of(self):
        """They are called as the pivot or graph is; without a title Odoo calls them
        untitled."""
        for model in REPORTS:
            action = self.env.ref(f"cx_reports.{model.replace('.', '_')}_action")
            for kind in ("pivot", "graph"):
                view = etree.fromstring(
                    self.env[model].get_view(view_type=kind)["arch"]
                )
                with self.subTest(report=model, view=kind):
                    self.assertEqual(view.get("string"), action.name)

    def test_a_row_opens_what_it_is_counted_from(self):
        for model in REPORTS:
            view = etree.fromstring(self.env[model].get_view(view_type="list")["arch"])
            with self.subTest(report=model):
                self.assertEqual(view.get("action"), "action_open_source")
                self.assertEqual(view.get("type"), "object")
        line = self._order(2, wanted=-5, told=-5)
        bought = self._purchase(2, moment(self._day(-5)))
        opened = {
            "cx.delivery.report": (line, line.order_id),
            "cx.urgency.report": (line.order_id, line.order_id),
            "cx.vendor.report": (bought, bought.order_id),
        }
        for model, (source, record) in opened.items():
            action = self._row(model, source).action_open_source()
            with self.subTest(report=model):
                self.assertEqual(action["res_model"], record._name)
                self.assertEqual(action["res_id"], record.id)

    def test_a_month_of_a_customer_opens_their_orders(self):
        orders = self.env["sale.order"].create(
            [
                {"partner_id": self.customer.id, "company_id": self.company.id}
                for _number in range(3)
            ]
        )
        orders[:2].action_confirm()
        orders[:2].date_order = "2026-09-15 05:00:00"
        self.env.flush_all()
        row = self.env["cx.churn.report"].search(
            [("partner_id", "=", self.customer.id)], limit=1
        )
        action = row.action_open_source()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, orders[:2])

    def test_a_row_opens_nothing_that_its_reader_may_not_read(self):
        """A buyer reads what came of a line, and not the order."""
        line = self._order(2, wanted=-5)
        buyer = self._user("purchase.group_purchase_user")
        row = self._row("cx.delivery.report", line).with_user(buyer)
        self.assertFalse(line.order_id.with_user(buyer).has_access("read"))
        self.assertIsNone(row.action_open_source())

    def test_everything_below_the_menu_has_list_pivot_and_graph(self):
        root = self.env.ref("cx_reports.cx_menu_root")
        menus = self.env["ir.ui.menu"].sudo()
        menus = menus.search([("id", "child_of", root.id)])
        actions = [
            menu.action
            for menu in menus
            if menu.action and menu.action._name == "ir.actions.act_window"
        ]
        self.assertGreater(len(actions), 12)
        for action in actions:
            modes = set(action.view_mode.split(","))
            with self.subTest(action=action.name):
                self.assertLessEqual({"list", "pivot", "graph"}, modes)

    def test_period_that_is_not_offered(self):
        with self.assertRaisesRegex(UserError, "30, 90, 365"):
            self._overview(self.care, days=10_000)


@tagged("post_install", "-at_install")
class TestReadOnly(OverviewCommon):
    def test_reports_never_write(self):
        """The database itself refuses to write, as it does on a replica."""
        line = self._order(2, wanted=-5, told=-5)
        self._deliver(line, 2, moment(self._day(-5)))
        boss = self._user(
            "purchase.group_purchase_manager",
            "sales_team.group_sale_manager",
            "account.group_account_manager",
            "stock.group_stock_manager",
            "approval_matrix.group_approval_manager",
            "base.group_allow_export",
        )
        self.env.flush_all()
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute("SET TRANSACTION READ ONLY")
            for name in self._get_reports():
                report = self.env[name].with_user(boss)
                report.web_search_read([], {"display_name": {}})
                sums = [
                    f"{field.name}:{field.aggregator}"
                    for field in report._fields.values()
                    if field.aggregator and field.name != "id"
                ]
                report.formatted_read_group([], ["company_id"], ["__count", *sums])
                self._read_as_views_do(report)
            self._overview(boss)
            for days in (30, 90, 365):
                self._figures(boss, days)
                waiting = self.env["cx.waiting"].with_user(boss)
                waiting = waiting.with_context(allowed_company_ids=self.company.ids)
                waiting.get_hand_overs(days)
                waiting.get_what_if(days)
            savepoint.rollback()

    def _get_reports(self):
        """Return all that is a report, so that none is forgotten."""
        registry, found, names = self.env.registry, ["cx.report"], set()
        while found:
            name = found.pop()
            found += registry[name]._inherit_children
            if not registry[name]._abstract:
                names.add(name)
        self.assertEqual(names, set(REPORTS))
        return sorted(names)

    def _read_as_views_do(self, report):
        """Open pivot, graph, list and export, and what a row opens."""
        xml_id = f"cx_reports.{report._name.replace('.', '_')}_action"
        for mode in self.env.ref(xml_id).view_mode.split(","):
            report.get_views([(False, mode), (False, "search")])
        found = report.search([], limit=2)
        found.export_data(["display_name", "company_id"])
        if found:
            found[0].action_open_source()

    def test_methods_of_reports_say_that_they_only_read(self):
        """So the server takes a cursor that cannot write, on the replica if there is
        one."""
        for model, name in (
            ("cx.overview", "get_age"),
            ("cx.overview", "get_overview"),
            ("cx.overview", "get_promises"),
            ("cx.overview", "get_figures"),
            ("cx.figures", "get_page"),
            ("cx.waiting", "get_hand_overs"),
            ("cx.waiting", "get_what_if"),
        ):
            self.assertTrue(getattr(self.env[model], name)._readonly, name)


@tagged("post_install", "-at_install")
class TestDigest(OverviewCommon):
    def _digest(self, user):
        context = {
            "start_datetime": moment(self._day(-30), 0),
            "end_datetime": moment(self._day(0), 0),
        }
        digest = self.env["digest.digest"].create(
            {"name": "Monday", "company_id": self.company.id}
        )
        return digest.with_user(user).with_context(**context)

    def test_figures_of_the_period(self):
        for told, delivered in ((-5, -5), (-5, -4), (-6, -6), (-60, -55)):
            line = self._order(2, told=told)
            self._deliver(line, 2, moment(self._day(delivered)))
        self.env.flush_all()
        digest = self._digest(self.care)
        self.assertAlmostEqual(digest.kpi_cx_otif_value, 200 / 3)
        self.assertEqual(digest.kpi_cx_missed_value, 1)
        self.assertEqual(digest.kpi_cx_broken_value, 1)

    def _shares(self, user):
        """Return the share that an e-mail of today says: yesterday, 7 and 30 days."""
        digest = self._digest(user).sudo().with_context(start_datetime=False)
        digest.kpi_cx_otif = True
        kpis = digest._compute_kpis(self.company, user)
        (kpi,) = (each for each in kpis if each["kpi_name"] == "kpi_cx_otif")
        return [kpi[f"kpi_col{number}"]["value"] for number in (1, 2, 3)]

    def test_share_of_nothing_is_no_share(self):
        """0 % would say that all of it was late."""
        line = self._order(2, wanted=-20)
        self._deliver(line, 2, moment(self._day(-20)))
        self.env.flush_all()
        self.assertEqual(self._shares(self.care), ["–", "–", "100.00"])
        self._order(2, wanted=-5)
        self.env.flush_all()
        self.assertEqual(self._shares(self.care), ["–", "0.00", "50.00"])

    def test_reader_without_rights_gets_no_figure(self):
        digest = self._digest(self._user())
        with self.assertRaises(AccessError):
            digest.kpi_cx_otif_value  # noqa: B018

    def test_actions_exist(self):
        actions = self._digest(self.care)._compute_kpis_actions(self.company, self.care)
        self.assertIn("cx_delivery_report_action", actions["kpi_cx_otif"])
