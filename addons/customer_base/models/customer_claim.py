from odoo import api, fields, models

from ..matching.keys import EMAIL, PHONE, TAX
from .customer_key import BigInteger

#: What tells one customer from all others.
STRONG = frozenset({TAX, EMAIL, PHONE})
#: A claim does its work within its transaction: what is left of it is of no use.
DAYS = 1


class CustomerClaim(models.Model):
    """Numbers of customers that are being entered just now, so that two clerks who
    enter the same customer at the same moment do not both miss what the other does.

    Who comes second waits for the first one's row. Once that is committed, PostgreSQL
    refuses the second ("could not serialize"), Odoo begins the request again, and that
    finds the customer. A lock without a row would not do: the second's picture of the
    database is older than the first's customer.
    """

    _name = "customer.claim"
    _description = "Customer Being Entered"
    _log_access = False

    value = BigInteger(required=True)
    moment = fields.Datetime(required=True)

    _value_unique = models.Constraint("UNIQUE (value)", "A number is claimed once.")

    @api.model
    def _claim(self, keys):
        """Claim what is strong of these keys until the end of the transaction.

        :param keys: pairs of kind and value, see ``matching.keys.get_keys``
        :raises psycopg2.errors.SerializationFailure: when somebody else was quicker
        """
        # always in the same order, so that nobody waits for somebody who waits
        values = sorted({value for kind, value in keys if kind in STRONG})
        if values:
            self.env.cr.execute(
                """
                INSERT INTO customer_claim (value, moment)
                SELECT value, NOW() AT TIME ZONE 'UTC'
                  FROM unnest(%s::int8[]) AS value
                    ON CONFLICT (value) DO UPDATE SET moment = EXCLUDED.moment
                """,
                (values,),
            )

    @api.autovacuum
    def _gc_claims(self):
        self.env.cr.execute(
            """
            DELETE FROM customer_claim
             WHERE moment < NOW() AT TIME ZONE 'UTC' - %s * INTERVAL '1 day'
            """,
            (DAYS,),
        )
