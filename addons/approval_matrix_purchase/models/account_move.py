from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.approval_matrix.system import as_system
from odoo.addons.approval_matrix.watch import watching

from ..flow import FlowJudge
from .purchase_excess_source import READERS
from .purchase_order_line import BILLED_SIGNS, is_posted_bill

#: Journal items of bills that are no product, and do not say what is owed for it.
NO_EXTRAS = (
    "product",
    "payment_term",
    "line_section",
    "line_subsection",
    "line_note",
)

#: Bills without an order that were made within so many days are judged together.
DAYS_TOGETHER = 30

#: What decides, besides its lines, how much of which orders a posted bill takes. Odoo
#: protects most of it, unless the caller's context says that it should not.
BILLED_FIELDS = frozenset(
    {
        "company_id",
        "currency_id",
        "date",
        "invoice_cash_rounding_id",
        "invoice_currency_rate",
        "invoice_date",
        "move_type",
        "partner_id",
    }
)


class AccountMove(models.Model):
    """Bills are judged by what is approved of their orders.

    What needs an approval first stays a draft, and is asked for: so do bills that are
    posted by the day or with others, of which the rest is posted.
    """

    _name = "account.move"
    _inherit = ["account.move", "purchase.excess.source"]

    excess_ids = fields.One2many(
        "purchase.excess", "move_id", string="Above the Order", groups=READERS
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        state = vals.get("state")
        changes = not BILLED_FIELDS.isdisjoint(vals)
        says_paid = bool(vals.get("origin_payment_id"))
        if (
            not (changes or says_paid or state is not None)
            or not self.env["purchase.order"]._approval_in_use()
        ):
            return super().write(vals)
        before = self.filtered(lambda move: move.state == "posted")
        if says_paid:
            before._flow_check_payment(vals["origin_payment_id"])
        posted = self - before if state == "posted" else self.browse()
        judged = posted | before if changes else posted
        undone = before.filtered(
            lambda move: state in ("draft", "cancel") and move.move_type in BILLED_SIGNS
        )
        if changes and "move_type" in vals and state in (None, "posted"):
            before._flow_check_type(vals["move_type"])
        if judged | undone:
            with watching(self.env, FlowJudge) as judge:
                judge.see("undone", undone.sudo().invoice_line_ids.purchase_line_id)
                judge.see("billed", judged.sudo().invoice_line_ids.purchase_line_id)
                judge.note("unbacked", judged)
                result = super().write(vals)
        else:
            result = super().write(vals)
        (self if state == "cancel" else posted)._excess_cancel()
        return result

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_post(self):
        """Say what was not posted, and why."""
        if not self.env["purchase.order"]._approval_in_use():
            return super().action_post()
        result = super().action_post()
        held = self.filtered(
            lambda move: move.state == "draft" and move.sudo().excess_waiting
        )
        if not held:
            return result
        return self._excess_notice(
            self.env._("Not posted yet"),
            self.env._(
                "More than is approved, so it was asked for: %(bills)s. You are told "
                "when it is decided.",
                bills=", ".join(move._flow_label() for move in held),
            ),
        )

    def _flow_check_payment(self, payment_id):
        """Refuse to make what is posted the entry of another payment, which would be
        taken for booked.

        :raises UserError: to go back to a draft first
        """
        for move in self:
            if move.sudo().origin_payment_id.id != payment_id:
                raise UserError(
                    self.env._(
                        "%(entry)s is posted: reset it to draft to make it the entry "
                        "of a payment.",
                        entry=move.display_name,
                    )
                )

    def _flow_label(self):
        """Return how people know a bill that has no number yet: by the vendor's
        reference, or by its amount."""
        self.ensure_one()
        if self.name and self.name != "/":
            return self.name
        return self.ref or self.currency_id.format(self.amount_total)

    def _post(self, soft=True):
        if not self.env["purchase.order"]._approval_in_use():
            return super()._post(soft=soft)
        held = self._flow_hold(soft)
        if self and held == self:
            return self.browse()
        return super(AccountMove, self - held)._post(soft=soft)

    # ------------------------------------------------------------
    # FLOWS
    # ------------------------------------------------------------

    def _flow_hold(self, soft):
        """Ask for what bills have beyond what is approved.

        :param bool soft: bills of later days are not posted now
        :return: the bills that must not be posted yet
        :raises UserError: where an excess is to be refused
        """
        held = accepted = self.browse()
        today = fields.Date.context_today(self)
        bills = self.filtered(
            lambda move: (
                move.move_type in BILLED_SIGNS
                and move.state == "draft"
                and not (soft and move.date > today)
            )
        )
        for bill in as_system(bills, for_texts=True):
            bill._flow_check_rate()
            orders = bill.invoice_line_ids.purchase_line_id.order_id
            reopened = (
                bill.move_type != "in_refund"
                and orders._approval_reopen_silently_changed()
            )
            asked = bill._flow_ask_billed(accepted)
            asked |= bill._flow_ask_unbacked(accepted)
            if asked:
                held |= bill
            elif reopened:
                held |= bill
                bill._message_log(body=bill.env._("The order must be approved again."))
            else:
                accepted |= bill
        return held.with_env(self.env)

    def _flow_ask_billed(self, accepted):
        """Ask for what the bill takes of orders beyond what is approved.

        :param accepted: bills that are posted with it
        :return: what was asked
        """
        self.ensure_one()
        asked = self.env["purchase.excess"]
        lines = self.invoice_line_ids.purchase_line_id
        billed = lines._flow_billed(drafts=accepted | self)
        before = lines._flow_billed(drafts=accepted)
        grown = lines.filtered(
            lambda line: (
                billed[line] > before[line] or billed[line][1] > before[line][1]
            )
        )
        # the bill may take back of others, which counts in the total
        excess = grown._flow_get_billed_excess(billed)
        for order, over in (
            lines.browse([line.id for line in excess]).grouped("order_id").items()
        ):
            policy = order._flow_policy()
            parts = {line: excess[line] for line in over}
            if policy == "block":
                over._flow_refuse(parts)
            elif policy == "ask":
                asked |= over._flow_ask("bill", parts, move_id=self.id)
        return asked

    def _flow_unbacked(self):
        """Return what the bill asks for that no order of its vendor stands behind.

        What is taken off without an order makes no room for anything else.

        :return: amount with taxes in company currency, and whether an order is named
            all the same: by a bill of another vendor, or for another product,
            by a line of a product that the vendor has an order of, or by what is not
            explained by the lines
        """
        self.ensure_one()
        products = self.line_ids.filtered(lambda item: item.display_type == "product")
        items = products.filtered(
            lambda item: (
                item.amount_currency > 0
                and not item._flow_is_judged_elsewhere()
                and not item._flow_has_order()
            )
        )
        unexplained = self._flow_unexplained(products)
        worth = sum(items.mapped("amount_currency")) + items._flow_expected_tax({})
        return (
            self._flow_convert(worth) + unexplained,
            bool(items.purchase_line_id)
            or (unexplained > 0 and bool(products.purchase_line_id))
            or self._flow_is_ordered(items.product_id),
        )

    def _flow_unexplained(self, products):
        """Return what the bill is worth beyond its lines, and the taxes on them, at the
        rate of the day: taxes and rates can be written by hand.

        :param products: its lines
        :return: amount in company currency
        """
        self.ensure_one()
        currency = self.company_id.currency_id
        extras = self.line_ids.filtered(lambda item: item.display_type not in NO_EXTRAS)
        slack = len(products | extras) + 1
        added = sum(extras.mapped("amount_currency"))
        if added:
            bases = products.purchase_line_id._flow_bases()
            added -= products._flow_expected_tax(bases)
            added -= self.invoice_cash_rounding_id.rounding
        if added <= self.currency_id.rounding * slack:
            added = 0.0
        items = products | extras
        worth = self._flow_convert(sum(items.mapped("amount_currency")))
        dearer = sum(items.mapped("balance")) - worth
        _quantity, tolerated = self.company_id._get_excess_tolerances()
        if dearer <= tolerated.margin(worth) + currency.rounding * slack:
            dearer = 0.0
        return self._flow_convert(added) + dearer

    def _flow_check_rate(self):
        """Refuse to judge what cannot be compared: without a rate Odoo converts one to
        one, and says nothing.

        :raises UserError: to enter a rate
        """
        self.ensure_one()
        company = self.company_id
        orders = self.line_ids.purchase_line_id.order_id
        missing = (self.currency_id | orders.currency_id).filtered(
            lambda currency: not currency._approval_has_rate(company)
        )
        if not missing:
            return
        policies = {company.excess_policy, company.orderless_policy}
        policies.update(order._flow_policy() for order in orders)
        if policies != {"allow"}:
            raise UserError(
                self.env._(
                    "%(bill)s: there is no exchange rate for %(currency)s, so its "
                    "amount cannot be compared with what is approved. Enter a rate "
                    "first.",
                    bill=self.display_name,
                    currency=missing[0].name,
                )
            )

    def _flow_convert(self, amount):
        """Return an amount of the bill in company currency, at the rate of the day."""
        company = self.company_id
        return self.currency_id._convert(
            amount,
            company.currency_id,
            company,
            self.invoice_date or self.date,
            round=False,
        )

    def _flow_is_ordered(self, products):
        """Tell whether the vendor has an order of one of these products: then their
        lines belong to it."""
        self.ensure_one()
        vendor = self.partner_id.commercial_partner_id
        return bool(
            products
            and self.env["purchase.order.line"].search(
                [
                    ("product_id", "in", products.ids),
                    ("company_id", "=", self.company_id.id),
                    ("partner_id", "child_of", vendor.id),
                    ("order_id.state", "in", ("purchase", "to approve")),
                ],
                limit=1,
            )
        )

    def _flow_unbacked_before(self, accepted=()):
        """Return what other bills of the vendor ask for without an order, made shortly
        before and not approved: small ones reach the rule of the whole.

        :param accepted: drafts that are posted with it
        :return: amount with taxes in company currency
        """
        self.ensure_one()
        since = fields.Datetime.now() - timedelta(days=DAYS_TOGETHER)
        bills = self.search(
            [
                ("id", "not in", self.ids),
                ("partner_id", "child_of", self.partner_id.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("move_type", "in", tuple(BILLED_SIGNS)),
                *(
                    [("id", "in", accepted.ids)]
                    if accepted
                    else [("state", "=", "posted"), ("create_date", ">=", since)]
                ),
            ]
        )
        amount = 0.0
        for bill in bills:
            if "approved" in bill.excess_ids.mapped("state"):
                continue
            items = bill.line_ids.filtered(
                lambda item: (
                    item.display_type == "product"
                    and item.balance > 0
                    and not item.purchase_line_id
                )
            )
            if net := sum(items.mapped("amount_currency")):
                with_taxes = 1.0 + items._flow_expected_tax({}) / net
                amount += sum(items.mapped("balance")) * with_taxes
        return amount

    def _flow_is_accepted(self, amount):
        """Tell whether that much without an order was approved for this bill."""
        self.ensure_one()
        currency = self.company_id.currency_id
        return any(
            excess.state == "approved"
            and excess.partner_id.commercial_partner_id
            == self.partner_id.commercial_partner_id
            and not excess.order_id
            and currency.compare_amounts(amount, excess.amount) <= 0
            for excess in self.excess_ids
        )

    def _flow_get_unbacked_excess(self, accepted=()):
        """Return what has no order and may not pass like that.

        :param accepted: bills that are posted with it
        :return: values of the excess, none if all may pass; and what happens to it
        """
        self.ensure_one()
        company = self.company_id
        amount, names_order = self._flow_unbacked()
        policy = company.excess_policy if names_order else company.orderless_policy
        values = {
            "partner_id": self.partner_id.commercial_partner_id.id,
            "company_id": company.id,
            "amount": amount,
        }
        before = 0.0
        if policy == "ask" and not names_order and amount > 0:
            before = self._flow_unbacked_before()
            if accepted:  # these are not posted yet: ask as for one bill
                values["amount"] += self._flow_unbacked_before(accepted)
        if (
            company.currency_id.compare_amounts(amount, 0.0) <= 0
            or policy == "allow"
            or self._flow_is_accepted(amount)
            or (
                policy == "ask"
                and not names_order
                # asked for only where an order of that amount would be
                and not self.env["purchase.excess"]._would_be_asked(
                    {**values, "amount": values["amount"] + before}
                )
            )
        ):
            return {}, policy
        return values, policy

    def _flow_ask_unbacked(self, accepted=()):
        """Ask for what has no order.

        :param accepted: bills that are posted with it
        :return: what was asked
        """
        self.ensure_one()
        asked = self.env["purchase.excess"]
        values, policy = self._flow_get_unbacked_excess(accepted)
        if not values:
            return asked
        if policy == "ask":
            return asked._ask("bill", {**values, "move_id": self.id})
        message = self._flow_unbacked_message(values["amount"])
        if policy == "block":
            raise UserError(message)
        self._message_log(body=message)
        return asked

    def _flow_unbacked_message(self, amount):
        return self.env._(
            "%(bill)s: no order of %(vendor)s stands behind %(amount)s of it.",
            bill=self.display_name,
            vendor=self.partner_id.commercial_partner_id.name,
            amount=self.company_id.currency_id.format(amount),
        )

    def _flow_check_type(self, move_type):
        """Refuse to make something else of posted bills: they would take nothing of
        their orders any more, or give it back.

        :raises UserError: to go back to a draft first
        """
        for move in self:
            if move.move_type in BILLED_SIGNS and move.move_type != move_type:
                raise UserError(
                    self.env._(
                        "%(bill)s is posted: reset it to draft to change its type.",
                        bill=move.display_name,
                    )
                )

    def _flow_check_unbacked(self, _before=None):
        """Refuse what was posted on another way than the button, and not approved."""
        for bill in self.filtered(is_posted_bill):
            bill._flow_check_rate()
            values, policy = bill._flow_get_unbacked_excess()
            if values and policy != "warn":
                raise UserError(bill._flow_unbacked_message(values["amount"]))


class PurchaseExcess(models.Model):
    """What a bill has without an order counts with the bills before it."""

    _inherit = "purchase.excess"

    def _get_amount_before(self):
        before = super()._get_amount_before()
        if self.move_id:
            before += self.move_id._flow_unbacked_before()
        return before
