from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..wording import make_printable

#: Of what there is a story.
FEEDS = ("res.partner", "crm.lead", "sale.order", "purchase.order")
#: Who reads which amounts, besides having the rights to the document.
SELLERS = ("sales_team.group_sale_salesman", "account.group_account_readonly")
BUYERS = ("purchase.group_purchase_user", "account.group_account_readonly")
BOOKKEEPERS = ("account.group_account_invoice", "account.group_account_readonly")
#: What people open for an event of something that has no page of its own: columns of
#: the event, the first that is there.
OPENED = {
    "approval.log": ("purchase_id",),
    "deposit.claim": ("purchase_id",),
    "supply.promise.version": ("sale_id", "lead_id"),
    "mail.message": ("sale_id", "lead_id", "purchase_id"),
}
MODELS = {
    "sale_id": "sale.order",
    "lead_id": "crm.lead",
    "purchase_id": "purchase.order",
}
#: So many orders of a customer are few: they are part of a query.
FEW_ORDERS = 100
#: The largest number of a record.
LARGEST = 2**31 - 1


class Story(NamedTuple):
    """Of what somebody wants the story, and may read it.

    :param record: a record of one of ``FEEDS``
    :param family: id of the company of a customer
    :param orders: ids of the orders of the family that the user may read; nothing if
        they are many, or were not asked for
    :param is_asked: whether the user is asked to approve anything; nothing if that was
        not asked for
    """

    record: models.BaseModel
    family: int | None = None
    orders: list | None = None
    is_asked: bool | None = None


