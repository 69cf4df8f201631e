import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase
from odoo.addons.approval_matrix.tests.users import new_user
from odoo.addons.crm_purchase_bridge.tests.common import BridgeCommon
from odoo.addons.spreadsheet.utils.validate_data import (
    fields_in_spreadsheet,
    menus_xml_ids_in_spreadsheet,
    odoo_charts,
)

NAMES = ("waits", "vendors")


class Dashboards:
    @property
    def dashboards(self):
        """The dashboards with what their files say."""
        for name in NAMES:
            xml_id = f"cx_reports_dashboard.spreadsheet_dashboard_{name}"
            dashboard = self.env.ref(xml_id)
            yield dashboard, json.loads(dashboard.spreadsheet_data)


@tagged("post_install", "-at_install")
class TestDashboards(Dashboards, TransactionCase):
    def test_fields_are_there(self):
        for dashboard, data in self.dashboards:
            for model, names in fields_in_spreadsheet(data).items():
                known = self.env[model].fields_get()
                for name in names:
                    with self.subTest(dashboard=dashboard.name, field=name):
                        self.assertIn(name.split(":")[0], known)

    def test_menus_are_there(self):
        for dashboard, data in self.dashboards:
            for xml_id in menus_xml_ids_in_spreadsheet(data):
                with self.subTest(dashboard=dashboard.name, menu=xml_id):
                    self.assertEqual(self.env.ref(xml_id)._name, "ir.ui.menu")

    def test_filters_match_fields_of_their_type(self):
        """Each filter acts on a field that is there, of something that is shown."""
        for dashboard, data in self.dashboards:
            filters = {each["id"]: each for each in data["globalFilters"]}
            used = set()
            for model, matching in self._matchings(data):
                for key, match in matching.items():
                    field = self.env[model]._fields[match["chain"]]
                    with self.subTest(dashboard=dashboard.name, field=field):
                        self.assertEqual(field.type, match["type"])
                        comodel = filters[key].get("modelName")
                        self.assertEqual(field.comodel_name, comodel)
                    used.add(key)
            self.assertEqual(used, set(filters))

    def test_whoever_has_a_dashboard_may_read_all_of_it(self):
        """With each of its filters set."""
        for dashboard, data in self.dashboards:
            for group in dashboard.group_ids:
                user = new_user(
                    self.env,
                    f"{dashboard.id}-{group.id}",
                    groups=f"base.group_user,{group.get_external_id()[group.id]}",
                )
                for model, matching in self._matchings(data):
                    with self.subTest(group=group.full_name, model=model):
                        domain = [
                            (match["chain"], "!=", False) for match in matching.values()
                        ]
                        self.env[model].with_user(user).search_count(domain)

    def test_numbers_are_those_of_the_reports(self):
        """What the server is asked for can be asked, by each measure's own rule."""
        for _dashboard, data in self.dashboards:
            for pivot in data["pivots"].values():
                model = self.env[pivot["model"]]
                measures = [
                    name if name == "__count" else f"{name}:{field.aggregator}"
                    for measure in pivot["measures"]
                    for name in [measure["fieldName"]]
                    for field in [model._fields.get(name)]
                ]
                rows = [row["fieldName"] for row in pivot["rows"]]
                self.assertIsNotNone(
                    model.formatted_read_group(pivot["domain"], rows, measures)
                )

    def test_titles_of_tables_are_in_the_readers_language(self):
        """A table's own titles are as they stand in the file, in English: above it are
        others, of formulas, which are translated."""
        for dashboard, data in self.dashboards:
            for sheet in data["sheets"]:
                for place, said in sheet["cells"].items():
                    if not said.startswith("=PIVOT("):
                        continue
                    with self.subTest(dashboard=dashboard.name, place=place):
                        *_rest, has_titles = said.rstrip(")").split(", ")
                        self.assertEqual((len(_rest), has_titles), (5, "FALSE"))
                        above = f"A{int(place.removeprefix('A')) - 1}"
                        self.assertTrue(sheet["cells"][above].startswith("=_t("))

    def _matchings(self, data):
        """Return what filters act on: model and the field of each filter."""
        found = [
            (pivot["model"], pivot["fieldMatching"])
            for pivot in data["pivots"].values()
        ]
        found += [
            (chart["metaData"]["resModel"], chart["fieldMatching"])
            for chart in odoo_charts(data)
        ]
        return found


