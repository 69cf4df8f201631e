"""Other programs: what they call with the rights of a user is told once."""

from odoo import Command
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import TimelineCommon
from .money import MoneyCommon


@tagged("post_install", "-at_install")
class TestRemote(TimelineCommon):
    def test_remote_call_is_told(self):
        """What other programs create and write, with the rights of a user."""
        user = self.env["res.users"].create(
            {
                "name": "Lan",
                "login": "lan",
                "group_ids": [
                    Command.link(
                        self.env.ref("sales_team.group_sale_salesman_all_leads").id
                    )
                ],
            }
        )
        orders = self.env["sale.order"].with_user(user)
        lead = call_kw(
            self.env["crm.lead"].with_user(user),
            "create",
            [{"name": "Beds", "type": "opportunity", "partner_id": self.customer.id}],
            {},
        )
        order = call_kw(
            orders,
            "create",
            [
                {
                    "partner_id": self.customer.id,
                    "opportunity_id": lead,
                    "order_line": [Command.create({"product_id": self.chair.id})],
                }
            ],
            {},
        )
        self._run()
        call_kw(orders, "write", [[order], {"state": "sent"}], {})
        self.env.flush_all()
        call_kw(orders, "action_confirm", [[order]], {})
        self._run()
        told = self._events([("kind", "=like", "sale.%")], sale_id=order)
        self.assertEqual(
            told.mapped("kind")[:3], ["sale.quoted", "sale.sent", "sale.confirmed"]
        )
        self.assertEqual(told[:2].mapped("user_id"), [user.id] * 2)
        self.assertIn("lead.made", self._kinds(lead_id=lead))
        self._check_whole()

    def test_remote_calls_of_all_departments_are_told(self):
        """A transfer, a meeting, an e-mail, a question and a payment, each by who has
        no more than the rights for it, and once."""
        seller = self._user("lan", "sales_team.group_sale_salesman_all_leads")
        keeper = self._user("kho", "stock.group_stock_user")
        clerk = self._user("thu", "account.group_account_invoice")
        self.env["stock.quant"]._update_available_quantity(
            self.chair, self.warehouse.lot_stock_id, 5
        )
        order, lead = self._sale(product=self.chair), self._lead()
        question = self._ask(order.with_user(seller), "When?")
        self._run()

        def call(user, record, method, *args, **values):
            model = self.env[record._name].with_user(user)
            ids = [record.ids] if record.ids else []
            result = call_kw(model, method, [*ids, *args], values)
            self.env.flush_all()
            return result

        call(keeper, order.picking_ids, "button_validate")
        call(seller, question, "action_withdraw")
        call(
            seller,
            order,
            "message_post",
            body="Hello",
            partner_ids=self.customer.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        meeting = {"name": "Visit", "opportunity_id": lead.id}
        meeting |= {"start": "2026-06-01 08:00:00", "stop": "2026-06-01 09:00:00"}
        call(seller, self.env["calendar.event"], "create", meeting)
        paid = {"partner_id": self.customer.id, "partner_type": "customer", "amount": 7}
        payment = call(clerk, self.env["account.payment"], "create", paid)
        call(clerk, self.env["account.payment"].browse(payment), "action_post")
        self._run()
        for kind, user in (
            ("picking.done", keeper),
            ("question.withdrawn", seller),
            ("mail.sent", seller),
            ("meeting.made", seller),
            ("payment.made", clerk),
        ):
            with self.subTest(kind=kind):
                events = self._events(kind=kind, is_home=True, user_id=user.id)
                self.assertEqual(len(events), 1)
        self._check_whole()

    def test_context_of_the_caller_hides_nothing(self):
        """Whatever switches off tracking, notes and computing for Odoo."""
        seller = self._user("lan", "sales_team.group_sale_salesman_all_leads")
        forged = {
            "tracking_disable": True,
            "mail_notrack": True,
            "mail_create_nolog": True,
            "mail_create_nosubscribe": True,
            "install_mode": True,
            "module": "case_timeline",
            "active_test": False,
            "allowed_company_ids": self.env.company.ids,
            "lang": None,
            "tz": "Pacific/Kiritimati",
            "case_timeline.woken": "yes",
            "default_state": "sale",
            "default_user_id": 1,
        }
        orders = self.env["sale.order"].with_user(seller).with_context(**forged)
        line = {"product_id": self.chair.id}
        order = orders.create(
            {
                "partner_id": self.customer.id,
                "user_id": seller.id,
                "state": "draft",
                "order_line": [Command.create(line)],
            }
        )
        self._run()
        order.action_confirm()
        self._run()
        told = self._events([("kind", "=like", "sale.%")], sale_id=order.id)
        told = told.filtered("is_shown")[:2]
        self.assertEqual(told.mapped("kind"), ["sale.quoted", "sale.confirmed"])
        self.assertEqual(told.mapped("user_id"), [seller.id] * 2)
        moment = told[1].date
        self.assertLess(abs(moment - order.date_order).total_seconds(), 3600)
        self._check_whole()

    def test_promise_that_is_told_and_document_that_is_given(self):
        """With the wizard of customer care, and with a plain write."""
        self._make_people()
        chief = self._user("chief", "sales_team.group_sale_salesman_all_leads")
        order = self._sale(product=self.chair, user_id=self.seller.id)
        self._run()
        lines = [
            Command.create({"sale_line_id": line.id, "told_on": "2099-01-31"})
            for line in order.order_line
        ]
        told = {"order_id": order.id, "channel": "phone", "line_ids": lines}
        wizards = self.env["supply.promise.tell"].with_user(chief)
        wizard = call_kw(wizards, "create", [told], {})
        call_kw(wizards, "action_tell", [[wizard]], {})
        orders = self.env["sale.order"].with_user(chief)
        call_kw(orders, "write", [[order.id], {"user_id": self.other_seller.id}], {})
        self._run()
        for kind in ("promise.told", "sale.holder"):
            (event,) = self._events(sale_id=order.id, kind=kind)
            self.assertEqual(event.user_id, chief.id, kind)
        self._check_whole()


@tagged("post_install", "-at_install")
class TestMoneyRemote(MoneyCommon):
    def test_remote_calls_are_told(self):
        """A purchase with approvals, deposit and bill, as other programs make them."""
        self._rule(30, posting="posted")
        vendor = {"partner_id": self.vendor.id}
        line = {"product_id": self.product.id, "price_unit": 100}
        purchase = self._call(
            self.buyer,
            "purchase.order",
            "create",
            vendor | {"order_line": [Command.create(line | {"product_qty": 20})]},
        )
        self._run()
        self._call(self.buyer, "purchase.order", "button_confirm", [purchase])
        self._call(self.approver, "purchase.order", "action_approve", [purchase])
        self._run()
        order = self.env["purchase.order"].browse(purchase)
        deposit = self._deposit(order)
        self._call(self.approver, "supplier.deposit", "action_approve", deposit.ids)
        self._run()
        ordered = {"purchase_line_id": order.order_line.id, "quantity": 20}
        bill = self._call(
            self.cashier,
            "account.move",
            "create",
            {
                **vendor,
                "move_type": "in_invoice",
                "invoice_date": "2026-06-01",
                "invoice_line_ids": [Command.create(line | ordered)],
            },
        )
        self._call(self.cashier, "account.move", "action_post", [bill])
        self._run()
        events = self._events(purchase_id=purchase)
        for kind, user in (
            ("purchase.quoted", self.buyer),
            ("approval.submitted", self.buyer),
            ("approval.approved", self.approver),
            ("purchase.ordered", self.approver),
            ("deposit.paid", None),
            ("invoice.posted", self.cashier),
        ):
            found = events.filtered(lambda event, kind=kind: event.kind == kind)
            if kind.startswith("approval"):  # of the purchase, and of its deposit
                self.assertEqual(len(found), 2, kind)
                found = found[:1]
            self.assertEqual(len(found), 1, kind)
            if user:
                self.assertEqual(found.user_id, user.id, kind)
        self._check_whole()

    def test_claims_are_told(self):
        """A deposit that is claimed back, and kept with the vendor after all."""
        self._rule(30, posting="posted")
        order = self._order(quantity=5, user=self.buyer)
        deposit = self._deposit(order)
        self.assertEqual(deposit.state, "paid")
        self._run()
        asked = {"deposit_id": deposit.id, "amount": 10, "reason": "Too late."}
        wizard = self._call(self.buyer, "deposit.claim.ask", "create", asked)
        self._call(self.buyer, "deposit.claim.ask", "action_confirm", [wizard])
        self._run()
        kinds = self._kinds(purchase_id=order.id)
        self.assertEqual(
            (kinds.count("claim.made"), kinds.count("claim.withdrawn")), (1, 0)
        )
        self._call(self.buyer, "supplier.deposit", "action_keep", deposit.ids)
        self._run()
        kinds = self._kinds(purchase_id=order.id)
        self.assertEqual(
            (kinds.count("claim.made"), kinds.count("claim.withdrawn")), (1, 1)
        )
        self._check_whole()
