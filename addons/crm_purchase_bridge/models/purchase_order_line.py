from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_compare

#: Keeps what was expected as an order was confirmed. The database does it: it costs
#: the confirmation no statement, and no path passes it by. An order that waits for
#: approval once more, because it was changed, goes on as it was.
ORDERED = """
    CREATE OR REPLACE FUNCTION promise_keep_arrivals() RETURNS trigger AS $$
    BEGIN
        IF NEW.state = 'purchase' THEN
            UPDATE purchase_order_line
               SET confirmed_arrival = date_planned, ordered_before = NULL
             WHERE order_id = NEW.id
               AND (OLD.state IS DISTINCT FROM 'to approve'
                    OR confirmed_arrival IS NULL);
        ELSIF OLD.state IS DISTINCT FROM 'purchase' THEN
            -- ordered once, cancelled, and asked for anew
            UPDATE purchase_order_line
               SET confirmed_arrival = NULL, ordered_before = NULL
             WHERE order_id = NEW.id AND confirmed_arrival IS NOT NULL;
        END IF;
        RETURN NULL;
    END $$ LANGUAGE plpgsql
"""
#: The same for lines that are added to a confirmed order; and what was ordered before
#: somebody changed it, which nobody writes otherwise. The trigger names no columns, so
#: that Odoo may change their types.
KEPT = """
    CREATE OR REPLACE FUNCTION promise_keep_arrival() RETURNS trigger AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            NEW.ordered_before := NULL;
            IF EXISTS (SELECT FROM purchase_order
                        WHERE id = NEW.order_id AND state = 'purchase') THEN
                NEW.confirmed_arrival := NEW.date_planned;
            END IF;
            RETURN NEW;
        END IF;
        IF NEW.ordered_before IS NULL AND pg_trigger_depth() > 1 THEN
            RETURN NEW;  -- its order is confirmed, and begins anew
        END IF;
        NEW.ordered_before := OLD.ordered_before;
        IF (OLD.product_qty, OLD.product_uom_id)
               IS DISTINCT FROM (NEW.product_qty, NEW.product_uom_id)
           AND EXISTS (SELECT FROM purchase_order
                        WHERE id = NEW.order_id
                          AND (state = 'purchase'
                               OR state = 'to approve'
                                  AND OLD.confirmed_arrival IS NOT NULL))
        THEN
            NEW.ordered_before := COALESCE(OLD.ordered_before, '[]')
                || jsonb_build_array(jsonb_build_object(
                    'until', now() AT TIME ZONE 'UTC',
                    'quantity', OLD.product_qty,
                    'unit', OLD.product_uom_id));
        END IF;
        RETURN NEW;
    END $$ LANGUAGE plpgsql
"""
FUNCTIONS = ("promise_keep_arrivals", "promise_keep_arrival")
#: What a buyer enters into a quotation that was sent is what the vendor has said.
SAID_BY_VENDORS = frozenset({"date_planned", "discount", "price_unit"})


