from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import float_compare, format_amount, format_date, formatLang

from odoo.addons.approval_matrix.system import as_system

from ..allowance import Allowance

READERS = ",".join(
    (
        "purchase.group_purchase_user",
        "account.group_account_invoice",
        "account.group_account_readonly",
    )
)


class PurchaseExcess(models.Model):
    """What a receipt, a bill or a payment has beyond what is approved.

    The order stays as it is, and the approved part can flow at once. Rules treat an
    excess as if the order had been raised by it: so the same people approve it who
    would have approved the larger order. Where no rule would have asked, somebody in
    purchasing accepts it, who could as well change the order.

    An approved excess allows up to a limit, on top of the terms it was approved on:
    when the order changes the excess counts no more.
    """

    _name = "purchase.excess"
    _description = "Above the Order"
    _named_customers = (["partner_id"], "requester_id")
    _inherit = ["mail.thread", "mail.activity.mixin", "approval.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _approval_gate_states = ("approved",)
    _approval_waiting_states = ("waiting",)

    name = fields.Char(compute="_compute_name", compute_sudo=True)
    flow = fields.Selection(
        [("receipt", "Receipt"), ("bill", "Bill"), ("payment", "Payment")],
        required=True,
        readonly=True,
    )
    order_id = fields.Many2one(
        "purchase.order", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    picking_id = fields.Many2one(
        "stock.picking", string="Receipt", readonly=True, index="btree_not_null"
    )
    move_id = fields.Many2one(
        "account.move",
        string="Bill",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    payment_id = fields.Many2one(
        "account.payment", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Vendor", readonly=True, required=True
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, required=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    requester_id = fields.Many2one("res.users", readonly=True, required=True)
    reason = fields.Text(readonly=True, help="Why there is more.")
    amount = fields.Monetary(
        readonly=True,
        groups=READERS,
        help="What it costs beyond what is approved, with taxes.",
    )
    line_ids = fields.One2many("purchase.excess.line", "excess_id", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    can_accept = fields.Boolean(compute="_compute_can_accept")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends(
        "order_id.name",
        "picking_id.name",
        "move_id.name",
        "move_id.amount_total",
        "payment_id.name",
        "payment_id.amount",
        "payment_id.date",
        "payment_id.memo",
        "partner_id.name",
    )
    @api.depends_context("lang")
    def _compute_name(self):
        for excess in self:
            names = [excess.order_id.name, excess._name_source()]
            excess.name = " · ".join(name for name in names if name)

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for excess in self:
            excess.display_name = excess.name

    def _name_source(self):
        """Name what has more. Drafts have no number yet, so that all of them would be
        called the same."""
        self.ensure_one()
        env = self.env
        vendor = self.partner_id.display_name
        bill, payment = self.move_id, self.payment_id
        if payment and not payment.name:
            name = env._(
                "Payment of %(amount)s to %(vendor)s, %(journal)s, %(date)s",
                amount=format_amount(env, payment.amount, payment.currency_id),
                vendor=vendor,
                journal=payment.journal_id.name,
                date=format_date(env, payment.date),
            )
            return f"{name} ({payment.memo})" if payment.memo else name
        source = self.picking_id or bill or payment
        if bill and bill.name in (False, "", "/"):
            return env._(
                "%(bill)s of %(vendor)s, %(amount)s",
                bill=bill.display_name,
                vendor=vendor,
                amount=format_amount(env, bill.amount_total, bill.currency_id),
            )
        return source.display_name

    @api.depends("state", "approval_process_id")
    @api.depends_context("uid")
    def _compute_can_accept(self):
        """Where no rule asks anybody, purchasing accepts."""
        may = self.env.user.has_group("purchase.group_purchase_user")
        for excess in self:
            excess.can_accept = (
                may and excess.state == "waiting" and excess.approval_state != "open"
            )

    # ------------------------------------------------------------
    # CRUD: nobody but the methods below makes or changes one
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("What exceeds orders is found, not entered."))
        excesses = super().create(vals_list)
        self.env["approval.usage"]._forget()
        return excesses

    def write(self, vals):
        result = super().write(vals)
        self.env["approval.usage"]._forget()
        return result

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_accept(self):
        """Accept what no rule asks anybody about, as somebody in purchasing.

        :raises UserError: while approvers are asked
        """
        self._check_purchasing_decides()
        asked = as_system(self)._approval_required()
        if asked:  # a rule that came later
            (as_system(self, for_texts=True) & asked)._approval_start()
        accepted = self - asked.with_env(self.env)
        accepted.sudo().write({"state": "approved"})
        accepted._accepted()
        return True

    def action_refuse(self):
        """Refuse what no rule asks anybody about, as somebody in purchasing."""
        self._check_purchasing_decides()
        self.sudo().write({"state": "refused"})
        self._tell_requester()
        return True

    def _check_purchasing_decides(self):
        """Check that it is for the user, in purchasing, to decide.

        :raises UserError: while approvers are asked, or when it is decided
        """
        if not self.env.user.has_group("purchase.group_purchase_user"):
            raise AccessError(self.env._("Purchasing accepts what exceeds orders."))
        self.check_access("read")
        for excess in self:
            if excess.state != "waiting" or excess.approval_state == "open":
                raise UserError(
                    self.env._(
                        "%(excess)s waits for its approvers, or is decided.",
                        excess=excess.name,
                    )
                )

    @api.model
    def _get_action(self, excesses):
        """Return the action that shows excesses, one of them in its form."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "approval_matrix_purchase.purchase_excess_action"
        )
        action["context"] = {}
        action["domain"] = [("id", "in", excesses.ids)]
        if len(excesses) == 1:
            action.update(res_id=excesses.id, views=[(False, "form")])
        return action

    # ------------------------------------------------------------
    # ASK
    # ------------------------------------------------------------

    @api.model
    def _ask(self, flow, values, lines=()):
        """Ask for what exceeds; the same question is asked once.

        :param str flow: *receipt*, *bill* or *payment*
        :param dict values: of the excess: what it belongs to, amount in company
            currency, reason
        :param list lines: values of its lines
        :return: the new excess, or the one that asks this already
        """
        Excess = as_system(self)
        values = {
            "flow": flow,
            "requester_id": self.env.uid,
            "line_ids": [Command.create(line) for line in lines],
            **values,
        }
        open_ones = Excess.search(
            [
                ("state", "=", "waiting"),
                *(
                    (name, "=", values.get(name, False))
                    for name in ("order_id", "picking_id", "move_id", "payment_id")
                ),
            ]
        )
        for excess in open_ones:
            if excess._asks_same(values, lines):
                return excess
        open_ones._close_waiting()
        user = self.env.user  # what is kept for approvers is in their language
        excess = Excess.with_context(lang=user.lang, tz=user.tz).create(values)
        if excess.approval_state != "open":
            excess._ask_purchasing()
        return excess

    @api.model
    def _would_be_asked(self, values):
        """Tell whether a rule would ask anybody about an excess of these values."""
        excess = as_system(self).new({"requester_id": self.env.uid, **values})
        return bool(excess._approval_required())

    @api.model
    def _foresee_asked(self, values, lines):
        """Say who would be asked about an excess, before anybody asks.

        :param dict values: see :meth:`_ask`
        :param list lines: values of its lines
        :return: the steps with their people; without a rule, who accepts it
        :rtype: str
        """
        excess = as_system(self).new(
            {
                "requester_id": self.env.uid,
                "line_ids": [Command.create(line) for line in lines],
                **values,
            }
        )
        route = self.env["approval.route"]._read(excess)
        if route:
            return self.env["approval.route"]._tell(route)
        buyer = excess._get_accepting_buyer()
        if buyer:
            return self.env._("%(user)s accepts it, or refuses it.", user=buyer.name)
        return self.env._("Purchasing accepts it, or refuses it.")

    def _asks_same(self, values, lines):
        """Tell whether it asks for what these values say."""
        self.ensure_one()
        if self.currency_id.compare_amounts(self.amount, values.get("amount", 0.0)):
            return False
        mine = {line._get_limits() for line in self.line_ids}
        # as they would be stored, rounded
        theirs = {self.line_ids.new(line)._get_limits() for line in lines}
        return mine == theirs

    def _ask_purchasing(self):
        """Without a rule that asks, the buyer gets it to do."""
        for excess in self:
            buyer = excess._get_accepting_buyer()
            if buyer:
                excess = excess.with_context(lang=buyer.lang)
                excess.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=buyer.id,
                    summary=excess.env._("More than ordered: accept it?"),
                )

    def _get_accepting_buyer(self):
        """Return who is asked to accept it where no rule asks, if there is a buyer."""
        self.ensure_one()
        buyer = self.order_id.user_id or self.order_id.create_uid
        is_buyer = buyer and buyer.has_group("purchase.group_purchase_user")
        return buyer if is_buyer else buyer.browse()

    # ------------------------------------------------------------
    # APPROVAL: as if the order had been raised
    # ------------------------------------------------------------

    @api.model
    def _approval_rule_model(self):
        return "purchase.order"

    def _approval_matching(self, domain):
        """What no order stands behind is judged as an order that nobody wrote."""
        domain = Domain(domain)
        matching = self.browse()
        for excess in self:
            order = excess.order_id or excess.order_id.new(
                {
                    "partner_id": excess.partner_id.id,
                    "company_id": excess.company_id.id,
                    "currency_id": excess.currency_id.id,
                    "user_id": excess.requester_id.id,
                }
            )
            if order.filtered_domain(domain):
                matching |= excess
        return matching

    def _approval_amount(self):
        return self.amount

    def _approval_threshold_amount(self):
        """Count the order with all that was asked on top of it, or what has no order
        with what came before: small pieces one after the other reach the rule that one
        large order would have met."""
        self.ensure_one()
        if not self.order_id:
            return self.amount + self._get_amount_before()
        others = self.search(
            [
                ("order_id", "=", self.order_id.id),
                ("id", "not in", self.ids),
                ("state", "in", ("waiting", "approved")),
            ]
        )
        return (
            self.order_id._approval_threshold_amount()
            + self.amount
            + sum(others.mapped("amount"))
        )

    def _get_amount_before(self):
        """Return what came shortly before without an order, and was not approved.

        What an excess can belong to adds what it knows of: see ``account_move.py``.

        :return: amount in company currency
        """
        self.ensure_one()
        return 0.0

    def _approval_term_fields(self):
        return super()._approval_term_fields() | {
            "flow",
            "order_id",
            "picking_id",
            "move_id",
            "payment_id",
            "partner_id",
            "company_id",
            "amount",
            "line_ids",
        }

    def _approval_terms(self):
        self.ensure_one()
        return {
            "flow": self.flow,
            "order": self.order_id.id,
            "receipt": self.picking_id.id,
            "bill": self.move_id.id,
            "payment": self.payment_id.id,
            "vendor": self.partner_id.id,
            "company": self.company_id.id,
            "amount": f"{self.amount:.6f}",
            "lines": [
                line._get_approval_terms() for line in self.line_ids.sorted("id")
            ],
        }

    @api.model
    def _approval_terms_version(self):
        return {**super()._approval_terms_version(), "purchase_excess": 1}

    def _approval_requester(self):
        return self.requester_id

    def _approval_urgency(self):
        """Somebody stands there with goods. Bills and money are as urgent as the order
        they are for."""
        self.ensure_one()
        if self.flow == "receipt":
            return max(1, self.order_id._approval_urgency())
        return self.order_id._approval_urgency()

    def _approval_granted(self):
        self.write({"state": "approved"})
        self._accepted()

    def _approval_refused(self, reason):
        self.filtered(lambda excess: excess.state == "waiting").write(
            {"state": "refused"}
        )

    def _is_outdated(self, approved):
        """Tell whether its order is not any more what it was asked on top of.

        :param dict approved: what is approved now of the order, by line
        """
        self.ensure_one()
        return (
            self.order_id.state == "cancel"
            or not self.line_ids
            or not all(
                line._is_based_on(approved.get(line.order_line_id, Allowance()))
                for line in self.line_ids
            )
        )

    def _cancel(self):
        """Ask no more, and say so to whoever asked."""
        waiting = self._close_waiting()
        waiting._tell_requester()

    def _close_waiting(self):
        """Cancel those that wait, with their requests.

        :return: those that waited
        """
        waiting = as_system(self).filtered(lambda excess: excess.state == "waiting")
        waiting.write({"state": "cancelled"})
        waiting.activity_unlink(["mail.mail_activity_data_todo"])
        return waiting

    def _accepted(self):
        """Let flow what was asked for."""
        for excess in as_system(self):
            if excess.flow == "receipt":
                excess.line_ids._receive()
        self._tell_requester()

    def _tell_requester(self):
        for excess in as_system(self):
            excess = excess.with_context(lang=excess.requester_id.lang)
            source = (
                excess.move_id
                or excess.payment_id
                or excess.picking_id
                or excess.order_id
            )
            excess.activity_unlink(["mail.mail_activity_data_todo"])
            if not source:
                continue
            label = dict(excess._fields["state"]._description_selection(excess.env))
            source.message_notify(
                partner_ids=excess.requester_id.partner_id.ids,
                subject=f"{excess.name}: {label[excess.state]}",
                body=f"{excess.name}: {label[excess.state]}",
            )

    # ------------------------------------------------------------
    # TEXTS
    # ------------------------------------------------------------

    def _approval_summary(self):
        self.ensure_one()
        env = self.env
        return {
            "about": " · ".join(
                filter(
                    None,
                    (
                        self.partner_id.display_name,
                        ", ".join(
                            f"{name}: {more}"
                            for name, _approved, more in self._describe_lines()
                        ),
                    ),
                )
            ),
            "facts": [
                [label, value]
                for label, value in (
                    (env._("Vendor"), self.partner_id.display_name),
                    (
                        env._("More than approved"),
                        format_amount(env, self.amount, self.currency_id),
                    ),
                    (env._("Why"), self.reason),
                )
                if value
            ],
            "columns": [env._("Product"), env._("Approved"), env._("More")],
            "rows": self._describe_lines(),
        }

    def _describe_lines(self):
        """Return a row for each line; more has its sign, since a card has no heads."""
        return [
            [*row, f"+{more}"]
            for *row, more in (line._describe() for line in self.line_ids)
        ]


class PurchaseExcessLine(models.Model):
    """What exceeds one line of an order."""

    _name = "purchase.excess.line"
    _description = "Line above the order"
    _inherit = ["approval.line.mixin"]

    _approval_document_field = "excess_id"

    excess_id = fields.Many2one(
        "purchase.excess", required=True, readonly=True, index=True, ondelete="cascade"
    )
    order_line_id = fields.Many2one(
        "purchase.order.line",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    product_id = fields.Many2one("product.product", readonly=True)
    uom_id = fields.Many2one(related="order_line_id.product_uom_id")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    quantity = fields.Float(
        digits="Product Unit", readonly=True, help="More than is approved."
    )
    amount = fields.Float(
        readonly=True,
        groups=READERS,
        help="More than the price explains, in the currency of the order.",
    )
    base_quantity = fields.Float(digits="Product Unit", readonly=True)
    approved_quantity = fields.Float(
        string="Approved",
        compute="_compute_approved_quantity",
        digits="Product Unit",
        help="What may be received and billed without it: of the order, and of what "
        "was approved beyond it before.",
    )
    base_price = fields.Float(readonly=True, groups=READERS)
    limit_quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What may be received and billed in all, once approved.",
    )
    limit_extra = fields.Float(
        readonly=True,
        groups=READERS,
        help="What bills may cost beyond the price in all, in the currency of the "
        "order, once approved.",
    )

    @api.depends("limit_quantity", "quantity")
    def _compute_approved_quantity(self):
        for line in self:
            line.approved_quantity = line.limit_quantity - line.quantity

    @api.depends("order_line_id.currency_id", "excess_id.currency_id")
    def _compute_currency_id(self):
        for line in self:
            currency = line.order_line_id.sudo().currency_id
            line.currency_id = currency or line.excess_id.currency_id

    def _approval_term_fields(self):
        return super()._approval_term_fields() | {
            "order_line_id",
            "quantity",
            "amount",
            "limit_quantity",
            "limit_extra",
            "base_quantity",
            "base_price",
        }

    def _get_approval_terms(self):
        self.ensure_one()
        names = (
            "quantity",
            "amount",
            "base_quantity",
            "base_price",
            "limit_quantity",
            "limit_extra",
        )
        return {
            "line": self.order_line_id.id,
            **{name: f"{self[name]:.6f}" for name in names},
        }

    def _get_limits(self):
        self.ensure_one()
        return self.order_line_id.id, self.limit_quantity, self.limit_extra

    def _is_based_on(self, base):
        """Tell whether it was asked on top of these terms.

        :param base: what is approved of the order line itself
        """
        self.ensure_one()
        partner = self.order_line_id.order_id.partner_id
        return (
            self.excess_id.partner_id.commercial_partner_id
            == partner.commercial_partner_id
            and not float_compare(self.base_quantity, base.quantity, precision_digits=6)
            and not float_compare(self.base_price, base.price, precision_digits=6)
        )

    def _add_to(self, allowance, base):
        """Return the allowance with what this excess allows, if it was approved on top
        of the same terms.

        :param allowance: with the excesses before it
        :param base: without any: what is approved of the order line itself
        """
        if not self._is_based_on(base):
            return allowance
        return allowance._replace(
            quantity=max(allowance.quantity, self.limit_quantity),
            extra=max(allowance.extra, self.limit_extra),
        )

    def _receive(self):
        """Expect what may be received now: the warehouse finds it in a receipt."""
        for line in self.filtered(lambda line: line.order_line_id and line.quantity):
            ordered = line.order_line_id
            if ordered.product_id.type != "consu":
                continue
            order = ordered.order_id
            picking = order.picking_ids.filtered(
                lambda picking: (
                    picking.state not in ("done", "cancel")
                    and picking.picking_type_code == "incoming"
                )
            )[:1]
            if not picking:
                picking = picking.create(order._prepare_picking())
            moves = self.env["stock.move"].create(
                {
                    **ordered._prepare_stock_move_vals(
                        picking,
                        ordered._get_stock_move_price_unit(),
                        line.quantity,
                        ordered.product_uom_id,
                    ),
                    "move_dest_ids": False,
                }
            )
            moves._action_confirm()._action_assign()

    def _describe(self):
        """Return one row for approvers: product, approved, more."""
        self.ensure_one()
        env = self.env
        unit = self.uom_id.name or ""
        more = []
        if self.quantity:
            more.append(f"{formatLang(env, self.quantity, dp='Product Unit')} {unit}")
        if self.amount:
            more.append(format_amount(env, self.amount, self.currency_id))
        approved = formatLang(env, self.approved_quantity, dp="Product Unit")
        return [
            self.product_id.display_name or self.order_line_id.name or "",
            f"{approved} {unit}",
            ", ".join(text.strip() for text in more),
        ]
