"""Deposits in every state, on the way there and back."""

from odoo import Command

#: All states; each must be there in the end.
STATES = {
    "planned",
    "waiting",
    "due",
    "paid",
    "applied",
    "done",
    "refund_awaited",
    "refunded",
    "cancelled",
}


class Deposits:
    """Each way a deposit can go has a vendor with a rule of its own.

    :param office: who pays them
    """

    def __init__(self, office):
        self.office = office

    def play(self):
        self._open_banks()
        self._play_planned()
        self._play_unpaid()
        self._play_paid()
        self._play_back()
        self._play_bills()
        self._play_approval()
        self._play_under_floor()
        self._make_conditions()
        self._check()

    def _open_banks(self):
        """A bank that pays at once, and one whose payments wait for a statement."""
        office = self.office
        env = office.root
        self.bank = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", office.company.id)], limit=1
        )
        self.slow = env["account.journal"].create(
            {"name": "Slow Bank", "type": "bank", "code": "SLOW"}
        )
        outstanding, self.prepayment = env["account.account"].create(
            [
                {"name": name, "code": code, "account_type": kind, "reconcile": True}
                for name, code, kind in (
                    ("Outstanding payments", "103999", "asset_current"),
                    ("Deposits paid", "142900", "asset_prepayments"),
                )
            ]
        )
        for journal, account in (
            (self.bank, self.bank.default_account_id),
            (self.slow, outstanding),
        ):
            for lines in (
                journal.outbound_payment_method_line_ids,
                journal.inbound_payment_method_line_ids,
            ):
                lines.payment_account_id = account
        self.bank.cash_floor = 100
        office.commit()

    def _deposit(self, name, *milestones, price=90, **values):
        """Confirm an order whose vendor has a rule of its own; return its deposits.

        :param milestones: values of the rule's lines; 30 % at once, if left out
        :param values: of the rule, and ``order``: those of the order
        """
        office = self.office
        vendor = office.vendors[name] = office.partner(f"Vendor of deposit {name}")
        order_values = values.pop("order", {})
        rule = office.root["deposit.rule"].create(
            {
                "name": name.capitalize(),
                "company_id": office.company.id,
                "user_id": office.users["manager"],
                "partner_ids": [Command.set(vendor.ids)],
                "journal_id": self.bank.id,
                "posting": "posted",
                "line_ids": [
                    Command.create({"name": "Deposit", "percent": 30, **line})
                    for line in milestones or ({},)
                ],
                **values,
            }
        )
        office.keep(name, rule)
        line = {"product_id": office.service.id, "product_qty": 10, "price_unit": price}
        order = office.submitted(
            f"deposit: {name}", lines=[line], vendor=name, **order_values
        )
        deposits = order.sudo().deposit_ids.with_env(office.root)
        if len(deposits) == 1:
            office.keep(name, deposits)
        return deposits

    def _play_planned(self):
        before = {"trigger": "before_delivery", "days": 2}
        self._deposit("planned", before)
        self._deposit("held by the limit", cap=10)
        self._deposit(
            "two milestones", {"percent": 20}, {**before, "percent": 30, "name": "Ship"}
        )

    def _play_unpaid(self):
        office = self.office
        self._deposit("due", posting="draft")
        self._deposit("under way", journal_id=self.slow.id)
        cancelled = self._deposit("cancelled", posting="draft")
        office.act("buyer", cancelled.order_id, "button_cancel")
        self._deposit(
            "fixed amount", {"amount_type": "fixed", "amount": 50, "percent": 0}
        )

    def _play_paid(self):
        office = self.office
        self._deposit("paid")
        self._deposit("paid on an account", account_id=self.prepayment.id)
        self._deposit("paid abroad", order={"currency_id": office.euro.id})
        office.bill(self._deposit("applied").order_id, 4)
        office.bill(self._deposit("done").order_id)
        applied = self._deposit("applied on an account", account_id=self.prepayment.id)
        office.bill(applied.order_id, 4)
        first = self._deposit("paid in part", posting="draft")
        first.payment_id.amount = 100
        first.payment_id.action_post()
        office.commit()
        assert len(first.order_id.deposit_ids) == 2
        slow = self._deposit("paid by statement", journal_id=self.slow.id)
        self._statement(slow.payment_id)

    def _play_back(self):
        office = self.office
        awaited = self._deposit("awaited")
        office.act("buyer", awaited.order_id, "button_cancel")
        refunded = self._deposit("refunded")
        office.act("buyer", refunded, "action_claim")
        self._refund(refunded, 270)
        part = self._deposit("claimed in part")
        claim = {"deposit_id": part.id, "amount": 100}
        office.press("buyer", "deposit.claim", "action_confirm", **claim)
        self._refund(part, 60)

    def _play_bills(self):
        """Deposits that are bills: unpaid, paid, deducted, credited."""
        office = self.office
        by_bill = {"method": "bill", "account_id": self.prepayment.id}
        self._deposit("bill due", **by_bill)
        self._deposit("bill in draft", posting="draft", **by_bill)
        paid = self._deposit("bill paid", **by_bill)
        self._pay_bill(paid)
        applied = self._deposit("bill applied", **by_bill)
        self._pay_bill(applied)
        office.bill(applied.order_id, 4)
        back = self._deposit("bill refunded", **by_bill)
        self._pay_bill(back)
        office.act("buyer", back.order_id, "button_cancel")
        self._refund(back, 270)

    def _play_approval(self):
        """Deposits under approval; their orders are, too."""
        office = self.office
        for name in ("waiting", "approved", "rejected"):
            vendor_order = self._deposit(name, {"percent": 50}, price=400)
            assert not vendor_order  # the order waits itself
            order = office.root["purchase.order"].browse(
                office.kept["purchase.order"][f"deposit: {name}"]
            )
            office.act("manager", order, "action_approve")
            deposit = order.deposit_ids
            assert deposit.state == "waiting"
            office.keep(name, deposit)
            if name == "approved":
                office.act("manager", deposit, "action_approve")
                office.act("director", deposit, "action_approve", "Pay them")
                assert deposit.state == "paid"
            elif name == "rejected":
                office.act("manager", deposit, "action_reject", "Later")
        self._deposit("order waits", price=900)

    def _play_under_floor(self):
        """A rule asks for those that let the cash fall under the floor of the bank."""
        office = self.office
        name = "under the floor"
        director = [Command.set([office.users["director"]])]
        rule = office.root["approval.rule"].create(
            {
                "name": "Cash",
                "model_id": office.root["ir.model"]._get_id("supplier.deposit"),
                "company_id": office.company.id,
                "domain": "[('under_floor', '=', True),"
                f" ('rule_id.name', '=', '{name.capitalize()}')]",
                "step_ids": [Command.create({"name": "Cash", "user_ids": director})],
            }
        )
        office.keep("cash", rule)
        deposit = self._deposit(name)
        assert deposit.state == "waiting"
        assert deposit.under_floor and deposit.cash_lowest < self.bank.cash_floor

    def _make_conditions(self):
        """Rules that no order has met yet, with all that they could ask for, and one
        for everybody, which is archived."""
        office = self.office
        env = office.root
        tags = env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])
        level = env["urgency.level"].search([], limit=1)
        beds = env["product.category"].create({"name": "Beds of conditions"})
        vendor = office.partner("Vendor of conditions")
        common = {"company_id": office.company.id, "sequence": 99}
        for name, values in {
            "asks for everything": {
                "partner_ids": [Command.set(vendor.ids)],
                "partner_tag_ids": [Command.set(tags.ids)],
                "product_category_ids": [Command.set(beds.ids)],
                "urgency_level_ids": [Command.set(level.ids)],
                "domain": "['|', ('origin', '=', 'A'), ('origin', '=', 'B')]",
                "amount_min": 7,
            },
            "asks for a tag": {"partner_tag_ids": [Command.set(tags[0].ids)]},
            "asks for nothing": {"active": False},
        }.items():
            line = {"name": "Deposit", "percent": 10}
            rule = env["deposit.rule"].create(
                {"name": name, "line_ids": [Command.create(line)], **common, **values}
            )
            office.keep(name, rule)
        for name, record in (
            ("A", tags[0]),
            ("B", tags[1]),
            ("of conditions", beds),
            ("of conditions", vendor),
            ("of conditions", level),
        ):
            office.keep(name, record)
        office.commit()

    def _pay_bill(self, deposit):
        values = {"deposit_ids": [Command.set(deposit.ids)]}
        self.office.press("cashier", "deposit.payment", "action_confirm", **values)
        assert deposit.state == "paid"

    def _refund(self, deposit, amount):
        values = {"deposit_id": deposit.id, "amount": amount}
        values["journal_id"] = self.bank.id
        self.office.press("cashier", "deposit.refund", "action_confirm", **values)

    def _statement(self, payment):
        """Let the bank say that it moved the money of a payment."""
        line = self.office.root["account.bank.statement.line"].create(
            {
                "journal_id": payment.journal_id.id,
                "date": payment.date,
                "payment_ref": payment.name,
                "partner_id": payment.partner_id.id,
                "amount": payment.amount_signed,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = payment.outstanding_account_id
        on_its_way, _counterpart, _write_off = payment._seek_for_lines()
        (suspense | on_its_way).reconcile()
        self.office.commit()

    def _check(self):
        found = self.office.root["supplier.deposit"].search([])
        missing = STATES - set(found.mapped("state"))
        assert not missing, missing
