from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

#: So long a customer is shared at most: who needs it longer is given the customer.
LONGEST = relativedelta(years=1)


class CustomerShare(models.Model):
    """A customer whom somebody else may read for some days, with all contacts.

    After the last day it gives nothing, whether or not a job has run: the day stands
    in each row of the table of access. What an owner shares gives nothing once the
    customer is somebody else's, either; what leaders share stays until the last day.
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
    owner_id = fields.Many2one(
        "res.users",
        "While Owned by",
        readonly=True,
        ondelete="cascade",
        help="The salesperson who shares an own customer: once it is somebody else's, "
        "the share gives nothing. Empty where a leader shares it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_on()
        partners = self.env["res.partner"]
        for values in vals_list:
            partner = partners.browse(values.get("partner_id"))
            # one family, whichever of its contacts was chosen
            family = partner.sudo().commercial_partner_id
            values["partner_id"] = family.id
            if not self.env.su:
                values["owner_id"] = self._get_owner_to_end_with(family).id
        shares = super().create(vals_list)
        shares._check_of_use()
        shares._check_length()
        shares._keep_access(shares.partner_id)
        return shares

    def write(self, vals):
        if not {"partner_id", "user_id"}.isdisjoint(vals):
            # rights were looked at for this customer
            raise UserError(
                self.env._("Please share the other customer with a line of its own.")
            )
        self._check_on()
        if self.env.su:
            super().write(vals)
        else:
            # whoever changes it last shares it
            shares = self.grouped(
                lambda share: self._get_owner_to_end_with(share.partner_id.sudo())
            )
            for owner, of_owner in shares.items():
                super(CustomerShare, of_owner).write({**vals, "owner_id": owner.id})
        if "until" in vals:
            self._check_length()
        self._keep_access(self.partner_id)
        return True

    @api.model
    def _get_owner_to_end_with(self, family):
        """Return the owner with whom a share of the user's ends: nobody for leaders,
        and whoever sees all customers.

        :param family: the customer, as the system
        :raises UserError: for a salesperson, of customers whom nobody owns
        """
        user = self.env.user
        if not user._has_own_customers_only() or user._get_led_user_ids():
            return user.browse()
        if not family.user_id:
            raise UserError(
                self.env._(
                    "Nobody owns %(customer)s: ask the leader of your sales team.",
                    customer=family.name,
                )
            )
        return family.user_id

    def _check_length(self):
        """Refuse shares of people that would be for ever.

        :raises ValidationError: says which day is the last one
        """
        last = fields.Date.context_today(self) + LONGEST
        if not self.env.su and any(share.until > last for share in self):
            raise ValidationError(
                self.env._(
                    "A customer is shared for a year at most, so until %(day)s. For "
                    "longer, have the leader of the sales team hand it over.",
                    day=format_date(self.env, last),
                )
            )

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
            is_own = user == self.env.user and not self.env.su
            if is_own or user == share.partner_id.sudo().user_id:
                raise ValidationError(
                    self.env._(
                        "%(user)s sees this customer already.",
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
