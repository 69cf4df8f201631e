from odoo import api, models

from .res_partner import NO_CUSTOMER

#: What of a user the table of access is made of.
USER_SOURCES = frozenset({"partner_id", "share", "group_ids", "company_id"})


class ResUsers(models.Model):
    """The table of access follows users; they are no customers themselves."""

    _inherit = "res.users"

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
        # the database takes them out of teams
        self.env["customer.leading"]._leading_changed()
        if partners:
            access._keep_around(partners.ids)
        return result

    def _keep_access(self, partners=None):
        access = self.env["customer.access"].sudo()
        if access._is_kept():
            self.flush_recordset()
            partners = self.sudo().partner_id | (partners or self.env["res.partner"])
            access._keep_around(partners.ids)
