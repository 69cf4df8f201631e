from odoo import api, models

#: Where the cursor says that its transaction changed who leads whom, and what it then
#: found out itself. The first outlives a savepoint that is rolled back, the second goes
#: with it.
CHANGED, FOUND = "customer_base.leading_changed", "customer_base.leading_found"


class CustomerLeading(models.AbstractModel):
    """Records that say who leads whom, and therefore who sees whose customers.

    That is asked with each look at a customer, so all transactions remember it. One
    that changes it remembers for itself: what it sees may be rolled back.
    """

    _name = "customer.leading"
    _description = "Who Leads Whom"

    #: Fields on which it depends.
    _leading_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self._leading_changed()
        return records

    def write(self, vals):
        result = super().write(vals)
        if not self._leading_fields.isdisjoint(vals):
            self._leading_changed()
        return result

    def _write_multi(self, vals_list):
        # some of them follow from other records
        result = super()._write_multi(vals_list)
        if any(not self._leading_fields.isdisjoint(values) for values in vals_list):
            self._leading_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self._leading_changed()
        return result

    @api.model
    def _leading_changed(self):
        cr = self.env.cr
        self.env.registry.clear_cache()
        cr.cache.pop(FOUND, None)
        if not cr.postcommit.data.get(CHANGED):
            cr.postcommit.data[CHANGED] = True
            # others may have remembered until then what was before
            cr.postcommit.add(self.env.registry.clear_cache)

    @api.model
    def _recall(self, user, find, find_once):
        """Return what was found out of a user, who leads others.

        :param find: name of the method of users that finds it out
        :param find_once: name of the one that remembers it for all transactions
        """
        cr = self.env.cr
        if not cr.postcommit.data.get(CHANGED):
            return getattr(user, find_once)()
        found = cr.cache.setdefault(FOUND, {})
        if (find, user.id) not in found:
            found[find, user.id] = getattr(user, find)()
        return found[find, user.id]
