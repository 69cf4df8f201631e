from odoo import api, models, tools

from .own_customers import is_on
from .res_partner_hidden import SAID

#: What says no more than what a customer is called.
CALLED = frozenset({*SAID, "display_name"})
#: What the files of these models leave out themselves.
TREATED = {
    "account.move": {"sale_warning_text"},
    "calendar.attendee": {"email", "phone"},
    "crm.lead": {"email_from", "phone"},
    "sale.order": {"sale_warning_text"},
}


class CustomerAccess(models.Model):
    """Documents of one's own that say more of their customer than the name, in fields
    that Odoo or any addon works out of the customer: such as the telephone on a task.

    Where a colleague has the customer now, what is stored stays as it is, and the
    rest is empty. So it is for whoever has the document, whoever changes the customer.
    """

    _inherit = "customer.access"

    @api.model
    @tools.ormcache("model_name")
    def _find_following(self, model_name):
        """Return the names of the fields that say more of the customer of a document
        than the name, of models whose documents may be seen without it. Of what is
        stored only plain values count: whom a document names is its own.

        :rtype: frozenset[str]
        """
        names, own = self.env["ir.rule"]._get_closed(model_name) or ([], None)
        if not own or "partner_id" not in names:
            return frozenset()
        treated = TREATED.get(model_name, set())
        return frozenset(
            name
            for name, field in self.env[model_name]._fields.items()
            if name not in treated
            and not (field.store and field.relational)
            and self._says_more(field)
        )

    @api.model
    @tools.ormcache("model_name")
    def _find_kept(self, model_name):
        """Return those of these fields that are stored.

        :rtype: tuple[str]
        """
        fields = self.env[model_name]._fields
        return tuple(
            name for name in self._find_following(model_name) if fields[name].store
        )

    @api.model
    def _says_more(self, field):
        for path in self.pool.field_depends[field]:
            first, _dot, rest = path.partition(".")
            if first == "partner_id" and rest and rest.split(".")[0] not in CALLED:
                return True
        return False

    @api.model
    def _leave_following(self, documents, field):
        """Leave out of a field what hidden customers say: empty what is worked out each
        time, and what a new document is begun with.

        :param documents: whose field is worked out
        :param field: the field
        :return: these documents, of which nothing is to be worked out
        """
        following = self._find_following(documents._name)
        if field.name not in following or not is_on(self.env):
            return documents.browse()
        _names, own = self.env["ir.rule"]._get_closed(documents._name)
        hidden = self._filter_of_hidden(documents, own if field.store else None)
        begun = hidden.filtered(
            lambda document: document.partner_id._origin != document._origin.partner_id
        )
        for each in self.pool.field_computed[field]:
            (begun if each.store else hidden)[each.name] = False
        return hidden

    @api.model
    def _forget_following(self, documents, names):
        """Empty what documents say of the customer before, which were given on to one
        who is hidden.

        :param documents: as ``_find_given_on`` has found them
        :param names: of fields that are written with it
        """
        if not documents:
            return
        _names, own = self.env["ir.rule"]._get_closed(documents._name)
        hidden = self._filter_of_hidden(documents, own)
        kept = set(self._find_kept(documents._name)) - set(names)
        # not to be written to the customer
        with self.env.protecting([documents._fields[name] for name in kept], hidden):
            for name in kept:
                hidden[name] = False
