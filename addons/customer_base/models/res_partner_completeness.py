from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .customer_data_settings import REFUSE
from .customer_field_rule import ALWAYS
from .res_partner import NO_CUSTOMER

#: A document writes what it says of a customer who was there before. Only code can say
#: so: no caller sends this very object.
NO_DATA_ASKED = {"customer_base_no_data_asked": object()}
#: Written by the button only, so that nobody confirms with another's name.
STAMPS = {"data_confirmed_on", "data_confirmed_by_id"}


class ResPartner(models.Model):
    """How complete the data of customers is, by ``customer.field.rule``, and when
    somebody last said that it is right."""

    _inherit = "res.partner"

    data_score = fields.Integer(
        "Data (%)",
        readonly=True,
        copy=False,
        aggregator="avg",
        groups="base.group_user",
        help="How much of the data that the company wants of its customers is there.",
    )
    is_data_missing = fields.Boolean(
        "Required Data Missing", readonly=True, copy=False, groups="base.group_user"
    )
    data_groups = fields.Json(
        "Wanted Data", compute="_compute_data_groups", groups="base.group_user"
    )
    data_confirmed_on = fields.Date(
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
    )
    data_confirmed_by_id = fields.Many2one(
        "res.users",
        "Data Confirmed By",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    is_review_due = fields.Boolean(
        "Data to Review",
        compute="_compute_is_review_due",
        search="_search_is_review_due",
        groups="base.group_user",
    )

    # ------------------------------------------------------------
    # COMPLETENESS
    # ------------------------------------------------------------

    def _write_multi(self, vals_list):
        # new customers come here too: whose commercial entity they are is computed
        result = super()._write_multi(vals_list)
        rules = self.env["customer.field.rule"].sudo()
        if sources := rules._get_sources():
            changed = [
                partner
                for partner, values in zip(self._ids, vals_list, strict=True)
                if not sources.isdisjoint(values)
            ]
            if changed:
                rules._keep(changed)
        return result

    @api.depends("is_company", "type", "company_id")
    def _compute_data_groups(self):
        """Give the form what it shows, which fills and empties while one types."""
        rules = self.env["customer.field.rule"].sudo()
        known = rules._get_rules()
        names = {rule.id: rule.name for rule in rules.browse(r["id"] for r in known)}
        for partner in self:
            partner.data_groups = [
                {
                    "id": rule["id"],
                    "name": names[rule["id"]],
                    "weight": rule["weight"],
                    "is_required": rule["is_required"],
                    "is_one_enough": rule["is_one_enough"],
                    "fields": partner._describe_fields(rule["fields"]),
                }
                for rule in known
                if partner._is_asked_by(rule)
            ]

    def _is_asked_by(self, rule):
        if (self.type or "contact") != "contact":
            return False
        if rule["kind"] not in ("all", "company" if self.is_company else "person"):
            return False
        if rule["companies"] and self.company_id.id not in rule["companies"]:
            return False
        return rule["stage"] == ALWAYS or self._has_ordered()

    def _has_ordered(self):
        rules = self.env["customer.field.rule"]
        self.env["sale.order"].flush_model(["state", "partner_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT FROM res_partner partner WHERE partner.id = %s AND %s",
                self._origin.id or 0,
                rules._get_buyer_sql(),
            )
        )
        return bool(rows)

    def _describe_fields(self, names):
        values = self.sudo()
        return [
            {
                "name": name,
                "label": self._fields[name]._description_string(self.env),
                "is_filled": bool(
                    values[name].strip()
                    if isinstance(values[name], str)
                    else values[name]
                ),
            }
            for name in names
        ]

    # ------------------------------------------------------------
    # REQUIRED DATA
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create([self._unstamp(vals) for vals in vals_list])
        partners._check_required_data()
        return partners

    def write(self, vals):
        vals = self._unstamp(vals)
        result = super().write(vals)
        if not self.env["customer.field.rule"]._get_sources().isdisjoint(vals):
            self._check_required_data()
        return result

    @api.model
    def _unstamp(self, vals):
        if self.env.su or STAMPS.isdisjoint(vals):
            return vals
        return {name: vals[name] for name in vals if name not in STAMPS}

    def _check_required_data(self):
        """Refuse customers without required data, if the company wants that of whoever
        enters them; what the system does by itself is never refused.

        :raises ValidationError: says what is missing
        """
        rules = self.env["customer.field.rule"].sudo()
        if not any(rule["is_required"] for rule in rules._get_rules()):
            return
        if not self._is_asked_for_data():
            return
        self.flush_recordset()
        for partner in self.filtered("is_data_missing"):
            said = {
                "customer": partner.display_name,
                "groups": "; ".join(partner._get_missing_groups()),
            }
            raise ValidationError(self._say_missing(said))

    def _say_missing(self, said):
        """Return in words what is missing, and where to enter what is on no screen."""
        if self.env.context.get("customer_of_lead"):
            return self.env._(
                "%(customer)s needs more than the lead says: %(groups)s. Enter the "
                "customer under Contacts, then choose it here.",
                **said,
            )
        if self.env.context.get("company_of_contact"):
            return self.env._(
                "%(customer)s needs more than its contact says: %(groups)s. Enter the "
                "company under Contacts, then choose it here.",
                **said,
            )
        return self.env._("%(customer)s is not complete. Fill in: %(groups)s.", **said)

    def _create_contact_parent_company(self):
        contact = self.with_context(company_of_contact=True)
        company = super(ResPartner, contact)._create_contact_parent_company()
        return company.with_env(self.env)

    @api.model
    def _is_asked_for_data(self):
        passing = NO_CUSTOMER | NO_DATA_ASKED
        return (
            not self.env.su
            and all(self.env.context.get(key) is not passing[key] for key in passing)
            and self.env.user._is_internal()
            and self.env.company.sudo().required_data_action == REFUSE
        )

    def _get_missing_groups(self):
        """Return the required data that is missing, in words."""
        self.ensure_one()
        said = []
        for group in self.data_groups:
            missing = [f["label"] for f in group["fields"] if not f["is_filled"]]
            is_enough = group["is_one_enough"] and len(missing) < len(group["fields"])
            if group["is_required"] and missing and not is_enough:
                joint = self.env._(" or ") if group["is_one_enough"] else ", "
                said.append(joint.join(missing))
        return said

    # ------------------------------------------------------------
    # REVIEW
    # ------------------------------------------------------------

    @api.depends("data_confirmed_on")
    @api.depends_context("company")
    def _compute_is_review_due(self):
        due = self.filtered_domain(self._get_review_domain())
        for partner in self:
            partner.is_review_due = partner in due

    def _search_is_review_due(self, operator, value):
        self._check_may_ask()
        if operator != "in":
            return NotImplemented
        if len(set(map(bool, value))) != 1:
            return Domain(bool(value))
        due = self._get_review_domain()
        return due if any(value) else ~due

    @api.model
    def _get_review_domain(self):
        """Return who was not confirmed for as long as the company allows; nobody when
        it says nothing."""
        months = self.env.company.sudo().review_months
        if not months:
            return Domain.FALSE
        limit = fields.Date.subtract(fields.Date.context_today(self), months=months)
        return Domain("type", "=", "contact") & (
            Domain("data_confirmed_on", "<", limit)
            | Domain("data_confirmed_on", "=", False)
            & Domain("create_date", "<", limit)
        )

    def action_confirm_data(self):
        """Say that the data of these customers is right, today.

        :raises AccessError: for who may not change them
        """
        if not self.env.user._is_internal():
            raise UserError(self.env._("Only employees confirm the data of customers."))
        self.check_access("write")
        self.sudo().write(
            {
                "data_confirmed_on": fields.Date.context_today(self),
                "data_confirmed_by_id": self.env.uid,
            }
        )
