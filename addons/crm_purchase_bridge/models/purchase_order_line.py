from odoo import fields, models
from odoo.tools import SQL

#: Keeps what was expected as an order was confirmed. The database does it: it costs
#: the confirmation no statement, and no path passes it by.
ORDERED = """
    CREATE OR REPLACE FUNCTION promise_keep_arrivals() RETURNS trigger AS $$
    BEGIN
        UPDATE purchase_order_line
           SET confirmed_arrival = date_planned
         WHERE order_id = NEW.id;
        RETURN NULL;
    END $$ LANGUAGE plpgsql
"""
#: The same for lines that are added to a confirmed order.
ADDED = """
    CREATE OR REPLACE FUNCTION promise_keep_arrival() RETURNS trigger AS $$
    BEGIN
        IF EXISTS (SELECT FROM purchase_order
                    WHERE id = NEW.order_id AND state = 'purchase') THEN
            NEW.confirmed_arrival := NEW.date_planned;
        END IF;
        RETURN NEW;
    END $$ LANGUAGE plpgsql
"""
FUNCTIONS = ("promise_keep_arrivals", "promise_keep_arrival")


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    confirmed_arrival = fields.Datetime(
        string="Arrival When Ordered",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When the goods were expected as they were ordered. The expected arrival "
        "moves when the vendor is late; this does not, so that one sees how late.",
    )

    def init(self):
        result = super().init()
        self.env.cr.execute(
            SQL(
                """
                %s;
                %s;
                DROP TRIGGER IF EXISTS promise_ordered ON purchase_order;
                CREATE TRIGGER promise_ordered
                 AFTER UPDATE ON purchase_order FOR EACH ROW
                  WHEN (NEW.state = 'purchase' AND OLD.state IS DISTINCT FROM NEW.state)
               EXECUTE FUNCTION promise_keep_arrivals();
                DROP TRIGGER IF EXISTS promise_added ON purchase_order_line;
                CREATE TRIGGER promise_added
                BEFORE INSERT ON purchase_order_line FOR EACH ROW
               EXECUTE FUNCTION promise_keep_arrival()
                """,
                SQL(ORDERED),
                SQL(ADDED),
            )
        )
        return result
