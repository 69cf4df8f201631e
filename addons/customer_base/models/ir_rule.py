from collections import defaultdict

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from .own_customers import SEE_UNOWNED

#: Documents of Odoo that name customers, and are seen with them only: the fields that
#: name them, and the field by which a document is one's own, whoever its customer is.
#: Models that are not installed stand here too: none is a dependency for this. So do
#: those that plain salespeople do not read: who keeps books, buys or works in a
#: warehouse besides gets more documents by it, not more customers.
#:
#: Models of ours say the same for themselves, as ``_named_customers``.
CLOSED = {
    "account.analytic.account": (["partner_id"], None),
    "account.analytic.distribution.model": (["partner_id"], None),
    "account.analytic.line": (["partner_id"], "user_id"),
    "account.bank.statement.line": (["partner_id"], None),
    "account.invoice.report": (["partner_id"], "invoice_user_id"),
    "account.move": (["partner_id", "partner_shipping_id"], "invoice_user_id"),
    "account.move.line": (["partner_id"], "move_id.invoice_user_id"),
    "account.payment": (["partner_id"], "create_uid"),
    "account.reconcile.model": (["mapped_partner_id"], None),
    "account.reconcile.model.line": (["partner_id"], None),
    "calendar.attendee": (["partner_id"], "event_id.user_id"),
    "calendar.filters": (["partner_id"], "user_id"),
    "crm.activity.report": (["partner_id"], "user_id"),
    "crm.lead": (["partner_id"], "user_id"),
    "crm.lead.line": (["lead_id.partner_id"], "lead_id.user_id"),
    "event.registration": (["partner_id"], None),
    "hr.expense": (["vendor_id"], "employee_id.user_id"),
    "loyalty.card": (["partner_id"], None),
    "loyalty.history": (["card_id.partner_id"], None),
    "mail.followers": (["partner_id"], None),
    "mail.notification": (["res_partner_id"], None),
    "maintenance.equipment": (["partner_id"], None),
    # lines of orders are called after the customer
    "mrp.production": (["sale_line_id.order_partner_id"], "sale_line_id.salesman_id"),
    "payment.token": (["partner_id"], None),
    "payment.transaction": (["partner_id"], None),
    "pos.order": (["partner_id"], "user_id"),
    "pos.order.line": (["order_id.partner_id"], "order_id.user_id"),
    "product.attribute.custom.value": (
        ["sale_order_line_id.order_partner_id"],
        "sale_order_line_id.salesman_id",
    ),
    "product.wishlist": (["partner_id"], None),
    "project.collaborator": (["partner_id"], None),
    "project.milestone": (["sale_line_id.order_partner_id"], "project_id.user_id"),
    "project.project": (["partner_id"], "user_id"),
    "project.sale.line.employee.map": (
        ["sale_line_id.order_partner_id"],
        "project_id.user_id",
    ),
    "project.task": (["partner_id"], "user_ids"),
    "purchase.bill.line.match": (["partner_id"], None),
    "purchase.bill.union": (["partner_id"], None),
    "purchase.order": (["partner_id", "dest_address_id"], "user_id"),
    "purchase.order.line": (
        ["partner_id", "order_id.dest_address_id"],
        "order_id.user_id",
    ),
    "purchase.report": (["partner_id"], "user_id"),
    "purchase.requisition": (["vendor_id"], "user_id"),
    "rating.rating": (["partner_id"], None),
    "repair.order": (["partner_id"], "user_id"),
    "report.pos.order": (["partner_id"], "user_id"),
    "report.project.task.user": (["partner_id"], "user_ids"),
    "res.partner.bank": (["partner_id"], None),
    "sale.order": (
        ["partner_id", "partner_invoice_id", "partner_shipping_id"],
        "user_id",
    ),
    "sale.order.line": (["order_partner_id"], "salesman_id"),
    "sale.report": (["partner_id"], "user_id"),
    "slide.channel.partner": (["partner_id"], None),
    "slide.slide.partner": (["partner_id"], None),
    "snailmail.letter": (["partner_id"], "user_id"),
    "stock.move": (
        ["partner_id", "restrict_partner_id", "picking_id.partner_id"],
        None,
    ),
    "stock.move.line": (["owner_id", "picking_id.partner_id"], None),
    "stock.picking": (["partner_id", "owner_id"], None),
    "stock.quant": (["owner_id"], None),
    "stock.scrap": (["owner_id"], None),
    "survey.user_input": (["partner_id"], None),
    "timesheets.analysis.report": (["partner_id"], "user_id"),
    "vendor.delay.report": (["partner_id"], None),
    "website.visitor": (["partner_id"], None),
}