class TimelineAccess(models.AbstractModel):
    """Who reads what of a story.

    Whoever may read a case reads states and dates of all that serves it; what belongs
    to none is read with its document, or the contact it is about. Amounts, and
    opening what an event is about, need the rights to that. Buyers read the amounts of
    purchases, salespeople those of sales.

    Rights are conditions of the queries that read, so that pages are full however few
    of the events somebody may read.
    """

    _name = "timeline.access"
    _description = "Readers of the Timeline"

    @api.model
    def _check_record(self, model, res_id, with_orders=False):
        """Return of what somebody wants the story, if they may read it.

        :param bool with_orders: also the orders of a customer, if they are few
        :rtype: Story
        :raise AccessError: if the user may not read the record
        :raise UserError: if there is no such story
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The story of a case is for employees."))
        if model not in FEEDS:
            raise UserError(
                self.env._(
                    "There is no story of that: choose a customer, an opportunity, an "
                    "order or a purchase order."
                )
            )
        if type(res_id) is not int or not 0 < res_id <= LARGEST:
            raise UserError(self.env._("Say of which record, by its number."))
        record = self.env[model].browse(res_id)
        self._give_company_paths()
        family, orders, is_asked = None, None, None
        if model == "res.partner" and record.browse().has_access("read"):
            family, orders, is_asked = self._find_family(res_id, with_orders)
        if not (family or self._filter_readable({model: [res_id]})):
            record.check_access("read")
            if not record.exists():
                raise UserError(self.env._("This record is not there any more."))
        return Story(record, family, orders, is_asked)

    @api.model
    def _as_moment(self, value):
        """Return a moment that somebody wrote, or nothing if they did not.

        :raise UserError: if it is no moment
        """
        try:
            return fields.Datetime.to_datetime(value)
        except (TypeError, ValueError, AttributeError) as error:
            raise UserError(
                self.env._(
                    "%(value)s is no date: write 2026-01-31.",
                    value=make_printable(str(value)),
                )
            ) from error

    @api.model
    def _give_company_paths(self):
        """Save rules a query for the place of companies among companies."""
        companies = self.env.companies.sudo()
        companies._fields["parent_path"]._insert_cache(
            companies, self._get_company_paths()
        )

    @api.model
    @tools.ormcache("tuple(self.env.companies.ids)")
    def _get_company_paths(self):
        """Return the paths of the companies, which Odoo lets nobody change."""
        return tuple(self.env.companies.sudo().mapped("parent_path"))

    @api.model
    def _find_family(self, partner, with_orders):
        """Return the id of a contact's company, if the user may read the contact, the
        ids of the orders of all its contacts that the user may read, if these are few,
        and whether the user is asked to approve anything.

        Of a customer with thousands of events somebody may read few orders: then their
        events are read order by order, and not those of all orders. One query says
        all of it: each of them takes longer to be planned than to be answered.

        :param int partner: id of the contact
        :param bool with_orders: whether orders are looked for
        :return: nothing for the company of who may not be read, nothing for many orders
        :rtype: tuple[int | None, list | None, bool | None]
        """
        partners = self.env["res.partner"].with_context(active_test=False)
        query = partners._search(Domain("id", "=", partner))
        family = SQL(
            "COALESCE(%s, %s)",
            SQL.identifier(query.table, "commercial_partner_id"),
            partner,
        )
        orders = SQL("NULL::integer[]")
        if with_orders:
            orders = self._get_few_orders_sql(family)
        is_asked = self.env["approval.reading"]._approval_is_asked_sql()
        found = self.env.execute_query(query.select(family, orders, is_asked))
        if not found:
            return None, None, None
        ((family, orders, is_asked),) = found
        is_many = orders is None or len(orders) > FEW_ORDERS
        return family, None if is_many else orders, is_asked

    @api.model
    def _filter_readable(self, wanted, is_asked=None):
        """Return ids of records that are there and may be read, by model, in one query.

        :param dict wanted: ids by model
        :param bool is_asked: whether the user is asked to approve anything, if known
        :rtype: dict
        """
        selects = []
        for model, ids in wanted.items():
            if model not in self.env or not self._may_read_some(model, is_asked):
                continue
            records = self.env[model].with_context(active_test=False)
            query = records._search(Domain("id", "in", list(ids)))
            id_ = SQL.identifier(query.table, "id")
            selects.append(query.select(SQL("%s AS model", model), id_))
        found = defaultdict(set)
        if selects:
            self.env.cr.execute(
                SQL(" UNION ALL ").join(SQL("(%s)", select) for select in selects)
            )
            for model, id_ in self.env.cr.fetchall():
                found[model].add(id_)
        return found

    @api.model
    def _may_read_some(self, model, is_asked=None):
        """Tell whether the user may read any records of a model.

        Whoever has no rights to it may be asked to approve some; that most people are
        asked nothing at all is known sooner.
        """
        records = self.env[model]
        if isinstance(records, self.env.registry["approval.reading"]):
            rights = self.env["ir.model.access"]
            if not rights.check(model, "read", raise_exception=False):
                if is_asked is None:
                    is_asked = records._approval_is_asked()
                return is_asked and records.has_access("read")
        return records.has_access("read")

    # ------------------------------------------------------------
    # CONDITIONS
    # ------------------------------------------------------------

    @api.model
    def _get_company_condition(self):
        """Return the condition on ``timeline_event event`` that it is of a company that
        the user works in."""
        companies = self.env.companies.ids
        return SQL(
            "(event.company_id IS NULL OR event.company_id = ANY(%s))", companies
        )

    @api.model
    def _get_case_condition(self, model, orders=None):
        """Return the condition on ``timeline_event event`` that its case may be read.

        :param str model: of the story; the case of an order or purchase is known
            already
        :param list orders: ids of the only orders that are looked at, which the user
            may read. Whoever reads many has a page together before long, and is asked
            for each event
        """
        if model in ("sale.order", "purchase.order"):
            return SQL("TRUE")
        sales = SQL("TRUE")
        if orders is None:
            sales = self._is_readable("sale.order", SQL("event.sale_id"))
        if model == "crm.lead":
            return SQL("(event.sale_id IS NULL OR %s)", sales)
        # what belongs to no case is read by those who may read its document
        return SQL(
            "CASE WHEN event.sale_id IS NOT NULL THEN %s "
            "WHEN event.lead_id IS NOT NULL THEN %s "
            "WHEN event.res_model = 'account.move' THEN %s "
            "WHEN event.res_model = 'account.payment' THEN %s "
            # who reads a company need not read all of its contacts
            "WHEN event.partner_id IS NOT NULL THEN %s "
            "ELSE TRUE END",
            sales,
            self._is_readable("crm.lead", SQL("event.lead_id")),
            self._is_readable("account.move", SQL("event.res_id")),
            self._is_readable("account.payment", SQL("event.res_id")),
            self._is_readable("res.partner", SQL("event.partner_id")),
        )

    @api.model
    def _get_few_orders_sql(self, family):
        """Return an array of the orders of a customer that the user may read, with one
        more than are few.

        :param SQL family: id of the company of the customer
        """
        orders = self.env["sale.order"].with_context(active_test=False)
        if not orders.has_access("read"):
            return SQL("ARRAY[]::integer[]")
        query = orders._search(Domain.TRUE, limit=FEW_ORDERS + 1)
        query.add_where(
            SQL(
                "%s IN (SELECT member.id FROM res_partner member"
                " WHERE member.commercial_partner_id = %s)",
                SQL.identifier(query.table, "partner_id"),
                family,
            )
        )
        return SQL("ARRAY(%s)", query.select())

    @api.model
    def _is_readable(self, model, id_):
        """Return the condition that the user may read a record, as rules say.

        It is looked up by its number. Without ``OFFSET`` PostgreSQL may read all
        records of the model first, as it does not know that a page is soon full.

        :param SQL id_: of the record
        """
        records = self.env[model].with_context(active_test=False)
        if not records.has_access("read"):
            return SQL("FALSE")
        query = records._search(Domain.TRUE)
        query.add_where(SQL("%s = %s", SQL.identifier(query.table, "id"), id_))
        return SQL("EXISTS (%s OFFSET 0)", query.select(SQL("1")))

    # ------------------------------------------------------------
    # OPENING
    # ------------------------------------------------------------

    @api.model
    def _add_links(self, rows, known=(), is_asked=None):
        """Say of rows of events or spans what the user may open for them, as *open*.

        :param rows: dicts
        :param known: a column of the rows whose records may be read, as a condition
            of the query said so
        :param bool is_asked: whether the user is asked to approve anything, if known
        """
        wanted = defaultdict(set)
        documents = [self._get_document(row) for row in rows]
        for row, (model, id_) in zip(rows, documents, strict=True):
            if id_ and not self._is_known(row, model, id_, known):
                wanted[model].add(id_)
        readable = self._filter_readable(wanted, is_asked)
        for row, (model, id_) in zip(rows, documents, strict=True):
            is_open = id_ and (
                self._is_known(row, model, id_, known) or id_ in readable.get(model, ())
            )
            row["open"] = {"model": model, "id": id_} if is_open else False

    @api.model
    def _is_known(self, row, model, id_, known):
        return known and MODELS[known] == model and row.get(known) == id_

    @api.model
    def _get_document(self, row):
        for column in OPENED.get(row["res_model"], ()):
            if row.get(column):
                return MODELS[column], row[column]
        if row["res_model"] in OPENED:
            return row["res_model"], None
        return row["res_model"], row["res_id"]

    # ------------------------------------------------------------
    # AMOUNTS
    # ------------------------------------------------------------

    @api.model
    def _get_sides(self):
        """Return whose amounts the user is one to read; the rights to the document are
        another matter."""
        return {
            side
            for side, groups in (
                ("sale", SELLERS),
                ("purchase", BUYERS),
                ("payment", BOOKKEEPERS),
            )
            if any(self.env.user.has_group(group) for group in groups)
        }

    @api.model
    def _get_side(self, row):
        """Return whose amounts those of an event are."""
        side = row["amounts"].get("side")
        if side == "move":
            kind = (row["parameters"] or {}).get("move_type") or ""
            return "sale" if kind.startswith("out_") else "purchase"
        return side
