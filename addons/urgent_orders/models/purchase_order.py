from odoo import api, fields, models
from odoo.tools import SQL, format_date

from .urgency_notice import TO_DO


class PurchaseOrder(models.Model):
    """Takes urgency from the customers' orders that it serves."""

    _name = "purchase.order"
    _inherit = ["purchase.order", "urgency.mixin"]

    urgency_source_id = fields.Many2one(
        "sale.order",
        string="Urgent For",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="The customer's order this urgency comes from.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """An alternative meets the need that somebody marked on the first quotation."""
        orders = super().create(vals_list)
        first = self.browse(self.env.context.get("origin_po_id") or []).exists()
        for order in orders if first.sudo().urgency_own else ():
            if order.purchase_group_id & first.purchase_group_id:
                order._take_own_urgency(first)
        return orders

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("purchase", "cancel"):
            self._urgency_not_plain()._dismiss_urgency_notices()
        if vals.get("state") == "draft" or "purchase_group_id" in vals:
            self._inherit_urgency()
        return result

    def _merge_alternative_po(self, rfqs):
        """What somebody marked is as urgent after it was merged."""
        result = super()._merge_alternative_po(rfqs)
        self._take_own_urgency(rfqs)
        return result

    def _get_urgency_goods(self):
        return [
            (line.product_id.display_name, line.product_qty, line.product_uom_id)
            for line in self.order_line.filtered("product_id")
        ]

    def _urgency_follows(self):
        return self.state != "cancel"

    def _get_urgency_sources(self):
        """The orders that links name, and those for which the stock was refilled."""
        sales = self.order_line.supply_link_ids.sale_id | self._get_refilled_sales()
        return [sale for sale in sales if sale.state != "cancel"]

    def _get_refilled_sales(self):
        """Return the orders that take from the stock which this order refills.

        Nothing ties them but what they refer to in common. A copy refers to the same;
        it serves no order line for which something else is bought.
        """
        wanted = self._get_sale_orders().order_line.filtered(
            lambda line: (
                line.product_id in self.order_line.product_id
                and not line.supply_link_ids
            )
        )
        return wanted.order_id

    def _prepare_urgency_source(self, source):
        return {"urgency_source_id": bool(source) and source.id}

    def _get_urgency_heirs(self):
        return [self.picking_ids | self.reference_ids.move_ids.picking_id]

    def _prepare_picking(self):
        """The receipt is as urgent as the order."""
        values = super()._prepare_picking()
        if self._urgency_not_plain() and self.is_urgent:
            receipt = self.env["stock.picking"]
            values |= {
                "needed_by": self.needed_by,
                **self._prepare_urgency_values(),
                **receipt._prepare_urgency_source(self.sudo()),
            }
        return values

    def _urgency_raised(self):
        """Whoever has the to-do here needs none on the customer's order any more."""
        result = super()._urgency_raised()
        for order in self.sudo().filtered("urgency_source_id"):
            to_dos = order.activity_search([TO_DO])
            for user in to_dos.user_id:
                order.urgency_source_id.activity_unlink([TO_DO], user_id=user.id)
        return result

    def _get_urgency_assignees(self, readers):
        """The buyer and the purchasing managers; without a buyer all who are told."""
        if self.user_id not in readers:
            return super()._get_urgency_assignees(readers)
        managers = readers.filtered(
            lambda user: user.has_group("purchase.group_purchase_manager")
        )
        return self.user_id | managers

    # ------------------------------------------------------------
    # APPROVAL: the more urgent, the faster
    # ------------------------------------------------------------

    def _approval_urgency(self):
        """The order of levels; whatever their numbers are, urgent is above none."""
        if not self.is_urgent:
            return super()._approval_urgency()
        return max(1, self.urgency_level_id.sequence)

    def _approval_adapt_hours(self, hours, on_timeout):
        """Urgency shortens limits. It gives none to a step that would then refuse by
        itself: what must be approved must be approved by people."""
        hours = super()._approval_adapt_hours(hours, on_timeout)
        if not hours and on_timeout == "reject":
            return hours
        return self.urgency_level_id._shorten(hours)

    def _urgency_changed(self, before):
        result = super()._urgency_changed(before)
        self._approval_relimit()
        return result

    def _approval_level(self):
        level = self.urgency_level_id
        return (level.name, level.color) if level else super()._approval_level()

    @api.model
    def _approval_find_levels(self, ids):
        """Ask for nothing else of the orders, and for all in one query."""
        levels = self.env["urgency.level"].sudo()
        self.flush_model(["urgency_level_id"])
        levels.flush_model(["color", "name"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT purchase.id, level.id, %(name)s, COALESCE(level.color, 0)
                  FROM purchase_order AS purchase
                  LEFT JOIN urgency_level AS level
                    ON level.id = purchase.urgency_level_id
                 WHERE purchase.id IN %(ids)s
                """,
                name=levels._field_to_sql("level", "name"),
                ids=tuple(ids),
            )
        )
        unnamed = super()._approval_level()
        return {
            order_id: (name, color) if level_id else unnamed
            for order_id, level_id, name, color in rows
        }

    def _approval_about(self):
        level = self.is_urgent and self.urgency_level_id.name
        needed_by = self.needed_by and self.env._(
            "needed by %s", format_date(self.env, self.needed_by)
        )
        return [*super()._approval_about(), level, needed_by]

    def _approval_warnings(self):
        """Money does not help who gets the goods too late."""
        warnings = super()._approval_warnings()
        for order in self:
            if not (order.needed_by and order.date_planned):
                continue
            day_of = order.company_id._approval_day
            arrival = day_of(order.date_planned)
            if arrival > day_of(order.needed_by):
                day = format_date(self.env, arrival)
                mark = self.env._("arrives too late: %(day)s", day=day)
                warnings[order].append((mark, ""))
        return warnings

    def _approval_facts(self):
        """Approvers read why it is urgent before they read where it comes from."""
        env = self.env
        facts = super()._approval_facts()
        urgency = [
            (env._("Urgency"), self.is_urgent and self.urgency_level_id.name),
            (env._("Needed by"), format_date(env, self.needed_by)),
            (env._("Reason for urgency"), self.urgency_reason),
        ]
        return [*facts[:3], *urgency, *facts[3:]]
