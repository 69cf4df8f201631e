from odoo import api, models
from odoo.exceptions import AccessError

from ..merging.watching import WATCH


class Base(models.AbstractModel):
    """Every model: a merge knows whatever is written while it runs, and nobody names a
    customer whom they may not see, to read who that is."""

    _inherit = "base"

    #: By which fields a document names customers, with whom only it is seen, and by
    #: which field it is one's own: see ``CLOSED`` of ``ir_rule.py``. Any addon may say
    #: so of its models, whether or not this one is installed.
    _named_customers = None

    def _write_multi(self, vals_list):
        watch = self.env.cr.postcommit.data.get(WATCH)
        if watch is not None:
            names = {name for values in vals_list for name in values}
            if self._log_access:
                names |= {"write_uid", "write_date"}
            watch.note(self._table, self._ids, names)
        return super()._write_multi(vals_list)

    @api.model_create_multi
    def create(self, vals_list):
        access = self.env["customer.access"]
        access._check_named(self, vals_list, is_new=True)
        records = super().create(vals_list)
        access._check_referred(records)
        access._check_ids(access._find_in_properties(records))
        return records

    def write(self, vals):
        access = self.env["customer.access"]
        access._check_named(self, [vals])
        before = access._find_in_properties(self, vals)
        given = self.browse()
        if "partner_id" in vals and access._find_kept(self._name):
            given = access._find_given_on(self, vals)
        result = super().write(vals)
        access._forget_following(given, vals)
        access._check_referred(self, vals)
        access._check_ids(access._find_in_properties(self, vals) - before)
        return result

    def _compute_field_value(self, field):
        hidden = self.env["customer.access"]._leave_following(self, field)
        documents = self - hidden if hidden else self
        return super(Base, documents)._compute_field_value(field)

    def onchange(self, values, field_names, fields_spec):
        # a form fills in what it knows of a customer before anything is saved
        access = self.env["customer.access"]
        access._check_named(self, [values], is_new=not self)
        access._check_referred_in_form(self, values)
        return super().onchange(values, field_names, fields_spec)

    def export_data(self, fields_to_export):
        # all or nothing would be nothing, once a colleague has one of the customers
        self.check_access("read")
        with self.env["customer.access"]._blanking(self) as records:
            return super(Base, records).export_data(fields_to_export)

    def _web_read_group_groupby_properties_formatter(self, groupby_spec, values):
        name = super()._web_read_group_groupby_properties_formatter(
            groupby_spec, values
        )
        if self.env.su or not self.env.user._has_own_customers_only():
            return name
        # Odoo lists records whose properties name whom one may not see, and does not
        # group them

        def name_seen(value):
            try:
                return name(value)
            except AccessError:
                kind = self.get_property_definition(groupby_spec)["type"]
                operator = "in" if kind == "many2many" else "="
                return (value, self.env._("Not yours")), [
                    (groupby_spec, operator, value)
                ]

        return name_seen
