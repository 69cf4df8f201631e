from odoo import api, models
from odoo.fields import Domain

from odoo.addons.approval_matrix.models.approval_verification import Finding


class ApprovalVerification(models.AbstractModel):
    _inherit = "approval.verification"

    @api.model
    def _get_checks(self):
        return {
            **super()._get_checks(),
            "supply_changes": self.env._("changes of supply"),
            "supply_links": self.env._("supply links"),
            "supply_states": self.env._("supply of order lines"),
            "urgency_cases": self.env._("urgent cases"),
        }

    @api.model
    def _check_supply_links(self, companies, batch):
        """Compare links with what follows from orders and transfers now."""
        domain = [("company_id", "in", companies.ids)] if companies else []
        links = self.env["supply.link"]
        for lines in self._read_in_batches("purchase.order.line", domain, batch):
            found = links._find_differences(lines.ids)
            yield (
                len(lines),
                [Finding(link._name, link.id, text) for link, text in found],
            )
        torn = [
            (link, text)
            for link, text in links._find_torn()
            if not companies or link.company_id in companies
        ]
        yield len(torn), [Finding(link._name, link.id, text) for link, text in torn]

    @api.model
    def _check_supply_changes(self, companies, batch):
        """Look whether the job follows what changed, of whichever company."""
        changes = self.env["supply.change"]
        since = changes._get_waiting_since()
        found = []
        if since:
            text = self.env._(
                "Changes of supply wait since %(moment)s: the scheduled action "
                "%(action)s does not run.",
                moment=since,
                action=self.env.ref("supply_link.ir_cron_follow").name,
            )
            found.append(Finding(changes._name, False, text))
        yield changes.search_count([]), found

    @api.model
    def _check_supply_states(self, companies, batch):
        """Compare open order lines with what links and pools say now.

        What changed since the last run of the job differs, too: run it first.
        """
        domain = [("state", "=", "sale")]
        if companies:
            domain.append(("company_id", "in", companies.ids))
        states = self.env["supply.state"]
        for lines in self._read_in_batches("sale.order.line", domain, batch):
            found = states._find_differences(lines)
            yield (
                len(lines),
                [Finding(line._name, line.id, text) for line, text in found],
            )

    @api.model
    def _check_urgency_cases(self, companies, batch):
        """Compare what is kept of urgent cases with what follows from orders now.

        What is noted and not followed yet is no difference: it is worked out anew when
        it is read.
        """
        states = self.env["urgency.case.state"]
        noted, _rows = self.env["urgency.case.change"]._get_anew()
        for model in ("sale.order", "purchase.order"):
            is_sale = model == "sale.order"
            kept = states.search([("sale_id", "!=" if is_sale else "=", False)])
            cases = kept.sale_id if is_sale else kept.purchase_id
            domain = Domain("urgency_level_id.is_urgent", "=", True)
            domain |= Domain("id", "in", cases.ids)
            if companies:
                domain &= Domain("company_id", "in", companies.ids)
            for orders in self._read_in_batches(model, domain, batch):
                looked_at = (orders.ids, []) if is_sale else ([], orders.ids)
                found = states._find_differences(*looked_at, noted)
                yield (
                    len(orders),
                    [Finding(model, id_, text) for id_, text in found],
                )
