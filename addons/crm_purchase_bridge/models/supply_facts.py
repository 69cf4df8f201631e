from collections import defaultdict
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.supply_link.models.supply_part import DIGITS

from .supply_holder import QUOTED

#: For how many days an offer counts that does not say until when it holds.
OFFER_DAYS = 30


class Facts(NamedTuple):
    """What a line and its document say: thousands of them are read at once.

    :param document: id of the order or opportunity; *partner*, *product*, *company*
        and *warehouse*, which delivers it, are ids too
    :param is_goods: it is about goods, not about a service or money
    :param quantity: that is to be delivered, in the product's unit
    :param state: of the order; nothing for an opportunity
    :param ordered_on: when it was ordered
    :param lead: days that the product asks for at least
    :param is_at_once: the order goes out with its last line
    :param wanted_on: the day that the line itself says
    :param is_wished: the order may say a day, too
    """

    document: int
    partner: int
    product: int
    company: int
    is_goods: bool
    quantity: float
    state: str | None
    ordered_on: datetime | None
    lead: float
    warehouse: int | None
    is_at_once: bool
    wanted_on: date | None
    is_wished: bool


class Reading:
    """What is read once for all lines of a company."""

    def __init__(self, env, company, facts):
        self.env, self.company, self.facts = env, company, facts
        #: ids of the products that are read together
        self.products = tuple({each.product for each in facts.values() if each.product})
        self.now = fields.Datetime.now()
        self.calendar = company._promise_calendar(self.now)
        self.today = self.calendar.day(self.now)
        #: units that are one of a product's own unit
        self.unit = 10 ** env["supply.pool"]._get_digits()
        #: what is known of purchases, and the open requests for their deposits
        self.purchases, self.deposit_requests = {}, {}
        self.deliveries, self.overdue = {}, {}
        #: sources of what purchase lines bring, by id
        self.warehouses, self.bringing = {}, {}
        self.routes, self.paths, self.sellers = {}, {}, {}
        self.line_paths, self._products = {}, {}
        self.late_supplies, self.brought_by = {}, {}
        #: how long approvals take of what nobody has bought, and the urgency they have
        self.approvals, self.urgencies = {}, {}
        #: days from buying to the stock, by ids of line and product; and how many units
        #: of a line a quotation was promised, by its id
        self.buy_days, self.passed_over, self.has_choice = {}, {}, {}
        self.paces = None
        #: when what purchase lines bring is in the stock, by line, day and days overdue
        self.estimates = {}
        #: components of order lines that are kits
        self.kits = {}
        #: units that are not put away, by ids of warehouse and product
        self.unplaced = {}
        #: bills of materials by id of the warehouse, then by product; and whether a
        #: product is made, by ids of it, the warehouse and routes
        self.boms, self.made = defaultdict(dict), {}

    @cached_property
    def supply_clock(self):
        """What day it is for the company."""
        return self.env["supply.clock"]._get_clock(self.company)

    def get_product(self, line):
        """Return the product of a line, without reading the line."""
        id_ = self.facts[line.id].product
        if id_ not in self._products:
            product = self.env["product.product"].browse(id_)
            self._products[id_] = product.with_prefetch(self.products)
        return self._products[id_]

    @cached_property
    def approval_rules(self):
        """The rules by which purchases are approved, in their order."""
        orders = self.env["purchase.order"]
        return self.env["approval.rule"]._get_rules(orders, self.company)

    @cached_property
    def morning(self):
        """When the next day begins that is worked; today, if it is."""
        return self.calendar.moment(self.calendar.open_day(self.today))

    @cached_property
    def warehouse(self):
        """From where an opportunity would be delivered."""
        domain = [("company_id", "=", self.company.id)]
        return self.env["stock.warehouse"].search(domain, limit=1)

    def get_warehouse(self, line):
        """Return from where a line is delivered."""
        id_ = self.facts[line.id].warehouse
        if not id_:
            return self.warehouse
        if id_ not in self.warehouses:
            self.warehouses[id_] = self.env["stock.warehouse"].browse(id_)
        return self.warehouses[id_]

    def get_quantity(self, line):
        """Return what is still to be delivered of a line, in the product's unit."""
        return self.facts[line.id].quantity


