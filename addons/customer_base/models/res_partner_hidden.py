from collections import defaultdict
from contextlib import contextmanager

from odoo import api, models

from .own_customers import is_on

#: Given as *hidden_customers* in the context, customers whom the user may not see are
#: read with nothing but their name, and without it where the user does not know that
#: either, in place of an error. No call from outside can send this very object.
BLANK = object()
#: What is read of customers whom the user knows from documents of their own.
SAID = (
    "name",
    "complete_name",
    "company_name",
    "commercial_company_name",
    "is_company",
    "type",
    "lang",
)
#: What callers may ask names of customers to be made of, besides the name.
MORE_THAN_NAMES = ("show_address", "show_email", "show_vat")


class CustomerAccess(models.Model):
    _inherit = "customer.access"

    @api.model
    @contextmanager
    def _blanking(self, records):
        """Let records be exported, printed or written about though one of them names a
        customer whom a colleague has now.

        What is read meanwhile is forgotten afterwards: nobody shall write it.

        :param records: of any model
        :return: the context of them as to be read
        """
        user = self.env.user
        if self.env.su or not user or not user._has_own_customers_only():
            yield records
            return
        # what the system has read is no longer asked for
        partners = self.env["res.partner"]
        partners.invalidate_model()
        try:
            yield records.with_context(hidden_customers=BLANK)
        except Exception:
            partners.invalidate_model(flush=False)
            raise
        partners.invalidate_model()

    @api.model
    def _filter_of_hidden(self, documents, of_whom=None):
        """Return those of some documents whose customer the user may not see, though
        the documents name it: Odoo would fill in what it knows of the customer.

        :param documents: of one model with the field ``partner_id``, new ones too
        :param str of_whom: the path to the users whose documents these are, and who
            read them whoever changes the customer; none: only whoever asks counts
        """
        if not is_on(self.env):
            return documents.browse()
        user = self.env.user  # nobody, where a route asks for none

        def get_readers(document):
            return user | document.mapped(of_whom)._origin if of_whom else user

        named = defaultdict(set)
        for document in documents.sudo():
            if partner := document.partner_id._origin:
                for reader in get_readers(document):
                    if reader._has_own_customers_only():
                        named[reader.id].add(partner.id)
        partners = self.env["res.partner"].sudo(False)
        hidden = {
            (reader, partner)
            for reader, ids in named.items()
            for partner in ids - partners.with_user(reader).browse(ids)._get_allowed()
        }
        if not hidden:
            return documents.browse()

        def is_of_hidden(document):
            readers = get_readers(document.sudo())
            partner = document.sudo().partner_id._origin.id
            return any((reader, partner) in hidden for reader in readers._ids)

        return documents.filtered(is_of_hidden)

    @api.model
    def _find_given_on(self, documents, vals):
        """Return which documents values give from one customer on to another: what they
        say of the one before is not said of a hidden one.

        :param documents: of one model with the field ``partner_id``
        :param dict vals: to be written
        """
        if not vals.get("partner_id") or not is_on(self.env):
            return documents.browse()
        given = self.env["customer.match"]._get_id(vals["partner_id"])
        return documents.filtered(
            lambda document: document.sudo().partner_id.id not in (False, given)
        )

    @api.model
    def _find_known_addresses(self, documents, kind):
        """Return which address of their customer each of some documents of
        ``_filter_of_hidden`` may be filled in with: not one that a colleague has added
        since.

        :param str kind: such as "invoice"
        :rtype: dict
        """
        found = {
            document: document.sudo().partner_id._origin.address_get([kind])[kind]
            for document in documents
        }
        known = self._find_known({*found.values()})
        return {
            document: address if address in known else document.partner_id.id
            for document, address in found.items()
        }

    @api.model
    def _blank_named(self, documents):
        """Read the customers whom documents name as ``_blanking`` says, before the
        system does.

        :param documents: within ``_blanking``
        """
        found = documents.sudo().exists()
        for name, field in documents._fields.items():
            if field.store and field.type == "many2one" and field.column_type:
                if self._is_name_of_partner(field):
                    found.mapped(name).with_env(documents.env).fetch(["name"])


class ResPartner(models.Model):
    """Customers whom a document of one's own names, though a colleague has them now:
    lists say what they are called, and so does all that is made of documents. It says
    nothing else of them."""

    _inherit = "res.partner"

    def fetch(self, field_names=None):
        if self.env.su or self.env.context.get("hidden_customers") is not BLANK:
            return super().fetch(field_names)
        partners = self._origin
        seen = partners.browse(partners._get_allowed())
        (partners - seen)._blank()
        return super(ResPartner, partners & seen).fetch(field_names)

    def _blank(self):
        """Have nothing of these customers in the cache but what the user knows."""
        known = self.env["customer.access"]._get_known(self.ids)
        said = {
            partner.id: {name: partner[name] for name in SAID}
            for partner in self.sudo()
            if partner.id in known
        }
        self.invalidate_recordset()
        for field in self._fields.values():
            if field.store and field.name != "id":
                values = [
                    field.convert_to_cache(
                        said.get(partner.id, {}).get(field.name, False), partner
                    )
                    for partner in self
                ]
                self.env.cache.update(self, field, values)

    @api.depends_context("uid")
    def _compute_display_name(self):
        # lists and forms read it with the rights of the system, made of whatever the
        # caller asks for
        hidden = self._find_hidden_of_names()
        result = super(ResPartner, self - hidden)._compute_display_name()
        named = hidden.with_context(**dict.fromkeys(MORE_THAN_NAMES, False))
        super(ResPartner, named)._compute_display_name()
        for partner, by_name in zip(hidden, named, strict=True):
            partner.display_name = by_name.display_name
        return result

    def _find_hidden_of_names(self):
        """Return those of whom names made of more would tell more than the name."""
        context, user = self.env.context, self.env.user
        if not any(context.get(key) for key in MORE_THAN_NAMES):
            return self.browse()
        if not user or not user._has_own_customers_only():
            return self.browse()
        allowed = self._get_allowed()
        return self.filtered(
            lambda partner: partner._origin and partner._origin.id not in allowed
        )
