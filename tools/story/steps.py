"""An urgent order, from customer care to the supplier and back to the customer."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from tools.demo import BED, BED_VENDOR, HOSPITAL
from tools.story.checks import expect, holders, one, refused, stored, transfer
from tools.story.client import Json2Client
from tools.story.excess import Excess
from tools.story.money import VIETNAM, Money, Order
from tools.story.narrator import Narrator
from tools.story.promise import Promise

QUANTITY = 40
DAYS = 5
REASON = "Mở khoa điều trị mới, cần đủ giường trong 5 ngày"


class Story(Money, Excess, Promise):
    def __init__(self, users: dict[str, Json2Client], narrator: Narrator) -> None:
        """:param users: by log-in"""
        self.users = users
        self.narrator = narrator
        self.sale = self.purchase = Order(0, "")
        self.left = 0.0
        day = datetime.now(VIETNAM) + timedelta(days=DAYS)
        self.deadline = datetime.combine(day, time(17), VIETNAM)

    def play(self) -> None:
        self.narrator.begin()
        self.play_order()
        self.see_displaced()
        beds = self.purchase
        self.play_exceptions()
        self.purchase = beds  # which the story is about

    def play_order(self) -> None:
        """From the customer's question until the beds are there."""
        self.make_quotation()
        self.read_sentence("from the quotation", "buy")
        self.mark_urgent()
        self.confirm_sale()
        self.find_purchase()
        self.find_notice()
        self.read_sentence(
            "once it is sold", "quotation", "{purchase} is not ordered yet"
        )
        self.see_who_waits()
        self.ask_purchasing()
        self.answer_question()
        self.tell_customer()
        self.slip()
        self.submit()
        self.read_sentence(
            "while it waits for the approval",
            "approval",
            f"{{purchase}} waits for approval by {self._holder()}",
        )
        self.try_to_confirm_alone()
        self.approve("manager", "Giá đúng hợp đồng khung")
        self.try_to_approve_for_others()
        self.approve("director", "Đồng ý chi")
        self.see_confirmation()
        self.read_sentence(
            "while the vendor waits for money",
            "deposit",
            f"{BED_VENDOR} waits for the deposit of {{purchase}}",
        )
        self.pay_deposit()
        self.read_sentence(
            "once it is on its way",
            "ordered",
            f"{{purchase}} is ordered from {BED_VENDOR}",
        )
        self.receive()
        self.read_sentence("when the goods are there", "stock", "In stock")
        self.post_bill()
        self.deliver()
        self.see_delivery()
        self.read_delivery()
        self.read_log()

    def play_exceptions(self) -> None:
        """More than the budget has, and more than was ordered."""
        self.buy_over_budget()
        self.reject_over_budget()
        self.buy_trolleys()
        self.receive_too_many()
        self.ask_for_the_rest()
        self.approve_excess("receipt", "Giữ lại, tháng sau cũng cần")
        self.receive_the_rest()
        self.post_dearer_bill()
        self.approve_excess("bill", "Giá thép tăng, đã báo trước")
        self.post_approved_bill()

    # customer care and sales

    def make_quotation(self) -> None:
        care = self.users["care"]
        with self.narrator.step("care", "makes a quotation") as step:
            customer = one(care, "res.partner", [("name", "=", HOSPITAL)], ["name"])
            product = one(
                care, "product.product", [("default_code", "=", BED)], ["name"]
            )
            line = {"product_id": product["id"], "product_uom_qty": QUANTITY}
            values = {
                "partner_id": customer["id"],
                "commitment_date": stored(self.deadline),
                "order_line": [(0, 0, line)],
            }
            (sale_id,) = care.call("sale.order", "create", vals_list=[values])
            self.sale = Order(
                sale_id, care.read("sale.order", sale_id, ["name"])["name"]
            )
            step.say(
                f"makes quotation {self.sale.name} for {customer['name']}: "
                f"{QUANTITY} × {product['name']}"
            )

    def mark_urgent(self) -> None:
        care = self.users["care"]
        with self.narrator.step("care", "marks it urgent") as step:
            levels = care.search(
                "urgency.level",
                [("is_urgent", "=", True)],
                ["name"],
                order="sequence desc",
                limit=1,
            )
            values = {
                "urgency_level_id": levels[0]["id"],
                "urgency_reason": REASON,
                "needed_by": stored(self.deadline),
            }
            care.call("sale.order", "write", ids=[self.sale.id], vals=values)
            step.say(
                f"marks it {levels[0]['name']} (Hỏa tốc), needed by "
                f"{self.deadline:%d %B}: “{REASON}”"
            )

    def confirm_sale(self) -> None:
        sales = self.users["sales"]
        with self.narrator.step("sales", f"confirms {self.sale.name}"):
            sales.call("sale.order", "action_confirm", ids=[self.sale.id])
            sale = sales.read("sale.order", self.sale.id, ["state"])
            expect("state of the sale", sale["state"], "sale")

    # purchasing

    def find_purchase(self) -> None:
        buyer = self.users["buyer"]
        with self.narrator.step("buyer", "finds the request for quotation") as step:
            urgent = [("is_urgent", "=", True), ("state", "=", "draft")]
            purchase = one(
                buyer,
                "purchase.order",
                [*urgent, ("urgency_source_id", "=", self.sale.id)],
                ["name", "urgency_level_id", "needed_by", "priority", "partner_id"],
            )
            self.purchase = Order(purchase["id"], purchase["name"])
            expect("deadline", purchase["needed_by"], stored(self.deadline))
            expect("Odoo's own priority", purchase["priority"], "1")
            step.say(
                f"finds {purchase['name']} to {purchase['partner_id'][1]} among the "
                f"urgent ones: {purchase['urgency_level_id'][1]}, needed by "
                f"{self.deadline:%d %B}, for {self.sale.name}"
            )

    def find_notice(self) -> None:
        buyer = self.users["buyer"]
        with self.narrator.step("buyer", "has been told") as step:
            notice = one(
                buyer,
                "mail.activity",
                [
                    ("user_id", "=", buyer.uid),
                    ("res_model", "=", "purchase.order"),
                    ("res_id", "=", self.purchase.id),
                ],
                ["activity_type_id", "summary"],
            )
            step.say(
                f"has been told by a to-do: {notice['activity_type_id'][1]}, "
                f"{notice['summary']}"
            )

    def see_who_waits(self) -> None:
        buyer = self.users["buyer"]
        with self.narrator.step("buyer", "sees who waits for the goods") as step:
            action = buyer.call(
                "purchase.order", "action_view_supply_waiting", ids=[self.purchase.id]
            )
            row = one(
                buyer,
                "supply.waiting",
                action["domain"],
                ["sale_name", "partner_name", "quantity", "needed_on", "how"],
            )
            expect("order that waits", row["sale_name"], self.sale.name)
            expect("quantity that waits", row["quantity"], QUANTITY)
            expect("how it gets the goods", row["how"], "bought")
            step.say(
                f"sees who waits for {self.purchase.name}: {row['partner_name']}, "
                f"{row['quantity']:.0f} for {row['sale_name']}, which they were bought "
                "for; no sales price is shown"
            )

    def submit(self) -> None:
        buyer = self.users["buyer"]
        with self.narrator.step("buyer", f"submits {self.purchase.name}") as step:
            buyer.call("purchase.order", "button_confirm", ids=[self.purchase.id])
            order = self._read_purchase(["state", "amount_total", "currency_id"])
            expect("state of the purchase", order["state"], "to approve")
            step.say(
                f"submits {self.purchase.name}: {order['amount_total']:,.0f} "
                f"{order['currency_id'][1]}, it waits for {self._holder()}"
            )

    def try_to_confirm_alone(self) -> None:
        values = {"state": "purchase"}
        with self.narrator.step("buyer", "tries to write the state “purchase”") as step:
            words = refused(
                self.users["buyer"], "purchase.order", self.purchase.id, values
            )
            step.say(f"{step.what}, and is refused:\n“{words}”")
            expect("state", self._read_purchase(["state"])["state"], "to approve")

    def approve(self, login: str, comment: str) -> None:
        user = self.users[login]
        with self.narrator.step(login, "approves") as step:
            task = self._my_task(login)
            process = user.read("approval.process", task["process_id"][0], ["res_id"])
            expect("document of the task", process["res_id"], self.purchase.id)
            user.call(
                "purchase.order",
                "action_approve",
                ids=[process["res_id"]],
                comment=comment,
            )
            step.say(
                f"finds {task['document_name']} in the inbox and approves step "
                f"“{task['step_name']}”: “{comment}”"
            )

    def try_to_approve_for_others(self) -> None:
        what = f"tries to approve for {self._holder()} in the table of tasks"
        with self.narrator.step("admin", what) as step:
            task = self._my_task("director")
            values = {"state": "approved"}
            words = refused(self.users["admin"], "approval.task", task["id"], values)
            step.say(f"{step.what}, and is refused:\n“{words}”")

    def see_confirmation(self) -> None:
        with self.narrator.step("buyer", "sees the order confirmed") as step:
            order = self._read_purchase(["state", "approval_state", "partner_id"])
            expect("state of the purchase", order["state"], "purchase")
            expect("approval", order["approval_state"], "approved")
            step.say(
                f"sees {self.purchase.name} confirmed by the last approval; "
                f"{order['partner_id'][1]} delivers"
            )

    def receive(self) -> None:
        with self.narrator.step("buyer", "receives the goods") as step:
            pickings = self._read_purchase(["picking_ids"])["picking_ids"]
            names = transfer(self.users["buyer"], pickings)
            status = self._read_purchase(["receipt_status"])["receipt_status"]
            expect("receipt", status, "full")
            step.say(f"receives the goods: {names}")

    def deliver(self) -> None:
        buyer = self.users["buyer"]
        with self.narrator.step("buyer", "delivers") as step:
            sale = buyer.read("sale.order", self.sale.id, ["picking_ids"])
            names = transfer(buyer, sale["picking_ids"])
            step.say(f"delivers to the hospital: {names}")

    def see_delivery(self) -> None:
        care = self.users["care"]
        with self.narrator.step("care", "sees the delivery") as step:
            sale = care.read("sale.order", self.sale.id, ["delivery_status"])
            expect("delivery", sale["delivery_status"], "full")
            step.say(f"sees {self.sale.name} delivered in full")

    def see_displaced(self) -> None:
        """Another hospital's wheelchairs came out of what a hotel was to get."""
        care = self.users["care"]
        with self.narrator.step("care", "has been told who waits longer") as step:
            displaced = care.search(
                "urgency.displacement",
                [("owner_id", "=", care.uid)],
                ["document_name", "cause_name", "partner_id", "delay_days"],
                order="id",
                limit=1,
            )
            expect("displaced orders", len(displaced), 1)
            row = displaced[0]
            step.say(
                f"has been told that {row['document_name']} of {row['partner_id'][1]} "
                f"gets its goods {row['delay_days']} days later: {row['cause_name']} "
                "is urgent"
            )

    def read_log(self) -> None:
        with self.narrator.step("admin", "reads the log") as step:
            rows = self.users["admin"].search(
                "approval.log",
                [("process_id.document_name", "=", self.purchase.name)],
                ["event", "user_id"],
                order="sequence",
            )
            events = [row["event"] for row in rows]
            expect("log", events, ["submitted", "approved", "approved", "granted"])
            entries = [f"{row['event']} by {row['user_id'][1]}" for row in rows]
            step.say(f"reads the log: {', '.join(entries)}")

    # helpers

    def _read_purchase(self, fields: list[str]) -> dict:
        return self.users["buyer"].read("purchase.order", self.purchase.id, fields)

    def _holder(self) -> str:
        return holders(self.users["buyer"], "purchase.order", self.purchase.id)

    def _my_task(self, login: str) -> dict:
        user = self.users[login]
        return one(
            user,
            "approval.task",
            [
                ("user_id", "=", user.uid),
                ("state", "=", "active"),
                ("document_name", "=", self.purchase.name),
            ],
            ["process_id", "step_name", "document_name"],
        )
