"""Work of the scheduler, in batches that each have a transaction of their own."""

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo.fields import Domain

#: Times that a batch is begun which others keep changing under it.
TRIES = 5


def work_off(cron, records, domain, by, act, size):
    """Deal with records in batches; several workers may.

    A batch is committed with what was done, so that a killed worker neither loses nor
    repeats any. Where another transaction changed what it saw, it begins again with
    what is there then: one worker does not end the work of another. Each record is
    looked at once: what stays as it was has its turn at the next run.

    :param cron: ``ir.cron``, in the scheduler's own context: that says which run it is
    :param records: of the model, in the environment to act in
    :param str by: field that all have, by which they come one after the other
    :param act: what to do with those of a batch that nobody else holds: it locks them
    :param int size: of a batch
    :return: how many were looked at
    """
    tried, after, tries = 0, Domain.TRUE, TRIES
    remaining = records.search_count(domain)
    is_more = bool(remaining)
    while is_more:
        try:
            batch = records.search(
                Domain(domain) & after, order=f"{by}, id", limit=size
            )
            if not batch:
                break
            number, value, last = len(batch), batch[-1][by], batch[-1].id
            left = max(0, remaining - number)
            act(batch)
            is_more = cron._commit_progress(number, remaining=left) and number == size
        except (SerializationFailure, DeadlockDetected):
            cron.env.cr.rollback()
            tries -= 1
            if not tries:
                raise
            continue
        tried, remaining, tries = tried + number, left, TRIES
        after = Domain(by, ">", value) | (
            Domain(by, "=", value) & Domain("id", ">", last)
        )
    return tried
