import json
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date

from odoo.addons.approval_matrix.reserved_fields import (
    without_defaults,
    without_values,
)
from odoo.addons.approval_matrix.system import as_system

from .purchase_order_line import KIND_OF_STATE
from .spend_source import RANK, STATES

#: Only the system writes these.
SYSTEM_FIELDS = frozenset({"budget_memo", "budget_posted_state", "budget_revision"})

QUOTATION = ("draft", "sent")

#: What is said of an order that no budget line is for, by policy of the company.
MISSING = {
    "nothing": "within",
    "warn": "warned",
    "ask": "missing",
    "block": "over",
}


#: Under this key of the context travels what was measured of many orders together.
#: Remote callers can put a key there, but no object of this class.
TAKEN = "spend_budget_taken"


@dataclass(frozen=True)
class Taken:
    """What orders take from budgets, and what no budget line is for, by order."""

    rows: dict
    missing: dict


class PurchaseOrder(models.Model):
    """Orders take from budgets what they cost, on every way their state, lines or
    terms can change.

    ``budget_state`` can be a condition of approval rules: an order over budget goes to
    a higher level at once. Approvers read the figures before they decide.
    """

    _name = "purchase.order"
    _inherit = ["purchase.order", "spend.document"]

    _budget_triggers = frozenset(
        {
            "state",
            "order_line",
            "company_id",
            "currency_id",
            "date_order",
            "department_id",
            "user_id",
            "partner_id",
            "fiscal_position_id",
        }
    )
    _budget_lines_field = "order_line"

    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
        tracking=True,
        groups="base.group_user",
        help="Whose budgets pay. By default the department of the buyer.",
    )
    budget_state = fields.Selection(
        STATES,
        string="Budget When Submitted",
        compute="_compute_budget_state",
        search="_search_budget_state",
        compute_sudo=True,
        groups="base.group_user",
        help="Quotations: what would happen if they were submitted now. Then: what "
        "their own reservation did, whatever others took, gave or transferred later.",
    )
    budget_memo = fields.Json(readonly=True, copy=False, groups="base.group_system")
    budget_posted_state = fields.Selection(
        [
            ("within", "Within"),
            ("warned", "Warned"),
            ("missing", "No budget line"),
            ("over", "Over"),
        ],
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_system",
    )
    budget_revision = fields.Integer(
        readonly=True, copy=False, groups="base.group_system"
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("user_id", "company_id")
    def _compute_department_id(self):
        """Suggest a department where budgets are in use: elsewhere it costs nothing."""
        covers = self.env["spend.control"]._covers
        for order in self:
            if covers(order.company_id):
                user = order.user_id._origin or order.user_id
                order.department_id = user._budget_department(order.company_id)
            else:
                order.department_id = order.department_id

    def _budget_dependencies(self):
        return super()._budget_dependencies() | {"budget_posted_state"}

    @api.depends(lambda self: self._budget_dependencies())
    def _compute_budget_state(self):
        impacts, missing = {}, {}
        quotations = self.filtered(lambda order: order.state in QUOTATION)
        if quotations and self.env["spend.control"]._in_use():
            impacts = quotations._budget_impacts()
            missing = as_system(quotations)._budget_get_missing(forecast=True)
        for order in self:
            if order.state in KIND_OF_STATE:
                order.budget_state = order.budget_posted_state or "none"
            else:
                verdicts = [row["verdict"] for row in impacts.get(order, ())]
                if order in missing:
                    _lines, _units, policy = missing[order]
                    verdicts.append(MISSING[policy])
                order.budget_state = max(verdicts, key=RANK.index, default="none")

    def _search_budget_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["budget_state"], "read")
        wanted = set(value)
        posted = [state for state in RANK[1:] if state in wanted]
        domain = Domain("state", "in", tuple(KIND_OF_STATE)) & Domain(
            "budget_posted_state", "in", posted + [False] * ("none" in wanted)
        )
        if "none" in wanted:
            domain |= Domain("state", "=", "cancel")
        orders = self.sudo()
        drafts = Domain("state", "in", QUOTATION)
        if not self.env["spend.control"]._in_use():
            domain |= drafts if "none" in wanted else Domain.FALSE
        else:
            found = orders.search(drafts).filtered(
                lambda order: order.budget_state in wanted
            )
            domain |= Domain("id", "in", found.ids)
        return Domain("id", "in", orders._search(domain))

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [without_values(vals, SYSTEM_FIELDS) for vals in vals_list]
        self = without_defaults(self, SYSTEM_FIELDS)
        with self.env["spend.control"]._watching() as touched:
            orders = super().create(vals_list)
            if touched:
                touched.see_new_orders(orders)
        return orders

    def write(self, vals):
        vals = without_values(vals, SYSTEM_FIELDS)
        with self.env["spend.control"]._watching(self, vals) as touched:
            if touched and "user_id" in vals and self._approval_in_use():
                # a new buyer may bring a new department, which is one of the terms
                with self._approval_watching():
                    return super().write(vals)
            return super().write(vals)

    def unlink(self):
        with self.env["spend.control"]._watching(self):
            return super().unlink()

    def _budget_touch(self, touched, vals=None):
        touched.see_orders(self)
        if vals is None:
            touched.see_order_lines(self.sudo().order_line)
        if vals is None or "department_id" in vals or "user_id" in vals:
            touched.see_move_lines(self.order_line.sudo().invoice_lines)

    # ------------------------------------------------------------
    # ACTIONS: several orders at once are judged at once
    # ------------------------------------------------------------

    def button_confirm(self):
        with self.env["spend.control"]._watching():
            return super().button_confirm()

    def button_approve(self, force=False):
        with self.env["spend.control"]._watching():
            return super().button_approve(force=force)

    # ------------------------------------------------------------
    # MEASURES
    # ------------------------------------------------------------

    def _budget_date(self):
        """Return the day of the order where its company is, whoever looks at it."""
        self.ensure_one()
        return self.company_id._approval_day(self.date_order)

    def _budget_get_days(self):
        """Return the day whose budgets pay, by order.

        Buyers choose the date of an order: where no open budget holds it, the day it
        was approved counts, until then today. Neither is before the order was made.
        What a closed budget still holds stays there.
        """
        is_open_on = self.env["spend.control"]._is_open_on
        days = {order: order._budget_date() for order in self}
        outside = self.filtered(
            lambda order: not is_open_on(order.company_id, days[order])
        )
        now = fields.Datetime.now()
        for order in outside - outside._budget_get_left_behind():
            moment = order.date_approve if order.state == "purchase" else now
            made = order._origin.create_date or now
            moment = min(max(moment or made, made), now)
            days[order] = order.company_id._approval_day(moment)
        return days

    def _budget_get_left_behind(self):
        """Return those of the orders that a closed budget holds money of."""
        lines = self._origin.order_line
        if not lines:
            return self.browse()
        groups = (
            self.env["spend.entry"]
            .sudo()
            ._read_group(
                [
                    ("source_model", "=", lines._name),
                    ("source_id", "in", lines.ids),
                    ("budget_id.state", "=", "closed"),
                ],
                ["source_id"],
                having=[("amount:sum", ">", 0)],
            )
        )
        held = lines.browse([source_id for (source_id,) in groups]).order_id
        return self.filtered(lambda order: order._origin in held)

    def _budget_rate(self):
        """Return how much of the order's currency one of the company's is worth.

        Once the order takes from budgets it keeps its rate, unless its currency or
        date change. The stored rate of Odoo is not used: remote callers can write it.

        :raises UserError: without any rate, when Odoo would convert one to one
        """
        self.ensure_one()
        currency, company = self.currency_id, self.company_id
        if not currency or currency == company.currency_id:
            return 1.0
        kept = (self.budget_memo or {}).get("rate") or [None, None, 0.0]
        day = self._budget_date()
        if kept[:2] == [currency.id, day.isoformat()] and kept[2]:
            return kept[2]
        if not currency._approval_has_rate(company):
            raise UserError(
                self.env._(
                    "%(order)s: there is no exchange rate for %(currency)s, so no "
                    "budget can be charged. Enter a rate first.",
                    order=self.display_name,
                    currency=currency.name,
                )
            )
        return self.env["res.currency"]._get_conversion_rate(
            company.currency_id, currency, company, day
        )

    def _budget_get_department(self):
        self.ensure_one()
        return self.department_id or self.user_id._budget_department(self.company_id)

    # ------------------------------------------------------------
    # IMPACT
    # ------------------------------------------------------------

    def _budget_impacts(self):
        """Once they are submitted, the verdicts are those of their own reservation;
        *now* says what is true at this moment."""
        impacts = super()._budget_impacts()
        for order, rows in impacts.items():
            verdicts = (order.sudo().budget_memo or {}).get("verdicts", {})
            for row in rows:
                row["now"] = row["verdict"]
                if order.state in KIND_OF_STATE:
                    row["verdict"] = verdicts.get(str(row["line"].id), "within")
        return impacts

    # ------------------------------------------------------------
    # MISSING: what no budget line is for
    # ------------------------------------------------------------

    def _budget_judge_missing(self, states):
        """Judge what no budget line is for: when an order is submitted, and when it
        becomes more then. What was let through before the policy was set stays.

        :param states: by id, the state in which each order was before
        :return: by id, ``[units, verdict]``, the units being the most there were
        :raises UserError: where that is refused
        """
        Control = self.env["spend.control"]
        before = {}
        for order in self.filtered(lambda order: order.state in KIND_OF_STATE):
            known = (order.budget_memo or {}).get("missing")
            is_new = states.get(order.id, order.state) not in KIND_OF_STATE
            if known or (is_new and Control._wants_missing(order.company_id)):
                before[order] = (not is_new and known) or [0, "within"]
        found = self.browse().union(*before)._budget_get_missing()
        judged = {}
        for order, (most, verdict) in before.items():
            _lines, units, policy = found.get(order, (None, 0, "nothing"))
            if units > most:
                verdict = MISSING[policy]
                if policy == "block":
                    texts = Control._describe_missing({order: found[order]})
                    raise UserError(texts[order])
            judged[order.id] = [max(units, most), verdict]
        return judged

    # ------------------------------------------------------------
    # RESULT
    # ------------------------------------------------------------

    def _budget_update(self, targets, verdicts, missing):
        """Remember what the orders did to budgets, and tell the owners.

        Each order's row is updated in any case: who confirms it while another edits a
        line then meets a serialization error, not a line from before.
        """
        rows, exceeded = [], {}
        for order in self:
            state, memo, told = order._budget_get_memo(
                targets, verdicts, missing.get(order.id)
            )
            if told:
                exceeded[order] = told
            value = json.dumps(memo) if memo else None
            rows.append(SQL("(%s, %s::jsonb, %s::varchar)", order.id, value, state))
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE purchase_order AS ordered
                   SET budget_memo = new.memo,
                       budget_posted_state = new.state,
                       budget_revision = COALESCE(ordered.budget_revision, 0) + 1
                  FROM (VALUES %(rows)s) AS new (id, memo, state)
                 WHERE ordered.id = new.id
                """,
                rows=SQL(", ").join(rows),
            )
        )
        self.invalidate_recordset(
            [
                "budget_memo",
                "budget_posted_state",
                "budget_revision",
                "budget_state",
                "budget_impact",
                "budget_now",
            ],
            flush=False,
        )
        for order, line_ids in exceeded.items():
            order._budget_exceeded(self.env["spend.budget.line"].browse(line_ids))

    def _budget_get_memo(self, targets, verdicts, missing):
        """Return the state of the order, its new memo, and which lines went over now.

        :param missing: see ``_budget_judge_missing``

        :return: ``(state or None, memo, ids of budget lines)``
        """
        self.ensure_one()
        met = {
            line_id for line in self.order_line for line_id in targets.get(line.id, ())
        }
        if not (met or missing) or self.state not in KIND_OF_STATE:
            return None, {}, []
        memo = self.budget_memo or {}
        found = {}
        for line_id in met:
            new = [
                by_line[line_id]
                for line in self.order_line
                if (by_line := verdicts.get((line._name, line.id)))
                and line_id in by_line
            ]
            kept = memo.get("verdicts", {}).get(str(line_id), "within")
            found[line_id] = max(new, key=RANK.index, default=kept)
        over = sorted(line_id for line_id in met if found[line_id] != "within")
        told = set(memo.get("told", ()))
        new_memo = {
            "verdicts": {str(line_id): found[line_id] for line_id in over},
            "told": sorted(told.union(over)),
        }
        if self.currency_id != self.company_id.currency_id:
            day = self._budget_date().isoformat()
            new_memo["rate"] = [self.currency_id.id, day, self._budget_rate()]
        if missing:
            new_memo["missing"] = missing
            if missing[0]:
                found[None] = missing[1]
        state = max(found.values(), key=RANK.index, default=None)
        return state, {k: v for k, v in new_memo.items() if v}, sorted(set(over) - told)

    # ------------------------------------------------------------
    # APPROVAL
    # ------------------------------------------------------------

    @api.model
    def _approval_has_budget(self):
        return True

    def _approval_budget_lines(self):
        self.ensure_one()
        lines = self.env["spend.budget.line"]
        if not self.env["spend.control"]._in_use():
            return lines
        rows = self._budget_impacts()[self]
        return lines.union(*(row["line"] for row in rows if row["amount"] > 0))

    def _approval_term_fields(self):
        return super()._approval_term_fields() | {"department_id"}

    def _approval_terms(self):
        return {**super()._approval_terms(), "department": self.department_id.id}

    @api.model
    def _approval_terms_version(self):
        return {**super()._approval_terms_version(), "spend_budget": 1}

    def _approval_terms_as(self, version):
        """Orders that were approved before budgets were installed had no department."""
        terms = super()._approval_terms_as(version)
        if "spend_budget" not in version:
            terms.pop("department", None)
        return terms

    def _approval_get_values(self, terms):
        values = super()._approval_get_values(terms)
        department = terms.get("department", self.department_id.id)
        if department != self.department_id.id:
            values["department_id"] = self._approval_still_there(
                "hr.department", department
            )
        return values

    def _approval_describe(self, terms):
        described = super()._approval_describe(terms)
        department = self._approval_name("hr.department", terms.get("department"))
        label = self.env._("Department")
        return {**described, "facts": [*described["facts"], (label, department)]}

    def _approval_is_tolerated(self, process, approved, current):
        """No tolerance leads over a budget past those whom that concerns."""
        if not super()._approval_is_tolerated(process, approved, current):
            return False
        if self.budget_state in ("none", "within"):
            return True
        rule = self.env["approval.rule"]._match(self).get(self.id)
        return not rule or rule == process.rule_id

    def _budget_measure_together(self):
        return Taken(self._budget_impacts(), self._budget_get_missing_texts())

    def _approval_summaries(self):
        if not self.env["spend.control"]._in_use():
            return super()._approval_summaries()
        orders = self.with_context(**{TAKEN: self._budget_measure_together()})
        return super(PurchaseOrder, orders)._approval_summaries()

    def _approval_facts(self):
        """Add who pays, and each budget line that is short, with what is taken."""
        facts = super()._approval_facts()
        if not self.env["spend.control"]._in_use():
            return facts
        facts += [
            (self.env._("Department"), self.department_id.display_name),
            (self.env._("Order Date"), format_date(self.env, self._budget_date())),
        ]
        known = self.env.context.get(TAKEN)
        if not isinstance(known, Taken) or self not in known.rows:
            known = self._budget_measure_together()
        rows, missing = known.rows[self], known.missing.get(self)
        if not (rows or missing):
            return facts
        names = dict(self._fields["budget_state"]._description_selection(self.env))
        state = names[self.budget_state]
        is_enough = rows and all(row["now"] == "within" for row in rows)
        if is_enough and self.budget_state in ("warned", "over"):
            state = self.env._("Over budget when submitted; there is enough now")
        facts.append((self.env._("Budget"), state))
        if missing:
            facts.append((names["missing"], missing))
        return facts + [
            (row["line"].display_name, self._describe_shortage(row))
            for row in rows
            if row["verdict"] != "within"
        ]

    def _approval_warnings(self):
        """Say by how much, and of which budget line."""
        warnings = super()._approval_warnings()
        if not self.env["spend.control"]._in_use():
            return warnings
        taken = self._budget_measure_together()
        for order in self:
            short = [row for row in taken.rows[order] if row["now"] != "within"]
            if short:
                # within when it was submitted: others have taken the money since, and
                # if they are rejected there is enough for this one
                mark = (
                    self.env._("budget used up since")
                    if order.budget_state == "within"
                    else self.env._("over budget")
                )
                warnings[order] += [
                    (
                        mark,
                        f"{row['line'].display_name}: {self._describe_shortage(row)}",
                    )
                    for row in short
                ]
            elif order.budget_state == "missing":
                text = taken.missing.get(order) or ""
                warnings[order].append((self.env._("no budget line"), text))
        return warnings

    def _approval_links(self):
        """Say what is left of each budget line, and lead to what used it up, for who
        reads it; where there is too little, also to a request for what is missing."""
        links = super()._approval_links()
        if not self.env["spend.control"]._in_use():
            return links
        impacts = self.sudo()._budget_impacts()
        taken = self.env["spend.budget.line"].browse(
            row["line"].id for rows in impacts.values() for row in rows
        )
        readable = taken._filtered_access("read")
        may_ask = self.env["spend.transfer.request"].has_access("create")
        for order in self:
            for row in impacts[order.sudo()]:
                line, ways = row["line"], []
                if line.id in readable._ids:
                    ways.append(self._budget_prepare_way_to_entries(line))
                if may_ask and row["now"] != "within":
                    ways.append(
                        {
                            "label": self.env._("Ask for Money"),
                            "action": "spend_budget.spend_transfer_request_action_ask",
                            "context": {
                                "spend_model": self._name,
                                "spend_id": order.id,
                                "spend_line_id": line.id,
                            },
                        }
                    )
                if ways:
                    link = {"about": self._budget_describe_line(row), "ways": ways}
                    links.setdefault(order, []).append(link)
        return links

    def _budget_describe_line(self, row):
        """Return the name of a budget line, and what is left of it where it is enough:
        where it is not, a warning says so."""
        name = row["line"].display_name
        if row["now"] != "within":
            return name
        text = f"{name}: {self._describe_shortage(row)}"
        if row["verdict"] == "within":
            return text
        return self.env._("%(left)s. It was not enough when submitted.", left=text)

    @api.model
    def _budget_prepare_way_to_entries(self, line):
        return {
            "label": self.env._("What Used It"),
            "action": {
                "type": "ir.actions.act_window",
                "name": self.env._("What Used It"),
                "res_model": "spend.entry",
                "views": [[False, "list"], [False, "kanban"], [False, "pivot"]],
                "domain": [("line_id", "=", line.id)],
            },
            "context": {},
        }

    def _describe_shortage(self, row):
        """Return one line of ``_budget_impacts`` in words."""
        money = {
            name: format_amount(self.env, row[name], self.company_id.currency_id)
            for name in ("amount", "before", "after")
        }
        if row["after"] < 0:
            currency = self.company_id.currency_id
            money["short"] = format_amount(self.env, -row["after"], currency)
            if row["before"] <= 0:
                return self.env._(
                    "takes %(amount)s where nothing was left: %(short)s short in all",
                    **money,
                )
            return self.env._(
                "takes %(amount)s of %(before)s that were left: %(short)s short",
                **money,
            )
        return self.env._(
            "takes %(amount)s of %(before)s that were left: %(after)s", **money
        )
