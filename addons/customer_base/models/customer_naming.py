from collections import defaultdict

from odoo import api, fields, models, tools

#: What is a salesperson's own, by which field, and whose customers they know therefore:
#: an order may be invoiced, and an invoice corrected, though a colleague has them now.
OWN_DOCUMENTS = {
    "account.move": ("invoice_user_id", ("partner_id", "partner_shipping_id")),
    "crm.lead": ("user_id", ("partner_id",)),
    "purchase.order": ("user_id", ("partner_id", "dest_address_id")),
    "sale.order": (
        "user_id",
        ("partner_id", "partner_invoice_id", "partner_shipping_id"),
    ),
}
#: Records that say a model and an id, and ask themselves whether one may read that
#: when they are made. They do not when they are moved: who was given an activity may
#: change all of it.
ASKING = frozenset(
    {"ir.attachment", "mail.activity", "mail.message", "mail.scheduled.message"}
)


class CustomerAccess(models.Model):
    """Nobody names a customer whom they may not see, to read who that is: by an id, in
    a property, or as a model and an id."""

    _inherit = "customer.access"

    @api.model
    def _check_named(self, records, vals_list, is_new=False):
        """Refuse values that name customers whom the user may not see, or documents of
        these: whoever reads a record of their own is shown what it names, leads even
        copy the address, and lines of orders are called after the customer.

        Also named may be who belongs to an own company, and the customer of an own
        order or lead, whom the user knows; and documents that a record of this kind
        which the user reads names already.

        :param records: of any model, to be written; without any, to be created
        :param list vals_list: values, also those of a form, with parts of parts
        :param bool is_new: whether defaults count
        :raises AccessError: which names nobody
        """
        user = self.env.user
        if self.env.su or not user or not user._has_own_customers_only():
            return
        named = defaultdict(dict)
        records = records.browse() if is_new else records
        for values in vals_list:
            self._add_named(records, values, named)
        if is_new:
            names = [*self._find_names_to_check(records._name)]
            # of the context, and those that users set for themselves
            self._add_named(records, names and records.default_get(names), named)
        self._check_ids(named.pop("res.partner", {}))
        for document, naming in named.items():
            hidden = self.env["ir.rule"]._find_hidden(document, naming)
            if any(not self._is_named_already(id_, *naming[id_]) for id_ in hidden):
                raise self._get_error()

    @api.model
    def _check_ids(self, partner_ids):
        """Refuse customers whom the user may not see, likewise.

        :raises AccessError: which names nobody
        """
        user = self.env.user  # nobody, where a route asks for none
        if self.env.su or not partner_ids or not user:
            return
        if not user._has_own_customers_only():
            return
        if not self._find_known(partner_ids).issuperset(partner_ids):
            raise self._get_error()

    @api.model
    def _is_name_of_partner(self, field):
        return field.relational and field.comodel_name == "res.partner"

    @api.model
    def _is_to_check(self, field):
        """Return whether a field shows what a customer is called, or who logs in for
        them, or a document of one, to whoever reads the record: of many documents those
        only that one may read."""
        return self._is_name_of_partner(field) or (
            field.type == "many2one"
            and (
                field.comodel_name == "res.users"
                or bool(self.env["ir.rule"]._get_closed(field.comodel_name))
            )
        )

    @api.model
    @tools.ormcache("model_name")
    def _find_names_to_check(self, model_name):
        """Return the names of such fields of a model, without those that Odoo fills in
        with whoever asks: they are asked for with each new record.

        :rtype: tuple[str]
        """
        return tuple(
            name
            for name, field in self.env[model_name]._fields.items()
            if name not in models.MAGIC_COLUMNS and self._is_to_check(field)
        )

    @api.model
    def _is_named_already(self, document_id, model_name, name):
        """Return whether a record that the user reads names a document already."""
        records = self.env[model_name].with_context(active_test=False)
        may_ask = records._fields[name].store and records.has_access("read")
        return bool(may_ask and records.search([(name, "=", document_id)], limit=1))

    @api.model
    def _add_named(self, records, values, named):
        """Add the partners and documents that values name anew.

        :param dict named: by model and id, which field of which model names it
        """
        get_id = self.env["customer.match"]._get_id
        for name, value in values.items() if isinstance(values, dict) else ():
            field = records._fields.get(name)
            if not value or not field or not field.relational:
                continue
            below = records.env[field.comodel_name]
            if field.type == "many2one":
                found = {get_id(value)}
                if isinstance(value, dict):
                    # of the form that this is a part of
                    self._add_named(below.browse(get_id(value)), value, named)
            else:
                found = set()
                for command in value if isinstance(value, list | tuple) else ():
                    found |= self._read_command(below, command, named)
            if found and self._is_to_check(field):
                was = records.sudo().with_context(active_test=False).exists()
                for id_ in found - set(was.mapped(name)._ids) - {None}:
                    named[field.comodel_name][id_] = (records._name, name)

    @api.model
    def _read_command(self, below, command, named):
        """Return whom a command links, and add whom the values of a part name."""
        get_id = self.env["customer.match"]._get_id
        if not isinstance(command, list | tuple):
            return {get_id(command)}
        match [*command]:
            case [4, linked, *_rest]:
                return {get_id(linked)}
            case [6, _nothing, [*linked]]:
                return {get_id(each) for each in linked}
            case [0 | 1, part, dict() as values]:
                self._add_named(below.browse(get_id(part)), values, named)
        return set()

    @api.model
    def _find_in_properties(self, records, vals=None):
        """Return the customers whom properties of records name, for users who do not
        see everybody's. The properties that a record has depend on what it belongs to.

        :param dict vals: only if these write properties
        :rtype: set[int]
        """
        user = self.env.user
        if self.env.su or not user or not user._has_own_customers_only():
            return set()
        found = set()
        for field in records._fields.values():
            if field.type != "properties" or not (vals is None or field.name in vals):
                continue
            for record in records.sudo():
                # as they are stored: whoever reads them loads the names
                values = record[field.name]._values
                named = [
                    values.get(definition["name"])
                    for definition in field._get_properties_definition(record) or ()
                    if definition.get("comodel") == "res.partner"
                ]
                for value in named:
                    found |= {*(value if isinstance(value, list) else [value])}
        return found - {None, False}

    @api.model
    def _find_known(self, partner_ids):
        """Return which of some partners the user may read, or knows.

        :rtype: set[int]
        """
        readable = self._filter(partner_ids)
        others = set(partner_ids) - readable
        return readable | (self._get_known(others) & others if others else set())

    @api.model
    def _get_known(self, partner_ids):
        """Return which of some partners a salesperson knows, though their own customers
        are others."""
        partners = self.env["res.partner"].sudo().browse(partner_ids).exists()
        own = self._filter(partners.commercial_partner_id.ids, to_write=True)
        known = {one.id for one in partners if one.commercial_partner_id.id in own}
        for model, (owner, names) in OWN_DOCUMENTS.items():
            if model not in self.env:
                continue
            domain = fields.Domain(owner, "=", self.env.uid)
            domain &= fields.Domain.OR(
                fields.Domain(name, "in", list(partner_ids)) for name in names
            )
            documents = self.env[model].sudo().with_context(active_test=False)
            for document in documents.search(domain):
                known |= {document[name].id for name in names}
        return known

    # ------------------------------------------------------------
    # A MODEL AND AN ID
    # ------------------------------------------------------------

    @api.model
    def _check_referred(self, records, vals=None):
        """Refuse records that say the model and the id of a customer, or of a document
        of customers, whom the user may not see: some show its name.

        :param records: just created or written
        :param dict vals: what was written; none: they are new
        :raises AccessError: which names nobody
        """
        user = self.env.user  # nobody, where a route asks for none
        if self.env.su or not user or not user._has_own_customers_only():
            return
        if vals is None and records._name in ASKING:
            return
        referring = [
            field
            for field in records._fields.values()
            if field.type in ("reference", "many2one_reference")
            and (vals is None or not vals.keys().isdisjoint(self._get_parts(field)))
        ]
        referred = {}
        for record in records.sudo() if referring else ():
            for field in referring:
                model, number = self._read_reference(record, field)
                referred.setdefault(model, set()).add(number)
        rules = self.env["ir.rule"]
        self._check_ids(referred.pop("res.partner", set()))
        people = referred.pop("res.users", set()) - {None, False}
        if rules._find_hidden("res.users", people):
            raise self._get_error()
        for model in filter(rules._get_closed, referred):
            documents = self.env[model].sudo().browse(referred[model]).exists()
            domain = rules._compute_domain(model, "read")
            if documents - documents.filtered_domain(domain):
                raise self._get_error()

    @api.model
    def _check_referred_in_form(self, records, values):
        """Refuse forms that say the model and the id of such a document, likewise,
        before anything is saved.

        :param records: the record of the form, or none while it is new
        :param dict values: of the form
        :raises AccessError: which names nobody
        """
        user = self.env.user
        if self.env.su or not user or not user._has_own_customers_only():
            return
        referring = [
            field
            for field in records._fields.values()
            if field.type in ("reference", "many2one_reference")
        ]
        names = {field.name for field in referring}
        for field in referring:
            if field.type == "many2one_reference":
                names |= self._get_parts(field)
        told = {} if records or not names else records.default_get([*names])
        told |= {name: values[name] for name in names & values.keys()}
        pairs = {self._read_told(field, told) for field in referring}
        if self.env["ir.rule"]._find_hidden_documents(pairs - {None}):
            raise self._get_error()

    @api.model
    def _read_told(self, field, told):
        """Return the model and the id that values say, if they say both."""
        get_id = self.env["customer.match"]._get_id
        value = told.get(field.name)
        if field.type == "reference":
            model, _comma, number = str(value or "").partition(",")
            return (model, int(number)) if number.isdecimal() else None
        model = told.get(field.model_field)
        for name in self._get_parts(field) - {field.name, field.model_field}:
            if of_model := get_id(told.get(name)):
                model = self.env["ir.model"].sudo().browse(of_model).exists().model
        return (model, get_id(value)) if isinstance(model, str) else None

    @api.model
    def _get_parts(self, field):
        """Return the fields that a reference changes with: its own, the one that says
        the model, and the one that says the model of that."""
        names = {field.name}
        if field.type == "many2one_reference":
            names.add(field.model_field)
            of_model = self.env[field.model_name]._fields[field.model_field]
            names.update((of_model.related or "").split(".")[:1])
        return names

    @api.model
    def _read_reference(self, record, field):
        value = record[field.name]
        if field.type == "many2one_reference":
            return record[field.model_field], value
        return (value._name, value.id) if value else (None, None)
