import json
from datetime import UTC, datetime, time
from functools import cache
from math import inf

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger, sql

from odoo.addons.supply_link.pegging import NEVER

from ..hot import HOT, RANK
from ..promise_row import (
    NOTHING,
    Stored,
    get_buy_by,
    get_confidence,
    get_method,
    get_risk,
    prepare_reason,
    prepare_sources,
)
from ..slips import Slip

#: How many lines are looked at together: the pools of their products are read once.
BATCH = 5000

#: Of the purchase: the database looks for them through its line, and Odoo asks nobody
#: by what right.
BOUGHT = frozenset({"purchase_id", "vendor_id", "buyer_id"})

CHANNELS = [
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("zalo", "Zalo"),
    ("chat", "Chat"),
    ("person", "In Person"),
]
#: The day that the customer wanted when the line was ordered; of a quotation, now. In
#: SQL, of a table or none: ``{0}``.
WANTED = (
    "CASE WHEN {0}ordered_at IS NULL THEN {0}wanted_on ELSE {0}ordered_wanted_on END"
)
#: The day that a line is judged by: the one wanted, else told first.
DUE = f"COALESCE({WANTED}, {{0}}first_told_on)"
#: What is written where nothing is to be delivered any more.
OVER = {
    "is_open": False,
    "risk": "open",
    "quantity_short": 0.0,
    "buy_by": False,
    "faster_on": False,
    "faster_vendor_id": False,
}
#: What is derived, and compared with what is kept.
DERIVED = (
    "order_id",
    "lead_id",
    "partner_id",
    "product_id",
    "company_id",
    "is_open",
    "is_ordered",
    "quantity",
    "quantity_now",
    "wanted_on",
    "likely_on",
    "safe_on",
    "ordered_at",
    "ordered_wanted_on",
    "ordered_safe_on",
    "method",
    "holder_kind",
    "holder_id",
    "purchase_line_id",
    "slack_days",
    "risk",
    "confidence",
    "quantity_short",
    "buy_by",
    "faster_on",
    "faster_vendor_id",
    "reason",
    "sources",
)


