from odoo import api, fields, models
from odoo.tools import SQL, float_compare

from ..pegging import NEVER, NOW, from_units
from .supply_part import DIGITS

#: How many order lines are brought up to date at a time: the pools of their products
#: are read once.
BATCH = 5000
#: What is compared with what is stored, in this order.
DERIVED = (
    "order_id",
    "partner_id",
    "product_id",
    "company_id",
    "quantity",
    "quantity_now",
    "quantity_short",
    "method",
    "ready_on",
    "overdue_days",
    "purchase_line_id",
)


class SupplyState(models.Model):
    """From where an open order line gets its goods, and when.

    One row for each line of a confirmed order of which something is still to be
    delivered. The job of the outbox writes them, so that screens filter, sort and group
    in SQL; what they say is what links and pools say at that moment.
    """

    _name = "supply.state"
    _description = "Supply of an Order Line"
    _named_customers = (["partner_id"], "order_id.user_id")
    _order = "ready_on, id"
    _rec_name = "sale_line_id"

    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, readonly=True
    )
    user_id = fields.Many2one(related="order_id.user_id", string="Salesperson")
    product_id = fields.Many2one("product.product", index=True, readonly=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    company_id = fields.Many2one("res.company", index=True, readonly=True)
    quantity = fields.Float(
        string="To Deliver",
        readonly=True,
        digits="Product Unit",
        help="What is not delivered yet, in the product's unit.",
    )
    quantity_now = fields.Float(
        string="There Now",
        readonly=True,
        digits="Product Unit",
        help="What is reserved for it, came for it, or is free in the stock when its "
        "turn comes.",
    )
    quantity_short = fields.Float(
        string="Missing",
        readonly=True,
        digits="Product Unit",
        help="What is neither there nor on its way.",
    )
    method = fields.Selection(
        [
            ("stock", "In Stock"),
            ("incoming", "On Its Way"),
            ("bought", "Bought For It"),
            ("none", "Nothing on Its Way"),
        ],
        string="Supply",
        readonly=True,
        index=True,
        help="Nothing on its way: some of it is missing.\n"
        "Bought for it: some of it comes with a purchase that was made for it.\n"
        "On its way: some of it comes into the common stock.",
    )
    ready_on = fields.Datetime(
        readonly=True,
        index=True,
        help="When the last of it is expected in the warehouse; nothing when it is "
        "there, or when nobody knows.",
    )
    overdue_days = fields.Integer(
        string="Days Overdue",
        readonly=True,
        help="Since when the goods that it waits for should have come.",
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        string="Waits For",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="The purchase that comes last.",
    )
    computed_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(sale_line_id)")

    # ------------------------------------------------------------
    # KEEPING UP
    # ------------------------------------------------------------

    @api.model
    def _follow(self, sale_lines):
        """Bring the rows of some order lines up to date.

        :param sale_lines: ``sale.order.line``
        :return: the rows that are new or changed
        """
        states = self.with_env(self.env(su=True, context={}))
        sale_lines = sale_lines.with_env(states.env)
        changed = states.browse()
        for start in range(0, len(sale_lines), BATCH):
            changed |= states._follow_batch(sale_lines[start : start + BATCH])
        return changed

    def _follow_batch(self, sale_lines):
        now = fields.Datetime.now()
        right = self._derive(sale_lines)
        gone, changed = self.browse(), self.browse()
        for line, (id_, stored) in self._read_rows(sale_lines.ids).items():
            values = right.pop(line, None)
            if values is None:
                gone |= self.browse(id_)
            elif differing := self._get_differing(stored, values):
                row = self.browse(id_)
                row.write({**differing, "computed_at": now})
                changed |= row
        gone.unlink()
        return changed | self.create(
            [
                {"sale_line_id": line, **values, "computed_at": now}
                for line, values in right.items()
            ]
        )

    @api.model
    def _read_rows(self, line_ids):
        """Return id and stored values of rows, by id of the order line.

        Thousands of lines may wait for one product, and few of them differ: to compare
        them costs one query and no records.
        """
        self.flush_model()
        found = self.env.execute_query(
            SQL(
                "SELECT sale_line_id, id, %s FROM supply_state "
                "WHERE sale_line_id = ANY(%s) ORDER BY id",
                SQL(", ").join(SQL.identifier(name) for name in DERIVED),
                line_ids,
            )
        )
        return {line: (id_, values) for line, id_, *values in found}

    @api.model
    def _get_differing(self, stored, values):
        """Return those of the values that are stored otherwise.

        :param stored: values in the order of ``DERIVED``, as the database has them
        :param dict values: as fields are written
        """
        return {
            name: values[name]
            for name, here in zip(DERIVED, stored, strict=True)
            if not _is_same(here, values[name])
        }

    @api.model
    def _get_open_lines(self, products):
        """Return the order lines that wait for these products, kits of them too.

        :param products: ``product.product``
        """
        self.env["stock.move"].flush_model(["product_id", "state", "sale_line_id"])
        self.env["sale.order.line"].flush_model(["product_id", "state"])
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT sale_line_id
                  FROM stock_move
                 WHERE product_id = ANY(%(products)s)
                   AND sale_line_id IS NOT NULL
                   AND state IN ('waiting', 'confirmed', 'partially_available',
                                 'assigned')
                 UNION
                SELECT state.sale_line_id
                  FROM supply_state state
                 WHERE state.product_id = ANY(%(products)s)
                """,
                products=products.ids,
            )
        )
        return self.env["sale.order.line"].browse(
            id_ for (id_,) in self.env.cr.fetchall()
        )

    # ------------------------------------------------------------
    # WHAT FOLLOWS FROM LINKS AND POOLS
    # ------------------------------------------------------------

    @api.model
    def _derive(self, sale_lines):
        """Return the values of the rows that there ought to be, by order line.

        :param sale_lines: ``sale.order.line``
        :rtype: dict
        """
        waits = self.env["supply.part"]._read_waits(sale_lines)
        if not waits:
            return {}
        parts = self.env["supply.part"]._get_parts(waits)
        kits = sale_lines.browse(wait.line for wait in waits.values() if wait.is_kit)
        ready = self.env["supply.pool"]._get_ready(kits)
        ready = {line.id: each for line, each in ready.items()}
        return {
            line: self._sum_up(wait, parts[line], ready.get(line))
            for line, wait in waits.items()
        }

    def _sum_up(self, wait, parts, ready=None):
        """Return the values of a line's row.

        What no part speaks of is there: it is reserved, or came for the line. A kit is
        ready with its last component.

        :param wait: :class:`Wait`
        :param parts: :class:`Part` objects
        :param ready: ``pegging.Ready`` of a kit that pools serve
        """
        missing = sum(part.quantity for part in parts if part.way == "none")
        if wait.is_kit:
            now = self._count_kits(wait, parts, ready)
            missing = wait.quantity - now if missing else 0.0
        else:
            later = sum(part.quantity for part in parts if part.date != NOW)
            now = max(0.0, wait.quantity - later)
        coming = [part for part in parts if part.way != "none" and part.date != NOW]
        last = max(coming, key=lambda part: part.date, default=None)
        is_dated = last and last.date != NEVER and not missing
        ready_on = self._keep_all_day(wait.company, last.date) if is_dated else False
        ways = {part.way for part in parts}
        return {
            "order_id": wait.order,
            "partner_id": wait.partner,
            "product_id": wait.product,
            "company_id": wait.company,
            "quantity": wait.quantity,
            "quantity_now": now,
            "quantity_short": min(missing, wait.quantity),
            "method": next(
                way
                for way in ("none", "bought", "incoming", "stock")
                if way in ways or way == "stock"
            ),
            "ready_on": ready_on,
            "overdue_days": max((part.overdue for part in parts), default=0),
            "purchase_line_id": (last and last.purchase_line) or False,
        }

    def _keep_all_day(self, company, date):
        """Return a date; this morning for what is to come later today, so that it stays
        the same all day and nobody is late by hours."""
        if date > fields.Datetime.now():
            return date
        company = self.env["res.company"].browse(company)
        return self.env["supply.clock"]._get_clock(company).morning

    def _count_kits(self, wait, parts, ready):
        """Return how many whole kits there are now, without those that are delivered;
        the components of a kit may all be sent by vendors."""
        if ready is None:
            return 0.0 if parts else wait.quantity
        line = self.env["sale.order.line"].browse(wait.line)
        ordered = line.product_uom_id._compute_quantity(
            line.product_uom_qty, line.product_id.uom_id, round=False
        )
        there = from_units(ready.now, 10.0 ** -self.env["supply.pool"]._get_digits())
        return max(there - (ordered - wait.quantity), 0.0)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_view_supply_waiting(self):
        """Show where the goods of these order lines come from, part by part."""
        self.check_access("read")
        return self.env["supply.waiting"]._open(self.sudo().sale_line_id)

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    def _describe(self):
        """Return in a few words from where the goods come, and when."""
        self.ensure_one()
        words = self.env["supply.customers"]
        if self.method == "none":
            short = words._format_quantity(self.quantity_short)
            texts = [self.env._("%(quantity)s missing", quantity=short)]
        else:
            labels = dict(self._fields["method"]._description_selection(self.env))
            texts = [labels[self.method]]
        if self.method in ("incoming", "bought"):
            if self.ready_on:
                texts.append(words._format_day(self.ready_on))
            else:
                texts.append(self.env._("no date"))
            if self.overdue_days:
                overdue = self.overdue_days
                texts.append(self.env._("%(days)s days overdue", days=overdue))
        if self.method != "stock" and self.quantity_now > 0:
            there = words._format_quantity(self.quantity_now)
            texts.append(self.env._("%(quantity)s there", quantity=there))
        return " · ".join(texts)

    # ------------------------------------------------------------
    # VERIFICATION
    # ------------------------------------------------------------

    @api.model
    def _find_differences(self, sale_lines):
        """Compare rows with rows derived anew, without changing any.

        :param sale_lines: ``sale.order.line`` records to look at
        :return: pairs of an order line and a sentence
        :rtype: list
        """
        states = self.with_env(self.env(su=True, context={}))
        right = states._derive(sale_lines.with_env(states.env))
        found = []
        for line, (id_, stored) in states._read_rows(sale_lines.ids).items():
            row = states.browse(id_)
            values = right.pop(line, None)
            if values is None:
                text = self.env._("%s waits for nothing any more.", row.display_name)
            elif differing := self._get_differing(stored, values):
                text = self.env._(
                    "%(line)s: %(values)s would be right.",
                    line=row.display_name,
                    values=", ".join(
                        f"{name} {value}" for name, value in differing.items()
                    ),
                )
            else:
                continue
            found.append((row.sale_line_id, text))
        for line in sale_lines.browse(right):
            text = self.env._(
                "%s waits for goods, and no row says so.", line.display_name
            )
            found.append((line, text))
        return found


def _is_same(here, value):
    if isinstance(value, float):
        return not float_compare(here or 0.0, value, precision_digits=DIGITS)
    return (here or False) == (value or False)
