"""A case in which everything has a name or a price of its own, to look for in answers.

It is told in a transaction that is never committed, by strangers of the company: see
``company``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command

from tools.inside import records

from .roles import APPROVERS, OWNER, SELLER

QUANTITY, PRICE, COST, REVENUE = 3, 1_234_567, 543_211, 7_654_321


class Secret(NamedTuple):
    """Something that only some may read.

    :param value: a text, or an amount
    :param sources: records with a field that says it: who reads one of them may know
    """

    value: str | float
    sources: tuple


class Story:
    """An opportunity, its order and what was bought for it: quoted, asked about,
    approved, promised, paid for, received, delivered and billed."""

    def __init__(self, scene, env):
        self.scene, self.env = scene, env
        self.seller, self.owner = self._as(SELLER), self._as(OWNER)
        # what is noted of others, one of which is nobody's
        env.cr.execute("DELETE FROM timeline_change")
        self._prepare()
        self._sell()
        self._talk()
        self._buy()
        self._deliver()
        self._tell()
        self.secrets = self._list_secrets()

    def _as(self, login):
        return self.env(user=self.scene.users[login])

    def may_read(self, env, secret):
        """Return whether somebody may read a secret where it is from."""
        for record, name in secret.sources:
            try:
                found = record.with_env(env).read([name])
            except AccessError:
                continue
            if found and found[0][name]:
                return True
        return False

    # ------------------------------------------------------------
    # WHAT HAPPENS
    # ------------------------------------------------------------

    def _prepare(self):
        env = self.env
        company = env.company
        warehouse = env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        to_order = env.ref("stock.route_warehouse0_mto")
        to_order.active = True
        self.customer, self.vendor = env["res.partner"].create(
            [
                {
                    "name": "Zyxcustomer",
                    "is_company": True,
                    "user_id": self.seller.uid,
                },
                {"name": "Zyxvendor", "is_company": True},
            ]
        )
        self.product = env["product.product"].create(
            {
                "name": "Cradle",
                "is_storable": True,
                "supplier_taxes_id": False,
                "route_ids": [
                    Command.set((warehouse.buy_pull_id.route_id | to_order).ids)
                ],
                "seller_ids": [
                    Command.create({"partner_id": self.vendor.id, "price": COST})
                ],
            }
        )
        records.deposit_rule(
            env,
            {"trigger": "before_delivery", "days": 5},
            domain=str([("partner_id", "=", self.vendor.id)]),
            journal_id=self.scene.bank,
            posting="posted",
        )

    def _sell(self):
        self.lead = self.seller["crm.lead"].create(
            {
                "name": "Zyxlead",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "user_id": self.seller.uid,
                "expected_revenue": REVENUE,
                "description": "Zyxdescription",
            }
        )
        order = self.seller["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "opportunity_id": self.lead.id,
                "user_id": self.seller.uid,
                "client_order_ref": "Zyxreference",
                "note": "Zyxnote",
                "urgency_level_id": self.env.ref(
                    "urgent_orders.urgency_level_urgent"
                ).id,
                "urgency_reason": "Zyxreason",
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": QUANTITY,
                            "price_unit": PRICE,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        self.order = order.with_env(self.env)
        self.order.action_confirm()
        self._follow()

    def _follow(self):
        self.env.flush_all()
        while self.env["supply.change"]._follow_batch():
            self.env.flush_all()

    def _talk(self):
        """Ask purchasing, write e-mails, meet."""
        questions = self.seller["supply.question"]
        self.question = questions._ask(
            self.order.with_env(self.seller), "purchase", "Zyxquestion"
        )
        self.question.with_env(self.owner)._answer("Zyxanswer")
        self.mails = self.env["mail.message"]
        for record in (self.order, self.lead):
            self.mails |= record.with_env(self.seller).message_post(
                body="Zyxbody", subject="Zyxsubject", message_type="comment"
            )
        self.meeting = self.seller["calendar.event"].create(
            {
                "name": "Zyxmeeting",
                "description": "Zyxagenda",
                "opportunity_id": self.lead.id,
                "start": "2030-01-01 08:00:00",
                "stop": "2030-01-01 09:00:00",
                "privacy": "private",
            }
        )
        lines = self.order.order_line
        day = fields.Date.today() + timedelta(days=9)
        self.promise = self.env["supply.promise"].search(
            [("sale_line_id", "in", lines.ids)]
        )
        self.env["supply.promise"]._tell(lines, {lines.id: day}, "phone")

    def _buy(self):
        lines = self.order.order_line.supply_link_ids.purchase_line_id
        self.purchase = lines.order_id
        self.purchase.with_env(self.owner).button_confirm()
        first, _second = map(self._as, APPROVERS)
        self.purchase.with_env(first).action_ask_information("Zyxdoubt")
        self.purchase.with_env(self.owner).action_answer("Zyxreply")
        for login in APPROVERS:
            self.purchase.with_env(self._as(login)).action_approve("Zyxagreed")
        self.deposit = self.purchase.deposit_ids
        self.log = self.purchase.approval_process_id.log_ids

    def _deliver(self):
        for pickings in (self.purchase.picking_ids, self.order.picking_ids):
            pickings.move_ids.picked = True
            pickings.with_context(skip_backorder=True).button_validate()
        self.invoice = self.order._create_invoices()
        self.invoice.action_post()
        pay = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        self.payment = pay.create({"journal_id": self.scene.bank})._create_payments()

    def _tell(self):
        """Let the jobs tell it, and pretend that it took some days."""
        self._follow()
        for source, days in (("crm_lead", 9), ("sale_order", 5)):
            self.env.cr.execute(
                "UPDATE timeline_change"
                "   SET noted_on = noted_on - %s * interval '1 day'"
                " WHERE source = %s AND operation = 'insert'",
                [days, source],
            )
        changes = self.env["timeline.change"]
        while changes._follow_batch():
            self.env.flush_all()
        self.env.flush_all()
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # WHAT ONLY SOME MAY READ
    # ------------------------------------------------------------

    def _list_secrets(self):
        order, lead, purchase = self.order, self.lead, self.purchase
        picking = order.picking_ids[:1]
        sold = (
            (order, "amount_total"),
            (self.invoice, "amount_total"),
            (self.payment, "amount"),
        )
        return {
            "customer": Secret(
                "Zyxcustomer",
                (
                    (order, "partner_id"),
                    (lead, "partner_id"),
                    (self.promise, "partner_id"),
                    (picking, "partner_id"),
                    (self.invoice, "partner_id"),
                ),
            ),
            "vendor": Secret(
                "Zyxvendor",
                (
                    (purchase, "partner_id"),
                    (self.promise, "vendor_id"),
                    (self.deposit, "partner_id"),
                ),
            ),
            "opportunity": Secret("Zyxlead", ((lead, "name"),)),
            "description": Secret("Zyxdescription", ((lead, "description"),)),
            "reference": Secret(
                "Zyxreference",
                ((order, "client_order_ref"), (self.invoice, "ref")),
            ),
            "note": Secret("Zyxnote", ((order, "note"),)),
            "reason": Secret(
                "Zyxreason",
                ((order, "urgency_reason"), (purchase, "urgency_reason")),
            ),
            "question": Secret("Zyxquestion", ((self.question, "text"),)),
            "answer": Secret("Zyxanswer", ((self.question, "answer"),)),
            "subject": Secret("Zyxsubject", ((self.mails, "subject"),)),
            "body": Secret("Zyxbody", ((self.mails, "body"),)),
            "meeting": Secret("Zyxmeeting", ((self.meeting, "name"),)),
            "agenda": Secret("Zyxagenda", ((self.meeting, "description"),)),
            **{
                text: Secret(f"Zyx{text}", ((self.log, "comment"),))
                for text in ("doubt", "reply", "agreed")
            },
            "price": Secret(PRICE, ((order.order_line, "price_unit"),)),
            "amount": Secret(PRICE * QUANTITY, sold),
            "cost": Secret(COST, ((purchase.order_line, "price_unit"),)),
            "spent": Secret(COST * QUANTITY, ((purchase, "amount_total"),)),
            "deposit": Secret(self.deposit.amount, ((self.deposit, "amount"),)),
            "revenue": Secret(REVENUE, ((lead, "expected_revenue"),)),
        }
