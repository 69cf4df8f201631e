from odoo import api, models
from odoo.tools import SQL

from odoo.addons.supply_link.pegging import NEVER

from ..delays import (
    DAYS,
    BuyPath,
    Delay,
    Estimate,
    Width,
    estimate,
    later,
    wait_for_money,
)
from .supply_pace import BUY, ORDERED


class SupplyArrival(models.AbstractModel):
    """When goods that are on their way are in the stock.

    What somebody has asked a vendor for, or ordered, comes on the vendor's day, as late
    as this vendor usually is, not before its approval and its deposit, and takes the
    days from the dock into the stock.
    """

    _name = "supply.arrival"
    _description = "When Purchases Arrive"

    @api.model
    def _get_estimate(self, reading, line, come):
        """Return when goods that are on their way are in the stock, how wide such a
        promise must be, and whether the vendor brings them to the customer.

        :param come: ``supply_state.Part``
        """
        reading.overdue[line.id, come.purchase_line] = come.overdue
        if come.date == NEVER or not come.purchase_line:
            return Estimate(come.date), Width(), False
        key = come.purchase_line, come.date, come.overdue
        if key not in reading.estimates:
            reading.estimates[key] = self._estimate_purchase(reading, *key)
        return reading.estimates[key]

    @api.model
    def _estimate_purchase(self, reading, purchase_line, date, overdue):
        """Return when what a purchase brings is in the stock, as above: thousands of
        lines may wait for it.

        :param purchase_line: id
        """
        purchase_line = self.env["purchase.order.line"].browse(purchase_line)
        order = purchase_line.order_id
        is_direct = self._is_direct(order)
        inbound = Delay() if is_direct else self._get_inbound(reading, order)
        late = reading.paces.lateness(order.partner_id)
        if order.state == "purchase":
            guess = self._estimate_ordered(
                reading, purchase_line, date, overdue, late, inbound
            )
            width = reading.paces.width(ORDERED, order.partner_id)
            return guess, width, is_direct
        purchase = self.env["supply.holder"]._get_purchase(reading, order)
        money, takes = self.env["supply.holder"]._get_planned_wait(
            reading, order, purchase_line._get_supply_time(reading.supply_clock).days
        )
        path = BuyPath(
            reaction=purchase["reaction"],
            approval=purchase["approval"],
            money=money,
            vendor=Delay(takes + late.likely, takes + late.safe, DAYS, late.sample),
            receipt=inbound,
        )
        guess = path.estimate(reading.now, reading.calendar)
        # a day that the buyer has entered counts as long as it can be kept
        entered = estimate(
            purchase_line.date_planned, (late, inbound), reading.calendar
        )
        if guess.moment < entered.moment < NEVER:
            guess = entered._replace(earliest=reading.now)
        return guess, reading.paces.width(BUY, order.partner_id), is_direct

    @api.model
    def _estimate_ordered(self, reading, purchase_line, date, overdue, late, inbound):
        """Return when ordered goods are in the stock: what should have been here is not
        late twice, and what waits for money comes later."""
        likely = 0.0 if overdue else late.likely
        late = Delay(likely, likely + late.safe - late.likely, DAYS, late.sample)
        steps = [late, inbound]
        advances = self.env["supply.holder"]._get_purchase(
            reading, purchase_line.order_id
        )["advances"]
        if advances and date != NEVER:
            date, waits = self._wait_for_money(reading, purchase_line, date, advances)
            if waits.safe:
                steps.insert(0, waits)
        return estimate(date, steps, reading.calendar)

    @api.model
    def _wait_for_money(self, reading, purchase_line, date, advances):
        """Return the moment of goods whose vendor waits for a deposit, and by how many
        days they may be later."""
        day, calendar = reading.calendar.day, reading.calendar
        planned = purchase_line.date_planned
        agreed = purchase_line.confirmed_arrival or planned
        expected = day(date)
        likely, safe = wait_for_money(
            expected, day(agreed), day(planned) != day(agreed), advances
        )
        moment = later(date, (likely - expected).days, calendar)
        return moment, Delay(0.0, float((safe - likely).days))

    @api.model
    def _is_direct(self, order):
        return order.picking_type_id.code == "dropship"

    @api.model
    def _get_inbound(self, reading, order):
        return self._get_inbound_of(reading, order.picking_type_id.warehouse_id)

    @api.model
    def _get_inbound_of(self, reading, warehouse):
        """Return how many days goods need from the dock into the stock."""
        inbound, _outbound = self._get_moving_days(reading, warehouse)
        return Delay(inbound, inbound)

    @api.model
    def _get_moving_days(self, reading, warehouse):
        """Return the days that rules plan for coming in and for going out."""
        if warehouse.id not in reading.deliveries:
            self.env["stock.rule"].flush_model(["active", "delay", "route_id"])
            self.env["stock.warehouse"].flush_model(
                ["delivery_route_id", "reception_route_id"]
            )
            ((inbound, outbound),) = self.env.execute_query(
                SQL(
                    """
                    SELECT SUM(rule.delay) FILTER (
                               WHERE rule.route_id = warehouse.reception_route_id),
                           SUM(rule.delay) FILTER (
                               WHERE rule.route_id = warehouse.delivery_route_id)
                      FROM stock_warehouse warehouse
                 LEFT JOIN stock_rule rule
                        ON rule.active
                       AND rule.route_id IN (
                           warehouse.reception_route_id, warehouse.delivery_route_id
                           )
                     WHERE warehouse.id = %s
                    """,
                    warehouse.id or 0,
                )
            )
            reading.deliveries[warehouse.id] = float(inbound or 0), float(outbound or 0)
        return reading.deliveries[warehouse.id]
