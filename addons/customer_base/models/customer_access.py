from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .own_customers import EVERYBODY, FILLING, ON, STATE, UNOWNED, is_on

#: When access ends that has no end.
FOREVER = "9999-12-31"
#: What the table is made of: of the partner, of those above, below and beside it.
ACCESS_SOURCES = frozenset(
    {
        "user_id",
        "parent_id",
        "commercial_partner_id",
        "supplier_rank",
        "partner_share",
    }
)
#: That the table is filled: from which partner down the job began. Where it is now says
#: its mark.
ACCESS_FILLED_TO = "customer_base.access_filled_to"
BATCH = 5_000
#: Up to so many rows the planner is told to begin with the table of access: what it
#: guesses of such readers makes it walk through everybody by name, for seconds among a
#: million when few of theirs have the name that is looked for.
FEW = 30_000
#: Key of the context: all partners there are get counted, whatever they are.
ALL_COUNTED = "customer_base.all_counted"
RULES = (
    "customer_base.res_partner_rule_own_read",
    "customer_base.res_partner_rule_own_write",
)


class CustomerAccess(models.Model):
    """Who may read and write which partner, while salespeople see their own customers
    only: one row for a partner and a reader.

    It is derived: from owners, companies, users and shares. It follows every write of
    the ORM, and a job walks through all of it each night, for two writes at once in
    one family do not see each other. Nobody reads or writes it but this model.
    """

    _name = "customer.access"
    _description = "Access to a Customer"
    _log_access = False

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    # a user, EVERYBODY or UNOWNED: no foreign key, one index for all of them
    reader = fields.Integer(required=True)
    may_write = fields.Boolean(required=True)
    until = fields.Date(required=True, help="The last day.")

    _one_row = models.UniqueIndex("(partner_id, reader)")
    _of_reader = models.Index("(reader, partner_id) INCLUDE (may_write, until)")

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @api.model
    def _get_domain(self, to_write=False):
        """Return the domain of partners that the user may read or write.

        :param bool to_write: those whom the user may also change
        """
        if not self.env.user._has_own_customers_only():
            return fields.Domain.TRUE
        is_among = self._get_condition(to_write)
        return fields.Domain.custom(
            to_sql=lambda model, alias, query: is_among(SQL.identifier(alias, "id"))
        )

    @api.model
    def _get_domain_of_named(self, name):
        """Return the domain of records that name a partner whom the user may read, or
        none.

        It joins no other table: Odoo writes queries of its own around rules, with names
        of columns that another table has too.

        :param str name: of a stored field
        """

        def to_sql(model, alias, query):
            column = model._field_to_sql(alias, name, query)
            is_among = self._get_condition()
            return SQL("(%s IS NULL OR %s)", column, is_among(column))

        return fields.Domain.custom(
            to_sql=to_sql,
            predicate=lambda record: not record[name] or record[name].access_to_read,
        )

    @api.model
    def _get_condition(self, to_write=False):
        """Return a function from a column to the condition that it has one of the
        partners whom the user may read or write."""
        rows = self._get_rows(self.env.user, to_write)
        self._flush_sources()
        counted = self.env.execute_query(
            SQL("SELECT COUNT(*) FROM (%s LIMIT %s) AS few", rows, FEW + 1)
        )
        if counted[0][0] <= FEW:
            form = "%s = ANY(ARRAY(%s))"
        elif self.env.context.get(ALL_COUNTED):
            # merged with the index of partners: to ask a table of that size for each
            # of a million takes nearly twice as long
            form = "%s IN (%s ORDER BY partner_id)"
        else:
            form = "%s IN (%s)"
        return lambda column: SQL(form, column, rows)

    @api.model
    def _filter(self, partner_ids, to_write=False):
        """Return which of some partners the user may read or write.

        :rtype: set[int]
        """
        user = self.env.user
        if not partner_ids or not user._has_own_customers_only():
            return set(partner_ids)
        self._flush_sources()
        rows = self.env.execute_query(
            SQL(
                "%s AND partner_id = ANY(%s)",
                self._get_rows(user, to_write),
                list(partner_ids),
            )
        )
        return {partner for (partner,) in rows}

    @api.model
    def _get_error(self):
        """Return the error of who may not see a customer: it names nobody."""
        return AccessError(
            self.env._(
                "You see and change your own customers only, and what belongs to "
                "them. Please ask the leader of your sales team."
            )
        )

    @api.model
    def _get_rows(self, user, to_write):
        day = fields.Date.context_today(user.with_context(tz=user.tz))
        return SQL(
            """
            SELECT partner_id FROM customer_access
             WHERE reader IN %s AND until >= %s %s
            """,
            tuple(user._get_customer_readers()),
            day,
            SQL("AND may_write") if to_write else SQL(),
        )

    @api.model
    def _flush_sources(self):
        self.env["res.partner"].flush_model(ACCESS_SOURCES)

    # ------------------------------------------------------------
    # KEEPING
    # ------------------------------------------------------------

    @api.model
    def _is_on(self):
        return is_on(self.env)

    @api.model
    def _is_kept(self):
        """Return whether the table is written: while it is filled, too."""
        return bool(self.env["ir.config_parameter"].sudo().get_param(STATE))

    @api.model
    def _get_concerned(self, partner_ids):
        """Return whose access may follow from that of some partners: their families,
        and all above them."""
        rows = self.env.execute_query(
            SQL(
                "WITH RECURSIVE %s SELECT id FROM concerned",
                self._get_concerned_sql(partner_ids),
            )
        )
        return {partner for (partner,) in rows}

    @api.model
    def _get_concerned_sql(self, partner_ids, others=()):
        """Return the expression *concerned* of these partners, and of others."""
        return SQL(
            """
            above AS (
                SELECT id, parent_id FROM res_partner WHERE id = ANY(%(ids)s)
                 UNION
                SELECT partner.id, partner.parent_id
                  FROM above
                  JOIN res_partner partner ON partner.id = above.parent_id
            ), concerned (id) AS (
                SELECT id FROM above
                 UNION
                SELECT member.id
                  FROM res_partner partner
                  JOIN res_partner member
                    ON member.commercial_partner_id = partner.commercial_partner_id
                 WHERE partner.id = ANY(%(ids)s)
                 UNION
                SELECT unnest(%(others)s::int4[])
            )
            """,
            ids=list(partner_ids),
            others=list(others),
        )

    @api.model
    def _keep(self, partner_ids):
        """Write the rows of partners anew, of what the database has of them.

        :param partner_ids: as they are there, not in the cache only
        """
        if partner_ids:
            self._write_rows(SQL("%s", list(partner_ids)))

    @api.model
    def _keep_around(self, partner_ids, others=()):
        """Write the rows of all anew whose access may follow from some partners'.

        :param partner_ids: as for ``_keep``
        :param others: whose rows are written anew as well
        """
        if partner_ids or others:
            self._write_rows(
                # an array: those concerned are few, and found by their index
                SQL("ARRAY(SELECT id FROM concerned)"),
                SQL("%s,", self._get_concerned_sql(partner_ids, others)),
            )

    @api.model
    def _keep_alone(self, partner_ids):
        """Write the rows of new partners who are below nobody.

        Who comes below them afterwards is kept with all above.

        :param partner_ids: as for ``_keep``
        """
        if partner_ids:
            self._write_rows(SQL("%s", list(partner_ids)), is_alone=True)

    @api.model
    def _write_rows(self, ids, before=None, is_alone=False):
        """Write the rows of partners anew.

        :param odoo.tools.SQL ids: an array of them
        :param odoo.tools.SQL before: the expressions that it is made of
        :param bool is_alone: whether nobody is looked for below them, and no row is
            removed: making a contact should not wait for that
        """
        data = self.env["ir.model.data"]
        below = SQL(
            """
            below (top, id) AS (
                SELECT parent_id, id FROM res_partner WHERE parent_id = ANY(%(ids)s)
                 UNION
                SELECT below.top, partner.id
                  FROM below JOIN res_partner partner
                    ON partner.parent_id = below.id
            ),
            """,
            ids=ids,
        )
        gone = SQL(
            """
            , gone AS (
                DELETE FROM customer_access AS access
                 WHERE partner_id = ANY(%(ids)s)
                   AND NOT EXISTS (
                       SELECT FROM now
                        WHERE now.partner_id = access.partner_id
                          AND now.reader = access.reader
                   )
            )
            """,
            ids=ids,
        )
        self.env["customer.share"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE %(before)s %(below)s member (top, id, is_itself) AS (
                    SELECT id, id, TRUE FROM res_partner WHERE id = ANY(%(ids)s)
                    %(others)s
                ), known AS (
                    -- the owner is one's own, else the company's
                    SELECT member.top, member.is_itself,
                           partner.commercial_partner_id AS family,
                           COALESCE(partner.user_id, family.user_id) AS owner,
                           family.user_id AS company_owner,
                           COALESCE(partner.supplier_rank, 0) > 0 AS is_vendor,
                           EXISTS (
                               SELECT FROM res_company company
                                WHERE company.partner_id IN (
                                      partner.id, partner.commercial_partner_id)
                           ) OR EXISTS (
                               -- colleagues, those who left too, and the public
                               SELECT
                                 FROM res_users person
                            LEFT JOIN res_groups_users_rel of_group
                                   ON of_group.uid = person.id
                                  AND of_group.gid = %(public)s
                                WHERE person.partner_id = partner.id
                                  AND (NOT person.share OR of_group.uid IS NOT NULL)
                           ) AS is_ours
                      FROM member
                      JOIN res_partner partner ON partner.id = member.id
                 LEFT JOIN res_partner family
                        ON family.id = partner.commercial_partner_id
                ), reason (partner_id, reader, may_write, until) AS (
                    -- who owns it, or somebody below it
                    SELECT top, owner, is_itself, DATE %(forever)s
                      FROM known WHERE owner IS NOT NULL
                     UNION ALL
                    -- who owns the company reads all its contacts
                    SELECT top, company_owner, FALSE, DATE %(forever)s
                      FROM known WHERE is_itself AND company_owner IS NOT NULL
                     UNION ALL
                    SELECT top, %(unowned)s, TRUE, DATE %(forever)s
                      FROM known
                     WHERE is_itself AND owner IS NULL AND NOT is_vendor AND NOT is_ours
                     UNION ALL
                    SELECT top, %(everybody)s, is_itself AND NOT is_ours,
                           DATE %(forever)s
                      FROM known
                     WHERE is_ours OR (is_itself AND is_vendor AND owner IS NULL)
                     UNION ALL
                    -- one's own card
                    SELECT person.partner_id, person.id, TRUE, DATE %(forever)s
                      FROM res_users person WHERE person.partner_id = ANY(%(ids)s)
                     UNION ALL
                    SELECT known.top, share.user_id, FALSE, share.until
                      FROM known JOIN customer_share share
                        ON share.partner_id = known.family
                       -- what the owner shares ends when it is somebody else's
                       AND (share.owner_id IS NULL
                            OR share.owner_id = known.company_owner)
                ), now AS (
                    SELECT partner_id, reader, BOOL_OR(may_write) AS may_write,
                           MAX(until) AS until
                      FROM reason
                  GROUP BY partner_id, reader
                ) %(gone)s
                INSERT INTO customer_access AS access
                            (partner_id, reader, may_write, until)
                SELECT partner_id, reader, may_write, until FROM now
                    ON CONFLICT (partner_id, reader) DO UPDATE
                   SET may_write = excluded.may_write, until = excluded.until
                 WHERE (access.may_write, access.until)
                       != (excluded.may_write, excluded.until)
                """,
                before=before or SQL(),
                below=SQL() if is_alone else below,
                others=SQL()
                if is_alone
                else SQL("UNION ALL SELECT top, id, FALSE FROM below"),
                gone=SQL() if is_alone else gone,
                ids=ids,
                public=data._xmlid_to_res_id("base.group_public"),
                forever=FOREVER,
                unowned=UNOWNED,
                everybody=EVERYBODY,
            )
        )
        self.env["res.partner"].invalidate_model(
            ["access_to_read", "access_to_write"], flush=False
        )

    # ------------------------------------------------------------
    # ON AND OFF
    # ------------------------------------------------------------

    @api.model
    def _switch(self, on):
        """Have salespeople see their own customers only, or everybody again.

        Few partners are looked at here and now; with many a job does, and the rules
        wait for it.
        """
        if on == self._is_kept():
            return
        parameters = self.env["ir.config_parameter"].sudo()
        if not on:
            parameters.set_param(STATE, False)
            self._set_rules(False)
            return
        parameters.set_param(STATE, FILLING)
        self._begin_filling()
        self.env.cr.execute(
            "SELECT COUNT(*) FROM (SELECT FROM res_partner LIMIT %s) partner", (BATCH,)
        )
        (count,) = self.env.cr.fetchone()
        if count < BATCH:
            self._fill()
        else:
            self.env.ref("customer_base.ir_cron_access")._trigger()

    @api.model
    def _begin_filling(self):
        self.env.cr.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM res_partner")
        (first,) = self.env.cr.fetchone()
        self.env["ir.config_parameter"].sudo().set_param(ACCESS_FILLED_TO, str(first))
        self.env["customer.mark"].sudo()._set_place(ACCESS_FILLED_TO, first)

    @api.model
    def _fill(self):
        """Look at the next partners, newest first; behind the last, the rules begin.

        :return: whether some are left
        """
        parameters = self.env["ir.config_parameter"].sudo()
        marks = self.env["customer.mark"].sudo()
        before = marks._get_place(ACCESS_FILLED_TO)
        self._flush_sources()
        self.env.cr.execute(
            "SELECT id FROM res_partner WHERE id < %s ORDER BY id DESC LIMIT %s",
            (before, BATCH),
        )
        ids = [partner for (partner,) in self.env.cr.fetchall()]
        self._keep(ids)
        if len(ids) == BATCH:
            marks._set_place(ACCESS_FILLED_TO, min(ids))
            return True
        marks._set_place(ACCESS_FILLED_TO, 0)
        parameters.set_param(ACCESS_FILLED_TO, False)
        if parameters.get_param(STATE) == FILLING:
            parameters.set_param(STATE, ON)
            self._set_rules(True)
        return False

    @api.model
    def _set_rules(self, active):
        """Begin or end: rules, and the menus that belong to them."""
        for xmlid in RULES:
            self.env.ref(xmlid).sudo().active = active
        salespeople = self.env.ref("sales_team.group_sale_salesman").sudo()
        menus = self.env.ref("customer_base.group_own_customers").sudo()
        if active:
            salespeople._apply_group(menus)
        else:
            salespeople._remove_group(menus)

    @api.model
    def _cron_fill(self):
        """Fill the table, or look through it again each night; what was killed goes on
        where it was."""
        if not self._is_kept():
            return
        if not self.env["ir.config_parameter"].sudo().get_param(ACCESS_FILLED_TO):
            self._begin_filling()
        left = True
        while left:
            left = self._fill()
            if not self.env["ir.cron"]._commit_progress(1, remaining=int(left)):
                break
