from odoo import api, fields, models

from ..pegging import NEVER, NOW


class SupplyWaiting(models.TransientModel):
    """Who waits for which goods, and from where they come: what a purchase, a receipt
    or a customer's order shows.

    Rows are made when the list is opened: which goods of the common stock go to whom
    is worked out at that moment, and is nobody's right until they are reserved. Orders
    that the user must not read are there without their names.
    """

    _name = "supply.waiting"
    _description = "Who Waits for Goods"
    _order = "ready_on, needed_on, id"
    _rec_name = "sale_name"

    sale_name = fields.Char(string="Customer's Order", readonly=True)
    partner_name = fields.Char(string="Customer", readonly=True)
    purchase_name = fields.Char(string="Comes With", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    needed_on = fields.Datetime(
        readonly=True, help="When the goods should go to the customer."
    )
    ready_on = fields.Datetime(
        string="Expected", readonly=True, help="When they are expected to be there."
    )
    overdue_days = fields.Integer(string="Days Overdue", readonly=True)
    how = fields.Selection(
        [
            ("there", "There"),
            ("bought", "Bought For It"),
            ("candidate", "Alternative"),
            ("pool", "Its Turn in the Stock"),
            ("missing", "Missing"),
        ],
        readonly=True,
        help="Bought for it: the purchase was made for this order.\n"
        "Its turn in the stock: nothing ties the goods to this order; it gets them "
        "when its turn comes.\n"
        "Missing: neither there nor on their way.",
    )
    sale_line_id = fields.Many2one("sale.order.line", readonly=True)
    purchase_line_id = fields.Many2one("purchase.order.line", readonly=True)

    @api.model
    def _open(self, lines):
        """Show who waits for the goods of purchase lines, or where the goods of order
        lines come from.

        :param lines: ``purchase.order.line`` or ``sale.order.line``, which the user may
            read
        :return: an action
        :rtype: dict
        """
        waiting = self.sudo()
        rows = waiting.create(waiting._prepare_rows(lines.sudo()))
        if lines._name == "purchase.order.line":
            title = self.env._("Who Waits")
        else:
            title = self.env._("Where the Goods Come From")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "views": [(False, "list"), (False, "kanban")],
            "mobile_view_mode": "kanban",
            "domain": [("id", "in", rows.ids)],
            "target": "current",
            "help": self.env._(
                "<p>Nobody waits for these goods, and none are missing.</p>"
            ),
        }

    @api.model
    def _prepare_rows(self, lines):
        is_purchase = lines._name == "purchase.order.line"
        side = "purchase_line_id" if is_purchase else "sale_line_id"
        links = self.env["supply.link"].search(
            [
                (side, "in", lines.ids),
                ("state", "in", ("open", "received")),
                ("purchase_line_id", "!=", False),  # deleted a moment ago
            ]
        )
        arrivals = links.purchase_line_id._get_supply_arrivals()
        rows = [self._prepare_from_link(link, arrivals) for link in links]
        if is_purchase:
            shares = self.env["supply.pool"]._peg(
                lines.product_id, lines.order_id.picking_type_id.warehouse_id
            )
            mine = [share for share in shares if share.purchase_line_id in lines._ids]
        else:
            mine = self.env["supply.part"]._peg_lines(lines)
        return rows + [self._prepare_from_share(share) for share in mine]

    def _prepare_from_link(self, link, arrivals):
        date, overdue = arrivals[link.purchase_line_id]
        if link.state == "received":
            how, date, overdue = "there", NOW, 0
        else:
            how = "candidate" if link.kind == "candidate" else "bought"
        return {
            **self._prepare_ends(link.sale_line_id, link.purchase_line_id),
            "product_id": link.product_id.id,
            "quantity": link.quantity,
            "needed_on": link.needed_on,
            "ready_on": False if date in (NOW, NEVER) else date,
            "overdue_days": overdue,
            "how": how,
        }

    def _prepare_from_share(self, share):
        sale_line = self.env["sale.order.line"].browse(share.sale_line_id or [])
        line = self.env["purchase.order.line"].browse(share.purchase_line_id or [])
        move = self.env["stock.move"].browse(share.demand_id)
        if share.is_short:
            how = "missing"
        else:
            how = "there" if share.date == NOW else "pool"
        ends = self._prepare_ends(sale_line, line)
        if not sale_line:
            ends["sale_name"] = move.picking_id.name or move.reference
            reads_all = self.env["supply.customers"]._reads_all()
            ends["partner_name"] = reads_all and move.partner_id.display_name
        return {
            **ends,
            "product_id": share.product_id,
            "quantity": share.quantity,
            "needed_on": move.date,
            "ready_on": False if share.date in (NOW, NEVER) else share.date,
            "overdue_days": share.overdue,
            "how": how,
        }

    def _prepare_ends(self, sale_line, purchase_line):
        bought = {
            "purchase_line_id": purchase_line.id,
            "purchase_name": purchase_line.order_id.name,
        }
        order = self.env["supply.customers"]._get_readable(sale_line.order_id)
        if sale_line and not order:
            return {**bought, "sale_name": self.env._("Another order")}
        return {
            **bought,
            "sale_line_id": sale_line.id,
            "sale_name": order.name,
            "partner_name": order.partner_id.display_name,
        }

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_sale(self):
        """Open the customer's order."""
        return self._open_document("sale_line_id")

    def action_open_purchase(self):
        """Open the purchase order."""
        return self._open_document("purchase_line_id")

    def _open_document(self, line):
        """Open the order of a line with the user's own rights.

        :raises AccessError: for what somebody else opened, or who may not read it
        """
        self.ensure_one()
        self.check_access("read")
        document = self.sudo()[line].order_id.sudo(False)
        document.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }
