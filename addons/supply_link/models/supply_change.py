from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL

from ..triggers import make_triggers

#: How many notes are dealt with at a time: each batch is one transaction.
BATCH = 2000
#: How many notes are folded at a time.
FOLDED = 50_000
#: How many lines of the past are noted at a time.
FILLED = 5000

#: Says on a cursor that the workers will be told.
WOKEN = "supply_link.woken"


class SupplyChange(models.Model):
    """What the database noted to have changed, until the links have followed.

    Triggers write it (``triggers.py``), and one job reads and deletes it.
    """

    _name = "supply.change"
    _description = "Change of Supply or Demand"
    _inherit = ["supply.outbox"]
    _log_access = False
    _follow_cron = "supply_link.ir_cron_follow"

    product_id = fields.Integer(readonly=True)
    purchase_line_id = fields.Integer(readonly=True)
    sale_line_id = fields.Integer(readonly=True)

    def init(self):
        make_triggers(self.env.cr)

    @api.model
    def _wake(self):
        """Let the job run as soon as this transaction is committed.

        The triggers note that the job is to run; what comes from Python also tells the
        workers, once a transaction. What is changed in SQL waits for their next round,
        at most a minute.
        """
        callbacks = self.env.cr.postcommit
        if not callbacks.data.get(WOKEN):
            callbacks.data[WOKEN] = True
            callbacks.add(self.env["ir.cron"]._notifydb)

    # ------------------------------------------------------------
    # NOTES THAT NOBODY READS
    # ------------------------------------------------------------

    @api.autovacuum
    def _gc_repeated(self, limit=FOLDED):
        """Fold notes of the same into one, as there is no end to them while the job
        does not run; then there are never more than lines that changed.

        The note that stays is a new one. A job that began before does not see it, and
        one that sees it sees all that the folded ones were about.

        :return: how many notes were looked at, and whether there may be more to fold
        :rtype: tuple
        """
        self.env.cr.execute(
            SQL(
                """
                WITH repeated AS MATERIALIZED (
                    SELECT product_id, purchase_line_id, sale_line_id
                      FROM supply_change
                  GROUP BY product_id, purchase_line_id, sale_line_id
                    HAVING count(*) > 1
                ),
                taken AS MATERIALIZED (
                    SELECT change.id
                      FROM supply_change change
                      JOIN repeated
                        ON repeated.product_id IS NOT DISTINCT FROM change.product_id
                       AND repeated.purchase_line_id
                           IS NOT DISTINCT FROM change.purchase_line_id
                       AND repeated.sale_line_id
                           IS NOT DISTINCT FROM change.sale_line_id
                  ORDER BY change.product_id, change.purchase_line_id,
                           change.sale_line_id
                     LIMIT %s
                       FOR UPDATE OF change SKIP LOCKED
                ),
                gone AS (
                    DELETE FROM supply_change change
                     USING taken
                     WHERE change.id = taken.id
                 RETURNING change.product_id, change.purchase_line_id,
                           change.sale_line_id, change.noted_on
                ),
                made AS (
                    INSERT INTO supply_change
                           (product_id, purchase_line_id, sale_line_id, noted_on)
                    SELECT product_id, purchase_line_id, sale_line_id, min(noted_on)
                      FROM gone
                  GROUP BY product_id, purchase_line_id, sale_line_id
                 RETURNING id
                )
                SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM made)
                """,
                limit,
            )
        )
        looked_at, left = self.env.cr.fetchone()
        return looked_at, looked_at == limit and left < looked_at

    # ------------------------------------------------------------
    # THE PAST: what was there before the installation
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def is_being_filled(self):
        """Tell screens that they do not show all yet."""
        return self._is_being_filled()

    @api.model
    def _is_being_filled(self):
        """Tell whether some of the past is still to be looked at."""
        return self.env.ref("supply_link.ir_cron_fill").sudo().active

    @api.model
    def _fill_batch(self, batch=FILLED):
        """Note the lines of the next orders: purchases, then open sales.

        :param int batch: how many lines of each
        :return: how many lines are left, or nothing
        :rtype: int
        """
        left = 0
        parameters = self.env["ir.config_parameter"].sudo()
        for table, columns, condition in (
            ("purchase_order_line", "line.product_id, line.id, line.sale_line_id", ""),
            (
                "sale_order_line",
                "line.product_id, NULL::integer, line.id",
                "AND line.state = 'sale' "
                "AND line.product_uom_qty > COALESCE(line.qty_delivered, 0)",
            ),
        ):
            key = f"supply_link.filled_{table}"
            last = int(parameters.get_param(key, 0))
            self.env.cr.execute(
                SQL(
                    """
                    WITH next AS MATERIALIZED (
                        SELECT id FROM %(table)s WHERE id > %(last)s ORDER BY id
                         LIMIT %(batch)s
                    ),
                    noted AS (
                        INSERT INTO supply_change
                               (product_id, purchase_line_id, sale_line_id, noted_on)
                        SELECT %(columns)s, now() AT TIME ZONE 'UTC'
                          FROM next
                          JOIN %(table)s line ON line.id = next.id
                         WHERE line.product_id IS NOT NULL %(condition)s
                    )
                    SELECT max(id),
                           (SELECT count(*) FROM %(table)s
                             WHERE id > (SELECT max(id) FROM next))
                      FROM next
                    """,
                    table=SQL.identifier(table),
                    columns=SQL(columns),
                    condition=SQL(condition),
                    last=last,
                    batch=batch,
                )
            )
            reached, rest = self.env.cr.fetchone()
            if reached:
                parameters.set_param(key, reached)
                left += rest or 1
        return left

    @api.model
    def _note_links(self):
        """Note all links that stand: an addon that says when goods are needed has come,
        or goes, and what was worked out before is of another day."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO supply_change
                       (product_id, purchase_line_id, sale_line_id, noted_on)
                SELECT product_id, purchase_line_id, sale_line_id,
                       now() AT TIME ZONE 'UTC'
                  FROM supply_link
                 WHERE state IN ('open', 'received')
                """
            )
        )
        self.env.ref("supply_link.ir_cron_follow")._trigger()

    # ------------------------------------------------------------
    # THE JOB
    # ------------------------------------------------------------

    @api.model
    def _cron_follow(self):
        """Let links, and what other addons derive from them, follow what changed."""
        retrying(self._note_new_day, self.env)
        return super()._cron_follow()

    @api.model
    def _note_new_day(self):
        """Note what is expected on another day because a new one has begun: what is
        overdue, and what is not ordered yet; also where an order line waits longer for
        something else."""
        parameters = self.env["ir.config_parameter"].sudo()
        clock = self.env["supply.clock"]
        states = self.env["supply.state"].sudo()
        for (company,) in states._read_group([], ["company_id"]):
            key = f"supply_link.day_{company.id}"
            today = str(clock._get_clock(company).today)
            if parameters.get_param(key) == today:
                continue
            parameters.set_param(key, today)
            self.env.cr.execute(
                SQL(
                    """
                    WITH late AS MATERIALIZED (
                        SELECT DISTINCT product_id
                          FROM stock_move
                         WHERE company_id = %(company)s
                           AND state IN ('waiting', 'confirmed',
                                         'partially_available', 'assigned')
                           AND sale_line_id IS NULL
                           AND COALESCE(supply_expected_on, date) < %(now)s
                    )
                    INSERT INTO supply_change (product_id, sale_line_id, noted_on)
                    SELECT state.product_id, state.sale_line_id,
                           now() AT TIME ZONE 'UTC'
                      FROM supply_state state
                     WHERE state.company_id = %(company)s
                       AND (state.ready_on < %(now)s
                            OR state.overdue_days > 0
                            OR state.product_id IN (SELECT product_id FROM late)
                            OR EXISTS (  -- components
                               SELECT FROM stock_move move
                                 JOIN late ON late.product_id = move.product_id
                                WHERE move.sale_line_id = state.sale_line_id)
                            OR EXISTS (
                               SELECT FROM supply_link link
                                 JOIN purchase_order_line line
                                   ON line.id = link.purchase_line_id
                                 JOIN purchase_order purchase
                                   ON purchase.id = line.order_id
                                WHERE link.sale_line_id = state.sale_line_id
                                  AND link.state = 'open'
                                  AND purchase.state <> 'purchase'))
                    """,
                    company=company.id,
                    now=fields.Datetime.now(),
                )
            )

    @api.model
    def _follow_batch(self, batch=None):
        """Take a batch of notes and follow them.

        Another run at the same time takes other notes. Notes of transactions that end
        later have smaller numbers than some that are dealt with; they are found because
        the notes are deleted, and not remembered by their last number.

        :param int batch: how many notes; default: ``BATCH``
        :return: how many there were
        :rtype: int
        """
        rows = self._take(batch or BATCH)
        if rows:
            self._follow_rows(rows)
        return len(rows)

    def _take(self, batch):
        self.env.cr.execute(
            SQL(
                """
                WITH taken AS MATERIALIZED (
                    SELECT id FROM supply_change
                     ORDER BY id LIMIT %s
                       FOR UPDATE SKIP LOCKED
                )
                DELETE FROM supply_change change
                 USING taken
                 WHERE change.id = taken.id
                RETURNING change.product_id, change.purchase_line_id,
                          change.sale_line_id
                """,
                batch,
            )
        )
        return self.env.cr.fetchall()

    def _follow_rows(self, rows):
        products, purchase_lines, sale_lines = (
            sorted({row[place] for row in rows if row[place]}) for place in range(3)
        )
        links = self.env["supply.link"]
        torn = links._get_torn()
        sale_lines = sorted({*sale_lines, *torn.sale_line_id.ids})
        linked = torn | links.sudo().search(
            [
                ("sale_line_id", "in", sale_lines),
                ("state", "in", ("open", "received")),
            ]
        )
        torn.write({"state": "cancelled"})
        lines = linked.purchase_line_id.union(
            self.env["purchase.order.line"].sudo().browse(purchase_lines).exists(),
            links._get_lines_waiting_for(products),
        )
        links._follow(lines)
        products = self.env["product.product"].sudo().browse(products).exists()
        sale_lines = self.env["sale.order.line"].sudo().browse(sale_lines).exists()
        with self.env["supply.part"]._remembering():
            self._supply_changed(products, sale_lines, lines)

    @api.model
    def _supply_changed(self, products, sale_lines, purchase_lines):
        """Do what follows from changed supply or demand; addons above extend it.

        It runs in the job, in a transaction of its own, after the links have followed.

        :param products: ``product.product`` of which stock, supply or demand changed
        :param sale_lines: ``sale.order.line`` that changed themselves
        :param purchase_lines: ``purchase.order.line`` whose links have followed
        """
        states = self.env["supply.state"].sudo()
        waiting = states._get_open_lines(products)
        states._follow(
            waiting | sale_lines | purchase_lines.supply_link_ids.sale_line_id
        )
