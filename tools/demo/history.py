"""The year before: what people did, on the days on which they did it.

It leaves neither stock nor money behind, so that today's stories begin as they did.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.api import Environment

from tools.demo import HOSPITAL, deposits
from tools.demo.catalogue import CUSTOMERS
from tools.demo.clock import Clock
from tools.demo.company import LANGUAGE, find
from tools.demo.orders import UTC_OFFSET, Office
from tools.demo.past import Customer, Group, Step, plan

SEED, GROUPS, SIZE = 17, 34, 6
#: Customers of the year, and when they bought: some came, some stayed away.
BUYERS = {
    HOSPITAL: Customer(0, 1),
    "Bệnh viện Nhi Ánh Dương": Customer(0, 1),
    "Phòng khám Đa khoa Tâm Đức": Customer(0.3, 1),
    "Khách sạn Biển Xanh": Customer(0.5, 1),
    "Bệnh viện Y học cổ truyền An Khang": Customer(0, 0.5),
    "Trường Cao đẳng Y Bạch Đằng": Customer(0, 0.7),
    "Công ty Du lịch Sao Mai": Customer(0.6, 1),
}
#: What each kind of order is for: code, quantity.
GOODS = {
    "stock": (("GVP-LUOI", 4), ("XT-INOX", 1), ("TU-HS2", 2)),
    "late": (("BGHS-2", 10), ("BLV-12", 8)),
    "manager": (("TDG-INOX", 30),),
    "director": (("GB-3TQ", 25),),
    "asked": (("MTD-5", 2),),
}
#: After which steps the jobs have something to say of the goods.
FOLLOWED = ("confirm", "submit", "director", "redate", "receive", "deliver")
#: Their documents are numbered apart: today's keep the numbers they have.
SERIES = ("sale.order", "purchase.order")


def play(env: Environment, users: dict) -> None:
    """:param users: by log-in"""
    for name in BUYERS.keys() - CUSTOMERS.keys():
        env["res.partner"].create(
            {"name": name, "is_company": True, "lang": LANGUAGE, "customer_rank": 1}
        )
    today = (fields.Datetime.now() + UTC_OFFSET).date()
    groups = plan(SEED, GROUPS, SIZE, list(BUYERS.values()), today - timedelta(days=1))
    rule = deposits.create_old_rule(env)
    with Clock(env) as clock, _numbered_apart(env):
        year = _Year(env, users, clock)
        for group in groups:
            year.play(group)
        year.settle(today - timedelta(days=1))
    rule.active = False
    changes = env["timeline.change"]
    while changes._follow_batch():
        pass


@contextmanager
def _numbered_apart(env: Environment) -> Iterator[None]:
    series = env["ir.sequence"].search([("code", "in", SERIES)])
    series |= env["stock.picking.type"].search([]).sequence_id
    before = [(each, each.prefix, each.number_next_actual) for each in series]
    for each in series:
        each.write({"prefix": f"{each.prefix}N", "number_next_actual": 1})
    yield
    for each, prefix, number in before:
        each.write({"prefix": prefix, "number_next_actual": number})


class _Year:
    """Each step is done by whose job it is."""

    def __init__(self, env: Environment, users: dict, clock: Clock) -> None:
        self.env, self.clock = env, clock
        self.envs = {
            login: each(context={**each.context, "tracking_disable": True})
            for login, each in Office(users).envs.items()
        }
        self.customers = [find(env, "res.partner", "name", name).id for name in BUYERS]
        self.products = {
            code: find(env, "product.product", "default_code", code)
            for goods in GOODS.values()
            for code, _quantity in goods
        }

    def play(self, group: Group) -> None:
        self.group, self.refills = group, None
        self.leads = self.lost = self.questions = None
        self.unpaid = self.env["account.move"]
        for step in group.steps:
            self.clock.set(step.at - UTC_OFFSET)
            getattr(self, f"_{step.name}")(step)
            if step.name in FOLLOWED:
                self._follow()

    def _follow(self) -> None:
        self.env.flush_all()
        changes = self.env["supply.change"]
        while changes._follow_batch():
            self.env.flush_all()

    def _goods(self, number: int) -> tuple:
        goods = GOODS[self.group.kind]
        code, quantity = goods[number % len(goods)]
        return self.products[code], quantity

    def _purchases(self, login: str):
        purchases = self.sales.sudo()._get_purchase_orders()
        return purchases.with_env(self.envs[login])

    # Opportunities

    def _inquire(self, step: Step) -> None:
        """Customers ask what there is; one more than will buy in the end."""
        values = []
        for number, customer in enumerate(self.group.customers):
            product, quantity = self._goods(number)
            values.append(
                {
                    "name": product.name,
                    "type": "opportunity",
                    "partner_id": self.customers[customer],
                    "expected_revenue": product.lst_price * quantity,
                }
            )
        found = self.envs["care"]["crm.lead"].create([*values, values[0]])
        self.leads, self.lost = found[:-1], found[-1:]

    def _win(self, step: Step) -> None:
        self.leads.with_env(self.envs["sales"]).action_set_won()

    def _lose(self, step: Step) -> None:
        reason = self.env.ref("crm.lost_reason_1")
        self.lost.with_env(self.envs["sales"]).action_set_lost(lost_reason_id=reason.id)

    # Sales

    def _quote(self, step: Step) -> None:
        values = []
        for number, customer in enumerate(self.group.customers):
            product, quantity = self._goods(number)
            line = {"product_id": product.id, "product_uom_qty": quantity}
            values.append(
                {
                    "partner_id": self.customers[customer],
                    "opportunity_id": self.leads and self.leads[number].id,
                    "order_line": [Command.create(line)],
                    "commitment_date": datetime.combine(
                        self.group.told, step.at.time()
                    ),
                }
            )
        self.sales = self.envs["care"]["sale.order"].create(values)

    def _confirm(self, step: Step) -> None:
        self.sales.with_env(self.envs["sales"]).action_confirm()

    def _tell(self, step: Step) -> None:
        lines = self.sales.order_line
        days = dict.fromkeys(lines.ids, self.group.told)
        self.envs["care"]["supply.promise"]._tell(lines, days, "phone")

    def _question(self, step: Step) -> None:
        """Customer care asks when some goods will come."""
        questions = self.envs["care"]["supply.question"]
        self.questions = questions.concat(
            *(
                questions._ask(order, "purchase", "Khách hỏi: có giao sớm hơn không?")
                for order in self.sales.with_env(questions.env)[:2]
            )
        )

    def _reply(self, step: Step) -> None:
        for question in self.questions.with_env(self.envs["buyer"]):
            question._answer("Nhà cung cấp giữ ngày đã hẹn.")

    # Purchases

    def _refill(self, step: Step) -> None:
        """Buy for the stock what will be taken from it."""
        wanted = {}
        for number in range(len(self.group.customers)):
            product, quantity = self._goods(number)
            wanted[product] = wanted.get(product, 0) + quantity
        values = {}
        for product, quantity in wanted.items():
            line = {"product_id": product.id, "product_qty": quantity}
            vendor = product.seller_ids[:1].partner_id
            values.setdefault(vendor, []).append(Command.create(line))
        self.refills = self.envs["buyer"]["purchase.order"].create(
            [
                {"partner_id": vendor.id, "order_line": lines}
                for vendor, lines in values.items()
            ]
        )
        self.refills.button_confirm()
        for order in self.refills.filtered(lambda each: each.state == "to approve"):
            order.with_env(self.envs["manager"]).action_approve(None)

    def _restock(self, step: Step) -> None:
        self.refills.picking_ids.button_validate()

    def _submit(self, step: Step) -> None:
        self._purchases("buyer").button_confirm()

    def _ask(self, step: Step) -> None:
        for order in self._purchases("manager"):
            order.action_ask_information("Giá này đã gồm phí nhập khẩu chưa?")

    def _answer(self, step: Step) -> None:
        for order in self._purchases("buyer"):
            order.action_answer("Đã hỏi lại nhà cung cấp, có gồm phí.")

    def _manager(self, step: Step) -> None:
        for order in self._purchases("manager"):
            order.action_approve(None)

    def _director(self, step: Step) -> None:
        for order in self._purchases("director"):
            order.action_approve(None)

    def _deposit(self, step: Step) -> None:
        """Pay what the vendor wants before it begins."""
        due = self._purchases("accountant").deposit_ids
        payment = self.envs["accountant"]["deposit.payment"]
        payment.browse(due.action_pay()["res_id"]).action_confirm()
        self._book(
            step.at.date(),
            "Chủ sở hữu nộp tiền cọc",
            [
                {
                    "account_id": due.journal_id.default_account_id.id,
                    "balance": sum(due.mapped("amount")),
                }
            ],
        )

    def _redate(self, step: Step) -> None:
        """The vendor says too late that it will be later."""
        lines = self._purchases("buyer").order_line
        lines.date_planned = fields.Datetime.now() + timedelta(days=5)

    def _receive(self, step: Step) -> None:
        self._purchases("buyer").picking_ids.button_validate()

    def _bill(self, step: Step) -> None:
        bought = (self.refills or self._purchases("buyer")).sudo()
        bought.action_create_invoice()
        self.bills = bought.invoice_ids
        self.bills.invoice_date = step.at.date()
        self.bills.with_env(self.envs["accountant"]).action_post()

    def _pay(self, step: Step) -> None:
        self._close(self.bills, step.at.date(), "Đã trả nhà cung cấp")

    # Deliveries and invoices

    def _deliver(self, step: Step) -> None:
        pickings = self.sales.sudo().picking_ids.with_env(self.envs["buyer"])
        pickings.action_assign()
        pickings.button_validate()

    def _invoice(self, step: Step) -> None:
        invoices = self.sales.sudo()._create_invoices()
        invoices.invoice_date = step.at.date()
        invoices.with_env(self.envs["accountant"]).action_post()
        self.unpaid = invoices

    def _collect(self, step: Step) -> None:
        """Half of the customers pay soon."""
        who = self.unpaid.partner_id.sorted("name")
        soon = who[: (len(who) + 1) // 2]
        self._collect_of(
            self.unpaid.filtered(lambda each: each.partner_id in soon), step.at.date()
        )

    def _collect_rest(self, step: Step) -> None:
        self._collect_of(self.unpaid, step.at.date())

    def _collect_of(self, invoices, day) -> None:
        if invoices:
            self._close(invoices, day, "Khách hàng đã trả")
            self.unpaid -= invoices

    def settle(self, day) -> None:
        """Customers pay what they still owe; the owners take the money out."""
        self.clock.set(datetime.combine(day, datetime.min.time()))
        invoices = self.env["account.move"].search(
            [
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "=", "not_paid"),
            ]
        )
        self._collect_of(invoices, day)

    def _close(self, invoices, day, ref: str) -> None:
        """Pay invoices or bills, with money of the owners' or into their pockets."""
        owed = invoices.line_ids.filtered(
            lambda line: (
                line.account_id.account_type
                in ("asset_receivable", "liability_payable")
            )
        )
        # what a deposit paid is left out
        entry = self._book(
            day,
            ref,
            [
                {
                    "account_id": line.account_id.id,
                    "partner_id": line.partner_id.id,
                    "currency_id": line.currency_id.id,
                    "amount_currency": -line.amount_residual_currency,
                    "balance": -line.amount_residual,
                }
                for line in owed
            ],
        )
        paid = entry.line_ids.filtered("partner_id")
        for partner in owed.partner_id:
            (owed | paid).filtered(
                lambda line, partner=partner: line.partner_id == partner
            ).reconcile()

    def _book(self, day, ref: str, lines: list[dict]):
        """Return an entry between some accounts and the owners'."""
        journal = self.env["account.journal"].search([("type", "=", "bank")], limit=1)
        equity = self.env["account.account"].search(
            [("account_type", "=", "equity")], limit=1
        )
        owners = {
            "account_id": equity.id,
            "balance": -sum(line["balance"] for line in lines),
        }
        entry = self.env["account.move"].create(
            {
                "date": day,
                "journal_id": journal.id,
                "ref": ref,
                "line_ids": [Command.create(line) for line in (owners, *lines)],
            }
        )
        entry.action_post()
        return entry
