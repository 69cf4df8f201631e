from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.tools import float_compare

from odoo.addons.approval_matrix.system import as_system

from ..comparing import Bid, compare


class Offered(NamedTuple):
    """What a quotation offers of a product.

    :param lines: ``purchase.order.line``
    :param quantity: in the product's unit; what was taken away by choosing another
        one counts as it was offered
    :param amount: less discounts, in units of the company's currency
    :param is_zeroed: another one was chosen for all of it
    """

    lines: models.BaseModel
    quantity: float
    amount: int
    is_zeroed: bool


class SupplyOffer(models.AbstractModel):
    """What quotations offer, at one price each; it is kept before it is lost."""

    _name = "supply.offer"
    _description = "What Quotations Offer"

    # ------------------------------------------------------------
    # WHAT THEY COST
    # ------------------------------------------------------------

    @api.model
    def _get_offers(self, orders):
        """Return what quotations offer, and what they ask besides.

        Goods are compared. Lines of a quotation without goods, such as freight, are
        what it asks besides, or takes off; where none of them is about goods, services
        are compared.

        :return: :class:`Offered` by order and product, and units of the company's
            currency by order
        """
        lines = orders.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )
        compared = lines.filtered(lambda line: line.product_id.type == "consu")
        compared = compared or lines.filtered("product_id")
        compared.product_id.seller_ids.fetch(["delay", "min_qty", "partner_id"])
        zeroed = compared.filtered(lambda line: not line.product_qty)
        kept = self.env["supply.quote"]._read_last(zeroed, ("lost",)) if zeroed else {}
        rates = {order: self._get_rate(order) for order in orders}
        offers, extras = {}, defaultdict(int)
        for line in lines - compared:
            rate = rates[line.order_id]
            extras[line.order_id] += round(line.price_subtotal * rate)
        for line in compared:
            rate, quote = rates[line.order_id], kept.get(line.id)
            quantity, subtotal = line.product_uom_qty, line.price_subtotal
            if self._is_cost_price(line):
                subtotal = 0.0
            if quote:
                quantity = quote.product_uom_id._compute_quantity(
                    quote.quantity, line.product_id.uom_id, round=False
                )
                subtotal = quote.price_unit * (1 - quote.discount / 100)
                subtotal *= quote.quantity
            key = line.order_id, line.product_id
            before = offers.get(key, Offered(line.browse(), 0.0, 0, True))
            offers[key] = Offered(
                before.lines | line,
                before.quantity + quantity,
                before.amount + round(subtotal * rate),
                before.is_zeroed and bool(quote),
            )
        return offers, extras

    @api.model
    def _is_cost_price(self, line):
        """Tell whether nobody named the price: Odoo puts our own cost there where a
        vendor has no price list. It is no answer, and no business of vendors.

        :param line: ``purchase.order.line``
        """
        product, vendor = line.product_id, line.order_id.partner_id
        if (
            line.vendor_answered_on
            or line.state == "purchase"
            or vendor.commercial_partner_id
            in product.seller_ids.partner_id.commercial_partner_id
        ):
            return False
        cost = product.uom_id._compute_price(
            product.standard_price, line.product_uom_id
        )
        cost = product.cost_currency_id._convert(
            cost, line.currency_id, line.company_id, line.date_order, round=False
        )
        return not float_compare(line.price_unit, cost, precision_digits=2)

    @api.model
    def _get_rate(self, order):
        """Return how many units of the company's currency one of the order's is today.

        :raises UserError: without a rate
        """
        order._approval_check_amount()
        company = order.company_id
        rate = self.env["res.currency"]._get_conversion_rate(
            order.currency_id,
            company.currency_id,
            company,
            company._approval_day(),
        )
        return rate / company.currency_id.rounding

    @api.model
    def _stand(self, offers, extras):
        return compare(
            [
                Bid(order, product, offer.quantity, offer.amount)
                for (order, product), offer in offers.items()
            ],
            extras,
        )

    @api.model
    def _get_landed_prices(self, orders):
        """Return what one unit of each product costs with freight, in company currency,
        by ids of order and product."""
        engine, found = as_system(self), {}
        for order in orders.with_env(engine.env):
            offers, extras = engine._get_offers(order)
            standing = engine._stand(offers, extras)
            rounding = order.company_id.currency_id.rounding
            for (_order, product), offer in offers.items():
                bid = Bid(order, product, offer.quantity, offer.amount)
                price = standing.price(bid)
                if price is not None:
                    found[order.id, product.id] = float(price) * rounding
        return found

    # ------------------------------------------------------------
    # KEEPING
    # ------------------------------------------------------------

    @api.model
    def _keep(self, lines, outcome):
        """Keep what lines of alternatives ask, before it is lost.

        What was kept of a line in the same way is not kept again. Lines without a
        quantity say nothing: what they were has been kept when it was taken away.

        :param lines: ``purchase.order.line``
        :param str outcome: see ``supply.quote``
        """
        offers = self.with_env(self.env(su=True, context={}))
        quotes = offers.env["supply.quote"]
        lines = lines.with_env(offers.env).filtered(
            lambda line: (
                line.order_id.purchase_group_id
                and line.product_id
                and not line.display_type
                and line.product_qty
            )
        )
        if not lines:
            return quotes
        last = quotes._read_last(lines)
        prices = offers._get_landed_prices(lines.order_id)
        rows = []
        for line in lines:
            values = offers._prepare(line, outcome, prices)
            if not last.get(line.id) or last[line.id]._is_other(values):
                rows.append(values)
        return quotes._system_create(rows)

    @api.model
    def _prepare(self, line, outcome, prices):
        """Return the values of what is kept of a line.

        :param dict prices: of one unit with freight, by ids of quotation and product
        """
        order = line.order_id
        company = order.company_id
        return {
            "outcome": outcome,
            "vendor_id": order.partner_id.id,
            "product_id": line.product_id.id,
            "quantity": line.product_qty,
            "product_uom_id": line.product_uom_id.id,
            "price_unit": line.price_unit,
            "discount": line.discount,
            "currency_id": order.currency_id.id,
            "price_landed": prices.get((order.id, line.product_id.id), 0.0),
            "planned_on": line.date_planned
            and company._approval_day(line.date_planned),
            "order_id": order.id,
            "order_name": order.name,
            "line_id": line.id,
            "group_id": order.purchase_group_id.id,
            "user_id": self.env.uid,
            "company_id": company.id,
        }