@tagged("post_install", "-at_install")
class TestDashboardRows(Dashboards, BridgeCommon):
    """A dashboard counts what its reader may read at the source, and no row more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salespeople = [
            cls._reader(f"sells {number}", "sales_team.group_sale_salesman")
            for number in range(2)
        ]
        start = fields.Datetime.now() - timedelta(days=9)
        cls.rows = {
            name: []
            for name in ("cx.waiting.report", "cx.delivery.report", "cx.vendor.report")
        }
        for seller in cls.salespeople:
            sale = cls._sale(quantity=1, product=cls.product).with_env(cls.env)
            sale.user_id = seller
            sale.order_line.wanted_on = fields.Date.today() - timedelta(days=3)
            sale.action_confirm()
            cls._follow_supply(cls)
            purchase = sale._get_purchase_orders()
            purchase.button_confirm()
            picking = purchase.picking_ids
            for document, department in (
                (sale, "care"),
                (purchase, "vendor"),
                (picking, "stock"),
            ):
                span = cls.env["timeline.span"]._system_create(
                    {
                        "sale_id": sale.id,
                        "company_id": sale.company_id.id,
                        "res_model": document._name,
                        "res_id": document.id,
                        "department": department,
                        "date_from": start,
                        "date_to": start + timedelta(hours=2),
                        "working_hours": 2,
                        "is_decisive": True,
                    }
                )
                cls.rows["cx.waiting.report"].append(span.id)
            cls.rows["cx.delivery.report"] += sale.order_line.ids
            cls.rows["cx.vendor.report"] += purchase.order_line.ids
        purchase.user_id = cls.buyer
        cls.env.flush_all()

    @classmethod
    def _reader(cls, login, *groups):
        return new_user(cls.env, login, groups=",".join(("base.group_user", *groups)))

    def _readers(self):
        """Yield who has some dashboard, and others who could ask for the same."""
        yield from (*self.salespeople, self.buyer)
        for number, group in enumerate(
            (
                "sales_team.group_sale_manager",
                "purchase.group_purchase_manager",
                "stock.group_stock_user",
                "stock.group_stock_manager",
                "account.group_account_invoice",
                "account.group_account_readonly",
                "base.group_user",
            )
        ):
            yield self._reader(f"reads {number}", group)

    def _shown(self, data):
        """Yield what a dashboard asks for: model, domain, groups and measures."""
        for pivot in data["pivots"].values():
            groups = [row["fieldName"] for row in pivot["rows"]]
            names = [measure["fieldName"] for measure in pivot["measures"]]
            yield pivot["model"], pivot["domain"], groups, names
        for chart in odoo_charts(data):
            asked, drawn = chart["searchParams"], chart["metaData"]
            yield (
                drawn["resModel"],
                asked["domain"],
                asked["groupBy"],
                [drawn["measure"]],
            )

    def _may_read(self, reader, row):
        """Return whether somebody may read what a row is about."""

        def readable(record):
            return bool(record) and record.with_user(reader).has_access("read")

        if row._name == "cx.delivery.report":
            promises = self.env["supply.promise"]
            return readable(promises.search([("sale_line_id", "=", row.id)]))
        if row._name == "cx.vendor.report":
            line = self.env["purchase.order.line"].browse(row.id)
            is_own = line.order_id.user_id == reader
            may_all = reader.has_group("purchase.group_purchase_manager")
            return (is_own or may_all) and readable(line)
        span = self.env["timeline.span"].browse(row.id)
        held = self.env[span.res_model].browse(span.res_id) if span.res_model else None
        sale = self.env["sale.order"].browse(span.sale_id)
        lead = self.env["crm.lead"].browse(span.lead_id)
        return readable(sale) or readable(lead) or readable(held)

    def _count(self, reader, model, domain, groups, names):
        """Return how many rows are counted for somebody; nothing: it is refused."""
        reports = self.env[model].with_user(reader)
        measures = ["__count"] + [
            f"{name}:{reports._fields[name].aggregator}"
            for name in names
            if name != "__count"
        ]
        try:
            rows = reports.formatted_read_group(domain, groups, measures)
        except AccessError:
            return None
        return sum(row["__count"] for row in rows)

    def test_rows_are_those_whose_source_the_reader_may_read(self):
        found = {}
        for reader in self._readers():
            for dashboard, data in self.dashboards:
                for model, domain, groups, names in self._shown(data):
                    with self.subTest(
                        reader=reader.login, dashboard=dashboard.name, groups=groups
                    ):
                        domain = [*domain, ("id", "in", self.rows[model])]
                        count = self._count(reader, model, domain, groups, names)
                        found.setdefault(model, set()).add(count)
                        if count is None:
                            continue
                        rows = self.env[model].search(domain)
                        right = [row for row in rows if self._may_read(reader, row)]
                        self.assertEqual(count, len(right))
        for model, counts in found.items():
            with self.subTest(model=model):
                self.assertGreater(len(counts), 2, "all readers see the same")

    def test_dashboards_are_for_those_who_may_have_them(self):
        for reader in self._readers():
            for dashboard, _data in self.dashboards:
                with self.subTest(reader=reader.login, dashboard=dashboard.name):
                    mine = self.env["spreadsheet.dashboard"].with_user(reader)
                    self.assertEqual(
                        bool(mine.search([("id", "=", dashboard.id)])),
                        bool(reader.all_group_ids & dashboard.group_ids),
                    )


class DashboardTourCase(Dashboards, TourCase, BridgeCommon):
    def _look_at_all(self):
        """A case waited two hours for purchasing, and two days for a vendor."""
        self.seller.group_ids |= self.env.ref("purchase.group_purchase_manager")
        sale = self._sale(quantity=1, product=self.kept, user=self.seller)
        start = fields.Datetime.now() - timedelta(days=9)
        for department, hours in (("purchase", 2), ("vendor", 48)):
            self.env["timeline.span"]._system_create(
                {
                    "sale_id": sale.id,
                    "company_id": sale.company_id.id,
                    "department": department,
                    "date_from": start,
                    "date_to": start + timedelta(hours=hours),
                    "working_hours": hours,
                    "is_decisive": True,
                }
            )
        for name, (dashboard, _data) in zip(NAMES, self.dashboards, strict=True):
            with self.subTest(dashboard=name):
                url = f"/odoo/dashboards?dashboard_id={dashboard.id}"
                self._tour(url, name, self.seller)


@tagged("post_install", "-at_install")
class TestDashboardTour(Desk, DashboardTourCase):
    def test_dashboards_open(self):
        self._look_at_all()


@tagged("post_install", "-at_install")
class TestDashboardPhoneTour(Phone, DashboardTourCase):
    def test_dashboards_open_on_a_phone(self):
        self._look_at_all()
