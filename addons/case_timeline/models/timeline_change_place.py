import json
from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..sources import SOURCES
from ..triggers import INVOICED
from .timeline_place import Place

#: Documents that may go from one order to another, or be of several.
MOVING = ("account_move", "stock_picking", "account_payment")
#: Where events of a document are that is of no case any more, and may be again; and
#: where copies rest that are in no case, as no row is ever deleted.
NOWHERE = Place(None, None, None, None, None)
REST = NOWHERE._asdict()
#: Documents that are of several orders by their lines, or of one of each, as SQL.
SEVERAL = {
    "account_move": """
        SELECT item.move_id
          FROM account_move_line item
          JOIN purchase_order_line line ON line.id = item.purchase_line_id
      GROUP BY item.move_id HAVING count(DISTINCT line.order_id) > 1
         UNION
        SELECT item.move_id
          FROM account_move_line item
          JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = item.id
          JOIN sale_order_line line ON line.id = rel.order_line_id
      GROUP BY item.move_id HAVING count(DISTINCT line.order_id) > 1
    """,
    "stock_picking": """
        SELECT move.picking_id
          FROM stock_move move
          JOIN purchase_order_line line ON line.id = move.purchase_line_id
         WHERE move.picking_id IS NOT NULL
      GROUP BY move.picking_id HAVING count(DISTINCT line.order_id) > 1
         UNION
        SELECT picking.id
          FROM stock_picking picking
          JOIN stock_move move ON move.picking_id = picking.id
     LEFT JOIN sale_order_line line ON line.id = move.sale_line_id
         WHERE picking.sale_id IS NOT NULL AND move.purchase_line_id IS NOT NULL
            OR line.order_id IS DISTINCT FROM picking.sale_id
    """,
}


