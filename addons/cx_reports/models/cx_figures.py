from lxml import html

from odoo import api, models
from odoo.exceptions import AccessError

from ..report.cx_report import NUMBERS
from .cx_overview import ENOUGH, GOOD
from .digest_digest import DELIVERIES, KPIS

#: Figures on screens of other addons that are under the same menu.
FIGURES = {
    "spend.budget.line": (
        "reserved",
        "committed",
        "actual",
        "available",
        "used_percent",
    ),
    "supplier.deposit": ("amount_deducted", "amount_refunded", "amount_open"),
    "supply.question": ("answer_hours",),
    "urgency.quota": ("used", "quota", "remaining"),
}


class CxFigures(models.AbstractModel):
    """How figures are counted: one page, in the reader's language.

    What it says of a figure is the help of its field, so that the two cannot differ. It
    has what the reader's menu has: a report that they may not read is not there.
    """

    _name = "cx.figures"
    _description = "How Figures Are Counted"

    @api.model
    @api.readonly
    def get_page(self):
        """Return the reports that the user may read, and their figures.

        :return: of each report its *key*, *label*, the *question* that it answers, the
            *action* that opens it, and its *figures*: *key*, *label* and *help* with
            the definition, the formula and the source
        :rtype: list
        :raises AccessError: for customers and vendors in the portal
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only employees see reports."))
        menus = self.env["ir.ui.menu"]
        root = self.env.ref("cx_reports.cx_menu_root")
        seen = menus.search([("id", "child_of", root.id)])._filter_visible_menus()
        found = [self._get_section(menu) for menu in self._walk(root.sudo(), seen)]
        found.append(self._get_digest())
        return [section for section in found if section and section["figures"]]

    @api.model
    def _walk(self, menu, seen):
        """Yield a menu and those below it, as they stand on the screen."""
        yield menu
        for child in seen.sudo().filtered(lambda each: each.parent_id == menu):
            yield from self._walk(child, seen)

    @api.model
    def _get_section(self, menu):
        action = menu.action
        if not action:
            return None
        if action._name == "ir.actions.act_window" and action.res_model in self.env:
            key, question = action.res_model, self._get_question(action)
            figures = self._get_figures(key, self._get_names(key))
        elif (
            action._name == "ir.actions.client" and action.tag == "cx_reports.overview"
        ):
            key, question = "cx.overview", ""
            figures = self._get_overview_figures()
        else:
            return None
        return {
            "key": key,
            "label": menu.name,
            "question": question,
            "action": action.id,
            "figures": figures,
        }

    @api.model
    def _get_question(self, action):
        """Return what a report answers: the last sentences of its screen when it is
        empty."""
        texts = html.fromstring(action.help or "<p/>").xpath("//p")
        return texts[-1].text_content() if len(texts) > 1 else ""

    @api.model
    def _get_names(self, model):
        """Return the fields of a model that are figures."""
        records = self.env[model]
        if not isinstance(records, self.env.registry["cx.report"]):
            return FIGURES.get(model, ())
        return [
            name
            for name, field in records._fields.items()
            if field.aggregator and field.type in NUMBERS and name != "id"
        ]

    @api.model
    def _get_figures(self, model, names):
        """Return those of the figures that the user may read, with their help."""
        records = self.env[model]
        if not names or not records.has_access("read"):
            return []
        said = records.fields_get(names, ["string", "help"])
        return [
            {
                "key": name,
                "label": said[name]["string"],
                "help": said[name].get("help") or "",
            }
            for name in names
            if name in said
        ]

    @api.model
    def _get_digest(self):
        figures = []
        if self.env[DELIVERIES].has_access("read"):
            figures = self._get_figures("digest.digest", KPIS)
        return {
            "key": "digest.digest",
            "label": self.env._("Digest E-mails"),
            "question": "",
            "action": False,
            "figures": figures,
        }

    # ------------------------------------------------------------
    # THE PAGE WITH DEPARTMENTS
    # ------------------------------------------------------------

    @api.model
    def _get_overview_figures(self):
        """Return what the first page tells besides the figures of reports."""
        departments = self.env["cx.overview"]._get_departments()
        figures = [
            {
                "key": key,
                "label": self.env._(
                    "%(department)s: %(figure)s",
                    department=department.label,
                    figure=department.own,
                ),
                "help": department.definition,
            }
            for key, department in departments.items()
            if self.env[department.model].has_access("read")
        ]
        if self.env[DELIVERIES].has_access("read"):
            figures += self._get_sentences()
        return figures

    @api.model
    def _get_sentences(self):
        good, enough = round(GOOD), ENOUGH
        return [
            {
                "key": "outcome",
                "label": self.env._("Its customers: on time, in full"),
                "help": self.env._(
                    "OTIF of the lines that went through the department: for "
                    "purchasing those that a purchase served, for approvers and "
                    "accounting those whose purchase needed an approval or a deposit, "
                    "for the others all. Source: sale lines and their changes, stock "
                    "moves, promises, supply links."
                ),
            },
            {
                "key": "flag",
                "label": self.env._("Looks good, while its customers wait"),
                "help": self.env._(
                    "The department's own figure is %(good)s %% or more, and either "
                    "fewer than %(good)s %% of its customers' lines were on time, in "
                    "full, or more than %(rest)s %% of those that wait with it now "
                    "are late. Fewer than %(enough)s rows say nothing. Source: the "
                    "figures beside it, promises.",
                    good=good,
                    rest=100 - good,
                    enough=enough,
                ),
            },
            {
                "key": "hand_overs",
                "label": self.env._("Slowest hand-overs"),
                "help": self.env._(
                    "Times that cases waited for a department after another one, over "
                    "in the period: the median of each pair, the longest first; of "
                    "vendors and customers in days of 24 hours, of others in working "
                    "days. Fewer than %(enough)s say nothing. Source: decisive spans "
                    "of the timeline.",
                    enough=enough,
                ),
            },
            {
                "key": "what_if",
                "label": self.env._("What would have kept promises"),
                "help": self.env._(
                    "Promises of the period that were delivered in full, too late, and "
                    "would have been on the day had a step taken no longer than its "
                    "median each time after the customer was told. It is the most that "
                    "can be gained: what was done meanwhile may have taken as long. "
                    "Source: decisive spans of the timeline, history of promises, "
                    "stock moves."
                ),
            },
        ]
