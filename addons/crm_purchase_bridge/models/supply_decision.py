from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_compare, format_date, formatLang

from odoo.addons.approval_matrix.append_only import make_append_only
from odoo.addons.supply_link.models.supply_stock import OPEN
from odoo.addons.supply_link.pegging import NOW, by_demand, from_units, peg

from ..places import from_json, right_after, to_json

#: Quantities of products have at most so many digits.
DIGITS = 6


class Plan(NamedTuple):
    """What a manager wants to do.

    :param kind: see ``supply.decision``
    :param move: ``stock.move`` of the order that it is about
    :param other: of the order after which it is served, or that gives its goods
    :param place: the place that it, or the rest of it, is given
    :param quantity: in the product's unit: what is given, or goes first
    """

    kind: str
    move: models.Model
    other: models.Model
    place: tuple | None = None
    quantity: float = 0.0


class SupplyDecision(models.Model):
    """What a manager decided at the shortage desk: who, when, why.

    Rows are only ever added. The last one about an order says which place it has in
    serving order; a row that takes it back gives it its own place again. Moves and
    lines are kept by number: they may be deleted, what was decided stays.
    """

    _name = "supply.decision"
    _description = "Decision at the Shortage Desk"
    _inherit = ["approval.protected"]
    _order = "id desc"
    _rec_name = "order_name"

    kind = fields.Selection(
        [
            ("move", "Served at Another Place"),
            ("lend", "Gets Goods of Another Order"),
            ("split", "Part Now, Rest Later"),
            ("undo", "Back to Its Own Place"),
        ],
        required=True,
        readonly=True,
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="restrict"
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    sale_line_id = fields.Integer(
        string="Order Line", required=True, default=0, readonly=True
    )
    move_id = fields.Integer(
        string="Transfer Line",
        required=True,
        default=0,
        readonly=True,
        help="Zero: all that is to be delivered of the order line.",
    )
    order_name = fields.Char(string="Order", readonly=True)
    other_name = fields.Char(
        string="Other Order",
        readonly=True,
        help="After which it is served, or that gives its goods. Nothing: it is served "
        "first.",
    )
    quantity = fields.Float(readonly=True, digits="Product Unit")
    place = fields.Json(readonly=True)
    reason = fields.Char(string="Why", required=True, readonly=True)
    effect = fields.Json(readonly=True)
    text = fields.Char(string="What Was Decided", compute="_compute_text")
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, ondelete="restrict"
    )
    create_date = fields.Datetime(string="On", readonly=True)

    _of_product = models.Index("(product_id, id)")
    _of_line = models.Index("(sale_line_id, product_id, id)")

    def init(self):
        make_append_only(self.env.cr, self._table)

    @api.depends_context("lang")
    def _compute_text(self):
        for decision in self:
            decision.text = decision._describe()

    # ------------------------------------------------------------
    # SERVING ORDER
    # ------------------------------------------------------------

    @api.model
    def _get_places(self, products):
        """Return the places that open moves were given, by id of the move.

        What was decided about an order line also holds for what is left of it after a
        partial delivery; what was decided about one of its moves counts for that one.
        """
        decided = self.env.execute_query(
            SQL(
                """
                SELECT product.id
                  FROM unnest(%s::integer[]) AS product (id)
                 WHERE EXISTS (SELECT FROM supply_decision
                                WHERE product_id = product.id)
                """,
                products.ids,
            )
        )
        if not decided:  # nearly always: nothing more is asked, nor written before
            return {}
        self.env["stock.move"].flush_model(
            ["location_id", "product_id", "sale_line_id", "state"]
        )
        # for each move that waits its latest decision is looked up by an index: old
        # decisions, of orders that are delivered, cost nothing
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.id, latest.place
                  FROM stock_move move
                  JOIN stock_location location ON location.id = move.location_id
                  JOIN LATERAL (
                       SELECT place
                         FROM supply_decision decision
                        WHERE decision.product_id = move.product_id
                          AND decision.warehouse_id = location.warehouse_id
                          AND decision.sale_line_id = COALESCE(move.sale_line_id, 0)
                          AND decision.move_id IN (0, move.id)
                          AND decision.kind <> 'lend'
                     ORDER BY decision.move_id DESC,  -- what is said of one counts
                              decision.id DESC
                        LIMIT 1
                       ) latest ON TRUE
                 WHERE move.product_id = ANY(%(products)s)
                   AND move.state IN %(open)s
                """,
                products=[id_ for (id_,) in decided],
                open=OPEN,
            )
        )
        return {id_: (*from_json(place), id_) for id_, place in rows if place}

    # ------------------------------------------------------------
    # PLANS
    # ------------------------------------------------------------

    @api.model
    def _make_plan(self, product, warehouse, wish):
        """Return what a manager wants.

        :param dict wish: *kind*, *move*, *other* (ids of moves), *quantity*
        :return: :class:`Plan`
        :raises UserError: when that makes no sense
        """
        if not isinstance(wish, dict) or wish.get("kind") not in self._get_kinds():
            raise UserError(self.env._("Choose what is to be done."))
        kind = wish["kind"]
        pool = (
            self.env["supply.pool"]
            ._get_pools(product, warehouse)
            .get((warehouse, product))
        )
        demands = {each.key: each for each in pool.demands} if pool else {}
        move = self._find_move(demands, wish.get("move"))
        other = move.browse()
        if wish.get("other") or kind == "lend":
            other = self._find_move(demands, wish.get("other"))
        if move == other:
            raise UserError(self.env._("Choose another order than itself."))
        quantity = wish.get("quantity")
        if kind in ("lend", "split"):
            self._check_quantity(quantity)
        else:
            quantity = 0.0
        place = None
        if kind == "move" or (kind == "split" and other):
            place = self._find_place(demands, move, other)
        plan = Plan(kind, move, other, place, quantity)
        getattr(self, f"_check_{kind}", lambda *_: None)(plan, demands, pool.rounding)
        return plan

    @api.model
    def _get_kinds(self):
        return [kind for kind, _label in self._fields["kind"].selection]

    @api.model
    def _find_move(self, demands, move_id):
        if not isinstance(move_id, int) or move_id not in demands:
            raise UserError(
                self.env._("This order does not wait here any more. Open it again.")
            )
        return self.env["stock.move"].sudo().browse(move_id)

    @api.model
    def _find_place(self, demands, move, other):
        """Return the place right after another order, or before all."""
        before = demands[other.id].turn if other else None
        after = min(
            (
                each.turn
                for each in demands.values()
                if each.key != move.id and (before is None or each.turn > before)
            ),
            default=None,
        )
        return right_after(before, after)

    @api.model
    def _check_quantity(self, quantity):
        is_number = isinstance(quantity, int | float) and not isinstance(quantity, bool)
        if not is_number or not 0 < quantity < 10**9:
            raise UserError(self.env._("Enter how many, more than none."))

    @api.model
    def _check_undo(self, plan, demands, _rounding):
        if not self._get_places(plan.move.product_id).get(plan.move.id):
            raise UserError(self.env._("This order has its own place already."))

    @api.model
    def _check_lend(self, plan, demands, rounding):
        lender, borrower = demands[plan.other.id], demands[plan.move.id]
        most = from_units(min(lender.reserved, borrower.quantity), rounding)
        if float_compare(plan.quantity, most, precision_digits=DIGITS) > 0:
            raise UserError(
                self.env._(
                    "At most %(quantity)s can change hands: nothing is taken that is "
                    "picked already, and no more than is wanted.",
                    quantity=most,
                )
            )

    @api.model
    def _check_split(self, plan, demands, rounding):
        move, demand = plan.move, demands[plan.move.id]
        line = move.sale_line_id
        if move.picked:
            raise UserError(self.env._("It is picked already: split the transfer."))
        if line and line.order_id.picking_policy == "one":
            raise UserError(
                self.env._(
                    "%s goes out all at once. Change its shipping policy first.",
                    line.order_id.name,
                )
            )
        if line and line.product_id != move.product_id:
            raise UserError(self.env._("A part of a kit is of no use: kits are whole."))
        whole = from_units(demand.quantity + demand.reserved, rounding)
        if float_compare(plan.quantity, whole, precision_digits=DIGITS) >= 0:
            raise UserError(
                self.env._("Enter less than the whole: %(quantity)s.", quantity=whole)
            )

    # ------------------------------------------------------------
    # CARRYING OUT
    # ------------------------------------------------------------

    @api.model
    def _carry_out(self, product, warehouse, plan, reason, effect=None):
        """Do what was decided, and keep it.

        :param plan: :class:`Plan`
        :param str reason: why
        :param list effect: what it does, see ``supply.effect``
        :return: the row
        """
        subject = {
            "sale_line_id": plan.move.sale_line_id.id or 0,
            "move_id": 0 if self._is_whole(plan.move) else plan.move.id,
        }
        if plan.kind == "lend":
            self.env["supply.swap"]._lend(plan.move, plan.other, plan.quantity)
        elif plan.kind == "split":
            subject["move_id"] = self._split(plan).id
        row = self._system_create(
            [
                {
                    **subject,
                    "kind": plan.kind,
                    "product_id": product.id,
                    "warehouse_id": warehouse.id,
                    "company_id": warehouse.company_id.id,
                    "order_name": self._get_name(plan.move),
                    "other_name": self._get_name(plan.other),
                    "quantity": plan.quantity,
                    "place": plan.place and to_json(plan.place),
                    "reason": reason,
                    "effect": effect,
                    "user_id": self.env.uid,
                }
            ]
        )
        if plan.kind == "split":
            self._reserve_in_turn(product, warehouse)
        return row

    @api.model
    def _is_whole(self, move):
        """Tell whether a decision about a move is about all that is to be delivered of
        its order line: what is split has places of its own."""
        others = move.sale_line_id.move_ids.filtered(
            lambda other: (
                other != move
                and other.product_id == move.product_id
                and other.location_id == move.location_id
                and other.state not in ("done", "cancel")
            )
        )
        is_split = others or self.search_count([("move_id", "=", move.id)], limit=1)
        return bool(move.sale_line_id) and not is_split

    @api.model
    def _get_name(self, move):
        """Return the order that a move is for, else its transfer."""
        return move.sale_line_id.order_id.name or move.picking_id.name or move.reference

    @api.model
    def _split(self, plan):
        """Let a part of a delivery go first; return the move of the rest, which is in a
        transfer of its own."""
        move, unit = plan.move, plan.move.product_id.uom_id
        first = unit._compute_quantity(plan.quantity, move.product_uom, round=False)
        rest = move.product_uom_qty - first
        if move.product_uom.compare(move.quantity, first) > 0:
            move._do_unreserve()
            move._action_assign(force_qty=first)
        moves = move.create(move._split(move.product_uom._compute_quantity(rest, unit)))
        moves._action_confirm(merge=False)
        moves._do_unreserve()  # it may be the turn of others now
        moves.picking_id = move.picking_id._create_backorder_picking()
        return moves

    @api.model
    def _reserve_in_turn(self, product, warehouse):
        """Reserve what is there for those whose turn it is, where Odoo reserves by
        itself."""
        key = warehouse, product
        pool = self.env["supply.pool"]._get_pools(product, warehouse)[key]
        shares = by_demand(peg(pool.supplies, pool.demands))
        today = fields.Date.context_today(self)
        for id_, mine in shares.items():
            units = sum(share.quantity for share in mine if share.date == NOW)
            move = self.env["stock.move"].sudo().browse(id_)
            is_due = move.reservation_date and move.reservation_date <= today
            if units and (
                is_due or move.picking_type_id.reservation_method == "at_confirm"
            ):
                move._action_assign(
                    force_qty=product.uom_id._compute_quantity(
                        from_units(units, pool.rounding), move.product_uom, round=False
                    )
                )

    # ------------------------------------------------------------
    # TELLING
    # ------------------------------------------------------------

    def _tell(self):
        """Tell the owners whose orders come on another day, each of them once."""
        self.ensure_one()
        by_owner = defaultdict(list)
        orders, promises = self.env["sale.order"].sudo(), self.env["supply.promise"]
        for row in self.effect or ():
            owner = promises._get_owner(orders.browse(row["order_id"]))
            if owner and owner != self.env.user:
                by_owner[owner].append(row)
        for owner, rows in by_owner.items():
            mine = self.with_context(lang=owner.lang, tz=owner.tz)
            self.env["mail.thread"].with_context(lang=owner.lang).message_notify(
                partner_ids=owner.partner_id.ids,
                subject=mine.env._(
                    "%(product)s: some of your orders come on another day",
                    product=mine.product_id.display_name,
                ),
                body=mine._render_notice(rows),
            )

    def _render_notice(self, rows):
        """Return the text for an owner, in the language of ``self``."""
        return self.env["ir.qweb"]._render(
            "crm_purchase_bridge.decision_notice",
            {
                "by": self.user_id.name,
                "what": self._describe(),
                "reason": self.reason,
                "rows": [
                    {
                        **row,
                        "before": self._format_day(row["before"]),
                        "after": self._format_day(row["after"]),
                    }
                    for row in rows
                ],
            },
            minimal_qcontext=True,
        )

    def _format_day(self, day):
        return format_date(self.env, day) if day else self.env._("nobody knows when")

    def _describe(self):
        """Return what was decided, in one sentence."""
        self.ensure_one()
        values = {
            "order": self.order_name,
            "other": self.other_name,
            "product": self.product_id.display_name,
            "quantity": formatLang(
                self.env,
                self.quantity,
                digits=0 if float(self.quantity).is_integer() else 2,
            ),
        }
        if self.kind == "move" and self.other_name:
            return self.env._("%(order)s is served right after %(other)s.", **values)
        if self.kind == "move":
            return self.env._("%(order)s is served first.", **values)
        if self.kind == "lend":
            return self.env._(
                "%(order)s gets %(quantity)s × %(product)s of %(other)s.", **values
            )
        if self.kind == "split" and self.other_name:
            return self.env._(
                "%(quantity)s of %(order)s go first, the rest after %(other)s.",
                **values,
            )
        if self.kind == "split":
            return self.env._(
                "%(quantity)s of %(order)s go first, the rest when it is there.",
                **values,
            )
        return self.env._("%(order)s has its own place again.", **values)
