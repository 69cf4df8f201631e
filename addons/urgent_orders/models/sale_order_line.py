from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import models

#: Rules that only send on; goods bought or made for the order take nothing from others.
PULLS = ("pull", "pull_push")


class Planned(NamedTuple):
    """What an order line would take from stock.

    :param quantity: in the product's unit
    :param date: when it goes out
    :param key: tells it from moves
    """

    quantity: float
    date: datetime
    key: tuple


class SaleOrderLine(models.Model):
    """What a quotation will ask of the stock, before there is any move."""

    _inherit = "sale.order.line"

    def _get_planned_demands(self):
        """Return what confirming these lines would take from stock.

        :return: lists of :class:`Planned` by warehouse and product
        :rtype: dict
        """
        planned = defaultdict(list)
        for line in self.sudo():
            if not line.product_id.is_storable:
                continue
            quantity = line.product_uom_id._compute_quantity(
                line.product_uom_qty - line._get_qty_procurement(),
                line.product_id.uom_id,
                round=False,
            )
            values = line._prepare_procurement_values()
            rule, delay = line._get_stock_rule(values)
            location = rule.location_src_id
            if rule.procure_method == "mts_else_mto":  # the rest is bought for it
                product = line.product_id.with_context(location=location.id)
                quantity = min(quantity, product.free_qty)
            if not location.warehouse_id or quantity <= 0:
                continue
            planned[location.warehouse_id, line.product_id].append(
                Planned(
                    quantity,
                    values["date_planned"] - relativedelta(days=delay),
                    ("sale.order.line", line.id),
                )
            )
        return planned

    def _get_stock_rule(self, values):
        """Follow the rules from the customer to where the goods come from.

        :param dict values: of the procurement
        :return: the rule that takes them from stock, if any, and the days before
        """
        self.ensure_one()
        location, days, seen = self._get_location_final(), 0, set()
        rules = self.env["stock.rule"].with_company(self.order_id.company_id)
        while True:
            rule = rules._get_rule(self.product_id, location, values)
            if rule.id in seen or rule.action not in PULLS:
                return rules, 0
            seen.add(rule.id)
            days += rule.delay
            if rule.procure_method != "make_to_order":
                return rule, days
            location = rule.location_src_id
            values = {**values, "warehouse_id": rule.warehouse_id}
