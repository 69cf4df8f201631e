"""The life of an excess: who reads it, what ends it, what it is in other words."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestExcess(PurchaseApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_bills()
        cls.outsider = cls._user("outsider")
        cls.rule = cls._rule(cls.outsider, amount_min=100000)

    def _confirmed(self, quantity=10, price=100.0, **values):
        return self._submitted(quantity=quantity, price=price, **values)

    def _held_bill(self, quantity=2000):
        bill = self._bill(self._confirmed())
        bill.invoice_line_ids.quantity = quantity
        bill.action_post()
        return bill, bill.sudo().excess_ids

    # ends

    def test_withdrawn_is_refused_and_can_be_asked_anew(self):
        bill, first = self._held_bill()
        first.with_user(self.accountant).action_withdraw()
        self.assertEqual(first.state, "refused")
        bill.action_post()
        second = bill.sudo().excess_ids - first
        self.assertEqual(second.state, "waiting")

    def test_cancelled_order_cancels_it(self):
        order = self._confirmed()
        bill = self._bill(order)
        bill.invoice_line_ids.quantity = 2000
        bill.action_post()
        excess = bill.sudo().excess_ids
        order.button_cancel()
        self.assertEqual(excess.state, "cancelled")
        self.assertEqual(excess.approval_process_id.state, "cancelled")

    def test_reopened_order_cancels_it(self):
        order = self._confirmed()
        excess = self._receive_and_ask(order, 20)
        order.order_line.price_unit = 20000
        self.assertEqual(order.state, "to approve")
        self.assertEqual(excess.state, "cancelled")

    def test_changed_order_cancels_it(self):
        order = self._confirmed()
        excess = self._receive_and_ask(order, 20)
        order.order_line.product_qty = 15
        self.assertEqual(order.state, "purchase")
        self.assertEqual(excess.state, "cancelled")

    def test_another_line_of_the_order_does_not_cancel_it(self):
        order = self._confirmed()
        excess = self._receive_and_ask(order, 20)
        order.order_line = [
            Command.create({"product_id": self._product("Chair").id, "price_unit": 1})
        ]
        self.assertEqual(excess.state, "waiting")

    def test_deleted_bill_takes_it_along(self):
        bill, excess = self._held_bill()
        process = excess.approval_process_id
        bill.unlink()
        self.assertFalse(excess.exists())
        self.assertEqual(process.state, "cancelled")

    def test_cancelled_bill_cancels_it(self):
        bill, excess = self._held_bill()
        bill.button_cancel()
        self.assertEqual(excess.state, "cancelled")

    def test_bill_within_the_order_by_now_cancels_it(self):
        bill, excess = self._held_bill()
        bill.invoice_line_ids.quantity = 10
        bill.action_post()
        self.assertEqual(bill.state, "posted")
        self.assertEqual(excess.state, "cancelled")

    def test_cancelled_and_deleted_payments(self):
        for end in ("action_cancel", "unlink"):
            with self.subTest(end=end):
                payment = self._payment(500000)
                payment.action_post()
                excess = payment.sudo().excess_ids
                process = excess.approval_process_id
                self.assertEqual(excess.state, "waiting")
                getattr(payment, end)()
                self.assertEqual(process.state, "cancelled")

    def test_approved_then_order_changed_counts_no_more(self):
        order = self._confirmed()
        excess = self._receive_and_ask(order, 12)
        excess.with_user(self.buyer).action_accept()
        order.order_line.product_qty = 11
        self.assertEqual(self._receive(order, 2)["res_model"], "purchase.excess.ask")

    def test_rule_that_came_later_asks_when_it_is_accepted(self):
        order = self._confirmed()
        excess = self._receive_and_ask(order, 12)
        self.rule.amount_min = 0
        excess.with_user(self.buyer).action_accept()
        self.assertEqual(excess.state, "waiting")
        self.assertEqual(excess.approval_holder_ids, self.outsider)

    # readers

    def test_approver_without_purchase_rights_reads_and_decides(self):
        excess = self._receive_and_ask(self._confirmed(), 2000)
        mine = excess.with_user(self.outsider)
        Form(mine)
        self.assertTrue(mine.line_ids.mapped("product_id.display_name"))
        mine.action_approve()
        self.assertEqual(excess.state, "approved")
        with self.assertRaises(AccessError):
            mine.read(["name"])

    def test_warehouse_reads_no_amounts(self):
        excess = self._receive_and_ask(self._confirmed(), 2000)
        mine = excess.with_user(self.keeper)
        mine.read(["name", "reason"])
        with self.assertRaises(AccessError):
            mine.read(["amount"])
        with self.assertRaises(AccessError):
            mine.line_ids.read(["base_price"])

    def test_warehouse_reads_no_bills(self):
        _bill, excess = self._held_bill()
        with self.assertRaises(AccessError):
            excess.with_user(self.keeper).read(["name"])
        both = self._user(
            "both", "stock.group_stock_user", "purchase.group_purchase_user"
        )
        excess.with_user(both).read(["name", "amount"])

    def test_texts_are_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.product.with_context(lang="fr_FR").name = "Lit d'hôpital"
        self.company.partner_id.lang = "fr_FR"
        excess = self._receive_and_ask(self._confirmed(), 2000)
        french = excess.with_context(lang="fr_FR")._approval_summary()
        self.assertIn("Lit d'hôpital", french["about"])

    def test_what_is_kept_for_approvers_is_in_the_language_of_who_asks(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.product.with_context(lang="fr_FR").name = "Lit d'hôpital"
        rule = self.env["approval.rule"].search([("company_id", "=", self.company.id)])
        for step in rule.step_ids:
            step.with_context(lang="fr_FR").name = "Responsable"
        self.keeper.lang = "fr_FR"
        excess = self._receive_and_ask(self._confirmed(), 2000)
        process = excess.approval_process_id
        self.assertIn("Lit d'hôpital", process.about_kept)
        self.assertEqual(set(process.task_ids.mapped("step_name")), {"Responsable"})

    def test_approvers_read_its_name_in_their_language(self):
        """A bill without a number is named in words."""
        self.env["res.lang"]._activate_lang("fr_FR")
        excess = self._receive_and_ask(self._confirmed(), 2000)
        excess.invalidate_recordset()
        names = {"en_US": "Receipt", "fr_FR": "Entrée"}

        def name_it(records):
            for record in records:
                record.name = names[record.env.lang or "en_US"]

        self.patch(self.registry["purchase.excess"], "_compute_name", name_it)
        process = excess.sudo().approval_process_id
        process._keep_names(excess.sudo())
        for lang, name in names.items():
            spoken = process.with_context(lang=lang)
            self.assertEqual(spoken.document_name, name)
            self.assertEqual(spoken.task_ids[:1].document_name, name)

    def test_what_is_more_has_a_sign(self):
        excess = self._receive_and_ask(self._confirmed(), 2000)
        ((_name, approved, more),) = excess._approval_summary()["rows"]
        self.assertFalse(approved.startswith("+"))
        self.assertTrue(more.startswith("+"))

    def test_people_are_asked_and_told_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.env["ir.module.module"]._load_module_terms(
            ["approval_matrix_purchase"], ["vi_VN"]
        )
        self.buyer.lang = self.accountant.lang = "vi_VN"
        bill = self._bill(self._confirmed())
        bill.invoice_line_ids.quantity = 11
        bill.action_post()
        excess = bill.sudo().excess_ids
        to_do = excess.activity_ids
        self.assertEqual(to_do.user_id, self.buyer)
        self.assertIn("Nhiều hơn số đã đặt", to_do.summary)
        excess.with_user(self.buyer).with_context(lang="en_US").action_accept()
        told = self.env["mail.message"].search(
            [
                ("model", "=", "account.move"),
                ("res_id", "=", bill.id),
                ("partner_ids", "in", self.accountant.partner_id.ids),
            ]
        )
        self.assertIn("Đã phê duyệt", told.subject)

    # wizard

    def _wizard(self, order, quantity):
        """Fill in the dialog by hand, as the storekeeper."""
        line = {"order_line_id": order.order_line.id, "quantity": quantity}
        Ask = self.env["purchase.excess.ask"].with_user(self.keeper)
        return Ask.create({"line_ids": [Command.create(line)]})

    def test_wizard_says_nothing_about_orders_of_other_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        order = (
            self.env["purchase.order"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "company_id": other.id,
                    "order_line": [
                        Command.create({"product_id": self.product.id, "price_unit": 1})
                    ],
                }
            )
        )
        Ask = self.env["purchase.excess.ask"].with_user(self.keeper)
        rows = [[order.order_line.id, 5, 0]]
        values = Ask.with_context(default_excess=rows).default_get(["line_ids"])
        self.assertFalse(values["line_ids"])
        ask = self._wizard(order, 5)
        self.assertFalse(ask.line_ids.name)
        self.assertFalse(ask.asked_text)
        with self.assertRaises(AccessError):
            ask.action_ask()

    def test_wizard_refuses_transfers_of_other_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        picking = self.env["stock.picking"].create(
            {"picking_type_id": warehouse.in_type_id.id}
        )
        Ask = self.env["purchase.excess.ask"].with_user(self.keeper)
        with self.assertRaises(AccessError):
            Ask.create({"picking_ids": [Command.set(picking.ids)]}).action_ask()

    def test_wizard_refuses_what_nobody_could_mean(self):
        order = self._confirmed()
        for quantity in (1e12, -5):
            ask = self._wizard(order, quantity)
            with self.subTest(quantity=quantity), self.assertRaises(UserError):
                ask.action_ask()

    def test_wizard_does_not_ask_where_more_is_refused(self):
        self.company.excess_policy = "block"
        order = self._confirmed()
        ask = self._wizard(order, 5)
        with self.assertRaises(UserError):
            ask.action_ask()

    # who will be asked

    def test_wizard_says_who_will_be_asked(self):
        """A hundred more are worth 100 times 1,100."""
        order = self._confirmed(price=1100)
        self.rule.step_ids.user_ids += self.director
        text = self._wizard(order, 100).asked_text
        self.assertEqual(text, f"{order.name}: Step 1: 1 of: Outsider, Director")

    def test_wizard_says_who_is_asked_of_what_goes_with_what_was_asked(self):
        order = self._confirmed(price=1000)
        self._receive_and_ask(order, 60)
        self.assertIn("Buyer", self._wizard(order, 39).asked_text)
        self.assertIn("Outsider", self._wizard(order, 40).asked_text)

    def test_wizard_names_who_accepts_it_where_no_rule_asks(self):
        order = self._confirmed()
        text = self._wizard(order, 5).asked_text
        self.assertEqual(text, f"{order.name}: Buyer accepts it, or refuses it.")

    def test_wizard_that_opens_on_a_receipt_says_it_as_well(self):
        order = self._confirmed(price=1000)
        action = self._receive(order, 110)
        ask = self.env[action["res_model"]].with_user(self.keeper)
        self.assertIn("Outsider", ask.browse(action["res_id"]).asked_text)

    def test_wizard_says_why_nobody_can_be_asked(self):
        order = self._confirmed(price=1000)
        self.rule.step_ids.user_ids = self.keeper
        self.assertIn("0 of the 1", self._wizard(order, 100).asked_text)

    def test_wizard_says_nothing_where_it_would_be_refused(self):
        order = self._confirmed()
        self.company.excess_policy = "block"
        self.assertFalse(self._wizard(order, 5).asked_text)
        self.assertFalse(self._wizard(order, -5).asked_text)

    # other orders

    def test_several_receipts_at_once(self):
        above, within = self._confirmed(), self._confirmed()
        pickings = (above | within).sudo().picking_ids.with_user(self.keeper)
        pickings = pickings.with_context(skip_backorder=True)
        above.sudo().picking_ids.move_ids.quantity = 2000
        within.sudo().picking_ids.move_ids.quantity = 10
        action = pickings.button_validate()
        ask = self.env[action["res_model"]].with_user(self.keeper)
        ask.browse(action["res_id"]).with_context(**action["context"]).action_ask()
        self.assertEqual(above.order_line.qty_received, 10)
        self.assertEqual(within.order_line.qty_received, 10)
        self.assertEqual(above.sudo().excess_ids.state, "waiting")
        self.assertFalse(within.sudo().excess_ids)

    def test_sections_and_down_payments_without_a_unit(self):
        order = self._confirmed()
        order.order_line = [
            Command.create(
                {"name": "Beds", "display_type": "line_section", "product_qty": 0}
            ),
            Command.create(
                {
                    "name": "Advance",
                    "is_downpayment": True,
                    "product_qty": 0,
                    "price_unit": 0,
                }
            ),
        ]
        self._receive(order, 10)
        self.assertEqual(order.order_line[0].qty_received, 10)

    def test_two_lines_of_one_product_are_judged_each(self):
        order = self._order(quantity=10, price=100)
        order.order_line.copy({"order_id": order.id, "product_qty": 5})
        order.button_confirm()
        bill = self._bill(order)
        bill.invoice_line_ids[1].quantity = 6
        bill.action_post()
        self.assertEqual(bill.sudo().excess_ids.line_ids.order_line_id.product_qty, 5)
        self.assertEqual(bill.sudo().excess_ids.line_ids.quantity, 1)

    def test_order_in_dozens_and_bill_in_units(self):
        order = self._order(quantity=2, price=1200)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.order_line.price_unit = 1200
        order.button_confirm()
        line = {
            "purchase_line_id": order.order_line.id,
            "product_id": self.product.id,
            "product_uom_id": self.env.ref("uom.product_uom_unit").id,
            "quantity": 24,
            "price_unit": 100,
        }
        within = self._bill(lines=[line])
        above = self._bill(lines=[{**line, "quantity": 36}])
        above.action_post()
        self.assertEqual(above.sudo().excess_ids.line_ids.quantity, 1)
        within.action_post()
        self.assertEqual(within.state, "posted")

    def test_part_of_a_unit_is_asked_for_once(self):
        order = self._order(quantity=2, price=1200)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.order_line.price_unit = 1200
        order.button_confirm()
        line = {
            "purchase_line_id": order.order_line.id,
            "product_id": self.product.id,
            "product_uom_id": self.env.ref("uom.product_uom_unit").id,
            "quantity": 29,
            "price_unit": 100,
        }
        bill = self._bill(lines=[line])
        bill.action_post()
        excess = bill.sudo().excess_ids
        bill.action_post()
        self.assertEqual(bill.sudo().excess_ids, excess)
        self.assertEqual(excess.state, "waiting")

    def test_foreign_order_and_bill(self):
        foreign = self.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 0.5})],
            }
        )
        order = self._order(quantity=10, price=100, currency_id=foreign.id)
        order.order_line.price_unit = 100
        order.button_confirm()
        bill = self._bill(order)
        bill.currency_id = foreign
        bill.invoice_line_ids.price_unit = 110
        bill.action_post()
        self.assertEqual(bill.state, "draft")
        self.assertAlmostEqual(bill.sudo().excess_ids.line_ids.amount, 100)
        self.assertAlmostEqual(bill.sudo().excess_ids.amount, 200)
        bill.invoice_line_ids.price_unit = 100
        bill.action_post()
        self.assertEqual(bill.state, "posted")

    def test_branch_has_limits_of_its_own(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        branch.excess_quantity_percent = 50
        users = self.buyer | self.keeper
        users.company_ids |= branch
        order = (
            self.env["purchase.order"]
            .with_user(self.buyer)
            .with_company(branch)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "company_id": branch.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_qty": 10,
                                "price_unit": 100,
                            }
                        )
                    ],
                }
            )
        )
        order.button_confirm()
        quantity, _amount = order._flow_tolerances()
        self.assertEqual(quantity.margin(10), 5)
        quantity, _amount = self._confirmed()._flow_tolerances()
        self.assertEqual(quantity.margin(10), 0)
