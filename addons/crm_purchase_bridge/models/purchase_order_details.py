from odoo import models
from odoo.tools import format_date

#: Of how many customers' orders a card has room to tell.
SHOWN = 5


class PurchaseOrder(models.Model):
    """Whoever approves an order reads for whom it is, and what they were told."""

    _inherit = "purchase.order"

    def _approval_details(self):
        """Name the customers that the user may read, with the day that counts."""
        details = super()._approval_details()
        found = self.env["supply.customers"]._read(self.order_line.ids)
        sale_lines = {row.sale_line for rows in found.values() for row in rows}
        if not sale_lines:
            return details
        promises = (
            self.env["supply.promise"]
            .sudo()
            .search_fetch(
                [("sale_line_id", "in", list(sale_lines)), ("told_on", "!=", False)],
                ["sale_line_id", "told_on"],
            )
        )
        told = {each.sale_line_id.id: each.told_on for each in promises}
        for order in self:
            rows = [row for line in order.order_line for row in found.get(line.id, ())]
            if text := order._tell_customers(rows, told):
                customers = (self.env._("For"), text)
                details[order] = [customers, *details.get(order, ())]
        return details

    def _tell_customers(self, rows, told):
        """Return a line for each customer's order, the first day first.

        :param rows: see ``supply.customers._read``
        :param dict told: days that customers were told, by id of the order line
        """
        self.ensure_one()
        day_of = self.company_id._approval_day
        days = {}
        for row in rows:
            promised = told.get(row.sale_line)
            needed = row.needed_on and day_of(row.needed_on)
            day = (promised or needed, bool(promised))
            days.setdefault((row.customer_name, row.order_name), []).append(day)
        texts = []
        for (customer, name), known in days.items():
            dated = [each for each in known if each[0]]
            day, is_promised = min(
                dated,
                key=lambda each: (each[0], not each[1]),
                default=(None, False),
            )
            texts.append((day, self._tell_customer(customer, name, day, is_promised)))
        texts.sort(key=lambda each: (each[0] is None, each[0] or 0))
        lines = [text for _day, text in texts[:SHOWN]]
        if len(texts) > SHOWN:
            lines.append(self.env._("and %s more", len(texts) - SHOWN))
        return "\n".join(lines)

    def _tell_customer(self, customer, name, day, is_promised):
        values = {
            "customer": customer,
            "order": name,
            "day": day and format_date(self.env, day),
        }
        if is_promised:
            return self.env._("%(customer)s (%(order)s): promised %(day)s", **values)
        if day:
            return self.env._("%(customer)s (%(order)s): due %(day)s", **values)
        return f"{customer} ({name})"
