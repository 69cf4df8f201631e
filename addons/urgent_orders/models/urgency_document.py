from odoo import api, models


class UrgencyDocument(models.AbstractModel):
    """What an order says of itself to the engine of urgency, and to whoever tells
    people of it.

    A model inherits ``urgency.mixin``, which does the work, and overrides what is
    other than here.
    """

    _name = "urgency.document"
    _description = "Order as urgency sees it"

    # ------------------------------------------------------------
    # CHAIN
    # ------------------------------------------------------------

    def _get_urgency_sources(self):
        """Return the orders this one serves, which may be of several models.

        :rtype: list
        """
        return []

    def _get_urgency_heirs(self):
        """Return what serves these orders, as recordsets of the models that do.

        :rtype: list
        """
        return []

    def _prepare_urgency_source(self, source):
        """Return the values that say from which order urgency comes.

        :param source: that order, or nothing
        """
        return {}

    def _urgency_follows(self):
        """Tell whether urgency still matters here."""
        return True

    # ------------------------------------------------------------
    # GOODS AND PRIORITY
    # ------------------------------------------------------------

    def _get_supply_moves(self):
        """Return the moves that have priority with these orders."""
        return self.env["stock.move"]

    @api.model
    def _get_urgency_priority(self, level):
        """Return Odoo's own priority for an urgent level."""
        return "1"

    # ------------------------------------------------------------
    # WHAT PEOPLE ARE TOLD
    # ------------------------------------------------------------

    def _get_urgency_company(self):
        """Return the company; an opportunity may have none."""
        return self.company_id or self.env.company

    def _get_urgency_assignees(self, readers):
        """Return who gets a to-do, among those who are told and may open the order.

        :param readers: ``res.users``
        """
        self.ensure_one()
        return readers

    def _get_urgency_about(self):
        """Return the customer or vendor, in a line; it reaches all who are told and may
        read them."""
        return self.partner_id.display_name

    def _get_urgency_goods(self):
        """Return what it is about, without prices.

        :return: of each line the name, the quantity and its unit (``uom.uom``)
        :rtype: list[tuple]
        """
        return []
