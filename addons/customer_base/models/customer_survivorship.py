from datetime import datetime

import phonenumbers

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize, groupby, html2plaintext

from ..matching.tax_codes import read_tax_code
from ..merging.survivorship import Candidate, choose

#: Where a customer is, which is one value: the street of one and the city of another
#: is nowhere.
ADDRESS = ("street", "street2", "zip", "city", "state_id", "country_id")
ADDRESS_ROW, PICTURE_ROW = "address", "image_1920"
#: Said first, in this order; the rest by its label.
FIRST = ("name", "is_company", "vat", "phone", "email", ADDRESS_ROW, "user_id")
#: What the merge decides itself, and what is no value of a customer.
LEFT = frozenset(
    {
        "active",
        "calendar_last_notif_ack",
        "color",
        "company_id",
        "create_date",
        "create_uid",
        "id",
        "message_bounce",
        "partner_latitude",
        "partner_longitude",
        "write_date",
        "write_uid",
    }
)
#: What is known of a value, and goes where that goes: how often mails came back.
BESIDE = {ADDRESS_ROW: ADDRESS, "email": ("email", "message_bounce")}
#: Each says as much as another.
CODES = frozenset({"email", "phone", "vat"})
COPIED = frozenset({"binary", "image", "one2many", "many2many", "properties"})


