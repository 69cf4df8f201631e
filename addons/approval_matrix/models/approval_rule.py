from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, sql

from ..conditions import TRUE, read
from ..system import as_system
from ..two_persons import can_be_staffed

#: What is looked at to tell which rule a document falls under, and what a request keeps
#: of that rule.
MATCHED = (
    "model",
    "active",
    "company_id",
    "domain",
    "amount_min",
    "amount_max",
    "tolerance",
    "allow_same_person",
)


class Routes(dict):
    """The rule of each document, by its id, and the amount by which it was found."""

    def __init__(self):
        super().__init__()
        self.amounts = {}


class ApprovalRule(models.Model):
    """Which documents need whose approval."""

    _name = "approval.rule"
    _description = "Approval Rule"
    _inherit = ["approval.rule.mixin", "mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(
        default=10, help="The first rule that matches a document decides its route."
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index=True,
        help="Also applies to the branches of this company. Empty: all companies.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    model_id = fields.Many2one(
        "ir.model",
        string="Document",
        required=True,
        ondelete="cascade",
        domain=lambda self: [("model", "in", self._get_approvable_models())],
    )
    model = fields.Char(related="model_id.model", store=True, index=True)
    domain = fields.Char(
        string="Condition",
        default="[]",
        required=True,
        help="Only documents that match are routed by this rule.",
    )
    amount_min = fields.Monetary(
        string="From Amount",
        tracking=True,
        help="In company currency, at the document's date; this amount included.",
    )
    amount_max = fields.Monetary(
        string="Below Amount",
        tracking=True,
        help="In company currency, at the document's date; zero: no upper limit.",
    )
    tolerance = fields.Float(
        string="Tolerance (%)",
        help="After approval the total, and the price of each line, may drop or rise "
        "by so much without asking again, as long as the same is bought from the same "
        "vendor. The quantity of a line may rise by so much, and drop. What was "
        "approved counts, however many small changes follow.",
    )
    allow_same_person = fields.Boolean(
        string="One Person May Decide Several Steps",
        tracking=True,
        help="Otherwise two steps are two persons: who has decided one step, also on "
        "behalf of somebody else, decides no other step of the same request.",
    )
    names_too_few = fields.Boolean(compute="_compute_names_too_few")
    step_ids = fields.One2many("approval.rule.step", "rule_id", copy=True)
    process_count = fields.Integer(compute="_compute_process_count")
    condition_words = fields.Char(
        string="Applies If",
        compute="_compute_condition_words",
        help="The condition, in words.",
    )

    _amounts_in_order = models.Constraint(
        "CHECK (amount_min >= 0 AND (amount_max = 0 OR amount_max > amount_min))",
        "The upper amount must be greater than the lower one, and neither negative.",
    )

    _tolerance_is_a_share = models.Constraint(
        "CHECK (tolerance >= 0 AND tolerance < 100)",
        "A tolerance is a percentage below 100.",
    )

    def _auto_init(self):
        """Rules from before this field keep two persons apart from now on; those that
        name too few people for it go on as they were, or nobody could submit."""
        cr, table = self.env.cr, self._table
        is_new = sql.table_exists(cr, table) and not sql.column_exists(
            cr, table, "allow_same_person"
        )
        result = super()._auto_init()
        too_few = is_new and self._find_too_few_named()
        if too_few:
            cr.execute(
                SQL(
                    "UPDATE approval_rule SET allow_same_person = true WHERE id IN %s",
                    tuple(too_few),
                )
            )
        return result

    def _find_too_few_named(self):
        """Return the ids of rules whose steps name too few different users; in SQL,
        because not all models may be loaded yet."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT step.rule_id, ARRAY_AGG(named.res_users_id),
                       CASE step.quorum WHEN 'all' THEN COUNT(*)
                                        WHEN 'number' THEN step.quorum_number
                                        ELSE 1 END
                  FROM approval_rule_step AS step
                  JOIN approval_rule_step_res_users_rel AS named
                    ON named.approval_rule_step_id = step.id
                 WHERE step.approver_type = 'users'
              GROUP BY step.id
                """
            )
        )
        steps = {}
        for rule_id, users, needed in rows:
            steps.setdefault(rule_id, []).append((set(users), needed))
        return [rule for rule, named in steps.items() if not can_be_staffed(named)]

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.depends(
        "allow_same_person",
        "step_ids.approver_type",
        "step_ids.user_ids",
        "step_ids.quorum",
        "step_ids.quorum_number",
    )
    def _compute_names_too_few(self):
        for rule in self:
            named = [
                (set(step.user_ids.ids), step._get_needed(step.user_ids))
                for step in rule.step_ids
                if step.approver_type == "users"
            ]
            rule.names_too_few = not (rule.allow_same_person or can_be_staffed(named))

    def _compute_process_count(self):
        counts = dict(
            self.env["approval.process"]._read_group(
                [("rule_id", "in", self.ids)], ["rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.process_count = counts.get(rule, 0)

    @api.depends("domain", "model_id")
    @api.depends_context("lang", "uid")
    def _compute_condition_words(self):
        for rule in self:
            rule.condition_words = rule._get_condition_words()

    def _tell(self, currency):
        """Return the rule in words, which a request keeps: it may be changed later.

        :param currency: of the amounts
        :return: ``{"name": …, "condition": …, "lang": …}``
        :rtype: dict
        """
        self.ensure_one()
        lang = self.env.lang
        memo, key = self._get_memo(), ("words", self.id, currency.id, lang)
        if key not in memo:
            texts = []
            if self.amount_min:
                amount = format_amount(self.env, self.amount_min, currency)
                texts.append(self.env._("from %(amount)s", amount=amount))
            if self.amount_max:
                amount = format_amount(self.env, self.amount_max, currency)
                texts.append(self.env._("below %(amount)s", amount=amount))
            condition = self._get_condition_words()
            if not texts or condition != self.env._("Always"):
                texts.append(condition[:1].lower() + condition[1:])
            memo[key] = {
                "name": self._get_name(),
                "condition": ", ".join(texts),
                "lang": lang or False,
            }
        return dict(memo[key])

    def _get_name(self):
        """Return the name in the user's language; it was read with the rules."""
        self._get_all()
        names = self._get_memo()["names"].get(self.id) or {}
        return names.get(self.env.lang) or names.get("en_US") or self.name

    def _get_condition_words(self):
        self.ensure_one()
        if not self.model or not self._is_readable(self.domain, self.model):
            return self.env._("Cannot be judged")
        tree = self._get_condition()
        if tree == TRUE:
            return self.env._("Always")
        return self.env["approval.condition"]._tell(tree, self.model)

    def _get_condition(self):
        """Return the condition as ``conditions`` wants it; it must be readable."""
        self.ensure_one()
        return read(literal_eval(self.domain))

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("step_ids", "active")
    def _check_steps(self, gone=()):
        """Refuse rules by which nobody could approve.

        :param gone: steps about to be deleted
        """
        for rule in self:
            if rule.active and all(step in gone for step in rule.step_ids):
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s” has no step: nobody could approve.",
                        rule=rule.name,
                    )
                )

    def _read_steps(self):
        """Read the steps of all these rules at once, with all they ask for.

        :return: the ``approval.rule.step`` records in order, by rule
        :raises ValidationError: where there is none
        """
        steps = self.env["approval.rule.step"].search_fetch(
            [("rule_id", "in", self.ids)]
        )
        by_rule = steps.grouped("rule_id")
        for rule in self:
            if rule not in by_rule:
                rule._check_steps()
        return by_rule

    @api.constrains("company_id", "amount_min", "amount_max")
    def _check_currency(self):
        for rule in self:
            if not rule.company_id and (rule.amount_min or rule.amount_max):
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s” compares amounts: say in the currency of "
                        "which company.",
                        rule=rule.name,
                    )
                )

    @api.constrains("model_id")
    def _check_model(self):
        self._check_approvable(self.model_id)

    @api.constrains("domain", "model_id")
    def _check_domain(self):
        for rule in self:
            if not self._is_readable(rule.domain, rule.model_id.model):
                raise ValidationError(
                    self.env._(
                        "The condition of rule “%(rule)s” cannot be read: choose "
                        "fields of the document in the editor.",
                        rule=rule.name,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        processes = self.env["approval.process"].sudo()
        used = processes.search([("rule_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._(
                    "Rule “%(rule)s” has decided documents and stays on record. "
                    "Archive it instead.",
                    rule=used.rule_id.name,
                )
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_try(self):
        """Open the trial: which route would a document take, and why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try It"),
            "res_model": "approval.trial",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model_id": self.model_id.id,
                "default_amount": self.amount_min,
                "default_company_id": (self.company_id or self.env.company).id,
            },
        }

    def action_view_processes(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "approval_matrix.approval_process_action"
        )
        action["domain"] = [("rule_id", "=", self.id)]
        return action

    # ------------------------------------------------------------
    # MATCH
    # ------------------------------------------------------------

    @api.model
    def _get_approvable_models(self):
        """Return the names of the models whose documents can be put under approval."""
        children = self.env.registry["approval.mixin"]._inherit_children
        return [
            name
            for name in children
            if not self.env.registry[name]._abstract
            and self.env[name]._approval_rule_model() == name
        ]

    @api.model
    def _check_approvable(self, models):
        """Refuse what cannot be put under approval; these are ``ir.model``."""
        approvable = self._get_approvable_models()
        for model in models.sudo():  # who makes rules may not list models
            if model.model not in approvable:
                raise ValidationError(
                    self.env._(
                        "“%(model)s” cannot be put under approval.", model=model.name
                    )
                )

    @api.model
    def _find_kinds(self):
        """Return the names of the models with rules, archived ones included.

        An archived rule may still have requests running, and a rule that was used
        cannot be deleted: a model without rules never had a request.
        """
        return set(self._get_all().mapped("model"))

    @api.model
    def _get_all(self):
        """Return all rules with what is looked at: it was read with what is configured
        at all, see ``approval.usage``."""
        memo = self._get_memo()
        rules = self.sudo()
        if "all" not in memo:
            rows = self.env["approval.usage"]._read(self._name) or []
            memo["all"] = [row["id"] for row in rows]
            memo["names"] = {row["id"]: row["name"] for row in rows}
            found = rules.browse(memo["all"])
            for name in MATCHED:
                field = self._fields[name]
                field._insert_cache(
                    found,
                    [field.convert_to_cache(row[name], found, False) for row in rows],
                )
        return rules.browse(memo["all"])

    @api.model
    def _get_condition_fields(self, model):
        """Return the fields of the document that conditions of rules look at.

        :rtype: frozenset
        """
        memo = self._get_memo()
        key = ("conditions", model)
        if key not in memo:
            memo[key] = frozenset(
                condition.field_expr.split(".")[0]
                for rule in self._get_active(model)
                for condition in Domain(literal_eval(rule.domain)).iter_conditions()
            )
        return memo[key]

    @api.model
    def _match(self, documents):
        """Find the rule of each document.

        Nothing that callers put into their context counts: neither the language
        names are compared in, nor whether archived rules are found.

        :return: the first rule that matches, by document id; documents without a
            rule are left out
        :rtype: Routes
        """
        routes = Routes()
        documents = as_system(documents)
        by_company = documents.grouped(lambda document: document._approval_company())
        for company, group in by_company.items():
            rules = self._get_rules(group, company)
            if not rules:
                continue
            group = group.with_company(company)
            amounts = {doc.id: doc._approval_threshold_amount() for doc in group}
            routes.amounts |= amounts
            for rule in rules:
                group = group.filtered(lambda document: document.id not in routes)
                for document in rule._filter_matching(group):
                    if rule._covers(amounts[document.id]):
                        routes[document.id] = rule
        return routes

    @api.model
    def _get_rules(self, documents, company):
        """Return the rules of a company and of those above it, in their order."""
        companies = company.parent_ids
        return self._get_active(documents._approval_rule_model()).filtered(
            lambda rule: not rule.company_id or rule.company_id in companies
        )

    @api.model
    def _get_active(self, model):
        """Return the rules of a model that are not archived, in their order."""
        return self._get_all().filtered(
            lambda rule: rule.active and rule.model == model
        )

    def _get_judged_model(self):
        return self.model

    def _filter_matching(self, documents):
        """Return the documents that meet the condition.

        Where it asks for a field that is gone nobody can tell, so it counts as met: no
        document passes by it, nor by a rule below. :meth:`_check_is_judged` refuses to
        submit them then.
        """
        self.ensure_one()
        try:
            return documents._approval_matching(literal_eval(self.domain))
        except ValueError:
            if self._is_readable(self.domain, self.model):
                raise
            return documents

    def _check_is_judged(self):
        """Refuse requests under rules whose condition cannot be judged."""
        for rule in self:
            if not self._is_readable(rule.domain, rule.model):
                raise UserError(
                    self.env._(
                        "Rule “%(rule)s” asks for something that is not there any "
                        "more: an addon was uninstalled. An administrator of approvals "
                        "must change its condition, or archive it.",
                        rule=rule.name,
                    )
                )

    def _lose_fields(self, names):
        """Tell those who make rules. The rule stays: archived, it would let pass what
        it was made to stop."""
        makers = self.env.ref("approval_matrix.group_approval_manager").all_user_ids
        for rule in self:
            rule.message_post(
                body=self.env._(
                    "The condition of this rule asks for %(fields)s, which is gone. "
                    "Nothing can be submitted that this rule comes to, until you "
                    "change its condition or archive it.",
                    fields=names,
                ),
                partner_ids=makers.filtered(
                    lambda user, rule=rule: (
                        not rule.company_id or rule.company_id in user.company_ids
                    )
                ).partner_id.ids,
            )

    def _why_not(self, document, amount):
        """Say why the rule does not match; nothing if it does.

        :param document: may be empty: then the condition is not judged
        :param float amount: in company currency
        """
        self.ensure_one()
        if not self._covers(amount):
            return self.env._("the amount is outside its range")
        if not self._is_readable(self.domain, self.model):
            return self.env._("its condition cannot be judged")
        if document and not document.filtered_domain(literal_eval(self.domain)):
            return self.env._("its condition is not met")
        return False

    def _covers(self, amount):
        """Tell whether an amount in company currency is in the range of the rule."""
        self.ensure_one()
        return (not self.amount_min or self.amount_min <= amount) and (
            not self.amount_max or amount < self.amount_max
        )


class ApprovalRuleStep(models.Model):
    """A rule keeps one step at least."""

    _inherit = "approval.rule.step"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last(self):
        self.rule_id._check_steps(gone=self)


class ApprovalUsage(models.AbstractModel):
    """Whoever asks whether there are rules wants to know them."""

    _inherit = "approval.usage"

    @api.model
    def _get_reads(self):
        self.env["approval.rule"].flush_model()
        columns = SQL(", ").join(map(SQL.identifier, ("id", "name", *MATCHED)))
        rules = SQL(
            "(SELECT json_agg(rule) FROM"
            " (SELECT %s FROM approval_rule ORDER BY sequence, id) AS rule)",
            columns,
        )
        return {**super()._get_reads(), "approval.rule": rules}
