from odoo import api, fields, models


class CustomerMark(models.Model):
    """Where jobs that walk through all customers are, so that what was killed goes on
    there.

    Odoo's parameters would empty the caches of all workers after each batch.
    """

    _name = "customer.mark"
    _description = "Where a Job Is"
    _log_access = False

    name = fields.Char(required=True)
    place = fields.Integer(required=True)

    _name_once = models.UniqueIndex("(name)")

    @api.model
    def _get_place(self, name):
        """Return down to which customer a job has come.

        :param str name: of the job's mark, and of the parameter that says that it runs
        :rtype: int
        """
        self.env.cr.execute("SELECT place FROM customer_mark WHERE name = %s", (name,))
        if row := self.env.cr.fetchone():
            return row[0]
        # an earlier version had it there, and may have been updated in the middle
        return int(self.env["ir.config_parameter"].sudo().get_param(name) or 0)

    @api.model
    def _set_place(self, name, place):
        """Remember where a job is. Two who do so at once do not both succeed, so that a
        job which begins anew is not overwritten by the batch that runs.

        :param str name: of the job's mark
        :param int place: the last customer it looked at; 0 when all is done
        """
        self.env.cr.execute(
            """
            INSERT INTO customer_mark (name, place) VALUES (%s, %s)
                ON CONFLICT (name) DO UPDATE SET place = excluded.place
            """,
            (name, place),
        )
