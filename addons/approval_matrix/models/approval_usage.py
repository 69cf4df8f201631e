from odoo import api, fields, models
from odoo.tools import SQL

from ..prefetch import NOW, remember_now

#: Key among what the transaction remembers.
KEY = "approval_matrix.usage"


class ApprovalUsage(models.AbstractModel):
    """What is configured at all: rules, open budgets, absences.

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
        absent = SQL(
            "SELECT FROM approval_substitute WHERE active AND date_to > %s",
            fields.Datetime.now(),
        )
        children = self.env.registry["approval.rule.mixin"]._inherit_children
        rules = {
            name: SQL("SELECT FROM %s", SQL.identifier(self.env[name]._table))
            for name in children
            if not self.env[name]._abstract
        }
        return {**rules, "approval.substitute": absent}

    @api.model
    def _get_reads(self):
        """Return what is read of some of them in the same query, because whoever asks
        whether there is one wants to know it.

        :return: ``odoo.tools.SQL`` by name: an expression, empty if there is none
        :rtype: dict
        """
        return {}

    @api.model
    def _get_exists(self, name):
        """Return the expression that tells whether there is anything of that name."""
        return SQL("EXISTS(%s)", self._get_sources()[name])

    @api.model
    def _read(self, name):
        """Return what there is of that name: what was read, or whether there is any."""
        known = self._get_known()
        if name not in known:
            asked = {
                each: SQL("EXISTS(%s)", source)
                for each, source in self._get_sources().items()
            }
            asked |= self._get_reads()
            query = SQL("SELECT %s, %s", NOW, SQL(", ").join(asked.values()))
            ((now, *found),) = self.env.execute_query(query)
            remember_now(self.env.cr, now)
            self._remember(dict(zip(asked, found, strict=True)))
        return known[name]

    @api.model
    def _has(self, name):
        """Tell whether there is anything of that name."""
        return bool(self._read(name))

    @api.model
    def _get_known(self):
        return self.env.cr.cache.setdefault(KEY, {})

    @api.model
    def _remember(self, known):
        """Keep for this transaction what there is, by name."""
        self._get_known().update(known)

    @api.model
    def _forget(self):
        """Ask again the next time: something was made, or is gone."""
        self._get_known().clear()
