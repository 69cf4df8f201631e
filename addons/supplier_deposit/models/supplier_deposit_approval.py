from odoo import SUPERUSER_ID, fields, models
from odoo.tools import format_amount, format_date


class SupplierDeposit(models.Model):
    """A deposit as a document under approval: the gate is paying."""

    _inherit = "supplier.deposit"

    _approval_gate_states = (
        "due",
        "paid",
        "applied",
        "done",
        "refund_awaited",
        "refunded",
    )
    _approval_waiting_states = ("waiting",)
    _approval_void_states = ("cancelled",)

    def action_submit_approval(self):
        """Ask again after a refusal; deposits ask by themselves the first time."""
        return self.action_make_due()

    def _approval_required(self):
        """What has been posted was approved: when the bank then says that it paid,
        nobody can refuse that any more."""
        return (
            super()
            ._approval_required()
            .filtered(lambda deposit: deposit._is_free_to_change())
        )

    def _approval_amount(self):
        return self._to_company_currency(self.amount)

    def _approval_term_fields(self):
        return super()._approval_term_fields() | {
            "partner_id",
            "company_id",
            "currency_id",
            "amount",
            "order_id",
            "date_due",
        }

    def _approval_terms(self):
        self.ensure_one()
        return {
            "company": self.company_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "amount": f"{self.amount:.6f}",
            "order_id": self.order_id.id,
            "date_due": fields.Date.to_string(self.date_due),
        }

    def _approval_requester(self):
        """The buyer asks: the system does it for them. For those who may not see
        amounts it asks for itself: requesters read them."""
        for user in self.sudo()._get_owners():
            if self.sudo()._may_be_seen_by(user):
                return user
        return self.env["res.users"].browse(SUPERUSER_ID)

    def _approval_excluded_users(self):
        """Whose order it is does not approve it, though the system asks."""
        return super()._approval_excluded_users() | self.sudo()._get_owners()[:1]

    def _approval_is_urgent(self):
        return self.order_id._approval_is_urgent()

    def _approval_summary(self):
        self.ensure_one()
        env = self.env
        amount = format_amount(env, self.amount, self.currency_id)
        facts = [
            (env._("Vendor"), self.partner_id.display_name),
            (env._("Deposit"), amount),
            (env._("Purchase Order"), self.order_id.name),
            (
                env._("Total of the Order"),
                format_amount(env, self.order_id.amount_total, self.currency_id),
            ),
            (env._("Due Date"), format_date(env, self.date_due)),
        ]
        return {
            "about": f"{self.partner_id.display_name} · {amount}",
            "facts": [[label, value] for label, value in facts if value],
            "columns": [],
            "rows": [],
        }

    def _approval_describe(self, terms):
        env = self.env
        currency = env["res.currency"].browse(terms["currency_id"])
        due = fields.Date.to_date(terms["date_due"])
        return {
            "facts": [
                [
                    env._("Vendor"),
                    self._approval_name("res.partner", terms["partner_id"]),
                ],
                [
                    env._("Deposit"),
                    format_amount(env, float(terms["amount"]), currency),
                ],
                [
                    env._("Purchase Order"),
                    self._approval_name("purchase.order", terms["order_id"]),
                ],
                [env._("Due Date"), format_date(env, due)],
            ],
            "columns": [],
            "rows": [],
        }

    def _approval_granted(self):
        """Make them due; what accounting refuses waits with the reason, approved as it
        is, and the cron tries again."""
        self._as_system().filtered("is_refused").write({"is_refused": False})
        for deposit in self._as_system():
            deposit._try_each("_enter_due")
            if deposit.state == "waiting":
                deposit.write({"state": "planned"})

    def _approval_refused(self, reason):
        for deposit in self._as_system():
            if deposit.state == "waiting":
                # where approval is not needed any more it goes its way
                refused = bool(deposit._approval_required())
                deposit.write(
                    {"state": "planned", "hold_reason": reason, "is_refused": refused}
                )

    def _approval_reopened(self):
        """Its terms changed after approval: whatever was drafted is not paid."""
        deposits = self._as_system()
        deposits._drop_drafts()
        deposits.write({"state": "waiting"})
