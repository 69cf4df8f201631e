from typing import NamedTuple

from odoo import api, models
from odoo.tools import formatLang

LEND_TYPE = "urgent_orders.mail_activity_type_lend"
KEEPERS = "stock.group_stock_user"
#: How many displaced deliveries are looked at, the worst first: each is played anew.
BORROWERS = 10
#: Where nobody is responsible for a delivery, so many of the storekeepers are asked.
ASKED = 3


class Offer(NamedTuple):
    """Goods that one delivery can lend a displaced one without losing a day.

    :param document: the displaced order
    :param borrower: ``stock.move``, as is the lender
    :param quantity: in the product's unit
    :param days: how many days sooner the borrower has them
    :param keepers: ``res.users`` who can do it
    """

    document: models.Model
    borrower: models.Model
    lender: models.Model
    quantity: float
    days: int
    keepers: models.Model


class UrgencySwap(models.AbstractModel):
    """What can be lent to orders that an urgent one displaces.

    It is offered where displaced orders are shown: before somebody decides, and to
    their owners afterwards. The storekeepers carry it out (``supply.swap``).
    """

    _name = "urgency.swap"
    _description = "Goods Lent to Displaced Orders"

    @api.model
    def _find(self, lines, raised=(), planned=None):
        """Return what can be lent to displaced orders.

        :param list lines: see ``urgency.displacement._summarize``
        :param raised: ids of moves that get priority, also of those that have it
        :param dict planned: demands that are no moves yet, by warehouse and product
        :return: :class:`Offer` objects, without those that gain no day
        :rtype: list
        """
        documents = {move: line["document"] for line in lines for move in line["moves"]}
        moves = self.env["stock.move"].sudo().union(*documents)[:BORROWERS]
        swaps = self.env["urgency.supply"]._find_swaps(
            moves, set(raised), planned or {}
        )
        return [
            Offer(
                documents[borrower],
                borrower,
                lender,
                quantity,
                days,
                self._get_keepers(lender, borrower),
            )
            for borrower, lender, quantity, days in swaps
            if days > 0
        ]

    @api.model
    def _get_keepers(self, *moves):
        """Return who is responsible for one of the deliveries, or some storekeepers."""
        responsible = next(
            filter(None, (move.picking_id.user_id for move in moves)), None
        )
        if responsible:
            return responsible
        company = moves[0].company_id
        return (
            self.env.ref(KEEPERS)
            .sudo()
            .all_user_ids.filtered(
                lambda user: (
                    user.active and not user.share and company in user.company_ids
                )
            )
            .sorted("id")[:ASKED]
        )

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    @api.model
    def _describe(self, offer):
        """Return an offer in the words, and with the rights, of the user."""
        quantity = offer.quantity
        return self.env._(
            "%(lender)s can lend %(borrower)s %(quantity)s × %(product)s: %(days)s "
            "days sooner, and the lender loses no day.",
            lender=self._get_name(offer.lender),
            borrower=offer.document.name,
            quantity=formatLang(
                self.env, quantity, digits=0 if float(quantity).is_integer() else 2
            ),
            product=offer.borrower.product_id.display_name,
            days=offer.days,
        )

    @api.model
    def _get_name(self, move):
        """Return whose goods they are, as far as the user may know."""
        env = self.sudo(False).env
        sale = env["sale.order"].browse(move.sudo().sale_line_id.order_id.id)
        if sale and env["supply.customers"]._get_readable(sale):
            customer = sale.sudo().partner_id.commercial_partner_id
            return f"{sale.sudo().name} ({customer.name})"
        if env.user.has_group(KEEPERS):
            return move.picking_id.name or move.reference
        return self.env._("Another order")

    # ------------------------------------------------------------
    # CARRYING OUT
    # ------------------------------------------------------------

    @api.model
    def _open(self, lines):
        """Return the action that lists what the displaced deliveries can borrow.

        :param list lines: see ``urgency.displacement._summarize``
        """
        pickings = self.env["stock.picking"].union(
            *(line["moves"].picking_id for line in lines)
        )
        return self.env["supply.swap"]._open(pickings.sudo(False))

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @api.model
    def _ask(self, offers):
        """Give the storekeepers a to-do on each delivery that could borrow."""
        notices = self.env["urgency.notice"]
        for offer in offers:
            for user in offer.keepers:
                mine = self.with_user(user).with_context(lang=user.lang)
                notices._give_to_do(
                    offer.borrower.picking_id, user, LEND_TYPE, mine._describe(offer)
                )
