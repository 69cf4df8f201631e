from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..matching.keys import get_keys, read_entry
from ..matching.scoring import POSSIBLE, RELATED, SURE, compare
from ..matching.tax_codes import read_tax_code
from .res_partner import SOURCES

#: A key that more customers share finds too many to tell anything: a hotline, a name
#: that every hundredth has.
COMMON = 50
#: Of those found, so many are compared: who shares most comes first.
CANDIDATES = 40
#: So many are shown: more cannot be read while one types.
MOST = 5
#: Nobody types more into a field.
LONGEST = 500
#: What is asked about, as forms name it, and as ``matching`` does.
FIELDS = {
    "name": "name",
    "phone": "phone",
    "email": "email",
    "vat": "tax_code",
    "street": "street",
    "city": "city",
}
LEVELS = (SURE, POSSIBLE, RELATED)


class CustomerMatch(models.AbstractModel):
    """Who of the customers may be the one that somebody is about to enter."""

    _name = "customer.match"
    _description = "Who Is the Same Customer"

    @api.model
    @api.readonly
    def find(self, values, partner_id=None):
        """Return who may be the same as what stands in a form, likeliest first.

        Only customers whom the user may read are named, and nothing is said of others.

        :param dict values: what is typed: *name*, *phone*, *email*, *vat*, *street*,
            *city*, *is_company*, *country_id*
        :param int partner_id: of the form, which is no duplicate of itself; nor is
            anybody of the same company
        :return: *matches*, each with *id*, *name*, *level* and *reasons* in words, and
            *warnings* of what is typed
        :raises AccessError: for who is no employee
        :rtype: dict
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only employees look for customers."))
        partners = self.env["res.partner"]
        partners.check_access("read")
        values = values if isinstance(values, dict) else {}
        texts = self._clean(values)
        own = partners.browse(self._get_id(partner_id)).exists()
        own = own._filtered_access("read")
        entry = self._read(texts, values)
        # the whole family of the form's own, and whoever stands above it by now
        family = own.commercial_partner_id | partners.browse(
            self._get_id(values.get("parent_id"))
        )
        found = self._match(entry, own, family)
        readable = partners.browse(found)._filtered_access("read")[:MOST]
        readable.fetch(["complete_name", "active"])
        return {
            "matches": [
                self._describe(partner, found[partner.id]) for partner in readable
            ],
            "warnings": self._get_warnings(texts),
        }

    @api.model
    def _clean(self, values):
        """Return what is text of what was sent, cut where nobody types more."""
        return {
            ours: values[name].replace("\0", "")[:LONGEST]
            for name, ours in FIELDS.items()
            if isinstance(values.get(name), str)
        }

    @api.model
    def _get_id(self, value):
        """Return the id of a many-to-one field, in any way that a form says it."""
        if isinstance(value, dict):
            value = value.get("id")
        if isinstance(value, list | tuple):
            value = value[0] if value else None
        is_id = isinstance(value, int) and not isinstance(value, bool) and value > 0
        return value if is_id else None

    @api.model
    def _read(self, texts, values):
        country = self.env["res.country"].browse(self._get_id(values.get("country_id")))
        return read_entry(
            **texts,
            is_company=bool(values.get("is_company")),
            country=country.exists().code or self.env["customer.key"]._get_home(),
        )

    @api.model
    def _match(self, entry, own, family):
        """Return who may be the same, likeliest first.

        :rtype: dict[int, matching.scoring.Match]
        """
        shared = self._look_up(get_keys(entry), own, family)
        entries = self.env["customer.key"]._read_entries(shared)
        matches = {
            partner: compare(entry, other, shared[partner])
            for partner, other in entries.items()
        }
        return dict(
            sorted(
                ((partner, match) for partner, match in matches.items() if match),
                key=lambda item: (LEVELS.index(item[1].level), -item[1].bits, item[0]),
            )
        )

    @api.model
    def _look_up(self, keys, own, family):
        """Return who shares keys, and how many customers share these, by kind.

        :rtype: dict[int, dict[str, int]]
        """
        if not keys:
            return {}
        # keys follow what is written to the database
        self.env["res.partner"].flush_model([*SOURCES, "commercial_partner_id"])
        kinds, values = zip(*sorted(keys), strict=True)
        rows = self.env.execute_query(
            SQL(
                """
                WITH shared AS (
                    SELECT key.partner_id, key.kind,
                           COUNT(*) OVER (PARTITION BY wanted.value) AS number
                      FROM unnest(%(kinds)s::text[], %(values)s::int8[])
                           AS wanted (kind, value)
                CROSS JOIN LATERAL (
                           SELECT partner_id, kind
                             FROM customer_key
                            WHERE value = wanted.value
                            LIMIT %(most)s
                           ) AS key
                     WHERE key.kind = wanted.kind
                )
                SELECT shared.partner_id, jsonb_object_agg(shared.kind, shared.number)
                  FROM (
                        SELECT partner_id, kind, MIN(number) AS number
                          FROM shared
                         WHERE number <= %(common)s
                      GROUP BY partner_id, kind
                       ) AS shared
                  JOIN res_partner partner ON partner.id = shared.partner_id
                 WHERE partner.id != ALL(%(own)s)
                   AND (partner.commercial_partner_id IS NULL
                        OR partner.commercial_partner_id != ALL(%(family)s))
              GROUP BY shared.partner_id
              ORDER BY SUM(1.0 / shared.number) DESC, shared.partner_id
                 LIMIT %(candidates)s
                """,
                kinds=list(kinds),
                values=list(values),
                most=COMMON + 1,
                common=COMMON,
                own=own.ids,
                family=family.ids,
                candidates=CANDIDATES,
            )
        )
        return dict(rows)

    # ------------------------------------------------------------
    # IN WORDS
    # ------------------------------------------------------------

    @api.model
    def _describe(self, partner, match):
        said = {
            "tax": self.env._("same tax code"),
            "email": self.env._("same e-mail"),
            "phone": self.env._("same telephone"),
            "name": self.env._("same or similar name"),
        }
        reasons = [said[kind] for kind in match.reasons if kind in said]
        return {
            "id": partner.id,
            "name": partner.complete_name or "",
            "level": match.level,
            "is_archived": not partner.active,
            "reasons": ", ".join(reasons),
        }

    @api.model
    def _get_warnings(self, texts):
        code = read_tax_code(texts.get("tax_code", ""))
        if code and code.is_wrong:
            return [
                self.env._(
                    "The check digit of the tax code %s is wrong: please look again.",
                    code.text,
                )
            ]
        return []
