from collections import defaultdict
from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL

#: Key of the open watch among the data of the cursor: remote callers can set context
#: keys, never this.
WATCH = "spend_budget.watch"

#: Key among what the transaction remembers: periods of open budgets by company.
IN_USE = "spend_budget.companies"


class SpendControl(models.AbstractModel):
    """The engine between documents and budgets.

    A *watch* opens with the first of our overrides that touches an order or bill, and
    is settled when that call ends: then the ledger is brought up to what the documents
    have become, all at once. As it raises inside the same transaction, nothing half
    done remains.
    """

    _name = "spend.control"
    _description = "Budget Control"

    # ------------------------------------------------------------
    # IN USE
    # ------------------------------------------------------------

    @api.model
    def _in_use(self):
        """Return the ids of the companies with an open budget: one query a transaction.

        It is not cached for longer: a *no* that another thread remembers from before a
        budget was opened would let orders pass.

        :rtype: set-like
        """
        memo = self.env.cr.cache
        if IN_USE not in memo:
            memo[IN_USE] = self._find_periods()
        return memo[IN_USE].keys()

    @api.model
    def _find_periods(self):
        """Return the first and last days of open budgets, by id of their company."""
        self.env["spend.budget"].flush_model()
        periods = defaultdict(list)
        for company_id, *period in self.env.execute_query(
            SQL(
                "SELECT company_id, date_from, date_to FROM spend_budget"
                " WHERE state = 'open'"
            )
        ):
            periods[company_id].append(period)
        return dict(periods)

    @api.model
    def _forget_use(self):
        self.env.cr.cache.pop(IN_USE, None)

    @api.model
    def _covers(self, company):
        """Tell whether an open budget of the company or one above it exists."""
        in_use = self._in_use()
        return bool(in_use) and not in_use.isdisjoint(self._ancestors(company))

    @api.model
    def _is_open_on(self, company, day):
        """Tell whether an open budget of the company or one above it holds a day."""
        self._in_use()
        periods = self.env.cr.cache[IN_USE]
        return any(
            start <= day <= end
            for ancestor in self._ancestors(company)
            for start, end in periods.get(ancestor, ())
        )

    @api.model
    def _ancestors(self, company):
        """Return the ids of a company and of those above it; of none, while a form
        has no company yet."""
        path = company.sudo().parent_path or ""
        return {int(part) for part in path.split("/")[:-1]}

    @api.model
    def _trusted(self):
        """Return the engine with the system's rights and nothing of the caller's
        context but the language: what callers say there decides nothing."""
        context = {"lang": self.env.lang} if self.env.lang else {}
        return self.with_env(self.env(su=True, context=context))

    # ------------------------------------------------------------
    # WATCH
    # ------------------------------------------------------------

    @api.model
    @contextmanager
    def _watching(self):
        """Settle, when the block ends, what was noted in the watch it yields."""
        data = self.env.cr.precommit.data
        watch = data.get(WATCH)
        if watch is not None:
            yield watch
            return
        watch = data[WATCH] = Watch()
        try:
            yield watch
        finally:
            data.pop(WATCH, None)
        self._trusted()._settle(watch)

    @api.model
    def _settle_now(self):
        """Settle what the open watch has noted so far, for those who decide by it.

        Whatever it notes later is settled when it ends: settling twice adds nothing.
        """
        watch = self.env.cr.precommit.data.get(WATCH)
        if watch is not None:
            self._trusted()._settle(watch)


class Watch:
    """Which lines of which documents one outermost call has touched.

    Ids are kept, so that lines deleted meanwhile give back what they hold.
    """

    def __init__(self, reason=None):
        self.orders = set()
        self.order_lines = set()
        self.move_lines = set()
        self.reason = reason

    def see_orders(self, orders):
        self.orders.update(orders.ids)

    def see_order_lines(self, lines):
        self.order_lines.update(lines.ids)
        self.orders.update(lines.order_id.ids)

    def see_bills_of(self, lines):
        """Note the bills of order lines whose department they are charged to."""
        self.see_move_lines(lines.sudo().invoice_lines)

    def see_moves(self, moves):
        """Note the lines of bills and refunds; other moves have no budget."""
        bills = moves.sudo().filtered(lambda move: move._budget_is_bill())
        self.see_move_lines(bills.line_ids)

    def see_move_lines(self, lines):
        lines = lines.sudo().filtered(
            lambda line: (
                line.display_type == "product" and line.move_id._budget_is_bill()
            )
        )
        self.move_lines.update(lines.ids)
        self.order_lines.update(lines.purchase_line_id.ids)
