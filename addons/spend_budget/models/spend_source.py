"""What the engine asks of documents: a model under budget inherits these two."""

from odoo import api, models


class SpendSource(models.AbstractModel):
    """A line of a document that takes money from budgets."""

    _name = "spend.source"
    _description = "Line that takes from budgets"

    def _budget_measures(self, forecast=False):
        """Return what the lines are worth to budgets.

        :param bool forecast: measure drafts as if they were submitted or posted
        :return: the ``measure.Measure`` by id of the line; lines that take nothing are
            left out
        :rtype: dict
        """
        raise NotImplementedError

    def _budget_reason(self, had, billing):
        """Return why the ledger moves for this line, see ``spend.entry.reason``.

        :param set had: the kinds of what it held before
        :param bool billing: whether a bill is behind it
        """
        raise NotImplementedError

    @api.model
    def _get_budget_domain(self, budget):
        """Return a domain for the lines that a budget could meet, and some more."""
        raise NotImplementedError


class SpendDocument(models.AbstractModel):
    """A document whose lines take money from budgets."""

    _name = "spend.document"
    _description = "Document that takes from budgets"

    def _budget_update(self, targets, verdicts):
        """Keep what the documents did to budgets, after the ledger was brought up.

        Runs with the system's rights.

        :param targets: by id of the line, the budget lines it meets
        :param verdicts: by ``(model, id)`` of the line and by budget line, *within*,
            *warned* or *over*, where it changed
        """

    def _budget_exceeded(self, lines):
        """Called once for each document and line that it took over the limit, where
        the line does not block.

        Runs with the system's rights. Tells the owners of the budgets; extend it to
        do more.

        :param lines: the ``spend.budget.line`` records
        """
        self.ensure_one()
        lines._tell_owner(self)
