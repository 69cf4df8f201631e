from collections import defaultdict
from datetime import UTC, datetime, time
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: Periods that may be looked at, in days.
PERIODS = (30, 90, 365)
#: From this share on a figure is good, in percent.
GOOD = 80.0
#: A share of fewer rows says nothing.
ENOUGH = 5
#: Key in the cache of the cursor: actions, by their name and the user's language.
ACTIONS = "cx_reports.actions"
#: What is said of them.
ACTION = ("name", "type", "res_model", "search_view_id", "help")
DELIVERIES, PROMISES = "cx.delivery.report", "supply.promise"


class Department(NamedTuple):
    """A department on the overview.

    :param label: its name, in the user's language
    :param own: what it sees of itself, in words
    :param definition: how that is counted, and from what
    :param model: whose rows its own figure counts
    :param figure: name of the method that returns it
    :param domain: which sale lines went through it
    :param holders: who holds a promise while the line is with it
    """

    label: str
    own: str
    definition: str
    model: str
    figure: str
    domain: list
    holders: tuple


class CxOverview(models.AbstractModel):
    """One page for Monday morning: what each department sees of itself, beside what its
    customers got.

    All is read with the rights of whoever looks: what they may not read at the source
    is not there.
    """

    _name = "cx.overview"
    _description = "Where Customers Wait"

    @api.model
    @api.readonly
    def get_overview(self, days=90):
        """Return the departments over the last whole days until yesterday.

        :param int days: one of ``PERIODS``
        :return: ``departments``, each number with the action that opens its rows;
            shares in percent, ``None`` where there is nothing to count; ``replica``:
            see ``_get_delay``
        :rtype: dict
        :raises AccessError: for customers and vendors in the portal
        :raises UserError: if there is no such period
        """
        period = self._get_period(days)
        departments = self._get_departments()
        outcomes = self._count_outcomes(period, departments)
        waiting = self._count_waiting()
        rows = [
            self._get_row(key, department, period, outcomes, waiting)
            for key, department in departments.items()
        ]
        return {
            "days": days,
            "periods": list(PERIODS),
            "good": GOOD,
            "enough": ENOUGH,
            # what calls for somebody comes first
            "departments": sorted(
                filter(None, rows), key=lambda row: not row["is_flagged"]
            ),
            "replica": self._get_delay(),
        }

    @api.model
    @api.readonly
    def get_promises(self, days=90):
        """Return the figures of what customers and we were promised, which the page
        asks for once the departments are there.

        :param int days: as of ``get_overview``
        :return: *key*, *label*, *help* with the definition, *value*, *count* and *unit*
            of each, and the *action* that opens its rows
        :rtype: list
        :raises AccessError: for customers and vendors in the portal
        :raises UserError: if there is no such period
        """
        return self._read_promises(self._get_period(days))

    @api.model
    @api.readonly
    def get_figures(self, days=90):
        """Return the other figures of the whole company, likewise.

        :param int days: as of ``get_overview``
        :rtype: list
        :raises AccessError: for customers and vendors in the portal
        :raises UserError: if there is no such period
        """
        return self._read_figures(self._get_period(days))

    @api.model
    @api.readonly
    def get_age(self):
        """Return how old the figures of a report are that is read at this moment.

        :return: *as_of*, a moment in UTC, and *seconds* since then, where a replica
            answers; nothing on the primary
        :rtype: dict or None
        :raises AccessError: for customers and vendors in the portal
        """
        self._check_reader()
        return self._get_delay()

    @api.model
    def _get_delay(self):
        """Return how far the figures are behind, where a replica answers.

        A replica that streams and has replayed what it received shows what is now,
        however long ago somebody wrote last; one that does not stream is as old as
        what it replayed last.

        :return: *as_of*, a moment in UTC, and *seconds*; nothing on the primary
        """
        ((seconds, now),) = self.env.execute_query(
            SQL(
                """
                SELECT CASE WHEN NOT pg_is_in_recovery() THEN NULL
                            WHEN pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn()
                                 AND EXISTS (SELECT FROM pg_stat_wal_receiver)
                            THEN 0
                            ELSE ceil(date_part('epoch', clock_timestamp() - COALESCE(
                                          pg_last_xact_replay_timestamp(),
                                          pg_postmaster_start_time())))
                       END::integer,
                       date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC')
                """
            )
        )
        if seconds is None:
            return None
        as_of = fields.Datetime.subtract(now, seconds=seconds)
        return {"as_of": fields.Datetime.to_string(as_of), "seconds": seconds}

    @api.model
    def _check_reader(self):
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only employees see reports."))

    @api.model
    def _get_period(self, days):
        """Return the first day of the last whole days, and the first one after them."""
        self._check_reader()
        if days not in PERIODS:
            raise UserError(
                self.env._(
                    "Choose one of these periods: %(periods)s days.",
                    periods=", ".join(map(str, PERIODS)),
                )
            )
        until = self.env.company._approval_day()
        return fields.Date.subtract(until, days=days), until

    # ------------------------------------------------------------
    # DEPARTMENTS
    # ------------------------------------------------------------

    @api.model
    def _get_departments(self):
        """Return the departments by key. Addons add theirs."""
        return {
            "care": Department(
                self.env._("Sales and Customer Care"),
                self.env._("Questions answered in time"),
                self.env._(
                    "Questions to customer care answered by their limit ÷ those with a "
                    "limit that were answered in the period. Source: questions."
                ),
                "supply.question",
                "_get_answered",
                [],
                ("sales", "customer"),
            ),
            "approver": Department(
                self.env._("Approvers"),
                self.env._("Steps decided within the limit"),
                self.env._(
                    "Steps asked in the period and decided within their limit ÷ those "
                    "decided or over it. Source: approval tasks."
                ),
                "cx.step.report",
                "_get_decided",
                [("is_approved", "=", True)],
                ("approver",),
            ),
            "purchase": Department(
                self.env._("Purchasing"),
                self.env._("Lines received by the date planned now"),
                self.env._(
                    "Lines received in full by the date that stands on them now ÷ "
                    "lines planned for a day of the period; purchasing moves that date "
                    "itself. Source: purchase lines, stock moves."
                ),
                "cx.vendor.report",
                "_get_received",
                [("is_bought", "=", True)],
                ("buyer", "vendor"),
            ),
            "account": Department(
                self.env._("Accounting"),
                self.env._("Deposits paid by their due date"),
                self.env._(
                    "Deposits paid by their due date ÷ those due in the period that "
                    "were not cancelled. Source: deposits."
                ),
                "supplier.deposit",
                "_get_paid",
                [("has_deposit", "=", True)],
                ("accounting",),
            ),
            "stock": Department(
                self.env._("Warehouse"),
                self.env._("Transfers to customers done by their deadline"),
                self.env._(
                    "Transfers to customers done by their deadline ÷ those with a "
                    "deadline that were done in the period. Source: transfers."
                ),
                "stock.picking",
                "_get_sent",
                [],
                ("warehouse",),
            ),
        }

    @api.model
    def _get_row(self, key, department, period, outcomes, waiting):
        """Return what a department sees of itself, and what its customers got.

        It is flagged when its own figure is good while fewer than that share of its
        customers' lines were on time, in full, or more than the rest of the lines that
        wait with it now are late.
        """
        own = None
        if self.env[department.model].has_access("read"):
            own = getattr(self, department.figure)(period)
        outcome = self._get_outcome(key, department, period, outcomes)
        waiting = self._get_waiting(department, waiting)
        if not any(each and each["count"] for each in (own, outcome, waiting)):
            return None
        is_own_good = self._is_good(own)
        return {
            "key": key,
            "label": department.label,
            "own_label": department.own,
            "own_help": department.definition,
            "own": own,
            "outcome": outcome,
            "waiting": waiting,
            "is_flagged": is_own_good is True
            and (
                self._is_good(outcome) is False
                or bool(waiting)
                and waiting["count"] >= ENOUGH
                and waiting["late"] * 100 > (100 - GOOD) * waiting["count"]
            ),
        }

    @api.model
    def _is_good(self, share):
        """Return whether a share is good; nothing where it says nothing."""
        if not share or share["count"] < ENOUGH:
            return None
        return share["percent"] >= GOOD

    @api.model
    def _prepare_share(self, count, kept, action):
        """:param dict action: which opens the rows"""
        return {
            "count": count,
            "kept": kept,
            "percent": 100 * kept / count if count else None,
            "action": action,
        }

    @api.model
    def _get_outcome(self, key, department, period, outcomes):
        """Return the share of sale lines on time, in full, of those that went through
        the department."""
        if not outcomes:
            return None
        domain = [
            *self._in_period("due_on", period),
            ("otif", "in", ["met", "missed"]),
            *department.domain,
        ]
        action = self._prepare_action(
            "cx_reports.cx_delivery_report_action",
            domain,
            views=("list", "pivot", "graph"),
        )
        count, total = outcomes[key]
        return self._prepare_share(count, round(total / 100), action)

    @api.model
    def _count_outcomes(self, period, departments):
        """Return what ``_count_rates`` says of the sale lines on time, in full, by key
        of the department."""
        return self._count_rates(
            self._in_period("due_on", period),
            {
                key: ("otif_rate", department.domain)
                for key, department in departments.items()
            },
        )

    @api.model
    def _count_rates(self, domain, asked):
        """Count deliveries for several numbers at once: what takes long is to find out
        what came of each line.

        :param domain: the deliveries that any of the numbers counts
        :param dict asked: by key the rate, and which of these deliveries have it
        :return: how many there are, and the sum of their percents, by key; nothing for
            who may not read them
        :rtype: dict
        """
        records = self.env[DELIVERIES]
        if not records.has_access("read"):
            return {}
        query = records._search(domain)

        def condition(domain):
            domain = Domain(domain).optimize_full(records)
            return domain._to_sql(records, query.table, query)

        rows = query.subselect(
            *(
                SQL("%s AS %s", column, SQL.identifier(name))
                for name in dict.fromkeys(name for name, _domain in asked.values())
                for column in [records._field_to_sql(query.table, name, query)]
            ),
            *(
                SQL("%s AS %s", condition(where), SQL.identifier(f"is_{key}"))
                for key, (_name, where) in asked.items()
            ),
        )
        # OFFSET: each row is worked out once, not anew for each figure
        (values,) = self.env.execute_query(
            SQL(
                "SELECT %s FROM (%s OFFSET 0) delivery",
                SQL(", ").join(
                    SQL(
                        "%s(%s) FILTER (WHERE %s)",
                        SQL(aggregate),
                        SQL.identifier(name),
                        SQL.identifier(f"is_{key}"),
                    )
                    for key, (name, _domain) in asked.items()
                    for aggregate in ("count", "sum")
                ),
                rows,
            )
        )
        pairs = zip(values[::2], values[1::2], strict=True)
        return {
            key: (count, total or 0)
            for key, (count, total) in zip(asked, pairs, strict=True)
        }

    @api.model
    def _get_waiting_domain(self):
        return [
            ("is_open", "=", True),
            ("is_ordered", "=", True),
            ("company_id", "in", self.env.companies.ids),
        ]

    @api.model
    def _count_waiting(self):
        """Return how many promises wait now, and how many of them will be late, by who
        holds them; nothing for who may not read them."""
        promises = self.env[PROMISES]
        if not promises.has_access("read"):
            return None

        def waits(records, alias, query):
            # not IS TRUE, as of a condition by name: the index would not be used
            return SQL(
                "%s AND %s",
                records._field_to_sql(alias, "is_open", query),
                records._field_to_sql(alias, "is_ordered", query),
            )

        domain = Domain.custom(to_sql=waits) & Domain(self._get_waiting_domain())
        counts = defaultdict(lambda: [0, 0])
        for holder, risk, count in promises._read_group(
            domain, ["holder_kind", "risk"], ["__count"]
        ):
            counts[holder][0] += count
            counts[holder][1] += count if risk in ("late", "unknown") else 0
        return counts

    @api.model
    def _get_waiting(self, department, waiting):
        """Return the promises that wait with the department now, and those among them
        that will be late."""
        if waiting is None:
            return None
        holders = list(department.holders)
        count, late = map(sum, zip(*(waiting[each] for each in holders), strict=True))
        return {
            "count": count,
            "late": late,
            "action": self._prepare_action(
                "crm_purchase_bridge.supply_promise_action",
                [*self._get_waiting_domain(), ("holder_kind", "in", holders)],
            ),
        }

    @api.model
    def _in_period(self, name, period):
        return [(name, ">=", period[0]), (name, "<", period[1])]

    @api.model
    def _in_days_over(self, name, period):
        """Return the same for days that must be over where a row's company is: the last
        ones of the period may not be in companies to the west."""
        domain, west = self._in_period(name, period), defaultdict(list)
        for company in self.env.companies.sudo():
            day = company._approval_day()
            if day < period[1]:
                west[day].append(company.id)
        for day, ids in west.items():
            domain += ["|", ("company_id", "not in", ids), (name, "<", day)]
        return domain

    @api.model
    def _get_whole_months(self, period):
        """Return the condition on a month, by its first day: it was over within the
        period. The last month that is over is always one, so that short periods have
        something to say, too."""
        current = period[1].replace(day=1)
        last = fields.Date.subtract(current, months=1)
        first = min(period[0].replace(day=1), last)
        return [("month", ">=", first), ("month", "<", current)]

    @api.model
    def _in_moments(self, name, period):
        """Return the same for moments: days are those of the company."""
        zone = self.env.company._approval_zone()
        start, end = (
            datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)
            for day in period
        )
        return [(name, ">=", start), (name, "<", end)]

    @api.model
    def _prepare_action(self, xml_id, domain, views=("list", "form")):
        """Return the action that opens the rows of a figure."""
        # several figures open the same rows
        known = self.env.cr.cache.setdefault(ACTIONS, {})
        key = xml_id, self.env.lang
        if key not in known:
            # no more of it than is used: the rest takes a query for each field
            (known[key],) = self.env.ref(xml_id).sudo().read(ACTION)
        action = known[key]
        return {name: action[name] for name in ACTION} | {
            "views": [(False, view) for view in views],
            "domain": domain,
            "context": {},
            "target": "current",
        }

    @api.model
    def _count_kept(self, model, domain, condition):
        """Return how many records there are, and how many meet a condition.

        :param condition: function of the names of fields to their SQL
        """
        records = self.env[model]
        query = records._search(domain)

        def column(name):
            return records._field_to_sql(records._table, name, query)

        kept = condition(column)
        rows = self.env.execute_query(
            query.select(SQL("COUNT(*)"), SQL("COUNT(*) FILTER (WHERE %s)", kept))
        )
        return rows[0]

    # ------------------------------------------------------------
    # WHAT DEPARTMENTS SEE OF THEMSELVES
    # ------------------------------------------------------------

    @api.model
    def _get_answered(self, period):
        domain = [
            ("department", "=", "care"),
            ("state", "=", "answered"),
            ("due_at", "!=", False),
            ("company_id", "in", self.env.companies.ids),
            *self._in_moments("closed_at", period),
        ]
        counts = self._count_kept(
            "supply.question",
            domain,
            lambda column: SQL("%s <= %s", column("closed_at"), column("due_at")),
        )
        action = self._prepare_action(
            "crm_purchase_bridge.supply_question_action", domain
        )
        return self._prepare_share(*counts, action)

    @api.model
    def _get_decided(self, period):
        domain = [
            ("in_time", "!=", False),
            *self._in_moments("asked_at", period),
        ]
        counts = dict(
            self.env["cx.step.report"]._read_group(domain, ["in_time"], ["__count"])
        )
        kept = counts.get("yes", 0)
        action = self._prepare_action(
            "cx_reports.cx_step_report_action", domain, ("list", "pivot", "graph")
        )
        return self._prepare_share(kept + counts.get("no", 0), kept, action)

    @api.model
    def _get_received(self, period):
        reports = self.env["cx.vendor.report"]
        # what was cut to nothing since is late by its first day, and planned for none
        domain = [*self._in_days_over("planned_on", period), ("quantity", ">", 0)]
        ((count, percent),) = reports._read_group(
            domain, aggregates=["planned_rate:count", "planned_rate:avg"]
        )
        action = self._prepare_action(
            "cx_reports.cx_vendor_report_action", domain, ("list", "pivot", "graph")
        )
        return self._prepare_share(count, round(count * (percent or 0) / 100), action)

    @api.model
    def _get_paid(self, period):
        domain = [
            ("date_due", "!=", False),
            ("state", "!=", "cancelled"),
            ("company_id", "in", self.env.companies.ids),
            *self._in_period("date_due", period),
        ]
        counts = self._count_kept(
            "supplier.deposit",
            domain,
            lambda column: SQL("%s <= %s", column("date_paid"), column("date_due")),
        )
        action = self._prepare_action(
            "supplier_deposit.supplier_deposit_action", domain
        )
        return self._prepare_share(*counts, action)

    @api.model
    def _get_sent(self, period):
        domain = [
            ("picking_type_code", "=", "outgoing"),
            ("state", "=", "done"),
            ("date_deadline", "!=", False),
            ("company_id", "in", self.env.companies.ids),
            *self._in_moments("date_done", period),
        ]
        counts = self._count_kept(
            "stock.picking",
            domain,
            lambda column: SQL(
                "%s <= %s", column("date_done"), column("date_deadline")
            ),
        )
        action = self._prepare_action("stock.action_picking_tree_all", domain)
        return self._prepare_share(*counts, action)

    # ------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------

    @api.model
    def _read_promises(self, period):
        """Return what came of promises, each figure with its definition, which is the
        help of the field."""
        deliveries = {
            "otif_rate": self._in_period("due_on", period),
            "kept_rate": self._in_period("told_on", period),
            "safe_rate": self._in_period("safe_on", period),
            "slip_rate": [("is_told_open", "=", True)],
        }
        counted = self._count_rates(
            Domain.OR(map(Domain, deliveries.values())),
            {name: (name, domain) for name, domain in deliveries.items()},
        )
        figures = [
            self._prepare_figure(
                DELIVERIES,
                name,
                "avg",
                deliveries[name],
                total / count if count else None,
                count,
            )
            for name, (count, total) in counted.items()
        ]
        due = self._in_period("due_on", period)
        return figures + self._read_figure("cx.vendor.report", "on_time_rate:avg", due)

    @api.model
    def _read_figures(self, period):
        """Return the other figures, likewise."""
        granted = self._in_moments("granted_at", period)
        # what was granted has ended since: that is quickly found
        ended = [*granted, ("closed_at", ">=", granted[0][2])]
        # days decide; by moments, wherever it is, the orders are quickly found
        around = [
            fields.Date.subtract(period[0], days=1),
            fields.Date.add(period[1], days=1),
        ]
        ordered = [
            *self._in_period("ordered_on", period),
            *self._in_period("ordered_at", around),
        ]
        months = self._get_whole_months(period)
        entered = self._in_moments("entered_at", period)
        return [
            *self._read_figure("cx.approval.report", "hours:median", ended),
            *self._read_figure("cx.urgency.report", "urgent_rate:avg", ordered),
            *self._read_figure("cx.churn.report", "churn_rate:avg", months),
            *self._read_figure("cx.conversion.report", "conversion_rate:avg", entered),
        ]

    @api.model
    def _read_figure(self, model, measure, domain):
        """Return a figure in a list, which is empty for who may not read its rows."""
        reports = self.env[model]
        if not reports.has_access("read"):
            return []
        name, _colon, aggregate = measure.partition(":")
        ((value, count),) = reports._read_group(
            domain, aggregates=[measure, f"{name}:count"]
        )
        return [self._prepare_figure(model, name, aggregate, domain, value, count)]

    @api.model
    def _prepare_figure(self, model, name, aggregate, domain, value, count):
        said = self.env[model].fields_get([name], ["string", "help"])[name]
        action = f"cx_reports.{model.replace('.', '_')}_action"
        return {
            "key": name,
            "label": said["string"],
            "help": said["help"],
            "value": value if count else None,
            "count": count,
            "unit": "h" if aggregate == "median" else "%",
            "action": self._prepare_action(action, domain, ("list", "pivot", "graph")),
        }
