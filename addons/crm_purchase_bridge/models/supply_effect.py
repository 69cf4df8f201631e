from collections import Counter

from odoo import api, models

from odoo.addons.supply_link.pegging import NOW, by_demand, peg


class SupplyEffect(models.AbstractModel):
    """What a decision would do to customers: it is carried out, looked at, and taken
    back."""

    _name = "supply.effect"
    _description = "What a Decision Does"

    @api.model
    def _look_ahead(self, product, warehouse, do):
        """Return whose goods would come on another day.

        Who gets the same goods on the same dates is not looked at: of thousands who
        wait, a decision concerns few.

        :param do: carries it out, with the system's rights
        :return: dictionaries, the worst first: ids and names of order and customer, the
            days *before* and *after* (nothing: nobody knows), how much is there *now*
            and *then*, *due*, whether it *is_later* and *is_broken*
        :rtype: list
        """
        outlook = self.env["supply.outlook"]
        dealt = self._read_dealt(product, warehouse)
        savepoint = self.env.cr.savepoint()
        try:
            do()
            self.env.flush_all()
            changed = self._read_dealt(product, warehouse)
            ids = {id_ for id_ in {*dealt, *changed} if dealt[id_] != changed[id_]}
            lines = self.env["sale.order.line"].sudo().browse(sorted(ids))
            after = outlook._look(lines)
        finally:
            savepoint.close(rollback=True)
        return self._compare(outlook._look(lines), after)

    @api.model
    def _read_dealt(self, product, warehouse):
        """Return how many units come on which dates, by id of the order line."""
        pools = self.env["supply.pool"]
        pool = pools._get_pools(product, warehouse)[warehouse, product]
        ends = pools._get_documents([each.key for each in pool.demands])
        shares = by_demand(peg(pool.supplies, pool.demands))
        dealt = _Dealt()
        for demand in pool.demands:
            line = ends[demand.key][0]
            if not line:
                continue
            dates = dealt.setdefault(line, Counter())
            dates[NOW] += demand.reserved
            for share in shares[demand.key]:
                dates[share.date] += share.quantity
        return dealt

    @api.model
    def _compare(self, before, after):
        """:param before: outlooks by id of the order line, as is *after*"""
        found, lines = [], self.env["sale.order.line"].sudo()
        promises = self.env["supply.promise"].sudo()
        ids = sorted(before.keys() & after.keys())
        told = {
            promise.sale_line_id.id: promise
            for promise in promises.search([("sale_line_id", "in", ids)])
        }
        for line in lines.browse(ids):
            old, new = before[line.id].answer, after[line.id].answer
            if (old.likely, old.now) == (new.likely, new.now):
                continue
            promise = told.get(line.id, promises)
            due, day = promise._get_due() if promise else None, new.likely
            is_later = bool(old.likely) and (not day or day > old.likely)
            found.append(
                {
                    "line_id": line.id,
                    "order_id": line.order_id.id,
                    "order": line.order_id.name,
                    "customer": line.order_id.partner_id.display_name,
                    "before": old.likely and old.likely.isoformat(),
                    "after": day and day.isoformat(),
                    "days": (day - old.likely).days if day and old.likely else None,
                    "now": old.now,
                    "then": new.now,
                    "due": due and due.isoformat(),
                    "is_later": is_later,
                    "is_broken": bool(due) and (not day or day > due),
                }
            )
        return sorted(
            found,
            key=lambda row: (
                not (row["is_later"] and row["is_broken"]),
                not row["is_later"],
                row["due"] or "9999",
                row["line_id"],
            ),
        )


class _Dealt(dict):
    """Who is not there gets nothing."""

    def __missing__(self, key):
        return Counter()
