from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..delays import (
    DAYS,
    HOURS,
    Delay,
    Kept,
    Width,
    add_limits,
    choose_width,
    days_until,
    find_widths,
    quantile,
    time_left,
)

#: Kinds of promises that differ in how good they are: what is ordered, what is not.
ORDERED, BUY = "ordered", "buy"
#: How far the past is looked at, in days.
APPROVALS, REACTIONS, VENDORS, PROMISES = 180, 180, 365, 180
#: From so many cases on the past says how long something takes.
ENOUGH = 8
#: No more cases of a kind than these are looked at, the newest.
MOST = 5000
#: No more of them are kept.
CASES = 101
#: More spreads than this are an error in the past, not a fact.
WIDEST = 4.0


class SupplyPace(models.Model):
    """How long things took until now: approvals, buyers, vendors.

    One row for each kind and whom it is about, made anew each night. Promises read
    them, so that each of them costs nothing but a row.
    """

    _name = "supply.pace"
    _description = "How Long Supply Takes"
    _named_customers = (["partner_id"], None)
    _order = "kind, sample desc, id"
    _rec_name = "kind"

    kind = fields.Selection(
        [
            ("reaction", "From quotation to order"),
            ("approval", "Approval of purchases"),
            ("vendor", "Vendor later than ordered for"),
            ("width", "Width of promises"),
            ("on_time", "Vendor on time"),
        ],
        required=True,
        readonly=True,
        help="Reaction and approval in working hours, vendors in days of the calendar. "
        "The width is where the days of a promise are, counted in the spread that the "
        "formula says: half of such promises were kept by the first, four of five by "
        "the second.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", readonly=True
    )
    rule_id = fields.Many2one(
        "approval.rule",
        ondelete="cascade",
        readonly=True,
        index="btree_not_null",
        help="Nothing: all purchases that were approved.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Vendor",
        ondelete="cascade",
        readonly=True,
        index="btree_not_null",
        help="Nothing: all vendors.",
    )
    way = fields.Char(
        string="Kind of Promise", readonly=True, help="Of widths: ordered, or to buy."
    )
    sample = fields.Integer(string="Cases", readonly=True)
    likely = fields.Float(
        string="Half of Them", readonly=True, help="In half of the cases no longer."
    )
    safe = fields.Float(
        string="Four of Five", readonly=True, help="In four of five cases no longer."
    )
    on_time = fields.Float(
        string="On Time (%)",
        readonly=True,
        help="Of vendors: quantity received by the day for which it was ordered, of "
        "all that was due.",
    )
    hours = fields.Json(
        readonly=True,
        prefetch=False,
        help="The cases themselves, or a hundred that stand for them. They say how "
        "much is left of what has taken a while.",
    )
    computed_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex(
        "(company_id, kind, COALESCE(way, ''), COALESCE(rule_id, 0),"
        " COALESCE(partner_id, 0))"
    )

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    @api.model
    def _read_paces(self, company, vendors=None):
        """Return what the past says about a company.

        :param vendors: ``res.partner`` records that are asked about
        :rtype: Paces
        """
        ids = [False, *(vendors.commercial_partner_id.ids if vendors else ())]
        rows = self.sudo().search(
            [("company_id", "=", company.id), ("partner_id", "in", ids)]
        )
        return Paces(rows)

    # ------------------------------------------------------------
    # COUNTING, EACH NIGHT
    # ------------------------------------------------------------

    @api.model
    def _cron_count(self):
        """Count the past of each company anew."""
        buying = self.env["purchase.order"].sudo()._read_group([], ["company_id"])
        for (company,) in buying:
            self._count_past(company)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _count_past(self, company):
        """Replace what is known of a company's past."""
        paces = self.with_env(self.env(su=True, context={}))
        now = fields.Datetime.now()
        found = [
            *paces._count_approvals(company, now),
            *paces._count_reactions(company, now),
            *paces._count_vendors(company, now),
            *paces._count_on_time(company, now),
            *paces._count_widths(company, now),
        ]
        paces.search([("company_id", "=", company.id)]).unlink()
        paces.create(
            [
                {"company_id": company.id, "computed_at": now, **values}
                for values in found
            ]
        )

    @api.model
    def _prepare_pace(self, kind, hours, **about):
        """Return the values of a row, in a list; nothing where there is too little."""
        if len(hours) < ENOUGH:
            return []
        return [
            {
                "kind": kind,
                "sample": len(hours),
                "likely": quantile(hours, 0.5),
                "safe": quantile(hours, 0.8),
                "hours": self._pick_cases(hours) if kind == "approval" else False,
                **about,
            }
        ]

    @api.model
    def _pick_cases(self, hours):
        """Return a hundred cases that stand for all, the shortest first."""
        if len(hours) <= CASES:
            return sorted(hours)
        return [quantile(hours, number / (CASES - 1)) for number in range(CASES)]

    @api.model
    def _count_approvals(self, company, now):
        """Count the working hours from submission to approval, by rule and together."""
        self.env["approval.process"].flush_model()
        self.env["approval.task"].flush_model(["process_id", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT rule_id, submitted_at, closed_at
                  FROM approval_process
                 WHERE res_model = 'purchase.order'
                   AND company_id = %s
                   AND state IN ('approved', 'superseded')
                   AND closed_at >= %s
                   AND EXISTS (SELECT FROM approval_task task
                                WHERE task.process_id = approval_process.id
                                  AND task.state = 'approved')
              ORDER BY closed_at DESC
                 LIMIT %s
                """,
                company.id,
                now - timedelta(days=APPROVALS),
                MOST,
            )
        )
        if not rows:
            return []
        calendar = company._approval_working_time().read_from(
            min(submitted for _rule, submitted, _closed in rows)
        )
        hours = defaultdict(list)
        for rule, submitted, closed in rows:
            hours[rule].append(calendar.count(submitted, closed))
        together = [each for group in hours.values() for each in group]
        found = self._prepare_pace("approval", together)
        for rule, group in hours.items():
            if rule:
                found += self._prepare_pace("approval", group, rule_id=rule)
        return found

    @api.model
    def _count_reactions(self, company, now):
        """Count the working hours from a new quotation until somebody submits or
        orders it."""
        self.env["purchase.order"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT purchase.create_date,
                       COALESCE(MIN(process.submitted_at), purchase.date_approve)
                  FROM purchase_order purchase
             LEFT JOIN approval_process process
                    ON process.res_model = 'purchase.order'
                   AND process.res_id = purchase.id
                 WHERE purchase.company_id = %s
                   AND purchase.state = 'purchase'
                   AND purchase.date_approve >= %s
              GROUP BY purchase.id
              ORDER BY purchase.date_approve DESC
                 LIMIT %s
                """,
                company.id,
                now - timedelta(days=REACTIONS),
                MOST,
            )
        )
        if not rows:
            return []
        calendar = company._approval_working_time().read_from(
            min(made for made, _ordered in rows)
        )
        hours = [calendar.count(made, ordered) for made, ordered in rows]
        return self._prepare_pace("reaction", hours)

    @api.model
    def _count_vendors(self, company, now):
        """Count by how many days goods came later than they were ordered for.

        What was expected when the order was confirmed counts: the date that stands on
        a line now has been moved by whoever was told that it is late.
        """
        self.env["purchase.order.line"].flush_model()
        self.env["stock.move"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH received AS (
                    SELECT vendor.commercial_partner_id AS vendor,
                           (max(move.date)
                            AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                         - (line.confirmed_arrival
                            AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS late
                      FROM purchase_order_line line
                      JOIN purchase_order purchase ON purchase.id = line.order_id
                      JOIN res_partner vendor ON vendor.id = purchase.partner_id
                      JOIN stock_move move
                        ON move.purchase_line_id = line.id AND move.state = 'done'
                     WHERE purchase.company_id = %(company)s
                       AND line.confirmed_arrival IS NOT NULL
                       AND line.qty_received >= line.product_qty
                       AND line.product_qty > 0
                  GROUP BY vendor.commercial_partner_id, line.id
                    HAVING max(move.date) >= %(since)s
                )
                SELECT vendor, count(*),
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY late),
                       percentile_cont(0.8) WITHIN GROUP (ORDER BY late)
                  FROM received
              GROUP BY GROUPING SETS ((vendor), ())
                HAVING count(*) >= %(enough)s
                """,
                zone=str(company._approval_zone()),
                company=company.id,
                since=now - timedelta(days=VENDORS),
                enough=ENOUGH,
            )
        )
        return [
            {
                "kind": "vendor",
                "partner_id": vendor,
                "sample": sample,
                "likely": likely,
                "safe": safe,
            }
            for vendor, sample, likely, safe in rows
        ]

    @api.model
    def _count_on_time(self, company, now):
        """Count which share of what was due came by the day for which it was ordered.

        Each line counts by the share of its quantity, so that screws do not outweigh
        beds. The date at confirmation counts here too; what has not come is not on
        time, whether it is still open or not.
        """
        self.env["purchase.order.line"].flush_model()
        self.env["stock.move"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH due AS (
                    SELECT vendor.commercial_partner_id AS vendor, line.id,
                           line.product_uom_qty AS quantity,
                           (line.confirmed_arrival
                            AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day
                      FROM purchase_order_line line
                      JOIN purchase_order purchase ON purchase.id = line.order_id
                      JOIN res_partner vendor ON vendor.id = purchase.partner_id
                     WHERE purchase.company_id = %(company)s
                       AND purchase.state = 'purchase'
                       AND line.product_uom_qty > 0
                       AND line.confirmed_arrival >= %(since)s
                       AND EXISTS (SELECT FROM stock_move
                                    WHERE purchase_line_id = line.id)
                ), come AS (
                    SELECT due.vendor,
                           LEAST(COALESCE(SUM(move.quantity * unit.factor
                                              / own_unit.factor), 0)
                                 / due.quantity, 1) AS share
                      FROM due
                 LEFT JOIN stock_move move
                        ON move.purchase_line_id = due.id
                       AND move.state = 'done'
                       AND (move.date AT TIME ZONE 'UTC'
                            AT TIME ZONE %(zone)s)::date <= due.day
                       AND EXISTS (SELECT FROM stock_location
                                    WHERE id = move.location_id
                                      AND usage = 'supplier')
                 LEFT JOIN uom_uom unit ON unit.id = move.product_uom
                 LEFT JOIN product_product product ON product.id = move.product_id
                 LEFT JOIN product_template template
                        ON template.id = product.product_tmpl_id
                 LEFT JOIN uom_uom own_unit ON own_unit.id = template.uom_id
                     WHERE due.day < %(today)s
                  GROUP BY due.vendor, due.id, due.quantity
                )
                SELECT vendor, COUNT(*), 100 * AVG(share)
                  FROM come
              GROUP BY vendor
                HAVING COUNT(*) >= %(enough)s
                """,
                zone=str(company._approval_zone()),
                company=company.id,
                since=now - timedelta(days=VENDORS),
                today=company._approval_day(now),
                enough=ENOUGH,
            )
        )
        return [
            {
                "kind": "on_time",
                "partner_id": vendor,
                "sample": sample,
                "on_time": on_time,
            }
            for vendor, sample, on_time in rows
        ]

    @api.model
    def _count_widths(self, company, now):
        """Count how wide promises had to be, so that half of them had been kept by the
        likely day and four of five by the safe one.

        The first promise after an order is confirmed is set beside the day on which the
        last of its goods went out, of lines that were delivered lately: of those that
        were promised lately, the late ones have not come yet.
        """
        self.env["supply.promise.version"].flush_model()
        self.env["sale.order.line"].flush_model(["qty_delivered", "product_uom_qty"])
        self.env["stock.move"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH delivered AS (
                    SELECT move.sale_line_id,
                           (max(move.date)
                            AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day
                      FROM stock_move move
                      JOIN stock_location target ON target.id = move.location_dest_id
                      JOIN sale_order_line line ON line.id = move.sale_line_id
                     WHERE move.state = 'done'
                       AND target.usage = 'customer'
                       AND line.company_id = %(company)s
                       AND line.qty_delivered >= line.product_uom_qty
                  GROUP BY move.sale_line_id
                    HAVING max(move.date) >= %(since)s
                  ORDER BY max(move.date) DESC
                     LIMIT %(most)s
                )
                SELECT version.way, version.vendor, version.estimated_at,
                       version.spread, delivered.day
                  FROM delivered
            CROSS JOIN LATERAL (
                       -- as it was ordered, whatever that says: what was in stock
                       -- then, and was bought later, is no promise of a purchase
                       SELECT *
                         FROM supply_promise_version
                        WHERE sale_line_id = delivered.sale_line_id AND is_ordered
                     ORDER BY id
                        LIMIT 1
                       ) version
                 WHERE version.spread > 0
                   -- whoever wants it later gets it later, and nobody was late
                   AND (version.wanted_on IS NULL
                        OR version.wanted_on <= version.likely_on)
                """,
                zone=str(company._approval_zone()),
                company=company.id,
                since=now - timedelta(days=PROMISES),
                most=MOST,
            )
        )
        if not rows:
            return []
        calendar = company._promise_calendar(min(row[2] for row in rows))
        past = [
            Kept(way, vendor, days_until(estimated_at, day, calendar), spread)
            for way, vendor, estimated_at, spread, day in rows
        ]
        vendors = self.env["res.partner"].browse(
            {kept.whom for kept in past if kept.whom}
        )
        known = set(vendors.exists().ids)
        return [
            {
                "kind": "width",
                "way": way,
                "partner_id": vendor,
                "sample": len(past),
                "likely": min(max(width.likely, -WIDEST), WIDEST),
                "safe": min(max(width.safe, -WIDEST), WIDEST),
            }
            for (way, vendor), width in find_widths(past).items()
            if not vendor or vendor in known
        ]


class Paces:
    """What the past of a company says, ready to be asked.

    :param rows: ``supply.pace`` of one company
    """

    def __init__(self, rows):
        self._rows, self._widths = {}, {}
        for row in rows:
            about = row.rule_id.id or row.partner_id.id
            if row.kind == "width":
                width = Width(row.likely, row.safe)
                self._widths[row.way or None, about or None] = width
            else:
                self._rows[row.kind, about] = row

    def width(self, kind, vendor):
        """Return how wide a promise must be, see ``delays.Width``.

        :param kind: *ordered* or *buy*
        """
        return choose_width(self._widths, kind, vendor.commercial_partner_id.id)

    def reaction(self):
        return self._get_delay("reaction", HOURS)

    def approval(self, rule=None, document=None):
        """Return how long an approval takes.

        Where there are too few cases of the rule, its own time limits say it; a rule
        without limits is like the others.

        :param rule: ``approval.rule`` that would match; nothing: it is not known which
        :param document: whose urgency may shorten the limits
        """
        if rule and ("approval", rule.id) not in self._rows:
            limit = add_limits(
                (
                    step.sequence,
                    document._approval_limit_hours(step)
                    if document
                    else step.limit_hours,
                )
                for step in rule.step_ids
            )
            if limit:
                return Delay(limit, limit, HOURS)
        return self._get_delay("approval", HOURS, rule and rule.id)

    def approval_left(self, rule, over):
        """Return how much longer an approval takes that has taken some time.

        What is left follows from those cases that took longer. Without a past it is
        what it takes, less the time that is over.

        :param over: working hours
        """
        usual = self.approval(rule)
        past = usual.sample and self._get_row("approval", rule and rule.id).hours
        if past:
            likely, safe = (time_left(past, over, share) for share in (0.5, 0.8))
        else:
            likely, safe = (
                max(each - over, 0.0) for each in (usual.likely, usual.safe)
            )
        return Delay(likely, max(likely, safe), HOURS, usual.sample)

    def lateness(self, vendor):
        """Return how many days later than ordered for a vendor delivers."""
        return self._get_delay("vendor", DAYS, vendor.commercial_partner_id.id)

    def known(self, kind, vendor):
        """Return the row about a vendor itself; nothing: there are too few cases.

        :param kind: *vendor* or *on_time*
        """
        return self._rows.get((kind, vendor.commercial_partner_id.id))

    def _get_row(self, kind, about=None):
        return self._rows.get((kind, about)) or self._rows.get((kind, False))

    def _get_delay(self, kind, unit, about=None):
        row = self._get_row(kind, about)
        if not row:
            return Delay(unit=unit)
        likely = max(row.likely, 0.0)
        return Delay(likely, max(row.safe, likely), unit, row.sample)
