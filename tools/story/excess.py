"""The steps of the story that are about more than ordered: a receipt, a bill."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tools.story.checks import expect, holders, one, transfer
from tools.story.client import Json2Client
from tools.story.money import VIETNAM, Order
from tools.story.narrator import Narrator

TROLLEY, TROLLEY_MAKER = "XT-INOX", "Thiết bị Y tế Sông Hồng"
ORDERED, SENT = 10, 12
"""Nobody needs to approve the order; a manager would, if it were over all that came."""

BILLED = 1_850_000
"""For each, where 1,780,000 is ordered."""

WHY = "Nhà cung cấp giao 12 xe thay vì 10"


class Excess:
    """What :class:`tools.story.steps.Story` inherits."""

    users: dict[str, Json2Client]
    narrator: Narrator
    purchase: Order
    product: Order
    stock: float
    dialog: dict[str, Any]
    bill: int

    # receipt

    def buy_trolleys(self) -> None:
        buyer = self.users["buyer"]
        with self.narrator.step("buyer", "orders trolleys for the stock") as step:
            vendor = one(buyer, "res.partner", [("name", "=", TROLLEY_MAKER)], ["name"])
            product = one(
                buyer, "product.product", [("default_code", "=", TROLLEY)], ["name"]
            )
            self.product = Order(product["id"], product["name"])
            line = {"product_id": product["id"], "product_qty": ORDERED}
            values = {"partner_id": vendor["id"], "order_line": [(0, 0, line)]}
            (order_id,) = buyer.call("purchase.order", "create", vals_list=[values])
            buyer.call("purchase.order", "button_confirm", ids=[order_id])
            order = buyer.read("purchase.order", order_id, ["name", "state"])
            self.purchase = Order(order_id, order["name"])
            expect("state of the purchase", order["state"], "purchase")
            step.say(
                f"orders {ORDERED} × {product['name']} for the stock: nobody needs to "
                f"approve so little, {order['name']} is confirmed at once"
            )

    def receive_too_many(self) -> None:
        keeper = self.users["keeper"]
        with self.narrator.step("keeper", "receives more than ordered") as step:
            picking = self._open_receipt()
            self.stock = self._in_stock()
            values = {"quantity": SENT}
            keeper.call("stock.move", "write", ids=picking["move_ids"], vals=values)
            self.dialog = keeper.call(
                "stock.picking", "button_validate", ids=[picking["id"]]
            )
            expect("what came into the stock", self._in_stock() - self.stock, 0)
            expect("dialog", self.dialog["res_model"], "purchase.excess.ask")
            step.say(
                f"counts {SENT} and validates {picking['name']}: nothing is received "
                f"yet, the dialog “{self.dialog['name']}” asks why"
            )

    def ask_for_the_rest(self) -> None:
        keeper = self.users["keeper"]
        with self.narrator.step("keeper", "asks for what is more") as step:
            model, asked = self.dialog["res_model"], [self.dialog["res_id"]]
            context = {**keeper.context, **self.dialog["context"]}
            keeper.call(model, "write", ids=asked, vals={"reason": WHY})
            keeper.call(model, "action_ask", ids=asked, context=context)
            expect("what came into the stock", self._in_stock() - self.stock, ORDERED)
            excess = self._excess(keeper, "receipt")
            expect("state of the excess", excess["state"], "waiting")
            step.say(
                f"asks: “{WHY}”; {ORDERED} are in stock, the rest waits for "
                f"{holders(keeper, 'purchase.excess', excess['id'])}"
            )

    def receive_the_rest(self) -> None:
        with self.narrator.step("keeper", "receives the rest") as step:
            picking = self._open_receipt()
            names = transfer(self.users["keeper"], [picking["id"]])
            expect("what came into the stock", self._in_stock() - self.stock, SENT)
            step.say(
                f"finds the other {SENT - ORDERED} expected in a receipt, and receives "
                f"them: {names}"
            )

    # bill

    def post_dearer_bill(self) -> None:
        accountant = self.users["accountant"]
        with self.narrator.step("accountant", "posts a dearer bill") as step:
            accountant.call(
                "purchase.order", "action_create_invoice", ids=[self.purchase.id]
            )
            order = accountant.read("purchase.order", self.purchase.id, ["invoice_ids"])
            (self.bill,) = order["invoice_ids"]
            (line,) = self._read_bill(["invoice_line_ids"])["invoice_line_ids"]
            values = {
                "invoice_date": f"{datetime.now(VIETNAM):%Y-%m-%d}",
                "invoice_line_ids": [(1, line, {"price_unit": BILLED})],
            }
            accountant.call("account.move", "write", ids=[self.bill], vals=values)
            notice = accountant.call("account.move", "action_post", ids=[self.bill])
            expect("state of the bill", self._read_bill(["state"])["state"], "draft")
            excess = self._excess(accountant, "bill")
            expect("state of the excess", excess["state"], "waiting")
            step.say(
                f"posts the vendor's bill, {BILLED:,} for each: it stays a draft and "
                f"waits for {holders(accountant, 'purchase.excess', excess['id'])}\n"
                f"“{notice['params']['message']}”"
            )

    def post_approved_bill(self) -> None:
        accountant = self.users["accountant"]
        with self.narrator.step("accountant", "posts the bill again") as step:
            accountant.call("account.move", "action_post", ids=[self.bill])
            bill = self._read_bill(["state", "name", "amount_untaxed"])
            expect("state of the bill", bill["state"], "posted")
            expect("amount of the bill", bill["amount_untaxed"], SENT * BILLED)
            step.say(f"posts it: {bill['name']} over {bill['amount_untaxed']:,.0f}")

    # both

    def approve_excess(self, flow: str, comment: str) -> None:
        """As the manager, who would have approved the larger order."""
        manager = self.users["manager"]
        with self.narrator.step("manager", f"approves the {flow}") as step:
            excess = self._excess(manager, flow)
            task = one(
                manager,
                "approval.task",
                [
                    ("user_id", "=", manager.uid),
                    ("state", "=", "active"),
                    ("process_id.res_model", "=", "purchase.excess"),
                    ("process_id.res_id", "=", excess["id"]),
                ],
                ["document_name"],
            )
            manager.call(
                "purchase.excess", "action_approve", ids=[excess["id"]], comment=comment
            )
            excess = self._excess(manager, flow)
            expect("state of the excess", excess["state"], "approved")
            step.say(
                f"would have approved the larger order, so finds "
                f"{task['document_name']} in the inbox, and approves: “{comment}”"
            )

    def _excess(self, user: Json2Client, flow: str) -> dict:
        mine = [("order_id", "=", self.purchase.id), ("flow", "=", flow)]
        return one(user, "purchase.excess", mine, ["state"])

    def _open_receipt(self) -> dict:
        return one(
            self.users["keeper"],
            "stock.picking",
            [
                ("origin", "=", self.purchase.name),
                ("state", "not in", ("done", "cancel")),
            ],
            ["name", "move_ids"],
        )

    def _in_stock(self) -> float:
        product = self.users["keeper"].read(
            "product.product", self.product.id, ["qty_available"]
        )
        return product["qty_available"]

    def _read_bill(self, fields: list[str]) -> dict:
        return self.users["accountant"].read("account.move", self.bill, fields)
