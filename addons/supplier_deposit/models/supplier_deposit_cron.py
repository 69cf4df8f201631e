import logging
from datetime import date, timedelta

from psycopg2 import OperationalError
from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain

from .supplier_deposit import UNPAID

_logger = logging.getLogger(__name__)

BATCH = 50
#: Times that a batch is begun which others keep changing under it.
TRIES = 5

#: Days after which a deposit of that age has another one.
AGES = {"0": 30, "1": 60, "2": 90}


class SupplierDeposit(models.Model):
    """What happens by date: deposits become due, expire, and grow old."""

    _inherit = "supplier.deposit"

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_due(self):
        """Make planned deposits due; several workers may.

        :return: how many were looked at
        """
        return self._work_off((self._get_due_domain(), "date_due", self._make_due_each))

    @api.model
    def _cron_expire(self):
        """Cancel what nobody paid in time, and let open deposits grow old; several
        workers may.

        :return: how many were looked at
        """
        return self._work_off(
            (self._get_late_domain(), "date_due", self._expire_late),
            (self._get_aged_domain(), "date_paid", self._set_age),
        )

    @api.model
    def _by_day(self, get_domain):
        """Return a domain for every company's own day, as payments are dated.

        :param get_domain: returns the domain of a day
        """
        # only those whose rules made deposits, and their branches
        rules = self.env["deposit.rule"]._engine().with_context(active_test=False)
        roots = rules._read_group([], ["company_id"])
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        ids = [company.id for (company,) in roots]
        days = companies.search([("id", "child_of", ids)]).grouped(
            lambda company: fields.Date.context_today(self._engine(company))
        )
        if len(days) == 1:
            return Domain.OR(map(get_domain, days))
        return Domain.OR(
            Domain("company_id", "in", companies.ids) & get_domain(today)
            for today, companies in days.items()
        )

    @api.model
    def _get_due_domain(self):
        waiting = Domain(
            [
                ("state", "=", "planned"),
                ("is_refused", "=", False),
                ("amount", ">", 0),
                ("order_id.state", "=", "purchase"),
            ]
        )
        return waiting & self._by_day(lambda today: Domain("date_due", "<=", today))

    @api.model
    def _get_late_domain(self):
        """Return which deposits nobody paid in time, archived rules included."""
        rules = self.env["deposit.rule"]._engine().with_context(active_test=False)
        rules = rules.search([("expiry_days", ">", 0)])

        def get_late(today):
            return Domain.OR(
                Domain("rule_id", "=", rule.id)
                & Domain("date_due", "<", today - timedelta(days=rule.expiry_days))
                for rule in rules
            )

        return Domain("state", "in", UNPAID) & self._by_day(get_late)

    @api.model
    def _get_aged_domain(self):
        """Return which open deposits are older than they were: no others are read."""

        def get_aged(today):
            return Domain.OR(
                Domain("age", "=", age)
                & Domain("date_paid", "<", today - timedelta(days=days))
                for age, days in AGES.items()
            )

        return Domain("amount_open", ">", 0) & self._by_day(get_aged)

    @api.model
    def _make_due_each(self, batch):
        batch._try_each("_make_due", {})

    @api.model
    def _expire_late(self, batch):
        late = batch.filtered(
            lambda deposit: deposit._is_free_to_change() or deposit._is_bill_unpaid()
        )
        late._try_each("_expire")

    def _is_bill_unpaid(self):
        """Tell whether it is a posted bill that nobody has begun to pay."""
        self.ensure_one()
        bill = self.bill_id
        return (
            bill.state == "posted"
            and bill.payment_state in ("not_paid", "reversed")
            and not bill.matched_payment_ids.filtered(
                lambda payment: payment.state in ("in_process", "paid")
            )
        )

    @api.model
    def _set_age(self, batch):
        by_age = batch.grouped(
            lambda deposit: deposit._as_system()._get_age(deposit.date_paid)
        )
        for age, deposits in by_age.items():
            deposits.write({"age": age})

    def _expire(self):
        self._cancel_unpaid()
        self._tell_buyer(
            self.env._("Deposit %(deposit)s has expired", deposit=self.name),
            self.env._("Nobody paid it in time, so it was cancelled."),
        )

    # ------------------------------------------------------------
    # BATCHES
    # ------------------------------------------------------------

    @api.model
    def _work_off(self, *kinds):
        """Deal with deposits in batches, each in a transaction of its own.

        Each worker takes rows that nobody else holds, so that a killed one neither
        loses nor repeats any. Every deposit is looked at once: what stays as it was
        has its turn at the next run.

        :param kinds: for each, the domain, the date by which they come one after the
            other, and what to do with those of a batch
        :return: how many were looked at
        """
        deposits = self._engine()
        counts = [deposits.search_count(domain) for domain, _date, _act in kinds]
        remaining, tried = sum(counts), 0
        for count, (domain, by, act) in zip(counts, kinds, strict=True):
            last = (date.min, 0) if count else None
            while last:
                last, number, time_left = self._do_batch(
                    domain, by, act, last, remaining
                )
                tried += number
                remaining = max(0, remaining - number)
                if not time_left:
                    return tried
        return tried

    @api.model
    def _do_batch(self, domain, by, act, last, remaining):
        """Deal with the next batch and commit it.

        Where another transaction has changed what this one saw, it begins again with
        what is there then: one worker does not end the work of another.

        :param tuple last: date and id of the last one before
        :param int remaining: how many there are
        :return: date and id of its last one, or nothing if it was the last batch; how
            many it held; seconds left
        """
        deposits = self._engine()
        after = Domain(by, ">", last[0]) | (
            Domain(by, "=", last[0]) & Domain("id", ">", last[1])
        )
        for tries_left in reversed(range(TRIES)):
            try:
                batch = deposits.search(domain & after, order=f"{by}, id", limit=BATCH)
                if not batch:
                    return None, 0, True
                number, last = len(batch), (batch[-1][by], batch[-1].id)
                act(batch.try_lock_for_update())
                # not as the engine: the scheduler's own context says which run it is
                time_left = self.env["ir.cron"]._commit_progress(
                    number, remaining=max(0, remaining - number)
                )
                return last if number == BATCH else None, number, time_left
            except (SerializationFailure, DeadlockDetected):
                self.env.cr.rollback()
                if not tries_left:
                    raise

    def _try_each(self, method, *args):
        """Do it with each, or leave the deposit as it was, with the reason on it.

        :param str method: of one deposit
        :param args: of the method
        """
        for deposit in self:
            try:
                with self.env.cr.savepoint():
                    getattr(deposit, method)(*args)
            except (UserError, RedirectWarning) as error:
                deposit._hold_after_failure(str(error))
            except OperationalError:
                raise  # the whole batch has to begin again
            except Exception:
                _logger.exception("Deposit %s: %s failed", deposit.name, method)
                deposit._hold_after_failure(
                    self.env._("An unexpected error; the server's log has it.")
                )

    def _hold_after_failure(self, reason):
        self.env.invalidate_all()
        self._hold(reason)
