from itertools import compress

from odoo import api, fields, models

from ..matching.phones import tidy_phones
from ..matching.tax_codes import tidy_tax_code
from .customer_key import SOURCES

#: What else says with whom a customer is compared.
COMPARED = frozenset({"active", "commercial_partner_id", "company_id"})
#: Users and companies are given contacts in passing. Only code can say so: no caller
#: sends this very object.
NO_CUSTOMER = {"customer_base_no_customer": object()}
#: What is written one way, and how.
TIDY = {"phone": tidy_phones, "vat": tidy_tax_code}
#: What happens when somebody enters a customer who is surely there already.
INFORM, REASON, BLOCK = "inform", "reason", "block"
#: The field in which forms send whom they showed; nobody else does.
TOLD = "same_customers_told"


class ResPartner(models.Model):
    """Customers: known by their keys, entered once, their numbers written one way."""

    _inherit = "res.partner"

    same_customer_reason = fields.Char(
        "Why Another One",
        copy=False,
        groups="base.group_user",
        help="Why this is somebody else, though a customer with the same telephone, "
        "e-mail or tax code is there already.",
    )

    # forms send it when they save: whom they showed as surely the same. Who is there
    # and not among them is said once before anything is saved
    same_customers_told = fields.Char(
        "Shown as the Same", store=False, groups="base.group_user"
    )
    # forms keep it while one types: numbers as they are written, and as they were
    # typed, since the country comes after them
    numbers_typed = fields.Json(store=False, groups="base.group_user")

    # ------------------------------------------------------------
    # KEYS
    # ------------------------------------------------------------

    def _create(self, data_list):
        partners = super()._create(data_list)
        values_list = [data["stored"] for data in data_list]
        self.env["customer.key"].sudo()._keep_new(partners, values_list)
        return partners

    def _write_multi(self, vals_list):
        # what is computed is written here too, whichever way it came about
        result = super()._write_multi(vals_list)
        changed = [
            partner
            for partner, values in zip(self._ids, vals_list, strict=True)
            if not SOURCES.isdisjoint(values)
        ]
        if changed:
            self.env["customer.key"].sudo()._keep(changed)
        moved = [
            partner
            for partner, values in zip(self._ids, vals_list, strict=True)
            if SOURCES.isdisjoint(values) and not COMPARED.isdisjoint(values)
        ]
        if moved:
            self.env["customer.changed"].sudo()._add(moved)
        return result

    # ------------------------------------------------------------
    # NUMBERS IN ONE FORM
    # ------------------------------------------------------------

    @api.onchange("phone", "country_id", "company_id")
    def _onchange_number_typed(self):
        # Odoo's own, which writes over what was typed, comes after it by its name
        self._tidy_typed("phone")

    @api.onchange("vat", "country_id")
    def _onchange_tidy_tax_code(self):
        self._tidy_typed("vat")

    def _tidy_typed(self, name):
        """Write a number of a form one way: what was typed is read again when the
        country says what it means."""
        number = self[name]
        if not number:
            return
        known = self.numbers_typed or {}
        written, typed = known.get(name) or (None, number)
        if number != written:
            typed = number
        number = TIDY[name](typed, self._get_country_code())
        typed = {**known, name: [number, typed]}
        self.update({name: number, "numbers_typed": typed})

    def _tidy(self, values):
        """Return values with their numbers in one form, if the company wants that.

        :param dict values: for a new record, or for these
        :rtype: dict
        """
        numbers = {name for name in TIDY if isinstance(values.get(name), str)}
        if not numbers or not self.env.company.sudo().has_tidy_customers:
            return values
        countries = self._get_countries_of_numbers(values)
        # of customers of several countries only numbers which say theirs are known
        country = countries.pop() if len(countries) == 1 else ""
        return values | {name: TIDY[name](values[name], country) for name in numbers}

    def _get_countries_of_numbers(self, values):
        """Return the countries of numbers that say none: of a contact that has none
        that of whom it belongs to, whose address it gets.

        :param dict values: for a new record, or for these
        :return: two letters each
        :rtype: set[str]
        """
        if not self and not values.get("country_id"):
            values = self.default_get(["country_id", "parent_id"]) | values
        chosen, parent = (
            self._fields[name].convert_to_cache(values.get(name), self, False)
            for name in ("country_id", "parent_id")
        )
        chosen = chosen or self.browse(parent).sudo().country_id.id
        if self and not chosen:
            return {partner._get_country_code() for partner in self}
        return {self.env["res.company"]._get_country_code(chosen)}

    def _get_country_code(self):
        """Return the country of numbers that say none, as two letters."""
        country = self.country_id or self.parent_id.sudo().country_id
        return country.code or self.env["res.company"]._get_home_code()

    @api.model
    def load(self, fields, data):
        """Import, and tell which of the numbers that came along to look at again.

        :return: as ever, and *warnings*: one text for each such number
        """
        result = super().load(fields, data)
        numbers = [name for name in TIDY if name in fields]
        if numbers and result["ids"]:
            imported = self.browse(result["ids"])
            result["warnings"] = imported._get_number_warnings(numbers)
        return result

    def _get_number_warnings(self, names):
        """Return what is wrong with numbers of customers, and whose they are.

        :param list names: fields of these numbers
        :rtype: list[str]
        """
        matches = self.env["customer.match"]
        return [
            self.env._(
                "%(name)s: %(warning)s", name=partner.complete_name, warning=warning
            )
            for partner in self
            for warning in matches._get_warnings(
                {name: partner[name] for name in names}
                | {"country_id": partner.country_id.id}
            )
        ]

    # ------------------------------------------------------------
    # ENTERED ONCE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        sent = [values[TOLD] for values in vals_list if TOLD in values]
        wanted = [TOLD in values for values in vals_list]
        partners = super().create(
            [self._tidy(self._without_told(values)) for values in vals_list]
        )
        if partners._is_guarded():
            self.env["customer.match"]._guard(partners)
        elif sent and partners._is_entered():
            typed = partners.browse(compress(partners.ids, wanted))
            typed._guard_typed(dict(zip(typed.ids, sent, strict=True)))
        return partners

    def write(self, vals):
        told = {} if TOLD not in vals else dict.fromkeys(self.ids, vals[TOLD])
        vals = self._without_told(vals)
        if SOURCES.isdisjoint(vals):
            return super().write(vals)
        matches = self.env["customer.match"]
        is_guarded = self._is_guarded()
        told = told if not is_guarded and told and self._is_entered() else {}
        before = matches._read_known(self) if is_guarded or told else None
        home = self._get_home_to_follow(vals)
        result = super().write(self._tidy(vals))
        if home:
            self.env["res.company"]._follow_home(home)
        if told:
            self._guard_typed(told, before)
        elif before is not None:
            matches._guard(self, before, has_reason="same_customer_reason" in vals)
        return result

    @api.model
    def _find_or_create_from_emails(self, *args, **kwargs):
        """Whoever writes an e-mail is never refused: nobody is asked there why another
        one is entered. The list of duplicates finds those."""
        partners = self.with_context(**NO_CUSTOMER)
        found = super(ResPartner, partners)._find_or_create_from_emails(*args, **kwargs)
        return [partner.with_env(self.env) for partner in found]

    def _guard_typed(self, sent, before=None):
        """Stop forms that save whom they did not show to be there already.

        :param dict sent: what the form of each customer sent, by id
        :param before: as for ``_guard`` of *customer.match*
        """
        matches = self.env["customer.match"]
        told = {partner: matches._read_told(value) for partner, value in sent.items()}
        typed = self.filtered(lambda partner: told[partner.id] is not None)
        if typed:
            matches._guard(typed, before, told)

    @api.model
    def _without_told(self, values):
        """Return values without what only forms send: it is no field of a customer."""
        if TOLD not in values:
            return values
        return {name: value for name, value in values.items() if name != TOLD}

    def _get_home_to_follow(self, vals):
        """Return the country of numbers without one, if these values may change it."""
        companies = self.env["res.company"]
        own = companies._get_own_partner_ids() if "country_id" in vals else frozenset()
        return None if own.isdisjoint(self.ids) else companies._get_home_code()

    @api.model
    def _is_guarded(self):
        """Tell whether somebody enters customers here, each once."""
        return self._is_entered() and (
            self.env.company.sudo().same_customer_action in (REASON, BLOCK)
        )

    @api.model
    def _is_entered(self):
        """Tell whether somebody enters customers here.

        Visitors of a shop and what the system does by itself are never refused: nobody
        is there who could say why.
        """
        return (
            not self.env.su
            and all(
                self.env.context.get(key) is not NO_CUSTOMER[key] for key in NO_CUSTOMER
            )
            and self.env.user._is_internal()
        )
