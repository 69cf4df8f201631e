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
        """Tell whether the user may be told of these keys today.

        :param keys: pairs of kind and value, see ``matching.keys.get_keys``
        """
        strong = [value for kind, value in keys if kind in STRONG]
        if not strong:
            return False
        day = fields.Date.today()
        self.env.cr.execute(
            """
            INSERT INTO customer_hint (user_id, day, value)
            SELECT %(user)s, %(day)s, %(value)s
             WHERE (SELECT COUNT(*) FROM customer_hint
                     WHERE user_id = %(user)s AND day = %(day)s) < %(most)s
                ON CONFLICT DO NOTHING
            """,
            {
                "user": self.env.uid,
                "day": day,
                "value": min(strong),
                "most": MOST_A_DAY,
            },
        )
        self.env.cr.execute(
            "SELECT FROM customer_hint WHERE user_id = %s AND day = %s AND value = %s",
            (self.env.uid, day, min(strong)),
        )
        return bool(self.env.cr.rowcount)

    @api.autovacuum
    def _gc_hints(self):
        self.env.cr.execute(
            "DELETE FROM customer_hint WHERE day < %s", (fields.Date.today(),)
        )
