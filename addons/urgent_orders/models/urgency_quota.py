from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Share of a quota that is left when it is nearly used up.
NEAR = 0.2


class UrgencyQuota(models.Model):
    """How often a user gave a level in a calendar month.

    There is one row for each, which is locked and updated by whoever takes the next
    slot: of two orders at once on the last slot one meets a serialization error, which
    Odoo retries, and then finds the quota used up. Nobody writes it by hand.
    """

    _name = "urgency.quota"
    _description = "Urgency Quota in Use"
    _order = "month desc, user_id, level_id"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    level_id = fields.Many2one(
        "urgency.level", required=True, readonly=True, index=True, ondelete="cascade"
    )
    month = fields.Date(
        required=True, readonly=True, help="First day, in the user's time zone."
    )
    used = fields.Integer(
        required=True,
        readonly=True,
        help="How often the user gave the level in the month, of their time zone; what "
        "is taken back counts. Source: urgency given to orders.",
    )
    quota = fields.Integer(related="level_id.quota", aggregator="sum")
    remaining = fields.Integer(
        compute="_compute_remaining",
        help="Quota − used, as the level is now. Source: urgency levels and quotas.",
    )
    state = fields.Selection(
        [("free", "Enough Left"), ("near", "Nearly Used Up"), ("full", "Used Up")],
        compute="_compute_remaining",
        search="_search_state",
    )

    _one_counter = models.UniqueIndex("(user_id, level_id, month)")
    _used_not_negative = models.Constraint("CHECK (used >= 0)", "Nothing was used.")

    @api.depends("used", "quota")
    def _compute_remaining(self):
        for counter in self:
            quota = counter.quota
            counter.remaining = max(quota - counter.used, 0)
            if not quota or counter.remaining > self._get_reserve(quota):
                counter.state = "free"
            else:
                counter.state = "near" if counter.remaining else "full"

    @api.model
    def _get_reserve(self, quota):
        """Return how few may be left before it is nearly used up."""
        return max(1, int(quota * NEAR))

    def _search_state(self, operator, value):
        """There are a few levels only: each has limits of its own."""
        if operator != "in":
            return NotImplemented
        domains = []
        levels = self.env["urgency.level"].with_context(active_test=False)
        for level in levels.search([("quota", ">", 0)]):
            of_level = Domain("level_id", "=", level.id)
            full = Domain("used", ">=", level.quota)
            tight = Domain("used", ">=", level.quota - self._get_reserve(level.quota))
            states = {"free": ~tight, "near": tight & ~full, "full": full}
            domains += [of_level & states[name] for name in value if name in states]
        if "free" in value:
            domains.append(Domain("level_id.quota", "=", 0))
        return Domain.OR(domains)

    @api.model
    def _take(self, user, level):
        """Take one slot, if one is left.

        :return: whether there was one
        :rtype: bool
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO urgency_quota AS quota
                            (user_id, level_id, month, used,
                             create_uid, create_date, write_uid, write_date)
                     VALUES (%(user)s, %(level)s, %(month)s, 1,
                             %(user)s, now() AT TIME ZONE 'UTC',
                             %(user)s, now() AT TIME ZONE 'UTC')
                ON CONFLICT (user_id, level_id, month)
                  DO UPDATE SET used = quota.used + 1,
                                write_date = now() AT TIME ZONE 'UTC'
                      WHERE quota.used < %(limit)s
                  RETURNING quota.used
                """,
                user=user.id,
                level=level.id,
                month=self._get_month(user),
                limit=level.quota,
            )
        )
        self.invalidate_model(flush=False)
        return bool(rows)

    @api.model
    def _get_month(self, user):
        """Return the first day of the month it is where the user works."""
        now = fields.Datetime.context_timestamp(
            self.with_context(tz=user.tz or "UTC"), fields.Datetime.now()
        )
        return now.date().replace(day=1)