#: Entries of payments, and the fields that name the entry itself: they are one's own
#: with the payment. Whoever invoiced a customer takes the money, too, though a
#: colleague has the customer now.
PAID = {"account.move": "id", "account.move.line": "move_id"}

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
        if self.env.su or not self._get_closed(model_name):
            return domain
        if self.env.context.get("customers_counted") is COUNTED:
            return domain
        if not self.env.user._has_own_customers_only():
            return domain
        domain &= self._get_customers_domain(model_name)
        return domain.optimize(self.env[model_name])

    @api.model
    def _get_closed(self, model_name):
        """Return the fields by which documents of a model name customers, with whom
        only they are seen, and the field by which a document is one's own.

        :return: nothing for other models, and those that are not installed
        :rtype: tuple[list[str], str | None] | None
        """
        model = self.env.registry.get(model_name)
        if model is None:
            return None
        names, own = CLOSED.get(model_name) or model._named_customers or ([], None)
        # other addons of Odoo bring some of them
        names = [name for name in names if name.split(".")[0] in model._fields]
        if not names:
            return None
        return names, own if own and own.split(".")[0] in model._fields else None

    @api.model
    @tools.ormcache()
    def _find_closed(self):
        """Return the names of all models that ``_get_closed`` closes.

        :rtype: list[str]
        """
        return [name for name in self.env.registry if self._get_closed(name)]

    @api.model
    def _get_customers_domain(self, model_name):
        names, own = self._get_closed(model_name)
        domain = Domain.AND(self._get_customer_domain(name) for name in names)
        if model_name == "crm.lead":
            domain &= self._get_domain_of_strangers()
        if model_name == "crm.lead.line":
            domain &= Domain("lead_id", "any!", self._get_domain_of_strangers())
        if model_name == "mail.notification":
            domain &= self._get_domain_of_notified()
        if model_name == "website.visitor":
            domain &= self._get_domain_of_visitors()
        if own:
            domain |= Domain(own, "=", self.env.uid)
        if model_name in PAID:
            domain |= self._get_domain_of_paid(PAID[model_name])
        return domain

    @api.model
    def _get_domain_of_paid(self, entry):
        """Return the domain of entries of payments that the user has recorded. It joins
        no other table, as ``_get_domain_of_named``.

        :param str entry: the field that names the entry
        """
        uid = self.env.uid

        def to_sql(model, alias, query):
            return SQL(
                """EXISTS (
                    SELECT
                      FROM account_move entry
                      JOIN account_payment payment
                        ON payment.id = entry.origin_payment_id
                     WHERE entry.id = %s AND payment.create_uid = %s
                )""",
                model._field_to_sql(alias, entry, query),
                uid,
            )

        def is_own(record):
            move = record if entry == "id" else record[entry]
            return move.sudo().origin_payment_id.create_uid.id == uid

        return Domain.custom(to_sql=to_sql, predicate=is_own)

    @api.model
    def _get_customer_domain(self, name):
        document, _dot, field = name.rpartition(".")
        seen = self.env["customer.access"]._get_domain_of_named(field)
        if not document:
            return seen
        return Domain(document, "=", False) | Domain(document, "any!", seen)

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
    def _get_domain_of_visitors(self):
        """Return which visitors of a website are seen: of those who did not log in, it
        shows the addresses that their leads have."""
        if "lead_ids" not in self.env["website.visitor"]._fields:
            return Domain.TRUE
        seen = self._get_customers_domain("crm.lead")
        return Domain("lead_ids", "=", False) | Domain("lead_ids", "any!", seen)

    @api.model
    def _find_hidden(self, model_name, ids):
        """Return which customers, or who logs in for them, or documents of customers,
        the user does not see because these are somebody else's; of other models, none.

        :param str model_name: of the records
        :param ids: of records, which need not exist
        :rtype: set[int]
        """
        user = self.env.user
        if not ids or not user or not user._has_own_customers_only():
            return set()
        if model_name == "res.partner":
            return set(ids) - self.env[model_name].browse(ids)._get_allowed()
        if model_name == "res.users":
            others = self.env[model_name].sudo().browse(set(ids) - {user.id})
            users = others and others.exists()
            partners = users.filtered("share").partner_id.sudo(False)
            hidden = set(partners._ids) - partners._get_allowed()
            return {one.id for one in users if one.partner_id.id in hidden}
        if not self._get_closed(model_name):
            return set()
        documents = self.env[model_name].sudo().with_context(active_test=False)
        documents = documents.browse(ids).exists()
        seen = documents.filtered_domain(self._get_customers_domain(model_name))
        return set((documents - seen)._ids)

    @api.model
    def _find_hidden_documents(self, documents):
        """Return those of some documents that the user does not see, likewise.

        :param documents: pairs of a model and an id
        :rtype: set[tuple[str, int]]
        """
        user = self.env.user
        if not user or not user._has_own_customers_only():
            return set()
        ids = defaultdict(set)
        for model_name, id_ in documents:
            if model_name and id_:
                ids[model_name].add(id_)
        return {
            (model_name, id_)
            for model_name, some in ids.items()
            for id_ in self._find_hidden(model_name, some)
        }

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
        name = records._name
        about_customers = name == "res.partner" or self._get_closed(name)
        if about_customers and self.env.user._has_own_customers_only():
            records.invalidate_recordset()
            return self.env["customer.access"]._get_error()
        return super()._make_access_error(operation, records)
