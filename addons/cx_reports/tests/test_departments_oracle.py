"""What departments see of themselves, and what their customers got, against plain
Python: it looks at each record there is, with a calendar and a clock, and adds up."""

from datetime import timedelta
from random import Random

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.approval_matrix.tests.users import new_user
from odoo.addons.supply_link.tests.pool_common import TODAY

from .common import ReportCommon, local_day, moment

#: Who holds what waits with a department.
HOLDERS = {
    "care": ("sales", "customer"),
    "approver": ("approver",),
    "purchase": ("buyer", "vendor"),
    "account": ("accounting",),
    "stock": ("warehouse",),
}
RISKS = ("late", "unknown", "unsafe", "safe", "open", None)


@tagged("post_install", "-at_install")
class TestDepartmentsOracle(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.excess_policy = "allow"
        cls.far = cls.env["res.company"].create({"name": "Far"})
        cls.boss = new_user(
            cls.env,
            "cx-boss",
            groups="base.group_user,purchase.group_purchase_manager,"
            "sales_team.group_sale_manager,account.group_account_manager,"
            "stock.group_stock_manager,approval_matrix.group_approval_manager",
            company_id=cls.company.id,
            company_ids=[Command.set((cls.company | cls.far).ids)],
            tz="America/Lima",
        )
        cls.env["approval.rule"].create(
            {
                "name": "Dear ones",
                "model_id": cls.env["ir.model"]._get_id("purchase.order"),
                "company_id": cls.company.id,
                "amount_min": 1000,
                "allow_same_person": True,
                "step_ids": [
                    Command.create(
                        {"name": name, "user_ids": [Command.set(cls.boss.ids)]}
                    )
                    for name in ("Manager", "Director")
                ],
            }
        )

    def test_random_departments(self):
        """Also what is flagged: for what customers got, for what waits, for both."""
        random, seen, edges = Random(41), set(), set()
        self._make_records(random)
        for number in range(60):
            self._change_all(random)
            days = random.choice([30, 90])
            # in the evening it is tomorrow already where the company is
            now = TODAY + timedelta(hours=random.choice([0, 8]))
            companies = random.choice([self.company, self.company | self.far])
            with self.subTest(number=number, days=days), self._at(now):
                self.today = local_day(now)
                found = self._read(days, companies)
                expected = self._count_all(days, companies)
                self.assertEqual(found, expected)
                for key, row in expected.items():
                    seen.add(self._get_reason(key, row))
                    edges |= self._find_edges(key, row)
        # good with what customers got too little, late, both, and none of it
        reasons = {reason[2:] for reason in seen if reason[1]}
        both = (True, False)
        self.assertEqual(reasons, {(got, waits) for got in both for waits in both})
        self.assertEqual(edges, {"own", "waiting"})
        for key in HOLDERS:
            own = {is_good for each, is_good, *_rest in seen if each == key}
            self.assertEqual(own, {True, False}, key)

    # ------------------------------------------------------------
    # RECORDS
    # ------------------------------------------------------------

    def _make_records(self, random):
        """Make what figures are counted of; what it says is changed later."""
        self.sold = []
        for _line in range(16):
            line, delivered_at = self._order(2, wanted=-10), None
            if random.random() < 0.9:
                delivered_at = self._draw(random)
                self._deliver(line, 2, delivered_at)
            self.sold.append((line, delivered_at))
        self.bought = [self._buy(random) for _purchase in range(12)]
        self.links = self.env["supply.link"].create(
            [
                {
                    "sale_line_id": line.id,
                    "purchase_line_id": bought.id,
                    "product_id": self.product.id,
                    "kind": random.choice(["bought_for", "mto", "candidate"]),
                    "state": "received",
                    "quantity": 2,
                    "company_id": self.company.id,
                }
                for line, _delivered_at in self.sold
                for bought, _moves in random.sample(self.bought, random.randint(0, 2))
            ]
        )
        self._make_deposits(random)
        self._make_transfers()
        order = self.sold[0][0].order_id
        self._ask_often(order)

    def _buy(self, random):
        """Return a line that was bought, some of them with an approval, and when how
        many came."""
        price = random.choice([1, 1, 1000])
        line = self._purchase(2, moment(self._day(-12)), price_unit=price)
        order = line.order_id
        if order.state == "to approve" and random.random() < 0.7:
            while order.state == "to approve":
                order.with_user(self.boss).action_approve()
        order.picking_ids.action_cancel()
        received = []
        if order.state == "purchase":
            for quantity in random.choice([[2], [2], [1, 1], [1], [3]]):
                when = self._draw(random)
                values = {"purchase_line_id": line.id}
                self._move(self.suppliers, self.stock, quantity, when, **values)
                received.append((when, quantity))
        return line, received

    def _make_deposits(self, random):
        bought = [line.order_id for line, _received in self.bought]
        self.deposits = (
            self.env["supplier.deposit"]
            ._engine(self.company)
            .create(
                [
                    {
                        "name": "Deposit",
                        "order_id": order.id,
                        "company_id": self.company.id,
                        "partner_id": order.partner_id.id,
                        "currency_id": order.currency_id.id,
                        "amount": 1,
                        "date_due": self._day(-1),
                        "stage": "due",
                    }
                    for order in random.choices(bought[:5], k=14)
                ]
            )
        )

    def _make_transfers(self):
        types = self.warehouse.out_type_id, self.warehouse.in_type_id
        self.transfers = self.env["stock.picking"].create(
            [
                {
                    "picking_type_id": types[number % 4 == 0].id,
                    "location_id": self.stock.id,
                    "location_dest_id": self.customers.id,
                }
                for number in range(18)
            ]
        )

    def _ask_often(self, order):
        questions = self.env["supply.question"].sudo()
        values = questions._prepare_question(order, "care", self.env.user)
        self.questions = questions._system_create(
            [{**values, "text": f"When? {number}"} for number in range(18)]
        )

    # ------------------------------------------------------------
    # WHAT THEY SAY
    # ------------------------------------------------------------

    def _draw(self, random):
        """Return a moment, often about the midnight in which a period begins or
        ends."""
        day = random.choice([-90, -30, 0]) + random.randint(-2, 2)
        if random.random() < 0.6:
            day = -random.randint(1, 29)
        day = self._day(min(day, -1))
        return moment(day, random.choice([0, 6, 7, 23]), random.randint(0, 59))

    def _draw_limit(self, random, done_at, share):
        """Return a moment by which something was to be done, that often not before."""
        minutes = random.choice([0, 1, 90, 3000])
        if random.random() < share:
            return done_at + timedelta(minutes=minutes)
        return done_at - timedelta(minutes=minutes or 1)

    def _draw_day(self, random, done_at, share):
        """Return a day by which something was to be done, likewise."""
        days = random.choice([0, 0, 1, 3])
        is_kept = random.random() < share
        return local_day(done_at) + timedelta(days=days if is_kept else -days or -1)

    def _change(self, record, **values):
        """Write columns past Odoo, whose rules would not let them be anything."""
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = %s",
                SQL.identifier(record._table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in values.items()
                ),
                record.id,
            )
        )

    def _change_all(self, random):
        self.env.flush_all()

        def company():
            return (self.company if random.random() < 0.8 else self.far).id

        def share():
            return random.choice([0.5, 0.95, 1])

        self._change_promises(random, share())
        self._change_purchases(random, share())
        self._change_tasks(random, share(), company)
        self._change_deposits(random, share(), company)
        often = share()
        for transfer in self.transfers:
            done_at = self._draw(random)
            self._change(
                transfer,
                company_id=company(),
                state=random.choice(["done"] * 5 + ["assigned", "cancel"]),
                date_done=done_at,
                date_deadline=random.choice(
                    [self._draw_limit(random, done_at, often)] * 6 + [None]
                ),
            )
        often = share()
        for question in self.questions:
            closed_at = self._draw(random)
            state = random.choice(["answered"] * 6 + ["open", "withdrawn"])
            self._change(
                question,
                company_id=company(),
                department=random.choice(["care"] * 5 + ["purchase"]),
                state=state,
                answer="Soon" if state == "answered" else None,
                closed_at=None if state == "open" else closed_at,
                due_at=random.choice(
                    [self._draw_limit(random, closed_at, often)] * 6 + [None]
                ),
            )
        if random.random() < 0.25:  # exactly four of five are in time
            closed_at = moment(self._day(-5))
            for number, question in enumerate(self.questions):
                self._change(
                    question,
                    company_id=self.company.id,
                    department="purchase" if number > 4 else "care",
                    state="answered",
                    answer="Soon",
                    closed_at=closed_at,
                    due_at=closed_at - timedelta(minutes=not number),
                )
        self.env.invalidate_all()

    def _change_promises(self, random, often):
        """Let customers have wanted other days, and promises wait with others."""
        holders = [holder for holders in HOLDERS.values() for holder in holders]
        holders = random.sample([*holders, "nobody"], random.choice([1, 2]))
        late = random.choice([0, 0.3, 0.8])
        for line, delivered_at in self.sold:
            done_at = delivered_at or self._draw(random)
            self._change(
                self.promises.search([("sale_line_id", "=", line.id)]),
                ordered_wanted_on=self._draw_day(random, done_at, often),
                is_open=random.random() < 0.9,
                is_ordered=random.random() < 0.9,
                holder_kind=random.choice(holders),
                risk=random.choice(RISKS[:2] if random.random() < late else RISKS[2:]),
            )

        if random.random() < 0.25:  # exactly so many are late
            for number, (line, _delivered_at) in enumerate(self.sold):
                self._change(
                    self.promises.search([("sale_line_id", "=", line.id)]),
                    is_open=number < 5,
                    is_ordered=True,
                    holder_kind=holders[0],
                    risk="safe" if number else "late",
                )

    def _change_purchases(self, random, often):
        """Let other days be planned for goods."""
        for line, received in self.bought:
            last = max((when for when, _quantity in received), default=None)
            day = self._draw_day(random, last or self._draw(random), often)
            hour = random.choice([0, 6, 7, 23])
            self._change(line, date_planned=moment(day, hour))

    def _change_tasks(self, random, often, company):
        for task in self.env["approval.task"].search(
            [("company_id", "in", (self.company | self.far).ids)]
        ):
            decided_at = self._draw(random)
            state = random.choice(["approved"] * 4 + ["rejected", "forwarded"] * 2)
            is_open = random.random() < 0.2
            due_at = self._draw_limit(random, decided_at, often)
            self._change(
                task,
                company_id=company(),
                state="active" if is_open else state,
                activated_at=decided_at - timedelta(minutes=random.randint(1, 3000)),
                decided_at=None if is_open else decided_at,
                paused_at=decided_at if is_open and random.random() < 0.5 else None,
                due_at=random.choice([due_at] * 6 + [None]),
            )

    def _change_deposits(self, random, often, company):
        for deposit in self.deposits:
            due_on = local_day(self._draw(random))
            late = random.randint(1, 9)
            late = -random.randint(0, 9) if random.random() < often else late
            state = random.choice(["paid"] * 4 + ["done", "due", "cancelled"])
            is_paid = state in ("paid", "done")
            self._change(
                deposit,
                company_id=company(),
                state=state,
                date_due=due_on,
                date_paid=due_on + timedelta(days=late) if is_paid else None,
            )

    # ------------------------------------------------------------
    # WHAT IS RIGHT
    # ------------------------------------------------------------

    def _read(self, days, companies):
        overview = self.env["cx.overview"].with_user(self.boss)
        overview = overview.with_context(
            allowed_company_ids=companies.ids, tz="America/Lima"
        )
        rows = overview.get_overview(days)["departments"]
        flags = [row["is_flagged"] for row in rows]
        self.assertEqual(flags, sorted(flags, reverse=True), "flagged ones come first")
        for row in rows:
            for share in (row["own"], row["outcome"]):
                if share["count"]:
                    percent = 100 * share["kept"] / share["count"]
                    self.assertAlmostEqual(share["percent"], percent)
                else:
                    self.assertIsNone(share["percent"])
        return {
            row["key"]: {
                "own": (row["own"]["kept"], row["own"]["count"]),
                "outcome": (row["outcome"]["kept"], row["outcome"]["count"]),
                "waiting": (row["waiting"]["late"], row["waiting"]["count"]),
                "is_flagged": row["is_flagged"],
            }
            for row in rows
        }

    def _count_all(self, days, companies):
        """Return what the page should say, by department."""
        owns = {
            "care": self._judge_answers,
            "approver": self._judge_steps,
            "purchase": self._judge_receipts,
            "account": self._judge_payments,
            "stock": self._judge_transfers,
        }
        first, found = self.today - timedelta(days=days), {}

        def is_asked(day):
            return first <= day <= self.today - timedelta(days=1)

        lines = list(self._judge_lines(is_asked))
        for key, judge in owns.items():
            own = list(judge(is_asked, companies))
            got = [is_met for places, is_met in lines if key in places]
            waits = list(self._judge_promises(HOLDERS[key]))
            row = {
                name: (sum(values), len(values))
                for name, values in (("own", own), ("outcome", got), ("waiting", waits))
            }
            if own or got or waits:
                reason = self._get_reason(key, row)[1:]
                found[key] = row | {"is_flagged": reason[0] and any(reason[1:])}
        return found

    def _get_reason(self, key, row):
        """Return whether its own figure is good, customers got too little, and what
        waits is late: of five at least four, and no more than one of five."""
        (own, of_own), (met, of_met), (late, of_late) = (
            row[name] for name in ("own", "outcome", "waiting")
        )
        return (
            key,
            of_own > 4 and 5 * own >= 4 * of_own,
            of_met > 4 and 5 * met < 4 * of_met,
            of_late > 4 and 5 * late > of_late,
        )

    def _find_edges(self, key, row):
        """Return which shares are exactly those at which a department is flagged, or
        is not, and which decide about it."""
        (own, of_own), (late, of_late) = row["own"], row["waiting"]
        _key, is_good, is_missed, is_late = self._get_reason(key, row)
        edges = set()
        if of_own > 4 and 5 * own == 4 * of_own and (is_missed or is_late):
            edges.add("own")
        if of_late > 4 and 5 * late == of_late and is_good and not is_missed:
            edges.add("waiting")
        return edges

    def _judge_lines(self, is_asked):
        """Yield the departments that a line went through, and whether all was there
        by the end of the day it was wanted for."""
        for line, delivered_at in self.sold:
            links = self.links.filtered(
                lambda link, line=line: (
                    link.sale_line_id == line and link.kind != "candidate"
                )
            )
            orders = links.purchase_line_id.order_id
            places = {"care", "stock"}
            if links:
                places.add("purchase")
            if any(self._get_tasks(order) for order in orders):
                places.add("approver")
            if any(
                deposit.order_id in orders and deposit.state != "cancelled"
                for deposit in self.deposits
            ):
                places.add("account")
            promise = self.promises.search([("sale_line_id", "=", line.id)])
            day = promise.ordered_wanted_on
            if is_asked(day):
                yield places, bool(delivered_at) and local_day(delivered_at) <= day

    def _get_tasks(self, order):
        processes = self.env["approval.process"].search([])
        return processes.filtered(
            lambda process: (
                (process.res_model, process.res_id) == (order._name, order.id)
            )
        ).task_ids

    def _judge_promises(self, holders):
        for line, _delivered_at in self.sold:
            promise = self.promises.search([("sale_line_id", "=", line.id)])
            if promise.is_open and promise.is_ordered:
                if promise.holder_kind in holders:
                    yield promise.risk in ("late", "unknown")

    def _judge_answers(self, is_asked, companies):
        for question in self.questions:
            if question.state != "answered" or question.department != "care":
                continue
            if question.company_id not in companies or not question.due_at:
                continue
            if is_asked(local_day(question.closed_at)):
                yield not question.closed_at > question.due_at

    def _judge_steps(self, is_asked, companies):
        now = self.env.cr._now
        for line, _received in self.bought:
            for task in self._get_tasks(line.order_id):
                if not task.due_at or task.company_id not in companies:
                    continue
                if not is_asked(local_day(task.activated_at)):
                    continue
                if task.state != "active":
                    yield not task.decided_at > task.due_at
                elif not task.paused_at and task.due_at < now:
                    yield False

    def _judge_receipts(self, is_asked, companies):
        for line, received in self.bought:
            planned = local_day(line.date_planned)
            if line.order_id.state == "purchase" and is_asked(planned):
                yield 2 <= sum(
                    quantity
                    for when, quantity in received
                    if local_day(when) <= planned
                )

    def _judge_payments(self, is_asked, companies):
        for deposit in self.deposits:
            if deposit.state == "cancelled" or deposit.company_id not in companies:
                continue
            if is_asked(deposit.date_due):
                paid_on = deposit.date_paid
                yield bool(paid_on) and (deposit.date_due - paid_on).days >= 0

    def _judge_transfers(self, is_asked, companies):
        for transfer in self.transfers:
            if transfer.state != "done" or transfer.company_id not in companies:
                continue
            if transfer.picking_type_id != self.warehouse.out_type_id:
                continue
            if transfer.date_deadline and is_asked(local_day(transfer.date_done)):
                yield not transfer.date_done > transfer.date_deadline