class SupplyFacts(models.AbstractModel):
    """What lines and their documents say, read in SQL: thousands of them are looked at
    together."""

    _name = "supply.facts"
    _description = "What Lines Say"

    @api.model
    def _read_facts(self, lines):
        """Return the facts of lines, by id.

        :return: :class:`Facts`
        :rtype: dict
        """
        if lines._name == "crm.lead.line":
            return {
                line.id: Facts(
                    line.lead_id.id,
                    line.lead_id.partner_id.id,
                    line.product_id.id,
                    (line.company_id or line.lead_id._get_promise_company()).id,
                    line.product_id.type == "consu",
                    round(
                        line.product_uom_id._compute_quantity(
                            line.quantity, line.product_id.uom_id, round=False
                        ),
                        DIGITS,
                    ),
                    None,
                    None,
                    line.product_id.sale_delay,
                    None,
                    False,
                    line.needed_on,
                    False,
                )
                for line in lines
            }
        flushed = {
            "product.product": ["product_tmpl_id"],
            "product.template": ["type", "uom_id"],
            "supply.link": ["kind", "quantity_received", "sale_line_id", "state"],
            "sale.order": ["commitment_date", "date_order", "needed_by", "partner_id"]
            + ["picking_policy", "warehouse_id"],
            "sale.order.line": ["company_id", "customer_lead", "display_type"]
            + ["is_downpayment", "order_id", "product_id", "product_uom_id"]
            + ["product_uom_qty", "qty_delivered", "state", "wanted_on"]
            + ["warehouse_id"],
        }
        for model, names in flushed.items():
            self.env[model].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.product_uom_id, template.uom_id,
                       line.product_uom_qty, COALESCE(sent.quantity, 0),
                       line.order_id, sale.partner_id, line.product_id,
                       line.company_id,
                       template.type = 'consu'
                       AND line.display_type IS NULL
                       AND line.is_downpayment IS NOT TRUE,
                       ROUND((line.product_uom_qty - COALESCE(line.qty_delivered, 0))
                             ::numeric, %s)::float8,
                       line.state, sale.date_order, COALESCE(line.customer_lead, 0),
                       COALESCE(line.warehouse_id, sale.warehouse_id),
                       sale.picking_policy = 'one', line.wanted_on,
                       num_nonnulls(sale.needed_by, sale.commitment_date) > 0
                  FROM sale_order_line line
                  JOIN sale_order sale ON sale.id = line.order_id
             LEFT JOIN product_product product ON product.id = line.product_id
             LEFT JOIN product_template template
                    ON template.id = product.product_tmpl_id
     LEFT JOIN LATERAL (
                       -- of merged purchases Odoo counts all for one of the lines
                       SELECT SUM(quantity_received) AS quantity
                         FROM supply_link
                        WHERE sale_line_id = line.id
                          AND kind = 'dropship'
                          AND state IN ('open', 'received')
                       ) sent ON TRUE
                 WHERE line.id = ANY(%s)
                """,
                DIGITS,
                lines.ids,
            )
        )
        found, units = {}, self.env["uom.uom"]
        for id_, sold, unit, ordered, sent, *facts in rows:
            facts = Facts(*facts)
            if sold != unit and facts.is_goods:
                sold, unit = units.browse(sold), units.browse(unit)
                quantity, ordered = (
                    sold._compute_quantity(each, unit, round=False)
                    for each in (facts.quantity, ordered)
                )
                facts = facts._replace(quantity=round(quantity, DIGITS))
            if sent:
                left = round(ordered - sent, DIGITS)
                facts = facts._replace(quantity=min(facts.quantity, left))
            found[id_] = facts
        return found

    @api.model
    def _add_siblings(self, lines):
        """Return the lines that there are, with those of the same documents on which
        they depend.

        Lines of a quotation ask one after the other; an order that goes out at once
        waits for its last line.
        """
        if lines._name == "crm.lead.line":
            lines = lines.exists()
            return lines.lead_id.wanted_line_ids | lines
        for model, names in (
            ("sale.order", ["picking_policy", "state"]),
            ("sale.order.line", ["order_id", "sequence"]),
        ):
            self.env[model].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                """
                WITH asked AS MATERIALIZED (
                    SELECT id, order_id, sequence
                      FROM sale_order_line
                     WHERE id = ANY(%(ids)s)
                )
                SELECT id
                  FROM (SELECT id, order_id, sequence
                          FROM asked
                         UNION
                        SELECT line.id, line.order_id, line.sequence
                          FROM sale_order sale
                          JOIN sale_order_line line ON line.order_id = sale.id
                         WHERE sale.id IN (SELECT order_id FROM asked)
                           AND (sale.state IN %(quoted)s
                                OR sale.picking_policy = 'one')
                       ) found
              ORDER BY order_id, sequence, id
                """,
                ids=lines.ids,
                quoted=QUOTED,
            )
        )
        return lines.browse(id_ for (id_,) in rows)

    @api.model
    def _flush_offers(self):
        self.env["supply.promise"].flush_model(["sale_line_id", "is_open", "told_on"])
        self.env["sale.order.line"].flush_model(["order_id", "state", "display_type"])
        self.env["sale.order"].flush_model(
            ["company_id", "date_order", "validity_date"]
        )

    @api.model
    def _is_current_offer(self):
        """Return SQL that says whether an offer is one that promises are kept of.

        It is until the end of its last day, or for :data:`OFFER_DAYS` where it has
        none; longer where somebody was told a day that is still to come. What is over
        is worked out when somebody looks, and not again and again.
        """
        # those that are archived have offers, too
        companies = self.env["res.company"].sudo()
        companies = companies.search([("active", "in", (True, False))])
        today = SQL(
            "(SELECT today FROM (VALUES %s) AS clock (company_id, today)"
            " WHERE clock.company_id = sale.company_id)",
            SQL(", ").join(
                SQL("(%s, %s::date)", company.id, company._approval_day())
                for company in companies
            ),
        )
        return SQL(
            "(COALESCE(sale.validity_date, sale.date_order::date + %s) >= %s"
            " OR promise.told_on >= %s)",
            OFFER_DAYS,
            today,
            today,
        )
