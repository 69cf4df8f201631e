from odoo import api, models
from odoo.tools import SQL

from .timeline_change import APART, SAID, list_columns


class TimelineChange(models.Model):
    """What happened goes along with its case, and into each case that it serves.

    An order gets another customer, an opportunity is merged, a purchase begins to serve
    one more order: what is told already is then told there, too.
    """

    _inherit = "timeline.change"

    # ------------------------------------------------------------
    # ALONG WITH THE CASE
    # ------------------------------------------------------------

    @api.model
    def _follow_cases(self, notes, cases):
        """Let events move with their orders, opportunities and customers."""
        changed = {
            table: sorted({note["res_id"] for note in notes.get(table, ())})
            for table in ("sale_order", "crm_lead", "calendar_event", "res_partner")
        }
        for table, statement in (
            (
                "sale_order",
                """
                UPDATE timeline_event event
                   SET lead_id = sale.opportunity_id, partner_id = sale.partner_id
                  FROM sale_order sale
                 WHERE sale.id = ANY(%s) AND event.sale_id = sale.id
                   AND (event.lead_id, event.partner_id)
                       IS DISTINCT FROM (sale.opportunity_id, sale.partner_id)
             RETURNING event.sale_id, event.lead_id, event.family_id
                """,
            ),
            (
                "crm_lead",
                """
                UPDATE timeline_event event
                   SET partner_id = lead.partner_id
                  FROM crm_lead lead
                 WHERE lead.id = ANY(%s) AND event.lead_id = lead.id
                   AND event.sale_id IS NULL
                   AND event.partner_id IS DISTINCT FROM lead.partner_id
             RETURNING event.sale_id, event.lead_id, event.family_id
                """,
            ),
            (
                "calendar_event",
                """
                UPDATE timeline_event event
                   SET lead_id = lead.id, partner_id = lead.partner_id
                  FROM calendar_event meeting
                  JOIN crm_lead lead ON lead.id = meeting.opportunity_id
                 WHERE meeting.id = ANY(%s) AND event.res_model = 'calendar.event'
                   AND event.res_id = meeting.id
                   AND (event.lead_id, event.partner_id)
                       IS DISTINCT FROM (lead.id, lead.partner_id)
             RETURNING event.sale_id, event.lead_id
                """,
            ),
            (
                "res_partner",
                """
                UPDATE timeline_event event
                   SET partner_id = event.partner_id
                 WHERE event.partner_id = ANY(%s)
             RETURNING NULL::integer, NULL::integer, event.family_id
                """,
            ),
        ):
            if changed[table]:
                self.env.cr.execute(SQL(statement, changed[table]))
                for case in self.env.cr.fetchall():
                    cases.touch(*case)
        cases.sales.update(changed["sale_order"])
        for note in notes.get("crm_lead", ()):
            cases.leads.add(note["res_id"])
            if note["operation"] == "merge":
                cases.leads.add(note["new"]["into"])
        for table in ("sale_order", "calendar_event"):  # where it was before
            for note in notes.get(table, ()):
                cases.leads.add((note["old"] or {}).get("opportunity_id"))
        cases.leads.discard(None)
        for note in notes.get("timeline_span", ()):  # counted anew
            cases.touch(note["new"].get("sale"), note["new"].get("lead"))
        self._follow_limits(notes, cases)

    @api.model
    def _follow_limits(self, notes, cases):
        """Find the cases whose spans a limit is of that was moved, or kept."""
        processes = {
            note["new"]["process_id"] for note in notes.get("approval_task", ())
        }
        questions = {note["res_id"] for note in notes.get("supply_question", ())}
        if not processes and not questions:
            return
        self.env.cr.execute(
            SQL(
                """
                SELECT event.sale_id, event.lead_id
                  FROM approval_process process
             LEFT JOIN supplier_deposit deposit
                    ON deposit.id = process.res_id
                   AND process.res_model = 'supplier.deposit'
                  JOIN timeline_event event
                    ON event.purchase_id = CASE process.res_model
                                           WHEN 'purchase.order' THEN process.res_id
                                           ELSE deposit.order_id END
                 WHERE process.id = ANY(%s) AND event.sale_id IS NOT NULL
                 UNION
                SELECT event.sale_id, event.lead_id
                  FROM timeline_event event
                 WHERE event.res_model = 'supply.question'
                   AND event.res_id = ANY(%s) AND event.is_home
                """,
                sorted(processes),
                sorted(questions),
            )
        )
        for case in self.env.cr.fetchall():
            cases.touch(*case)

    # ------------------------------------------------------------
    # INTO FURTHER CASES
    # ------------------------------------------------------------

    @api.model
    def _spread(self, links, cases):
        """Copy the events of purchases into each case that they serve exactly.

        A purchase that served one once stays in its story: why it does no more is what
        the reader wants to know. What is of several purchases, such as a bill, is told
        once in the case of an order that they serve.
        """
        lines = {
            note[state]["purchase_line_id"]
            for note in links
            for state in ("old", "new")
            if note[state] and note[state]["purchase_line_id"]
        }
        orders = self.env["purchase.order.line"].sudo().browse(lines).exists().order_id
        purchases = {*cases.purchases, *orders.ids} - {None}
        self.env["supply.link"].flush_model()
        self._tell_left(links, orders.ids, cases)
        if not purchases:
            return
        self._copy_events(
            SQL(
                """
                SELECT event.id, sale.id, sale.opportunity_id, sale.partner_id,
                       event.purchase_id,
                       split_part(event.source, '@', 1) || '@' || sale.id
                  FROM (
                       SELECT DISTINCT bought.order_id AS purchase_id,
                              sold.order_id AS sale_id, NULL AS kind
                         FROM purchase_order_line bought
                         JOIN supply_link link ON link.purchase_line_id = bought.id
                         JOIN sale_order_line sold ON sold.id = link.sale_line_id
                        WHERE bought.order_id = ANY(%(purchases)s)
                          AND link.kind <> 'candidate'
                        UNION
                       -- no link says any more what one served that is deleted
                       SELECT told.purchase_id, told.sale_id, 'purchase.gone'
                         FROM timeline_event told
                        WHERE told.purchase_id = ANY(%(purchases)s)
                          AND told.sale_id IS NOT NULL
                          AND NOT EXISTS (
                              SELECT FROM purchase_order purchase
                               WHERE purchase.id = told.purchase_id)
                       ) served
                  JOIN sale_order sale ON sale.id = served.sale_id
                  JOIN timeline_event event
                    ON event.purchase_id = served.purchase_id AND event.sale_id IS NULL
                   AND event.kind = COALESCE(served.kind, event.kind)
                 WHERE event.is_home OR NOT EXISTS (
                       -- as earlier versions called the copy of a copy
                       SELECT FROM timeline_event copy
                        WHERE copy.source = event.source || '@' || sale.id)
                """,
                purchases=sorted(purchases),
            ),
            cases,
        )

    @api.model
    def _tell_left(self, links, purchases, cases):
        """Tell the cases that purchases serve no more, such as when their line is
        deleted, that these have left: nobody waits for them any more.

        It happened to the case, and not to the purchase, whose own story goes on.

        :param list links: notes of them
        :param list purchases: ids of those that links are of
        """
        lines = {
            note[state]["sale_line_id"]
            for note in links
            for state in ("old", "new")
            if note[state] and note[state]["sale_line_id"]
        }
        if not links:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO timeline_event (
                       date, kind, department, company_id, res_model, res_id,
                       parameters, sale_id, lead_id, partner_id, purchase_id, source,
                       is_home, is_shown)
                SELECT %(moment)s, 'purchase.left', last.department, last.company_id,
                       'purchase.order', last.purchase_id, '{}'::jsonb, sale.id,
                       sale.opportunity_id, sale.partner_id, last.purchase_id,
                       'purchase.order,' || last.purchase_id || ',purchase.left,'
                       || last.id || '@' || sale.id, FALSE, FALSE
                  FROM (
                       SELECT DISTINCT ON (event.sale_id, event.purchase_id) event.*
                         FROM timeline_event event
                        WHERE event.sale_id IS NOT NULL
                          AND event.purchase_id IS NOT NULL
                          AND (event.purchase_id = ANY(%(purchases)s)
                               OR event.sale_id IN (
                                  SELECT sold.order_id FROM sale_order_line sold
                                   WHERE sold.id = ANY(%(lines)s)))
                     ORDER BY event.sale_id, event.purchase_id, event.id DESC
                       ) last
                  JOIN sale_order sale ON sale.id = last.sale_id
                 WHERE last.kind NOT IN ('purchase.left', 'purchase.gone')
                   AND NOT EXISTS (
                       SELECT FROM supply_link link
                         JOIN purchase_order_line bought
                           ON bought.id = link.purchase_line_id
                         JOIN sale_order_line sold ON sold.id = link.sale_line_id
                        WHERE bought.order_id = last.purchase_id
                          AND sold.order_id = sale.id AND link.kind <> 'candidate')
                    ON CONFLICT (source) DO NOTHING
             RETURNING sale_id, lead_id, family_id
                """,
                moment=max(note["noted_on"] for note in links),
                lines=sorted(lines),
                purchases=purchases,
            )
        )
        for case in self.env.cr.fetchall():
            cases.touch(*case)

    @api.model
    def _copy_events(self, goals, cases):
        """Copy events into further cases, or let copies of them that rest be told
        again. What is of several purchases that serve a case is told there of the
        oldest one.

        A document may have left a purchase that its events are still told of, until
        the note of that is followed, too: no copy goes along with those.

        :param SQL goals: query of rows with the id of an event; order, opportunity,
            customer and purchase of the copy; and what tells it from others
        """
        self.env.cr.execute(
            SQL(
                """
                WITH goal AS MATERIALIZED (
                    SELECT DISTINCT ON (each.source) each.*
                      FROM (%(goals)s) AS each (id, sale, lead, partner, purchase,
                                                source)
                  ORDER BY each.source, each.purchase, each.id
                ),
                again AS (
                    UPDATE timeline_event event
                       SET sale_id = goal.sale, lead_id = goal.lead,
                           partner_id = goal.partner, purchase_id = goal.purchase
                      FROM goal
                     WHERE event.source = goal.source AND NOT event.is_home
                       AND (event.sale_id = goal.sale
                            AND event.purchase_id > goal.purchase
                            OR COALESCE(event.sale_id, event.lead_id,
                                        event.partner_id, event.purchase_id) IS NULL)
                       AND timeline_event_is_of(
                           event.res_model, event.res_id,
                           CASE WHEN goal.purchase IS NULL THEN goal.sale END,
                           goal.purchase)
                 RETURNING event.sale_id, event.lead_id, event.family_id,
                           event.purchase_id
                ),
                made AS (
                    INSERT INTO timeline_event (%(said)s, %(apart)s)
                    SELECT %(of_event)s, goal.sale, goal.lead, goal.partner,
                           goal.purchase, goal.source, FALSE
                      FROM goal
                      JOIN timeline_event event ON event.id = goal.id
                  ORDER BY event.date, event.id
                        ON CONFLICT (source) DO NOTHING
                 RETURNING sale_id, lead_id, family_id, purchase_id
                )
                SELECT * FROM again UNION ALL SELECT * FROM made
                """,
                goals=goals,
                said=list_columns(SAID),
                apart=list_columns(APART),
                of_event=list_columns(SAID, "event"),
            )
        )
        cases.touch_all(self.env.cr.fetchall())
