from odoo import api, fields, models
from odoo.tools import SQL, float_compare

from .supply_derivation import DIGITS, Key, get_key

#: The link stands: the goods are to come, or have come.
LIVE = ("open", "received")


class SupplyLink(models.Model):
    """A share of a purchase line that was bought for one customer's order line.

    Odoo knows this by several ways, and forgets it when a purchase is cancelled or
    quotations are merged. Here it is in one place, and stays. Only what is exact is
    kept: which goods of the common stock go to whom is decided on reading
    (``supply.pool``).

    Rows are derived from Odoo's records (``supply.derivation``) and compared with what
    is there (``_follow``); what no longer follows from them is ended, not deleted.
    """

    _name = "supply.link"
    _inherit = ["supply.derivation"]
    _description = "Purchase That Serves a Customer's Order"
    _named_customers = (["partner_id"], "sale_line_id.salesman_id")
    _order = "needed_on, id"
    _rec_name = "sale_name"

    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
    )
    sale_id = fields.Many2one(related="sale_line_id.order_id", string="Sales Order")
    sale_name = fields.Char(
        string="Customer's Order",
        readonly=True,
        help="Stays when the order is deleted.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null"
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
    )
    purchase_id = fields.Many2one(
        related="purchase_line_id.order_id", string="Purchase Order"
    )
    purchase_name = fields.Char(
        string="Purchase",
        readonly=True,
        help="Follows the purchase line, and stays when the order is deleted.",
    )
    product_id = fields.Many2one(
        "product.product", ondelete="restrict", index=True, readonly=True
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    kind = fields.Selection(
        [
            ("mto", "Made to order"),
            ("bought_for", "Bought for it"),
            ("dropship", "Sent by the vendor"),
            ("candidate", "Alternative"),
        ],
        required=True,
        readonly=True,
        help="Made to order: the goods go on to the customer's delivery.\n"
        "Bought for it: the order line had them bought; on arrival they may be "
        "reserved for anybody.\n"
        "Sent by the vendor: straight to the customer.\n"
        "Alternative: a quotation that competes with another one.",
    )
    quantity = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="Of the purchase, in the product's unit.",
    )
    quantity_received = fields.Float(
        string="Received", readonly=True, digits="Product Unit"
    )
    needed_on = fields.Datetime(
        readonly=True,
        help="When the goods should go to the customer: the delivery date that was "
        "agreed, or the order's date and the line's lead time.",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("received", "Received"),
            ("returned", "Returned"),
            ("cancelled", "Cancelled"),
            ("replaced", "Replaced"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    replaced_by_id = fields.Many2one(
        "supply.link",
        readonly=True,
        index="btree_not_null",
        help="The link to the quotation that this one was merged into.",
    )
    company_id = fields.Many2one("res.company", index=True, readonly=True)

    _once = models.UniqueIndex(
        "(sale_line_id, purchase_line_id, kind) WHERE state IN ('open', 'received')",
        "This purchase line serves that order line already.",
    )
    #: All that is looked for when lines were deleted in SQL: nearly always nothing.
    _torn_index = models.Index(
        """
        (id) WHERE state IN ('open', 'received')
               AND (sale_line_id IS NULL OR purchase_line_id IS NULL)
        """
    )

    @api.depends("sale_name", "purchase_name")
    def _compute_display_name(self):
        for link in self:
            link.display_name = f"{link.purchase_name} → {link.sale_name}"

    # ------------------------------------------------------------
    # FOLLOWING ODOO'S RECORDS
    # ------------------------------------------------------------

    @api.model
    def _follow(self, purchase_lines, are_new=False):
        """Bring the links of some purchase lines up to date.

        :param purchase_lines: ``purchase.order.line``, cancelled ones too
        :param bool are_new: the lines have just been made and have no links yet
        :return: the links that are new or changed
        """
        links = self._as_system()
        if not purchase_lines:
            return links.browse()
        stored, ended, missing = links._compare(purchase_lines.ids, are_new)
        for link, values in stored:
            link.write(values)
        for link in ended:
            link.state = link._get_end()
        made = links.create([links._prepare(key, values) for key, values in missing])
        changed = made | ended | links.union(*(link for link, _values in stored))
        if changed:  # the lists of links that stand depend on their states
            self.env["purchase.order.line"].invalidate_model(
                ["supply_link_ids"], flush=False
            )
            self.env["sale.order.line"].invalidate_model(
                ["supply_link_ids"], flush=False
            )
        return changed

    @api.model
    def _as_system(self):
        """Links follow from what happened, whoever did it and however."""
        return self.with_env(self.env(su=True, context={}))

    @api.model
    def _compare(self, line_ids, are_new=False):
        """Compare the links of some purchase lines with what Odoo's records say.

        :param line_ids: ids of ``purchase.order.line``
        :param bool are_new: they have no links yet
        :return: links that differ, each with what would be right; links that do not
            stand any more; keys and values of those that are missing
        :rtype: tuple
        """
        if not are_new:  # else all that matters is in the database since a moment ago
            self._flush_sources()
        line_ids, derived, rows = set(line_ids), {}, []
        while line_ids:
            rows = [] if are_new else self._read_live(line_ids)
            line_ids |= {row["purchase_line_id"] for row in rows}
            derived, rivals = self._derive(line_ids, rows)
            if rivals <= line_ids:
                break
            line_ids, are_new = line_ids | rivals, False
        differing, ended = [], self.browse()
        for row in rows:
            link = self.browse(row["id"])
            right = derived.pop(get_key(row), None)
            if right is None:
                ended |= link
            elif values := {
                name: value
                for name, value in right.items()
                if _differ(row[name], value)
            }:
                differing.append((link, values))
        return differing, ended, list(derived.items())

    @api.model
    def _read_live(self, line_ids):
        """Return the links of these purchase lines that stand, and those of all lines
        that bring goods for the same order lines: they share what is wanted.

        With each goes what quotations brought that were merged into its line.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE live AS NOT MATERIALIZED (
                    SELECT * FROM supply_link WHERE state IN ('open', 'received')
                ),
                together (line_id) AS (
                    SELECT unnest(%(lines)s::integer[])
                     UNION
                    SELECT rival.purchase_line_id
                      FROM together
                      JOIN live mine ON mine.purchase_line_id = together.line_id
                      JOIN live rival ON rival.sale_line_id = mine.sale_line_id
                )
                SELECT link.id, link.sale_line_id, link.purchase_line_id, link.kind,
                       link.purchase_name, link.quantity, link.quantity_received,
                       link.needed_on, link.state,
                       sale_line.state <> 'cancel' AS is_wanted,
                       %(needed)s AS needed,
                       (SELECT sum(merged.quantity)
                          FROM supply_link merged
                         WHERE merged.replaced_by_id = link.id) AS merged
                  FROM together
                  JOIN live link ON link.purchase_line_id = together.line_id
                  LEFT JOIN sale_order_line sale_line
                         ON sale_line.id = link.sale_line_id
                  LEFT JOIN sale_order sale ON sale.id = sale_line.order_id
                """,
                needed=self._get_needed(),
                lines=list(line_ids),
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _get_torn(self):
        """Return the links that stand although one of their lines is gone.

        Odoo's methods end links when they delete a line; SQL does not know them.
        """
        return self._as_system().search(
            [
                ("state", "in", LIVE),
                "|",
                ("sale_line_id", "=", False),
                ("purchase_line_id", "=", False),
            ]
        )

    @api.model
    def _get_lines_waiting_for(self, product_ids):
        """Return the purchase lines of these products that bring goods for orders that
        are not delivered yet.

        A move on the way, such as a put-away or a component that is used, names
        neither order: its product is all that is known of it.
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT link.purchase_line_id
                  FROM supply_link link
                 WHERE link.product_id = ANY(%(products)s)
                   AND link.purchase_line_id IS NOT NULL
                   AND (link.state = 'open'
                        OR link.state = 'received'
                        AND EXISTS (SELECT FROM supply_state state
                                     WHERE state.sale_line_id = link.sale_line_id))
                """,
                products=list(product_ids),
            )
        )
        ids = [id_ for (id_,) in self.env.cr.fetchall()]
        return self.env["purchase.order.line"].sudo().browse(ids)

    def _get_end(self):
        """Return what becomes of a link that does not follow from records any more."""
        self.ensure_one()
        came_back = (
            self.state == "received"
            and self.purchase_line_id.state == "purchase"
            and self.sale_line_id.state not in (False, "cancel")
        )
        return "returned" if came_back else "cancelled"

    @api.model
    def _prepare(self, key, values):
        """Return the values of a new link."""
        sale_line = self.env["sale.order.line"].browse(key.sale_line)
        purchase_line = self.env["purchase.order.line"].browse(key.purchase_line)
        return {
            "sale_line_id": sale_line.id,
            "sale_name": sale_line.order_id.name,
            "partner_id": sale_line.order_id.partner_id.id,
            "purchase_line_id": purchase_line.id,
            "purchase_name": purchase_line.order_id.name,
            "product_id": purchase_line.product_id.id,
            "kind": key.kind,
            "company_id": purchase_line.order_id.company_id.id,
            **values,
        }

    # ------------------------------------------------------------
    # MERGED QUOTATIONS
    # ------------------------------------------------------------

    def _replace(self, purchase_line):
        """Go over to the line that these links' line was merged into.

        Odoo forgets what was bought for an order line or is sent to it. So the old
        link stays as the only record of it, and the new one counts as long as its
        line stands (``_derive_kept``).
        """
        links = self._as_system()
        heirs = {
            (heir.sale_line_id, heir.kind): heir
            for heir in links.search(
                [
                    ("purchase_line_id", "=", purchase_line.id),
                    ("state", "in", LIVE),
                ]
            )
        }
        for link in links.browse(self.ids):
            heir = heirs.get((link.sale_line_id, link.kind)) or links.create(
                links._prepare(
                    Key(link.sale_line_id.id, purchase_line.id, link.kind),
                    {"quantity": link.quantity, "needed_on": link.needed_on},
                )
            )
            link.write({"state": "replaced", "replaced_by_id": heir.id})

    # ------------------------------------------------------------
    # VERIFICATION
    # ------------------------------------------------------------

    @api.model
    def _find_differences(self, line_ids):
        """Compare links with links derived anew, without changing any.

        :param line_ids: ids of ``purchase.order.line`` to look at
        :return: pairs of a link, or none where it is missing, and a sentence
        :rtype: list
        """
        links = self._as_system()
        differing, ended, missing = links._compare(line_ids)
        found = [
            (
                link,
                self.env._(
                    "%(link)s: %(values)s would be right.",
                    link=link.display_name,
                    values=", ".join(
                        f"{name} {value}" for name, value in values.items()
                    ),
                ),
            )
            for link, values in differing
        ]
        for link in ended:
            text = self.env._("%s does not stand any more.", link.display_name)
            found.append((link, text))
        for key, values in missing:
            values = links._prepare(key, values)
            text = self.env._(
                "%(purchase)s serves %(sale)s, and no link says so.",
                purchase=values["purchase_name"],
                sale=values["sale_name"],
            )
            found.append((links.browse(), text))
        return found

    @api.model
    def _find_torn(self):
        """Find links that stand although one of their lines was deleted.

        :return: pairs of a link and a sentence
        :rtype: list
        """
        return [
            (
                link,
                self.env._(
                    "%s stands, but one of its lines was deleted.", link.display_name
                ),
            )
            for link in self._get_torn()
        ]


def _differ(one, other):
    if isinstance(other, float):
        return bool(float_compare(one or 0.0, other, precision_digits=DIGITS))
    return one != other
