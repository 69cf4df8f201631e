import json
from datetime import timedelta

from odoo import fields
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
