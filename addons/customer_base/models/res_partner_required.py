from lxml import etree

from odoo import api, models

from .customer_data_settings import REFUSE

#: Whose windows are looked at: the form itself, and that of contacts within it.
CONTACTS = ".//field[@name='child_ids']/form"


class ResPartner(models.Model):
    """Where saving without required data is refused, each window of customers has its
    fields: whoever is told what is missing can fill it in right there."""

    _inherit = "res.partner"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            for form in [arch, *arch.iterfind(CONTACTS)]:
                for names, kind in self._get_demanded():
                    if not self._has_one(form, names):
                        self._add_demanded(form, names[:1], kind)
        return arch, view

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._get_demanded())

    @api.model
    def _get_demanded(self):
        """Return the required data that is demanded here: for each what is enough, and
        of whom; nothing where a company only says what is missing.

        :return: pairs of names of fields and of a kind as of ``customer.field.rule``
        :rtype: tuple[tuple[tuple[str, ...], str], ...]
        """
        if self.env.company.sudo().required_data_action != REFUSE:
            return ()
        rules = self.env["customer.field.rule"].sudo()
        return tuple(
            (names, rule["kind"])
            for rule in rules._get_rules()
            if rule["is_required"]
            and (not rule["companies"] or self.env.company.id in rule["companies"])
            for names in (
                [rule["fields"]]
                if rule["is_one_enough"]
                else [(name,) for name in rule["fields"]]
            )
        )

    @api.model
    def _has_one(self, form, names):
        """Tell whether a form shows one of some fields itself, not in a part of it."""
        return any(
            next(node.iterancestors("field"), None) in (None, form.getparent())
            and node.get("invisible") not in ("1", "True")
            for name in names
            for node in form.iterfind(f".//field[@name='{name}']")
        )

    @api.model
    def _add_demanded(self, form, names, kind):
        place = form.find("sheet")
        place = form if place is None else place
        group = place.find("group[@name='demanded']")
        if group is None:
            group = etree.SubElement(place, "group", name="demanded")
        hidden = {"person": "is_company", "company": "not is_company"}.get(kind)
        for name in names:
            node = etree.SubElement(group, "field", name=name)
            if hidden:
                node.set("invisible", hidden)
        if hidden and not form.findall(".//field[@name='is_company']"):
            etree.SubElement(group, "field", name="is_company", invisible="1")
