from odoo import api, models


class UrgencyMixin(models.AbstractModel):
    """What is made for a customer begins as urgent as their level says. Which documents
    are made for one says each of them."""

    _inherit = "urgency.mixin"

    @api.model
    def _begin_with_level(self, vals):
        """Return the values of a new order, with the urgency of its customer's level
        unless somebody chose one.

        :param dict vals: as for ``create``
        :rtype: dict
        """
        if "urgency_level_id" in vals or not (
            self.env.su or self.env.user._is_internal()
        ):
            return vals
        given = vals.get("partner_id", self.env.context.get("default_partner_id"))
        # as the ORM reads it: an id, or a record
        partner_id = self._fields["partner_id"].convert_to_cache(given, self, False)
        partners = self.env["res.partner"].sudo()
        partner = partners.browse(partner_id if isinstance(partner_id, int) else [])
        return {**partner.customer_level_id._prepare_urgency(), **vals}

    def _follow_level(self):
        """Choose in the form of a new order what the customer's level says, in place of
        what nobody chose: the plain level, or that of a customer chosen before."""
        if self._origin:
            return
        plain = self._default_urgency_level_id()
        levels = self.env["customer.level"].sudo()
        givers = levels.search([("urgency_level_id", "!=", False)])
        now = {
            "urgency_level_id": self.urgency_level_id.id,
            "urgency_reason": self.urgency_reason,
        }
        was_given = now in [level._prepare_urgency() for level in givers]
        if not was_given and self.urgency_level_id.id != plain:
            return
        given = self.partner_id.sudo().customer_level_id._prepare_urgency()
        if given or was_given:
            self.update(given or {"urgency_level_id": plain, "urgency_reason": False})
