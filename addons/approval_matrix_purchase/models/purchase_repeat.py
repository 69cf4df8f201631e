from textwrap import shorten

from odoo import api, models
from odoo.tools import SQL, format_amount, format_date

#: How much of the reason of a rejection is told.
TOLD = 200


class PurchasePrecedent(models.AbstractModel):
    """Orders that repeat one which was rejected, at whatever price.

    What was rejected are the terms of a request: what became of its order since, or
    that it is gone, changes nothing. An order that was rejected and is asked about once
    more repeats nothing: its own card shows what changed.
    """

    _inherit = "purchase.precedent"

    @api.model
    def _get_rejected_sql(self, orders):
        """Return a query for the rejected requests about other orders of the vendor of
        each: of the same company, rejected some days before the order was submitted, or
        since.

        :param orders: ``purchase.order`` records that wait for approvers
        :return: SQL of ``(id of the order, id of the request)``
        """
        return SQL(
            """
            SELECT mine.id, rejected.id
              FROM UNNEST(%(ids)s, %(days)s) AS watched (id, days)
              JOIN purchase_order AS mine ON mine.id = watched.id
              JOIN approval_process AS asked ON asked.id = mine.approval_process_id
              JOIN res_partner AS vendor ON vendor.id = mine.partner_id
              JOIN res_partner AS contact
                ON contact.commercial_partner_id = vendor.commercial_partner_id
              JOIN approval_process AS rejected
                ON rejected.company_id = mine.company_id
               AND rejected.terms ->> 'vendor' = contact.id::text
               AND rejected.closed_at
                   > asked.submitted_at - watched.days * INTERVAL '1 day'
               AND rejected.state = 'rejected'
               AND rejected.res_model = 'purchase.order'
               AND rejected.res_id != mine.id
            """,
            ids=orders.ids,
            days=[order.company_id.purchase_duplicate_days for order in orders],
        )

    @api.model
    def _find_repeated(self, pairs):
        """Return the newest rejected request that each order repeats: the same goods
        and quantities.

        It does not count while its order is confirmed with these goods: somebody
        approved it after all. Quantities and services are compared as those of orders
        that are there twice.

        :param pairs: see :meth:`_get_rejected_sql`
        :return: by ``purchase.order``: the other order, empty if it is gone, and
            ``approval.process``, both as the system
        :rtype: dict
        """
        if not pairs:
            return {}
        mine, rejected = (list(ids) for ids in zip(*pairs, strict=True))
        rows = self.env.execute_query(
            SQL(
                """
                WITH pairs AS MATERIALIZED (
                    SELECT mine.id AS mine_id, mine.approval_process_id AS asked_id,
                           rejected.id AS rejected_id, other.id AS other_id,
                           granted.id AS granted_id
                      FROM UNNEST(%(mine)s, %(rejected)s) AS pair (mine, rejected)
                      JOIN purchase_order AS mine ON mine.id = pair.mine
                      JOIN approval_process AS rejected ON rejected.id = pair.rejected
                      LEFT JOIN purchase_order AS other ON other.id = rejected.res_id
                      -- confirmed below all limits it was approved by nobody
                      LEFT JOIN approval_process AS granted
                        ON granted.id = other.approval_process_id
                       AND granted.state = 'approved'
                       AND other.state = 'purchase'
                ), goods AS MATERIALIZED (
                    SELECT process_id,
                           ARRAY_AGG(CONCAT(product, ':', quantity, ':', text)
                                     ORDER BY product, quantity, text) AS list
                      FROM (
                           SELECT process.id AS process_id,
                                  product.id AS product,
                                  CASE WHEN template.type = 'service'
                                       THEN line ->> 'text' END AS text,
                                  ROUND(SUM((line ->> 'quantity')::numeric
                                            * uom.factor)::numeric, 6) AS quantity
                             FROM approval_process AS process
                            CROSS JOIN JSONB_ARRAY_ELEMENTS(process.terms -> 'lines')
                               AS line
                             JOIN uom_uom AS uom ON uom.id = %(uom)s
                             JOIN product_product AS product ON product.id = %(product)s
                             JOIN product_template AS template
                               ON template.id = product.product_tmpl_id
                            WHERE process.id IN (
                                  SELECT asked_id FROM pairs
                                  UNION
                                  SELECT rejected_id FROM pairs
                                  UNION
                                  SELECT granted_id FROM pairs)
                              AND (line ->> 'quantity')::numeric != 0
                            GROUP BY 1, 2, 3
                           ) AS bought
                     GROUP BY process_id
                )
                SELECT DISTINCT ON (mine_id) mine_id, other_id, rejected_id
                  FROM pairs
                  JOIN goods AS asked ON asked.process_id = asked_id
                  JOIN goods AS rejected ON rejected.process_id = rejected_id
                  LEFT JOIN goods AS granted ON granted.process_id = granted_id
                 WHERE asked.list = rejected.list
                   AND granted.list IS DISTINCT FROM asked.list
                 ORDER BY mine_id, rejected_id DESC
                """,
                mine=mine,
                rejected=rejected,
                product=self._get_term_id_sql("product"),
                uom=self._get_term_id_sql("uom"),
            )
        )
        orders, requests = self.env["purchase.order"], self.env["approval.process"]
        requests = requests.browse(request for _mine, _other, request in rows)
        return {
            orders.browse(id_): (orders.browse(other or ()), request)
            for (id_, other, _request), request in zip(rows, requests, strict=True)
        }

    @api.model
    def _get_term_id_sql(self, name):
        """Return an id of a line of the terms; what is empty there is false."""
        return SQL("NULLIF(line ->> %s, 'false')::integer", name)

    @api.model
    def _tell_repeated(self, repeated, readable):
        """Return what there is to know of orders that repeat a rejected one.

        :param dict repeated: see :meth:`_find_repeated`
        :param readable: ``purchase.order`` records that the user may read
        :return: by order, as :meth:`_warn`
        """
        if not repeated:
            return {}
        mark = self.env._("the same was rejected")
        requests = self.env["approval.process"].union(
            *(request for other, request in repeated.values() if other in readable)
        )
        logs = {}
        if requests:
            # no more of it: terms and summary are long
            requests.fetch(["amount", "close_reason", "closed_at"])
            rows = self.env["approval.log"].search_fetch(
                [("process_id", "in", requests.ids), ("event", "=", "rejected")]
            )
            logs = {log.process_id: log for log in rows}  # the last, of several steps
        return {
            order: [
                (
                    mark,
                    self._tell_rejection(order, other, request, logs[request])
                    if request in requests
                    else self.env._(
                        "Another order with the same vendor and goods was rejected."
                    ),
                )
            ]
            for order, (other, request) in repeated.items()
        }

    @api.model
    def _tell_rejection(self, order, other, request, log):
        currency = order.company_id.currency_id
        now = order.approval_process_id.amount
        text = self.env._(
            "%(order)s had the same vendor and goods, and %(user)s rejected it on "
            "%(day)s: it came to %(then)s, this one comes to %(now)s.",
            order=other.name,
            user=log._get_who(),
            day=format_date(
                self.env, order.company_id._approval_day(request.closed_at)
            ),
            then=format_amount(self.env, request.amount, currency),
            now=format_amount(self.env, now, currency),
        )
        reason = shorten(request.close_reason or "", TOLD, placeholder=" …")
        if not reason:
            return text
        return f"{text} {self.env._('Reason: %s', reason)}"
