from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ResPartner(models.Model):
    """The level of a customer: set on the company by sales managers, the same for all
    its contacts."""

    _inherit = "res.partner"

    customer_level_id = fields.Many2one(
        "customer.level",
        "Customer Level",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        copy=False,
        groups="base.group_user",
        help="How much this customer means to us. Sales managers set it on the "
        "company; its contacts have the same.",
    )
    customer_level_color = fields.Integer(
        related="customer_level_id.color",
        related_sudo=False,
        groups="base.group_user",
    )

    @api.model
    @api.readonly
    def web_name_search(
        self, name, specification, domain=None, operator="ilike", limit=100
    ):
        """Tell the level of each customer who is offered, too."""
        found = super().web_name_search(name, specification, domain, operator, limit)
        is_used = self.env["customer.level"]._is_used()
        if not found or not is_used or not self.env.user._is_internal():
            return found
        partners = self.sudo().browse(row["id"] for row in found)
        # only this one, for all of them at once
        partners.fetch(["customer_level_id"])
        for row, partner in zip(found, partners, strict=True):
            if level := partner.customer_level_id:
                row["customer_level"] = level._describe()
        return found

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "customer_level_id"]

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered("customer_level_id")._check_level_change({})
        return partners

    def write(self, vals):
        may_move = not {"parent_id", "is_company"}.isdisjoint(vals)
        is_set = "customer_level_id" in vals
        if not may_move and (not is_set or self.env.su):
            return super().write(vals)
        before = {partner.id: partner.customer_level_id for partner in self}
        companies = {partner.id: partner.commercial_partner_id for partner in self}
        result = super().write(vals)
        moved = self.filtered(
            lambda one: one.commercial_partner_id != companies[one.id]
        )
        if is_set:
            # the level was the former company's: whoever keeps it sets it
            before |= dict.fromkeys(moved.ids, self.env["customer.level"])
            self._check_level_change(before)
        elif (moved.sudo() | moved.sudo().commercial_partner_id).customer_level_id:
            moved._take_level_of_company()
        return result

    def _create_contact_parent_company(self):
        """Give a company that is made of a person the person's level: it is the same
        customer, and the person would lose it to the company. A contact's is that of
        the company it belongs to."""
        company = super()._create_contact_parent_company()
        is_own = self.commercial_partner_id == self
        if company and is_own and (level := self.sudo().customer_level_id):
            company.sudo().customer_level_id = level
        return company

    def _take_level_of_company(self):
        """Give contacts who moved the level of the company that they belong to now, and
        none to who left: it was the company's."""
        partners = self.sudo().with_context(active_test=False)
        for partner in partners.search([("id", "child_of", self.ids)]):
            company = partner.commercial_partner_id
            if company != partner:
                partner.customer_level_id = company.customer_level_id
            elif partner in self:
                partner.customer_level_id = False

    def _check_level_change(self, before):
        """Refuse levels of who may not set them, and others than the company's.

        :param dict before: the level of each customer until now, by id
        :raises AccessError: for who is no sales manager
        :raises UserError: for a contact
        """
        if self.env.su:
            return
        for partner in self:
            company = partner.commercial_partner_id
            if partner.customer_level_id == before.get(
                partner.id, self.env["customer.level"]
            ):
                continue
            if company == partner:
                partner._check_may_set_level()
            elif partner.customer_level_id != company.customer_level_id:
                raise UserError(
                    self.env._(
                        "%(contact)s belongs to %(company)s: set the level there.",
                        contact=partner.display_name,
                        company=company.display_name,
                    )
                )

    def _check_may_set_level(self):
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._(
                    "%(customer)s: only sales managers set the level of a customer. "
                    "Ask yours.",
                    customer=self.display_name,
                )
            )
