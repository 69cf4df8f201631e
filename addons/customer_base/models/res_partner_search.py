import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, create_index, escape_psql, make_identifier
from odoo.tools.sql import column_exists, create_column

from ..matching.finding import get_text, read_query
from ..matching.keys import get_keys, read_entry
from ..matching.variants import read_variants
from .customer_claim import STRONG
from .customer_key import FILLED_TO

#: Of those found in the same way, so many are looked at for the best of them: putting
#: all of a hundred thousand in order would cost more than finding them.
CANDIDATES = 50
LETTER = re.compile(r"[^\W\d_]")
#: Nobody types more to find somebody.
LONGEST = 200
#: A word with fewer letters has no part that the index knows.
SHORTEST = 3
#: Where Odoo looks for a name, so that all whom it finds are found.
SEARCHED = ("complete_name", "email", "vat", "ref", "company_registry")
#: What the name that is shown is made of, and what the best are chosen by: all fields
#: of fifty would take longer than finding them.
SHOWN = (
    "complete_name",
    "name",
    "search_text",
    "parent_id",
    "company_name",
    "commercial_company_name",
    "is_company",
    "type",
)
#: All words by which somebody is found.
WORDS = "string_to_array({}, ' ')"
#: Orders that have this number.
MOST_ORDERS = 5


