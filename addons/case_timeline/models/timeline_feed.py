import base64
import json
from datetime import datetime
from functools import cache

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .timeline_access import LARGEST

#: Events on a page, and the most that anybody gets.
PAGE, MOST = 30, 200
#: A column whose records may be read, as a condition of the query says, by story.
KNOWN = {
    "res.partner": "sale_id",
    "crm.lead": "sale_id",
    "sale.order": "sale_id",
    "purchase.order": "purchase_id",
}
#: What is read of an event.
COLUMNS = SQL(
    "event.id, event.date, event.kind, event.department, event.user_id,"
    " event.res_model, event.res_id, event.parameters, event.amounts, event.sale_id,"
    " event.lead_id, event.purchase_id"
)


class TimelineFeed(models.AbstractModel):
    """The story of a customer, an opportunity or an order, as each reader may read it.

    The rows are read with SQL, as the right to each of them is a condition of the one
    query that also has the limit: so pages are full, however few of the events somebody
    may read. Who reads what says ``timeline.access``.
    """

    _name = "timeline.feed"
    _description = "Story of a Customer"

    @api.model
    @api.readonly
    def get_head(self, model, res_id):
        """Return what a feed may be filtered by, and what it is called.

        :param str model: see ``get_page``
        :param int res_id: of the record
        :return: *name*; *departments* and *kinds*, which are keys with labels;
            *waiting*: for whom its open cases wait; *family*: the id of a customer's
            company; whether the past *is_being_filled*
        :rtype: dict
        :raise AccessError: if the user may not read the record
        :raise UserError: if there is no such story
        """
        story = self.env["timeline.access"]._check_record(model, res_id)
        record, family = story.record, story.family
        words = self.env["timeline.words"]
        named = record.sudo()
        return {
            "name": (named.browse(family) if family else named).display_name or "",
            "family": family or False,
            "departments": list(words._get_acting().items()),
            "kinds": list(words._get_groups().items()),
            "waiting": self.env["timeline.lanes"]._get_waiting(record),
            "is_being_filled": self.env.ref("case_timeline.ir_cron_fill").sudo().active,
        }

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
        search=None,
        at=None,
    ):
        """Return a page of a feed, the latest event first.

        :param str model: *res.partner* (its company and all contacts of it),
            *crm.lead*, *sale.order* or *purchase.order*
        :param int res_id: of the record
        :param str before: key of a page, to go on with what is older
        :param str after: key of a page, to go on with what is newer
        :param int limit: how many events at most
        :param list departments: keys; nothing: all
        :param list kinds: of events, or what they are about, such as *sale*; nothing:
            all
        :param list users: ids of those who did it, or were given the document; nothing:
            all
        :param str date_from: first moment, UTC
        :param str date_to: first moment that is too late, UTC
        :param str search: words that the events say, see ``timeline.search``
        :param str at: begin with the latest event before this moment, UTC
        :return: *events*, each with its *text* and, where that names none, with the
            purchase it is about as *document*; *older* and *newer*: the keys to go on
            with, or nothing
        :rtype: dict
        :raise AccessError: if the user may not read the record
        :raise UserError: if there is no such feed, or a key is none
        """
        access = self.env["timeline.access"]
        story = access._check_record(model, res_id, with_orders=True)
        family, orders = story.family, story.orders
        limit = self._check_limit(limit)
        key = self._read_key(after or before)
        forward = bool(after)
        if at and not key:
            key = (access._as_moment(at), 0)
        conditions = [
            self._get_case_sql(model, res_id, family),
            SQL("event.is_shown"),
            access._get_company_condition(),
            *self._get_filters(family, departments, kinds, users, date_from, date_to),
        ]
        if search:
            found = self.env["timeline.search"]._get_condition(search, family)
            if found:
                conditions.append(found)
        if key:
            conditions.append(
                SQL(
                    "(event.date, event.id) %s (%s::timestamp, %s)",
                    SQL(">" if forward else "<"),
                    *key,
                )
            )
        readable = access._get_case_condition(model, orders)
        if orders is not None and (search or departments or kinds or users):
            # the index of words finds less than all that happened to them
            conditions.append(
                SQL(
                    "(event.sale_id IS NULL OR event.sale_id = ANY(%s::integer[]))",
                    orders,
                )
            )
            orders = None
        rows = self._read(conditions, readable, forward, limit + 1, orders)
        more = len(rows) > limit
        rows = rows[:limit]
        if forward:
            rows.reverse()
        keys = [self._make_key(row["date"], row["id"]) for row in rows[:1] + rows[-1:]]
        if not rows and at:
            keys = [self._make_key(*key)]  # all of it came later
        return {
            "events": self._describe(rows, KNOWN[model], story.is_asked),
            "older": keys[-1] if rows and (more or forward) else False,
            "newer": keys[0] if keys and (more if forward else key) else False,
        }

    @api.model
    def _read(self, conditions, readable, forward, limit, orders=None):
        """Return rows of a page.

        :param SQL readable: that the case of an event may be read
        :param list orders: ids of the only orders of which there is anything to read.
            Each then gives its first events, and so does what belongs to no order
        """
        direction = SQL("ASC" if forward else "DESC")
        first = SQL(
            "ORDER BY event.date %s, event.id %s LIMIT %s", direction, direction, limit
        )
        where = SQL(" AND ").join(conditions)
        page = SQL("SELECT %s FROM timeline_event event WHERE %s", COLUMNS, where)
        if orders is None:
            page = SQL("%s AND %s", page, readable)
        else:
            # that these may be read is known: to plan the look takes half of the time
            page = SQL(
                """
                SELECT event.*
                  FROM unnest(%(orders)s::integer[]) mine (id)
                 CROSS JOIN LATERAL (
                       %(page)s AND event.sale_id = mine.id %(first)s
                       ) event
             UNION ALL
                (%(page)s AND event.sale_id IS NULL AND %(readable)s %(first)s)
                """,
                orders=orders,
                page=page,
                first=first,
                readable=readable,
            )
        self.env.cr.execute(
            SQL(
                """
                SELECT page.*, person.name AS user_name, bought.name AS purchase_name
                  FROM (SELECT event.* FROM (%s) event %s) page
             LEFT JOIN res_users account ON account.id = page.user_id
             LEFT JOIN res_partner person ON person.id = account.partner_id
             LEFT JOIN purchase_order bought ON bought.id = page.purchase_id
              ORDER BY page.date %s, page.id %s
                """,
                page,
                first,
                direction,
                direction,
            )
        )
        return self.env.cr.dictfetchall()

    # ------------------------------------------------------------
    # WHAT IS ASKED FOR
    # ------------------------------------------------------------

    @api.model
    def _get_case_sql(self, model, res_id, family):
        """Return the condition that an event is of a feed.

        :param family: id of the company of a customer
        """
        if family:
            return SQL("event.family_id = %s", family)
        if model == "crm.lead":
            return SQL("event.lead_id = %s", res_id)
        if model == "sale.order":
            return SQL("event.sale_id = %s", res_id)
        return SQL("event.purchase_id = %s AND event.sale_id IS NULL", res_id)

    @api.model
    def _check_limit(self, limit):
        if type(limit) is not int or limit < 1:
            raise UserError(self.env._("A page has one event at least."))
        return min(limit, MOST)

    @api.model
    def _get_filters(self, family, departments, kinds, users, date_from, date_to):
        search = self.env["timeline.search"]
        for letter, values, kind in (
            ("d", departments, str),
            ("k", kinds, str),
            ("u", users, int),
        ):
            if values:
                values = self._as_list(values, kind)
                yield search._get_filter(letter, values, family)
        as_moment = self.env["timeline.access"]._as_moment
        for operator, moment in ((">=", date_from), ("<", date_to)):
            if moment:
                yield SQL("event.date %s %s", SQL(operator), as_moment(moment))

    @api.model
    def _as_list(self, values, kind):
        if not isinstance(values, list | tuple) or any(
            type(value) is not kind for value in values
        ):
            raise UserError(self.env._("A filter is a list of values."))
        return values

    # ------------------------------------------------------------
    # KEYS: where a page ends
    # ------------------------------------------------------------

    @api.model
    def _make_key(self, date, id_):
        said = json.dumps([date.isoformat(), id_])
        return base64.urlsafe_b64encode(said.encode()).decode()

    @api.model
    def _read_key(self, key):
        """Return the place that a key says. A forged one shows another page of what the
        user may read anyway."""
        if not key:
            return None
        try:
            date, id_ = json.loads(base64.urlsafe_b64decode(key))
            return datetime.fromisoformat(date), min(int(id_), LARGEST)
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise UserError(
                self.env._("This page is not there: begin with the first one.")
            ) from error

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    @api.model
    def _describe(self, rows, known, is_asked=None):
        """Return rows as the user reads them.

        :param str known: column whose records may be read
        :param bool is_asked: whether the user is asked to approve anything, if known
        """
        words, access = self.env["timeline.words"], self.env["timeline.access"]
        words._render(rows)
        departments = words._get_departments()
        access._add_links(rows, known, is_asked)
        self._add_amounts(rows)
        return [
            {
                "id": row["id"],
                "date": fields.Datetime.to_string(row["date"]),
                "kind": row["kind"],
                "text": row["text"],
                "department": row["department"] or False,
                "department_label": departments.get(row["department"], ""),
                "user": row["user_name"] or "",
                "document": self._get_document_name(row, known),
                "open": row["open"],
                "amount": row["amount"],
            }
            for row in rows
        ]

    @api.model
    def _get_document_name(self, row, known):
        """Return of which purchase something is, where its sentence does not say it,
        such as that an approver agreed: a customer has many of them."""
        is_said = "name" in (row["parameters"] or {}) or known == "purchase_id"
        return "" if is_said else row["purchase_name"] or ""

    @api.model
    def _add_amounts(self, rows):
        """Say the amounts of events, to those who may read them, as *amount*."""
        access = self.env["timeline.access"]
        sides = access._get_sides()
        name_once = cache(self._get_currency_name)
        for row in rows:
            row["amount"], amounts = False, row["amounts"]
            if amounts and row["open"] and access._get_side(row) in sides:
                value = amounts.get("amount_total", amounts.get("amount"))
                if value is not None:
                    currency = amounts.get("currency_id") or False
                    row["amount"] = {
                        "value": value,
                        "currency": name_once(currency),
                        "currency_id": currency,
                    }

    @api.model
    def _get_currency_name(self, id_):
        currencies = self.env["res.currency"].sudo()
        known = currencies.get_all_currencies().get(id_)
        if known or not id_:
            return known["name"] if known else False
        return currencies.browse(id_).exists().name  # not used any more
