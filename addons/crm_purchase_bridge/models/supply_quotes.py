from collections import defaultdict
from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.approval_matrix.system import as_system
from odoo.addons.supplier_deposit.models.purchase_order import ACCOUNTING
from odoo.addons.supplier_deposit_cash.cash_projection import lowest, project
from odoo.addons.supplier_deposit_cash.models.supplier_deposit import DAYS
from odoo.addons.supply_link.pegging import NEVER

from ..comparing import Bid, find_best
from ..hot import FIRST
from .supply_facts import Reading
from .supply_holder import QUOTED

#: States in which nothing is ordered yet.
OPEN = (*QUOTED, "to approve")
#: So many customers of a product are named, the most pressing first.
MOST_CUSTOMERS = 20
#: So many promises are read of those who lack products of the common stock.
MOST_SHORT = 1000
#: In which columns the best is marked, and whether that is the highest.
COLUMNS = {
    "total": False,
    "arrival": False,
    "slack": True,
    "on_time": True,
    "late": False,
    "deposit": False,
    "approval_hours": False,
    "budget_left": True,
    "cash_low": True,
}
OFFER_COLUMNS = {"price": False, "arrival": False, "slack": True}


class Waiting(NamedTuple):
    """A customer who waits for a product that quotations would bring.

    :param line: ``sale.order.line``
    :param quantity: in the product's unit
    :param due: the day that was told, else wanted; nothing: nobody named one
    """

    line: models.BaseModel
    quantity: float
    due: date | None


class Progress(NamedTuple):
    """How far the quotations are that an order line waits for.

    :param vendors: how many there are
    :param asked: of them were asked
    :param answered: of those have answered
    :param day: on which the customer would have the goods of the earliest answer;
        nothing: nobody knows
    """

    vendors: int
    asked: int
    answered: int
    day: date | None


