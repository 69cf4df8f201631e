from odoo import Command


class SetupCard:
    """What an administrator reads of one topic in the first hour, when purchases are
    under approval already. Whoever inherits this has a ``chief``, who sets up."""

    #: Key of the topic's step on the card.
    setup_step = None

    @classmethod
    def _put_purchases_under_approval(cls, approver):
        cls.env["approval.rule"].sudo().create(
            {
                "name": "Purchases",
                "model_id": cls.env["ir.model"]._get_id("purchase.order"),
                "company_id": cls.company.id,
                "step_ids": [
                    Command.create({"name": "First", "user_ids": approver.ids})
                ],
            }
        )

    def _get_steps(self, user=None):
        """Return the steps that the card shows: to the chief, if nobody is named."""
        card = self.env(user=user or self.chief)["approval.setup"]
        card = card.with_context(allowed_company_ids=self.company.ids)
        return card.get_card()["steps"]

    def _get_step(self, user=None):
        """Return the topic's step; nothing where the card has none."""
        steps = {step["key"]: step for step in self._get_steps(user)}
        return steps.get(self.setup_step)
