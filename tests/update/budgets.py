"""Budgets in every state, with money in every state."""

from odoo import Command


class Budgets:
    """:param office: whose money it is"""

    def __init__(self, office):
        self.office = office
        self.lines = {}

    def open(self):
        """Plan, before the first order under approval: they are all counted."""
        office = self.office
        medicine = office.root["product.category"].create({"name": "Medicine"})
        self.pill = office.product("Pill", categ_id=medicine.id)
        self.last = self._budget(
            "Last period",
            (-400, -200),
            {"account_id": office.clinic.id, "amount": 9000},
        )
        self.left = self._budget(
            "Left as it was",
            (-400, -200),
            {"category_id": medicine.id, "amount": 9000},
        )
        self.open_now = self._budget(
            "This period",
            (-199, 400),
            {"account_id": office.ward.id, "amount": 6000, "control": "escalate"},
            {"account_id": office.clinic.id, "amount": 20000, "tolerance": 10},
            {"account_id": office.training.id, "amount": 1000, "control": "warn"},
            {"category_id": medicine.id, "amount": 5000, "control": "block"},
            # last: of lines with as many criteria the first one counts
            {"department_id": office.department.id, "amount": 900000},
        )
        for budget in (self.last, self.left, self.open_now):
            office.act("keeper", budget, "action_open")
        draft = self._budget(
            "Next period", (401, 800), {"account_id": office.ward.id, "amount": 5}
        )
        self.office.keep("draft", draft)

    def _budget(self, name, days, *lines):
        office = self.office
        first, last = (office.day(day).date() for day in days)
        budget = office.root["spend.budget"].create(
            {
                "name": name,
                "user_id": office.users["owner"],
                "date_from": first,
                "date_to": last,
                "note": "Agreed with the board",
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        office.commit()
        return budget

    def play(self):
        self._reserve_and_commit()
        self._transfer()
        self._close()
        for name in ("last", "left", "open_now"):
            self.office.keep(name, getattr(self, name))

    def _reserve_and_commit(self):
        office = self.office
        ward, clinic = self._share(office.ward), self._share(office.clinic)
        training = self._share(office.training)
        office.order("forecast over budget", lines=[{"price_unit": 9000, **ward}])
        office.submitted("reserved", lines=[{"price_unit": 2000, **ward}])
        over = office.submitted("over budget", lines=[{"price_unit": 7000, **ward}])
        assert over.sudo().budget_state == "over"
        warned = office.submitted("warned", lines=[{"price_unit": 900, **training}] * 2)
        assert warned.sudo().budget_state == "warned"
        rule = over.sudo().approval_process_id.rule_id
        assert rule.id == office.kept["approval.rule"]["over"]
        office.approved(
            "committed", lines=[{"price_unit": 3000, **clinic}], by=("manager",)
        )
        spent = office.approved(
            "spent in part", lines=[{"price_unit": 500, "product_qty": 4, **clinic}]
        )
        office.receive(spent)
        bill = office.bill(spent, 3)
        office.keep("actual", bill)
        refund = bill._reverse_moves([{"invoice_date": bill.invoice_date}])
        refund.invoice_line_ids.filtered("product_id").quantity = 1
        refund.action_post()
        office.keep("refund", refund)
        pills = [{"product_id": self.pill.id, "price_unit": 4}]
        office.submitted("blocked line", lines=[{**pills[0], "product_qty": 200}])
        line = {"name": "Without an order", "price_unit": 77, **clinic}
        line["tax_ids"] = [Command.clear()]
        direct = office.root["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": office.vendor.id,
                "invoice_date": office.now.date(),
                "invoice_line_ids": [Command.create(line)],
            }
        )
        direct.action_post()
        office.keep("without an order", direct)

    def _share(self, *accounts):
        return {
            "analytic_distribution": {
                str(account.id): 100 / len(accounts) for account in accounts
            }
        }

    def _transfer(self):
        office = self.office
        giver, taker = self.open_now.line_ids[1:3]
        office.press(
            "keeper",
            "spend.transfer.wizard",
            "action_transfer",
            from_line_id=giver.id,
            to_line_id=taker.id,
            amount=150,
            reason="Course moved forward",
        )

    def _close(self):
        """Close one budget and carry its money forward, another without."""
        office = self.office
        old = {"date_order": office.day(-300), "date_planned": office.day(10)}
        clinic = self._share(office.clinic)
        office.submitted(
            "carried forward", lines=[{"price_unit": 300, **clinic}], **old
        )
        pill = {"product_id": self.pill.id, "price_unit": 400}
        office.submitted("left in a closed budget", lines=[pill], **old)
        self._close_with(self.last, choice="carry", next_budget_id=self.open_now.id)
        self._close_with(self.left, choice="leave")
        assert {self.last.state, self.left.state} == {"closed"}
        carried = self.last.line_ids | self.open_now.line_ids[1]
        entries = office.root["spend.entry"].search([("line_id", "in", carried.ids)])
        assert "carried" in entries.mapped("reason")

    def _close_with(self, budget, **values):
        values["budget_id"] = budget.id
        self.office.press("keeper", "spend.closing", "action_close", **values)
