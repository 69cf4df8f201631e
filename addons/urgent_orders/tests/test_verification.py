from odoo.tests import tagged

from .common import UrgencyCommon


@tagged("post_install", "-at_install")
class TestVerification(UrgencyCommon):
    """Links, states and cases that do not follow from the orders are found."""

    def _find(self):
        self._follow_supply()
        return self._verify()

    def _verify(self):
        found = self.env["approval.verification"]._verify(self.company)
        return [
            finding.text
            for what, _count, findings in found
            for finding in findings
            if "supply" in what or "cases" in what
        ]

    def test_all_is_well(self):
        self._sale(confirm=True)
        self._sale(product=self.kept, confirm=True)
        self.assertFalse(self._find())

    def test_link_changed_in_sql(self):
        sale = self._sale(confirm=True)
        self._follow_supply()
        self.env.cr.execute(
            "UPDATE supply_link SET quantity = 99 WHERE sale_line_id = %s",
            [sale.order_line.id],
        )
        self.env.invalidate_all()
        self.assertRegex(" ".join(self._find()), sale.name)

    def test_state_changed_in_sql(self):
        sale = self._sale(product=self.kept, confirm=True)
        self._follow_supply()
        self.env.cr.execute(
            "UPDATE supply_state SET quantity_short = 0, method = 'stock' "
            "WHERE sale_line_id = %s",
            [sale.order_line.id],
        )
        self.env.invalidate_all()
        self.assertRegex(" ".join(self._find()), "quantity_short")

    def test_changes_that_nobody_followed(self):
        self._sale(product=self.kept, confirm=True)
        self.assertFalse(self._find())
        self.env.cr.execute(
            "INSERT INTO supply_change (product_id, noted_on) "
            "VALUES (%s, now() AT TIME ZONE 'UTC' - interval '1 day')",
            [self.kept.id],
        )
        self.assertRegex(" ".join(self._verify()), "does not run")

    def test_link_of_a_line_that_was_deleted_in_sql(self):
        sale = self._sale(confirm=True)
        self._follow_supply()
        line = sale.order_line.supply_link_ids.purchase_line_id
        self.env.cr.execute("DELETE FROM purchase_order_line WHERE id = %s", line.ids)
        self.env.invalidate_all()
        self.assertRegex(" ".join(self._verify()), "was deleted")

    def test_case_changed_in_sql(self):
        sale = self._urgent_sale(confirm=True)
        self._follow_supply()
        self.assertFalse(self._find())
        self.env.cr.execute(
            "UPDATE urgency_case_state SET state = 'delivered' WHERE sale_id = %s",
            [sale.id],
        )
        self.assertRegex(" ".join(self._find()), f"{sale.name}: state request")

    def test_case_that_is_gone(self):
        sale = self._urgent_sale()
        order = self._order(**self._urgency())
        self._follow_supply()
        self.env.cr.execute("DELETE FROM urgency_case_state")
        self.assertEqual(
            self._find(),
            [f"{each.name} is urgent, and no case." for each in (sale, order)],
        )

    def test_case_that_is_none(self):
        sale = self._urgent_sale()
        self._follow_supply()
        self.env.cr.execute(
            "ALTER TABLE sale_order DISABLE TRIGGER urgency_note_sale_order_update"
        )
        self.env.cr.execute(
            "UPDATE sale_order SET urgency_level_id = %s WHERE id = %s",
            [self.normal.id, sale.id],
        )
        self.env.invalidate_all()
        self.assertRegex(" ".join(self._find()), f"{sale.name} is no urgent case")
