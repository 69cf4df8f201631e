from odoo import api, models


class SpendBudgetLine(models.Model):
    """Lines that go, or close, take the requests for their money along."""

    _inherit = "spend.budget.line"

    @api.ondelete(at_uninstall=False)
    def _unlink_requests(self):
        self._give_up_requests(
            self.env._("A budget line of your request was deleted. Ask another one.")
        )

    def _give_up_requests(self, why):
        """Cancel the requests on these lines that are not decided.

        :param str why: for who asks
        """
        self.env["spend.transfer.request"].sudo().search(
            [
                ("state", "in", ("draft", "waiting")),
                "|",
                ("from_line_id", "in", self.ids),
                ("to_line_id", "in", self.ids),
            ]
        )._give_up(why)
