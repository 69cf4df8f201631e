"""What a company at work has of deposits."""

from odoo.fields import Command


class CompanyDeposits:
    """What :class:`.company.Company` inherits."""

    def _furnish_deposits(self):
        """The wizards of deposits, and an entry and a payment that belong to one."""
        with self.committed() as env:
            deposits = self.theirs["supplier.deposit"]
            approved = env["supplier.deposit"].browse(deposits["approved"])
            payment = approved.payment_id
            self.theirs |= {
                "account.move": {"deposit": payment.move_id.id},
                "account.move.line": {"deposit": payment.move_id.line_ids[0].id},
                "account.payment": {"deposit": payment.id},
                "account.partial.reconcile": {"none": 999_999_999},
                "deposit.payment": {
                    "draft": env["deposit.payment"]
                    .create({"deposit_ids": [Command.set([deposits["draft"]])]})
                    .id
                },
                "deposit.refund": {
                    "approved": env["deposit.refund"]
                    .create(
                        {
                            "deposit_id": approved.id,
                            "amount": 1,
                            "journal_id": self.bank,
                        }
                    )
                    .id
                },
                "deposit.claim": {
                    "approved": env["deposit.claim"]
                    .create({"deposit_id": approved.id, "amount": 1})
                    .id
                },
                "deposit.cancellation": {
                    "approved": env["deposit.cancellation"]
                    .create({"order_ids": [Command.set(approved.order_id.ids)]})
                    .id
                },
            }

    def _furnish_wizards(self):
        deposits = self.theirs["supplier.deposit"]
        for role in ("buyer", "manager"):
            with self.committed(role) as env:
                order = self.theirs["purchase.order"]["draft"]
                wizard = env["deposit.cancellation"].create({"order_ids": [order]})
                self.own.setdefault(wizard._name, {})[role] = wizard.id
        values = {"deposit_id": deposits["approved"], "amount": 1}
        for role in ("buyer", "manager", "accountant"):
            with self.committed(role) as env:
                wizard = env["deposit.claim"].create(values)
                self.own.setdefault(wizard._name, {})[role] = wizard.id
        with self.committed("accountant") as env:
            ids = [Command.set([deposits["draft"]])]
            pay = env["deposit.payment"].create({"deposit_ids": ids})
            refund = env["deposit.refund"].create({**values, "journal_id": self.bank})
            for wizard in (pay, refund):
                self.own[wizard._name] = {"accountant": wizard.id}
