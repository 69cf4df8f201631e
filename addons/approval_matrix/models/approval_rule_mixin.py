from ast import literal_eval

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

#: Key among what the transaction remembers, of all kinds of rules.
MEMO = "approval_matrix.rules"


class ApprovalRuleMixin(models.AbstractModel):
    """What documents are judged by: asked at each of their changes, so that it must
    cost next to nothing where there is none.

    Whether there are any is found for all kinds of rules at once, with one statement
    in a transaction. *Yes* is cached for the process. *No* is remembered for the
    transaction only: a cached *no* that another thread refills from an old snapshot
    would let documents pass.
    """

    _name = "approval.rule.mixin"
    _description = "Rule for documents"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self._forget()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self._forget()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget()
        # there may be none any more; a cached *yes* harms nobody, but costs
        self.env.registry.clear_cache()
        return result

    # ------------------------------------------------------------
    # IN USE
    # ------------------------------------------------------------

    @api.model
    def _is_in_use(self, kind=""):
        """Tell whether there is a rule, those that are archived included.

        :param str kind: of those that ``_get_use_query`` tells apart
        """
        memo = self._get_memo()
        key = ("in use", kind)
        if key not in memo:
            try:
                memo[key] = self._find_any(kind)
            except LookupError:
                memo[key] = False
        return memo[key]

    @api.model
    @tools.ormcache("kind")
    def _find_any(self, kind):
        if (self._name, kind) not in self._find_uses():
            raise LookupError(kind)  # which is not cached
        return True

    @api.model
    def _find_uses(self):
        """Return the models with rules, and the kinds they have: of all, at once."""
        memo = self._get_memo_of_all()
        if "uses" not in memo:
            names = self.env.registry["approval.rule.mixin"]._inherit_children
            statements = [
                SQL(
                    "SELECT %s, rules.kind FROM (%s) rules(kind)",
                    name,
                    self.env[name]._get_use_query(),
                )
                for name in names
                if not self.env.registry[name]._abstract
            ]
            statement = SQL(" UNION ALL ").join(statements)
            memo["uses"] = frozenset(self.env.execute_query(statement))
        return memo["uses"]

    @api.model
    def _get_use_query(self):
        """Return the statement whose rows are the kinds there are rules of.

        Archived rules count: they may still have something under way.
        """
        table = SQL.identifier(self._table)
        return SQL("SELECT '' WHERE EXISTS (SELECT FROM %s)", table)

    # ------------------------------------------------------------
    # MEMO
    # ------------------------------------------------------------

    @api.model
    def _get_memo(self):
        """Return what the transaction remembers of this model."""
        return self._get_memo_of_all().setdefault(self._name, {})

    @api.model
    def _get_memo_of_all(self):
        return self.env.cr.cache.setdefault(MEMO, {})

    @api.model
    def _forget(self):
        """Drop what the transaction remembers of rules; they have just changed."""
        self.env.cr.cache.pop(MEMO, None)

    # ------------------------------------------------------------
    # CONDITION
    # ------------------------------------------------------------

    @api.model
    def _is_readable(self, condition, model):
        """Tell whether a condition can be judged.

        :param str condition: a domain, as it is stored
        :param str model: what it is about
        """
        try:
            Domain(literal_eval(condition)).validate(self.env[model])
        except (ValueError, TypeError, SyntaxError, KeyError):
            return False
        return True
