from odoo import models
from odoo.tools import SQL, format_date


class MailActivity(models.Model):
    """Who is given an activity reads it, also where they may not read the document:
    it names a customer to those only who may see that one.

    The name is stored, and the same for everybody. So it is left out where it is read.
    """

    _inherit = "mail.activity"

    def _field_to_sql(self, alias, field_expr, query=None):
        # whatever reads, searches, sorts or groups by the name comes here
        sql = super()._field_to_sql(alias, field_expr, query)
        hidden = self._find_named() if field_expr == "res_name" else ()
        if not hidden:
            return sql
        return SQL(
            "CASE WHEN %s = ANY(%s) THEN NULL ELSE %s END",
            SQL.identifier(alias, "id"),
            list(hidden),
            sql,
        )

    def _read_format(self, fnames, load="_classic_read"):
        found = super()._read_format(fnames, load)
        if "res_name" in fnames and not self.env.su:
            hidden = self._find_about_hidden()
            for values in found:
                if values["id"] in hidden._ids:
                    activity = self.browse(values["id"]).sudo()
                    kind = self.env["ir.model"]._get(activity.res_model)
                    values["res_name"] = kind.display_name
        return found

    def _find_named(self):
        """Return which activities name a customer whom the user may not see. All others
        that they may read belong to documents that they may read.

        :rtype: set[int]
        """
        user = self.env.user
        if self.env.su or not user or not user._has_own_customers_only():
            return set()
        self.flush_model(["user_id", "res_model", "res_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM mail_activity "
                "WHERE user_id = %s AND res_model = ANY(%s)",
                user.id,
                ["res.partner", "res.users", *self.env["ir.rule"]._find_closed()],
            )
        )
        return set(self.browse(id_ for (id_,) in rows)._find_about_hidden()._ids)

    def _find_about_hidden(self):
        """Return activities on customers whom the user may not see, or on documents of
        these."""
        rules = self.env["ir.rule"]
        hidden = rules._find_hidden_documents(
            (activity.res_model, activity.res_id) for activity in self.sudo()
        )
        if not hidden:
            return self.browse()
        return self.filtered(
            lambda one: (one.sudo().res_model, one.sudo().res_id) in hidden
        )

    def action_notify(self):
        """Tell who is given an activity, without a name to who may not see it."""
        hidden = self.browse()
        for user, activities in self.grouped("user_id").items():
            if user:
                found = activities.with_user(user)._find_about_hidden()
                hidden += found.with_env(self.env)
        for activity in hidden:
            activity._notify_without_name()
        return super(MailActivity, self - hidden).action_notify()

    def _notify_without_name(self):
        user = self.user_id
        activity = self.with_context(lang=user.lang)
        env = activity.env
        told = activity.summary or activity.activity_type_id.name or ""
        # of no document: that would name it
        env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=env._("“%(activity)s” assigned to you", activity=told),
            body=env._(
                "%(person)s has given you an activity for a customer of a colleague: "
                "%(activity)s, by %(day)s.",
                person=env.user.name,
                activity=told,
                day=format_date(env, activity.date_deadline),
            ),
        )
