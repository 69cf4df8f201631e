from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..promise_row import NOTHING
from .supply_promise import OVER

#: How many lines of the past get their first promise at a time.
FILLED = 2000
#: Where the past has been filled up to.
FILLED_UP_TO = "crm_purchase_bridge.promises_filled"
#: The last day on which a company's promises were looked at because time passes.
LOOKED_AT = "crm_purchase_bridge.day"


class SupplyPromise(models.Model):
    """Promises and the calendar: which offers are followed, what a day changes, what
    there was before the installation, and whether they were kept."""

    _inherit = "supply.promise"

    was_kept = fields.Boolean(
        string="Kept",
        compute="_compute_was_kept",
        search="_search_was_kept",
        compute_sudo=True,
        help="All of it that was ordered then was delivered by the end of the day that "
        "was told, minus what came back to be refunded. A kit: Odoo calls all of it "
        "delivered, and its last part went out by then.",
    )

    _told = models.Index(
        "(company_id, told_on) INCLUDE (is_ordered, sale_line_id, order_id)"
        " WHERE told_on IS NOT NULL"
    )

    def _get_due(self):
        """Return the day that the customer counts on, if there is one."""
        return self.told_on or self.wanted_on

    # ------------------------------------------------------------
    # OFFERS, which come to an end
    # ------------------------------------------------------------

    @api.model
    def _filter_current(self, lines):
        """Return the lines without those of offers that are over."""
        if lines._name == "crm.lead.line" or not lines:
            return lines
        self.env["supply.facts"]._flush_offers()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id
                  FROM sale_order_line line
                  JOIN sale_order sale ON sale.id = line.order_id
             LEFT JOIN supply_promise promise ON promise.sale_line_id = line.id
                 WHERE line.id = ANY(%s)
                   AND line.state IN ('draft', 'sent')
                   AND %s IS NOT TRUE
                """,
                lines.ids,
                self.env["supply.facts"]._is_current_offer(),
            )
        )
        return lines - lines.browse(id_ for (id_,) in rows)

    # ------------------------------------------------------------
    # TIME PASSES, AND THE PAST
    # ------------------------------------------------------------

    @api.model
    def _cron_day(self):
        """Look again, once a day, at what was to happen by now: a day's change makes
        goods overdue, and a day that has passed is no promise."""
        self.flush_model(
            ["is_open", "is_ordered", "likely_on", "sale_line_id", "product_id"]
        )
        parameters = self.env["ir.config_parameter"].sudo()
        self.env.cr.execute(
            "SELECT DISTINCT company_id FROM supply_promise WHERE is_open"
        )
        ids = [id_ for (id_,) in self.env.cr.fetchall()]
        for company in self.env["res.company"].sudo().browse(ids):
            today = company._approval_day()
            key = f"{LOOKED_AT}_{company.id}"
            if parameters.get_param(key) == str(today):
                continue
            parameters.set_param(key, str(today))
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO supply_change (product_id, sale_line_id, noted_on)
                    SELECT promise.product_id, promise.sale_line_id,
                           now() AT TIME ZONE 'UTC'
                      FROM supply_promise promise
                     WHERE promise.is_open
                       AND promise.company_id = %(company)s
                       AND promise.product_id IS NOT NULL
                       -- an offer may be over today, and is not looked at any more
                       AND (NOT promise.is_ordered
                            OR promise.likely_on IS NULL
                            OR promise.likely_on <= %(today)s
                            OR promise.buy_by IS NOT NULL
                            OR promise.method IN ('buy', 'incoming'))
                    """,
                    company=company.id,
                    today=today,
                )
            )
        self.env.ref("supply_link.ir_cron_follow").sudo()._trigger()

    @api.model
    def _cron_fill(self):
        """Give the lines of the past their first promise, part by part.

        It goes on where it was stopped, and stops for good at the end.
        """
        cron = self.env["ir.cron"]
        while left := self._fill_batch():
            if not cron._commit_progress(1, remaining=left):
                return
        cron._commit_progress(deactivate=True)

    @api.model
    def _is_being_filled(self):
        """Tell whether some of the past is still to be looked at."""
        return self.env.ref("crm_purchase_bridge.ir_cron_fill").sudo().active

    @api.model
    def _fill_batch(self, batch=FILLED):
        """Note the next lines that are open; the job of the outbox follows them.

        Only that job makes promises of many lines: two that did would meet.

        :return: how many are left
        :rtype: int
        """
        parameters = self.env["ir.config_parameter"].sudo()
        last = int(parameters.get_param(FILLED_UP_TO, 0))
        lines = self.env["sale.order.line"].sudo()
        domain = [
            ("id", ">", last),
            ("state", "in", ("draft", "sent", "sale")),
            ("display_type", "=", False),
            ("product_id.type", "=", "consu"),
        ]
        found = lines.search(domain, order="id", limit=batch)
        if not found:
            return 0
        self.env.cr.execute(
            SQL(
                "INSERT INTO supply_change (product_id, sale_line_id, noted_on)"
                " SELECT product_id, id, now() AT TIME ZONE 'UTC'"
                " FROM sale_order_line WHERE id IN %s"
                " AND product_uom_qty > COALESCE(qty_delivered, 0)",
                tuple(found.ids),
            )
        )
        self.env.ref("supply_link.ir_cron_follow").sudo()._trigger()
        parameters.set_param(FILLED_UP_TO, found[-1].id)
        return lines.search_count([("id", ">", found[-1].id), *domain[1:]])

    @api.model
    def _prepare_passed(self, lines, stored):
        """Return the values of promises of order lines that were delivered before
        anybody looked, by id: nothing can be promised of them any more, and what the
        customer wanted is compared with what came, as of all others.

        :param lines: of which nothing can be promised
        :param dict stored: :class:`Stored` by id of the line
        :rtype: dict
        """
        if lines._name == "crm.lead.line":
            return {}
        lines = lines.browse(
            id_ for id_ in lines._ids if not stored.get(id_, NOTHING).ordered_at
        )
        lines = lines.filtered(
            lambda line: line.state == "sale" and line.product_uom_qty > 0
        )
        if not lines:
            return {}
        facts, now = self.env["supply.facts"]._read_facts(lines), fields.Datetime.now()
        prepared = {}
        for line in lines:
            mine = facts[line.id]
            if not mine.is_goods or mine.quantity > 0:
                continue
            wanted = self._get_wanted(line, mine, stored.get(line.id, NOTHING))
            prepared[line.id] = {
                **OVER,
                "order_id": mine.document,
                "partner_id": mine.partner,
                "product_id": mine.product,
                "company_id": mine.company,
                "is_ordered": True,
                "quantity": 0.0,
                "wanted_on": wanted,
                "ordered_at": now,
                "ordered_wanted_on": wanted,
            }
        return prepared

    # ------------------------------------------------------------
    # KEPT OR NOT
    # ------------------------------------------------------------

    @api.depends("told_on")
    def _compute_was_kept(self):
        kept = self.search([("id", "in", self.ids), ("was_kept", "=", True)])
        for promise in self:
            promise.was_kept = promise in kept

    def _search_was_kept(self, operator, value):
        """Net of what came back: as much went out by then as was ordered.

        It is asked of each row that other conditions leave, not of all that were ever
        told.
        """
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        told = Domain("told_on", "!=", False)
        if wanted == {True, False}:
            return told
        kept = Domain.custom(to_sql=self._get_was_kept_sql)
        return told & (kept if True in wanted else ~kept)

    @api.model
    def _get_was_kept_sql(self, _model, alias, _query):
        promise = SQL.identifier(alias)
        return SQL(
            """
            COALESCE((
                SELECT %(is_kept)s
                  FROM stock_move move
                  JOIN sale_order_line line ON %(is_of_line)s
                 WHERE move.sale_line_id = %(promise)s.sale_line_id
                   AND %(is_done)s
            ), FALSE)
            """,
            promise=promise,
            **self._get_kept_parts(promise),
        )

    @api.model
    def _count_kept(self, domain):
        """Count promises by whether they were kept: what went out for all of them is
        added up at once.

        :param domain: of promises that were told
        :return: lines and orders by whether they were kept
        :rtype: dict
        """
        self.flush_model()
        query = self._search(domain, order="id")
        query.order = None
        names = ("company_id", "order_id", "sale_line_id", "told_on")
        columns = [self._field_to_sql(query.table, name, query) for name in names]
        rows = self.env.execute_query(
            SQL(
                """
                WITH told AS MATERIALIZED (%(told)s),
                delivered AS (
                    SELECT told.sale_line_id, %(is_kept)s AS is_kept
                      FROM told
                      JOIN stock_move move ON move.sale_line_id = told.sale_line_id
                      JOIN sale_order_line line ON %(is_of_line)s
                     WHERE %(is_done)s
                  GROUP BY told.sale_line_id
                )
                SELECT COALESCE(is_kept, FALSE), COUNT(*), COUNT(DISTINCT order_id)
                  FROM told
             LEFT JOIN delivered USING (sale_line_id)
              GROUP BY 1
                """,
                told=query.select(*columns),
                **self._get_kept_parts(SQL.identifier("told")),
            )
        )
        return {is_kept: (lines, orders) for is_kept, lines, orders in rows}

    @api.model
    def _get_outgoing_sql(self):
        """Return the locations to which goods are sold, as Odoo's ``_is_outgoing``
        says: those of customers, and what goes to another company of ours."""
        return SQL(
            """
            (SELECT id FROM stock_location
              WHERE usage = 'customer'
                 OR parent_path LIKE (
                    SELECT parent_path || '%%' FROM stock_location WHERE id = %s))
            """,
            self._get_between_companies(),
        )

    @api.model
    def _get_between_companies(self):
        """Return the id of the location between companies, or None without one."""
        location = self.env["ir.model.data"]._xmlid_to_res_id(
            "stock.stock_location_inter_company", raise_if_not_found=False
        )
        return location or None

    @api.model
    def _get_kept_parts(self, promise):
        """Return the SQL that tells whether a promise was kept, of the moves of its
        order line that are done.

        They count as ``sale_stock`` counts them: what comes back where it is to be
        refunded. They are compared with what was ordered at the end of the day that was
        told. Of a kit the parts move, and Odoo alone knows how many make one: it is
        kept if Odoo calls all of it delivered, and the last part went out by then.

        Locations are looked up as a set, and units only where they differ: a join of
        each for every move would take most of the time.

        :param promise: SQL of the table of promises
        """
        for model in ("stock.location", "stock.move", "sale.order.line"):
            self.env[model].flush_model()
        companies = self.env["res.company"].sudo().search([("active", "!=", None)])
        zones = SQL(" ").join(
            SQL("WHEN %s THEN %s", company.id, str(company._approval_zone()))
            for company in companies
        )
        customers = self._get_outgoing_sql()
        zone = SQL("CASE %s.company_id %s END", promise, zones)

        def day_of(moment):
            return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, zone)

        in_time = SQL("%s <= %s.told_on", day_of(SQL("move.date")), promise)
        ordered = SQL(
            """
            MIN(CASE WHEN line.ordered_before IS NULL THEN line.product_uom_qty
                     ELSE COALESCE((
                        SELECT (change->>'quantity')::numeric * unit.factor
                               / own_unit.factor
                          FROM jsonb_array_elements(line.ordered_before)
                               WITH ORDINALITY AS changes (change, number)
                          JOIN uom_uom unit ON unit.id = (change->>'unit')::integer
                          JOIN uom_uom own_unit ON own_unit.id = line.product_uom_id
                         WHERE %s > %s.told_on
                      ORDER BY number
                         LIMIT 1), line.product_uom_qty) END) - 0.000001
            """,
            day_of(SQL("(change->>'until')::timestamp")),
            promise,
        )
        return {
            "is_kept": SQL(
                """
                CASE WHEN bool_or(move.product_id <> line.product_id)
                     THEN MIN(line.qty_delivered) >= %(ordered)s
                          AND bool_and(%(in_time)s)
                              FILTER (WHERE move.location_dest_id IN %(customers)s)
                     ELSE SUM(
                        CASE WHEN move.product_uom = line.product_uom_id
                             THEN move.quantity
                             ELSE move.quantity
                                  * (SELECT factor FROM uom_uom
                                      WHERE id = move.product_uom)
                                  / (SELECT factor FROM uom_uom
                                      WHERE id = line.product_uom_id)
                        END
                        * CASE WHEN move.location_dest_id IN %(customers)s
                               THEN CASE WHEN move.origin_returned_move_id IS NULL
                                              OR move.to_refund THEN 1 ELSE 0 END
                               WHEN move.to_refund
                                    AND move.location_id IN %(customers)s THEN -1
                               ELSE 0 END
                        ) FILTER (WHERE %(in_time)s) >= %(ordered)s END
                """,
                customers=customers,
                in_time=in_time,
                ordered=ordered,
            ),
            "is_of_line": SQL("line.id = move.sale_line_id"),
            "is_done": SQL("move.state = 'done'"),
        }
