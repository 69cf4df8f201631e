from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: Who may know from what amount on others are asked.
READERS = "purchase.group_purchase_manager,approval_matrix.group_approval_manager"
#: Orders of how many days are looked through.
DAYS = 31


class PurchaseOrder(models.Model):
    """Purchases in parts of which nobody was asked.

    Where somebody decides about a part, their card says so (``purchase.precedent``).
    Where all parts are below all rules there is no card: managers find them in a list.
    """

    _inherit = "purchase.order"

    is_split = fields.Boolean(
        string="Split Below a Limit",
        compute="_compute_split",
        search="_search_is_split",
        groups=READERS,
        help="Nobody was asked about the order, and together with others of its vendor "
        "it reaches an amount from which somebody must approve.",
    )
    split_note = fields.Text(
        string="Reached Together", compute="_compute_split", groups=READERS
    )
    split_brief = fields.Char(
        string="Together",
        compute="_compute_split",
        groups=READERS,
        help="With which orders it reaches which limit, and who was not asked.",
    )

    @api.depends("state", "amount_total", "approval_process_id")
    @api.depends_context("uid", "lang")
    def _compute_split(self):
        told = self.env["purchase.precedent"]._tell_splits(
            self.sudo()._approval_get_unasked()
        )
        for order in self:
            order.split_note, order.split_brief = told.get(order.sudo(), (False, False))
            order.is_split = bool(order.split_note)

    def _search_is_split(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["is_split"], "read")
        since = fields.Datetime.now() - timedelta(days=DAYS)
        companies = self.env.companies.sudo().filtered("purchase_split_days")
        recent = self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("state", "in", ("to approve", "purchase")),
                ("create_date", ">=", since),
                ("approval_process_id", "=", False),
            ]
        )
        found = self.env["purchase.precedent"]._find_splits(recent)
        domain = Domain("id", "in", [order.id for order in found])
        if True not in value:
            return ~domain
        return domain if False not in value else Domain.TRUE

    def _approval_get_unasked(self):
        """Return those that are ordered, or wait for Odoo's own approval, and about
        which no rule asked anybody."""
        return self.filtered(
            lambda order: (
                order.state in ("to approve", "purchase")
                and not order.approval_process_id
            )
        )
