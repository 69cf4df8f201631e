from odoo import api, fields, models
from odoo.tools import SQL

from ..matching.keys import get_keys, read_entry

#: What keys are made of.
SOURCES = frozenset(
    {
        "name",
        "is_company",
        "phone",
        "email",
        "birthdate_date",
        "vat",
        "street",
        "city",
        "country_id",
    }
)
#: That those from before are looked at: from which customer down the job began. Where
#: it is now says its mark.
FILLED_TO = "customer_base.filled_to"
#: So many at once, each time in a transaction of its own.
BATCH = 2_000


#: What of an entry its name says.
OF_NAME = ("words", "marked", "has_title", "is_company", "is_branch", "name")


def read_known(name, **values):
    """Return an entry of what is known of somebody; see ``read_entry``.

    Words beside a telephone number, of whoever sorts a list of others, are the name of
    who has none; in the address of a customer they are a note: *ask for Hà*.

    :param str name: empty for an address without a name
    :rtype: matching.keys.Entry
    """
    entry = read_entry(name, **values)
    if (name or "").strip() or not entry.words:
        return entry
    nameless = read_entry("", is_company=bool(values.get("is_company")))
    return entry._replace(**{each: getattr(nameless, each) for each in OF_NAME})


class BigInteger(fields.Integer):
    """A whole number of 64 bits."""

    _column_type = ("int8", "int8")


class CustomerKey(models.Model):
    """What customers have in common with others who may be the same: numbers without a
    name in them, found by one index.

    They follow every write of the ORM. Nobody reads or writes them but this model.
    """

    _name = "customer.key"
    _description = "Customer Key"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Char(required=True)
    value = BigInteger(required=True)

    _same_value = models.Index("(value) INCLUDE (partner_id, kind)")

    # ------------------------------------------------------------
    # KEEPING
    # ------------------------------------------------------------

    @api.model
    def _keep_new(self, partners, values_list):
        """Write the keys of customers who were just created, of what the database was
        given: it is not asked for it again.

        That they are to be compared is noted when their company is worked out, which
        is with each creation.

        :param partners: in the order of their values
        :param list values_list: of stored fields, as for ``create``
        """
        entries = map(self._read_values, values_list)
        self.env.cr.execute(
            """
            INSERT INTO customer_key (partner_id, kind, value)
            SELECT * FROM unnest(%s::int4[], %s::text[], %s::int8[])
            """,
            self._get_columns(dict(zip(partners.ids, entries, strict=True))),
        )

    @api.model
    def _keep(self, partner_ids):
        """Write the keys of customers anew, of what the database has of them.

        :param list partner_ids: as they are there, not in the cache only
        """
        columns = self._get_columns(self._read_entries(partner_ids))
        # only what differs: most writes change one of several keys, or none
        self.env.cr.execute(
            """
            WITH changed AS (
                -- each of them is compared, also for what is no key: see there
                INSERT INTO customer_changed (partner) SELECT unnest(%s::int4[])
            ), now AS (
                SELECT *
                  FROM unnest(%s::int4[], %s::text[], %s::int8[])
                       AS row (partner_id, kind, value)
            ), gone AS (
                DELETE FROM customer_key AS key
                 WHERE partner_id = ANY(%s)
                   AND NOT EXISTS (
                       SELECT
                         FROM now
                        WHERE now.partner_id = key.partner_id
                          AND now.kind = key.kind
                          AND now.value = key.value
                   )
            )
            INSERT INTO customer_key (partner_id, kind, value)
            SELECT partner_id, kind, value
              FROM now
             WHERE NOT EXISTS (
                   SELECT
                     FROM customer_key AS key
                    WHERE key.partner_id = now.partner_id
                      AND key.kind = now.kind
                      AND key.value = now.value
             )
            """,
            (list(partner_ids), *columns, list(partner_ids)),
        )

    @api.model
    def _get_columns(self, entries):
        """Return the keys of entries as columns: customers, kinds, values."""
        rows = [
            (partner, kind, value)
            for partner, entry in entries.items()
            for kind, value in get_keys(entry)
        ]
        return [list(column) for column in zip(*rows, strict=True)] or [[], [], []]

    @api.model
    def _read_entries(self, partner_ids):
        """Return what is known of customers, by id, whoever asks: what comes of it is
        shown to those only who may read them.

        :rtype: dict[int, matching.keys.Entry]
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT partner.id, partner.name, partner.is_company, partner.phone,
                       partner.email, partner.vat AS tax_code, partner.street,
                       COALESCE(partner.birthdate_date::text, '') AS birth_date,
                       partner.city, country.code AS country
                  FROM res_partner partner
             LEFT JOIN res_country country ON country.id = partner.country_id
                 WHERE partner.id = ANY(%s)
                """,
                list(partner_ids),
            )
        )
        home = self.env["res.company"]._get_home_code()
        return {
            row.pop("id"): read_known(**{**row, "country": row["country"] or home})
            for row in rows
        }

    @api.model
    def _read_values(self, values):
        """Return what values of a customer say, likewise.

        :param dict values: as for ``create``
        :rtype: matching.keys.Entry
        """
        fields_ = self.env["res.partner"]._fields
        said = {
            name: fields_[name].convert_to_cache(value, self.env["res.partner"])
            for name, value in values.items()
            if name in SOURCES
        }
        country = said.get("country_id")
        birth_date = said.get("birthdate_date")
        return read_known(
            said.get("name"),
            is_company=bool(said.get("is_company")),
            phone=said.get("phone"),
            email=said.get("email"),
            tax_code=said.get("vat"),
            birth_date=str(birth_date) if birth_date else "",
            street=said.get("street"),
            city=said.get("city"),
            country=self.env["res.company"]._get_country_code(country),
        )

    # ------------------------------------------------------------
    # THOSE FROM BEFORE
    # ------------------------------------------------------------

    @api.model
    def _begin_filling(self):
        """Look at all customers, again if need be."""
        self.env.cr.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM res_partner")
        (first,) = self.env.cr.fetchone()
        self.env["ir.config_parameter"].sudo().set_param(FILLED_TO, str(first))
        self.env["customer.mark"].sudo()._set_place(FILLED_TO, first)
        self.env.ref("customer_base.ir_cron_fill").sudo()._trigger()

    @api.model
    def _fill(self, partner_ids):
        """Work out what is kept of customers who were there before; for others to
        extend.

        :param list partner_ids: as they are in the database
        """
        self._keep(partner_ids)

    @api.model
    def _cron_fill(self):
        """Look at customers who were there before, newest first; what was killed goes
        on where it was."""
        parameters = self.env["ir.config_parameter"].sudo()
        marks = self.env["customer.mark"].sudo()
        cron = self.env["ir.cron"]
        going_on = bool(parameters.get_param(FILLED_TO))
        while going_on:
            # read each time: meanwhile somebody may have had it begin anew
            before = marks._get_place(FILLED_TO)
            self.env.cr.execute(
                "SELECT id FROM res_partner WHERE id < %s ORDER BY id DESC LIMIT %s",
                (before, BATCH),
            )
            ids = [partner for (partner,) in self.env.cr.fetchall()]
            if ids:
                self._fill(ids)
            before = min(ids, default=0)
            marks._set_place(FILLED_TO, before)
            if not before:
                # nothing left: the parameter goes
                parameters.set_param(FILLED_TO, False)
            left = cron._commit_progress(len(ids), remaining=int(bool(before)))
            going_on = before and left