class CustomerSurvivorship(models.AbstractModel):
    """Which values a merged customer keeps: verified before newest before fullest."""

    _name = "customer.survivorship"
    _description = "Values of a Merged Customer"

    # ------------------------------------------------------------
    # SIDE BY SIDE
    # ------------------------------------------------------------

    @api.model
    def _compare(self, partners, survivor):
        """Return what differs between customers, a row for each value.

        :return: rows with *name*, *label*, *chosen* (id of a customer) and *cells*,
            each with *partner*, *text* and *isVerified*
        :rtype: list[dict]
        """
        rows = []
        for name, candidates in self._get_rows(partners, survivor).items():
            chosen = choose(candidates)
            rows.append(
                {
                    "name": name,
                    "label": self._get_label(name),
                    "chosen": chosen.holder if chosen else survivor.id,
                    "cells": [
                        {
                            "partner": each.holder,
                            "text": self._get_text(partners.browse(each.holder), name),
                            "isVerified": each.is_verified,
                        }
                        for each in candidates
                    ],
                }
            )
        return rows

    @api.model
    def _choose(self, partners, survivor, choices=None):
        """Return what is given to the survivor.

        :param partners: all of them, as the system
        :param dict choices: a customer's id by the name of a row
        :return: *written*, by field; *filled*, by column of JSON the customers in whose
            order it is filled; *picture*, the source whose picture stays, or nothing
        """
        choices = {
            name: holder
            for name, holder in (choices or {}).items()
            if holder in partners.ids
        }
        order = [survivor.id, *(partners - survivor).ids]
        written, filled, picture = {}, {}, None
        for name, candidates in self._get_rows(partners, survivor).items():
            chosen = choose(candidates)
            holder = choices.get(name, chosen.holder if chosen else survivor.id)
            field = partners._fields.get(name)
            if name == PICTURE_ROW:
                picture = holder if holder != survivor.id else None
            elif field and self._is_json(field):
                filled[name] = [holder, *(each for each in order if each != holder)]
            elif holder != survivor.id:
                source = partners.browse(holder)
                for each in BESIDE.get(name, (name,)):
                    value = source._fields[each].convert_to_write(source[each], source)
                    written[each] = value
        of_company = self._get_names_of_company(survivor)
        for name, field in partners._fields.items():
            if self._is_json(field) and field.store and name not in of_company:
                filled.setdefault(name, order)
        return {"written": written, "filled": filled, "picture": picture}

    @api.model
    def _is_json(self, field):
        return field.company_dependent or field.translate or field.type == "properties"

    # ------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------

    @api.model
    def _get_rows(self, partners, survivor):
        """Return the candidates of each value that differs, the survivor's first."""
        ordered = survivor | partners
        names = self._get_names(partners, survivor)
        since = self._get_since(partners)
        defaults = partners.default_get(names)
        rows = {}
        if not self._has_address_of_parent(survivor) and (
            row := self._get_address_row(ordered, since)
        ):
            rows[ADDRESS_ROW] = row
        for name in names:
            field = partners._fields[name]
            values = [partner[name] for partner in ordered]
            if all(value == values[0] for value in values):
                continue
            rows[name] = [
                Candidate(
                    partner.id,
                    value,
                    self._is_verified(partner, name),
                    since[partner.id].get(name) or since[partner.id][""],
                    self._get_fullness(field, value, defaults.get(name)),
                )
                for partner, value in zip(ordered, values, strict=True)
            ]
        return dict(sorted(rows.items(), key=lambda row: self._get_order(row[0])))

    @api.model
    def _get_names(self, partners, survivor):
        """Return the fields that a customer keeps one value of."""
        summed = self.env["base.partner.merge.automatic.wizard"]._get_summable_fields()
        of_company = self._get_names_of_company(survivor)
        return [
            name
            for name, field in partners._fields.items()
            if name == PICTURE_ROW
            or (
                field.store
                and name not in LEFT
                and name not in ADDRESS
                and name not in summed
                and name not in of_company
                and field.type not in COPIED
                # worked out, or stamped: nobody enters it
                and not field.readonly
                # what only administrators see is no value of a customer
                and "base.group_system" not in (field.groups or "")
                and "base.group_erp_manager" not in (field.groups or "")
            )
        ]

    @api.model
    def _get_names_of_company(self, survivor):
        """Return what a contact has of its company, whoever else it was: chosen for
        the contact, it would be written to the company as well."""
        is_contact = survivor.commercial_partner_id != survivor
        return set(survivor._commercial_fields()) if is_contact else set()

    @api.model
    def _has_address_of_parent(self, survivor):
        return survivor.parent_id and survivor.type == "contact"

    @api.model
    def _get_address_row(self, ordered, since):
        values = [tuple(partner[name] for name in ADDRESS) for partner in ordered]
        if len(set(values)) < 2:
            return []
        return [
            Candidate(
                partner.id,
                value,
                False,
                max(
                    (
                        since[partner.id][name]
                        for name in ADDRESS
                        if name in since[partner.id]
                    ),
                    default=since[partner.id][""],
                ),
                # a country alone is where everybody is
                sum(map(bool, value)) if any(value[:4]) else 0,
            )
            for partner, value in zip(ordered, values, strict=True)
        ]

    @api.model
    def _get_since(self, partners):
        """Return when values were entered, by customer and field, where that was
        tracked; under an empty name when the customer was last written."""
        self.env["mail.tracking.value"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT message.res_id, field.name, MAX(message.date)
                  FROM mail_tracking_value tracked
                  JOIN mail_message message ON message.id = tracked.mail_message_id
                  JOIN ir_model_fields field ON field.id = tracked.field_id
                 WHERE message.model = %s
                   AND message.res_id = ANY(%s)
              GROUP BY message.res_id, field.name
                """,
                partners._name,
                partners.ids,
            )
        )
        since = {
            partner.id: {"": partner.write_date or datetime.min} for partner in partners
        }
        for partner, tracked in groupby(rows, key=lambda row: row[0]):
            since[partner].update((name, date) for _partner, name, date in tracked)
        return since

    @api.model
    def _is_verified(self, partner, name):
        """Whether something outside vouches for a value: a check digit, a plan of
        numbers."""
        value = partner[name]
        if not value:
            return False
        country = partner.country_id.code or self.env["res.company"]._get_home_code()
        if name == "vat":
            code = read_tax_code(value, country)
            return bool(code) and code.kind != "other" and not code.is_wrong
        if name == "phone":
            try:
                number = phonenumbers.parse(value, country)
            except phonenumbers.NumberParseException:
                return False
            return phonenumbers.is_valid_number(number)
        if name == "email":
            return bool(email_normalize(value))
        return False

    @api.model
    def _get_fullness(self, field, value, default):
        if not value:
            return 0
        if default and field.convert_to_write(value, self) == default:
            # nobody chose it
            return 0
        # a telephone says no more with more blanks
        is_text = isinstance(value, str) and field.name not in CODES
        return len(value) if is_text else 1

    # ------------------------------------------------------------
    # IN WORDS
    # ------------------------------------------------------------

    @api.model
    def _get_label(self, name):
        if name == ADDRESS_ROW:
            return self.env._("Address")
        return self.env["res.partner"]._fields[name]._description_string(self.env)

    @api.model
    def _get_order(self, name):
        if name in FIRST:
            return FIRST.index(name), ""
        return len(FIRST), self._get_label(name) or name

    @api.model
    def _get_text(self, partner, name):
        if name == ADDRESS_ROW:
            lines = partner._display_address(without_company=True).splitlines()
            return "\n".join(line for line in lines if line.strip())
        field, value = partner._fields[name], partner[name]
        if name == PICTURE_ROW:
            return self.env._("Picture") if value else ""
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value) or ""
        if field.type == "html":
            return html2plaintext(value or "")
        if field.type in ("date", "datetime"):
            return fields.Date.to_string(value) or ""
        if field.relational:
            return value.display_name or ""
        return str(value) if value else ""
