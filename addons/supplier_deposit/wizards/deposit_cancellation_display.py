from markupsafe import Markup

from odoo import api, fields, models

#: Colours as on the deposits' own screens.
BADGES = {"paid": "success", "applied": "success", "done": "success"}


class DepositCancellation(models.TransientModel):
    """What becomes of each deposit, one under the other."""

    _inherit = "deposit.cancellation"

    overview = fields.Html(compute="_compute_overview", sanitize=False)

    @api.depends("deposit_ids")
    def _compute_overview(self):
        states = dict(
            self.env["supplier.deposit"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        row = Markup(
            "<div class='o_deposit_consequence border-bottom py-2'>"
            "<div class='d-flex flex-wrap justify-content-between gap-2'>"
            "<span><span class='fw-bold'>{}</span> {}</span>"
            "<span class='text-nowrap'>{} <span class='badge rounded-pill "
            "text-bg-{}'>{}</span></span></div><div>{}</div></div>"
        )
        for wizard in self:
            wizard.overview = Markup().join(
                row.format(
                    deposit.name,
                    deposit.milestone_name,
                    deposit._format("amount"),
                    BADGES.get(deposit.state, "info"),
                    states[deposit.state],
                    self._say(deposit),
                )
                for deposit in wizard.deposit_ids
            )

    @api.model
    def _say(self, deposit):
        """Return what happens to a deposit; the line above names it already."""
        text = self._describe(deposit).removeprefix(f"{deposit.name}: ")
        text = text[:1].upper() + text[1:]
        if deposit.amount_applied and deposit.amount_open:
            text += " " + self.env._(
                "%(amount)s have been deducted from bills and stay.",
                amount=deposit._format("amount_applied"),
            )
        if deposit.is_under_way:
            text += " " + self.env._(
                "Its payment is on its way: if it cannot be stopped, the money is "
                "claimed back when the bank has paid."
            )
        return text
