from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL, float_compare

from odoo.addons.supply_link.pegging import from_units

from ..models.supply_need import QUOTED

#: No more of anything is bought at once; Odoo's own arithmetic ends there.
MOST = 10**9
#: Quantities of products have at most so many digits.
DIGITS = 6
#: What the buyer may change in the dialog.
EDITABLE = {"quantity", "vendor_id"}


@dataclass
class Lack:
    """What is missing of a product in a warehouse, in the product's unit.

    :param missing: by anybody, of the common stock
    :param covered: by quotations, and by what is there and not put away
    :param wanted: of the common stock, by id of the chosen order line
    :param own: deliveries of chosen lines that wait for goods of their own, with what
        each lacks
    :param needed_on: when the first of it should be there
    """

    missing: float = 0.0
    covered: float = 0.0
    wanted: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    own: list[tuple[models.BaseModel, float]] = field(default_factory=list)
    sale_lines: set[int] = field(default_factory=set)
    moves: set[int] = field(default_factory=set)
    needed_on: datetime | None = None

    @property
    def to_buy(self) -> float:
        """What the chosen lines lack and nobody has asked a vendor for.

        Quotations are for whoever lacks the product: as long as others lack as much as
        they bring, the chosen lines have nothing of them.
        """
        common = min(sum(self.wanted.values()), self.missing - self.covered)
        return round(max(common, 0.0) + sum(left for _move, left in self.own), DIGITS)

    def note_who_waits(self, sale_line, move):
        self.sale_lines.add(sale_line)
        self.moves.add(move.id)
        self.needed_on = min(filter(None, (self.needed_on, move.date)))


