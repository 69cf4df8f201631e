from datetime import timedelta

from odoo import Command, fields

from odoo.addons.supply_link.tests.pool_common import TODAY, PoolCommon


class PromiseCommon(PoolCommon):
    """A company whose promises are looked at; today is a Monday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promises = cls.env["supply.promise"]
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": "Office hours", "company_id": cls.company.id, "tz": "UTC"}
        )
        cls.care = cls.env["res.users"].create(
            {
                "name": "Care",
                "login": "promise-care",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [
                    Command.set(
                        cls.env.ref("sales_team.group_sale_salesman_all_leads").ids
                    )
                ],
            }
        )

    @classmethod
    def _quotation(cls, *quantities, product=None, **line):
        """Return the lines of a quotation that asks for each of these quantities."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "warehouse_id": cls.warehouse.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.product).id,
                            "product_uom_qty": quantity,
                            **line,
                        }
                    )
                    for quantity in quantities
                ],
            }
        )
        return order.order_line

    @classmethod
    def _day(cls, number):
        """Return the day so many days from today."""
        return TODAY.date() + timedelta(days=number)

    def _run_job(self):
        """Do what the job of the outbox does."""
        self.env.flush_all()
        changes = self.env["supply.change"]
        while changes._follow_batch():
            pass

    def _date_change(self, line, when):
        """Let what was ordered of a line have changed last at a moment."""
        self.env.flush_all()
        switch = "ALTER TABLE sale_order_line %s TRIGGER promise_ordered"
        self.env.cr.execute(switch % "DISABLE")
        self.env.cr.execute(
            "UPDATE sale_order_line SET ordered_before"
            " = jsonb_set(ordered_before, '{-1,until}', to_jsonb(%s::timestamp))"
            " WHERE id = %s",
            (when, line.id),
        )
        self.env.cr.execute(switch % "ENABLE")
        line.invalidate_recordset()

    def _look(self, line):
        """Return what can be promised of a line now."""
        return self.env["supply.outlook"]._look(line)[line.id]

    def _promise(self, line):
        """Return the stored promise of a line, after the job has run."""
        self._run_job()
        return self.promises.search([("sale_line_id", "=", line.id)])

    def _versions(self, line):
        return self.promises.search([("sale_line_id", "=", line.id)])._get_versions()

    def _notices(self, order):
        kind = self.env.ref("crm_purchase_bridge.mail_activity_type_slip")
        return order.activity_ids.filtered(lambda to_do: to_do.activity_type_id == kind)

    def _assert_parts(self, line, expected):
        """Compare quantities and days; ``None``: nobody knows."""
        parts = [
            (quantity, day and (day - TODAY.date()).days)
            for day, quantity, _part in self._look(line).answer.parts
        ]
        self.assertEqual(parts, expected)

    def _to_number(self, day):
        return day and (fields.Date.to_date(day) - TODAY.date()).days
