import json
from collections import defaultdict
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL

from ..sources import SOURCES, Fact, is_shown
from ..touched import Cases
from ..triggers import get_row, make_triggers
from .timeline_place import Place

#: How many notes are dealt with at a time: each batch is one transaction.
BATCH = 500
#: How many documents of the past are noted at a time.
FILLED = 1000
#: One job at a time: the number of an event follows from those before it.
LOCK = "case_timeline.follow"

#: What open stories are told, and no more ids than these.
NEWS, MOST_NEWS = "case_timeline/news", 500

#: Columns of an event that say where it belongs, as ``Place`` has them.
PLACE = ("sale_id", "lead_id", "partner_id", "purchase_id", "company_id")
#: Columns of an event that its copies have, too, and those that tell copies apart.
SAID = (
    "date",
    "kind",
    "department",
    "user_id",
    "company_id",
    "res_model",
    "res_id",
    "chain",
    "parameters",
    "amounts",
    "is_shown",
)
APART = ("sale_id", "lead_id", "partner_id", "purchase_id", "source", "is_home")

#: What parameters are called; the rest keeps the name of its column.
NAMES = {
    "user_id": "holder",
    "document_name": "name",
    "order_name": "name",
    "step_name": "step",
    "product_name": "product",
}


class TimelineChange(models.Model):
    """What the database noted to have happened, until events say it.

    Triggers write it (``triggers.py``), and one job reads and deletes it.

    Operations beside those of the database: *fill*, for a document of the past;
    *merge*, for a row that goes on as another one; and *place*, for a document that may
    be of another order.
    """

    _name = "timeline.change"
    _description = "What Happened, Not Told Yet"
    _inherit = ["supply.outbox"]
    _log_access = False
    _follow_cron = "case_timeline.ir_cron_follow"
    _order = "id"

    source = fields.Char(readonly=True, help="Table.")
    res_id = fields.Integer(readonly=True)
    operation = fields.Char(readonly=True)
    # with amounts: nobody reads them here
    old = fields.Json(readonly=True, groups=".")
    new = fields.Json(readonly=True, groups=".")
    user_id = fields.Integer(readonly=True)

    _document_index = models.Index("(source, res_id, id)")

    def init(self):
        make_triggers(self.env.cr)

    @api.model
    def _note_merge(self, source, ids, into):
        """Note that rows go on as another one, which no trigger can know.

        The job is woken as a trigger wakes it, once a transaction.

        :param str source: table
        :param ids: of its rows
        :param int into: the row that they go on as
        """
        self.env.cr.execute(
            SQL(
                """
                WITH noted AS (
                    INSERT INTO timeline_change
                           (source, res_id, operation, new, noted_on)
                    SELECT %s, id, 'merge', %s::jsonb, now() AT TIME ZONE 'UTC'
                      FROM unnest(%s) id
                )
                SELECT timeline_note_wake()
                """,
                source,
                json.dumps({"into": into}),
                list(ids),
            )
        )

    # ------------------------------------------------------------
    # THE PAST: what was there before the installation
    # ------------------------------------------------------------

    @api.model
    def _fill_batch(self, batch=None):
        """Note the next documents of the next table.

        :param int batch: how many; default: ``FILLED``
        :return: how many there were; nothing at the end
        :rtype: int
        """
        parameters = self.env["ir.config_parameter"].sudo()
        for table, source in SOURCES.items():
            key = f"case_timeline.filled_{table}"
            last = int(parameters.get_param(key, 0))
            self.env.cr.execute(
                SQL(
                    """
                    WITH next AS MATERIALIZED (
                        SELECT id FROM %(table)s
                         WHERE id > %(last)s AND %(when)s ORDER BY id LIMIT %(batch)s
                    ),
                    noted AS (
                        INSERT INTO timeline_change
                               (source, res_id, operation, noted_on)
                        SELECT %(name)s, id, 'fill', now() AT TIME ZONE 'UTC'
                          FROM next
                      ORDER BY id
                    )
                    SELECT count(*), max(id) FROM next
                    """,
                    table=SQL.identifier(table),
                    name=table,
                    last=last,
                    when=SQL(source.when.format(row=table) or "TRUE"),
                    batch=batch or FILLED,
                )
            )
            noted, reached = self.env.cr.fetchone()
            if noted:
                parameters.set_param(key, reached)
                return noted
        return 0

    # ------------------------------------------------------------
    # THE JOB
    # ------------------------------------------------------------

    @api.model
    def _follow_batch(self, batch=None):
        """Take a batch of notes and make events of them.

        Notes of transactions that end later have smaller numbers than some that are
        dealt with; they are found because notes are deleted, and not remembered by
        their last number. Those of one document are always in order, since a change of
        a row waits for the one before.

        :param int batch: how many notes; default: ``BATCH``
        :return: how many there were; nothing, too, while another job is at work
        :rtype: int
        """
        self.env.cr.execute(
            SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", LOCK)
        )
        if not self.env.cr.fetchone()[0]:
            return 0
        notes = self._take(batch or BATCH)
        if notes:
            self._follow_notes(notes)
        return len(notes)

    def _take(self, batch):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH taken AS MATERIALIZED (
                    SELECT id FROM timeline_change
                     ORDER BY id LIMIT %s
                       FOR UPDATE SKIP LOCKED
                )
                DELETE FROM timeline_change change
                 USING taken
                 WHERE change.id = taken.id
                RETURNING change.id, change.source, change.res_id, change.operation,
                          change.old, change.new, change.user_id, change.noted_on
                """,
                batch,
            )
        )
        return sorted(self.env.cr.dictfetchall(), key=lambda note: note["id"])

    @api.model
    def _follow_notes(self, notes):
        """Make events of notes, in their order; then let cases and spans follow."""
        by_table = defaultdict(list)
        for note in notes:
            by_table[note["source"]].append(note)
        cases = Cases()
        for table, mine in by_table.items():
            if table in SOURCES:
                self._follow_table(table, mine, cases)
        self._follow_cases(by_table, cases)
        self._spread(by_table.get("supply_link", ()), cases)
        self.env["timeline.span"]._follow(cases.sales, cases.leads)
        self._tell_stories(cases)

    @api.model
    def _tell_stories(self, cases):
        """Tell whoever has a story open what it is of, by ids only: it fetches with its
        own rights."""
        news = {
            "sales": cases.sales,
            "leads": cases.leads,
            "purchases": cases.purchases,
            "families": cases.families,
        }
        news = {name: sorted(ids - {None}) for name, ids in news.items()}
        if not any(news.values()):
            return
        if sum(map(len, news.values())) > MOST_NEWS:
            news = dict.fromkeys(news)  # whoever shows anything looks again
        self.env.ref("base.group_user")._bus_send(NEWS, news)

    # ------------------------------------------------------------
    # EVENTS
    # ------------------------------------------------------------

    @api.model
    def _follow_table(self, table, notes, cases):
        source = SOURCES[table]
        ids = sorted({note["res_id"] for note in notes})
        known = self._read_known(source.model, ids)
        places = self.env["timeline.place"]._find(table, ids)
        merged = self._read_merged(table, ids, notes)
        places = self._find_lost(table, ids, places, known, merged)
        rows = []
        begun = set(known)
        pending = None
        for note in notes:
            id_, operation = note["res_id"], note["operation"]
            mine = places.get(id_)
            if not mine or operation in ("merge", "count"):
                continue
            facts = []
            mine_known = known.setdefault(id_, _Known())
            if id_ not in begun and operation in ("fill", "update", "place"):
                if operation == "update":
                    past = note["old"]
                else:
                    if pending is None:
                        pending = self._read_before(table, source, ids, notes)
                    past = pending.get(id_)
                if past:
                    facts += [
                        (fact, past, None)
                        for fact in source.follow(None, past, is_past=True)
                    ]
                    mine_known.see(facts)
            if operation in ("insert", "update", "delete"):
                note["is_merged"] = id_ in merged
                row = note["new"] or note["old"]
                old = note["old"] if operation != "insert" else None
                new_facts = [
                    (fact, row, note["user_id"])
                    for fact in source.follow(old, note["new"], told=mine_known.phases)
                ]
                mine_known.see(new_facts)
                facts += new_facts
            if facts:
                begun.add(id_)
            for fact, row, user in facts:
                rows += self._prepare(source, note, fact, row, user, mine, mine_known)
        self._add_names(table, source, rows)
        self._add_returns(table, rows)
        self._insert(rows, cases)

    @api.model
    def _add_names(self, table, source, rows):
        """Say of rows of events what their document is called by now, if it had no
        number when it changed: invoices and payments get one after they are posted."""
        if "name" not in source.shown:
            return
        unnamed = [
            row for row in rows if row["parameters"].get("name", "/") in ("", "/")
        ]
        if not unnamed:
            return
        self.env.cr.execute(
            SQL(
                "SELECT id, name FROM %s WHERE id = ANY(%s) AND name NOT IN ('', '/')",
                SQL.identifier(table),
                [row["res_id"] for row in unnamed],
            )
        )
        names = dict(self.env.cr.fetchall())
        for row in unnamed:
            if row["res_id"] in names:
                row["parameters"]["name"] = names[row["res_id"]]

    @api.model
    def _add_returns(self, table, rows):
        """Say of rows of events of transfers that take goods back of which one."""
        if table != "stock_picking" or not rows:
            return
        returns = self._find_returns({row["res_id"] for row in rows})
        for row in rows:
            if row["res_id"] in returns:
                row["parameters"]["return_of"] = returns[row["res_id"]]

    @api.model
    def _find_returns(self, ids):
        """Return of which transfers others take goods back, by id.

        What is left of such a transfer goes on with it, and so does what comes after
        it, as in a warehouse that receives in several steps; Odoo says so of the first
        one only.

        :param ids: of transfers
        :rtype: dict
        """
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE before AS (
                    SELECT picking.id AS transfer, picking.id, picking.return_id,
                           picking.backorder_id
                      FROM stock_picking picking
                     WHERE picking.id = ANY(%s)
                     UNION
                    SELECT before.transfer, picking.id, picking.return_id,
                           picking.backorder_id
                      FROM before
                CROSS JOIN LATERAL (
                           SELECT before.backorder_id AS id
                            UNION
                           SELECT earlier.picking_id
                             FROM stock_move move
                             JOIN stock_move_move_rel rel ON rel.move_dest_id = move.id
                             JOIN stock_move earlier ON earlier.id = rel.move_orig_id
                            WHERE move.picking_id = before.id
                              AND earlier.sale_line_id = move.sale_line_id
                           ) earlier
                      JOIN stock_picking picking ON picking.id = earlier.id
                     WHERE before.return_id IS NULL
                )
                SELECT transfer, min(return_id) FROM before
                 WHERE return_id IS NOT NULL
              GROUP BY transfer
                """,
                list(ids),
            )
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _read_known(self, model, ids):
        """Return what events say of documents already, by id."""
        self.env.cr.execute(
            SQL(
                """
                SELECT res_id, kind, count(*), (array_agg(ROW_TO_JSON(event)
                       ORDER BY date DESC, id DESC))[1]
                  FROM timeline_event event
                 WHERE res_model = %s AND res_id = ANY(%s) AND is_home
                 GROUP BY res_id, kind
                """,
                model,
                ids,
            )
        )
        found = {}
        for res_id, kind, count, last in self.env.cr.fetchall():
            known = found.setdefault(res_id, _Known())
            known.counts[kind] = count
            if not known.last or last["id"] > known.last["id"]:
                known.last = last
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT ON (res_id, chain)
                       res_id, chain, parameters->'now'
                  FROM timeline_event
                 WHERE res_model = %s AND res_id = ANY(%s) AND is_home
                   AND chain IS NOT NULL
              ORDER BY res_id, chain, id DESC
                """,
                model,
                ids,
            )
        )
        for res_id, chain, phase in self.env.cr.fetchall():
            found[res_id].phases[chain] = phase
        return found

    @api.model
    def _read_merged(self, table, ids, notes):
        """Return the rows that others were merged into, by id."""
        merged = {
            note["res_id"]: note["new"]["into"]
            for note in notes
            if note["operation"] == "merge"
        }
        self.env.cr.execute(
            SQL(
                "SELECT res_id, new->>'into' FROM timeline_change WHERE source = %s "
                "AND operation = 'merge' AND res_id = ANY(%s)",
                table,
                ids,
            )
        )
        return merged | {id_: int(into) for id_, into in self.env.cr.fetchall()}

    @api.model
    def _find_lost(self, table, ids, places, known, merged):
        """Add where documents belong that are gone: to the row that they were merged
        into, else where their events are."""
        lost = [id_ for id_ in ids if id_ not in places]
        if not lost:
            return places
        heirs = {}
        if merged:
            finder = self.env["timeline.place"]
            heirs = finder._find(table, set(merged.values()))
        found = dict(places)
        for id_ in lost:
            last = known[id_].last if id_ in known else None
            if merged.get(id_) in heirs:
                found[id_] = heirs[merged[id_]]
            elif last:
                found[id_] = [Place(*(last[column] for column in PLACE))]
        return found

    @api.model
    def _read_before(self, table, source, ids, notes):
        """Return documents as they were before what is noted and not followed yet.

        Those that are new since do not count: their own note says so.
        """
        first = {}
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT ON (res_id) res_id, operation, old
                  FROM timeline_change
                 WHERE source = %s AND res_id = ANY(%s)
                   AND operation IN ('insert', 'update', 'delete')
              ORDER BY res_id, id
                """,
                table,
                ids,
            )
        )
        first.update({row[0]: row[1:] for row in self.env.cr.fetchall()})
        for note in reversed(notes):
            if note["operation"] in ("insert", "update", "delete"):
                first[note["res_id"]] = (note["operation"], note["old"])
        self.env.cr.execute(
            SQL(
                "SELECT document.id, %s FROM %s document"
                " WHERE document.id = ANY(%s) AND %s",
                SQL(get_row(table, source, "document")),
                SQL.identifier(table),
                ids,
                SQL(source.when.format(row="document") or "TRUE"),
            )
        )
        rows = dict(self.env.cr.fetchall())
        for id_, (operation, old) in first.items():
            rows[id_] = None if operation == "insert" else old
        return rows

    @api.model
    def _prepare(self, source, note, fact, row, user, places, known):
        """Return the rows of an event: one at home, and one for each further case."""
        known.counts[fact.kind] = known.counts.get(fact.kind, 0) + 1
        key = f"{source.model},{note['res_id']},{fact.kind},{known.counts[fact.kind]}"
        return [
            {
                **self._prepare_event(source, note, fact, row, user),
                **place._asdict(),
                "source": f"{key}@{self._get_suffix(place)}" if number else key,
                "is_home": not number,
            }
            for number, place in enumerate(places)
        ]

    @api.model
    def _get_suffix(self, place):
        """Return what tells a copy of an event from others.

        :param Place place: that the copy is in
        """
        return place.sale or place.lead or f"p{place.purchase}"

    @api.model
    def _prepare_event(self, source, note, fact, row, user):
        date = note["noted_on"]
        if fact.date:  # nothing that is known now happened later
            date = min(date, datetime.fromisoformat(fact.date))
        parameters = {
            NAMES.get(column, column): row[column]
            for column in source.shown
            if row.get(column) is not None
        }
        if fact.chain:
            parameters |= {"was": fact.was, "now": fact.now}
        if fact.kind == "lead.gone" and note.get("is_merged"):
            fact = Fact("lead.merged")
        amounts = {column: row.get(column) for column in source.amounts}
        return {
            "date": fields.Datetime.to_string(date),
            "kind": fact.kind,
            "department": self._get_department(source, row, fact),
            "user_id": user,
            "res_model": source.model,
            "res_id": note["res_id"],
            "chain": fact.chain or None,
            "parameters": parameters,
            "amounts": {**amounts, "side": source.side} if amounts else None,
            "is_shown": is_shown(fact),
        }

    @api.model
    def _get_department(self, source, row, fact):
        """Return who did it, or who is asked."""
        if source.model == "supply.question":
            return row.get("department")
        if source.model == "mail.message":
            of_purchases = row.get("model") == "purchase.order"
            of_accounting = row.get("model") == "account.move"
            return (
                "purchase" if of_purchases else "account" if of_accounting else "care"
            )
        return source.department

    @api.model
    def _insert(self, rows, cases):
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO timeline_event (%(said)s, %(apart)s)
                SELECT %(said)s, sale, lead, partner, purchase, source, is_home
                  FROM ROWS FROM (jsonb_to_recordset(%(rows)s::jsonb) AS (
                       date timestamp, kind text, department text, user_id integer,
                       company_id integer, res_model text, res_id integer, chain text,
                       parameters jsonb, amounts jsonb, is_shown boolean, sale integer,
                       lead integer, partner integer, purchase integer, source text,
                       is_home boolean))
                       WITH ORDINALITY
              ORDER BY ordinality
                    ON CONFLICT (source) DO NOTHING
             RETURNING sale_id, lead_id, family_id, purchase_id
                """,
                said=list_columns(SAID),
                apart=list_columns(APART),
                rows=json.dumps([row | {"company_id": row["company"]} for row in rows]),
            )
        )
        cases.touch_all(self.env.cr.fetchall())


class _Known:
    """What events say of a document: how often what happened, the last one, and the
    phase that each chain has reached."""

    def __init__(self):
        self.counts, self.last, self.phases = {}, None, {}

    def see(self, facts):
        self.phases |= {
            fact.chain: fact.now for fact, _row, _user in facts if fact.chain
        }


def list_columns(names, table=None):
    """Return columns as SQL lists them."""
    path = [table] if table else []
    return SQL(", ").join(SQL.identifier(*path, name) for name in names)
