from odoo.tests import BaseCase, tagged

from odoo.addons.approval_matrix.compare import compare

OLD = {
    "facts": [["Vendor", "A"], ["Total", "100"]],
    "columns": ["Product", "Quantity"],
    "rows": [["Bed", "1"], ["Lamp", "2"], ["Lamp", "2"]],
}


@tagged("post_install", "-at_install")
class TestCompare(BaseCase):
    def test_nothing_changed(self):
        changes = compare(OLD, OLD)
        self.assertEqual((changes["facts"], changes["rows"]), ([], []))

    def test_changed_and_new_facts(self):
        new = {**OLD, "facts": [["Vendor", "B"], ["Total", "100"], ["Note", "x"]]}
        self.assertEqual(
            compare(OLD, new)["facts"], [("Vendor", "A", "B"), ("Note", "", "x")]
        )

    def test_fact_that_went(self):
        self.assertEqual(
            compare(OLD, {**OLD, "facts": [["Vendor", "A"]]})["facts"],
            [("Total", "100", "")],
        )

    def test_rows_changed_removed_and_added(self):
        new = {**OLD, "rows": [["Bed", "5"], ["Lamp", "2"], ["Sofa", "1"]]}
        self.assertEqual(
            compare(OLD, new)["rows"],
            [
                ("changed", ["Bed", "1"], ["Bed", "5"]),
                ("removed", ["Lamp", "2"], None),
                ("added", None, ["Sofa", "1"]),
            ],
        )

    def test_empty_summaries(self):
        self.assertEqual(compare({}, {}), {"facts": [], "columns": [], "rows": []})
