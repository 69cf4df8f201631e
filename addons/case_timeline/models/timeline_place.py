from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

#: An order, as the case that it is.
SALE = "sale.opportunity_id, sale.partner_id"
#: For each table: its documents' cases, as SQL over the ids %(ids)s. The columns are
#: id, order, opportunity, customer, purchase, company. A purchase's customers are not
#: here: they follow from supply links.
PLACES = {
    "crm_lead": """
        SELECT lead.id, NULL::integer, lead.id, lead.partner_id, NULL::integer,
               lead.company_id
          FROM crm_lead lead
         WHERE lead.id = ANY(%(ids)s)
    """,
    "sale_order": f"""
        SELECT sale.id, sale.id, {SALE}, NULL::integer, sale.company_id
          FROM sale_order sale
         WHERE sale.id = ANY(%(ids)s)
    """,
    "purchase_order": """
        SELECT purchase.id, NULL::integer, NULL::integer, NULL::integer, purchase.id,
               purchase.company_id
          FROM purchase_order purchase
         WHERE purchase.id = ANY(%(ids)s)
    """,
    "stock_picking": f"""
        SELECT picking.id, sale.id, {SALE}, NULL::integer, picking.company_id
          FROM stock_picking picking
          JOIN sale_order sale ON sale.id = picking.sale_id
         WHERE picking.id = ANY(%(ids)s)
         UNION
        SELECT move.picking_id, sale.id, {SALE}, NULL, move.company_id
          FROM stock_move move
          JOIN sale_order_line line ON line.id = move.sale_line_id
          JOIN sale_order sale ON sale.id = line.order_id
         WHERE move.picking_id = ANY(%(ids)s)
         UNION
        SELECT move.picking_id, NULL, NULL, NULL, line.order_id, line.company_id
          FROM stock_move move
          JOIN purchase_order_line line ON line.id = move.purchase_line_id
         WHERE move.picking_id = ANY(%(ids)s)
    """,
    "account_move": f"""
        SELECT item.move_id, sale.id, {SALE}, NULL::integer, item.company_id
          FROM account_move_line item
          JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = item.id
          JOIN sale_order_line line ON line.id = rel.order_line_id
          JOIN sale_order sale ON sale.id = line.order_id
         WHERE item.move_id = ANY(%(ids)s)
         UNION
        SELECT item.move_id, NULL, NULL, NULL, line.order_id, item.company_id
          FROM account_move_line item
          JOIN purchase_order_line line ON line.id = item.purchase_line_id
         WHERE item.move_id = ANY(%(ids)s)
         UNION
        SELECT move.id, NULL, NULL, move.partner_id, NULL, move.company_id
          FROM account_move move
         WHERE move.id = ANY(%(ids)s)
           AND move.move_type IN ('out_invoice', 'out_refund')
           AND NOT EXISTS (
               SELECT FROM account_move_line item
                 JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = item.id
                WHERE item.move_id = move.id)
    """,
    "account_payment": """
        SELECT payment.id, NULL::integer, NULL::integer, NULL::integer,
               deposit.order_id, payment.company_id
          FROM account_payment payment
          JOIN supplier_deposit deposit ON deposit.id = payment.deposit_id
         WHERE payment.id = ANY(%(ids)s)
         UNION
        SELECT payment.id, NULL, NULL, payment.partner_id, NULL, payment.company_id
          FROM account_payment payment
         WHERE payment.id = ANY(%(ids)s)
           AND payment.partner_type = 'customer' AND payment.deposit_id IS NULL
    """,
    "approval_log": """
        SELECT log.id, NULL::integer, NULL::integer, NULL::integer,
               COALESCE(deposit.order_id, excess.order_id, process.res_id),
               process.company_id
          FROM approval_log log
          JOIN approval_process process ON process.id = log.process_id
     LEFT JOIN supplier_deposit deposit
            ON process.res_model = 'supplier.deposit' AND deposit.id = process.res_id
     LEFT JOIN purchase_excess excess
            ON process.res_model = 'purchase.excess' AND excess.id = process.res_id
         WHERE log.id = ANY(%(ids)s)
           AND (process.res_model = 'purchase.order'
                OR deposit.order_id IS NOT NULL OR excess.order_id IS NOT NULL)
    """,
    "supplier_deposit": """
        SELECT deposit.id, NULL::integer, NULL::integer, NULL::integer,
               deposit.order_id, deposit.company_id
          FROM supplier_deposit deposit
         WHERE deposit.id = ANY(%(ids)s)
    """,
    "deposit_claim": """
        SELECT claim.id, NULL::integer, NULL::integer, NULL::integer,
               deposit.order_id, deposit.company_id
          FROM deposit_claim claim
          JOIN supplier_deposit deposit ON deposit.id = claim.deposit_id
         WHERE claim.id = ANY(%(ids)s)
    """,
    "supply_question": f"""
        SELECT question.id, sale.id, {SALE}, NULL::integer, question.company_id
          FROM supply_question question
          JOIN sale_order sale ON sale.id = question.document_id
         WHERE question.id = ANY(%(ids)s) AND question.document_model = 'sale.order'
         UNION
        SELECT question.id, NULL, lead.id, lead.partner_id, NULL, question.company_id
          FROM supply_question question
          JOIN crm_lead lead ON lead.id = question.document_id
         WHERE question.id = ANY(%(ids)s) AND question.document_model = 'crm.lead'
         UNION
        SELECT question.id, NULL, NULL, NULL, purchase.id, question.company_id
          FROM supply_question question
          JOIN purchase_order purchase ON purchase.id = question.document_id
         WHERE question.id = ANY(%(ids)s) AND question.document_model = 'purchase.order'
    """,
    "supply_promise_version": f"""
        SELECT version.id, sale.id, {SALE}, NULL::integer, version.company_id
          FROM supply_promise_version version
          JOIN sale_order_line line ON line.id = version.sale_line_id
          JOIN sale_order sale ON sale.id = line.order_id
         WHERE version.id = ANY(%(ids)s)
         UNION
        SELECT version.id, NULL, lead.id, lead.partner_id, NULL, version.company_id
          FROM supply_promise_version version
          JOIN crm_lead_line line ON line.id = version.lead_line_id
          JOIN crm_lead lead ON lead.id = line.lead_id
         WHERE version.id = ANY(%(ids)s)
    """,
    "calendar_event": """
        SELECT meeting.id, NULL::integer, lead.id, lead.partner_id, NULL::integer,
               lead.company_id
          FROM calendar_event meeting
          JOIN crm_lead lead ON lead.id = meeting.opportunity_id
         WHERE meeting.id = ANY(%(ids)s)
    """,
}
#: What was written to or came from outside: a note among colleagues is no e-mail.
MAILS = """
    SELECT mail.id, mail.model, mail.res_id
      FROM mail_message mail
     WHERE mail.id = ANY(%(ids)s)
       AND mail.model IS NOT NULL
       AND mail.res_id > 0
       AND (mail.message_type <> 'comment'
            OR EXISTS (
               SELECT FROM mail_message_res_partner_rel rel
                 JOIN res_partner partner ON partner.id = rel.res_partner_id
                WHERE rel.mail_message_id = mail.id AND partner.partner_share)
            OR EXISTS (
               SELECT FROM mail_notification told
                 JOIN res_partner partner ON partner.id = told.res_partner_id
                WHERE told.mail_message_id = mail.id
                  AND told.notification_type = 'email' AND partner.partner_share))
"""
#: The documents of e-mails that are places of their own.
MAILED = {
    "sale.order": "sale_order",
    "crm.lead": "crm_lead",
    "purchase.order": "purchase_order",
    "account.move": "account_move",
}


