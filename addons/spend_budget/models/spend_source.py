"""What the engine asks of documents: a model under budget inherits these two."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.approval_matrix.system import as_system

from .spend_entry import SOURCES

#: What a document does to budgets.
STATES = [
    ("none", "No budget"),
    ("within", "Within budget"),
    ("warned", "Over, warned"),
    ("missing", "No budget line"),
    ("over", "Over budget"),
]

#: From harmless to worst: of several the worst counts.
RANK = [state for state, _label in STATES]


class SpendSource(models.AbstractModel):
    """A line of a document that takes money from budgets."""

    _name = "spend.source"
    _description = "Line that takes from budgets"

    #: Fields that decide what a line takes from which budget.
    _budget_triggers = frozenset()

    def _budget_touch(self, touched, vals=None):
        """Note the lines that must be compared with the ledger, in the watch.

        ``create``, ``write`` and ``unlink`` open it, see ``spend.control._watching``.
        Each model has them itself: a mixin's would run inside Odoo's own.

        :param touched: the ``Touched`` to note them in
        :param vals: what will be written, or was, then empty; without, all that hangs
            on the lines changes
        """
        raise NotImplementedError

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

    def _budget_judged(self, verdicts):
        """Called for the lines that there still are when the ledger was brought up to
        them; extend it to tell somebody.

        Runs with the system's rights. A document that tells for all its lines at once
        does so in ``spend.document._budget_update``.

        :param verdicts: by ``(model, id)`` of the line and by budget line, *within*,
            *warned* or *over*, where it changed
        """

    @api.model
    def _get_budget_domain(self, budget):
        """Return a domain for the lines that a budget could meet, and some more."""
        raise NotImplementedError


class SpendDocument(models.AbstractModel):
    """A document whose lines take money from budgets."""

    _name = "spend.document"
    _description = "Document that takes from budgets"

    #: Fields that decide what the document takes from which budget.
    _budget_triggers = frozenset()

    #: Field that leads to the lines.
    _budget_lines_field = None

    budget_impact = fields.Html(
        compute="_compute_budget_impact",
        compute_sudo=True,
        sanitize=False,
        groups="base.group_user",
        export_string_translation=False,
    )
    budget_now = fields.Selection(
        STATES,
        compute="_compute_budget_impact",
        compute_sudo=True,
        groups="base.group_user",
        help="By what is available at this moment; drafts as if they were submitted "
        "or posted now.",
    )

    @api.model
    def _budget_dependencies(self):
        """Return the names of the fields that ``budget_impact`` depends on."""
        if not self._budget_lines_field:
            return set()
        lines = self.pool[self._fields[self._budget_lines_field].comodel_name]
        return {
            "company_id",
            *self._budget_triggers,
            *(f"{self._budget_lines_field}.{name}" for name in lines._budget_triggers),
        }

    @api.depends(lambda self: self._budget_dependencies())
    @api.depends_context("lang", "uid")
    def _compute_budget_impact(self):
        in_use = self.env["spend.control"]._in_use()
        impacts = self._budget_impacts() if in_use else {}
        texts = self._budget_get_missing_texts() if in_use else {}
        lines = self.env["spend.budget.line"].union(
            *(row["line"] for rows in impacts.values() for row in rows)
        )
        own = self.env["spend.budget.line"].sudo(False).browse(lines.ids)
        readable = set(own._filtered_access("read")._ids) if own else set()
        for document in self:
            rows = impacts.get(document, ())
            missing = texts.get(document)
            verdicts = [row.get("now", row["verdict"]) for row in rows]
            verdicts += ["missing"] if missing else []
            document.budget_now = max(verdicts, key=RANK.index, default="none")
            document.budget_impact = (rows or missing) and self.env["ir.qweb"]._render(
                "spend_budget.impact",
                {
                    "rows": rows,
                    "missing": missing,
                    "currency": document.company_id.currency_id,
                    "is_forecast": document.state in ("draft", "sent"),
                    "document_model": document._name,
                    "document_id": document._origin.id,
                    "readable": readable,
                    "repr": repr,
                    "labels": dict(
                        self._fields["budget_now"]._description_selection(self.env)
                    ),
                },
            )

    def _budget_get_row(self, line_id):
        """Return what the document takes from a budget line, for who may read the
        document.

        :return: see :meth:`_budget_impacts`; the line has the rights of the user
        :raises UserError: where it takes nothing from that line
        """
        self.ensure_one()
        self.check_access("read")
        for row in self.sudo()._budget_impacts()[self.sudo()]:
            if row["line"].id == line_id:
                line = self.env["spend.budget.line"].browse(line_id)
                return {**row, "line": line}
        raise UserError(
            self.env._(
                "%(document)s takes nothing from this budget line any more. Reload "
                "the page.",
                document=self.display_name,
            )
        )

    def _budget_touch(self, touched, vals=None):
        """Note the document or its lines, see ``spend.source._budget_touch``."""
        raise NotImplementedError

    def _budget_touch_missing(self, touched):
        """Note what no budget line is for, before the documents are changed."""
        Control = self.env["spend.control"]
        documents = as_system(self).filtered(
            lambda each: (
                each.id not in touched.missing
                and Control._wants_missing(each.company_id)
            )
        )
        touched.see_missing(dict.fromkeys(documents.ids, 0))
        found = documents._budget_get_missing()
        touched.see_missing(
            {each.id: units for each, (_own, units, _) in found.items()}
        )

    def _budget_impacts(self):
        """Return what the documents take from each budget line they touch.

        Drafts are measured as if they were submitted or posted now.

        :return: by document, a list of ``{"line", "amount", "before", "after", "limit",
            "verdict"}``, amounts in company currency; *now* has the verdict of this
            moment, where that is another question
        """
        engine = as_system(self.env["spend.control"], for_texts=True)
        documents = self.with_env(engine.env)
        lines = documents[self._budget_lines_field]
        measures = lines._budget_measures(forecast=True)
        borne = engine._get_borne(measures)
        asked = defaultdict(lambda: defaultdict(int))
        for line in lines:
            document = line[SOURCES[lines._name]]
            for line_id, units in borne.get(line.id, {}).items():
                asked[document.id][line_id] += measures[line.id].take(units)
        held = documents._budget_get_held()
        return {
            document: engine._get_impact_rows(
                asked[document.id], held[document._origin.id]
            )
            for document in self
        }

    def _budget_get_missing(self, forecast=False):
        """Return what no budget line is for, of those documents that have such lines.

        :return: by document, these lines, the units of all of them, and the strictest
            of what the company wants then
        """
        Control = self.env["spend.control"]
        wanted = self.filtered(lambda each: Control._wants_missing(each.company_id))
        lines = wanted._budget_get_judged_lines()
        measures = lines._budget_measures(forecast=forecast)
        parent = SOURCES[lines._name]  # a line's own company is its subject's to write
        left = Control._get_missing(
            measures, {line.id: line[parent].company_id for line in lines}
        )
        missing = lines.filtered(lambda line: line.id in left)
        return {
            document: (own, *Control._sum_missing([left[id_] for id_ in own._ids]))
            for document, own in missing.grouped(parent).items()
        }

    def _budget_get_judged_lines(self):
        """Return the lines of the documents that a budget line should be for."""
        return self[self._budget_lines_field]

    def _budget_get_missing_texts(self):
        """Return the sentence on what no budget line is for, by document that has such
        a thing."""
        engine = as_system(self.env["spend.control"], for_texts=True)
        documents = self.with_env(engine.env)
        return engine._describe_missing(documents._budget_get_missing(forecast=True))

    def _budget_get_held(self):
        """Return what the documents have of open budgets: that is available to them.

        :return: by document id and budget line id, units
        """
        held = defaultdict(lambda: defaultdict(int))
        lines = self._origin[self._budget_lines_field]
        if lines:
            holdings = self.env["spend.control"]._get_holdings(lines._name, lines.ids)
            for source_id, by_line in holdings.items():
                document = lines.browse(source_id)[SOURCES[lines._name]]
                for line_id, (kinds, _number) in by_line.items():
                    held[document.id][line_id] += sum(kinds.values())
        return held

    def _budget_update(self, targets, verdicts, missing):
        """Keep what the documents did to budgets, after the ledger was brought up.

        Runs with the system's rights.

        :param targets: by id of the line, the budget lines it meets
        :param verdicts: by ``(model, id)`` of the line and by budget line, *within*,
            *warned* or *over*, where it changed
        :param missing: by id of the document, ``[units, verdict]`` of what no budget
            line is for
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
