from odoo import api, models
from odoo.tools import SQL

#: Noon of a day, in the time zone of the order's company.
NOON = SQL(
    """
    (SELECT (wanted.day + TIME '12:00')
            AT TIME ZONE COALESCE(calendar.tz, partner.tz, 'UTC') AT TIME ZONE 'UTC'
       FROM res_company company
       JOIN res_partner partner ON partner.id = company.partner_id
  LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
      WHERE company.id = sale.company_id)
    """
)


class SupplyLink(models.Model):
    _inherit = "supply.link"

    @api.model
    def _get_needed(self):
        """Goods are needed when the customer wanted them, which the promise keeps: the
        delivery date may be what we told, and that is no wish."""
        usual = SQL("sale.date_order + sale_line.customer_lead * INTERVAL '1 day'")
        return SQL(
            """
            (SELECT CASE
                    WHEN wanted.day IS NOT NULL THEN %(noon)s
                    WHEN wanted.is_told THEN %(usual)s
                    WHEN sale.needed_by IS NOT NULL THEN sale.needed_by
                    WHEN sale.told_delivery_date = sale.commitment_date
                    THEN COALESCE(sale.wanted_delivery_date, %(usual)s)
                    ELSE %(inherited)s
                    END
               FROM (SELECT told.id IS NOT NULL AS is_told,
                            COALESCE(sale_line.wanted_on, told.wanted_on) AS day
                       FROM (SELECT) AS line
                  LEFT JOIN supply_promise told
                         ON told.sale_line_id = sale_line.id
                        AND told.told_on IS NOT NULL
                        AND sale.needed_by IS NULL
                    ) wanted)
            """,
            noon=NOON,
            usual=usual,
            inherited=super()._get_needed(),
        )

    @api.model
    def _flush_needed(self):
        result = super()._flush_needed()
        for model, names in {
            "res.company": ["partner_id", "resource_calendar_id"],
            "res.partner": ["tz"],
            "resource.calendar": ["tz"],
            "sale.order": ["needed_by", "told_delivery_date", "wanted_delivery_date"],
            "sale.order.line": ["wanted_on"],
            "supply.promise": ["sale_line_id", "told_on", "wanted_on"],
        }.items():
            self.env[model].flush_model(names)
        return result
