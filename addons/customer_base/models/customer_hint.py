from odoo import api, fields, models

from .customer_claim import STRONG
from .customer_key import BigInteger

#: So many different numbers a day tell somebody that a colleague has this customer: who
#: tries more goes through a list of telephones.
MOST_A_DAY = 50


class CustomerHint(models.Model):
    """What somebody was told of customers whom they may not see: that there is one with
    this number, and no more. Kept for a day, to count it."""

    _name = "customer.hint"
    _description = "Hint at a Customer"
    _log_access = False

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    day = fields.Date(required=True)
    value = BigInteger(required=True)

    _value_unique = models.UniqueIndex("(user_id, day, value)")

    @api.model
    def _may_tell(self, keys):
        """Tell whether the user may be told of these keys today, and count them.

        It is counted in a transaction of its own: what is told by refusing to save is
        rolled back, the hint is not.

        :param keys: pairs of kind and value, see ``matching.keys.get_keys``
        """
        values = {value for kind, value in keys if kind in STRONG}
        if not values:
            return False
        user, day = self.env.uid, fields.Date.today()
        with self.env.registry.cursor() as cr:
            # before anything is read: whoever asks at the same moment waits, and sees
            # what was counted here
            cr.execute("LOCK TABLE customer_hint IN SHARE ROW EXCLUSIVE MODE")
            cr.execute(
                "SELECT value FROM customer_hint WHERE user_id = %s AND day = %s",
                (user, day),
            )
            told = {value for (value,) in cr.fetchall()}
            news = values - told
            if len(told) + len(news) > MOST_A_DAY:
                return not news
            if news:
                cr.execute(
                    """
                    INSERT INTO customer_hint (user_id, day, value)
                    SELECT %s, %s, unnest(%s::int8[])
                    """,
                    (user, day, list(news)),
                )
        return True

    @api.model
    def _is_used_up(self, keys):
        """Tell whether the user can be told nothing of these keys today, without
        counting anything.

        :param keys: as for ``_may_tell``
        """
        values = [value for kind, value in keys if kind in STRONG]
        self.env.cr.execute(
            """
            SELECT COUNT(*) >= %s AND NOT COALESCE(BOOL_OR(value = ANY(%s)), FALSE)
              FROM customer_hint
             WHERE user_id = %s AND day = %s
            """,
            (MOST_A_DAY, values, self.env.uid, fields.Date.today()),
        )
        return self.env.cr.fetchone()[0]

    @api.autovacuum
    def _gc_hints(self):
        self.env.cr.execute(
            "DELETE FROM customer_hint WHERE day < %s", (fields.Date.today(),)
        )
