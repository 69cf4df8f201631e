"""What departments ask each other about: what a question shows of it, and whom it asks.

All of it runs with the system's rights: it shows names, products, quantities and days.
"""

from datetime import UTC, datetime, time

from odoo import models

MIXIN = "supply.question.mixin"


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", MIXIN]

    _question_department = "purchase"

    def _get_question_lines(self):
        return self.order_line.filtered("product_id")

    def _get_question_subject(self):
        return {
            "order_name": self.name,
            "needed_by": self._get_wanted_moment(),
            "urgency_level_id": self.urgency_level_id,
        }

    def _get_question_people(self, department):
        if department == "care":
            return self.user_id
        if department == "purchase":
            purchases = self._get_purchase_orders()
            buyers = purchases.filtered(lambda order: order.state != "cancel").user_id
            return buyers | self.order_line._get_question_people(department)
        return super()._get_question_people(department)


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", MIXIN]

    _question_document = "order_id"
    _question_department = "purchase"

    def _get_question_subject(self):
        subject = {
            **self.order_id._get_question_subject(),
            "product_id": self.product_id,
            "quantity": self.product_uom_qty,
            "product_uom_id": self.product_uom_id,
        }
        if self.wanted_on:
            subject["needed_by"] = _at_noon(self.company_id, self.wanted_on)
        return subject

    def _get_question_people(self, department):
        if department == "purchase":
            domain = [("sale_line_id", "in", self.ids)]
            links = self.env["supply.link"].search([*domain, ("state", "=", "open")])
            states = self.env["supply.state"].search(domain)
            lines = links.purchase_line_id | states.purchase_line_id
            return lines.order_id.user_id
        return self.order_id._get_question_people(department)


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", MIXIN]

    _question_department = "care"

    def _get_question_lines(self):
        return self.order_line.filtered("product_id")

    def _get_question_subject(self):
        return {
            **_show_sales(self._get_sale_orders(), self.needed_by),
            "urgency_level_id": self.urgency_level_id,
        }

    def _get_question_people(self, department):
        if department == "purchase":
            return self.user_id
        if department == "care":
            return self._get_sale_orders().user_id
        return super()._get_question_people(department)


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", MIXIN]

    _question_document = "order_id"
    _question_department = "care"

    def _get_question_subject(self):
        links = self._get_question_links()
        needed = min(filter(None, links.mapped("needed_on")), default=False)
        sales = links.sale_line_id.order_id or self.order_id._get_sale_orders()
        return {
            **_show_sales(sales, self.order_id.needed_by or needed),
            "urgency_level_id": self.order_id.urgency_level_id,
            "product_id": self.product_id,
            "quantity": self.product_qty,
            "product_uom_id": self.product_uom_id,
        }

    def _get_question_people(self, department):
        if department == "care":
            sellers = self._get_question_links().sale_line_id.order_id.user_id
            if sellers:
                return sellers
        return self.order_id._get_question_people(department)

    def _get_question_links(self):
        return self.env["supply.link"].search(
            [
                ("purchase_line_id", "in", self.ids),
                ("state", "in", ("open", "received")),
            ]
        )


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", MIXIN]

    _question_department = "stock"

    def _get_question_subject(self):
        return {
            "order_name": self.sale_id.name,
            "needed_by": self.needed_by or self.date_deadline or self.scheduled_date,
            "urgency_level_id": self.urgency_level_id,
        }

    def _get_question_people(self, department):
        people = {
            "care": self.sale_id.user_id,
            "purchase": self.purchase_id.user_id,
            "stock": self.user_id,
        }
        return people.get(department, self.env["res.users"])


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", MIXIN]

    _question_department = "purchase"

    def _get_question_lines(self):
        return self.wanted_line_ids

    def _get_question_subject(self):
        return {
            "order_name": self.name,
            "needed_by": self.needed_by,
            "urgency_level_id": self.urgency_level_id,
        }

    def _get_question_people(self, department):
        if department == "care":
            return self.user_id
        return super()._get_question_people(department)

    def _merge_dependences(self, opportunities):
        """Questions about opportunities go on in the one they were merged into."""
        result = super()._merge_dependences(opportunities)
        self.env["supply.question"]._follow_merge(opportunities, self)
        return result


class CrmLeadLine(models.Model):
    _name = "crm.lead.line"
    _inherit = ["crm.lead.line", MIXIN]

    _question_document = "lead_id"
    _question_department = "purchase"

    def _get_question_subject(self):
        subject = {
            **self.lead_id._get_question_subject(),
            "product_id": self.product_id,
            "quantity": self.quantity,
            "product_uom_id": self.product_uom_id,
        }
        if self.needed_on:
            company = self.lead_id._get_promise_company()
            subject["needed_by"] = _at_noon(company, self.needed_on)
        return subject

    def _get_question_people(self, department):
        return self.lead_id._get_question_people(department)


def _at_noon(company, day):
    """Return a moment that is on this day for all who are not too far away."""
    noon = datetime.combine(day, time(12), company._approval_zone())
    return noon.astimezone(UTC).replace(tzinfo=None)


def _show_sales(sales, needed_by):
    return {
        "order_name": ", ".join(sales.sorted("id").mapped("name")) or False,
        "needed_by": needed_by
        or min(
            filter(None, (sale._get_wanted_moment() for sale in sales)),
            default=False,
        ),
    }
