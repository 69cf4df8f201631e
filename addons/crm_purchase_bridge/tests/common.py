from odoo.addons.urgent_orders.tests.common import UrgencyCommon


class BridgeCommon(UrgencyCommon):
    """The people of urgency, who ask each other."""

    #: Making them takes long: see tools/inside/shared_setup.py.
    shared_setup = True

    def _ask(self, record, department="purchase", text="When?", user=None, person=None):
        """Ask about a record, as customer care unless somebody else is named."""
        record = record.with_user(user or self.care)
        return record.env["supply.question"]._ask(record, department, text, person)

    def _to_dos(self, question, user=None, kind="question"):
        kind = self.env.ref(f"crm_purchase_bridge.mail_activity_type_{kind}")
        return question.sudo().activity_ids.filtered(
            lambda to_do: (
                to_do.activity_type_id == kind and (not user or to_do.user_id == user)
            )
        )

    def _message(self, user):
        """Return the last message that a user was sent."""
        domain = [("notified_partner_ids", "in", user.partner_id.ids)]
        return self.env["mail.message"].search(domain, order="id desc", limit=1)