class SupplyBuy(models.TransientModel):
    """Buy what customers' orders lack: per vendor, combined per product.

    Only quotations are made, by Odoo's own rules: what a delivery waits for is bought
    for that delivery, everything else for the common stock. What is missing is worked
    out again when the buyer presses the button, while nobody else can: nothing is
    bought twice.
    """

    _name = "supply.buy"
    _description = "Buy What Is Missing"

    line_ids = fields.One2many("supply.buy.line", "buy_id", string="To Buy")
    left_out = fields.Text(readonly=True)

    # ------------------------------------------------------------
    # OPENING
    # ------------------------------------------------------------

    @api.model
    def _open(self, sale_lines):
        """Show what there is to buy for some order lines.

        :param sale_lines: ``sale.order.line`` of which the caller has checked that the
            user may buy for them
        :return: an action
        :rtype: dict
        """
        self.env["purchase.order"].check_access("create")
        buy = self.sudo()
        lacks = buy._read_lacks(sale_lines.sudo())
        lines = [
            buy._prepare_line(*key, lack)
            for key, lack in lacks.items()
            if lack.to_buy > 0
        ]
        if not lines:
            raise UserError(
                self.env._(
                    "Nothing of this has to be bought: it is there, ordered or in "
                    "quotations. Ask the vendor when it comes, or choose other rows."
                )
            )
        bought_for = set().union(
            *(lack.sale_lines for lack in lacks.values() if lack.to_buy > 0)
        )
        rest = sale_lines.sudo().filtered(lambda line: line.id not in bought_for)
        record = buy.create(
            {
                "line_ids": [Command.create(values) for values in lines],
                "left_out": self.env._(
                    "Nothing has to be bought for %s.",
                    ", ".join(sorted(set(rest.order_id.mapped("name")))),
                )
                if rest
                else False,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Buy What Is Missing"),
            "res_model": self._name,
            "res_id": record.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _prepare_line(self, warehouse, product, lack):
        seller = self._choose_seller(product, warehouse.company_id, lack.to_buy)
        unit = seller.product_uom_id or product.uom_id
        quantity = product.uom_id._compute_quantity(lack.to_buy, unit, round=False)
        if unit.factor > product.uom_id.factor:  # such as boxes: whole ones are sold
            quantity = ceil(round(quantity, DIGITS))
        lines = self.env["sale.order.line"].browse(sorted(lack.sale_lines))
        return {
            "product_id": product.id,
            "warehouse_id": warehouse.id,
            "vendor_id": seller.partner_id.id,
            "needed": lack.to_buy,
            "least": seller.min_qty,
            "quantity": max(quantity, seller.min_qty),
            "quantity_uom_id": unit.id,
            "needed_on": warehouse.company_id._approval_day(lack.needed_on),
            "sale_line_ids": [Command.set(lines.ids)],
            "customers": ", ".join(
                f"{line.order_id.name} ({line.order_id.partner_id.display_name})"
                for line in lines
            ),
        }

    @api.model
    def _choose_seller(self, product, company, quantity, vendor=None):
        """Return the price of the vendor that Odoo would choose for a quantity in the
        product's unit."""
        product = product.with_company(company)
        day = company._approval_day()
        return product._select_seller(
            partner_id=vendor or False,
            quantity=quantity,
            date=day,
            uom_id=product.uom_id,
        ) or product._select_seller(partner_id=vendor or False, quantity=None, date=day)

    # ------------------------------------------------------------
    # WHAT IS MISSING NOW
    # ------------------------------------------------------------

    @api.model
    def _read_lacks(self, sale_lines):
        """Return what some order lines lack now.

        :return: :class:`Lack` by warehouse and product
        :rtype: dict
        """
        moves = self.env["stock.move"]
        lacks, chosen = defaultdict(Lack), set(sale_lines.ids)
        products, warehouses, _moves = self.env["supply.part"]._get_pools_of(sale_lines)
        for share in self.env["supply.pool"]._peg(products, warehouses):
            if not share.is_short:
                continue
            key = (
                warehouses.browse(share.warehouse_id),
                products.browse(share.product_id),
            )
            lack = lacks[key]
            lack.missing += share.quantity
            if share.sale_line_id in chosen:
                lack.wanted[share.sale_line_id] += share.quantity
                lack.note_who_waits(share.sale_line_id, moves.browse(share.demand_id))
        for delivery, left in self._read_own(sale_lines):
            move = moves.browse(delivery.id)
            lack = lacks[
                move.location_id.warehouse_id or move.warehouse_id, move.product_id
            ]
            lack.own.append((move, left))
            lack.note_who_waits(delivery.line, move)
        self._add_passed_over(lacks, sale_lines)
        lacks = {key: lack for key, lack in lacks.items() if lack.sale_lines}
        for key, quantity in self._read_covered(lacks).items():
            lacks[key].covered = quantity
        return lacks

    @api.model
    def _add_passed_over(self, lacks, sale_lines):
        """Add what orders have goods for that a quotation was promised: it is to be
        bought again. Components of kits are not: which ones is not kept."""
        looks = self.env["supply.outlook"]._look(sale_lines)
        bought = defaultdict(float)
        for lack in lacks.values():
            for line, quantity in lack.wanted.items():
                bought[line] += quantity
            for move, quantity in lack.own:
                bought[move.sale_line_id.id] += quantity
        for line in sale_lines:
            look = looks.get(line.id)
            missing = look.shortage.quantity - bought[line.id] if look else 0.0
            moves = line.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            if bought[line.id] or round(missing, DIGITS) <= 0 or not moves:
                continue
            if moves.product_id != line.product_id:
                continue
            lack = lacks[line.warehouse_id, line.product_id]
            lack.wanted[line.id] += missing
            lack.missing += missing
            lack.note_who_waits(line.id, moves[0])
        self._add_others_passed_over(lacks, sale_lines)

    @api.model
    def _add_others_passed_over(self, lacks, sale_lines):
        """Quotations of vendors are for those too who were not chosen."""
        others = self.env["supply.promise"].search(
            [
                ("product_id", "in", [product.id for _warehouse, product in lacks]),
                ("is_open", "=", True),
                ("is_ordered", "=", True),
                ("quantity_short", ">", 0),
                ("method", "not in", ("buy", "none")),
                ("sale_line_id", "not in", sale_lines.ids),
            ]
        )
        for promise in others:
            key = promise.sale_line_id.warehouse_id, promise.product_id
            if key in lacks:
                lacks[key].missing += promise.quantity_short

    @api.model
    def _read_own(self, sale_lines):
        """Return the deliveries that wait for goods of their own which nobody brings
        or was asked for, and how much each lacks."""
        parts = self.env["supply.part"]
        deliveries, brought = parts._read_deliveries(parts._read_waits(sale_lines))
        asked = parts._find_asked([each.id for each in deliveries])
        found = []
        for each in deliveries:
            there = max(each.reserved, brought.get(each.id, 0.0))
            left = round(each.quantity - there, DIGITS)
            if each.is_own_supply and each.id not in asked and left > 0:
                found.append((each, left))
        return found

    @api.model
    def _read_covered(self, lacks):
        """Return what quotations, and goods that are not put away, would cover."""
        if not lacks:
            return {}
        for model in ("purchase.order", "purchase.order.line", "stock.move"):
            self.env[model].flush_model()
        covered = defaultdict(float)
        warehouses = self.env["stock.warehouse"].union(*(key[0] for key in lacks))
        products = self.env["product.product"].union(*(key[1] for key in lacks))
        for warehouse, product, quantity in self.env.execute_query(
            SQL(
                "SELECT warehouse_id, product_id, quantity FROM (%s) AS quoted"
                " WHERE warehouse_id = ANY(%s) AND product_id = ANY(%s)",
                SQL(QUOTED),
                warehouses.ids,
                products.ids,
            )
        ):
            covered[warehouse, product] += float(quantity)
        _free, unplaced = self.env["supply.pool"]._fetch_stock(products, warehouses.ids)
        rounding = 10.0 ** -self.env["supply.pool"]._get_digits()
        for key, units in unplaced.items():
            covered[key] += from_units(units, rounding)
        return {key: covered[key[0].id, key[1].id] for key in lacks}

    # ------------------------------------------------------------
    # BUYING
    # ------------------------------------------------------------

    def action_buy(self):
        """Make or extend quotations, and show them.

        :raises UserError: where a quantity makes no sense, no vendor is named, or
            somebody else has bought it meanwhile
        """
        self.ensure_one()
        self.check_access("write")
        self.env["purchase.order"].check_access("create")
        buy = self.sudo()
        lines = buy.line_ids.filtered("quantity")
        lines._check_vendors()
        if not lines:
            raise UserError(self.env._("Say how much of what you want to buy."))
        buy._lock(lines.product_id)
        lacks = buy._read_lacks(lines.sale_line_ids)
        procurements = []
        for line in lines:
            lack = lacks.get((line.warehouse_id, line.product_id)) or Lack()
            line._check_still_missing(lack)
            procurements += line._prepare_procurements(lack)
        orders = buy._procure(lines, procurements)
        return buy._show(orders)

    @api.model
    def _lock(self, products):
        """Let nobody else buy these products now: who tries meanwhile begins again,
        and sees what was bought."""
        self.env.cr.execute(
            SQL(
                """
                WITH locked AS (
                    SELECT id FROM product_product
                     WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
                )
                UPDATE product_product SET write_date = write_date
                  FROM locked WHERE product_product.id = locked.id
                """,
                products.ids,
            )
        )

    @api.model
    def _procure(self, lines, procurements):
        """Let Odoo buy; return the quotations that were made or extended."""
        domain = [
            ("product_id", "in", lines.product_id.ids),
            ("order_id.partner_id", "in", lines.vendor_id.ids),
            ("order_id.state", "=", "draft"),
        ]
        purchases = self.env["purchase.order.line"]
        before = {line: line.product_qty for line in purchases.search(domain)}
        self.env["stock.rule"].run(procurements)
        after = purchases.search(domain)
        changed = after.filtered(lambda line: before.get(line) != line.product_qty)
        return changed.order_id

    @api.model
    def _show(self, orders):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Quotations"),
            "res_model": "purchase.order",
        }
        if len(orders) == 1:
            return {**action, "res_id": orders.id, "views": [(False, "form")]}
        return {
            **action,
            "domain": [("id", "in", orders.ids)],
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }


class SupplyBuyLine(models.TransientModel):
    """A product to buy for a warehouse, from one vendor."""

    _name = "supply.buy.line"
    _description = "Product to Buy"
    _order = "vendor_id, id"
    _rec_name = "product_id"

    buy_id = fields.Many2one("supply.buy", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", readonly=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one(related="warehouse_id.company_id")
    customers = fields.Char(string="For", readonly=True)
    sale_line_ids = fields.Many2many("sale.order.line", readonly=True)
    needed = fields.Float(
        string="Missing",
        readonly=True,
        digits="Product Unit",
        help="In the product's unit, without what is in quotations or not put away.",
    )
    needed_on = fields.Date(string="Needed", readonly=True)
    vendor_id = fields.Many2one("res.partner", string="Vendor")
    least = fields.Float(
        string="At Least",
        readonly=True,
        digits="Product Unit",
        help="The vendor's minimum quantity, in the vendor's unit.",
    )
    quantity = fields.Float(
        string="Buy",
        digits="Product Unit",
        help="In the vendor's unit. Nothing is bought where it is 0.",
    )
    quantity_uom_id = fields.Many2one("uom.uom", string="Vendor's Unit", readonly=True)

    def write(self, vals):
        """The buyer chooses vendors and quantities; what is missing, and for whom,
        follows from the orders."""
        if not self.env.su and not EDITABLE.issuperset(vals):
            raise UserError(
                self.env._("Only the vendor and the quantity can be changed.")
            )
        if "quantity" in vals and not 0 <= (vals["quantity"] or 0) <= MOST:
            raise UserError(
                self.env._("Enter a quantity above 0, or 0 to leave a product out.")
            )
        return super().write(vals)

    def _check_vendors(self):
        for line in self:
            if not line.vendor_id:
                raise UserError(
                    self.env._("Choose a vendor for %s.", line.product_id.display_name)
                )

    def _check_still_missing(self, lack):
        """:raises UserError: when less is missing than the buyer was shown"""
        if float_compare(lack.to_buy, self.needed, precision_digits=DIGITS) < 0:
            raise UserError(
                self.env._(
                    "Meanwhile somebody bought %(product)s, or it came: %(quantity)s "
                    "are still missing. Close this and choose again.",
                    product=self.product_id.display_name,
                    quantity=self.env["supply.customers"]._format_quantity(lack.to_buy),
                )
            )

    def _prepare_procurements(self, lack):
        """Return what Odoo is to procure, in the product's unit.

        As much as is bought goes to those deliveries first that wait for goods of
        their own, whole ones only; the rest is for whoever's turn it is.
        """
        self.ensure_one()
        product, unit = self.product_id, self.product_id.uom_id
        seller = self._get_seller()
        left = self.quantity_uom_id._compute_quantity(self.quantity, unit, round=False)
        procurement = self.env["stock.rule"].Procurement
        found, names = [], {"product_description_variants": ""}
        for move, lacking in sorted(lack.own, key=lambda own: (own[0].date, own[0].id)):
            if float_compare(lacking, left, precision_digits=DIGITS) > 0:
                continue
            left -= lacking
            values = move._prepare_procurement_values()
            names = {key: values.get(key) for key in names}
            values.update(self._prepare_values(seller, move.date, move))
            found.append(
                procurement(
                    product,
                    lacking,
                    unit,
                    move.location_id,
                    move.rule_id.name or "/",
                    move._prepare_procurement_origin(),
                    self.company_id,
                    values,
                )
            )
        if float_compare(left, 0, precision_digits=DIGITS) > 0:
            moves = self.env["stock.move"].browse(lack.moves)
            orders = self.sale_line_ids.order_id
            found.append(
                procurement(
                    product,
                    left,
                    unit,
                    self.warehouse_id.lot_stock_id,
                    self.env._("Hot List"),
                    ", ".join(sorted(orders.mapped("name"))),
                    self.company_id,
                    {
                        **names,
                        "warehouse_id": self.warehouse_id,
                        "route_ids": self.warehouse_id.buy_pull_id.route_id,
                        **self._prepare_values(seller, lack.needed_on, moves),
                    },
                )
            )
        return found

    def _prepare_values(self, seller, needed_on, moves):
        """No vendor delivers sooner than they take: a day that cannot be kept is no
        plan."""
        now = fields.Datetime.now()
        takes = timedelta(days=seller.delay)
        planned = max(needed_on or now, now + takes)
        return {
            "supplierinfo_id": seller,
            "date_planned": planned,
            "date_order": max(planned - takes, now),
            "reference_ids": moves.reference_ids,
            "hot_list_buyer": self.env.uid,
        }

    def _get_seller(self):
        """Return the price to buy at; of a vendor who never sold it nothing is known
        but the name."""
        quantity = self.quantity_uom_id._compute_quantity(
            self.quantity, self.product_id.uom_id, round=False
        )
        return self.env["supply.buy"]._choose_seller(
            self.product_id, self.company_id, quantity, self.vendor_id
        ) or self.env["product.supplierinfo"].new(
            {
                "partner_id": self.vendor_id.id,
                "product_tmpl_id": self.product_id.product_tmpl_id.id,
                "product_uom_id": self.quantity_uom_id.id,
                "currency_id": self.company_id.currency_id.id,
                "company_id": self.company_id.id,
            }
        )
