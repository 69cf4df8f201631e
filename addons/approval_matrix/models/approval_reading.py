from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class ApprovalReading(models.AbstractModel):
    """Records that people may read because they are asked to approve them.

    Record by record and for as long as it is their turn, past the access rights of
    the model and its record rules, which stay as they are; not past what groups
    fields are limited to. Nothing but reading is granted.
    """

    _name = "approval.reading"
    _description = "Record read by its approvers"

    @api.model
    def _approval_asked_domain(self):
        """Return the domain of what the user is asked to approve at this moment.

        It is a subquery on an index that holds open tasks only.
        """
        raise NotImplementedError

    @api.model
    def _approval_asked_documents(self, model):
        """Return the ids of the documents of a model that wait for the user, as SQL."""
        tasks = self.env["approval.task"].sudo()
        mine = Domain("holder_id", "=", self.env.uid)
        mine |= Domain("user_id", "=", self.env.uid)
        tasks = tasks._search(mine & Domain("state", "=", "active"))
        processes = self.env["approval.process"].sudo()
        processes = processes._search(
            [
                ("res_model", "=", model),
                ("state", "=", "open"),
                ("company_id", "in", self.env.user._get_company_ids()),
                ("id", "in", tasks.subselect("process_id")),
            ]
        )
        return processes.subselect("res_id")

    @api.model
    def _approval_is_asked(self):
        """Tell whether the user is asked to approve anything at this moment: who is
        not is lent no document of any kind."""
        ((is_asked,),) = self.env.execute_query(
            SQL("SELECT %s", self._approval_is_asked_sql())
        )
        return is_asked

    @api.model
    def _approval_is_asked_sql(self):
        """Return the same as a condition, for a query that has more to ask."""
        self.env["approval.task"].flush_model(["state", "holder_id", "user_id"])
        return SQL(
            """
            EXISTS (
                SELECT FROM approval_task
                 WHERE state = 'active'
                   AND (holder_id = %(user)s OR user_id = %(user)s))
            """,
            user=self.env.uid,
        )

    @api.model
    def _approval_grants(self):
        """Tell whether anybody is granted anything here: else Odoo alone decides."""
        return not self.env.su and self.env.user._is_internal()

    def _approval_lent(self):
        """Return those that the user may read for no other reason than being asked."""
        result = self._approval_grants() and super()._check_access("read")
        return result[0]._filtered_access("read") if result else self.browse()

    @api.model
    def _has_field_access(self, field, operation):
        """Whoever is asked does not get the token of the portal: with it, the document
        opens without logging in, also after the decision."""
        if (
            field.name == "access_token"
            and not self.env.su
            and not self.env["ir.model.access"].check(self._name, "read", False)
        ):
            return False
        return super()._has_field_access(field, operation)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if not result or operation != "read" or not self._approval_grants():
            return result
        forbidden, make_error = result
        asked = self._approval_asked_domain()
        if not self:
            # whether the user may read some of them; which ones is told below
            return None if self.sudo().search_count(asked, limit=1) else result
        forbidden -= (
            self.sudo()
            .with_context(active_test=False)
            .search(Domain("id", "in", forbidden.ids) & asked)
        )
        return (forbidden, make_error) if forbidden else None

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not bypass_access and self._approval_grants():
            self.browse().check_access("read")
            domain = Domain(domain) & self._approval_access_domain()
            bypass_access = True
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _approval_access_domain(self):
        """Return what the user may read: by access rights and record rules, or by
        being asked. Odoo judges rules with the system's rights, and so do we."""
        asked = self._approval_asked_domain()
        model = self.env["ir.model.access"]
        if not model.check(self._name, "read", raise_exception=False):
            return asked
        rules = self.env["ir.rule"]._compute_domain(self._name, "read")
        if rules.is_true():
            return rules

        def to_sql(records, alias, query):
            records = records.sudo().with_context(active_test=False)
            return rules.optimize_full(records)._to_sql(records, alias, query)

        return Domain.custom(to_sql=to_sql) | asked
