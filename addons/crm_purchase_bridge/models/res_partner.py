from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, create_index, escape_psql, make_identifier

from ..plain_text import ACCENTED, PLAIN, get_needles, without_accents

#: What is compared, as indexes and searches say it: else the indexes are not used.
DIGITS = "regexp_replace({}, '[^0-9]', '', 'g')"
NAME = f"lower(translate({{}}, '{ACCENTED}', '{PLAIN}'))"
#: A word with fewer letters has no part that the index knows.
SHORTEST = 3


class ResPartner(models.Model):
    """Customers found by what one hears on the telephone."""

    _inherit = "res.partner"

    def init(self):
        super().init()
        if not self.env.registry.has_trigram:
            return  # they are found all the same, only slower
        for column, expression in (("phone", DIGITS), ("complete_name", NAME)):
            create_index(
                self.env.cr,
                indexname=make_identifier(f"{self._table}_{column}_caller_index"),
                tablename=self._table,
                method="gin",
                expressions=[f"({expression.format(column)}) gin_trgm_ops"],
                where=f"{column} IS NOT NULL",
            )

    @api.model
    def _get_phone_domain(self, text):
        """Return whose number has these digits, however it is written.

        :return: nobody, if this is no number
        :rtype: Domain
        """
        code = self.env.company.country_id.phone_code
        needles = get_needles(text, str(code or ""))
        return Domain.OR(
            self._get_like_domain("phone", DIGITS, needle) for needle in needles
        )

    @api.model
    def _get_plain_name_domain(self, text):
        """Return whose name has all these words, with or without their accents."""
        words = without_accents(text).split()
        if not any(len(word) >= SHORTEST for word in words):
            words = [" ".join(words)]
        if not words or len(words[0]) < 2:
            return Domain.FALSE
        return Domain.AND(
            self._get_like_domain("complete_name", NAME, word) for word in words
        )

    @api.model
    def _get_like_domain(self, field, expression, needle):
        pattern = f"%{escape_psql(needle)}%"

        def to_sql(records, alias, query):
            column = records._field_to_sql(alias, field, query)
            before, after = expression.split("{}")
            return SQL(
                "(%s IS NOT NULL AND %s%s%s LIKE %s)",
                column,
                SQL(before),
                column,
                SQL(after),
                pattern,
            )

        return Domain.custom(to_sql=to_sql)
