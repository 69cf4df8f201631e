"""What a company at work has of deposits."""

from odoo.fields import Command


class CompanyDeposits:
    """What :class:`.company.Company` inherits."""

    def _furnish_deposits(self):
        """The wizards of deposits, and an entry and a payment that belong to one."""
        with self.committed() as env:
            deposits = self.theirs["supplier.deposit"]
            approved = env["supplier.deposit"].browse(deposits["approved"])
            part = {"deposit_id": approved.id, "amount": 1}
            orders = {"order_ids": [Command.set(approved.order_id.ids)]}
            refund = {**part, "journal_id": self.bank}
            unpaid = {"deposit_ids": [Command.set([deposits["draft"]])]}
            payment = approved.payment_ids
            entry = payment.move_id
            self._keep("deposit", payment, entry, entry.line_ids[0])
            self._keep("none", env["account.partial.reconcile"].browse(999_999_999))
            self._keep("draft", env["deposit.payment"].create(unpaid))
            self._keep("approved", env["deposit.refund"].create(refund))
            claim = {**part, "reason": "Too much"}
            self._keep("approved", env["deposit.claim.ask"].create(claim))
            claim["is_withdrawn"] = True
            self._keep("withdrawn", env["deposit.claim"].create(claim))
            adopted = {"deposit_id": deposits["draft"]}
            self._keep("draft", env["deposit.adoption"].create(adopted))
            more = {"order_id": approved.order_id.id, "amount": 1}
            self._keep("approved", env["deposit.manual"].create(more))
            self._keep("approved", env["deposit.cancellation"].create(orders))

    def _furnish_wizards(self):
        deposits = self.theirs["supplier.deposit"]
        order = self.theirs["purchase.order"]["draft"]
        values = {"deposit_id": deposits["approved"], "amount": 1}
        for role in ("buyer", "manager", "accountant"):
            with self.committed(role) as env:
                claim = {**values, "reason": "Too much"}
                self._give(role, env["deposit.claim.ask"].create(claim))
                if role != "buyer":
                    more = {"order_id": order, "amount": 1}
                    self._give(role, env["deposit.manual"].create(more))
                if role != "accountant":
                    cancellation = {"order_ids": [order]}
                    self._give(role, env["deposit.cancellation"].create(cancellation))
                    continue
                unpaid = {"deposit_ids": [Command.set([deposits["draft"]])]}
                refund = {**values, "journal_id": self.bank}
                self._give(role, env["deposit.payment"].create(unpaid))
                self._give(role, env["deposit.refund"].create(refund))
                adopted = {"deposit_id": deposits["draft"]}
                self._give(role, env["deposit.adoption"].create(adopted))
