from datetime import datetime
from typing import NamedTuple

from odoo import api, models

from odoo.addons.supplier_deposit.models.supplier_deposit import UNPAID
from odoo.addons.supply_link.pegging import NEVER

from ..delays import HOURS, Advance, Delay

#: States of a purchase that is ordered by nobody yet.
QUOTED = ("draft", "sent")


class Source(NamedTuple):
    """What brings goods, and who has it in hand.

    :param code: what is the matter: *ordered*, *approval*, *deposit*, *quotation*,
        *asked* (the vendor, for a quotation), *transfer*, *unplaced* (it has to be put
        away), *made* (being made by us), *make* (nobody makes it yet), *buy*, *none* or
        *stock*
    :param holder_kind: department that acts next, *vendor* or *nobody*
    :param holders: ids of the users who act next
    :param since: from when on they have it
    :param facts: what the sentence says: names, never amounts
    :param overdue: days since the goods should have come
    :param vendor: id of the company whose delays they are
    :param planned: the day that the purchase names, as text
    """

    code: str
    holder_kind: str
    holders: tuple[int, ...] = ()
    since: datetime | None = None
    facts: dict = {}
    overdue: int = 0
    vendor: int | None = None
    planned: str | bool | None = None


class SupplyHolder(models.AbstractModel):
    """Who has a purchase in hand, since when, and how much longer they usually do.

    Approvers, the vendor, the buyer, or whoever pays the deposit that the vendor waits
    for. What is read once for many lines is kept in the reading of ``supply.outlook``.
    """

    _name = "supply.holder"
    _description = "Who Has a Purchase in Hand"

    @api.model
    def _read_purchases(self, reading, lines):
        """Note of each purchase who holds it, and how long they usually do."""
        orders = lines.order_id.filtered(lambda o: o.id not in reading.purchases)
        if not orders:
            return
        open_requests = self._read_requests(orders)
        waiting = orders.filtered(lambda order: order.state in QUOTED)
        routes = self.env["approval.rule"]._match(waiting) if waiting else {}
        deposits = self._read_deposits(orders)
        asked = self.env["supplier.deposit"].union(*deposits.values())
        asked = asked.filtered(lambda deposit: deposit.state == "waiting")
        if asked:
            reading.deposit_requests.update(self._read_requests(asked))
        planned = self._plan_deposits(
            orders.filtered(lambda order: order.state in (*QUOTED, "to approve"))
        )
        for order in orders:
            reading.purchases[order.id] = {
                **self._describe_purchase(
                    reading, order, open_requests, routes, deposits
                ),
                "planned": planned.get(order.id, ()),
            }

    @api.model
    def _get_purchase(self, reading, order):
        if order.id not in reading.purchases:
            self._read_purchases(reading, order.order_line)
        return reading.purchases[order.id]

    @api.model
    def _read_requests(self, documents):
        requests = self.env["approval.process"].search(
            [
                ("res_model", "=", documents._name),
                ("res_id", "in", documents.ids),
                ("state", "=", "open"),
            ]
        )
        return {request.res_id: request for request in requests}

    @api.model
    def _read_deposits(self, orders):
        """Return the deposits without which vendors do not begin, by order: those that
        are not paid, and those that were paid too late."""
        deposits = self.env["supplier.deposit"].search(
            [("order_id", "in", orders.ids), ("stage", "!=", "cancelled")]
        )
        return deposits.filtered(
            lambda deposit: (
                deposit.state in UNPAID
                or (deposit.date_paid and deposit.date_paid > deposit.date_due)
            )
        ).grouped("order_id")

    @api.model
    def _plan_deposits(self, orders):
        """Return the values of the deposits that rules will ask for when these are
        ordered, by id; nothing is written.

        What was paid already, before an order became a quotation again, is not asked
        for twice.
        """
        rules = self.env["deposit.rule"]._match(orders) if orders else {}
        if not rules:
            return {}
        deposits = self.env["supplier.deposit"]
        paid = deposits.search(
            [
                ("order_id", "in", list(rules)),
                ("state", "not in", UNPAID),
                ("stage", "!=", "cancelled"),
            ]
        ).grouped("order_id")
        planned = {}
        for order in orders.filtered(lambda order: order.id in rules):
            mine = paid.get(order, deposits)
            values = deposits._prepare_rule_values(order, rules[order.id], mine, mine)
            planned[order.id] = [each for each in values if each["amount"] > 0]
        return planned

    @api.model
    def _get_planned_wait(self, reading, order, days):
        """Return how long the vendor of a purchase that is not ordered yet waits for
        its deposits, and how many days they take from then on.

        A deposit is paid when it is due. So it only waits for its approval, where there
        are rules for that. One that is due so many days before the arrival is due at
        once where the vendor takes less: the goods come so many days after it is paid.

        :param days: that the vendor takes
        """
        planned = self._get_purchase(reading, order)["planned"]
        before = max((v["days_before"] for v in planned if v["is_dated"]), default=0)
        at_once = before > days or any(not values["is_dated"] for values in planned)
        rules = at_once and self.env["approval.rule"]._get_rules(
            self.env["supplier.deposit"], order.company_id
        )
        # only a deposit tells which rule it follows: without one the slowest counts
        waits = [reading.paces.approval(rule) for rule in rules or ()]
        wait = max(waits, key=lambda wait: wait.likely, default=Delay(unit=HOURS))
        return wait, max(before, days)

    @api.model
    def _get_advances(self, reading, deposits):
        """Return the money that a vendor waits for, see ``delays.Advance``.

        What is due is paid today, until it is not; what waits for an approval, after
        that.
        """
        calendar = reading.calendar
        today = calendar.open_day(calendar.day(reading.now))
        advances = []
        for deposit in deposits:
            due = deposit.date_due
            likely = safe = deposit.date_paid
            if deposit.state in UNPAID:
                likely = safe = max(due, today)
            if deposit.state == "waiting":
                delay = self._get_approval_left(
                    reading, reading.deposit_requests.get(deposit.id)
                )
                ends = (
                    delay.end(reading.now, calendar, is_safe)
                    for is_safe in (False, True)
                )
                likely, safe = (
                    max(
                        due,
                        today if end == NEVER else calendar.open_day(calendar.day(end)),
                    )
                    for end in ends
                )
            advances.append(
                Advance(
                    due,
                    likely,
                    safe,
                    deposit.state not in UNPAID,
                    deposit.days_before if deposit.is_dated else None,
                )
            )
        return advances

    @api.model
    def _get_approval_left(self, reading, request):
        """Return how much longer an approval takes."""
        if not request:
            return reading.paces.approval()
        over = reading.company._approval_working_time().count(
            request.submitted_at, reading.now
        )
        return reading.paces.approval_left(request.rule_id, over)

    @api.model
    def _describe_purchase(self, reading, order, open_requests, routes, deposits):
        """Return who has a purchase in hand, and what is still to be done before the
        vendor begins.

        :param order: ``purchase.order``
        :param dict open_requests: open requests for approval, by id of the order
        :param dict routes: rules that will ask for one, by id of the order
        :param dict deposits: ``supplier.deposit`` by order
        :return: ``source`` (:class:`Source`), ``reaction`` and ``approval``
            (``delays.Delay``), ``advances``, ``request``, ``rule``
        :rtype: dict
        """
        nothing = Delay(unit=HOURS)
        facts = {"purchase": order.name, "vendor": order.partner_id.name}
        described = {"reaction": nothing, "approval": nothing, "advances": ()}
        request = described["request"] = open_requests.get(order.id)
        rule = described["rule"] = routes.get(order.id, self.env["approval.rule"])
        buyers = tuple(order.user_id.ids)
        if order.state == "purchase":
            mine = deposits.get(order, self.env["supplier.deposit"])
            described["advances"] = self._get_advances(reading, mine) if mine else ()
            deposit = mine.filtered(lambda each: each.state in ("waiting", "due"))[:1]
            if deposit:
                source = Source(
                    "deposit",
                    "approver" if deposit.state == "waiting" else "accounting",
                    since=deposit.create_date,
                    facts=facts,
                )
            else:
                source = Source(
                    "ordered", "vendor", since=order.date_approve, facts=facts
                )
        elif request:
            active = request.task_ids.filtered(lambda task: task.state == "active")
            described["approval"] = self._get_approval_left(reading, request)
            source = Source(
                "approval",
                "approver",
                tuple(active.holder_id.ids),
                min(filter(None, active.mapped("activated_at")), default=None),
                {**facts, "step": active[:1].step_name or ""},
            )
        else:
            described["reaction"] = reading.paces.reaction()
            if rule or order.state == "to approve":
                described["approval"] = reading.paces.approval(rule, order)
            is_asked = order.state == "sent"
            source = Source(
                "asked" if is_asked else "quotation",
                "vendor" if is_asked else "buyer",
                buyers,
                order.create_date,
                facts,
            )
        vendor = order.partner_id.commercial_partner_id.id
        return {**described, "source": source._replace(vendor=vendor)}
