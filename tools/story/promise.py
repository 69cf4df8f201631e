"""What customer care says on the phone, and what purchasing makes of it."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tools.story.checks import expect, stored
from tools.story.money import VIETNAM

if TYPE_CHECKING:
    from tools.story.client import Json2Client
    from tools.story.money import Order
    from tools.story.narrator import Narrator

QUESTION = "Khách hỏi: giao trước 10 giường được không?"
ANSWER = "Được, nhà cung cấp giao 10 giường trước hai ngày."
SLIP_DAYS = 10
DELIVERED = "delivered"
#: Why goods are not there yet, as one says it to a customer.
WHY = {
    "buy": "We are looking where to get them.",
    "quotation": "We are completing the order with our supplier.",
    "approval": "We are completing the order with our supplier.",
    "deposit": "They are ordered, and our supplier begins as soon as all is settled.",
    "ordered": "They are ordered and on their way.",
}
#: How long the job of the promises may take on a busy machine.
SECONDS = 90


class Promise:
    """Steps about the promise; the story has the order and the people."""

    users: dict[str, Json2Client]
    narrator: Narrator
    sale: Order
    purchase: Order
    deadline: datetime

    def read_sentence(self, when: str, code: str, inside: str = "") -> None:
        """Customer care reads aloud what the open order says.

        :param code: of what is the matter with the goods, see ``WHY``
        :param inside: what colleagues read beside it, but for names of the order
        """
        with self.narrator.step("care", f"reads aloud {when}") as step:
            panel = self._wait_for_panel(code)
            expect("sentence", panel["sentence"], self._sentence(panel["cards"][0]))
            if inside:
                inside = inside.format(purchase=self.purchase.name)
                expect("what is behind it", panel["inside"], inside)
            step.say(f"reads aloud {when}:\n“{panel['sentence']}”")

    def read_delivery(self) -> None:
        with self.narrator.step("care", "reads aloud when it is delivered") as step:
            sentence = self._wait_for_panel(DELIVERED)["sentence"]
            today = datetime.now(VIETNAM).date()
            start = f"{self.sale.name}: everything was delivered on {_say(today)}"
            expect("sentence", sentence[: len(start)], start)
            step.say(f"reads aloud when it is delivered:\n“{sentence}”")

    def _sentence(self, card: dict) -> str:
        """Return what is to be said of the only line."""
        if card["code"] == "stock":
            day = _say(card["likely"])
            return (
                f"{self.sale.name}: all goods are in stock and can be there on {day}."
            )
        days = f"on {_say(card['likely'])}"
        if card["safe"] != card["likely"]:
            days = f"likely {days}, safe to tell {_say(card['safe'])}"
        goods = f"{card['quantity']:.0f} {card['unit']}"
        start = f"{self.sale.name}, {card['product']}: {goods} {days}."
        return f"{start} {WHY[card['code']]}"

    def ask_purchasing(self) -> None:
        with self.narrator.step("care", "asks purchasing") as step:
            care = self.users["care"]
            action = care.call("sale.order", "action_ask_question", ids=[self.sale.id])
            values = action["context"]
            about = {
                name.removeprefix("default_"): value
                for name, value in values.items()
                if name.startswith("default_")
            }
            (ask,) = care.call(
                "supply.question.ask",
                "create",
                vals_list=[{**about, "department": "purchase", "text": QUESTION}],
            )
            care.call("supply.question.ask", "action_ask", ids=[ask])
            step.say(f"asks purchasing about {self.sale.name}:\n“{QUESTION}”")

    def answer_question(self) -> None:
        with self.narrator.step("buyer", "answers customer care") as step:
            buyer = self.users["buyer"]
            (question,) = buyer.search(
                "supply.question",
                [("text", "=", QUESTION), ("state", "=", "open")],
                ["text"],
            )
            (reply,) = buyer.call(
                "supply.question.reply",
                "create",
                vals_list=[{"question_id": question["id"], "text": ANSWER}],
            )
            buyer.call("supply.question.reply", "action_confirm", ids=[reply])
            read = self.users["care"].read(
                "supply.question", question["id"], ["answer"]
            )
            expect("answer", read["answer"], ANSWER)
            panel = self._get_panel()
            answers = [each["answer"] for each in panel["questions"]]
            expect("answers beside the sentence", answers, [ANSWER])
            step.say(f"answers, once for all:\n“{ANSWER}”")

    def tell_customer(self) -> None:
        with self.narrator.step("care", "tells the customer a day") as step:
            care = self.users["care"]
            action = care.call("sale.order", "action_tell_promise", ids=[self.sale.id])
            tell = {"ids": [action["res_id"]]}
            care.call("supply.promise.tell", "write", vals={"channel": "zalo"}, **tell)
            care.call("supply.promise.tell", "action_tell", **tell)
            card = self._get_panel()["cards"][0]
            expect("what is told", card["told"], card["safe"])
            step.say(f"tells the customer {card['told']}, by Zalo, and it is kept")

    def slip(self) -> None:
        """The vendor is late; who sells hears of it once, and of its end."""
        buyer = self.users["buyer"]
        lines = buyer.search(
            "purchase.order.line",
            [("order_id", "=", self.purchase.id)],
            ["date_planned"],
        )
        ids = [line["id"] for line in lines]
        planned = lines[0]["date_planned"]
        before = self._get_panel()
        told = date.fromisoformat(before["cards"][0]["told"])
        last = max(told, self.deadline.date())
        later = self.deadline.replace(year=last.year, month=last.month, day=last.day)
        later = stored(later + timedelta(days=SLIP_DAYS))
        with self.narrator.step("buyer", "moves the date") as step:
            buyer.call(
                "purchase.order.line", "write", ids=ids, vals={"date_planned": later}
            )
            step.say(f"hears that the vendor is late, and moves the date to {later}")
        with self.narrator.step("care", "hears of it") as step:
            (notice,) = self._wait_for_notices(1)
            panel = self._get_panel()
            card = panel["cards"][0]
            expect("likely later than moved to", card["likely"] >= later[:10], True)
            expect("risk", card["risk"], "late")
            expect("sentence", panel["sentence"], self._sentence(card))
            words = self.sale.name in notice["note"]
            expect("the words for the customer in the to-do", words, True)
            step.say(
                f"has one to-do: “{notice['summary']}”, with old and new day, and "
                f"reads:\n“{panel['sentence']}”"
            )
        with self.narrator.step("buyer", "moves it back") as step:
            buyer.call(
                "purchase.order.line", "write", ids=ids, vals={"date_planned": planned}
            )
            self._wait_for_notices(0)
            expect("sentence", self._get_panel()["sentence"], before["sentence"])
            step.say("finds another way, and moves it back: the to-do is gone")

    def _wait_for_notices(self, count: int) -> list[dict]:
        """Return the to-dos about broken promises, once there are so many: a job makes
        them, as soon as something has changed."""
        kind = self.users["admin"].call(
            "ir.model.data",
            "check_object_reference",
            module="crm_purchase_bridge",
            xml_id="mail_activity_type_slip",
        )[1]
        deadline = time.monotonic() + SECONDS
        while True:
            notices = self.users["admin"].search(
                "mail.activity",
                [
                    ("res_model", "=", "sale.order"),
                    ("res_id", "=", self.sale.id),
                    ("activity_type_id", "=", kind),
                ],
                ["summary", "note"],
            )
            if len(notices) == count:
                return notices
            expect("in time", time.monotonic() < deadline, True)
            time.sleep(0.5)

    def _wait_for_panel(self, code: str) -> dict:
        """Return the panel once this is the matter with the goods: the job follows what
        has just been done."""
        deadline = time.monotonic() + SECONDS
        while True:
            panel = self._get_panel()
            found = panel["cards"][0]["code"] or DELIVERED
            if found == code:
                return panel
            if time.monotonic() > deadline:
                expect("what is the matter with the goods", found, code)
            time.sleep(0.2)

    def _get_panel(self) -> dict:
        return self.users["care"].call(
            "supply.panel", "get_panel", res_model="sale.order", res_id=self.sale.id
        )


def _say(day: str | date) -> str:
    """Return a day as people say it."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day:%A} {day.day} {day:%B}"
