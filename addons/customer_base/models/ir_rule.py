from odoo import api, models
from odoo.fields import Domain

from .own_customers import SEE_UNOWNED

#: Documents that name customers, and are seen with them only: the fields that name
#: them, and the field by which a document is one's own, whoever its customer is.
#: Models that are not installed stand here too: none is a dependency for this.
CLOSED = {
    "account.analytic.account": (["partner_id"], None),
    "account.move": (["partner_id", "partner_shipping_id"], "invoice_user_id"),
    "account.move.line": (["partner_id"], "move_id.invoice_user_id"),
    "calendar.attendee": (["partner_id"], "event_id.user_id"),
    "calendar.filters": (["partner_id"], "user_id"),
    "crm.activity.report": (["partner_id"], "user_id"),
    "crm.lead": (["partner_id"], "user_id"),
    "cx.delivery.report": (["partner_id"], "user_id"),
    "cx.urgency.report": (["partner_id"], "user_id"),
    "loyalty.card": (["partner_id"], None),
    "mail.followers": (["partner_id"], None),
    "mail.notification": (["res_partner_id"], None),
    "payment.token": (["partner_id"], None),
    "payment.transaction": (["partner_id"], None),
    "res.partner.bank": (["partner_id"], None),
    "sale.order": (
        ["partner_id", "partner_invoice_id", "partner_shipping_id"],
        "user_id",
    ),
    "sale.order.line": (["order_partner_id"], "salesman_id"),
    "sale.report": (["partner_id"], "user_id"),
    "snailmail.letter": (["partner_id"], "user_id"),
    "stock.move": (["partner_id", "restrict_partner_id"], None),
    "stock.move.line": (["owner_id", "picking_id.partner_id"], None),
    "stock.picking": (["partner_id", "owner_id"], None),
    "stock.quant": (["owner_id"], None),
    "supply.link": (["partner_id"], "sale_line_id.salesman_id"),
    "supply.promise": (["partner_id"], "order_id.user_id"),
    "supply.state": (["partner_id"], "order_id.user_id"),
    "urgency.displacement": (["partner_id"], "owner_id"),
}

#: Records that say a model and an id, and ask themselves whether one may read that.
ASKING = frozenset(
    {"ir.attachment", "mail.activity", "mail.message", "mail.scheduled.message"}
)

#: Given as *customers_counted* in the context, documents are counted whoever their
#: customer is: for code that lets sums out, and nothing else. No call from outside can
#: send this very object.
COUNTED = object()


class IrRule(models.Model):
    """While salespeople see their own customers only, they see documents of these."""

    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        domain = super()._compute_domain(model_name, mode)
        if model_name not in CLOSED or self.env.su:
            return domain
        if self.env.context.get("customers_counted") is COUNTED:
            return domain
        if not self.env.user._has_own_customers_only():
            return domain
        model = self.env[model_name]
        return (domain & self._get_customers_domain(model_name)).optimize(model)

    @api.model
    def _get_customers_domain(self, model_name):
        names, own = CLOSED[model_name]
        domain = Domain.AND(self._get_customer_domain(name) for name in names)
        if model_name == "crm.lead":
            domain &= self._get_domain_of_strangers()
        if model_name == "mail.notification":
            domain &= self._get_domain_of_notified()
        return domain | Domain(own, "=", self.env.uid) if own else domain

    @api.model
    def _get_customer_domain(self, name):
        seen = Domain(name, "=", False) | Domain(f"{name}.access_to_read", "=", True)
        document = name.rpartition(".")[0]
        return seen | Domain(document, "=", False) if document else seen

    @api.model
    def _get_domain_of_strangers(self):
        """Return which leads without a customer are seen: what they write of one whom
        nobody knows is a customer whom nobody owns."""
        if self.env["ir.config_parameter"].sudo().get_param(SEE_UNOWNED):
            return Domain.TRUE
        return (
            Domain.TRUE
            if self.env.user._is_customer_leader()
            else Domain("partner_id", "!=", False)
        )

    @api.model
    def _check_referred(self, records):
        """Refuse records that say the model and the id of a customer, or of a document
        of customers, whom the user may not see: some show its name.

        :param records: just created or written
        :raises AccessError: which names nobody
        """
        user = self.env.user  # nobody, where a route asks for none
        if self.env.su or not user or not user._has_own_customers_only():
            return
        fields = [
            field
            for field in records._fields.values()
            if field.type in ("reference", "many2one_reference")
        ]
        if not fields or records._name in ASKING:
            return
        referred = {}
        for record in records.sudo():
            for field in fields:
                model, number = self._read_reference(record, field)
                referred.setdefault(model, set()).add(number)
        access = self.env["customer.access"]
        access._check_ids(referred.pop("res.partner", set()))
        for model in referred.keys() & CLOSED:
            documents = self.env[model].sudo().browse(referred[model]).exists()
            domain = self._compute_domain(model, "read")
            if documents - documents.filtered_domain(domain):
                raise access._get_error()

    @api.model
    def _read_reference(self, record, field):
        value = record[field.name]
        if field.type == "many2one_reference":
            return record[field.model_field], value
        return (value._name, value.id) if value else (None, None)

    @api.model
    def _get_domain_of_notified(self):
        """Return which notifications are seen: they show the subjects of messages. What
        colleagues are told is theirs; chatters show by themselves who was told."""
        own = self.env.user.partner_id.ids
        return (
            Domain("res_partner_id", "in", own)
            | Domain("author_id", "in", own)
            | Domain("res_partner_id.partner_share", "=", True)
        )

    def _make_access_error(self, operation, records):
        # Odoo names the records in debug mode
        about_customers = records._name == "res.partner" or records._name in CLOSED
        if about_customers and self.env.user._has_own_customers_only():
            records.invalidate_recordset()
            return self.env["customer.access"]._get_error()
        return super()._make_access_error(operation, records)
