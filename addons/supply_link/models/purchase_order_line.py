from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..pegging import NEVER

#: Fields that tie a line to the customer's order it serves.
TIES = {"move_dest_ids", "sale_line_id"}
#: Fields that say how much of it there is.
AMOUNTS = {"product_qty", "product_uom_id", "product_id", "order_id"}


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    supply_link_ids = fields.One2many(
        "supply.link",
        "purchase_line_id",
        string="Serves",
        domain=[("state", "in", ("open", "received"))],
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    supply_customers = fields.Char(
        string="Who Waits",
        compute="_compute_supply_customers",
        groups="base.group_user",
    )
    supply_customers_detail = fields.Text(
        string="All Who Wait",
        compute="_compute_supply_customers",
        groups="base.group_user",
    )

    @api.depends("supply_link_ids")
    @api.depends_context("lang", "tz", "uid")
    def _compute_supply_customers(self):
        told = self.env["supply.customers"]._describe(self._origin)
        for line in self:
            line.supply_customers, line.supply_customers_detail = told.get(
                line._origin.id, ("", "")
            )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        tied = [
            line.id
            for line, vals in zip(lines, vals_list, strict=True)
            if any(vals.get(tie) for tie in TIES)
        ]
        if tied:
            self.env["supply.link"]._follow(self.browse(tied), are_new=True)
        return lines

    def write(self, vals):
        result = super().write(vals)
        if "date_planned" in vals:
            self._expect_receipts(vals["date_planned"])
        if not TIES.isdisjoint(vals):
            self.env["supply.link"]._follow(self)
        elif not AMOUNTS.isdisjoint(vals):
            linked = self._get_linked()
            if linked:
                self.env["supply.link"]._follow(linked)
        return result

    def _expect_receipts(self, date):
        """Keep what the buyer says now about receipts that were planned before."""
        receipts = self.sudo().move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        receipts.write({"supply_expected_on": date})

    def unlink(self):
        links = self._get_live_links()
        result = super().unlink()
        links.write({"state": "cancelled"})
        return result

    def _merge_po_line(self, rfq_line):
        """The customers of the merged line are customers of this one."""
        links = rfq_line._get_kept_links().get(rfq_line)
        if links:
            links._replace(self)
        result = super()._merge_po_line(rfq_line)
        self.env["supply.link"]._follow(self)
        return result

    def _get_live_links(self):
        return (
            self.env["supply.link"]
            .sudo()
            .search(
                [
                    ("purchase_line_id", "in", self.ids),
                    ("state", "in", ("open", "received")),
                ]
            )
        )

    def _get_kept_links(self):
        """Return the links that Odoo forgets when it merges these lines, by line."""
        kept = self._get_live_links().filtered(
            lambda link: link.kind in ("bought_for", "dropship")
        )
        return {
            line.with_env(self.env): links
            for line, links in kept.grouped("purchase_line_id").items()
        }

    def _get_merge_key(self):
        """Return what lines have in common that Odoo folds into one."""
        return (
            self.product_id,
            self.product_uom_id,
            self.discount,
            self.analytic_distribution,
        )

    def _get_linked(self):
        """Return those that serve a customer's order."""
        return self & self._get_live_links().purchase_line_id.with_env(self.env)

    def action_view_supply_waiting(self):
        """Show who waits for the goods of these lines."""
        self.check_access("read")
        return self.env["supply.waiting"]._open(self)

    # ------------------------------------------------------------
    # ARRIVAL: the one place that reads when a purchase is expected
    # ------------------------------------------------------------

    def _get_supply_arrivals(self):
        """Return when what these lines still bring is expected.

        What is ordered comes when its receipts are planned. What is not ordered yet
        comes when the buyer said, as long as the vendor can keep that; from then on as
        if it were ordered today. It moves by whole days, so that it stays the same all
        day.

        :return: by line, the moment, ``NEVER`` when nobody knows, and the days overdue
        :rtype: dict
        """
        clocks = {}
        receipts = self._read_receipts()
        clock = self.env["supply.clock"]
        # of a line that was deleted in SQL nothing is known until its links have ended
        arrivals = defaultdict(lambda: (NEVER, 0))
        for line in self.sudo():
            order = line.order_id
            company = order.company_id
            if company not in clocks:
                clocks[company] = clock._get_clock(company)
            planned = receipts.get(line.id) or line.date_planned
            if not planned:
                arrivals[line] = NEVER, 0
            elif order.state == "purchase":
                planned = line._get_ordered_arrival(planned, clocks[company])
                arrivals[line] = clocks[company].expect(planned)
            else:
                waited = max(clocks[company].days_since(order.date_order), 0)
                takes = line._get_supply_time(clocks[company])
                soonest = order.date_order + timedelta(days=waited) + takes
                arrivals[line] = max(planned, soonest), 0
        return arrivals

    def _get_ordered_arrival(self, planned, clock):
        """Return when what is ordered is expected: Odoo keeps a plan that was over when
        it was ordered, and nobody can keep it. Then it comes as long after the order as
        the vendor takes."""
        self.ensure_one()
        ordered = self.order_id.date_approve
        since = clock.days_since(planned)
        is_moved = since != clock.days_since(self.date_planned)
        if not ordered or is_moved or since <= clock.days_since(ordered):
            return planned
        takes = self._get_supply_time(clock)
        return ordered + takes if takes else planned

    def _get_supply_time(self, clock):
        """Return how long after the order the goods come.

        As long as the vendor is known to take; less where the buyer has entered a
        nearer day. Of a vendor of whom nothing is known the day that was entered can be
        kept until it is over; then they take as long as the buyer gave them.

        :rtype: timedelta
        """
        self.ensure_one()
        planned = max(self.date_planned - self.order_id.date_order, timedelta())
        known = self._get_vendor_days()
        if known is not None:
            return min(planned, timedelta(days=known))
        return planned if clock.days_since(self.date_planned) > 0 else timedelta()

    def _get_vendor_days(self):
        """Return how many days the vendor is known to take, or nothing; for as much as
        is ordered, where that matters."""
        self.ensure_one()
        order, product = self.order_id, self.product_id
        vendor = order.partner_id.commercial_partner_id
        sellers = product.seller_ids.filtered(
            lambda seller: (
                seller.partner_id.commercial_partner_id == vendor
                and seller.product_id in (product, seller.product_id.browse())
                and seller.company_id in (order.company_id, order.company_id.browse())
            )
        )
        enough = sellers.filtered(
            lambda seller: (
                seller.min_qty
                <= self.product_uom_id._compute_quantity(
                    self.product_qty, seller.product_uom_id, round=False
                )
            )
        )
        seller = (enough or sellers)[:1]
        return seller.delay if seller else None

    def _read_receipts(self):
        """Return the latest date of open receipts, by id of the line."""
        if not self:
            return {}
        self.env["stock.move"].flush_model(
            ["purchase_line_id", "state", "date", "supply_expected_on"]
        )
        self.env.cr.execute(
            SQL(
                """
                SELECT purchase_line_id, max(COALESCE(supply_expected_on, date))
                  FROM stock_move
                 WHERE purchase_line_id = ANY(%s)
                   AND state IN ('waiting', 'confirmed', 'partially_available',
                                 'assigned')
                 GROUP BY purchase_line_id
                """,
                self.ids,
            )
        )
        return dict(self.env.cr.fetchall())