class PurchaseOrderLine(models.Model):
    """When goods come and what they cost: as it was ordered, as vendors are asked for
    it, and as they answer."""

    _inherit = "purchase.order.line"

    confirmed_arrival = fields.Datetime(
        string="Arrival When Ordered",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When the goods were expected as they were ordered. The expected arrival "
        "moves when the vendor is late; this does not, so that one sees how late.",
    )
    ordered_before = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What was ordered from the vendor until somebody changed it: moments in "
        "UTC, quantities and units, the oldest first. Who is late is not in time "
        "because a buyer asks for less, nor late because a buyer asks for more.",
    )
    urgency_level_id = fields.Many2one(
        related="order_id.urgency_level_id",
        string="Urgency",
        related_sudo=False,  # Odoo groups by a related field without asking its groups
        groups="base.group_user",
    )
    needed_by = fields.Datetime(
        related="order_id.needed_by",
        related_sudo=False,
        groups="base.group_user",
    )
    vendor_asked_on = fields.Datetime(
        string="Vendor Asked",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When the vendor was last asked for the day of arrival.",
    )
    vendor_answered_on = fields.Datetime(
        string="Vendor Answered",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When the vendor confirmed or changed the day of arrival.",
    )
    quantity_due = fields.Float(
        string="Still to Come",
        compute="_compute_quantity_due",
        digits="Product Unit",
        groups="base.group_user",
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
                  WHEN (NEW.state IN ('purchase', 'to approve')
                        AND OLD.state IS DISTINCT FROM NEW.state)
               EXECUTE FUNCTION promise_keep_arrivals();
                DROP TRIGGER IF EXISTS promise_added ON purchase_order_line;
                CREATE TRIGGER promise_added
                BEFORE INSERT OR UPDATE ON purchase_order_line FOR EACH ROW
               EXECUTE FUNCTION promise_keep_arrival()
                """,
                SQL(ORDERED),
                SQL(KEPT),
            )
        )
        return result

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("product_qty", "qty_received")
    def _compute_quantity_due(self):
        for line in self:
            line.quantity_due = max(line.product_qty - line.qty_received, 0.0)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if not SAID_BY_VENDORS.isdisjoint(vals):
            said = self.filtered(
                lambda line: (
                    line.state == "sent"
                    and line.order_id.purchase_group_id
                    and not line.vendor_answered_on
                )
            )
            if said:
                said.write({"vendor_answered_on": fields.Datetime.now()})
        return result

    # ------------------------------------------------------------
    # WHAT IS ASKED AND ANSWERED
    # ------------------------------------------------------------

    def _is_to_come(self):
        """Tell whether the vendor still owes something of the line."""
        self.ensure_one()
        return (
            not self.display_type
            and self.product_id.type == "consu"
            and self.order_id.state == "purchase"
            and float_compare(self.qty_received, self.product_qty, precision_digits=6)
            < 0
        )

    def _is_to_be_dated(self):
        """Tell whether its date still matters, ordered or not."""
        self.ensure_one()
        return self._is_to_come() or (
            not self.display_type
            and bool(self.product_id)
            and self.order_id.state in ("draft", "sent", "to approve")
        )

    def _is_asked(self):
        """Tell whether the vendor owes an answer."""
        self.ensure_one()
        return bool(
            self.vendor_asked_on
            and (self.vendor_answered_on or self.vendor_asked_on)
            <= self.vendor_asked_on
        )

    def _get_net_price(self):
        """Return the price of one unit, less discounts."""
        self.ensure_one()
        return self.price_unit * (1 - self.discount / 100)

    def _get_proposal(self, answer):
        """Return the values of what an answer proposes; nothing where the line says
        the same."""
        offer = self._complete_answer(answer)
        return self._prepare_answer(*offer) if self._is_other_offer(*offer) else None

    def _complete_answer(self, answer):
        """Return the quantity and the price that the line would have by an answer: of
        what is ordered a vendor says how much is still to come."""
        self.ensure_one()
        quantity, price = answer["quantity"], answer["price"]
        if quantity is None:
            quantity = self.product_qty
        elif self.order_id.state == "purchase":
            quantity += self.qty_received
        return quantity, self._get_net_price() if price is None else price

    def _is_other_offer(self, quantity, price):
        """Tell whether that is other than what the line says."""
        self.ensure_one()
        return bool(
            float_compare(self.product_qty, quantity, precision_digits=6)
            or float_compare(self._get_net_price(), price, precision_digits=6)
        )

    def _prepare_answer(self, quantity, price):
        """Return the values of a proposal, see ``supply.answer``."""
        self.ensure_one()
        return {
            "order_id": self.order_id.id,
            "line_id": self.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "quantity": quantity,
            "price_unit": price,
            "quantity_before": self.product_qty,
            "price_before": self._get_net_price(),
            "answered_at": fields.Datetime.now(),
        }

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_choose(self):
        self.check_access("write")  # Odoo asks only where there is something to change
        self.env["supply.offer"]._keep(self, "chosen")
        return super().action_choose()

    def action_clear_quantities(self):
        self.check_access("write")
        lines = self.filtered(lambda line: line.state not in ("cancel", "purchase"))
        self.env["supply.offer"]._keep(lines, "lost")
        return super().action_clear_quantities()

    def action_ask_vendor(self):
        """Ask the vendors of these lines, by e-mail, when they come.

        One e-mail an order, whichever lines are chosen and however often: a line is
        asked about once a day.

        :raises UserError: when there is nothing to ask, or nowhere to send it to
        """
        self.check_access("write")
        self.env["supply.need"].check_access("read")  # buyers only
        lines = self.sudo().filtered(lambda line: line._is_to_come())
        if not lines:
            raise UserError(self.env._("Choose ordered goods that have not come yet."))
        unknown = lines.order_id.partner_id.filtered(lambda each: not each.email)
        if unknown:
            raise UserError(
                self.env._(
                    "Enter an e-mail address first: %s.",
                    ", ".join(unknown.mapped("display_name")),
                )
            )
        lines.lock_for_update()
        now = fields.Datetime.now()
        fresh = lines.filtered(
            lambda line: (
                not line._is_asked()
                or line.company_id._approval_day(line.vendor_asked_on)
                < line.company_id._approval_day(now)
            )
        )
        fresh.write({"vendor_asked_on": now, "vendor_answered_on": False})
        for order in fresh.order_id:
            order._send_question()
        if not fresh:
            message = self.env._("The vendors were asked today already.")
        else:
            names = ", ".join(fresh.order_id.partner_id.mapped("display_name"))
            message = self.env._("Asked: %s.", names)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success" if fresh else "info",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_new_dates(self):
        """Give these lines new dates, and see before what comes later because of it."""
        self.check_access("write")
        return self.env["supply.redate"]._open(self)
