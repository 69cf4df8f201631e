from odoo import api, models


class IrUiMenu(models.Model):
    """The page of a team's customers is shown to who leads somebody."""

    _inherit = "ir.ui.menu"

    @api.model
    def _load_menus_blacklist(self):
        hidden = super()._load_menus_blacklist()
        menu = self.env.ref(
            "customer_base.customer_team_menu", raise_if_not_found=False
        )
        # teams empty the cache of menus when they change
        if menu and not self.env.user._get_led_user_ids():
            return [*hidden, menu.id]
        return hidden
