"""Whether a limit ran out while somebody held something, as SQL over a row ``span``.

Steps of approvals have limits, and questions; nothing else has one.
"""

from odoo.tools import SQL


def get_over_sql(now):
    """Return whether a limit ran out meanwhile; nothing where there was none.

    Of what is over it does not depend on when somebody asks: only what was due until
    then counts.

    :param SQL now: the end of what has not ended
    """
    until = SQL("LEAST(span.date_to, %s)", now)
    late = for_approvals(
        lambda document: SQL(
            """
            SELECT bool_or(task.due_at >= span.date_from
                           AND task.due_at < LEAST(%(until)s, task.decided_at))
              FROM approval_process process
              JOIN approval_task task ON task.process_id = process.id
             WHERE %(document)s AND task.due_at IS NOT NULL AND %(meanwhile)s
            """,
            until=until,
            document=document,
            meanwhile=get_meanwhile_sql(),
        )
    )
    return SQL(
        """
        CASE WHEN span.department = 'approval' THEN %(late)s
             WHEN span.res_model = 'supply.question'
             THEN (SELECT question.due_at >= span.date_from
                          AND question.due_at < LEAST(%(until)s, question.closed_at)
                     FROM supply_question question
                    WHERE question.id = span.res_id) END
        """,
        late=late,
        until=until,
    )


def get_meanwhile_sql():
    """Return the condition that a step of an approval was asked meanwhile."""
    return SQL(
        """
        task.state IN ('active', 'approved', 'rejected', 'forwarded')
        AND task.activated_at < COALESCE(span.date_to, 'infinity')
        AND COALESCE(task.decided_at, 'infinity') > span.date_from
        """
    )


def for_approvals(query):
    """Return what a query says about the approval that was held: of a purchase, or of
    its deposits.

    :param query: function of the condition on ``process``
    """
    order = SQL("process.res_model = 'purchase.order' AND process.res_id = span.res_id")
    deposits = SQL(
        """
        process.res_model = 'supplier.deposit'
        AND process.res_id IN (SELECT deposit.id FROM supplier_deposit deposit
                                WHERE deposit.order_id = span.res_id)
        """
    )
    return SQL(
        """
        CASE WHEN span.department = 'approval'
             THEN CASE span.step WHEN 'approval' THEN (%s)
                                 WHEN 'deposit' THEN (%s) END END
        """,
        query(order),
        query(deposits),
    )
