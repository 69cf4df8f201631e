from odoo import api, fields, models
from odoo.tools import SQL

#: Marks lines that are deleted after somebody was told. The database does it, so that
#: no path passes it by.
DELETED = """
    CREATE OR REPLACE FUNCTION promise_keep_gone() RETURNS trigger AS $$
    BEGIN
        INSERT INTO supply_promise_gone (sale_line_id)
        SELECT line.id
          FROM old_rows line
         WHERE EXISTS (SELECT FROM supply_promise_version version
                        WHERE version.sale_line_id = line.id
                          AND version.told_on IS NOT NULL)
            ON CONFLICT DO NOTHING;
        RETURN NULL;
    END $$ LANGUAGE plpgsql
"""
FUNCTION = "promise_keep_gone"


class SupplyPromiseGone(models.Model):
    """A line of an order that was deleted after the customer was told a day.

    It follows from the history of promises. It is kept, as whoever counts promises
    would else compare all that was ever told with all lines.
    """

    _name = "supply.promise.gone"
    _description = "Promise of a Deleted Line"
    _inherit = ["approval.protected"]
    _rec_name = "sale_line_id"
    _log_access = False

    # a plain number: the line is deleted
    sale_line_id = fields.Integer(string="Order Line", required=True, readonly=True)

    _once = models.UniqueIndex("(sale_line_id)")

    def init(self):
        self.env.cr.execute(
            SQL(
                """
                %s;
                DROP TRIGGER IF EXISTS promise_gone ON sale_order_line;
                CREATE TRIGGER promise_gone
                 AFTER DELETE ON sale_order_line
           REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT
               EXECUTE FUNCTION promise_keep_gone()
                """,
                SQL(DELETED),
            )
        )

    @api.model
    def _fill(self):
        """Mark the lines that were deleted before anybody marked them."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO supply_promise_gone (sale_line_id) %s",
                self._get_unmarked_sql(),
            )
        )

    @api.model
    def _find_unmarked(self, companies):
        """Return the ids of lines that should be marked.

        :param companies: of their promises; nothing: all
        """
        rows = self.env.execute_query(self._get_unmarked_sql(companies))
        return sorted(id_ for (id_,) in rows)

    @api.model
    def _get_unmarked_sql(self, companies=None):
        return SQL(
            """
            SELECT DISTINCT version.sale_line_id
              FROM supply_promise_version version
             WHERE version.told_on IS NOT NULL
               AND version.sale_line_id > 0
               AND %s
               AND NOT EXISTS (SELECT FROM sale_order_line line
                                WHERE line.id = version.sale_line_id)
               AND NOT EXISTS (SELECT FROM supply_promise_gone gone
                                WHERE gone.sale_line_id = version.sale_line_id)
            """,
            SQL("version.company_id = ANY(%s)", companies.ids)
            if companies
            else SQL("TRUE"),
        )
