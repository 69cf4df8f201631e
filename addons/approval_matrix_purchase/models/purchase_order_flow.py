from odoo import api, fields, models

from odoo.addons.approval_matrix.system import as_system

from ..allowance import Allowance, pair_lines


class PurchaseOrder(models.Model):
    """What an order allows to flow: which terms count for goods and bills in its state,
    what they allow of each line, and what happens to more (policies and tolerances). It
    also ends what was asked on top of terms that it has no more.

    What did flow, and whether that is within, is judged by its lines.
    """

    _inherit = "purchase.order"

    excess_ids = fields.One2many(
        "purchase.excess", "order_id", string="Above", groups="base.group_user"
    )
    excess_count = fields.Integer(
        compute="_compute_excess_count", compute_sudo=True, groups="base.group_user"
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("excess_ids")
    def _compute_excess_count(self):
        for order in self:
            order.excess_count = len(order.excess_ids)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def unlink(self):
        """Close what waits: the database would drop it without a word."""
        if self._approval_in_use():
            as_system(self).excess_ids.unlink()
        return super().unlink()

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_view_excess(self):
        """Open what goes beyond the order."""
        self.check_access("read")
        return self.env["purchase.excess"]._get_action(self.sudo().excess_ids)

    # ------------------------------------------------------------
    # WHAT IS APPROVED
    # ------------------------------------------------------------

    def _flow_terms(self):
        """Return the terms that goods and bills may follow.

        :return: terms; empty where nothing may flow; ``None``: the order as it is
        """
        self.ensure_one()
        if self.state == "purchase":
            process = self._approval_current()[self]
            if process.state == "approved" and not process._has_terms_of(self):
                return process.terms
            return None
        return (self.state == "to approve" and self.approval_base) or {}

    def _flow_approved(self):
        """Return what is approved of each line, without what was asked on top of it.

        :return: the ``allowance.Allowance`` by line; nothing may flow of what is left
            out
        :rtype: dict
        """
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: not line.display_type)
        terms = self._flow_terms()
        if terms is None:
            return {
                line: Allowance(
                    line.product_qty,
                    line._flow_price(line.price_unit, line.discount, line.tax_ids),
                    taxes=line.tax_ids,
                )
                for line in lines
            }
        if not terms or any(
            terms[key] != now[key]
            for now in [self._approval_terms()]
            for key in ("company", "vendor", "currency")
        ):
            return {}
        allowances = {}
        now = [line._get_approval_terms() for line in lines]
        for was, position in pair_lines(terms["lines"], now):
            if was is None or position is None:
                continue
            line, approved = lines[position], terms["lines"][was]
            taxes = self.env["account.tax"].browse(approved["taxes"]).exists()
            price = line._flow_price(
                float(approved["price"]), float(approved["discount"]), taxes
            )
            then = quantity = float(approved["quantity"])
            unit = self.env["uom.uom"].browse(approved["uom"]).exists()
            if "units" in approved:
                # a box may hold more than it did when the order was approved
                factor = line.product_uom_id.factor or 1.0
                quantity = float(approved["units"]) / factor
            elif unit and unit != line.product_uom_id:
                quantity = unit._compute_quantity(
                    then, line.product_uom_id, round=False, raise_if_failure=False
                )
            if quantity:
                price *= then / quantity
            allowances[line] = Allowance(quantity, price, taxes=taxes)
        return allowances

    # ------------------------------------------------------------
    # POLICIES
    # ------------------------------------------------------------

    def _flow_limits(self):
        """Return whose limits count: those of the rule, if it has any, or the
        company's."""
        self.ensure_one()
        rule = self._approval_current()[self].rule_id
        return rule if rule.excess_policy else self._approval_company()

    def _flow_policy(self):
        """Return what happens to an excess, see ``purchase.excess.limits``."""
        return self._flow_limits().excess_policy

    def _flow_tolerances(self):
        """Return what is tolerated of a line: of its quantity, in its UoM, and of its
        amount, in the currency of the order."""
        quantity, amount = self._flow_limits()._get_excess_tolerances()
        company = self._approval_company()
        if amount.absolute and self.currency_id != company.currency_id:
            amount = amount._replace(
                absolute=company.currency_id._convert(
                    amount.absolute, self.currency_id, company
                )
            )
        return quantity, amount

    def _flow_warn(self, text):
        """Tell the buyer what passed above the order."""
        for order in self:
            buyer = order.user_id or order.create_uid
            order.message_notify(
                partner_ids=buyer.partner_id.ids,
                subject=self.env._("%(order)s: above the order", order=order.name),
                body=text,
            )
            order._message_log(body=text)

    # ------------------------------------------------------------
    # WHAT WAS ASKED ON TOP
    # ------------------------------------------------------------

    def _approval_judge(self, before):
        """What was asked for on top of other terms is not worth an answer any more."""
        result = super()._approval_judge(before)
        if not self.env["approval.usage"]._has("purchase.excess"):
            return result
        Excess = as_system(self.env["purchase.excess"], for_texts=True)
        waiting = Excess.search(
            [("order_id", "in", list(before)), ("state", "=", "waiting")]
        )
        waiting.filtered(
            lambda excess: (
                not excess.order_id._approval_is_gated()
                and before[excess.order_id.id][0]
                or excess._is_outdated(excess.order_id._flow_approved())
            )
        )._cancel()
        return result
