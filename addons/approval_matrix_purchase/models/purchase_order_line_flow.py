from collections import defaultdict

from odoo import models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import float_compare

from odoo.addons.approval_matrix.system import as_system

from ..allowance import Allowance


class PurchaseOrderLine(models.Model):
    """The judgement of flows: what was received and billed of lines is compared with
    what is approved of them now, excesses included. What is beyond is refused, told, or
    asked for.

    ``FlowJudge`` comes here when a call ends; receipts and bills ask beforehand.
    """

    _inherit = "purchase.order.line"

    # ------------------------------------------------------------
    # WHAT MAY FLOW
    # ------------------------------------------------------------

    def _flow_allowances(self):
        """Return what is approved now, and the excesses approved on top of it.

        :return: the ``allowance.Allowance`` of each line
        :rtype: dict
        """
        bases = self._flow_bases()
        allowances = dict(bases)
        extras = self.env["purchase.excess.line"].search(
            [("order_line_id", "in", self.ids), ("excess_id.state", "=", "approved")]
        )
        for extra in extras:
            line = extra.order_line_id
            allowances[line] = extra._add_to(allowances[line], bases[line])
        return allowances

    def _flow_bases(self):
        """Return what is approved of the lines themselves, without any excess."""
        bases = {}
        for order in self.order_id:
            bases.update(order._flow_approved())
        return {line: bases.get(line, Allowance()) for line in self}

    def _flow_get_unbilled(self):
        """Return what is approved of these lines of one order and not billed, with
        taxes, in the currency of the order.

        :raises UserError: where that has no rate
        """
        order = self.order_id
        lines = self.filtered(lambda line: not line.display_type)
        billed = lines._flow_billed()
        net = {
            line: allowance.amount_of(allowance.quantity)
            for line, allowance in lines._flow_allowances().items()
        }
        left = sum(max(net[line] - billed[line][1], 0.0) for line in lines)
        if not sum(net.values()) or left <= 0:
            return 0.0
        ordered = sum(
            line._flow_price(line.price_unit, line.discount, line.tax_ids)
            * line.product_qty
            for line in lines
        )
        # of a gift with something extra the taxes are not known
        with_taxes = order._approval_total(lines) / ordered if ordered else 1.0
        order._approval_check_amount()
        return left * with_taxes

    # ------------------------------------------------------------
    # WHAT IS BEYOND
    # ------------------------------------------------------------

    def _flow_is_more(self, quantity, limit):
        """Compare quantities of the line: down payments may have no unit."""
        self.ensure_one()
        if self.product_uom_id:
            return self.product_uom_id.compare(quantity, limit) > 0
        return float_compare(quantity, limit, precision_digits=6) > 0

    def _flow_get_received_excess(self, received):
        """Return what was received beyond what is approved and tolerated.

        :param dict received: by line, the quantity in its UoM
        :return: quantity by line; what is within is left out
        :rtype: dict
        """
        found = {}
        for line, allowance in self._flow_allowances().items():
            tolerated, _amounts = line.order_id._flow_tolerances()
            limit = allowance.quantity + tolerated.margin(allowance.quantity)
            if line._flow_is_more(received[line], limit):
                found[line] = received[line] - allowance.quantity
        return found

    def _flow_get_billed_excess(self, billed):
        """Return what was billed beyond what is approved and tolerated.

        :param dict billed: see :meth:`_flow_billed`
        :return: by line, the quantity beyond, and the amount that the price does not
            explain; what is within is left out
        :rtype: dict
        """
        found = {}
        allowances = self._flow_allowances()
        for line, allowance in allowances.items():
            order = line.order_id
            tolerated, tolerated_amount = order._flow_tolerances()
            quantity, amount = billed[line]
            limit = allowance.quantity + tolerated.margin(allowance.quantity)
            over = 0.0
            if line._flow_is_more(quantity, limit):
                over = quantity - allowance.quantity
            expected = allowance.amount_of(quantity)
            slack = order.currency_id.rounding * max(len(line.invoice_lines), 1)
            margin = tolerated_amount.margin(expected) + slack
            dearer = amount - expected if amount > expected + margin else 0.0
            if over or dearer:
                found[line] = (over, dearer)
        for lines in self.grouped("order_id").values():
            if not set(lines) & set(found):
                found.update(lines._flow_get_total_excess(billed))
        return found

    def _flow_get_total_excess(self, billed):
        """Find what is billed beyond the whole order: a discount that is a line of its
        own may be missing on the bill."""
        order = self.order_id
        lines = order.order_line.filtered(lambda line: not line.display_type)
        if all(line.price_unit * line.product_qty >= 0 for line in lines):
            return {}
        allowed = sum(
            allowance.amount_of(allowance.quantity)
            for allowance in lines._flow_allowances().values()
        )
        everything = {**(lines - self)._flow_billed(), **billed}
        over = sum(everything[line][1] for line in lines) - allowed
        _quantities, tolerated = order._flow_tolerances()
        slack = order.currency_id.rounding * len(lines.invoice_lines)
        if over <= tolerated.margin(allowed) + slack:
            return {}
        return {max(self, key=lambda line: everything[line][1]): (0.0, over)}

    # ------------------------------------------------------------
    # REFUSE
    # ------------------------------------------------------------

    def _flow_check_received(self, before):
        """Refuse receipts beyond what is approved.

        :param dict before: by id of the line, what was received before this call
        """
        received = self._flow_received()
        grown = self.filtered(
            lambda line: line._flow_is_more(received[line], before[line.id])
        )
        excess = grown._flow_get_received_excess(received)
        self._flow_refuse({line: (over, 0.0) for line, over in excess.items()})

    def _flow_check_billed(self, before):
        """Refuse bills beyond what is approved.

        :param dict before: by line, what was billed before this call
        """
        self._flow_refuse(self._flow_get_grown_excess(before))

    def _flow_undone(self):
        """Return what is billed, before a credit note or a part of it goes."""
        return self._flow_billed()

    def _flow_check_undone(self, before):
        """Refuse to take credit notes back whose room later bills have used.

        :param dict before: by id of the line, what was billed before this call
        :raises UserError: with what to do first
        """
        refused = []
        for line, over in self._flow_get_grown_excess(before).items():
            policy = line.order_id._flow_policy()
            if policy == "warn":
                line.order_id._flow_warn(line._flow_describe(*over))
            elif policy != "allow":
                refused.append(f"- {line._flow_describe(*over)}")
        if refused:
            raise UserError(
                self.env._(
                    "Later bills need this credit. Reset them to draft, or credit "
                    "them, first. Without it more is billed than is approved:\n"
                    "%(lines)s",
                    lines="\n".join(refused),
                )
            )

    def _flow_get_grown_excess(self, before):
        """Return what is billed beyond what is approved of lines that have more now.

        :param dict before: by id of the line, what was billed before this call
        """
        billed = self._flow_billed()
        grown = self.filtered(
            lambda line: (
                line._flow_is_more(billed[line][0], before[line.id][0])
                or line.order_id.currency_id.compare_amounts(
                    billed[line][1], before[line.id][1]
                )
                > 0
            )
        )
        return grown._flow_get_billed_excess(billed)

    def _flow_refuse(self, excess):
        """Refuse what is beyond the orders, or tell the buyers, as it is set.

        :param dict excess: by line, quantity and amount
        :raises RedirectWarning: with a way to ask for it
        """
        by_policy = defaultdict(dict)
        for line, over in excess.items():
            by_policy[line.order_id._flow_policy()][line] = over
        for line, over in by_policy["warn"].items():
            line.order_id._flow_warn(line._flow_describe(*over))
        refused = {**by_policy["block"], **by_policy["ask"]}
        if not refused:
            return
        message = self.env._(
            "More than is approved:\n%(lines)s",
            lines="\n".join(
                f"- {line._flow_describe(*over)}" for line, over in refused.items()
            ),
        )
        asked = by_policy["ask"].values()
        if by_policy["block"] or not all(quantity for quantity, _amount in asked):
            raise UserError(message)  # what is dearer is asked for by posting the bill
        raise RedirectWarning(
            message,
            self.env.ref("approval_matrix_purchase.purchase_excess_ask_action").id,
            self.env._("Ask for Approval"),
            {
                "default_excess": [
                    [line.id, *over] for line, over in by_policy["ask"].items()
                ]
            },
        )

    def _flow_describe(self, quantity, amount):
        """Return in words what is beyond the order."""
        self.ensure_one()
        parts = []
        if quantity:
            parts.append(
                self.env._(
                    "%(quantity)g %(unit)s above the %(approved)g approved",
                    quantity=quantity,
                    unit=self.product_uom_id.name or "",
                    approved=self._flow_allowances()[self].quantity,
                )
            )
        if amount:
            parts.append(
                self.env._(
                    "%(amount)s above the approved price",
                    amount=self.order_id.currency_id.format(amount),
                )
            )
        return f"{self.order_id.name}, {self.product_id.display_name}: " + ", ".join(
            parts
        )

    # ------------------------------------------------------------
    # ASK
    # ------------------------------------------------------------

    def _flow_ask_received(self, excess, pickings, reason=None):
        """Ask for what was, or would be, received beyond the orders.

        :param dict excess: quantity by order line, in its UoM
        :param pickings: the transfers it came in
        :return: the ``purchase.excess`` records, one for each order
        """
        asked = self.env["purchase.excess"].sudo()
        quantities = {line.id: quantity for line, quantity in excess.items()}
        for lines in as_system(self).grouped("order_id").values():
            receipts = as_system(pickings).filtered(
                lambda picking, lines=lines: picking.move_ids.purchase_line_id & lines
            )
            asked |= lines._flow_ask(
                "receipt",
                {line: (quantities[line.id], 0.0) for line in lines},
                picking_id=receipts[:1].id,
                reason=reason,
            )
        return asked

    def _flow_ask(self, flow, excess, **values):
        """Ask for what is beyond these lines of one order.

        :param str flow: see ``purchase.excess``
        :param dict excess: by line, quantity and amount beyond what is approved
        :param values: of the excess: where it came, and why
        :return: the ``purchase.excess`` record
        """
        values, rows = self._flow_prepare_excess(excess, **values)
        return self.env["purchase.excess"]._ask(flow, values, rows)

    def _flow_foresee_asked(self, excess):
        """Say who would be asked if somebody asked for what is beyond the orders.

        :param dict excess: quantity by order line, in its UoM
        :return: a line for each order
        :rtype: str
        """
        texts = []
        for order, lines in self.grouped("order_id").items():
            values, rows = lines._flow_prepare_excess(
                {line: (excess[line], 0.0) for line in lines}
            )
            told = self.env["purchase.excess"]._foresee_asked(
                {"flow": "receipt", **values}, rows
            )
            texts.append(f"{order.name}: {told}")
        return "\n".join(texts)

    def _flow_prepare_excess(self, excess, **values):
        """Return the values of an excess of one order, and those of its lines; see
        :meth:`_flow_ask`."""
        order = self.order_id
        bases = self._flow_bases()
        allowances = self._flow_allowances()
        amount = 0.0
        rows = []
        for line in self:
            quantity, dearer = excess[line]
            base, allowance = bases[line], allowances[line]
            price = base.price or line.price_unit_discounted
            amount += line._flow_with_taxes(
                quantity, quantity * price + dearer, base.taxes
            )
            rows.append(
                {
                    "order_line_id": line.id,
                    "product_id": line.product_id.id,
                    "quantity": quantity,
                    "amount": dearer,
                    "base_quantity": base.quantity,
                    "base_price": base.price,
                    "limit_quantity": allowance.quantity + quantity,
                    "limit_extra": allowance.extra + dearer,
                }
            )
        values = {
            "order_id": order.id,
            "partner_id": order.partner_id.id,
            "company_id": order._approval_company().id,
            "amount": order._approval_convert(amount),
            **values,
        }
        return values, rows

    def _flow_with_taxes(self, quantity, amount, taxes=None):
        """Return what more of the line costs with taxes, as totals of orders have them.

        :param float quantity: in the UoM of the line; zero where it only is dearer,
            which no tax by the piece is on
        :param float amount: without taxes, in the currency of the order
        :param taxes: what is approved; by default those of the line
        """
        self.ensure_one()
        taxes = (self.tax_ids if taxes is None else taxes).flatten_taxes_hierarchy()
        if not quantity:
            taxes = taxes.filtered(lambda tax: tax.amount_type != "fixed")
        pieces = quantity or 1.0
        amounts = taxes.with_context(round=False, round_base=False).compute_all(
            amount / pieces,
            currency=self.order_id.currency_id,
            quantity=pieces,
            product=self.product_id,
            partner=self.order_id.partner_id,
            handle_price_include=False,
        )
        return amounts["total_included"]