class ResPartner(models.Model):
    """Customers found by what one has of them: any part of the name without marks, a
    telephone number in any notation, a tax code, the number of an order."""

    _inherit = "res.partner"

    search_text = fields.Char(
        compute="_compute_search_text", store=True, groups="base.group_user"
    )

    def _auto_init(self):
        # those from before are worked out by a job: a million would take too long here
        if not column_exists(self.env.cr, self._table, "search_text"):
            create_column(self.env.cr, self._table, "search_text", "varchar")
        return super()._auto_init()

    def init(self):
        result = super().init()
        indexes = [
            ("search_text_begin", "btree", "search_text text_pattern_ops"),
            # one entry a word: of two common words it finds who has both in a third of
            # the time that their letters by threes take
            ("search_text_words", "gin", WORDS.format("search_text")),
        ]
        if self.env.registry.has_trigram:
            indexes.append(("search_text", "gin", "search_text gin_trgm_ops"))
        for name, method, expression in indexes:
            create_index(
                self.env.cr,
                indexname=make_identifier(f"{self._table}_{name}_index"),
                tablename=self._table,
                method=method,
                expressions=[expression],
            )
        return result

    @api.depends("name", "phone", "country_id", *SEARCHED)
    def _compute_search_text(self):
        companies = self.env["res.company"]
        for partner in self:
            partner.search_text = get_text(
                partner.name or "",
                [partner[name] or "" for name in SEARCHED],
                partner.phone or "",
                companies._get_country_code(partner.country_id.id),
            )

    @api.model
    def _keep_search_text(self, partner_ids):
        """Work out what customers from before are found by, of what the database has.

        The ORM would take a minute for what takes a second.
        """
        home = self.env["res.company"]._get_home_code()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.id, partner.name, partner.phone, country.code, %s
                  FROM res_partner partner
             LEFT JOIN res_country country ON country.id = partner.country_id
                 WHERE partner.id = ANY(%s)
                """,
                SQL(", ").join(SQL.identifier("partner", name) for name in SEARCHED),
                list(partner_ids),
            )
        )
        texts = [
            get_text(name or "", also, phone or "", country or home)
            for _id, name, phone, country, *also in rows
        ]
        self.env.cr.execute(
            """
            UPDATE res_partner AS partner
               SET search_text = row.text
              FROM unnest(%s::int4[], %s::text[]) AS row (id, text)
             WHERE partner.id = row.id
               AND partner.search_text IS DISTINCT FROM row.text
            """,
            ([row[0] for row in rows], texts),
        )
        self.browse(partner_ids).invalidate_recordset(["search_text"])

    # ------------------------------------------------------------
    # FINDING
    # ------------------------------------------------------------

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        name = self._clean_search(name)
        query = self._read_query(name, operator)
        if not query or not limit:
            return super().name_search(name, domain, operator, limit)
        found = self._find_best(name, query, Domain(domain or Domain.TRUE), limit)
        return [(partner.id, partner.display_name) for partner in found.sudo()]

    def _search_display_name(self, operator, value):
        value = self._clean_search(value)
        query = self._read_query(value, operator)
        if not query:
            return super()._search_display_name(operator, value)
        domain = self._get_text_domain(query) | Domain.OR(
            self._get_variant_domain(variant)
            for variant in self._read_variants(value, query)
        )
        if orders := self._get_customers_of_orders(value):
            domain |= Domain("id", "in", orders)
        if not self._is_filled():
            # a sign of patterns is a letter like others here
            plain = escape_psql(value)
            domain |= Domain(super()._search_display_name(operator, plain))
        return domain

    @api.model
    def _clean_search(self, text):
        """Return what the database takes of a text, cut where nobody types more."""
        is_text = isinstance(text, str)
        return text.replace("\0", "")[:LONGEST] if is_text else text

    @api.model
    def _read_query(self, text, operator):
        """Return what was typed, if it is for us to find it, else nothing."""
        if operator != "ilike" or not isinstance(text, str):
            return None
        if not (self.env.su or self.env.user._is_internal()):
            return None
        return read_query(text, self.env["res.company"]._get_home_code())

    @api.model
    def _read_variants(self, text, query):
        home = self.env["res.company"]._get_home_code()
        return read_variants(text, query, home)

    @api.model
    def _is_filled(self):
        """Tell whether customers from before are all looked at."""
        return not self.env["ir.config_parameter"].sudo().get_param(FILLED_TO)

    @api.model
    def _find_best(self, text, query, domain, limit):
        """Return customers: who has the very telephone, address or tax code, and nobody
        else; or those first who have the very reference or order, then whose name
        begins so, then with these very words, then with words that begin so, then
        whose name begins as another way to write it, then all others; who bought
        before, before who did not.
        """
        found = self.browse()
        if numbered := self._get_by_numbers(text):
            found = self._take_best(domain & Domain("id", "in", numbered), limit)
        if found:
            return found[:limit]  # whoever types a whole number wants nobody else
        # a reference, or an order's, may be a word that others are called by
        if named := self._get_by_references(text) + self._get_customers_of_orders(text):
            found = self._take_best(domain & Domain("id", "in", named), limit)
        if query.words and len(found) < limit:
            beginning = self._get_like_text_domain(f" {' '.join(query.words)}%")
            found |= self._take_best(
                domain & Domain("id", "not in", found.ids) & beginning, limit
            )
            if len(found) < limit and len(query.words) > 1:
                found |= self._take_best(
                    domain
                    & Domain("id", "not in", found.ids)
                    & self._get_whole_words_domain(query.words),
                    limit,
                )
            if len(found) < limit and self._has_short_word(query):
                found |= self._take_best(
                    domain
                    & Domain("id", "not in", found.ids)
                    & self._get_text_domain(query, begins=True),
                    limit,
                    query.words,
                )
        variants = self._read_variants(text, query) if len(found) < limit else ()
        if variants:
            found |= self._take_best(
                domain
                & Domain("id", "not in", found.ids)
                & Domain.OR(
                    self._get_like_text_domain(f" {' '.join(variant.written)}%")
                    for variant in variants
                ),
                limit,
            )
        if len(found) < limit:
            others = domain & Domain("id", "not in", found.ids)
            others &= Domain("display_name", "ilike", text)
            found |= self._take_best(others, limit, query.words)
        return found[:limit]

    @api.model
    def _has_short_word(self, query):
        """Tell whether a word of two letters is looked for that the index only knows
        where it begins a word, and hardly another word beside it."""
        long = [word for word in query.words if len(word) >= SHORTEST]
        return len(long) < 2 and any(len(word) == 2 for word in query.words)

    @api.model
    def _take_best(self, domain, limit, words=()):
        found = self._search(domain, limit=max(limit, CANDIDATES))
        partners = self.browse(found.get_result_ids())
        has_rank = "customer_rank" in self._fields  # comes with invoices
        partners.fetch([*SHOWN, *["customer_rank"] * has_rank])
        return partners.sorted(
            lambda partner: (
                -sum(f" {word}" in (partner.search_text or "") for word in words),
                -partner.customer_rank if has_rank else 0,
                # whoever is called by a number only is nobody yet
                not LETTER.search(partner.complete_name or ""),
                partner.complete_name or "",
                partner.id,
            )
        )

    @api.model
    def _get_by_numbers(self, text):
        """Return the customers with this whole number or address."""
        entry = read_entry(
            phone=text,
            email=text,
            tax_code=text,
            country=self.env["res.company"]._get_home_code(),
        )
        keys = [key for key in get_keys(entry) if key[0] in STRONG]
        found = self.env["customer.match"]._get_with_keys(keys) if keys else []
        # the number of a customer who was merged is that of who stayed
        survivors = self.browse(found)._get_survivors() if found else {}
        return [survivors.get(partner, partner) for partner in found]

    @api.model
    def _get_by_references(self, text):
        """Return the customers with this very reference."""
        named = self._search(Domain("ref", "=", text.strip()), limit=CANDIDATES)
        return list(named.get_result_ids())

    @api.model
    def _get_customers_of_orders(self, text):
        """Return the customers of orders with this number, of those one may read."""
        orders = self.env["sale.order"]
        if not re.search(r"\d", text) or not orders.has_access("read"):
            return []
        found = orders.search(
            Domain("name", "=ilike", escape_psql(text.strip())), limit=MOST_ORDERS
        )
        return found.partner_id.ids

    @api.model
    def _get_text_domain(self, query, begins=False):
        """Return whose text has all words, or the number.

        The index knows letters by threes. What is shorter is looked for in those whom
        it finds by the longer words.

        :param query: as from ``read_query``
        :param bool begins: words of two letters begin a word; they need not
        """
        domain = Domain.FALSE
        if query.words:
            domain |= self._get_words_domain(query.words, begins)
        if query.digits:
            domain |= self._get_like_text_domain(f"%{query.digits}%")
        return domain

    @api.model
    def _get_words_domain(self, words, begins):
        long = [word for word in words if len(word) >= SHORTEST]
        short = [word for word in words if len(word) < SHORTEST]
        # of two long words few enough have both
        helps = begins and len(long) < 2
        domain = Domain.AND(
            # of a single letter only what it begins means something
            self._get_like_text_domain(
                f"% {word}%" if begins or len(word) == 1 else f"%{word}%",
                by_index=helps and len(word) > 1,
            )
            for word in short
        )
        if any(len(word) == 1 for word in short):
            # a piece that goes from one word into the next
            domain |= self._get_like_text_domain(
                f"%{' '.join(words)}%", by_index=not long
            )
        return domain & Domain.AND(
            self._get_like_text_domain(f"%{word}%") for word in long
        )

    @api.model
    def _get_variant_domain(self, variant):
        """Return who has what was typed in another way.

        :param variant: as from ``read_variants``
        """
        domain = self._get_words_domain(variant.parts, begins=False)
        if variant.whole:
            domain &= self._get_whole_words_domain(variant.whole)
        return domain

    @api.model
    def _get_whole_words_domain(self, words):
        """Return whose text has all of these words, none of them within another."""

        def to_sql(partners, alias, query):
            column = partners.sudo()._field_to_sql(alias, "search_text", query)
            return SQL(f"{WORDS.format('%s')} @> %s::text[]", column, list(words))

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _get_like_text_domain(self, pattern, by_index=True):
        """Return whose text is like a pattern of letters, figures and blanks.

        :param bool by_index: whether an index helps to find it
        """

        def to_sql(partners, alias, query):
            column = partners.sudo()._field_to_sql(alias, "search_text", query)
            return SQL(
                "%s LIKE %s" if by_index else "(%s || '') LIKE %s", column, pattern
            )

        return Domain.custom(to_sql=to_sql)


class CustomerKey(models.Model):
    """Whoever was there before is found as the others are."""

    _inherit = "customer.key"

    @api.model
    def _fill(self, partner_ids):
        result = super()._fill(partner_ids)
        self.env["res.partner"]._keep_search_text(partner_ids)
        return result
