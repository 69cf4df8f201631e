from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain

BATCH = 50


class SupplierDeposit(models.Model):
    """What happens by date: deposits become due, expire, and grow old."""

    _inherit = "supplier.deposit"

    @api.model
    def _cron_due(self):
        """Make planned deposits due; several workers may.

        Each takes rows that nobody else holds, and a deposit has one payment only, so
        that a killed worker neither loses nor repeats any. What cannot be paid is put
        on hold with the reason, and the others go on.
        """
        deposits = self._engine()
        tried = 0
        last = (fields.Date.to_date("1900-01-01"), 0)
        domain = Domain(
            [
                ("state", "=", "planned"),
                ("is_refused", "=", False),
                ("date_due", "<=", fields.Date.context_today(self)),
                ("order_id.state", "=", "purchase"),
            ]
        )
        remaining = deposits.search_count(domain)
        while remaining > 0:
            after = Domain("date_due", ">", last[0]) | (
                Domain("date_due", "=", last[0]) & Domain("id", ">", last[1])
            )
            batch = deposits.search(domain & after, order="date_due, id", limit=BATCH)
            if not batch:
                break
            last = (batch[-1].date_due, batch[-1].id)
            for deposit in batch.try_lock_for_update():
                deposit._try(deposit._make_due)
            tried += len(batch)
            remaining = max(0, remaining - len(batch))
            if not self.env["ir.cron"]._commit_progress(
                len(batch), remaining=remaining
            ):
                break
        return tried

    def _try(self, act):
        """Do it, or leave the deposit as it was, with the reason on it."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                act()
        except (UserError, RedirectWarning) as error:
            self.env.invalidate_all()
            self._hold(str(error))

    @api.model
    def _cron_expire(self):
        """Cancel what nobody paid in time, and let open deposits grow old."""
        deposits = self._engine()
        today = fields.Date.context_today(self)
        for rule in (
            self.env["deposit.rule"]
            ._engine()
            .search([("expiry_days", ">", 0), ("active", "in", (True, False))])
        ):
            late = deposits.search(
                [
                    ("rule_id", "=", rule.id),
                    ("state", "in", ("planned", "waiting", "due")),
                    (
                        "date_due",
                        "<",
                        fields.Date.subtract(today, days=rule.expiry_days),
                    ),
                ]
            )
            for deposit in late.try_lock_for_update():
                if deposit._is_free_to_change():
                    deposit._try(deposit._expire)
        for deposit in deposits.search([("amount_open", ">", 0)]):
            age = deposit._get_age(deposit.date_paid)
            if deposit.age != age:
                deposit.age = age

    def _expire(self):
        self._cancel_unpaid()
        self._tell_buyer(
            self.env._("Deposit %(deposit)s has expired", deposit=self.name),
            self.env._("Nobody paid it in time, so it was cancelled."),
        )
