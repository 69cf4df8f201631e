"""Buttons of orders, and of what serves them: random work is told as it was done."""

from contextlib import suppress

from odoo.tests import tagged

from .common import TimelineCommon
from .random_work import NothingToDo, RandomWork


@tagged("post_install", "-at_install")
class TestRandomPaths(RandomWork, TimelineCommon):
    MODELS = (
        "crm.lead",
        "sale.order",
        "purchase.order",
        "stock.picking",
        "account.move",
        "supply.question",
        "calendar.event",
        "res.partner",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_people()

    def test_random_work_is_told_as_the_documents_say(self):
        self._check_random_work()

    def _begin_work(self):
        """Orders of which some are bought for, and what is for the common stock."""
        lead = self._lead()
        orders = self._sale(opportunity_id=lead.id) | self._sale()
        orders |= self._sale(product=self.chair)
        self._run()
        self._bought_for(orders).order_id.button_confirm()
        for _number in range(2):
            self._purchase(product=self.chair).button_confirm()
        self.env["supply.question"]._ask(orders[0], "stock", "When?")
        self._run()

    def _customer(self, chance):
        with suppress(NothingToDo):
            return self._any(chance, "res.partner", ("name", "like", "Ward"))
        return self.customer

    def _optional_lead(self, chance):
        leads = self.env["crm.lead"].search([("id", ">", self.before["crm.lead"])])
        return leads.browse(chance.choice([*leads.ids, False]))

    def _do_customer(self, chance):
        parent = chance.choice((self.customer, self.vendor))
        self.env["res.partner"].create(
            {"name": f"Ward {chance.random()}", "parent_id": parent.id}
        )

    def _do_move_customer(self, chance):
        customer = self._any(chance, "res.partner", ("name", "like", "Ward"))
        customer.parent_id = chance.choice((self.customer, self.vendor))

    def _do_merge_customers(self, chance):
        one, other = self._customer(chance), self._customer(chance)
        if one and one != other:
            wizard = self.env["base.partner.merge.automatic.wizard"].create({})
            wizard._merge((one | other).ids, one)

    def _do_lead(self, chance):
        customer = self._customer(chance)
        self._lead(partner_id=customer.id)

    def _do_stage(self, chance):
        stages = self.env["crm.stage"].search([])
        lead = self._any(chance, "crm.lead")
        lead.stage_id = stages.browse(chance.choice(stages.ids))

    def _do_lost(self, chance):
        self._any(chance, "crm.lead").action_set_lost()

    def _do_merge_leads(self, chance):
        one, other = self._any(chance, "crm.lead"), self._any(chance, "crm.lead")
        if one and one != other:
            (one | other).merge_opportunity()

    def _do_meeting(self, chance):
        self._meet(self._any(chance, "crm.lead"))

    def _do_move_meeting(self, chance):
        meeting = self._any(chance, "calendar.event")
        day = chance.randint(10, 28)
        meeting.write(
            {"start": f"2026-06-{day:02} 08:00:00", "stop": f"2026-06-{day} 09:00:00"}
        )

    def _do_meeting_about(self, chance):
        meeting = self._any(chance, "calendar.event")
        meeting.opportunity_id = self._optional_lead(chance)

    def _do_quote(self, chance):
        customer = self._customer(chance)
        self._sale(
            confirm=False,
            product=chance.choice((self.bed, self.chair)),
            partner_id=customer.id,
            opportunity_id=self._optional_lead(chance).id,
        )

    def _do_confirm(self, chance):
        self._any(chance, "sale.order", ("state", "=", "draft")).action_confirm()

    def _do_sell(self, chance):
        self._sale(product=chance.choice((self.bed, self.bed, self.chair)))

    def _do_cancel(self, chance):
        order = self._any(chance, "sale.order", ("state", "!=", "cancel"))
        if order.delivery_status != "full":
            order._action_cancel()

    def _do_draft(self, chance):
        self._any(chance, "sale.order", ("state", "=", "cancel")).action_draft()

    def _do_delete(self, chance):
        self._any(chance, "sale.order", ("state", "in", ("draft", "cancel"))).unlink()

    def _do_wanted(self, chance):
        day = chance.randint(1, 30)
        self._any(chance, "sale.order").commitment_date = f"2026-09-{day:02} 08:00:00"

    def _do_other_lead(self, chance):
        order = self._any(chance, "sale.order")
        order.opportunity_id = self._optional_lead(chance)

    def _do_buy(self, chance):
        self._any(
            chance, "purchase.order", ("state", "in", ("draft", "sent"))
        ).button_confirm()

    def _do_date(self, chance):
        purchase = self._any(chance, "purchase.order", ("state", "=", "purchase"))
        purchase.order_line.date_planned = f"2030-01-{chance.randint(10, 30)} 08:00:00"

    def _do_merge_purchases(self, chance):
        drafts = self.env["purchase.order"].search(
            [
                ("state", "=", "draft"),
                ("partner_id", "=", self.vendor.id),
                ("id", ">", self.before["purchase.order"]),
            ]
        )
        if len(drafts) > 1:
            drafts.action_merge()

    def _do_cancel_purchase(self, chance):
        purchase = self._any(chance, "purchase.order", ("state", "!=", "cancel"))
        if "done" not in purchase.picking_ids.mapped("state"):
            purchase.button_cancel()

    def _do_delete_purchase(self, chance):
        self._any(chance, "purchase.order", ("state", "=", "cancel")).unlink()

    def _do_receive(self, chance):
        purchase = self._any(chance, "purchase.order", ("state", "=", "purchase"))
        self._receive(purchase, chance.choice((None, 1, 3)))

    def _do_deliver(self, chance):
        picking = self._any(chance, "stock.picking", ("state", "=", "assigned"))
        self._done(picking, chance.choice((None, 2)), chance.choice((True, False)))

    def _do_return(self, chance):
        picking = self._any(chance, "stock.picking", ("state", "=", "done"))
        if picking and any(picking.move_ids.mapped("quantity")):
            self._return(picking, 1)

    def _do_begin_return(self, chance):
        picking = self._any(chance, "stock.picking", ("state", "=", "done"))
        if picking and any(picking.move_ids.mapped("quantity")):
            self._begin_return(picking, chance.randint(1, 4))

    def _do_invoice(self, chance):
        order = self._any(chance, "sale.order", ("state", "=", "sale"))
        if order.invoice_status == "to invoice":
            order._create_invoices()

    def _do_post(self, chance):
        move = self._any(chance, "account.move", ("state", "=", "draft"))
        if move.move_type in ("out_invoice", "in_invoice"):
            move.invoice_date = "2026-06-01"
            move.action_post()

    def _do_cancel_invoice(self, chance):
        move = self._any(chance, "account.move", ("move_type", "=", "out_invoice"))
        if move.state == "posted":
            move.button_draft()
        else:
            move.button_cancel()

    def _do_ask(self, chance):
        record = self._any(
            chance, chance.choice(("sale.order", "purchase.order", "crm.lead"))
        )
        self.env["supply.question"]._ask(record, "stock", "When?")

    def _do_withdraw(self, chance):
        self._any(chance, "supply.question", ("state", "=", "open")).action_withdraw()

    def _do_mail(self, chance):
        record = self._any(
            chance,
            chance.choice(("sale.order", "purchase.order", "crm.lead", "res.partner")),
        )
        record.message_post(
            body="Hello",
            partner_ids=self.customer.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _do_tell(self, chance):
        order = self._any(chance, "sale.order", ("state", "=", "sale"))
        days = dict.fromkeys(order.order_line.ids, "2026-08-01")
        self.env["supply.promise"]._tell(order.order_line, days, "phone")

    def _do_give(self, chance):
        """Somebody else goes on with it."""
        model = chance.choice(("sale.order", "purchase.order", "crm.lead"))
        people = (self.env.user, self.seller, self.other_seller, self.env.user.browse())
        self._any(chance, model).user_id = chance.choice(people)

    def _do_vendor_bill(self, chance):
        """A bill of several purchases."""
        purchases = self.env["purchase.order"]
        for _number in range(chance.randint(1, 3)):
            purchases |= self._any(chance, "purchase.order", ("state", "=", "purchase"))
        self._bill(purchases)

    def _do_match(self, chance):
        """A line of a bill becomes one of another purchase, or of none."""
        bill = self._any(chance, "account.move", ("move_type", "=", "in_invoice"))
        purchase = self._any(chance, "purchase.order", ("state", "=", "purchase"))
        if bill.state != "draft" or not bill.invoice_line_ids:
            raise NothingToDo
        item = bill.invoice_line_ids.browse(chance.choice(bill.invoice_line_ids.ids))
        item.purchase_line_id = chance.choice((purchase.order_line[:1], False))

    def _do_invoice_of_another(self, chance):
        """A line of an invoice is of one more order, or of one less."""
        invoice = self._any(chance, "account.move", ("move_type", "=", "out_invoice"))
        line = self._any(chance, "sale.order").order_line[:1]
        item = invoice.invoice_line_ids[:1]
        if line in item.sale_line_ids:
            item.sale_line_ids -= line
        else:
            item.sale_line_ids |= line

    def _do_customer_of_invoice(self, chance):
        domain = ("move_type", "=", "out_invoice"), ("state", "=", "draft")
        self._any(chance, "account.move", *domain).partner_id = self._customer(chance)

    def _do_delete_bought(self, chance):
        purchase = self._any(chance, "purchase.order", ("state", "=", "draft"))
        purchase.order_line[:1].unlink()

    def _do_delete_sold(self, chance):
        self._any(chance, "sale.order", ("state", "=", "draft")).order_line[:1].unlink()

    def _do_other_transfer(self, chance):
        """Goods come, or go, with another transfer of the same kind."""
        one = self._any(
            chance, "stock.picking", ("state", "not in", ("done", "cancel"))
        )
        domain = ("picking_type_id", "=", one.picking_type_id.id), ("id", "!=", one.id)
        other = self._any(chance, "stock.picking", *domain, ("state", "!=", "cancel"))
        one.move_ids[:1].picking_id = other

    def _do_cancel_and_delete(self, chance):
        """At once, before any job sees the one without the other."""
        purchase = self._any(chance, "purchase.order", ("state", "!=", "cancel"))
        if "done" in purchase.picking_ids.mapped("state"):
            raise NothingToDo
        purchase.button_cancel()
        purchase.unlink()

    def _do_pass_on(self, chance):
        question = self._any(chance, "supply.question", ("state", "=", "open"))
        self._sql(
            "UPDATE supply_question SET user_id = %s WHERE id = %s",
            chance.choice((self.seller.id, self.buyer.id, None)),
            question.id,
        )

    def _do_sql_question(self, chance):
        question = self._any(chance, "supply.question")
        state = chance.choice(("open", "withdrawn"))
        self._sql(
            "UPDATE supply_question SET state = %s WHERE id = %s", state, question.id
        )

    def _do_sql_state(self, chance):
        order = self._any(chance, "sale.order")
        state = chance.choice(("draft", "sent", "cancel"))
        self._sql("UPDATE sale_order SET state = %s WHERE id = %s", state, order.id)

    def _do_sql_lead(self, chance):
        lead = self._any(chance, "crm.lead")
        self._sql("DELETE FROM crm_lead WHERE id = %s", lead.id)

    def _do_import(self, chance):
        self.env["sale.order"].load(
            ["partner_id/.id", "client_order_ref"], [[str(self.customer.id), "4711"]]
        )
