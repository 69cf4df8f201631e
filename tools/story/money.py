"""The steps of the story that are about money: the deposit, the bill, the budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from tools.story.checks import expect, one
from tools.story.client import Json2Client
from tools.story.narrator import Narrator

CHAIR, CHAIR_MAKER, CHAIRS = "GVP-LUOI", "Nội thất Tân Á", 40
OFFICE = "Nội thất văn phòng, trường học"
NO = "Chờ ngân sách quý sau"
VIETNAM = timezone(timedelta(hours=7))


@dataclass
class Order:
    """A document the story follows."""

    id: int
    name: str


class Money:
    """What :class:`tools.story.steps.Story` inherits."""

    users: dict[str, Json2Client]
    narrator: Narrator
    purchase: Order
    left: float

    def pay_deposit(self) -> None:
        director = self.users["director"]
        with self.narrator.step("director", "pays the deposit") as step:
            deposit = self._read_deposit()
            expect("state of the deposit", deposit["state"], "due")
            action = director.call(
                "supplier.deposit", "action_pay", ids=[deposit["id"]]
            )
            director.call("deposit.payment", "action_confirm", ids=[action["res_id"]])
            deposit = self._read_deposit()
            expect("state of the deposit", deposit["state"], "paid")
            step.say(
                f"finds deposit {deposit['name']} on the cashier's list, made when the "
                f"order was approved, and pays {deposit['amount']:,.0f} "
                f"{deposit['currency_id'][1]}"
            )

    def post_bill(self) -> None:
        director = self.users["director"]
        with self.narrator.step("director", "posts the vendor's bill") as step:
            order = [self.purchase.id]
            director.call("purchase.order", "action_create_invoice", ids=order)
            bills = self._read_purchase(["invoice_ids"])["invoice_ids"]
            values = {"invoice_date": f"{datetime.now(VIETNAM):%Y-%m-%d}"}
            director.call("account.move", "write", ids=bills, vals=values)
            director.call("account.move", "action_post", ids=bills)
            bill = director.read(
                "account.move", bills[0], ["amount_total", "amount_residual", "name"]
            )
            deposit = self._read_deposit()
            expect("state of the deposit", deposit["state"], "done")
            left = bill["amount_total"] - deposit["amount"]
            expect("what is left to pay", bill["amount_residual"], left)
            step.say(
                f"posts bill {bill['name']} over {bill['amount_total']:,.0f}: the "
                f"deposit is deducted, {left:,.0f} are left to pay"
            )

    def buy_over_budget(self) -> None:
        """The manager alone would decide on so much; but the budget is short."""
        buyer = self.users["buyer"]
        with self.narrator.step("buyer", "orders more chairs than is left") as step:
            vendor = one(buyer, "res.partner", [("name", "=", CHAIR_MAKER)], ["name"])
            product = one(
                buyer, "product.product", [("default_code", "=", CHAIR)], ["name"]
            )
            line = {"product_id": product["id"], "product_qty": CHAIRS}
            values = {"partner_id": vendor["id"], "order_line": [(0, 0, line)]}
            (order_id,) = buyer.call("purchase.order", "create", vals_list=[values])
            self.left = self._left_in_budget()
            buyer.call("purchase.order", "button_confirm", ids=[order_id])
            order = buyer.read(
                "purchase.order", order_id, ["name", "budget_state", "amount_untaxed"]
            )
            self.purchase = Order(order_id, order["name"])
            expect("budget", order["budget_state"], "over")
            steps = self.users["director"].call(
                "approval.task",
                "search_count",
                domain=[("document_name", "=", order["name"])],
            )
            expect("steps that the director may see", steps, 1)
            step.say(
                f"orders {CHAIRS} × {product['name']}, {order['amount_untaxed']:,.0f} "
                f"VND: the budget has {self.left:,.0f} left, so {order['name']} also "
                "goes to the finance director"
            )

    def reject_over_budget(self) -> None:
        self.approve("manager", "Cần cho phòng họp mới")
        director = self.users["director"]
        with self.narrator.step("director", "rejects") as step:
            expect("what is left", self._left_in_budget() < 0, True)
            director.call(
                "purchase.order", "action_reject", ids=[self.purchase.id], reason=NO
            )
            expect("state", self._read_purchase(["state"])["state"], "draft")
            expect("what is left again", self._left_in_budget(), self.left)
            step.say(
                f"rejects {self.purchase.name}: “{NO}”; its {self.left:,.0f} are free "
                "again"
            )

    def _left_in_budget(self) -> float:
        lines = self.users["director"].search(
            "spend.budget.line",
            [("category_id.name", "=", OFFICE), ("budget_id.state", "=", "open")],
            ["available"],
        )
        return sum(line["available"] for line in lines)

    def _read_deposit(self) -> dict:
        return one(
            self.users["director"],
            "supplier.deposit",
            [("order_id", "=", self.purchase.id)],
            ["name", "state", "amount", "currency_id"],
        )
