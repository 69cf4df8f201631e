from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class CustomerShare(models.Model):
    """A customer whom somebody else may read for some days, with all contacts.

    After the last day it gives nothing, whether or not a job has run: the day stands
    in each row of the table of access.
    """

    _name = "customer.share"
    _description = "Shared Customer"
    _order = "until DESC, id DESC"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="cascade",
        help="The company, with all its contacts.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("share", "=", False)],
    )
    until = fields.Date(required=True, help="The last day.")
    reason = fields.Char(required=True)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_on()
        partners = self.env["res.partner"]
        for values in vals_list:
            partner = partners.browse(values.get("partner_id"))
            # one family, whichever of its contacts was chosen
            values["partner_id"] = partner.sudo().commercial_partner_id.id
        shares = super().create(vals_list)
        shares._check_of_use()
        shares._keep_access(shares.partner_id)
        return shares

    def write(self, vals):
        if not {"partner_id", "user_id"}.isdisjoint(vals):
            # rights were looked at for this customer
            raise UserError(
                self.env._("Please share the other customer with a line of its own.")
            )
        self._check_on()
        result = super().write(vals)
        self._keep_access(self.partner_id)
        return result

    def _check_of_use(self):
        """Refuse new shares that give nothing, or outsiders something.

        :raises ValidationError: says why
        """
        today = fields.Date.context_today(self)
        for share in self:
            user = share.user_id.sudo()
            if not (user.active and user._is_internal()):
                raise ValidationError(
                    self.env._(
                        "%(user)s is no colleague: customers are shared with "
                        "colleagues who can log in.",
                        user=user.name,
                    )
                )
            if share.until < today:
                raise ValidationError(
                    self.env._("The last day is over: choose today or a later day.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_on(self):
        # while everybody sees everybody, nobody has customers of their own to share
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            self._check_on()

    def unlink(self):
        partners = self.partner_id
        result = super().unlink()
        self._keep_access(partners)
        return result

    @api.model
    def _check_on(self):
        """Refuse shares while everybody sees all customers, when nobody could be
        refused."""
        if not self.env.su and not self.env["customer.access"]._is_on():
            raise AccessError(
                self.env._("Everybody sees all customers: there is nothing to share.")
            )

    @api.model
    def _keep_access(self, partners):
        access = self.env["customer.access"].sudo()
        if access._is_kept():
            access._keep_around(partners.ids)
