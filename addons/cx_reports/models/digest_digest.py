from odoo import fields, models
from odoo.exceptions import AccessError

DELIVERIES = "cx.delivery.report"
#: Figures that a digest may have.
KPIS = ("kpi_cx_otif", "kpi_cx_missed", "kpi_cx_broken")


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    kpi_cx_otif = fields.Boolean(
        "On Time, in Full (%)",
        groups="base.group_user",
        help="Order lines on time, in full ÷ those due in the period, of which the day "
        "is over. Source: sale lines and their changes, stock moves, promises.",
    )
    kpi_cx_otif_value = fields.Float(
        compute="_compute_kpi_cx_otif_value", groups="base.group_user"
    )
    kpi_cx_missed = fields.Boolean(
        "Order Lines Missed",
        groups="base.group_user",
        help="Order lines due in the period that were not there on time, in full. "
        "Source: sale lines and their changes, stock moves, promises.",
    )
    kpi_cx_missed_value = fields.Integer(
        compute="_compute_kpi_cx_missed_value", groups="base.group_user"
    )
    kpi_cx_broken = fields.Boolean(
        "Promises Broken",
        groups="base.group_user",
        help="Order lines whose first day told is in the period, and was not kept: "
        "delivered later, not yet although the day is over, or withdrawn. Source: "
        "history of promises, stock moves.",
    )
    kpi_cx_broken_value = fields.Integer(
        compute="_compute_kpi_cx_broken_value", groups="base.group_user"
    )

    def _compute_kpi_cx_otif_value(self):
        """Order lines on time, in full ÷ those due in the period, in percent."""
        self._set_cx_figure("kpi_cx_otif_value", "due_on", "otif_rate:avg", [])

    def _compute_kpi_cx_missed_value(self):
        """Order lines due in the period that were not there on time, in full."""
        missed = [("otif", "=", "missed")]
        self._set_cx_figure("kpi_cx_missed_value", "due_on", "__count", missed)

    def _compute_kpi_cx_broken_value(self):
        """Order lines whose first day told is in the period, and was not kept."""
        broken = [("kept_rate", "=", 0.0), ("outcome", "!=", "open")]
        self._set_cx_figure("kpi_cx_broken_value", "told_on", "__count", broken)

    def _compute_kpis(self, company, user):
        """Of no lines there is no share: 0 % would say that all were late."""
        kpis = super()._compute_kpis(company, user)
        frames = self._compute_timeframes(company)
        for kpi in kpis:
            if kpi["kpi_name"] != "kpi_cx_otif":
                continue
            for number, (_label, (frame, _before)) in enumerate(frames, 1):
                digest = self.with_context(
                    start_datetime=frame[0], end_datetime=frame[1]
                )
                digest = digest.with_user(user).with_company(company)
                if not digest._count_cx_due():
                    kpi[f"kpi_col{number}"].update(value="–", margin=0.0)
        return kpis

    def _count_cx_due(self):
        """Return how many order lines the share of the period is of."""
        domain = self._get_cx_domain(self.company_id or self.env.company, "due_on")
        reports = self.env[DELIVERIES]
        return reports.search_count([*domain, ("otif", "in", ["met", "missed"])])

    def _set_cx_figure(self, name, day, aggregate, domain):
        """Set a figure of each company, over its days of the period.

        :param str day: field whose day must be in the period
        """
        reports = self.env[DELIVERIES]
        if not reports.has_access("read"):
            raise AccessError(self.env._("This figure is not for this reader."))
        for digest in self:
            company = digest.company_id or self.env.company
            found = reports._read_group(
                [*self._get_cx_domain(company, day), *domain], aggregates=[aggregate]
            )
            digest[name] = found[0][0] or 0

    def _get_cx_domain(self, company, day):
        """Return the condition that a day is one of the company's in the period."""
        start, end, _companies = self._get_kpi_compute_parameters()
        start, end = map(fields.Datetime.to_datetime, (start, end))
        return [
            ("company_id", "=", company.id),
            (day, ">=", company._approval_day(start)),
            (day, "<", company._approval_day(end)),
        ]

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("cx_reports.cx_menu_root").id
        action = f"cx_reports.cx_delivery_report_action?menu_id={menu}"
        return actions | dict.fromkeys(KPIS, action)
