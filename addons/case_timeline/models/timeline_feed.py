import base64
import json
from collections import defaultdict
from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: Events on a page, and the most that anybody gets.
PAGE, MOST = 30, 200
#: Of what there is a feed.
FEEDS = ("res.partner", "crm.lead", "sale.order", "purchase.order")
#: Who reads which amounts, besides having the rights to the document.
SELLERS = ("sales_team.group_sale_salesman", "account.group_account_readonly")
BUYERS = ("purchase.group_purchase_user", "account.group_account_readonly")
BOOKKEEPERS = ("account.group_account_invoice", "account.group_account_readonly")
#: The documents that people open for an event of something else.
OPENED = {"approval.log": "purchase_id", "supply.promise.version": "sale_id"}


class TimelineFeed(models.AbstractModel):
    """The story of a customer, an opportunity or an order, as each reader may read it.

    Whoever may read a case reads states and dates of all that serves it. Amounts, and
    opening what an event is about, need the rights to that. Buyers read the amounts of
    purchases, salespeople those of sales.

    The rows are read with SQL, as the right to each of them is a condition of the one
    query that also has the limit: so pages are full, however few of the events somebody
    may read.
    """

    _name = "timeline.feed"
    _description = "Story of a Customer"

    @api.model
    @api.readonly
    def get_page(
        self,
        model,
        res_id,
        before=None,
        after=None,
        limit=PAGE,
        departments=None,
        kinds=None,
        users=None,
        date_from=None,
        date_to=None,
    ):
        """Return a page of a feed, the latest event first.

        :param str model: *res.partner* (its company and all contacts of it),
            *crm.lead*, *sale.order* or *purchase.order*
        :param int res_id: of the record
        :param str before: key of a page, to go on with what is older
        :param str after: key of a page, to go on with what is newer
        :param int limit: how many events at most
        :param list departments: keys; nothing: all
        :param list kinds: of events; nothing: all
        :param list users: ids of those who did it; nothing: all
        :param str date_from: first moment, UTC
        :param str date_to: first moment that is too late, UTC
        :return: *events*; *older* and *newer*: the keys to go on with, or nothing
        :rtype: dict
        :raise AccessError: if the user may not read the record
        :raise UserError: if there is no such feed, or a key is none
        """
        case = self._get_case(model, res_id)
        limit = self._check_limit(limit)
        key = self._read_key(after or before)
        forward = bool(after)
        conditions = [
            case,
            SQL("event.is_shown"),
            *self._get_readable(model),
            *self._get_filters(departments, kinds, users, date_from, date_to),
        ]
        if key:
            conditions.append(
                SQL(
                    "(event.date, event.id) %s (%s::timestamp, %s)",
                    SQL(">" if forward else "<"),
                    *key,
                )
            )
        direction = SQL("ASC" if forward else "DESC")
        self.env.cr.execute(
            SQL(
                """
                SELECT event.id, event.date, event.kind, event.department,
                       event.user_id, event.res_model, event.res_id,
                       event.parameters, event.amounts, event.sale_id, event.lead_id,
                       event.purchase_id
                  FROM timeline_event event
                 WHERE %s
              ORDER BY event.date %s, event.id %s
                 LIMIT %s
                """,
                SQL(" AND ").join(conditions),
                direction,
                direction,
                limit + 1,
            )
        )
        rows = self.env.cr.dictfetchall()
        more = len(rows) > limit
        rows = rows[:limit]
        if forward:
            rows.reverse()
        keys = [self._make_key(row) for row in (rows[:1] + rows[-1:])]
        return {
            "events": self._describe(rows),
            "older": keys[-1] if rows and (more or forward) else False,
            "newer": keys[0] if rows and (more if forward else key) else False,
        }

    @api.model
    @api.readonly
    def get_spans(self, model, res_id):
        """Return who held a case, and when; decisive spans add up to its duration.

        :param str model: *sale.order* or *crm.lead*
        :param int res_id: of the record
        :rtype: list
        :raise AccessError: if the user may not read the record
        :raise UserError: if it is no case
        """
        if model not in ("sale.order", "crm.lead"):
            raise UserError(self.env._("Choose an order or an opportunity."))
        self._check_record(model, res_id)
        words = self.env["timeline.words"]
        departments = words._get_departments()
        column = SQL.identifier("sale_id" if model == "sale.order" else "lead_id")
        self.env.cr.execute(
            SQL(
                """
                SELECT res_model, res_id, department, step, user_id, date_from,
                       date_to, working_hours, is_decisive
                  FROM timeline_span
                 WHERE %s = %s
              ORDER BY date_from, id
                """,
                column,
                res_id,
            )
        )
        rows = self.env.cr.dictfetchall()
        names = self._get_users(row["user_id"] for row in rows)
        openable = self._get_openable(rows)
        return [
            {
                "department": row["department"],
                "department_label": departments.get(
                    row["department"], row["department"]
                ),
                "step": row["step"] or False,
                "step_label": words._get_step(row["step"]),
                "holder": names.get(row["user_id"], ""),
                "from": fields.Datetime.to_string(row["date_from"]),
                "to": row["date_to"] and fields.Datetime.to_string(row["date_to"]),
                "working_hours": row["working_hours"],
                "is_decisive": row["is_decisive"],
                "open": self._get_link(row, openable),
            }
            for row in rows
        ]

    # ------------------------------------------------------------
    # WHAT IS ASKED FOR
    # ------------------------------------------------------------

    @api.model
    def _check_record(self, model, res_id):
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The story of a case is for employees."))
        if not isinstance(res_id, int):
            raise UserError(self.env._("Say of which record, by its number."))
        record = self.env[model].browse(res_id)
        record.check_access("read")
        if not record.exists():
            raise UserError(self.env._("This record is not there any more."))
        return record

    @api.model
    def _get_case(self, model, res_id):
        """Return the condition of a feed, after a look whether it may be read."""
        if model not in FEEDS:
            raise UserError(
                self.env._(
                    "There is no story of that: choose a customer, an opportunity, an "
                    "order or a purchase order."
                )
            )
        record = self._check_record(model, res_id)
        if model == "res.partner":
            family = record.sudo().commercial_partner_id.id
            return SQL("event.family_id = %s", family)
        if model == "crm.lead":
            return SQL("event.lead_id = %s", res_id)
        if model == "sale.order":
            return SQL("event.sale_id = %s", res_id)
        return SQL("event.purchase_id = %s AND event.sale_id IS NULL", res_id)

    @api.model
    def _check_limit(self, limit):
        if not isinstance(limit, int) or limit < 1:
            raise UserError(self.env._("A page has one event at least."))
        return min(limit, MOST)

    @api.model
    def _get_filters(self, departments, kinds, users, date_from, date_to):
        for column, values in (
            ("department", departments),
            ("kind", kinds),
            ("user_id", users),
        ):
            if values:
                yield SQL(
                    "event.%s = ANY(%s)", SQL.identifier(column), self._as_list(values)
                )
        for operator, moment in ((">=", date_from), ("<", date_to)):
            if moment:
                yield SQL("event.date %s %s", SQL(operator), self._as_moment(moment))

    @api.model
    def _as_list(self, values):
        if not isinstance(values, list | tuple):
            raise UserError(self.env._("A filter is a list of values."))
        kinds = {type(value) for value in values}
        if kinds not in ({str}, {int}):
            raise UserError(self.env._("A filter is a list of values."))
        return list(values)

    @api.model
    def _as_moment(self, value):
        try:
            return fields.Datetime.to_datetime(value)
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("%(value)s is no date: write 2026-01-31.", value=value)
            ) from error

    # ------------------------------------------------------------
    # KEYS: where a page ends
    # ------------------------------------------------------------

    @api.model
    def _make_key(self, row):
        said = json.dumps([row["date"].isoformat(), row["id"]])
        return base64.urlsafe_b64encode(said.encode()).decode()

    @api.model
    def _read_key(self, key):
        if not key:
            return None
        try:
            date, id_ = json.loads(base64.urlsafe_b64decode(key))
            return datetime.fromisoformat(date), int(id_)
        except (ValueError, TypeError) as error:
            raise UserError(
                self.env._("This page is not there: begin with the first one.")
            ) from error

    # ------------------------------------------------------------
    # WHO READS WHAT
    # ------------------------------------------------------------

    @api.model
    def _get_readable(self, model):
        """Return conditions: the case of each event may be read.

        In the story of one order or purchase that is known already.
        """
        companies = self.env.companies.ids
        yield SQL("(event.company_id IS NULL OR event.company_id = ANY(%s))", companies)
        if model in ("sale.order", "purchase.order"):
            return
        sales = self._is_readable("sale.order", SQL("event.sale_id"))
        if model == "crm.lead":
            yield SQL("(event.sale_id IS NULL OR %s)", sales)
            return
        leads = self._is_readable("crm.lead", SQL("event.lead_id"))
        # what belongs to no case is read by those who may read its document
        yield SQL(
            "CASE WHEN event.sale_id IS NOT NULL THEN %s "
            "WHEN event.lead_id IS NOT NULL THEN %s "
            "WHEN event.res_model = 'account.move' THEN %s "
            "WHEN event.res_model = 'account.payment' THEN %s "
            "ELSE TRUE END",
            sales,
            leads,
            self._is_readable("account.move", SQL("event.res_id")),
            self._is_readable("account.payment", SQL("event.res_id")),
        )

    @api.model
    def _is_readable(self, model, id_):
        """Return the condition that the user may read a record, as rules say."""
        records = self.env[model].with_context(active_test=False)
        if not records.has_access("read"):
            return SQL("FALSE")
        query = records._search(Domain.TRUE)
        query.add_where(SQL("%s = %s", SQL.identifier(query.table, "id"), id_))
        return SQL("EXISTS (%s)", query.select(SQL("1")))

    @api.model
    def _has_one_of(self, groups):
        return any(self.env.user.has_group(group) for group in groups)

    @api.model
    def _may_read_amounts(self, row):
        """Tell whether the user is one who reads such amounts; the rights to the
        document are another matter."""
        side, parameters = row["amounts"].get("side"), row["parameters"] or {}
        if side == "move":
            is_sale = (parameters.get("move_type") or "").startswith("out_")
            side = "sale" if is_sale else "purchase"
        if side == "payment":
            return self._has_one_of(BOOKKEEPERS)
        return self._has_one_of(SELLERS if side == "sale" else BUYERS)

    @api.model
    def _get_openable(self, rows):
        """Return the documents of rows that the user may open: ids by model."""
        wanted = defaultdict(set)
        for row in rows:
            model, id_ = self._get_document(row)
            if id_:
                wanted[model].add(id_)
        found = {}
        for model, ids in wanted.items():
            if model in self.env and self.env[model].has_access("read"):
                records = self.env[model].browse(ids).exists()
                found[model] = set(records._filtered_access("read").ids)
        return found

    @api.model
    def _get_document(self, row):
        column = OPENED.get(row["res_model"])
        if not column:
            return row["res_model"], row["res_id"]
        model = "purchase.order" if column == "purchase_id" else "sale.order"
        return model, row[column]

    @api.model
    def _get_link(self, row, openable):
        model, id_ = self._get_document(row)
        is_open = id_ in openable.get(model, ())
        return {"model": model, "id": id_} if is_open else False

    @api.model
    def _get_users(self, ids):
        self.env.cr.execute(
            SQL(
                """
                SELECT account.id, partner.name
                  FROM res_users account
                  JOIN res_partner partner ON partner.id = account.partner_id
                 WHERE account.id = ANY(%s)
                """,
                list({id_ for id_ in ids if id_}),
            )
        )
        return dict(self.env.cr.fetchall())

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    @api.model
    def _describe(self, rows):
        words = self.env["timeline.words"]
        words._render(rows)
        departments = words._get_departments()
        names = self._get_users(row["user_id"] for row in rows)
        openable = self._get_openable(rows)
        return [
            {
                "id": row["id"],
                "date": fields.Datetime.to_string(row["date"]),
                "kind": row["kind"],
                "text": row["text"],
                "department": row["department"] or False,
                "department_label": departments.get(row["department"], ""),
                "user": names.get(row["user_id"], ""),
                "open": self._get_link(row, openable),
                "amount": self._describe_amount(row, openable),
            }
            for row in rows
        ]

    @api.model
    def _describe_amount(self, row, openable):
        """Return the amount of an event, for those who may read it."""
        amounts = row["amounts"]
        if not (
            amounts and self._may_read_amounts(row) and self._get_link(row, openable)
        ):
            return False
        value = amounts.get("amount_total", amounts.get("amount"))
        currency = self.env["res.currency"].sudo().browse(amounts.get("currency_id"))
        if value is None:
            return False
        return {"value": value, "currency": currency.name or False}
