from odoo import api, models

from .customer_access import EVERYBODY, SEE_UNOWNED, UNOWNED
from .res_partner import NO_CUSTOMER

#: What of a user the table of access is made of.
USER_SOURCES = frozenset({"partner_id", "share", "group_ids", "company_id"})


class ResUsers(models.Model):
    """Salespeople, and whom they lead."""

    _inherit = "res.users"

    def _has_own_customers_only(self):
        """Return whether the user is a salesperson who sees own documents only, and
        that is so for customers. All others keep what they see: managers, accountants,
        buyers, the warehouse."""
        self.ensure_one()
        return (
            self.env["customer.access"]._is_on()
            and self.has_group("sales_team.group_sale_salesman")
            and not self.has_group("sales_team.group_sale_salesman_all_leads")
        )

    def _get_led_user_ids(self):
        """Return the users whose customers this one sees and hands on: the members of
        the sales teams that they lead. Other hierarchies add theirs.

        :rtype: set[int]
        """
        self.ensure_one()
        return set(self._get_led_teams().crm_team_member_ids.user_id.ids) - {self.id}

    def _is_customer_leader(self):
        """Return whether this user leads a sales team. Other hierarchies add theirs."""
        return bool(self._get_led_teams())

    def _get_led_teams(self):
        return self.env["crm.team"].sudo().search([("user_id", "=", self.id)])

    def _get_customer_readers(self):
        """Return whose rows in the table of access count for this user.

        :rtype: set[int]
        """
        self.ensure_one()
        readers = {EVERYBODY, self.id} | self._get_led_user_ids()
        parameters = self.env["ir.config_parameter"].sudo()
        # leaders give away what nobody owns
        if self._is_customer_leader() or parameters.get_param(SEE_UNOWNED):
            readers.add(UNOWNED)
        return readers

    # ------------------------------------------------------------
    # KEEPING THE TABLE OF ACCESS
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # users are no customers that somebody enters twice
        no_customer = self.with_context(**NO_CUSTOMER)
        users = super(ResUsers, no_customer).create(vals_list).with_env(self.env)
        users._keep_access()
        return users

    def write(self, vals):
        before = self.partner_id if "partner_id" in vals else None
        result = super().write(vals)
        if not USER_SOURCES.isdisjoint(vals):
            self._keep_access(before)
        return result

    def unlink(self):
        access = self.env["customer.access"].sudo()
        partners = self.env["res.partner"]
        if access._is_kept():
            # the database empties their customers' owner
            partners = partners.sudo().with_context(active_test=False)
            partners = partners.search([("user_id", "in", self.ids)])
            partners |= self.sudo().partner_id
        result = super().unlink()
        if partners:
            access._keep(access._get_concerned(partners.ids))
        return result

    def _keep_access(self, partners=None):
        access = self.env["customer.access"].sudo()
        if access._is_kept():
            self.flush_recordset()
            partners = self.sudo().partner_id | (partners or self.env["res.partner"])
            access._keep(access._get_concerned(partners.ids))