class SupplyQuotes(models.AbstractModel):
    """Alternative quotations beside each other: what they cost, when their goods come,
    which customers that is early enough for, and what it takes to order them.

    Everything is worked out when somebody looks; nothing is kept but what was chosen
    between (``supply.quote``). Choosing goes Odoo's own ways.
    """

    _name = "supply.quotes"
    _description = "Comparison of Quotations"

    # ------------------------------------------------------------
    # ENTRY
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_comparison(self, order_id):
        """Return a quotation and its alternatives, beside each other.

        Amounts are in company currency, without taxes, at the rate of today.

        :param int order_id: id of one of them, which the user may read
        :rtype: dict
        :raises AccessError: the user buys nothing
        :raises UserError: it has no alternatives
        """
        order = self._get_order(order_id, "read")
        rivals = order._get_rivals()
        engine = as_system(self, for_texts=True).with_company(order.company_id)
        orders = as_system(rivals, for_texts=True).with_env(engine.env)
        return {
            "order_id": order.id,
            "name": order.name,
            "can_choose": order.has_access("write"),
            "stamp": engine._get_stamp(orders),
            "currency_id": order.company_id.currency_id.id,
            "shows_cash": self._may_read_cash(),
            **engine._compare(orders, self._may_read_cash()),
        }

    @api.model
    def _get_order(self, order_id, operation):
        """Return a purchase order that a buyer may read, or change."""
        self.env["supply.need"].check_access("read")  # buyers only
        if type(order_id) is not int:
            raise UserError(self.env._("Open the comparison from a quotation."))
        order = self.env["purchase.order"].browse(order_id).exists()
        if not order:
            raise UserError(self.env._("It has been deleted."))
        order._check_rivals(operation)
        return order

    @api.model
    def _may_read_cash(self):
        return any(map(self.env.user.has_group, ACCOUNTING.split(",")))

    @api.model
    def _get_stamp(self, orders):
        """Return what changes when what one would choose from does; dates are news."""
        lines = orders.order_line.sorted("id")
        return ";".join(
            [
                *(f"{order.id} {order.state}" for order in orders),
                *(
                    f"{line.id} {line.product_qty:.6f} {line.price_unit:.6f} "
                    f"{line.discount:.6f}"
                    for line in lines
                    if not line.display_type
                ),
            ]
        )

    # ------------------------------------------------------------
    # BESIDE EACH OTHER
    # ------------------------------------------------------------

    @api.model
    def _compare(self, orders, shows_cash):
        """Return the quotations and the products that they offer."""
        company = orders.company_id
        offers, extras = self.env["supply.offer"]._get_offers(orders)
        standing = self.env["supply.offer"]._stand(offers, extras)
        lines = orders.order_line.browse(
            id_ for offer in offers.values() for id_ in offer.lines.ids
        )
        waiting = self._read_waiting(orders, lines, standing.asked)
        sale_lines = lines.env["sale.order.line"].browse(
            {each.line.id for group in waiting.values() for each in group}
        )
        facts = self.env["supply.facts"]._read_facts(sale_lines) if sale_lines else {}
        reading = Reading(self.env, company, facts)
        reading.paces = self.env["supply.pace"]._read_paces(company, orders.partner_id)
        self.env["supply.holder"]._read_purchases(reading, orders.order_line)
        arrivals = self._read_arrivals(reading, lines)
        products, slacks = [], defaultdict(list)
        for product in standing.asked:
            found = self._describe_product(
                reading, product, offers, standing, waiting[product], arrivals
            )
            for offer in found["offers"]:
                slacks[offer["order_id"]].append(offer)
            products.append(found)
        cash = self._get_cash(reading, orders, slacks)
        budgets = self._get_budgets(orders)
        quotations = [
            {
                **self._describe_quotation(reading, order, standing, slacks[order.id]),
                "freight": self._to_amount(company, extras[order]),
                **budgets.get(order.id, {"budget_left": None, "budget": False}),
                **cash.get(order.id, {"cash_low": None, "is_under_floor": False}),
            }
            for order in orders
        ]
        self._mark(quotations, COLUMNS)
        if not shows_cash:
            for quotation in quotations:
                quotation["cash_low"] = None
                quotation["best"] = [x for x in quotation["best"] if x != "cash_low"]
        return {
            "quotations": quotations,
            "products": products,
            "is_decided": self._is_decided(products),
        }

    @api.model
    def _mark(self, rows, columns):
        """Note in which columns each row has the best value, of what is not ordered."""
        best = {
            column: find_best(
                {
                    number: row[column]
                    for number, row in enumerate(rows)
                    # a quotation that lacks goods may be cheap only because of that
                    if row["is_open"] and (column != "total" or not row["lacks"])
                },
                highest,
            )
            for column, highest in columns.items()
        }
        for number, row in enumerate(rows):
            row["best"] = [column for column in columns if number in best[column]]

    @api.model
    def _is_decided(self, products):
        """Tell whether of each product one quotation is left."""
        return bool(products) and all(
            sum(each["is_taken"] for each in product["offers"]) == 1
            for product in products
        )

    @api.model
    def _to_amount(self, company, units):
        return company.currency_id.round(units * company.currency_id.rounding)

    @api.model
    def _describe_product(self, reading, product, offers, standing, waiting, arrivals):
        """Return what the quotations offer of a product, and who waits for it."""
        rows = []
        rounding = reading.company.currency_id.rounding
        for (order, of_product), offer in offers.items():
            if of_product != product:
                continue
            price = standing.price(Bid(order, product, offer.quantity, offer.amount))
            likely, safe, is_direct = self._get_arrival(arrivals, offer.lines)
            slacks = [
                self._get_slack(reading, each, likely, is_direct) for each in waiting
            ]
            known = [slack for slack in slacks if slack is not None]
            rows.append(
                {
                    "order_id": order.id,
                    "vendor": order.partner_id.display_name,
                    "name": order.name,
                    "is_open": order.state in OPEN,
                    "lacks": False,
                    "line_ids": offer.lines.ids,
                    "quantity": offer.quantity,
                    "price": price if price is None else float(price) * rounding,
                    "discount": max(offer.lines.mapped("discount"), default=0.0),
                    "arrival": self._to_day(reading, likely),
                    "safe": self._to_day(reading, safe),
                    "slack": min(known, default=None),
                    "slacks": slacks,
                    "is_zeroed": offer.is_zeroed,
                    "is_taken": order.state != "cancel"
                    and any(offer.lines.mapped("product_qty")),
                    "can_choose": order.state in QUOTED and offer.quantity > 0,
                }
            )
        self._mark(rows, OFFER_COLUMNS)
        return {
            "id": product.id,
            "name": product.display_name,
            "unit": product.uom_id.name,
            "asked": standing.asked[product],
            "customers": [
                {
                    "name": each.line.order_id.partner_id.display_name,
                    "order": each.line.order_id.name,
                    "quantity": each.quantity,
                    "due": fields.Date.to_string(each.due) or False,
                }
                for each in waiting
            ],
            "offers": rows,
        }

    @api.model
    def _describe_quotation(self, reading, order, standing, offers):
        """Return what is said of a quotation as a whole."""
        states = dict(order._fields["state"]._description_selection(self.env))
        known = reading.purchases[order.id]
        vendor, paces = order.partner_id, reading.paces
        on_time, late = (paces.known(kind, vendor) for kind in ("on_time", "vendor"))
        days = [offer["arrival"] for offer in offers if offer["is_taken"]]
        days = days or [offer["arrival"] for offer in offers]
        slacks = [each["slack"] for each in offers if each["slack"] is not None]
        total = standing.totals.get(order)
        is_open = order.state in OPEN
        steps = self._describe_approval(order, known) if is_open else []
        # without a past and without limits nobody knows how long
        hours = known["approval"].likely or (None if steps else 0.0)
        return {
            "id": order.id,
            "name": order.name,
            "vendor": vendor.display_name,
            "state": order.state,
            "state_label": states[order.state],
            "is_open": is_open,
            "can_choose": order.state in QUOTED,
            "is_asked": order._is_quote_asked(),
            "is_answered": order._is_quote_answered(),
            "answers": len(order.supply_answer_ids),
            "total": total
            if total is None
            else self._to_amount(order.company_id, total),
            "lacks": [each.display_name for each in standing.lacking.get(order, ())],
            "arrival": max(days) if days and all(days) else None,
            "slack": min(slacks, default=None),
            "on_time": on_time.on_time if on_time else None,
            "late": late.likely if late else None,
            "cases": known_by.sample if (known_by := on_time or late) else 0,
            "deposit": self._get_deposit(reading, order),
            "approval": steps,
            "approval_hours": hours if is_open else None,
        }

    # ------------------------------------------------------------
    # WHEN THE GOODS COME, AND WHO WAITS FOR THEM
    # ------------------------------------------------------------

    @api.model
    def _read_arrivals(self, reading, lines):
        """Return likely and safe moment of what lines bring into the stock, as promises
        have it, and whether the vendor brings it to the customer; by id of the line."""
        arrivals, found = lines._get_supply_arrivals(), {}
        for line in lines:
            guess, width, is_direct = self.env["supply.arrival"]._estimate_purchase(
                reading, line.id, *arrivals[line]
            )
            found[line.id] = *guess.span(reading.calendar, width), is_direct
        return found

    @api.model
    def _get_arrival(self, arrivals, lines):
        """Return when the last of some lines comes."""
        found = [arrivals[id_] for id_ in lines.ids]
        return (
            max(likely for likely, _safe, _direct in found),
            max(safe for _likely, safe, _direct in found),
            all(direct for _likely, _safe, direct in found),
        )

    @api.model
    def _to_day(self, reading, moment):
        if moment == NEVER:
            return None
        return fields.Date.to_string(reading.calendar.day(moment))

    @api.model
    def _get_slack(self, reading, waiting, likely, is_direct):
        """Return the days between when a customer has it and the deadline; below zero
        it is late. Nothing where one of both is not known."""
        if not waiting.due or likely == NEVER or waiting.line.id not in reading.facts:
            return None
        terms = self.env["supply.outlook"]._get_terms(reading, waiting.line, is_direct)
        day = terms.day(likely, reading.calendar)
        return (waiting.due - day).days if day else None

    @api.model
    def _read_waiting(self, orders, lines, asked):
        """Return who waits for the products of quotations, by product.

        First those for whose orders they were made; what is left of the largest
        quantity would serve who lacks the product in the same warehouse, in the order
        of the hot list.
        """
        exact = self._read_exact(lines)
        promises = self.env["supply.promise"].search(
            [
                ("is_open", "=", True),
                ("sale_line_id", "in", list({id_ for _product, id_ in exact})),
            ]
        )
        due = {each.sale_line_id.id: each._get_due() for each in promises}
        found = {product: [] for product in asked}
        sale_lines = self.env["sale.order.line"].browse({id_ for _, id_ in exact})
        for (product, id_), quantity in exact.items():
            line = sale_lines.browse(id_).with_prefetch(sale_lines.ids)
            found[product].append(Waiting(line, quantity, due.get(id_) or None))
        for group in found.values():
            group.sort(key=lambda each: (each.due or date.max, each.line.id))
        left = {
            product: quantity - sum(each.quantity for each in found[product])
            for product, quantity in asked.items()
        }
        for promise in self._find_short(orders, [p for p in left if left[p] > 0]):
            product = promise.product_id
            line = promise.sale_line_id
            if left[product] <= 0 or (product, line.id) in exact:
                continue
            quantity = min(left[product], promise.quantity_short)
            left[product] -= quantity
            found[product].append(Waiting(line, quantity, promise._get_due() or None))
        return {product: group[:MOST_CUSTOMERS] for product, group in found.items()}

    @api.model
    def _read_exact(self, lines):
        """Return how much of each product was asked for which order line: alternatives
        compete for the same."""
        links = self.env["supply.link"].search(
            [("purchase_line_id", "in", lines.ids), ("state", "=", "open")]
        )
        by_line, exact = defaultdict(float), {}
        for link in links:
            if link.sale_line_id:
                purchase = link.purchase_line_id
                key = purchase.product_id, link.sale_line_id.id, purchase.order_id.id
                by_line[key] += link.quantity
        for (product, sale_line, _order), quantity in by_line.items():
            key = product, sale_line
            exact[key] = max(exact.get(key, 0.0), quantity)
        return exact

    @api.model
    def _find_short(self, orders, products):
        """Return the promises of what nobody has bought, the most pressing first."""
        if not products:
            return self.env["supply.promise"]
        found = self.env["supply.promise"].search(
            [
                ("company_id", "=", orders.company_id.id),
                ("is_open", "=", True),
                ("is_ordered", "=", True),
                ("quantity_short", ">", 0),
                ("product_id", "in", [product.id for product in products]),
                (
                    "order_id.warehouse_id",
                    "in",
                    orders.picking_type_id.warehouse_id.ids,
                ),
            ],
            limit=MOST_SHORT,
        )
        return found.sorted(
            lambda each: (
                -each.urgency,
                FIRST if each.risk == "unknown" else each.slack_days,
            )
        )

    # ------------------------------------------------------------
    # WHAT ORDERING ASKS FOR
    # ------------------------------------------------------------

    @api.model
    def _get_deposit(self, reading, order):
        """Return what the vendor wants before it begins, in company currency: what the
        rule of deposits would ask for, or what was agreed."""
        company = order.company_id
        amount = sum(each["amount"] for each in reading.purchases[order.id]["planned"])
        if order.state == "purchase":
            agreed = order.sudo().deposit_ids.filtered(
                lambda deposit: deposit.state != "cancelled"
            )
            amount = sum(agreed.mapped("amount"))
        return self._to_amount(
            company, round(amount * self.env["supply.offer"]._get_rate(order))
        )

    @api.model
    def _describe_approval(self, order, known):
        """Return who has to approve a quotation, or will have to, step by step."""
        words, steps = self.env["supply.promise.words"], []
        if request := known["request"]:
            tasks = request.task_ids.filtered(
                lambda task: task.state in ("active", "waiting")
            )
            for name, group in tasks.grouped("step_name").items():
                people = words._name_people(group.holder_id.ids)
                steps.append({"name": name, "people": people})
            return steps
        requester = order._approval_requester()
        excluded = (
            requester | order._approval_excluded_users() | order._approval_get_editors()
        )
        if not known["rule"] and not order._approval_allowed():
            own = {
                "name": self.env._("Odoo's own approval"),
                "people": self.env._("a purchase manager"),
            }
            return [own]
        for step in known["rule"].step_ids:
            if not step._falls_away(order):
                people = step._find_approvers(order, requester) - excluded
                steps.append(
                    {"name": step.name, "people": words._name_people(people.ids)}
                )
        return steps

    @api.model
    def _get_budgets(self, orders):
        """Return what ordering leaves of the budget that has the least left then, by id
        of the quotation."""
        orders = orders.filtered(lambda order: order.state in OPEN)
        if not orders or not self.env["spend.control"]._in_use():
            return {}
        found = {}
        for order, rows in orders._budget_impacts().items():
            if rows:
                row = min(rows, key=lambda row: row["after"])
                found[order.id] = {
                    "budget_left": row["after"],
                    "budget": row["line"].display_name,
                    "budget_verdict": row["verdict"],
                }
        return found

    @api.model
    def _get_cash(self, reading, orders, offers):
        """Return how low cash falls with the deposits of each quotation, by its id;
        nothing where none of them asks for one.

        Bills are in nobody's projection before they are there.

        :param offers: what each quotation offers, by its id
        """
        planned = {
            order: reading.purchases[order.id]["planned"]
            for order in orders
            if order.state in OPEN
        }
        if not any(planned.values()):
            return {}
        today, company = reading.today, reading.company
        days = self.env["supplier.deposit"]._project_cash(company, today)
        end, flows, before = fields.Date.add(today, days=DAYS), [], 0.0
        for day, balance in days:
            flows.append((day, balance - before))
            before = balance
        found = {}
        for order, deposits in planned.items():
            arrival = max(
                (each["arrival"] or "" for each in offers[order.id]), default=""
            )
            extra, rate = [], self.env["supply.offer"]._get_rate(order)
            for values in deposits:
                due = today
                if values["is_dated"] and arrival:
                    due = fields.Date.subtract(
                        fields.Date.to_date(arrival), days=values["days_before"]
                    )
                amount = self._to_amount(company, round(values["amount"] * rate))
                extra.append((max(due, today), -amount))
            together = project(0.0, [*flows, *extra], today, end)
            since = min((day for day, _amount in extra), default=today)
            _day, low = lowest(together, since)
            _day, low_ever = lowest(together, today)
            floors = (
                self.env["account.journal"]
                .browse({values["journal_id"] for values in deposits})
                .mapped("cash_floor")
            )
            found[order.id] = {
                "cash_low": low_ever,
                "is_under_floor": bool(extra) and any(low < f for f in floors if f),
            }
        return found

    # ------------------------------------------------------------
    # FOR CUSTOMER CARE: states and days, no amounts and no vendors
    # ------------------------------------------------------------

    @api.model
    def _read_progress(self, lines, unbought):
        """Return how far the quotations are that order lines wait for, by id; nothing
        for lines that no alternatives are there for, or of which one is chosen.

        :param lines: ``sale.order.line``
        :param dict unbought: whether nobody has bought it, by id of the line
        :rtype: dict
        """
        quotes = as_system(self)
        lines, found = lines.with_env(quotes.env), {}
        serving = quotes._find_quoted(lines, unbought) if lines else {}
        for company, group in lines.browse(serving).grouped("company_id").items():
            looking = quotes.with_company(company)
            found |= looking._measure_progress(
                company.with_env(looking.env),
                group.with_env(looking.env),
                {id_: serving[id_].with_env(looking.env) for id_ in group.ids},
            )
        return found

    @api.model
    def _find_quoted(self, lines, unbought):
        """Return the purchase lines of undecided alternatives, by id of the order line
        that they would serve."""
        undecided = [
            ("purchase_line_id.order_id.purchase_group_id", "!=", False),
            ("purchase_line_id.order_id.state", "in", QUOTED),
        ]
        links = self.env["supply.link"].search(
            [("sale_line_id", "in", lines.ids), ("state", "=", "open"), *undecided]
        )
        found = {
            line.id: group.purchase_line_id
            for line, group in links.grouped("sale_line_id").items()
        }
        free = lines.filtered(lambda line: unbought[line.id] and line.id not in found)
        if free:
            bought = self.env["purchase.order.line"].search(
                [
                    ("product_id", "in", free.product_id.ids),
                    ("order_id.purchase_group_id", "!=", False),
                    ("order_id.state", "in", QUOTED),
                    ("sale_line_id", "=", False),
                    ("move_dest_ids", "=", False),
                ]
            )
            places = bought.grouped(
                lambda line: (
                    line.product_id,
                    line.order_id.picking_type_id.warehouse_id,
                    line.company_id,
                )
            )
            for line in free:
                key = line.product_id, line.order_id.warehouse_id, line.company_id
                if key in places:
                    found[line.id] = places[key]
        groups = self.env["purchase.order.group"].union(
            *(each.order_id.purchase_group_id for each in found.values())
        )
        decided = groups.order_ids.filtered(
            lambda order: order.state in ("to approve", "purchase")
        ).purchase_group_id
        found = {
            id_: each.filtered(
                lambda line: line.order_id.purchase_group_id not in decided
            )
            for id_, each in found.items()
        }
        return {id_: each for id_, each in found.items() if each}

    @api.model
    def _measure_progress(self, company, lines, serving):
        """Return the progress of order lines of a company, by id.

        :param dict serving: purchase lines by id of the order line
        """
        bought = self.env["purchase.order.line"].union(*serving.values())
        reading = Reading(
            self.env, company, self.env["supply.facts"]._read_facts(lines)
        )
        reading.paces = self.env["supply.pace"]._read_paces(
            company, bought.order_id.partner_id
        )
        self.env["supply.holder"]._read_purchases(reading, bought)
        arrivals, found = self._read_arrivals(reading, bought), {}
        for line in lines:
            orders, days = serving[line.id].order_id, []
            answered = orders.filtered(lambda order: order._is_quote_answered())
            asked = orders.filtered(lambda order: order._is_quote_asked()) | answered
            for order in answered:
                own = serving[line.id] & order.order_line
                likely, _safe, is_direct = self._get_arrival(arrivals, own)
                terms = self.env["supply.outlook"]._get_terms(reading, line, is_direct)
                if likely != NEVER:
                    days.append(terms.day(likely, reading.calendar))
            day = min(filter(None, days), default=None)
            found[line.id] = Progress(len(orders), len(asked), len(answered), day)
        return found

    # ------------------------------------------------------------
    # CHOOSING
    # ------------------------------------------------------------

    @api.model
    def choose(self, order_id, stamp):
        """Order one quotation as a whole; its alternatives are cancelled when it is
        confirmed, which may have to be approved first.

        :param int order_id: id of the quotation
        :param str stamp: of the comparison that the user saw
        :return: an action, where Odoo has something to ask
        :raises UserError: what the user saw is not true any more, or one of them
            waits for approval
        """
        order, rivals = self._get_free_rivals(order_id, stamp)
        order._restore_quantities(order.order_line)
        self.env["supply.offer"]._keep(order.order_line, "chosen")
        return self._confirm(order, rivals - order)

    @api.model
    def choose_product(self, order_id, product_id, stamp):
        """Choose one quotation for one product: the others lose their quantities of it.

        Nothing is ordered, and another one can be chosen until then.

        :param int order_id: id of the quotation
        :param int product_id: id of the product
        :param str stamp: of the comparison that the user saw
        :raises UserError: as above, or it offers nothing of it
        """
        order, _rivals = self._get_free_rivals(order_id, stamp)
        lines = order.order_line.filtered(
            lambda line: line.product_id.id == product_id and not line.display_type
        )
        order._restore_quantities(lines)
        if not any(lines.mapped("product_qty")):
            raise UserError(
                self.env._("%s offers none of it.", order.partner_id.display_name)
            )
        lines.action_choose()
        return True

    @api.model
    def order_chosen(self, order_id, stamp):
        """Order what was chosen product by product; quotations of which nothing was
        are cancelled when the others are confirmed.

        :param int order_id: id of one of the quotations
        :param str stamp: of the comparison that the user saw
        :return: as for :meth:`choose`
        :raises UserError: as above, or of a product several are left
        """
        order, rivals = self._get_free_rivals(order_id, stamp)
        orders = as_system(rivals | order._get_rivals())
        offers, _extras = as_system(self.env["supply.offer"])._get_offers(orders)
        takers = defaultdict(set)
        for (each, product), offer in offers.items():
            if any(offer.lines.mapped("product_qty")):
                takers[product].add(each.id)
        doubtful = [product for product, ids in takers.items() if len(ids) > 1]
        if doubtful:
            raise UserError(
                self.env._(
                    "Choose one vendor first for: %s.",
                    ", ".join(product.display_name for product in doubtful),
                )
            )
        winners = rivals.filtered(
            lambda each: any(each.id in ids for ids in takers.values())
        )
        if not winners:
            raise UserError(self.env._("Nothing is chosen that could be ordered."))
        self.env["supply.offer"]._keep(winners.order_line, "chosen")
        return self._confirm(winners, rivals - winners)

    @api.model
    def _get_free_rivals(self, order_id, stamp):
        """Return a quotation, and all of its group that can be chosen from.

        Of two who choose at once the second begins again, and is told.
        """
        order = self._get_order(order_id, "write")
        group = order.purchase_group_id.sudo()
        group.lock_for_update()
        group.write({"order_ids": []})
        group.flush_recordset()
        rivals = order._get_rivals()
        if stamp != self._get_stamp(as_system(rivals)):
            raise UserError(
                self.env._(
                    "The quotations have changed since you opened them. Look at them "
                    "again, and choose then."
                )
            )
        waiting = rivals.filtered(lambda each: each.state == "to approve")
        if waiting:
            raise UserError(
                self.env._(
                    "%s waits for approval already. Withdraw it before you choose "
                    "another one.",
                    ", ".join(waiting.mapped("name")),
                )
            )
        rivals = rivals.filtered(lambda each: each.state in QUOTED)
        if order not in rivals:
            raise UserError(self.env._("%s is ordered already.", order.name))
        rivals.check_access("write")
        return order, rivals

    @api.model
    def _confirm(self, winners, losers):
        """Confirm quotations as Odoo does when alternatives are to be cancelled: where
        an approval is needed they fall with it, not before."""
        if losers:
            result = (
                self.env["purchase.requisition.alternative.warning"]
                .create({"po_ids": winners.ids, "alternative_po_ids": losers.ids})
                .action_cancel_alternatives()
            )
        else:
            result = winners.with_context(skip_alternative_check=True).button_confirm()
        return result if isinstance(result, dict) else False
