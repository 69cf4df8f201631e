from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Command, Domain
from odoo.tools import float_compare

from odoo.addons.approval_matrix.system import as_system
from odoo.addons.approval_matrix.watch import watching

from ..allowance import Allowance
from ..flow import FlowJudge

#: What decides how much was received of a line, besides its transfers.
RECEIVED_FIELDS = frozenset(
    {"qty_received", "qty_received_manual", "qty_received_method", "product_id"}
)

#: What a bill adds to what was billed, a refund takes back.
BILLED_SIGNS = {"in_invoice": 1, "in_receipt": 1, "in_refund": -1}


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "approval.line.mixin"]

    def _approval_term_fields(self):
        return super()._approval_term_fields() | {
            "name",
            "product_id",
            "product_qty",
            "product_uom_id",
            "price_unit",
            "discount",
            "tax_ids",
            "analytic_distribution",
            "date_planned",
        }

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env["purchase.order"]._approval_in_use():
            return super().create(vals_list)
        with watching(self.env, FlowJudge) as judge:
            lines = super().create(vals_list)
            ordered = lines.filtered(lambda line: not line.display_type)
            judge.received.update(dict.fromkeys(ordered.ids, 0.0))
        return lines

    def write(self, vals):
        if (
            RECEIVED_FIELDS.isdisjoint(vals)
            or not self.env["purchase.order"]._approval_in_use()
        ):
            return super().write(vals)
        with watching(self.env, FlowJudge) as judge:
            judge.see_received(self)
            return super().write(vals)

    # ------------------------------------------------------------
    # RECEIPTS
    # ------------------------------------------------------------

    def _create_or_update_picking(self):
        """Leave receipts alone until it is known whether the order goes back to its
        approvers. Then their last approval brings the receipts up to date."""
        held = self.order_id._approval_missing()
        free = self.filtered(lambda line: line.order_id not in held)
        if held:
            with held._approval_watching() as judge:
                judge.afterwards.append((self - free)._approval_update_kept)
        return super(PurchaseOrderLine, free)._create_or_update_picking()

    def _approval_update_kept(self):
        """Update the receipts of orders whose approval stands."""
        lines = self.exists()
        held = lines.order_id._approval_missing()
        kept = lines.filtered(
            lambda line: line.order_id.state == "purchase" and line.order_id not in held
        )
        return super(PurchaseOrderLine, kept)._create_or_update_picking()

    # ------------------------------------------------------------
    # FORECAST
    # ------------------------------------------------------------

    @api.model
    def _approval_search_reopened(self, domain):
        """Return lines that are no order (any more), and have receipts all the same.

        :param domain: of lines that Odoo counts as requested
        """
        has_receipt = Domain("move_ids.state", "not in", ("draft", "cancel"))
        return self.search(Domain(domain) & has_receipt)

    def _approval_get_procured(self):
        """Return how much of the line came or is on its way, in the product's UoM;
        no more than the line says, for what is lowered comes until that is approved."""
        self.ensure_one()
        procured = max(0, min(self._get_qty_procurement(), self.product_qty))
        return self.product_uom_id._compute_quantity(
            procured, self.product_id.uom_id, round=False
        )

    # ------------------------------------------------------------
    # TERMS
    # ------------------------------------------------------------
    # ------------------------------------------------------------
    # TERMS WRITTEN BACK
    # ------------------------------------------------------------

    def _approval_get_values(self, terms, order):
        """Return the values of a line with these terms; ``self`` is that line, or none.

        :param dict terms: what :meth:`_get_approval_terms` returned at some time
        :param order: where the line is, or will be
        """
        date = fields.Date.to_date(terms["date"])
        planned = self.date_planned or order.date_planned
        company = order._approval_company()
        values = {
            "product_id": terms["product"],
            "product_uom_id": terms["uom"],
            "tax_ids": [*terms["taxes"]],
        }
        for name, value in values.items():
            ids = value if isinstance(value, list) else [value]
            for id_ in ids:
                order._approval_still_there(self._fields[name].comodel_name, id_)
        return {
            **values,
            "tax_ids": [Command.set(terms["taxes"])],
            "name": terms.get("text") or self.name,
            "product_qty": float(terms["quantity"]),
            "price_unit": float(terms["price"]),
            "discount": float(terms["discount"]),
            "analytic_distribution": {
                accounts: float(share) for accounts, share in terms["analytic"].items()
            },
            "date_planned": date and company._approval_moment(date, planned),
        }

    def _approval_get_removal(self):
        """Return how a line is taken off that was not approved: goods and bills keep
        theirs."""
        self.ensure_one()
        if self.qty_received or self.invoice_lines or self.move_ids:
            return Command.update(self.id, {"product_qty": 0.0})
        return Command.delete(self.id)

    # ------------------------------------------------------------
    # TERMS
    # ------------------------------------------------------------

    def _get_approval_terms(self):
        """Return what approvers approve of this line.

        :return: ids, dates and fixed-point strings: quantity in the line's UoM, the
            same in the unit that this UoM is made of, price in the order's currency
            per UoM of the line, discount and analytic shares in percent
        """
        self.ensure_one()
        company = self.order_id.company_id
        return {
            "product": self.product_id.id,
            "text": self.name,
            "quantity": f"{self.product_qty:.6f}",
            "uom": self.product_uom_id.id,
            "units": f"{self._get_approval_units():.6f}",
            "price": f"{self.price_unit:.6f}",
            "discount": f"{self.discount:.6f}",
            "taxes": sorted(self.tax_ids.ids),
            "analytic": {
                accounts: f"{share:.6f}"
                for accounts, share in (self.analytic_distribution or {}).items()
            },
            "date": self.date_planned
            and company._approval_day(self.date_planned).isoformat(),
        }

    def _approval_is_advance(self):
        """Tell whether the line is a down payment of ours, and not part of the terms.

        Anybody in purchasing writes ``is_downpayment``: it alone changes nothing.
        """
        self.ensure_one()
        return False

    def _get_approval_units(self):
        """Return the quantity in the unit that its UoM is made of: somebody may change
        how many units a box holds."""
        self.ensure_one()
        return self.product_qty * (self.product_uom_id.factor or 1.0)

    # ------------------------------------------------------------
    # FLOWS: what may be received and billed
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
            bases.update(order._flow_allowances())
        return {line: bases.get(line, Allowance()) for line in self}

    def _flow_price(self, price, discount, taxes):
        """Return the price of one unit without discount and taxes.

        :param float price: of one unit, in the order's currency
        :param float discount: in percent
        :param taxes: ``account.tax`` records, which may be part of the price
        """
        price *= 1 - discount / 100
        if not any(taxes.flatten_taxes_hierarchy().mapped("price_include")):
            return price
        amounts = taxes.with_context(round=False, round_base=False).compute_all(
            price,
            currency=self.order_id.currency_id,
            product=self.product_id,
            partner=self.order_id.partner_id,
        )
        return amounts["total_excluded"]

    def _flow_billed(self, drafts=None):
        """Return what posted bills take of the lines.

        Journal items say what was booked; what bills show beside them can be written.
        Their amounts are in the currency of the bill, which is what is owed.

        :param drafts: ``account.move`` records to count as if they were posted
        :return: by line, the quantity in its UoM and the amount without taxes in the
            currency of its order
        :rtype: dict
        """
        draft_ids = drafts.ids if drafts else ()
        billed = {line: (0.0, 0.0) for line in self}
        for item in self.invoice_lines:
            move = item.move_id
            line = item.purchase_line_id
            if (
                (move.state != "posted" and move.id not in draft_ids)
                or move.move_type not in BILLED_SIGNS
                or item._flow_is_judged_elsewhere()
                or item._flow_is_unbacked()
            ):
                continue
            quantity, amount = billed[line]
            uom = item.product_uom_id or line.product_uom_id
            order = line.order_id
            billed[line] = (
                quantity
                + BILLED_SIGNS[move.move_type]
                * item.quantity
                * (uom.factor or 1.0)
                / (line.product_uom_id.factor or 1.0),
                amount
                + move.currency_id._convert(
                    item.amount_currency,
                    order.currency_id,
                    order.company_id,
                    move.invoice_date or move.date,
                    round=False,
                ),
            )
        return billed

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

    def _flow_check_received(self, before):
        """Refuse receipts beyond what is approved.

        :param dict before: by id of the line, what was received before this call
        """
        received = {line: line.qty_received for line in self}
        grown = self.filtered(
            lambda line: line._flow_is_more(received[line], before[line.id])
        )
        excess = grown._flow_get_received_excess(received)
        self._flow_refuse({line: (over, 0.0) for line, over in excess.items()})

    def _flow_check_billed(self, before):
        """Refuse bills beyond what is approved.

        :param dict before: by line, what was billed before this call
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
        self._flow_refuse(grown._flow_get_billed_excess(billed))

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

    def _flow_ask_received(self, excess, pickings, reason=None):
        """Ask for what was, or would be, received beyond the orders.

        :param dict excess: quantity by order line, in its UoM
        :param pickings: the transfers it came in
        :return: the ``purchase.excess`` records, one for each order
        """
        asked = self.env["purchase.excess"].sudo()
        quantities = {line.id: quantity for line, quantity in excess.items()}
        for order, lines in as_system(self).grouped("order_id").items():
            receipts = as_system(pickings).filtered(
                lambda picking, lines=lines: picking.move_ids.purchase_line_id & lines
            )
            overs = {line: (quantities[line.id], 0.0) for line in lines}
            asked |= self.env["purchase.excess"]._ask(
                "receipt",
                {
                    **order._flow_excess_values(overs),
                    "picking_id": receipts[:1].id,
                    "reason": reason,
                },
                lines._flow_excess_lines(overs),
            )
        return asked

    def _flow_excess_lines(self, excess):
        """Return the values of the lines of an excess.

        :param dict excess: by line, quantity and amount beyond what is approved
        """
        bases = self._flow_bases()
        allowances = self._flow_allowances()
        values = []
        for line in self:
            quantity, amount = excess[line]
            allowance = allowances[line]
            values.append(
                {
                    "order_line_id": line.id,
                    "product_id": line.product_id.id,
                    "quantity": quantity,
                    "amount": amount,
                    "base_quantity": bases[line].quantity,
                    "base_price": bases[line].price,
                    "limit_quantity": allowance.quantity + quantity,
                    "limit_extra": allowance.extra + amount,
                }
            )
        return values
