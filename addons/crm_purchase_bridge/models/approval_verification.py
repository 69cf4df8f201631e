from odoo import api, models

from odoo.addons.approval_matrix.models.approval_verification import Finding


class ApprovalVerification(models.AbstractModel):
    _inherit = "approval.verification"

    @api.model
    def _get_checks(self):
        return {**super()._get_checks(), "promises": self.env._("promises")}

    @api.model
    def _check_promises(self, companies, batch):
        """Compare promises with what is possible now.

        What changed since the last run of the job differs, too: run it first.
        """
        domain = [("state", "in", ("draft", "sent", "sale"))]
        if companies:
            domain.append(("company_id", "in", companies.ids))
        promises = self.env["supply.promise"]
        for lines in self._read_in_batches("sale.order.line", domain, batch):
            found = promises._find_differences(lines)
            yield (
                len(lines),
                [Finding(line._name, line.id, text) for line, text in found],
            )
        unmarked = self.env["supply.promise.gone"]._find_unmarked(companies)
        text = self.env._("It was deleted after the customer was told, and not marked.")
        yield 0, [Finding("sale.order.line", id_, text) for id_ in unmarked]
