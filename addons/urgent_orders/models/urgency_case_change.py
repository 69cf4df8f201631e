from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.supply_link.triggers import make_triggers

from ..triggers import CASES, SOURCES

#: How many notes are dealt with at a time.
BATCH = 2000

#: The last note and how many there are, where nothing is noted.
NOTHING = (None, 0)

#: Where the cursor keeps what was worked out anew.
MEMO = "urgent_orders.anew"


class UrgencyCaseChange(models.Model):
    """What the database noted to have changed of urgent cases, until what is kept of
    them has followed.

    Triggers write it (``triggers.py``), and the job of the links reads and deletes it.
    Until then whoever reads a noted case works it out anew: see ``urgency.case``. There
    are no foreign keys: what is noted may be gone, and writing a note must lock
    nothing.
    """

    _name = "urgency.case.change"
    _description = "Change of an Urgent Case"
    _log_access = False

    sale_id = fields.Integer(readonly=True, export_string_translation=False)
    purchase_id = fields.Integer(readonly=True, export_string_translation=False)

    def init(self):
        """Note what was there before the triggers, so that nobody misses it."""
        # what earlier versions woke the job with
        self.env.cr.execute(SQL("DROP FUNCTION IF EXISTS urgency_note_wake() CASCADE"))
        if make_triggers(self.env.cr, SOURCES, CASES):
            self._note_all()

    @api.model
    def _note_all(self):
        """Note each urgent order and each case, to work all of them out anew."""
        self._wake()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO urgency_case_change (sale_id, purchase_id)
                SELECT orders.sale_id, orders.purchase_id
                  FROM (SELECT id, NULL::integer, urgency_level_id FROM sale_order
                         UNION ALL
                        SELECT NULL::integer, id, urgency_level_id FROM purchase_order
                       ) orders (sale_id, purchase_id, level_id)
                  JOIN urgency_level level ON level.id = orders.level_id
                 WHERE level.is_urgent
                 UNION
                SELECT CASE WHEN id %% 2 = 0 THEN id / 2 END,
                       CASE WHEN id %% 2 = 1 THEN id / 2 END
                  FROM urgency_case_state
                """
            )
        )

    @api.model
    def _wake(self):
        """Let the job run: what is noted here, and not by a trigger, wakes nobody."""
        self.env.ref("supply_link.ir_cron_follow")._trigger()

    @api.model
    def _note(self, sales):
        """Note some orders beyond those that triggers noted.

        :param sales: ``sale.order``
        """
        if sales:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO urgency_case_change (sale_id) SELECT unnest(%s)",
                    sales.ids,
                )
            )

    @api.autovacuum
    def _gc_delivered(self):
        """Note what was delivered long ago, so that it is dropped, and what was bought
        for it is looked at again. The screen leaves it out in any case."""
        self._wake()
        is_shown = self.env["urgency.case.state"]._get_shown_sql(SQL("kept"))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO urgency_case_change (sale_id)
                SELECT sale_id FROM urgency_case_state kept WHERE NOT %s
                """,
                is_shown,
            )
        )

    # ------------------------------------------------------------
    # THE JOB
    # ------------------------------------------------------------

    @api.model
    def _follow_batch(self, batch=None):
        """Take a batch of notes and bring what is kept of their cases up to date.

        :param int batch: how many notes; default: ``BATCH``
        :return: how many there were
        :rtype: int
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH taken AS MATERIALIZED (
                    SELECT id FROM urgency_case_change
                     ORDER BY id LIMIT %s
                       FOR UPDATE SKIP LOCKED
                )
                DELETE FROM urgency_case_change change
                 USING taken
                 WHERE change.id = taken.id
                RETURNING change.sale_id, change.purchase_id
                """,
                batch or BATCH,
            )
        )
        if rows:
            self.env["urgency.case.state"]._follow(*self._split(rows))
        return len(rows)

    @api.model
    def _split(self, rows):
        sales, purchases = ({row[place] for row in rows} for place in range(2))
        return sorted(sales - {None}), sorted(purchases - {None})

    # ------------------------------------------------------------
    # UNTIL THEN
    # ------------------------------------------------------------

    @api.model
    def _get_anew(self):
        """Return which cases changed since, and what follows from their orders now.

        The screen asks several times for each page. While nothing else is noted it gets
        the same answer.

        :return: ids of cases that are not right any more, and rows in place of them, as
            JSON
        """
        self.env.flush_all()
        query = "SELECT max(id), count(*) FROM urgency_case_change"
        (last,) = self.env.execute_query(SQL(query))
        if last == NOTHING:
            return [], "[]"
        memo = self.env.cr.cache.setdefault(MEMO, {})
        if last not in memo:
            memo.clear()
            memo[last] = self._work_out_anew()
        return memo[last]

    def _work_out_anew(self):
        states = self.env["urgency.case.state"]
        query = "SELECT DISTINCT sale_id, purchase_id FROM urgency_case_change"
        noted = self._split(self.env.execute_query(SQL(query)))
        cases = states._get_touched(*noted)
        if not any(cases):
            return [], "[]"
        query = "SELECT COALESCE(jsonb_agg(anew), '[]')::text FROM (%s) anew"
        derived = states._get_derived_sql(*cases)
        ((rows,),) = self.env.execute_query(SQL(query, derived))
        return states._get_ids(*cases), rows
