from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

#: That scores are worked out anew: from which customer down the job began. Where it is
#: now says its mark.
SCORED_TO = "customer_base.scored_to"
#: So many at once, each time in a transaction of its own: one query does them.
BATCH = 10_000
#: Fields of these types are columns that are empty or not; yes and no both say a thing.
TEXTS = ("char", "text")
NUMBERS = ("integer", "float", "monetary")
TYPES = (*TEXTS, *NUMBERS, "selection", "many2one", "date", "datetime")
#: What is kept of each customer.
SCORES = ("data_score", "is_data_missing")
#: From when on data is asked for.
ALWAYS, BUYER = "prospect", "customer"


class CustomerFieldRule(models.Model):
    """Which data a company wants of its customers, from when on, and how much each is
    worth: the score in per cent of each customer comes of it.

    All fields that count are columns of customers, so that one expression of SQL is the
    score, for one customer that is written as for a million when a rule changes.
    """

    _name = "customer.field.rule"
    _description = "Data of Customers"
    _order = "sequence, id"

    name = fields.Char("Group of Data", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    field_ids = fields.Many2many(
        "ir.model.fields",
        string="Fields",
        required=True,
        domain=[
            ("model", "=", "res.partner"),
            ("store", "=", True),
            ("translate", "=", False),
            ("company_dependent", "=", False),
            ("ttype", "in", TYPES),
        ],
        ondelete="cascade",
    )
    is_one_enough = fields.Boolean(
        "One Is Enough", help="Any one of the fields fills the whole group."
    )
    kind = fields.Selection(
        [("all", "All"), ("person", "People"), ("company", "Companies")],
        "Asked Of",
        default="all",
        required=True,
    )
    stage = fields.Selection(
        [(ALWAYS, "From the Start"), (BUYER, "From the First Confirmed Order")],
        "From When",
        default=ALWAYS,
        required=True,
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="cascade",
        help="Asked of the customers of this company and its branches only. Customers "
        "whom several companies share are asked for what all of them want: for groups "
        "without a company.",
    )
    is_required = fields.Boolean(
        "Required",
        help="The form says that it must be filled. Whether saving without it is "
        "refused is a setting of the company.",
    )
    weight = fields.Integer(
        default=1, required=True, help="How much it counts among the other groups."
    )

    _weight_positive = models.Constraint(
        "CHECK (weight BETWEEN 1 AND 1000)", "A weight is a number from 1 to 1000."
    )

    @api.constrains("field_ids")
    def _check_fields(self):
        for rule in self:
            if not rule.field_ids:
                raise ValidationError(
                    self.env._("%(rule)s: choose at least one field.", rule=rule.name)
                )
            wrong = rule.field_ids.filtered(lambda field: not self._may_count(field))
            if wrong:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: “%(field)s” does not count. Choose fields of "
                        "contacts that hold a text, a number, a date or a choice.",
                        rule=rule.name,
                        field=wrong[0].field_description,
                    )
                )

    @api.model
    def _may_count(self, field):
        """Tell whether a field is a column that is empty or not."""
        known = self.env["res.partner"]._fields.get(field.name)
        return bool(
            field.model == "res.partner"
            and known
            and known.store
            and known.column_type
            and known.type in TYPES
            and not known.translate
            and not known.company_dependent
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self._begin_scoring()
        return rules

    def write(self, vals):
        result = super().write(vals)
        # in which order and under which name they stand changes no score
        if not {"name", "sequence"}.issuperset(vals):
            self._begin_scoring()
        return result

    def unlink(self):
        result = super().unlink()
        self._begin_scoring()
        return result

    # ------------------------------------------------------------
    # WHAT COUNTS
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_rules(self):
        """Return what counts: of each rule its id, fields, kind, stage, weight, whether
        it is required and whether one field is enough, and the companies whose own
        customers it is asked of, none for all customers.

        :rtype: tuple[dict]
        """
        return self._read_rules()

    @api.model
    def _read_rules(self):
        """Return what counts, as the database has it now: a job that runs for minutes
        does not hear that caches are empty."""
        self.flush_model()
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        return tuple(
            tools.frozendict(
                id=rule.id,
                companies=rule.company_id
                and companies.search([("id", "child_of", rule.company_id.id)])._ids
                or (),
                fields=tuple(names),
                kind=rule.kind,
                stage=rule.stage,
                weight=rule.weight,
                is_required=rule.is_required,
                is_one_enough=rule.is_one_enough,
            )
            for rule in self.sudo().search([("active", "=", True)])
            if (names := rule.field_ids.filtered(self._may_count).mapped("name"))
        )

    @api.model
    @tools.ormcache()
    def _get_sources(self):
        """Return the fields of customers that a score depends on; none without rules.

        :rtype: frozenset
        """
        rules = self._get_rules()
        if not rules:
            return frozenset()
        named = frozenset(name for rule in rules for name in rule["fields"])
        # the score itself, so that whoever writes it gets the right one
        asked = {"is_company", "type", "commercial_partner_id", "company_id"}
        return named | asked | {*SCORES}

    @api.model
    def _has_stages(self):
        return any(rule["stage"] == BUYER for rule in self._get_rules())

    # ------------------------------------------------------------
    # THE SCORE, AS SQL
    # ------------------------------------------------------------

    @api.model
    def _get_score_sql(self, rules):
        """Return the score of a row ``partner``, and whether required data is missing:
        both nothing where no rule applies, and for addresses, which are no customers.

        :param tuple rules: as from ``_get_rules``
        :rtype: tuple[SQL, SQL]
        """
        if not rules:
            return SQL("NULL::int4"), SQL("NULL::bool")
        parts = [(self._get_applies_sql(rule), rule) for rule in rules]
        total = SQL(" + ").join(
            SQL("CASE WHEN %s THEN %s ELSE 0 END", applies, rule["weight"])
            for applies, rule in parts
        )
        reached = SQL(" + ").join(
            SQL(
                "CASE WHEN %s THEN %s * (%s) ELSE 0 END",
                applies,
                rule["weight"],
                self._get_share_sql(rule),
            )
            for applies, rule in parts
        )
        missing = [
            SQL("(%s AND (%s) < 1)", applies, self._get_share_sql(rule))
            for applies, rule in parts
            if rule["is_required"]
        ]
        return (
            SQL("FLOOR(100.0 * (%s) / NULLIF(%s, 0))::int4", reached, total),
            SQL(" OR ").join(missing) if missing else SQL("FALSE"),
        )

    @api.model
    def _get_applies_sql(self, rule):
        conditions = [SQL("COALESCE(partner.type, 'contact') = 'contact'")]
        if rule["kind"] != "all":
            conditions.append(
                SQL(
                    "COALESCE(partner.is_company, FALSE) = %s",
                    rule["kind"] == "company",
                )
            )
        if rule["companies"]:
            conditions.append(
                SQL("partner.company_id = ANY(%s)", list(rule["companies"]))
            )
        if rule["stage"] == BUYER:
            conditions.append(self._get_buyer_sql())
        return SQL("(%s)", SQL(" AND ").join(conditions))

    @api.model
    def _get_buyer_sql(self):
        return SQL(
            """EXISTS (
                SELECT
                  FROM res_partner buyer
                  JOIN sale_order ordered ON ordered.partner_id = buyer.id
                 WHERE buyer.commercial_partner_id = partner.commercial_partner_id
                   AND ordered.state = 'sale'
            )"""
        )

    @api.model
    def _get_share_sql(self, rule):
        """Return how much of a group is filled: 0 to 1."""
        filled = [self._get_filled_sql(name) for name in rule["fields"]]
        if rule["is_one_enough"]:
            return SQL("(%s)::int4", SQL(" OR ").join(filled))
        count = SQL(" + ").join(SQL("(%s)::int4", each) for each in filled)
        return SQL("(%s) / %s::numeric", count, len(filled))

    @api.model
    def _get_filled_sql(self, name):
        column = SQL.identifier("partner", name)
        kind = self.env["res.partner"]._fields[name].type
        if kind in TEXTS:
            return SQL("COALESCE(BTRIM(%s), '') <> ''", column)
        if kind in NUMBERS:
            return SQL("COALESCE(%s, 0) <> 0", column)
        return SQL("%s IS NOT NULL", column)

    # ------------------------------------------------------------
    # KEEPING
    # ------------------------------------------------------------

    @api.model
    def _keep(self, partner_ids, rules=None):
        """Work out the scores of customers, of what the database has of them.

        :param list partner_ids: as they are there, not in the cache only
        :param tuple rules: by which, if not by those that are remembered
        """
        rules = self._get_rules() if rules is None else rules
        score, missing = self._get_score_sql(rules)
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner AS kept
                   SET data_score = now.score, is_data_missing = now.missing
                  FROM (
                        SELECT partner.id, %s AS score, %s AS missing
                          FROM res_partner partner
                         WHERE partner.id = ANY(%s)
                       ) AS now
                 WHERE now.id = kept.id
                   AND (kept.data_score, kept.is_data_missing)
                       IS DISTINCT FROM (now.score, now.missing)
                """,
                score,
                missing,
                list(partner_ids),
            )
        )
        partners = self.env["res.partner"].browse(partner_ids)
        partners.invalidate_recordset(SCORES, flush=False)

    @api.model
    def _keep_buyers(self, partners):
        """Work out the scores of whoever belongs to the same companies: one of them has
        ordered, or not any more."""
        if not partners or not self._has_stages():
            return
        self.env["sale.order"].flush_model(["state", "partner_id"])
        self.env["res.partner"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s)",
                partners.commercial_partner_id.ids,
            )
        )
        self._keep([partner for (partner,) in rows])

    @api.model
    def _begin_scoring(self):
        """Have all scores worked out anew, by a job: it may be a million of them."""
        self.env.registry.clear_cache()
        self.env.cr.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM res_partner")
        (first,) = self.env.cr.fetchone()
        self.env["ir.config_parameter"].sudo().set_param(SCORED_TO, str(first))
        self.env["customer.mark"].sudo()._set_place(SCORED_TO, first)
        self.env.ref("customer_base.ir_cron_score").sudo()._trigger()

    @api.model
    def _cron_score(self):
        """Work out scores after a rule has changed, newest first; what was killed goes
        on where it was."""
        parameters = self.env["ir.config_parameter"].sudo()
        marks = self.env["customer.mark"].sudo()
        going_on = bool(parameters.get_param(SCORED_TO))
        while going_on:
            # read each time: a rule that changes meanwhile has all begin anew
            before = marks._get_place(SCORED_TO)
            self.env.cr.execute(
                "SELECT id FROM res_partner WHERE id < %s ORDER BY id DESC LIMIT %s",
                (before, BATCH),
            )
            ids = [partner for (partner,) in self.env.cr.fetchall()]
            self._keep(ids, self._read_rules())
            before = min(ids, default=0)
            marks._set_place(SCORED_TO, before)
            if not before:
                # nothing left: the parameter goes
                parameters.set_param(SCORED_TO, False)
            progress = self.env["ir.cron"]._commit_progress
            left = progress(len(ids), remaining=int(bool(before)))
            going_on = before and left
