from datetime import UTC, timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ..clock import Clock

#: How far the next open day is looked for.
HOLIDAYS = timedelta(days=60)


class SupplyClock(models.AbstractModel):
    """Whose day it is: makes the clocks of companies, with their time zone, working
    time and patience with what is overdue."""

    _name = "supply.clock"
    _description = "Day of a Company"

    @api.model
    def _get_clocks(self, warehouses):
        """Return the clock of each warehouse's company, by id of the warehouse."""
        now, clocks, found = fields.Datetime.now(), {}, {}
        for id_, company_id, zone in self.env.execute_query(
            SQL(
                """
                SELECT warehouse.id, company.id, COALESCE(calendar.tz, partner.tz)
                  FROM stock_warehouse warehouse
                  JOIN res_company company ON company.id = warehouse.company_id
                  JOIN res_partner partner ON partner.id = company.partner_id
             LEFT JOIN resource_calendar calendar
                    ON calendar.id = company.resource_calendar_id
                 WHERE warehouse.id IN %s
                """,
                tuple(warehouses.ids),
            )
        ):
            if company_id not in clocks:
                company = self.env["res.company"].sudo().browse(company_id)
                clocks[company_id] = self._make(company, zone, now)
            found[id_] = clocks[company_id]
        return found

    @api.model
    def _get_clock(self, company):
        """Return the clock of a company."""
        zone = company.resource_calendar_id.tz or company.partner_id.tz
        return self._make(company, zone, fields.Datetime.now())

    @api.model
    def _make(self, company, zone, now):
        return Clock(
            now,
            zone or "UTC",
            lambda: company.supply_overdue_days,
            partial(self._get_opening, company),
        )

    @api.model
    def _get_opening(self, company, moment):
        """Return when the company opens from a moment on; then if it never does."""
        calendar = company.resource_calendar_id
        if not calendar:
            return moment
        start = moment.replace(tzinfo=UTC)
        hours = calendar._work_intervals_batch(start, start + HOLIDAYS)[False]
        start = next((begin for begin, _end, _lines in hours), start)
        return start.astimezone(UTC).replace(tzinfo=None)