class SupplyPromise(models.Model):
    """What a customer can be told about one line, and what was told.

    One row for each line of an order, a quotation or an opportunity that is about
    goods. What is possible is derived, again and again; what was told is kept as it was
    said, with who said it and when. When what was told becomes impossible, the owner of
    the order hears of it once.
    """

    _name = "supply.promise"
    _description = "Promise to a Customer"
    _named_customers = (["partner_id"], "order_id.user_id")
    _inherit = ["approval.protected"]
    _order = "slack_days, likely_on, id"
    _rec_name = "product_id"

    sale_line_id = fields.Many2one(
        "sale.order.line", string="Order Line", ondelete="cascade", readonly=True
    )
    lead_line_id = fields.Many2one(
        "crm.lead.line", string="Product Wanted", ondelete="cascade", readonly=True
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        ondelete="cascade",
        index="btree_not_null",
        readonly=True,
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        ondelete="cascade",
        index="btree_not_null",
        readonly=True,
    )
    urgency_level_id = fields.Many2one(
        "urgency.level",
        string="Urgency",
        compute="_compute_urgency_level_id",
        compute_sudo=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null", readonly=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        compute="_compute_user_id",
        compute_sudo=True,
        search="_search_user_id",
    )
    product_id = fields.Many2one(
        "product.product", index="btree_not_null", ondelete="restrict", readonly=True
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    company_id = fields.Many2one("res.company", index=True, readonly=True)
    is_open = fields.Boolean(
        string="Open", readonly=True, help="Something is still to be delivered."
    )
    is_ordered = fields.Boolean(string="Ordered", readonly=True)
    quantity = fields.Float(
        string="To Deliver",
        readonly=True,
        digits="Product Unit",
        help="In the product's unit.",
    )
    quantity_now = fields.Float(
        string="There Now",
        readonly=True,
        digits="Product Unit",
        help="What can go out now, when its turn has come.",
    )

    # what the customer wants and was told

    wanted_on = fields.Date(
        string="Wanted", readonly=True, help="When the customer wants the goods."
    )
    told_on = fields.Date(
        string="Told", readonly=True, help="The day that the customer was told."
    )
    told_by_id = fields.Many2one(
        "res.users", string="Told By", readonly=True, ondelete="restrict"
    )
    told_at = fields.Datetime(readonly=True)
    channel = fields.Selection(CHANNELS, string="Told By Way Of", readonly=True)

    # what was said first: reports compare it with what came of it

    first_told_on = fields.Date(
        readonly=True, help="The first day that the customer was told."
    )
    first_told_at = fields.Datetime(readonly=True, help="When that was told.")
    ordered_at = fields.Datetime(
        readonly=True, help="When the line was seen as ordered for the first time."
    )
    ordered_wanted_on = fields.Date(
        readonly=True, help="When the customer wanted the goods, as it stood then."
    )
    ordered_safe_on = fields.Date(
        readonly=True, help="The first safe day from then on."
    )

    # what is possible

    likely_on = fields.Date(
        string="Likely",
        readonly=True,
        help="Half of such lines have been delivered by this day. Nothing: nobody "
        "knows.",
    )
    safe_on = fields.Date(
        string="Safe",
        readonly=True,
        help="Four of five such lines have been delivered by this day.",
    )
    method = fields.Selection(
        [
            ("stock", "In Stock"),
            ("incoming", "On Its Way"),
            ("buy", "To Be Bought"),
            ("none", "Nobody Sells It"),
        ],
        readonly=True,
    )
    holder_kind = fields.Selection(
        [
            ("sales", "Sales"),
            ("customer", "Customer"),
            ("buyer", "Purchasing"),
            ("approver", "Approver"),
            ("accounting", "Accounting"),
            ("vendor", "Vendor"),
            ("warehouse", "Warehouse"),
            ("nobody", "Nobody"),
        ],
        string="With",
        readonly=True,
        index=True,
        help="Who acts next.",
    )
    holder_id = fields.Many2one(
        "res.users", string="Person", readonly=True, ondelete="set null"
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        string="Waits For",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="The purchase that comes last.",
    )
    purchase_id = fields.Many2one(
        related="purchase_line_id.order_id",
        string="Purchase",
        groups="purchase.group_purchase_user",
    )
    vendor_id = fields.Many2one(
        related="purchase_line_id.order_id.partner_id",
        string="Vendor",
        groups="purchase.group_purchase_user",
    )
    buyer_id = fields.Many2one(
        related="purchase_line_id.order_id.user_id",
        string="Buyer",
        groups="purchase.group_purchase_user",
    )
    slack_days = fields.Integer(
        string="Slack",
        readonly=True,
        aggregator="min",
        help="Days between the likely day and the one that was told, else wanted. "
        "Below zero: it will be late.",
    )
    risk = fields.Selection(
        [
            ("late", "Late"),
            ("unknown", "Nobody Knows"),
            ("unsafe", "Tight"),
            ("safe", "In Time"),
            ("open", "No Day Agreed"),
        ],
        readonly=True,
        index=True,
        help="Late: not likely by the day that was told, else wanted.\n"
        "Tight: likely in time, but not safe.",
    )
    confidence = fields.Selection(
        [("high", "High"), ("medium", "Medium"), ("low", "Low")],
        readonly=True,
        help="High: the goods are there, or ordered from a vendor with a known past.\n"
        "Low: overdue, or not ordered yet.",
    )
    quantity_short = fields.Float(
        string="To Be Bought",
        readonly=True,
        digits="Product Unit",
        help="What nobody has bought yet, in the product's unit: what is missing, and "
        "what a quotation was promised because there is time to buy it again.",
    )
    buy_by = fields.Date(
        readonly=True,
        index="btree_not_null",
        help="When it must be bought, so that the customer has it on the day that was "
        "told, else wanted, else planned. Nothing: nothing is missing, it is no order "
        "yet, or nobody sells it.",
    )
    faster_on = fields.Date(
        string="Could Be There",
        readonly=True,
        help="When another vendor than Odoo chooses could have it: an option, not a "
        "promise.",
    )
    faster_vendor_id = fields.Many2one(
        "res.partner",
        string="Faster Vendor",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups="purchase.group_purchase_user",
    )
    urgency = fields.Integer(
        compute="_compute_urgency",
        store=True,
        compute_sudo=True,
        export_string_translation=False,
        help="The number of the level of its order; zero where it is not urgent.",
    )
    reason = fields.Json(readonly=True)
    reason_text = fields.Char(string="Why", compute="_compute_reason_text")
    sources = fields.Json(readonly=True)
    computed_at = fields.Datetime(readonly=True)
    version_ids = fields.Many2many(
        "supply.promise.version", string="History", compute="_compute_version_ids"
    )

    _one_subject = models.Constraint(
        "CHECK (num_nonnulls(sale_line_id, lead_line_id) = 1)",
        "A promise is about one line.",
    )
    _once_a_sale_line = models.UniqueIndex(
        "(sale_line_id) WHERE sale_line_id IS NOT NULL"
    )
    _once_a_lead_line = models.UniqueIndex(
        "(lead_line_id) WHERE lead_line_id IS NOT NULL"
    )
    _open_slack = models.Index("(company_id, slack_days, id) WHERE is_open")
    _open_holder = models.Index(
        "(company_id, holder_kind) WHERE is_open AND is_ordered"
    )
    _open_risk = models.Index(
        "(company_id, risk) INCLUDE (sale_line_id, order_id)"
        " WHERE is_open AND is_ordered"
    )
    _short = models.Index(
        "(product_id) INCLUDE (order_id, quantity_short)"
        " WHERE is_open AND is_ordered AND quantity_short > 0"
    )
    _first_told = models.Index("(first_told_on) WHERE first_told_on IS NOT NULL")
    _due = models.Index(f"(({DUE.format('')}))")
    _hot = models.Index(
        f"(company_id, urgency DESC, ({RANK.format('')}), id) WHERE {HOT.format('')}"
    )

    def _auto_init(self):
        """Promises from before this field are as urgent as their orders."""
        cr, table = self.env.cr, self._table
        if sql.table_exists(cr, table) and not sql.column_exists(cr, table, "urgency"):
            sql.create_column(cr, table, "urgency", "int4")
            cr.execute(
                SQL(
                    """
                    UPDATE supply_promise AS promise
                       SET urgency = CASE WHEN level.is_urgent
                                          THEN GREATEST(level.sequence, 1)
                                          ELSE 0 END
                      FROM supply_promise AS own
                 LEFT JOIN sale_order AS sale ON sale.id = own.order_id
                 LEFT JOIN urgency_level AS level ON level.id = sale.urgency_level_id
                     WHERE own.id = promise.id
                    """
                )
            )
        return super()._auto_init()

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("order_id.urgency_level_id", "lead_id.urgency_level_id")
    def _compute_urgency_level_id(self):
        for promise in self:
            source = promise.order_id or promise.lead_id
            promise.urgency_level_id = source.urgency_level_id

    @api.depends("order_id.user_id", "lead_id.user_id")
    def _compute_user_id(self):
        for promise in self:
            promise.user_id = (promise.order_id or promise.lead_id).user_id

    @api.depends(
        "order_id.urgency_level_id.is_urgent", "order_id.urgency_level_id.sequence"
    )
    def _compute_urgency(self):
        for promise in self:
            level = promise.order_id.urgency_level_id
            promise.urgency = max(1, level.sequence) if level.is_urgent else 0

    def _search_user_id(self, operator, value):
        return [
            "|",
            ("order_id.user_id", operator, value),
            ("lead_id.user_id", operator, value),
        ]

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = Domain(domain)
        for condition in domain.iter_conditions():
            name = condition.field_expr.split(".")[0]
            if name in BOUGHT:
                self._check_field_access(self._fields[name], "read")
        return super()._search(domain, *args, **kwargs)

    def _traverse_related_sql(self, alias, field, query):
        """Groups and orders come here, and conditions do not."""
        if field.name in BOUGHT:
            self._check_field_access(field, "read")
        return super()._traverse_related_sql(alias, field, query)

    @api.depends("sale_line_id", "lead_line_id")
    def _compute_version_ids(self):
        for promise in self:
            promise.version_ids = promise._get_versions()

    @api.depends("reason")
    @api.depends_context("lang", "uid")
    def _compute_reason_text(self):
        words = self.env["supply.promise.words"]
        for promise in self:
            promise.reason_text = words._render_reason(promise.reason or {})

    # ------------------------------------------------------------
    # KEEPING UP
    # ------------------------------------------------------------

    @api.model
    def _get_concerned(self, products):
        """Return the open lines of orders and quotations about these products."""
        if not products:
            return self.env["sale.order.line"]
        waiting = self.env["supply.state"].sudo()._get_open_lines(products)
        self.env["supply.facts"]._flush_offers()
        self.env["sale.order.line"].flush_model(["product_id"])
        self.env.cr.execute(
            SQL(
                """
                SELECT line.id
                  FROM sale_order_line line
                  JOIN sale_order sale ON sale.id = line.order_id
             LEFT JOIN supply_promise promise ON promise.sale_line_id = line.id
                 WHERE line.product_id = ANY(%s)
                   AND line.state IN ('draft', 'sent')
                   AND line.display_type IS NULL
                   -- those that have just come to an end, too
                   AND (promise.is_open OR %s)
                """,
                products.ids,
                self.env["supply.facts"]._is_current_offer(),
            )
        )
        return waiting | waiting.browse(id_ for (id_,) in self.env.cr.fetchall())

    @api.model
    def _get_wishes(self, products):
        """Return what opportunities want of these products: those that are open, and
        those that have just come to an end."""
        promises = self.sudo().search(
            [
                ("product_id", "in", products.ids),
                ("lead_line_id", "!=", False),
                ("is_open", "=", True),
            ]
        )
        wishes = self.env["crm.lead.line"].sudo()
        return promises.lead_line_id | wishes.search(
            [
                ("product_id", "in", products.ids),
                ("lead_id.active", "=", True),
                "!",
                ("lead_id.stage_id.is_won", "=", True),
            ]
        )

    @api.model
    def _follow(self, lines, over_too=False):
        """Bring the promises of some lines up to date.

        :param lines: ``sale.order.line`` or ``crm.lead.line``
        :param over_too: also make promises of offers that are over
        :return: the promises that are new or changed
        """
        promises = self.with_env(self.env(su=True, context={}))
        lines = lines.with_env(promises.env)
        # what a line gets depends on those before it, and may wait for all of them
        lines = self.env["supply.facts"]._add_siblings(lines)
        is_whole = len(lines) <= BATCH
        changed = promises.browse()
        for start in range(0, len(lines), BATCH):
            batch = lines[start : start + BATCH]
            current = batch if over_too else promises._filter_current(batch)
            changed |= promises._follow_batch(batch, current, is_whole)
        return changed

    @api.model
    def _subject(self, lines):
        return "lead_line_id" if lines._name == "crm.lead.line" else "sale_line_id"

    def _follow_batch(self, lines, current, is_whole):
        """:param current: those of which something can still be promised
        :param is_whole: no lines on which they depend are missing
        """
        subject = self._subject(lines)
        is_whole = is_whole and current == lines
        outlooks = self.env["supply.outlook"]._look(current, is_whole)
        outlooks = {line.id: outlooks.get(line.id) for line in current}
        stored = self._read_stored(subject, lines.ids)
        now = fields.Datetime.now()
        passed = self._prepare_passed(
            lines.filtered(lambda line: not outlooks.get(line.id)), stored
        )
        differing, new = {}, []
        for line in lines:
            row = stored.get(line.id, NOTHING)
            outlook = outlooks.get(line.id)
            if not outlook:
                values = passed.get(line.id) or (OVER if row.is_open else {})
                if values and row.id:
                    differing[line.id] = values
                elif values:
                    new.append({subject: line.id, **values, "computed_at": now})
                continue
            values = self._prepare_values(line, outlook, row)
            if not row.id:
                new.append({subject: line.id, **values, "computed_at": now})
            elif values := row.get_differing(values):
                differing[line.id] = values
        changed = self.browse(stored[line].id for line in differing)
        slips, versions = [], []
        for promise, (line, values) in zip(changed, differing.items(), strict=True):
            row, outlook = stored[line], outlooks.get(line)
            promise._system_write({**values, "computed_at": now})
            if not outlook:
                if values.get("is_ordered"):
                    versions.append(promise._prepare_version({"code": "ordered"}))
                continue
            if row.likely_on != promise.likely_on:
                cause = promise._get_cause(row.likely_on, row.sources)
                versions.append(promise._prepare_version(cause, outlook))
                if promise._is_slip(row, cause):
                    slips.append(Slip(promise, row.likely_on, cause))
            elif values.get("is_ordered"):
                # kept, so that reports can compare what was possible on that day with
                # the day of the delivery
                cause = {"code": "ordered"}
                versions.append(promise._prepare_version(cause, outlook))
        created = self._create_once(new)
        versions += [
            row._prepare_version({"code": "first"}, outlooks.get(row[subject].id))
            for row in created
        ]
        self.env["supply.promise.version"]._system_create(versions)
        self._notice_slips(slips)
        (changed | created)._close_slips()
        return changed | created

    @api.model
    def _create_once(self, vals_list):
        """Create promises; who meets somebody that creates the same begins again.

        :raises ConcurrencyError: which Odoo answers with another try
        """
        if not vals_list:
            return self.browse()
        try:
            # that somebody creates the same is no error to log
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                return self._system_create(vals_list)
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _read_stored(self, subject, ids):
        """Return what is kept of lines, by id of the line.

        Thousands of lines may wait for one product, and few of their days move when
        something comes: to compare them costs one query and no records.

        :param str subject: name of the field that says which line
        :rtype: dict
        """
        if not ids:
            return {}
        self.flush_model()
        names = ("id", "told_on", *DERIVED)
        columns = [
            SQL("%s::text", SQL.identifier(name))
            if self._fields[name].type == "json"
            else SQL.identifier(name)
            for name in names
        ]
        found = self.env.execute_query(
            SQL(
                "SELECT %s, %s FROM supply_promise WHERE %s IN %s",
                SQL.identifier(subject),
                SQL(", ").join(columns),
                SQL.identifier(subject),
                tuple(ids),
            )
        )
        # most lines wait for the same as others: each text is read once
        load = cache(lambda text: json.loads(text) if text else None)
        reason, sources = names.index("reason"), names.index("sources")
        stored = {}
        for line, *values in found:
            values[reason] = load(values[reason])
            values[sources] = load(values[sources])
            stored[line] = Stored(dict(zip(names, values, strict=True)))
        return stored

    @api.model
    def _prepare_values(self, line, outlook, row):
        """Return the values that a row ought to have.

        :param outlook: :class:`supply_outlook.Outlook`
        :param row: the row there is, which knows what was told
        """
        facts, is_lead = outlook.facts, line._name == "crm.lead.line"
        answer, source = outlook.answer, outlook.source
        holder_kind, holders = source.holder_kind, source.holders
        if facts.state == "sent":
            holder_kind, holders = "customer", ()
        elif is_lead or facts.state == "draft":
            order = line.lead_id if is_lead else line.order_id
            holder_kind, holders = "sales", tuple(order.user_id.ids)
        wanted = self._get_wanted(line, facts, row)
        due = row.told_on or wanted
        binding = answer.binding
        overdue = source.overdue
        is_ordered = facts.state == "sale"
        ordered_wanted = row.ordered_wanted_on if row.ordered_at else wanted
        return {
            "order_id": False if is_lead else facts.document,
            "lead_id": facts.document if is_lead else False,
            "partner_id": facts.partner,
            "product_id": facts.product,
            "company_id": facts.company,
            "is_open": True,
            "is_ordered": is_ordered,
            "ordered_at": row.ordered_at or is_ordered and fields.Datetime.now(),
            "ordered_wanted_on": (row.ordered_at or is_ordered) and ordered_wanted,
            "ordered_safe_on": row.ordered_safe_on
            or is_ordered
            and (answer.safe or False),
            "quantity": outlook.quantity,
            "quantity_now": answer.now,
            "wanted_on": wanted,
            "likely_on": answer.likely or False,
            "safe_on": answer.safe or False,
            "method": get_method(answer),
            "holder_kind": holder_kind,
            "holder_id": holders[0] if holders else False,
            "purchase_line_id": (binding.key if binding and binding.key else False),
            "slack_days": (due - answer.likely).days if due and answer.likely else 0,
            "risk": get_risk(due, answer),
            "confidence": get_confidence(answer, outlook, overdue),
            "quantity_short": outlook.shortage.quantity,
            "buy_by": get_buy_by(due, outlook),
            "faster_on": outlook.faster and outlook.faster.day,
            "faster_vendor_id": outlook.faster and outlook.faster.vendor,
            "reason": prepare_reason(source, overdue),
            "sources": prepare_sources(outlook),
        }

    @api.model
    def _get_wanted(self, line, facts, row):
        """Return the day that the customer wants.

        What somebody wrote on the line counts, then urgency. Odoo's delivery date only
        does until the line was told: from then on it may hold what we said. Where we
        wrote it because of another line, what it said before counts.
        """
        if facts.wanted_on:
            return facts.wanted_on
        if line._name == "crm.lead.line":
            return False
        if not (facts.is_wished or row.told_on):
            return False
        order = line.order_id
        if row.told_on and not order.needed_by:
            return row.wanted_on
        moment = order._get_wanted_moment()
        return moment and line.company_id._approval_day(moment)

    # ------------------------------------------------------------
    # VERSIONS
    # ------------------------------------------------------------

    def _prepare_version(self, cause, outlook=None):
        """Return the values of a row of the history.

        :param dict cause: why there is one
        :param outlook: what is possible; nothing where only something is told
        """
        self.ensure_one()
        guess = outlook and outlook.answer.estimate
        kind = vendor = None
        if outlook:
            kind, vendor = self.env["supply.outlook"]._get_kind(outlook)
        return {
            "sale_line_id": self.sale_line_id.id or False,
            "lead_line_id": self.lead_line_id.id or False,
            "company_id": self.company_id.id,
            "order_name": (self.order_id or self.lead_id).display_name,
            "product_name": self.product_id.display_name,
            "user_id": self.env.uid,
            "owner_id": self.user_id.id,
            "is_ordered": self.is_ordered,
            "quantity": self.quantity,
            "wanted_on": self.wanted_on,
            "told_on": self.told_on,
            "channel": self.channel,
            "likely_on": self.likely_on,
            "safe_on": self.safe_on,
            "estimated_at": guess.moment if kind and guess.moment < NEVER else False,
            "spread": guess.spread if kind and guess.spread < inf else 0.0,
            "way": kind,
            "vendor": vendor or False,
            "cause": cause,
        }

    def _get_versions(self):
        """Return the history of a promise, the newest first."""
        self.ensure_one()
        subject = "sale_line_id" if self.sale_line_id else "lead_line_id"
        return self.env["supply.promise.version"].search(
            [(subject, "=", self[subject].id)]
        )

    # ------------------------------------------------------------
    # TELLING
    # ------------------------------------------------------------

    @api.model
    def _tell(self, lines, days, channel):
        """Keep what a customer was told. The caller checks that the user may.

        :param lines: ``sale.order.line`` or ``crm.lead.line``
        :param dict days: the day that was told, by id of the line
        :param str channel: one of ``CHANNELS``
        :return: the promises
        """
        if channel not in dict(CHANNELS):
            raise UserError(self.env._("Say how the customer was told."))
        promises = self.with_env(self.env(su=True, context={}))
        promises._follow(lines, over_too=True)
        subject = self._subject(lines)
        told = promises.search([(subject, "in", lines.ids)])
        now, versions = fields.Datetime.now(), []
        for promise in told:
            day = days.get(promise[subject].id)
            if not day:
                continue
            values = {
                "told_on": day,
                "told_by_id": self.env.uid,
                "told_at": now,
                "channel": channel,
            }
            if not promise.first_told_on:
                values |= {"first_told_on": day, "first_told_at": now}
            promise._system_write(values)
            versions.append(promise._prepare_version({"code": "told"}))
        promises.env["supply.promise.version"]._system_create(versions)
        promises._follow(lines)
        return told

    @api.model
    def _set_delivery_dates(self, orders):
        """Write the latest told day of each order to Odoo's delivery date."""
        for order in orders:
            told = self.sudo().search(
                [("order_id", "=", order.id), ("told_on", "!=", False)]
            )
            if told:
                zone = order.company_id._approval_zone()
                noon = datetime.combine(max(told.mapped("told_on")), time(12), zone)
                order._set_told_delivery_date(noon.astimezone(UTC).replace(tzinfo=None))

    # ------------------------------------------------------------
    # VERIFICATION
    # ------------------------------------------------------------

    @api.model
    def _find_differences(self, lines):
        """Compare promises with what is possible now, without changing any.

        :param lines: ``sale.order.line`` or ``crm.lead.line``
        :return: pairs of a line and a sentence
        :rtype: list
        """
        promises = self.with_env(self.env(su=True, context={}))
        lines = lines.with_env(promises.env)
        subject = self._subject(lines)
        current = promises._filter_current(lines)
        outlooks = self.env["supply.outlook"]._look(current)
        rows = promises._read_stored(subject, lines.ids)
        found = []
        for line in lines:
            row = rows.get(line.id, NOTHING)
            outlook = outlooks.get(line.id) if line in current else None
            if not outlook:
                if row.is_open:
                    text = self.env._(
                        "%s waits for nothing any more.", line.display_name
                    )
                    found.append((line, text))
                continue
            if not row.id:
                text = self.env._("%s has no promise.", line.display_name)
                found.append((line, text))
                continue
            differing = row.get_differing(self._prepare_values(line, outlook, row))
            if differing:
                text = self.env._(
                    "%(line)s: %(values)s would be right.",
                    line=line.display_name,
                    values=", ".join(f"{k} {v}" for k, v in differing.items()),
                )
                found.append((line, text))
        return found
