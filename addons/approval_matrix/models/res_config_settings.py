from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Where an administrator sees what else would ask for an approval."""

    _inherit = "res.config.settings"

    approval_link_login = fields.Selection(
        related="company_id.approval_link_login", readonly=False
    )
    approval_link_login_amount = fields.Monetary(
        related="company_id.approval_link_login_amount",
        readonly=False,
        currency_field="approval_currency_id",
    )
    approval_currency_id = fields.Many2one(related="company_id.currency_id")
    approval_advice_html = fields.Html(
        compute="_compute_approval_advice_html", sanitize=False
    )

    def _compute_approval_advice_html(self):
        for settings in self:
            settings.approval_advice_html = self.env["ir.qweb"]._render(
                "approval_matrix.advice", {"advices": settings._get_approval_advices()}
            )

    def _get_approval_advices(self):
        """Return sentences on other approvals in this database; addons add theirs.

        :rtype: list[str]
        """
        advices = []
        tiers = self.env["ir.module.module"].sudo()
        tiers = tiers.search(
            [("name", "=like", "%tier_validation"), ("state", "=", "installed")]
        )
        if tiers:
            advices.append(
                self.env._(
                    "%(modules)s would ask a second time: archive its tier definitions "
                    "for documents that have a rule here, or uninstall it.",
                    modules=", ".join(tiers.mapped("shortdesc")),
                )
            )
        return advices