class TimelineChange(models.Model):
    """Invoices, transfers and payments go along with the orders that they are of.

    Which these are, only the lines of both know, and they change: an order is deleted,
    of which the invoice stays; a bill is matched with one more purchase; somebody gives
    an invoice to another customer. What happened to them is then told where a rebuild
    would tell it.
    """

    _inherit = "timeline.change"

    @api.model
    def _note_places(self):
        """Note documents whose events may not be where they belong: those of earlier
        versions."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO timeline_change (source, res_id, operation, noted_on)
                SELECT DISTINCT %(invoiced)s, event.res_id, 'place',
                       now() AT TIME ZONE 'UTC'
                  FROM timeline_event event
                  JOIN account_move move ON move.id = event.res_id
             LEFT JOIN LATERAL (
                       SELECT array_agg(line.order_id) AS ids
                         FROM account_move_line item
                         JOIN %(table)s rel ON rel.invoice_line_id = item.id
                         JOIN sale_order_line line ON line.id = rel.order_line_id
                        WHERE item.move_id = move.id
                       ) orders ON TRUE
                 WHERE event.res_model = 'account.move' AND event.is_home
                   AND event.purchase_id IS NULL
                   AND NOT COALESCE(to_jsonb(orders.ids), '[null]')
                           @> COALESCE(to_jsonb(event.sale_id), 'null')
                """,
                invoiced=INVOICED,
                table=SQL.identifier(INVOICED),
            )
        )
        for table, several in SEVERAL.items():
            self.env.cr.execute(
                SQL(
                    "INSERT INTO timeline_change (source, res_id, operation, noted_on)"
                    " SELECT %s, found.*, 'place', now() AT TIME ZONE 'UTC'"
                    "   FROM (%s) found",
                    table,
                    SQL(several),
                )
            )

    @api.model
    def _follow_cases(self, notes, cases):
        result = super()._follow_cases(notes, cases)
        self._follow_places(notes, cases)
        return result

    @api.model
    def _follow_places(self, notes, cases):
        """Let what happened to documents, and what was mailed of them, be in the cases
        that they are of now, and in no other.

        :param dict notes: by table
        """
        wanted = self._find_wanted(notes)
        if not wanted:
            return
        moved, extra, missing = [], [], []
        for document, mine in self._read_told(wanted).items():
            for home, copies in mine:
                one = self._compare_places(wanted[document], home, copies)
                for found, more in zip((moved, extra, missing), one, strict=True):
                    found += more
        # a copy may rest when the event is where the copy was
        self._move_events(moved, cases)
        self._move_events([{**REST, "id": id_} for id_ in extra], cases)
        self._add_copies(missing, cases)

    @api.model
    def _find_wanted(self, notes):
        """Return where events of documents belong that notes are about, the first one
        their home, by model and id."""
        wanted, finder = {}, self.env["timeline.place"]
        for table in MOVING:
            ids = {
                note["res_id"]
                for note in notes.get(table, ())
                if self._is_moved(table, note)
            }
            if table == "account_move":
                ids |= self._find_invoices(notes.get(INVOICED, ()))
            if ids:
                places = finder._find(table, ids)
                model = SOURCES[table].model
                there = self.env[model].sudo().browse(ids).exists().ids
                for id_ in there:
                    wanted[model, id_] = places.get(id_) or [NOWHERE]
        invoices = [id_ for model, id_ in wanted if model == "account.move"]
        if invoices:
            self.env.cr.execute(
                SQL(
                    "SELECT id, res_id FROM mail_message"
                    " WHERE model = 'account.move' AND res_id = ANY(%s)",
                    invoices,
                )
            )
            for mail, invoice in self.env.cr.fetchall():
                wanted["mail.message", mail] = wanted["account.move", invoice]
        return wanted

    @api.model
    def _is_moved(self, table, note):
        """Return whether a note says that a document may be of another order."""
        if note["operation"] != "update":
            return note["operation"] == "place"
        return any(
            note["old"].get(name) != note["new"].get(name)
            for name in SOURCES[table].watched
        )

    @api.model
    def _find_invoices(self, notes):
        """Return the ids of invoices that notes are about, or that are told of orders
        that they are about."""
        moves = {note["res_id"] for note in notes} - {0}
        sales = {(note["old"] or {}).get("sale") for note in notes} - {None}
        if sales:
            self.env.cr.execute(
                SQL(
                    "SELECT DISTINCT res_id FROM timeline_event"
                    " WHERE sale_id = ANY(%s) AND res_model = 'account.move'",
                    sorted(sales),
                )
            )
            moves.update(id_ for (id_,) in self.env.cr.fetchall())
        return moves

    @api.model
    def _read_told(self, documents):
        """Return the events of documents, each as its row at home and its copies.

        :param documents: pairs of model and id
        :return: lists of such pairs, by model and id
        :rtype: dict
        """
        models, ids = zip(*documents, strict=True)
        self.env.cr.execute(
            SQL(
                """
                SELECT event.id, event.res_model, event.res_id, event.source,
                       event.is_home, event.sale_id AS sale, event.lead_id AS lead,
                       event.partner_id AS partner, event.purchase_id AS purchase
                  FROM unnest(%s::varchar[], %s::integer[]) document (model, id)
                  JOIN timeline_event event ON event.res_model = document.model
                   AND event.res_id = document.id
              ORDER BY event.id
                """,
                list(models),
                list(ids),
            )
        )
        events = defaultdict(lambda: [None, []])
        for row in self.env.cr.dictfetchall():
            key = row["res_model"], row["res_id"], row["source"].partition("@")[0]
            if row["is_home"]:
                events[key][0] = row
            else:
                events[key][1].append(row)
        found = defaultdict(list)
        for (model, id_, _source), event in events.items():
            if event[0]:
                found[model, id_].append(event)
        return found

    @api.model
    def _compare_places(self, places, home, copies):
        """Return what is to be done so that an event is in some places.

        :param places: :class:`~.timeline_place.Place`, the event's own first
        :param dict home: its row
        :param copies: its other rows
        :return: rows that move, with the place; ids of copies that rest from now on;
            copies that are missing, with the place
        :rtype: tuple
        """
        goals = [place._asdict() for place in places]
        moved, extra, cases = [], [], set()
        if self._get_place(home) != self._get_place(goals[0]):
            moved.append({**goals[0], "id": home["id"]})
        missing = {self._get_case(goal): goal for goal in goals[1:]}
        purchases = {place.purchase for place in places} - {None}
        for copy in copies:
            if self._get_place(copy) == self._get_place(REST):
                continue
            case = self._get_case(copy)
            goal = missing.pop(case, None)
            if goal and self._get_place(copy) != self._get_place(goal):
                moved.append({**goal, "id": copy["id"]})
            # of a purchase that serves the order
            is_spread = copy["sale"] and copy["purchase"] in purchases
            if goal or (is_spread and case not in cases):
                cases.add(case)
            else:
                extra.append(copy["id"])
        missing = [
            {**goal, "id": home["id"], "suffix": str(self._get_suffix(Place(**goal)))}
            for goal in missing.values()
        ]
        return moved, extra, missing

    @api.model
    def _get_case(self, row):
        return ("sale", row["sale"]) if row["sale"] else ("purchase", row["purchase"])

    @api.model
    def _get_place(self, row):
        return [row[name] for name in ("sale", "lead", "partner", "purchase")]

    @api.model
    def _move_events(self, rows, cases):
        """:param rows: id of each event and the place it goes to"""
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE timeline_event event
                   SET sale_id = goal.sale, lead_id = goal.lead,
                       partner_id = goal.partner, purchase_id = goal.purchase
                  FROM jsonb_to_recordset(%s::jsonb) AS goal (
                       id integer, sale integer, lead integer, partner integer,
                       purchase integer),
                       timeline_event before
                 WHERE event.id = goal.id AND before.id = goal.id
             RETURNING before.sale_id, before.lead_id, before.family_id,
                       before.purchase_id, event.sale_id, event.lead_id,
                       event.family_id, event.purchase_id
                """,
                json.dumps(rows),
            )
        )
        for case in self.env.cr.fetchall():
            cases.touch_all([case[:4], case[4:]])

    @api.model
    def _add_copies(self, rows, cases):
        """:param rows: id of each event, place of its copy and what it is called by"""
        if not rows:
            return
        self._copy_events(
            SQL(
                """
                SELECT event.id, goal.sale, goal.lead, goal.partner, goal.purchase,
                       event.source || '@' || goal.suffix
                  FROM jsonb_to_recordset(%s::jsonb) AS goal (
                       id integer, sale integer, lead integer, partner integer,
                       purchase integer, suffix text)
                  JOIN timeline_event event ON event.id = goal.id
                """,
                json.dumps(rows),
            ),
            cases,
        )
