import json

from odoo import api, models
from odoo.tools import SQL

from ..triggers import INVOICED


class TimelineChange(models.Model):
    """Invoices go along with the orders that they are of.

    Which these are, only the lines of both know. When an order is deleted its invoices
    stay, and are their customer's alone.
    """

    _inherit = "timeline.change"

    @api.model
    def _note_invoices(self):
        """Note invoices whose events are in the case of an order that they are not of,
        or in none although they are of one: those of earlier versions."""
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

    @api.model
    def _follow_invoices(self, notes, cases):
        """Let what happened to invoices, and what was mailed of them, move to the order
        that they are of now, else to their customer.

        What was told in the case of an order that they are still of, stays there.
        """
        moves = self._find_invoices(notes)
        if not moves:
            return
        found = self.env["timeline.place"]._find("account_move", moves)
        goals = [
            {
                "move": id_,
                "sales": [place.sale for place in places],
                "sale": places[0].sale,
                "lead": places[0].lead,
                "partner": places[0].partner,
            }
            for id_, places in found.items()
            if not places[0].purchase
        ]
        self.env.cr.execute(
            SQL(
                """
                WITH goal AS (
                    SELECT * FROM jsonb_to_recordset(%s::jsonb) AS (
                           move integer, sales jsonb, sale integer, lead integer,
                           partner integer)
                ),
                document AS (
                    SELECT 'account.move' AS model, goal.move AS id, goal.*
                      FROM goal
                     UNION ALL
                    SELECT 'mail.message', mail.id, goal.*
                      FROM goal
                      JOIN mail_message mail
                        ON mail.model = 'account.move' AND mail.res_id = goal.move
                )
                UPDATE timeline_event event
                   SET sale_id = document.sale, lead_id = document.lead,
                       partner_id = document.partner
                  FROM document,
                       timeline_event before
                 WHERE before.id = event.id
                   AND event.res_model = document.model AND event.res_id = document.id
                   AND event.is_home AND event.purchase_id IS NULL
                   AND NOT document.sales @> COALESCE(to_jsonb(event.sale_id), 'null')
                   -- it is told there already, of an invoice of several orders
                   AND NOT EXISTS (
                       SELECT FROM timeline_event copy
                        WHERE copy.source = event.source || '@' || document.sale)
             RETURNING before.sale_id, before.lead_id, before.family_id, event.sale_id,
                       event.lead_id, event.family_id
                """,
                json.dumps(goals),
            )
        )
        for case in self.env.cr.fetchall():
            cases.touch(*case[:3])
            cases.touch(*case[3:])

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
