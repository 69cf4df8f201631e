from odoo import api, fields, models


class CustomerChanged(models.Model):
    """Customers that were written, until a job has compared them with others.

    A row is there when its transaction is committed, however long that took: nobody is
    passed over, as by a date of writing. There is one for each write, as one that is
    shared could be taken away by a job which has not seen the second write.
    """

    _name = "customer.changed"
    _description = "Customer to Compare"
    _log_access = False

    # no foreign key: a million customers are written without looking at any
    partner = fields.Integer(required=True)

    @api.model
    def _add(self, partner_ids):
        """Have customers compared.

        :param list partner_ids: of customers
        """
        self.env.cr.execute(
            "INSERT INTO customer_changed (partner) SELECT unnest(%s::int4[])",
            (list(partner_ids),),
        )

    @api.model
    def _take(self, most):
        """Take away the rows that wait longest.

        :param int most: so many rows
        :return: how many rows there were, and the customers they name
        :rtype: tuple[int, list[int]]
        """
        self.env.cr.execute(
            """
            DELETE FROM customer_changed
             WHERE id IN (SELECT id FROM customer_changed ORDER BY id LIMIT %s)
         RETURNING partner
            """,
            (most,),
        )
        rows = self.env.cr.fetchall()
        return len(rows), sorted({partner for (partner,) in rows})