class Place(NamedTuple):
    """The case that a document belongs to.

    With a purchase and no order it is the purchase's own, from which the cases that it
    serves are copied.
    """

    sale: int | None
    lead: int | None
    partner: int | None
    purchase: int | None
    company: int | None


class TimelinePlace(models.AbstractModel):
    """Which cases a document belongs to, as the database says now."""

    _name = "timeline.place"
    _description = "Cases of Documents"

    @api.model
    def _find(self, table, ids):
        """Return the places of documents, the first one the home of their events.

        :param str table: of ``SOURCES``
        :param ids: of its rows
        :return: lists of :class:`Place` by id; nothing, where no case is concerned
        :rtype: dict
        """
        ids = list(ids)
        if table == "mail_message":
            return self._find_mails(ids)
        found = {}
        for id_, *place in self._query(PLACES[table], ids):
            found.setdefault(id_, []).append(Place(*place))
        for places in found.values():
            # a purchase's own place is where copies are made from
            places.sort(
                key=lambda place: (not place.purchase, [each or 0 for each in place])
            )
            # what the vendor delivers to the customer is of the purchase there, too
            bought = places[0].purchase
            places[:] = [
                place._replace(purchase=place.purchase or bought) for place in places
            ]
        return found

    @api.model
    def _find_mails(self, ids):
        found, mails = {}, {}
        for id_, model, res_id in self._query(MAILS, ids):
            mails.setdefault(model, {}).setdefault(res_id, []).append(id_)
        for model, documents in mails.items():
            if model == "res.partner":
                places = {res_id: [self._of_partner(res_id)] for res_id in documents}
            else:
                places = self._find(MAILED[model], documents)
            for res_id, messages in documents.items():
                for id_ in messages:
                    if res_id in places:
                        found[id_] = places[res_id]
        return found

    @api.model
    def _of_partner(self, partner):
        return Place(None, None, partner, None, None)

    @api.model
    def _query(self, statement, ids):
        self.env.cr.execute(SQL(statement, ids=list(ids)))
        return self.env.cr.fetchall()
