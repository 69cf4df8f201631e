from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..allowance import pair_lines


class PurchaseOrder(models.Model):
    """Approved terms are written back in one click: the order and its lines become what
    was approved, whatever was made of them since. What cannot be had any more is said.

    Whether they *may* be restored is for ``approval.mixin``, and what is approved for
    the terms themselves: here is only how values follow from terms.
    """

    _inherit = "purchase.order"

    def _approval_is_restorable(self, terms):
        return self.state != "cancel" and terms != self._approval_terms()

    def _approval_write_terms(self, terms):
        """Write what differs: the order first, because Odoo looks up prices of its
        lines anew for another vendor."""
        self.ensure_one()
        values = self._approval_get_values(terms)
        if values:
            self.write(values)
        commands = self._approval_get_line_commands(terms["lines"])
        if commands:
            self.write({"order_line": commands})

    def _approval_get_values(self, terms):
        """Return the values of the order that are not as in these terms."""
        deliver_to, address = terms.get("deliver_to") or (
            self.picking_type_id.id,
            self.dest_address_id.id,
        )
        values = {
            "partner_id": terms["vendor"],
            "currency_id": terms["currency"],
            "payment_term_id": terms.get("payment", self.payment_term_id.id),
            "picking_type_id": deliver_to,
            "dest_address_id": address,
        }
        values = {
            name: self._approval_still_there(self._fields[name].comodel_name, value)
            for name, value in values.items()
            if value != self[name].id
        }
        ordered = fields.Date.to_date(terms.get("ordered"))
        company = self._approval_company()
        if ordered and (
            not self.date_order or company._approval_day(self.date_order) != ordered
        ):
            values["date_order"] = company._approval_moment(ordered, self.date_order)
        return values

    def _approval_get_line_commands(self, approved):
        """Return how the lines become those that were approved.

        :param list approved: terms of the lines
        """
        lines = self._approval_get_term_lines()
        current = [line._get_approval_terms() for line in lines]
        commands = []
        for then, now in pair_lines(approved, current):
            if then is None:
                commands.append(self._approval_get_line_removal(lines[now]))
                continue
            line = lines[now] if now is not None else self.order_line.browse()
            if line and approved[then] == current[now]:
                continue
            values = self._approval_get_line_values(line, approved[then])
            commands.append(
                Command.update(line.id, values) if line else Command.create(values)
            )
        return commands

    def _approval_get_line_values(self, line, terms):
        """Return the values with which a line has these terms.

        :param line: of this order, or none: one that is added
        :param dict terms: what its ``_get_approval_terms`` returned at some time
        """
        for name, ids in (
            ("product_id", [terms["product"]]),
            ("product_uom_id", [terms["uom"]]),
            ("tax_ids", terms["taxes"]),
        ):
            for id_ in ids:
                self._approval_still_there(line._fields[name].comodel_name, id_)
        date = fields.Date.to_date(terms["date"])
        planned = line.date_planned or self.date_planned
        return {
            "product_id": terms["product"],
            "product_uom_id": terms["uom"],
            "tax_ids": [Command.set(terms["taxes"])],
            "name": terms.get("text") or line.name,
            "product_qty": float(terms["quantity"]),
            "price_unit": float(terms["price"]),
            "discount": float(terms["discount"]),
            "analytic_distribution": {
                accounts: float(share) for accounts, share in terms["analytic"].items()
            },
            "date_planned": date
            and self._approval_company()._approval_moment(date, planned),
        }

    @api.model
    def _approval_get_line_removal(self, line):
        """Return how a line is taken off that was not approved: goods and bills keep
        theirs."""
        if line.qty_received or line.invoice_lines or line.move_ids:
            return Command.update(line.id, {"product_qty": 0.0})
        return Command.delete(line.id)

    @api.model
    def _approval_still_there(self, model, id_):
        """Return the id of a record of approved terms, which may be nothing.

        :raises UserError: when the record was deleted
        """
        if id_ and not self.env[model].browse(id_).exists():
            raise UserError(
                self.env._(
                    "The approved terms cannot be restored: %(record)s does not exist "
                    "any more (%(kind)s).",
                    record=f"#{id_}",
                    kind=self.env["ir.model"]._get(model).name,
                )
            )
        return id_
