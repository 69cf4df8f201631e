from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, formatLang

from odoo.addons.approval_matrix.fingerprint import canonical
from odoo.addons.approval_matrix.models.approval_card import SHOWN
from odoo.addons.approval_matrix.models.mail_thread import NO_FOLLOW
from odoo.addons.approval_matrix.prefetch import read_lines
from odoo.addons.approval_matrix.system import as_system

from ..tolerance import lines_within

#: States in which nothing is ordered yet.
REQUESTS = ("draft", "sent", "to approve")


class PurchaseOrder(models.Model):
    """Purchase orders under approval, in Odoo's own states.

    *Confirm* leads to ``to approve``, which submits; the last approval confirms.
    Where a rule matches it replaces Odoo's double validation. Here is what is approved
    and how; what may be received and billed of it is in ``purchase_order_flow.py``, how
    approved terms are written back in ``purchase_order_restore.py``.
    """

    _name = "purchase.order"
    _inherit = ["purchase.order", "approval.mixin"]

    _approval_gate_states = ("purchase",)
    _approval_waiting_states = ("to approve",)
    _approval_void_states = ("cancel",)

    approval_next_step = fields.Selection(
        [("submit", "Submit"), ("confirm", "Confirm")],
        compute="_compute_approval_next_step",
        groups="base.group_user",
        help="How an order goes on that waits for nobody: a quotation that rules ask "
        "about, or an order in To Approve.",
    )

    #: For what is told of other orders, see ``purchase.precedent``.
    _duplicates = models.Index(
        "(partner_id, create_date, amount_total)"
        " WHERE state IN ('to approve', 'purchase')"
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("state", "approval_process_id", "amount_total", "partner_id")
    @api.depends_context("uid")
    def _compute_approval_next_step(self):
        unheld = self.sudo()._approval_get_unheld().filtered("approval_state")
        quotations = self.browse()
        if self._approval_in_use():
            quotations = self.sudo().filtered(lambda o: o.state in ("draft", "sent"))
        missing = (unheld | quotations)._approval_missing()
        free = (unheld - missing).filtered(lambda order: order._approval_allowed())
        for order in self:
            order.approval_next_step = (
                "submit" if order in missing else "confirm" if order in free else False
            )

    def _approval_get_unheld(self):
        """Return those in *To Approve* whom nobody is asked to approve."""
        return self.filtered(
            lambda order: order.state == "to approve" and order.approval_state != "open"
        )

    @api.depends_context("uid", "show_total_amount")
    def _compute_display_name(self):
        """Names show totals on request, but of orders only that the user may read.

        Odoo reads names with the system's rights: whoever may read a receipt, say,
        knows the name of its order. The context comes from callers.
        """
        result = super()._compute_display_name()
        if not self.env.context.get("show_total_amount"):
            return result
        hidden = self - self.sudo(False)._filtered_access("read")
        if hidden:
            plain = hidden.with_context(show_total_amount=False)
            # not through the field: while it is computed, it has no value
            super(PurchaseOrder, plain)._compute_display_name()
            for order, named in zip(hidden, plain, strict=True):
                order.display_name = named.display_name
        return result

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_submit_approval(self):
        """Confirm, which submits where a rule matches; ask again where nobody is asked.

        :raises UserError: when no rule applies to an order in *To Approve*, which
            waits for Odoo's own approval
        """
        unheld = self._approval_get_unheld()
        if unheld:
            unheld.check_access("write")
            missing = unheld._approval_missing()
            free = (unheld - missing).filtered(
                lambda order: order.approval_state and order._approval_allowed()
            )
            if unheld - free:
                (unheld - free)._approval_start()
            if free:
                free.button_approve()
        return (self - unheld).button_confirm()

    def button_confirm(self):
        """Judge all the orders together when they are confirmed together."""
        if not self._approval_in_use():
            return super().button_confirm()
        self.check_access("write")  # the watch reads with the system's rights
        read_lines(self.sudo(), "order_line")
        with self._approval_watching():
            return super().button_confirm()

    def button_approve(self, force=False):
        """Confirm what needs no approval or has it; otherwise ask or decide.

        For an approver whose turn it is, this is the approval of their step.

        :raises UserError: when the order waits for somebody else
        """
        missing = self._approval_missing()
        if not missing:
            return self._approval_confirm(force)
        ready = self - missing
        if ready:
            ready._approval_confirm(force)
        held = missing.filtered(lambda order: order.approval_state == "open")
        (missing - held).check_access("write")
        for order in missing - held:
            if order.state == "to approve":
                # confirmed before there was a rule: the buyer asks
                order.with_user(order.user_id or order.create_uid)._approval_start()
                held |= order.filtered("approval_can_decide")
            elif order.state in ("draft", "sent"):
                order.write({"state": "to approve"})
            else:
                super(PurchaseOrder, order).button_approve(force=force)
        if held:
            held.action_approve()
        return {}

    def _approval_confirm(self, force):
        """Confirm what needs no approval any more. Only now do price lists learn from
        orders that waited: before, nobody had approved vendor and price."""
        waited = self.browse()
        if self._approval_in_use():
            waited = self.filtered(lambda order: order.state == "to approve")
        result = super().button_approve(force=force)
        for order in waited.filtered(lambda order: order.state == "purchase"):
            order = as_system(order).with_company(order.company_id)
            order._add_supplier_to_product()
        return result

    # ------------------------------------------------------------
    # GATE
    # ------------------------------------------------------------

    def _approval_allowed(self):
        waits = self.state == "to approve" and self._approval_in_use()
        given = self._approval_given()
        if waits and given:
            return True  # also if it was approved while a rule applied
        if self._approval_required():
            return bool(given)
        if waits and self.sudo().approval_base:
            # it was confirmed before a change: Odoo's own approval is for what is
            # confirmed the first time
            return True
        return super()._approval_allowed()

    def _add_supplier_to_product(self):
        """Odoo does this before it asks whether the order may be confirmed: orders that
        lack an approval are left out, see ``_approval_confirm``."""
        free = self - self._approval_missing()
        return super(PurchaseOrder, free)._add_supplier_to_product()

    def _log_decrease_ordered_quantity(self, quantities):
        """Tell the warehouse of fewer goods when it is known that the order stays
        confirmed, and does not go back to its approvers."""
        if not self._approval_in_use():
            return super()._log_decrease_ordered_quantity(quantities)
        log = super()._log_decrease_ordered_quantity

        def log_confirmed():
            kept = {
                line: change
                for line, change in quantities.items()
                if line.order_id.state == "purchase"
            }
            if kept:
                log(kept)

        with self._approval_watching() as judge:
            judge.afterwards.append(log_confirmed)
        return None

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Whoever gets a to-do of ours does not follow: nobody is looked up for it."""
        if self.env.context.get(NO_FOLLOW):
            return True
        return super().message_subscribe(partner_ids, subtype_ids)

    def _approval_reader_view(self):
        return self.env.ref(
            "approval_matrix_purchase.purchase_order_view_form_approver"
        )

    # ------------------------------------------------------------
    # VENDORS: nobody shall take for an order what is none yet
    # ------------------------------------------------------------

    def _approval_is_request(self):
        """Tell whether it is only a quotation, or waits. Where no rule was ever made,
        Odoo's own ways are left alone."""
        self.ensure_one()
        return self._approval_in_use() and self.state in REQUESTS

    def _approval_check_ordered(self):
        """Refuse to tell vendors that something is ordered before it is approved."""
        requests = self.filtered(lambda order: order._approval_is_request())
        missing = requests._approval_missing()
        if missing:
            raise UserError(
                self.env._(
                    "%(orders)s: this is no purchase order before it is approved. "
                    "Send the vendor a request for quotation instead.",
                    orders=", ".join(missing._approval_for_texts().mapped("name")),
                )
            )

    def action_rfq_send(self):
        """Send a request for quotation while it is nothing else."""
        self.ensure_one()
        if not self._approval_is_request():
            return super().action_rfq_send()
        order = self.with_context(send_rfq=True)
        action = super(PurchaseOrder, order).action_rfq_send()
        title = self.env._("Request for Quotation")
        return {**action, "context": {**action["context"], "model_description": title}}

    def action_acknowledge(self):
        """A vendor cannot accept what is not ordered. Who delivers has accepted."""
        accepted = self.filtered(
            lambda order: order.picking_ids or not order._approval_is_request()
        )
        return super(PurchaseOrder, accepted).action_acknowledge()

    def _send_reminder_mail(self, send_single=False):
        if send_single:
            self._approval_check_ordered()
        return super()._send_reminder_mail(send_single=send_single)

    def _get_report_base_filename(self):
        self.ensure_one()
        if self._approval_is_request():
            title = self.env._("Request for Quotation")
            return f"{title} - {self.name}"
        return super()._get_report_base_filename()

    def _get_edi_builders(self):
        """What waits is not exported: the vendor's software would take it for an order.
        A quotation that was sent is, as in Odoo."""
        if any(
            order.state == "to approve" and order._approval_is_request()
            for order in self
        ):
            return []
        return super()._get_edi_builders()

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if self and self._approval_is_request():
            for name, _is_member, data in groups:
                if name == "portal_customer" and "button_access" in data:
                    data["button_access"]["title"] = self.env._("View Quotation")
        return groups

    def _notify_by_email_prepare_rendering_context(
        self,
        message,
        msg_vals=False,
        model_description=False,
        force_email_company=False,
        force_email_lang=False,
        force_record_name=False,
    ):
        values = super()._notify_by_email_prepare_rendering_context(
            message,
            msg_vals=msg_vals,
            model_description=model_description,
            force_email_company=force_email_company,
            force_email_lang=force_email_lang,
            force_record_name=force_record_name,
        )
        if self._approval_is_request():
            values["model_description"] = self.env._("Request for Quotation")
            if self.state == "to approve":
                values["subtitles"] = [self.name]  # and no total
        return values

    def _track_subtype(self, init_values):
        """Followers, vendors among them, do not hear that it is confirmed while it
        waits: that goes into the history as a note."""
        waits = self.state == "to approve" and "state" in init_values
        if waits and self._approval_processes("open"):
            return False
        return super()._track_subtype(init_values)

    # ------------------------------------------------------------
    # PEOPLE
    # ------------------------------------------------------------

    def _approval_requester(self):
        """The owner asks where the system, a vendor or somebody in sales submits.

        Requesters read prices: where the order was made for somebody in sales, too,
        nobody but the system asks.
        """
        requester = super()._approval_requester()
        if self.env.uid == SUPERUSER_ID:
            requester = requester.browse()
        for user in requester | self.user_id | self.create_uid:
            if user.has_group("purchase.group_purchase_user"):
                return user
        return requester.browse(SUPERUSER_ID)

    def _approval_excluded_users(self):
        """Whose order it is does not approve it, though somebody else asks."""
        excluded = super()._approval_excluded_users()
        if self._approval_requester().id == SUPERUSER_ID:
            excluded |= self.user_id or self.create_uid
        return excluded

    # ------------------------------------------------------------
    # RESULTS
    # ------------------------------------------------------------

    def _approval_granted(self):
        with self._approval_watching():  # receipts, too, are judged once
            self.button_approve()

    def _approval_refused(self, reason):
        """Back to a quotation; but not what was received or billed: the buyer
        corrects it where it is, which asks again. Nothing is expected meanwhile."""
        self._cancel_open_receipts()
        self.filtered(
            lambda order: order.state == "to approve" and not order._has_history()
        ).write({"state": "draft"})

    def _cancel_open_receipts(self):
        """Expect nothing any more; the next approval makes new receipts.

        Deliveries that wait for the goods stay, and wait for any.
        """
        moves = self.picking_ids.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.purchase_line_id
                and not move._is_purchase_return()
            )
        )
        moves.write({"propagate_cancel": False})
        moves._action_cancel()

    def _has_history(self):
        self.ensure_one()
        return any(line.qty_received or line.qty_invoiced for line in self.order_line)

    def _approval_reopened(self):
        self.write({"state": "to approve"})

    # ------------------------------------------------------------
    # AMOUNT
    # ------------------------------------------------------------

    def _approval_amount(self):
        return self._approval_convert(self._approval_total(self.order_line))

    def _approval_amount_beside(self, threshold):
        bought = self._approval_get_bought()
        if all(line.display_type or line in bought for line in self.order_line):
            return threshold
        return super()._approval_amount_beside(threshold)

    def _approval_threshold_amount(self):
        """Count what is bought: a negative line beside it hides nothing."""
        return self._approval_convert(self._approval_total(self._approval_get_bought()))

    def _approval_get_bought(self):
        """Return the lines that cost something, as a list: what `filtered` returns is
        not read together with the lines of other orders."""
        return [
            line
            for line in self.order_line
            if line.product_qty * line.price_unit * (100 - line.discount) > 0
        ]

    def _approval_total(self, lines):
        """Return what the lines come to with taxes, in the order's currency."""
        return self._approval_tax_totals(lines)["total_amount_currency"]

    def _approval_tax_totals(self, lines):
        """Return the totals of lines, as ``account.tax._get_tax_totals_summary`` does
        of all taxes together; their groups are not looked at.

        They are computed afresh: stored totals can be written by remote callers.
        """
        self.ensure_one()
        AccountTax = self.env["account.tax"]
        lines = [line for line in lines if not line.display_type]
        taxes = AccountTax.union(*(line.tax_ids for line in lines))
        read_lines(taxes.sudo(), "invoice_repartition_line_ids")
        base_lines = [line._prepare_base_line_for_taxes_computation() for line in lines]
        AccountTax._add_tax_details_in_base_lines(base_lines, self.company_id)
        AccountTax._round_base_lines_tax_details(base_lines, self.company_id)
        of_lines = AccountTax._aggregate_base_lines_tax_details(
            base_lines, lambda _line, tax_data: bool(tax_data) or None
        )
        values = AccountTax._aggregate_base_lines_aggregated_values(of_lines).values()
        untaxed = sum(each["total_excluded_currency"] for each in values)
        taxes = sum(each["tax_amount_currency"] for each in values)
        return {
            "base_amount_currency": untaxed,
            "total_amount_currency": untaxed + taxes,
        }

    def _approval_check_amount(self):
        """Odoo converts one to one where it knows no rate, and says nothing."""
        for order in self:
            if not order.currency_id._approval_has_rate(order._approval_company()):
                raise UserError(
                    self.env._(
                        "%(order)s: there is no exchange rate for %(currency)s, so its "
                        "amount cannot be compared with approval limits. "
                        "Enter a rate first.",
                        order=order.display_name,
                        currency=order.currency_id.name,
                    )
                )

    def _approval_convert(self, amount):
        """Return an amount of the order in company currency.

        Of the rates at the order's date and today the one that gives more counts:
        the buyer chooses the date.

        :raises UserError: without a rate
        """
        self._approval_check_amount()
        company = self._approval_company()
        if self.currency_id == company.currency_id:
            return company.currency_id.round(amount)
        days = {company._approval_day(), company._approval_day(self.date_order)}
        return max(
            self.currency_id._convert(amount, company.currency_id, company, day)
            for day in days
        )

    # ------------------------------------------------------------
    # TERMS
    # ------------------------------------------------------------

    def _approval_term_fields(self):
        return super()._approval_term_fields() | {
            "partner_id",
            "date_order",
            "company_id",
            "currency_id",
            "payment_term_id",
            "picking_type_id",
            "dest_address_id",
            "order_line",
        }

    def _approval_get_term_lines(self):
        """Return the lines that are part of the terms, as a list: what `filtered`
        returns is not read together with the lines of other orders."""
        read_lines(self, "order_line")
        return [
            line
            for line in self.order_line
            if not line.display_type and not line._approval_is_advance()
        ]

    def _approval_terms(self):
        self.ensure_one()
        lines = [line._get_approval_terms() for line in self._approval_get_term_lines()]
        return {
            "company": self.company_id.id,
            "vendor": self.partner_id.id,
            "currency": self.currency_id.id,
            "payment": self.payment_term_id.id,
            "ordered": self.date_order
            and self.company_id._approval_day(self.date_order).isoformat(),
            "deliver_to": [self.picking_type_id.id, self.dest_address_id.id],
            "lines": sorted(lines, key=canonical),
        }

    @api.model
    def _approval_terms_version(self):
        return {**super()._approval_terms_version(), "approval_matrix_purchase": 2}

    def _approval_terms_as(self, version):
        """Version 1 believed the flag of down payments, had no units of the product,
        and days were those of UTC."""
        terms = super()._approval_terms_as(version)
        if version.get("approval_matrix_purchase", 1) >= 2:
            return terms

        def utc_day(moment):
            return moment and moment.date().isoformat()

        lines = [
            {**line._get_approval_terms(), "date": utc_day(line.date_planned)}
            for line in self.order_line
            if not line.display_type and (line.product_qty or not line.is_downpayment)
        ]
        for line in lines:
            del line["units"]
        return {
            **terms,
            "ordered": utc_day(self.date_order),
            "lines": sorted(lines, key=canonical),
        }

    def _approval_terms_kept(self, approved, current):
        """After approval a new date is news from the vendor, not a new decision."""
        return self._approval_equal_but_for({"date"}, approved, current)

    def _approval_only_amounts_differ(self, approved, current):
        free = {"date", "quantity", "units", "price", "discount"}
        return self._approval_equal_but_for(free, approved, current)

    def _approval_lines_tolerated(self, approved, current, percent):
        return super()._approval_lines_tolerated(
            approved, current, percent
        ) and lines_within(approved["lines"], current["lines"], percent)

    def _approval_equal_but_for(self, names, approved, current):
        """Tell whether terms are the same, leaving out some values of their lines."""

        def rest(terms):
            lines = [{**line, **dict.fromkeys(names)} for line in terms["lines"]]
            return {**terms, "lines": sorted(lines, key=canonical)}

        return rest(approved) == rest(current)

    def _approval_describe(self, terms):
        env = self.env
        name = self._approval_name
        currency = env["res.currency"].browse(terms["currency"]).exists()
        # requests made before these were terms do not have them
        picking_type, address = terms.get("deliver_to") or (False, False)
        place = name("res.partner", address) or name("stock.picking.type", picking_type)
        facts = [
            (env._("Vendor"), name("res.partner", terms["vendor"])),
            (env._("Currency"), name("res.currency", terms["currency"])),
            (
                env._("Payment Terms"),
                name("account.payment.term", terms.get("payment")),
            ),
            (env._("Deliver To"), place),
            (env._("Order Date"), format_date(env, terms.get("ordered"))),
        ]
        columns = [
            env._("Product"),
            env._("Description"),
            env._("Quantity"),
            env._("Unit Price"),
            env._("Discount"),
            env._("Taxes"),
            env._("Analytic"),
            env._("Expected"),
        ]
        rows = [self._approval_describe_line(line, currency) for line in terms["lines"]]
        return {"facts": facts, "columns": columns, "rows": rows}

    def _approval_describe_line(self, line, currency):
        """Return one row of the terms in words.

        :param dict line: what ``purchase.order.line._get_approval_terms`` returned
        """
        env = self.env
        name = self._approval_name
        quantity = formatLang(env, float(line["quantity"]), dp="Product Unit")
        shares = (
            (name("account.analytic.account", *accounts.split(",")), share)
            for accounts, share in line["analytic"].items()
        )
        price, discount = float(line["price"]), float(line["discount"])
        return [
            name("product.product", line["product"]),
            line.get("text") or "",
            f"{quantity} {name('uom.uom', line['uom'])}".strip(),
            format_amount(env, price, currency) if currency else f"{price:g}",
            f"{discount:g} %" if discount else "",
            name("account.tax", *line["taxes"]),
            ", ".join(f"{names} {float(share):g} %" for names, share in shares),
            format_date(env, line["date"]),
        ]

    # ------------------------------------------------------------
    # TEXTS: of the document as it is
    # ------------------------------------------------------------

    def _approval_summary(self):
        self.ensure_one()
        return {
            "about": " · ".join(filter(None, self._approval_about())),
            "facts": [
                [label, value] for label, value in self._approval_facts() if value
            ],
            "total": self._approval_tell_total(),
            **self._approval_tell_goods(),
        }

    def _approval_tell_goods(self):
        """Return what is bought, as ``columns`` and ``rows`` of a summary."""
        env = self.env
        lines = self.order_line.filtered("product_qty")
        return {
            "columns": [
                env._("Product"),
                env._("Quantity"),
                env._("Unit Price"),
                env._("Amount"),
            ],
            "rows": [
                [
                    line.product_id.display_name or line.name,
                    f"{formatLang(env, line.product_qty, dp='Product Unit')} "
                    f"{line.product_uom_id.name or ''}",
                    format_amount(env, line.price_unit, self.currency_id),
                    format_amount(env, line.price_subtotal, self.currency_id),
                ]
                for line in lines
            ],
        }

    def _approval_tell_total(self):
        """Say what the rows, which are without taxes, come to with taxes, in the
        order's own currency."""
        total = format_amount(self.env, self.amount_total, self.currency_id)
        if self.currency_id.is_zero(self.amount_tax):
            return self.env._("Total %(total)s, no taxes", total=total)
        taxes = format_amount(self.env, self.amount_tax, self.currency_id)
        return self.env._(
            "Total %(total)s, with taxes of %(taxes)s", total=total, taxes=taxes
        )

    def _approval_comparisons(self):
        """An order is there twice, is a part of more, or was cheaper before."""
        found = super()._approval_comparisons()
        for order, told in self.env["purchase.precedent"]._warn(self).items():
            found[order] = [*found.get(order, ()), *told]
        return found

    def _approval_row_notes(self):
        """Say beside each price how it is to the last."""
        found = super()._approval_row_notes()
        told = self.env["purchase.precedent"]._note_prices(
            {
                order: [line for line in order.order_line if line.product_qty][:SHOWN]
                for order in self
            }
        )
        for order, notes in told.items():
            found[order] = {**found.get(order, {}), **notes}
        return found

    def _approval_contacts(self):
        return super()._approval_contacts() | self.partner_id

    def _approval_about(self):
        """Return the parts of the one line that says what it is about."""
        return [self.partner_id.display_name]

    def _approval_facts(self):
        """Return what approvers read first, as pairs of a label and a text."""
        env = self.env
        return [
            (env._("Vendor"), self.partner_id.display_name),
            (env._("Total"), format_amount(env, self.amount_total, self.currency_id)),
            (
                env._("Expected arrival"),
                self.date_planned
                and format_date(env, self.company_id._approval_day(self.date_planned)),
            ),
            (env._("Source"), self.origin),
        ]
