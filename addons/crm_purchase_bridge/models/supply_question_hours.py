from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.approval_matrix.system import as_system

#: Working hours to answer in, where a company says nothing else.
HOURS = 4.0
HELP = "Working hours within which a question should be answered. 0: no limit."


def _hours(label):
    return fields.Float(
        string=label, default=HOURS, groups="base.group_user", help=HELP
    )


class ResCompany(models.Model):
    """How long departments may take to answer.

    A department that an addon adds has its hours in a field of its own, whose name
    ends with its key.
    """

    _inherit = "res.company"

    supply_question_hours_care = _hours("Customer Care Answers Within")
    supply_question_hours_purchase = _hours("Purchasing Answers Within")
    supply_question_hours_stock = _hours("Warehouse Answers Within")
    supply_question_hours_account = _hours("Accounting Answers Within")

    _supply_question_hours = models.Constraint(
        "CHECK (LEAST(supply_question_hours_care, supply_question_hours_purchase, "
        "supply_question_hours_stock, supply_question_hours_account) >= 0)",
        "A limit is so many working hours, or 0 for none.",
    )

    @api.model
    def _approval_working_time_changed(self, changed):
        """Move the limits of open questions of companies whose working time changed."""
        result = super()._approval_working_time_changed(changed)
        companies = Domain("resource_calendar_id", "in", changed.calendars.ids)
        companies |= Domain("id", "in", changed.companies.ids)
        questions = as_system(self.env["supply.question"]).search(
            [
                ("state", "=", "open"),
                ("escalated_at", "=", False),
                ("limit_hours", ">", 0),
                (
                    "company_id",
                    "any",
                    Domain.TRUE if changed.everybody else companies,
                ),
            ]
        )
        questions._recount()
        return result


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    supply_question_hours_care = fields.Float(
        related="company_id.supply_question_hours_care", readonly=False
    )
    supply_question_hours_purchase = fields.Float(
        related="company_id.supply_question_hours_purchase", readonly=False
    )
    supply_question_hours_stock = fields.Float(
        related="company_id.supply_question_hours_stock", readonly=False
    )
    supply_question_hours_account = fields.Float(
        related="company_id.supply_question_hours_account", readonly=False
    )
