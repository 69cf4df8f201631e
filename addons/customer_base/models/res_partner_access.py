from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain

from .customer_access import ACCESS_SOURCES, ALL_COUNTED

#: Where a partner belongs.
PLACES = frozenset({"parent_id", "commercial_partner_id"})
#: Where the cursor has the partners who were created in its transaction.
CREATED = "customer_base.created_partners"


class Created:
    """Partners who were created in this transaction: what is known of them is complete,
    and nobody else sees them yet.

    The cursor forgets them when a savepoint is rolled back, together with all that
    is not written: the table of access then has whatever is left.
    """

    def __init__(self):
        self.lists = []
        self.finished = set()
        #: whose company is in the database
        self.placed = set()

    @property
    def everyone(self):
        running = {
            data["record"].id
            for data_list in self.lists
            for data in data_list
            if "record" in data
        }
        return self.finished | running


class ResPartner(models.Model):
    """Customers whom salespeople own: who may read, change and hand them on."""

    _inherit = "res.partner"

    access_to_read = fields.Boolean(
        compute="_compute_access_to_read",
        search="_search_access_to_read",
        groups="base.group_user",
        help="Whether the user may read this customer, where salespeople see their own "
        "customers only.",
    )
    access_to_write = fields.Boolean(
        compute="_compute_access_to_write",
        search="_search_access_to_write",
        groups="base.group_user",
        help="Whether the user may change this customer, where salespeople see their "
        "own customers only.",
    )

    is_of_team = fields.Boolean(
        "Of My Team",
        compute="_compute_is_of_team",
        search="_search_is_of_team",
        groups="base.group_user",
        help="Whether the owner of this customer is somebody whom the user leads.",
    )

    # with all that Odoo's own rules ask for: whoever counts thousands of customers
    # looks into no row of theirs, which are wide; in the words of Odoo's query, for
    # older databases do not see that "active" alone says the same
    _of_active = models.Index(
        "(id) INCLUDE (company_id, partner_share) WHERE active IS TRUE"
    )

    @api.depends_context("uid")
    def _compute_access_to_read(self):
        allowed = self._get_allowed()
        for partner in self:
            partner.access_to_read = partner._origin.id in allowed

    @api.depends_context("uid")
    def _compute_access_to_write(self):
        allowed = self._get_allowed(to_write=True)
        for partner in self:
            partner.access_to_write = partner._origin.id in allowed

    def _get_allowed(self, to_write=False):
        """Return the ids of those whom the user may read or write."""
        created = self._get_created().everyone
        # one's own, for sure: the table need not be asked, nor written for it yet
        own = {
            partner.id
            for partner in self._origin.sudo()
            if partner.id in created and partner._is_own_of_new()
        }
        ids = set(self._origin.ids) - own
        return own | self.env["customer.access"]._filter(ids, to_write=to_write)

    def _is_own_of_new(self):
        try:
            return self.user_id.id == self.env.uid
        except MissingError:  # made after a savepoint, and rolled back
            return False

    def _search_access_to_read(self, operator, value):
        self._check_may_ask()
        if operator != "in":
            return NotImplemented
        return self.env["customer.access"]._get_domain()

    def _search_access_to_write(self, operator, value):
        self._check_may_ask()
        if operator != "in":
            return NotImplemented
        return self.env["customer.access"]._get_domain(to_write=True)

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_of_team(self):
        led = self.env.user._get_led_user_ids()
        for partner in self:
            partner.is_of_team = partner.user_id.id in led

    def _search_is_of_team(self, operator, value):
        self._check_may_ask()
        if operator != "in":
            return NotImplemented
        return Domain("user_id", "in", list(self.env.user._get_led_user_ids()))

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Say that all are looked for, in no order: then they are counted."""
        partners = self
        if not (offset or limit or order) and Domain(domain).is_true():
            partners = self.with_context(**{ALL_COUNTED: True})
        return super(ResPartner, partners)._search(
            domain, offset=offset, limit=limit, order=order, **kwargs
        )

    @api.model
    def _check_may_ask(self):
        """Refuse outsiders who ask by name for what only employees may read; the rules
        themselves ask for everybody."""
        if not (self.env.su or self.env.user._is_internal()):
            raise AccessError(self.env._("Only employees look for customers."))

    # ------------------------------------------------------------
    # CHANGING
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_owner_of_new():
            vals_list = [self._get_values_of_own(values) for values in vals_list]
        partners = super().create(vals_list)
        if self._is_owner_of_new():
            # defaults of the context too
            partners.sudo().parent_id.sudo(False)._check_mine()
        return partners

    def write(self, vals):
        if self._is_owner_of_new():
            self._check_owner(vals)
            if "company_id" in vals:
                # its contacts go along, also those whom the user may only read
                self.check_access("write")
                self.sudo().write({"company_id": vals["company_id"]})
                vals = {name: vals[name] for name in vals if name != "company_id"}
        if "user_id" in vals and self.env["customer.access"]._is_kept():
            followers = self.sudo()._get_followers_of_owner(vals["user_id"])
            result = super().write(vals)
            if followers:
                followers.write({"user_id": vals["user_id"]})
            return result
        return super().write(vals)

    def _get_followers_of_owner(self, owner_id):
        """Return the contacts that go along when companies get another owner: those
        whom the former one owned, and would see them through.

        Odoo gives contacts the owner of their company once, when they are made.
        """
        handed_on = self.filtered(
            lambda one: one.user_id and one.user_id.id != owner_id
        )
        members = self.with_context(active_test=False).search(
            [("commercial_partner_id", "in", handed_on.ids)]
        )
        return (members - self).filtered(
            lambda one: one.user_id and one.user_id == one.commercial_partner_id.user_id
        )

    @api.model
    def _is_owner_of_new(self):
        return not self.env.su and self.env.user._has_own_customers_only()

    @api.model
    def _get_values_of_own(self, values):
        """Return values of a customer whom a salesperson enters: it is theirs."""
        values = {**values}
        values.pop("commercial_partner_id", None)
        owner = values.get("user_id")
        if owner:
            self._check_may_own(owner)
        elif not values.get("parent_id") and not self._is_of_vendor(values):
            values["user_id"] = self.env.uid
        return values

    @api.model
    def _is_of_vendor(self, values):
        mode = self.env.context.get("res_partner_search_mode")
        return values.get("supplier_rank") or mode == "supplier"

    def _check_owner(self, vals):
        """Refuse what takes over customers, or gives them away."""
        if "commercial_partner_id" in vals:
            raise AccessError(
                self.env._("The company of a contact follows from where it belongs.")
            )
        if vals.get("parent_id"):
            # who may read a company because of a contact, or for some days, would do
            # so for ever
            self.browse(vals["parent_id"])._check_mine()
        if "user_id" in vals:
            self._check_may_own(vals["user_id"])

    @api.model
    def _check_may_own(self, user_id):
        """Refuse an owner whom the user may not choose: oneself, and for leaders those
        whom they lead, or nobody."""
        user = self.env.user
        led = user._get_led_user_ids()
        if user_id == user.id or (led and (not user_id or user_id in led)):
            return
        raise AccessError(
            self.env._(
                "Who owns a customer is changed by the leader of a sales team. Please "
                "ask yours."
            )
        )

    def _check_mine(self):
        if self - self._filtered_access("write"):
            raise AccessError(
                self.env._(
                    "You can add contacts to companies only that are your own "
                    "customers. Please ask the leader of your sales team."
                )
            )

    # ------------------------------------------------------------
    # WHAT A COMPANY AND ITS CONTACTS HAVE IN COMMON: no act of the user
    # ------------------------------------------------------------

    def _fields_sync(self, values):
        """Write what a contact has in common with its company there only where the user
        may change it; the contact keeps its address, and has the company's tax code.
        """
        parent = self.parent_id
        if (
            not parent
            or not self._is_owner_of_new()
            or parent._filtered_access("write")
        ):
            return super()._fields_sync(values)
        common = {*self._address_fields(), *self._synced_commercial_fields()}
        own = {name: values[name] for name in values if name not in common}
        super()._fields_sync(own)
        if not common.isdisjoint(values):
            in_family = self.commercial_partner_id != self
            if in_family and not values.keys().isdisjoint(
                self._synced_commercial_fields()
            ):
                self.sudo()._commercial_sync_from_company()
            self._children_sync(values)
        return None

    def _children_sync(self, values):
        """Give contacts what they have in common with their company, also those whom
        the user may read only, or not at all."""
        if not self._is_owner_of_new():
            return super()._children_sync(values)
        if self._get_created().everyone.issuperset(self._ids):
            return super(ResPartner, self.sudo())._children_sync(values)
        # what was read in the user's name leaves out contacts; what is read now has
        # them, and is not for the user
        self.invalidate_recordset(["child_ids"], flush=False)
        result = super(ResPartner, self.sudo())._children_sync(values)
        self.env["res.partner"].invalidate_model(["child_ids"], flush=False)
        return result

    # ------------------------------------------------------------
    # WHAT WOULD TELL OF OTHERS
    # ------------------------------------------------------------

    @api.depends_context("uid")
    def _compute_same_vat_partner_id(self):
        # Odoo looks through everybody's
        result = super()._compute_same_vat_partner_id()
        if self.env.user._has_own_customers_only():
            for partner in self:
                for name in "same_vat_partner_id", "same_company_registry_partner_id":
                    same = partner[name].with_user(self.env.user)
                    partner[name] = same._filtered_access("read")
        return result

    # ------------------------------------------------------------
    # KEEPING
    # ------------------------------------------------------------

    @api.model
    def _get_created(self):
        return self.env.cr.cache.setdefault(CREATED, Created())

    def _create(self, data_list):
        access = self.env["customer.access"].sudo()
        if not access._is_kept():
            return super()._create(data_list)
        created = self._get_created()
        created.lists.append(data_list)
        try:
            partners = super()._create(data_list)
        finally:
            created.lists.pop()
        created.finished.update(partners._ids)
        # the company is written when it is computed: all of it is looked at then
        waiting = self.env.records_to_compute(self._fields["commercial_partner_id"])
        known = set((partners - waiting)._ids) - created.placed
        created.placed |= known
        access._keep_around(known)
        return partners

    def _write_multi(self, vals_list):
        access = self.env["customer.access"].sudo()
        if not access._is_kept():
            return super()._write_multi(vals_list)
        created = self._get_created()
        new = created.everyone - created.placed
        placed = {
            partner
            for partner, values in zip(self._ids, vals_list, strict=True)
            if "commercial_partner_id" in values
        }
        # of new ones nothing is kept until their company is written, and then all is
        changed = {
            partner
            for partner, values in zip(self._ids, vals_list, strict=True)
            if not ACCESS_SOURCES.isdisjoint(values)
            and (partner in placed or partner not in new)
        }
        moved = {
            partner
            for partner, values in zip(self._ids, vals_list, strict=True)
            if not PLACES.isdisjoint(values) and partner not in new
        }
        # whoever loses somebody below, and whoever gets them
        before = access._get_concerned(moved) if moved else ()
        result = super()._write_multi(vals_list)
        alone = {
            partner.id
            for partner in self.browse(placed & new)
            if partner.id not in created.placed and not partner.sudo().parent_id
        }
        created.placed |= placed
        access._keep_alone(alone)
        access._keep_around(changed - alone, before)
        return result

    def unlink(self):
        access = self.env["customer.access"].sudo()
        above = self.sudo().parent_id.ids if access._is_kept() else []
        result = super().unlink()
        if above:
            access._keep_around(above)
        return result
