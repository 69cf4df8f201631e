from odoo import api, models
from odoo.tools import SQL

#: Key among what the transaction remembers.
KEY = "approval_matrix.usage"


class ApprovalUsage(models.AbstractModel):
    """What is configured at all: rules, open budgets.

    It is asked at each change of a document, and must cost next to nothing where there
    is none: one query a transaction answers it for everything. It is not remembered
    for longer, see ``approval.rule.mixin``.
    """

    _name = "approval.usage"
    _description = "What is configured"

    @api.model
    def _get_sources(self):
        """Return what is looked for: by a name, a query that finds a row if there is
        one.

        :return: ``odoo.tools.SQL`` by name
        :rtype: dict
        """
        children = self.env.registry["approval.rule.mixin"]._inherit_children
        return {
            name: SQL("SELECT FROM %s", SQL.identifier(self.env[name]._table))
            for name in children
            if not self.env[name]._abstract
        }

    @api.model
    def _has(self, name):
        """Tell whether there is anything of that name."""
        memo = self.env.cr.cache
        if KEY not in memo:
            sources = self._get_sources()
            exist = (SQL("EXISTS(%s)", source) for source in sources.values())
            (found,) = self.env.execute_query(SQL("SELECT %s", SQL(", ").join(exist)))
            memo[KEY] = dict(zip(sources, found, strict=True))
        return memo[KEY][name]

    @api.model
    def _forget(self):
        """Ask again the next time: something was made, or is gone."""
        self.env.cr.cache.pop(KEY, None)
