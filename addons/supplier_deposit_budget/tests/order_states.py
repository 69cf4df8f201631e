from contextlib import closing
from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form
from odoo.tools import DotDict, mute_logger
from odoo.tools.safe_eval import safe_eval

from odoo.addons.approval_matrix.tests.users import new_user
from odoo.addons.supplier_deposit.tests.common import DepositCommon

#: Buttons in the header that move the order on; others send or print it.
MOVES = (
    "action_open_submission",
    "action_submit_approval",
    "button_approve",
    "button_cancel",
    "button_confirm",
    "button_draft",
)

#: Buttons on the card with the steps: when they are there, and what they call.
CARD = {
    "Approve": ("approval_can_decide", "action_approve"),
    "Withdraw": ("approval_can_withdraw", "action_withdraw"),
    "Restore Approved Terms": ("approval_can_restore", "action_restore_terms"),
}


class OrderStatesCommon(DepositCommon):
    """An order of ten beds at 100 in each state.

    Twenty beds shall be in stock. A budget of 2,000 pays. The vendor gets 30 % when
    they are ordered, and 20 % a week before they come. Everybody is a plain user: the
    buyer, the approver, the storekeeper, the accountant.

    The orders are made once. Each has its own bed, vendor and budget line, so that no
    figure is of two orders. Of those that are *begun*, four beds came and three were
    billed before anything else happened; those that are *changed* ask for two more.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.approver = cls._user("approver", "base.group_user")
        cls.keeper = cls._user("keeper", "stock.group_stock_user")
        cls.accountant = cls._user("accountant", "account.group_account_invoice")
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.plan = cls.env["account.analytic.plan"].sudo().create({"name": "Projects"})
        cls.arrival = fields.Datetime.now() + timedelta(days=30)
        cls._make_rules()
        cls.draft = cls._make_order("draft")
        cls.waiting = cls._make_waiting("waiting")
        cls.refused = cls._refuse(cls._make_waiting("refused"))
        cls.approved = cls._make_begun("approved")
        cls.changed = cls._change(cls._make_begun("changed"))
        cls.change_refused = cls._make_approved("change refused")
        cls._refuse(cls._change(cls.change_refused))
        cls.change_refused_begun = cls._make_begun("change refused, begun")
        cls._refuse(cls._change(cls.change_refused_begun))
        cls.cancelled = cls._make_approved("cancelled")
        cls._receive(cls.cancelled, 4)
        cls.cancelled.button_cancel()
        cls.ended = cls._make_begun("ended")
        cls._receive(cls.ended, 6)
        cls._post_bill(cls.ended, 7)

    @classmethod
    def _user(cls, login, groups):
        return new_user(
            cls.env,
            f"states.{login}",
            groups=groups,
            name=login.capitalize(),
            company_id=cls.company.id,
        )

    @classmethod
    def _as(cls, user, model):
        """Return a model as somebody, with nothing in the context."""
        return cls.env(user=user, context={})[model]

    @classmethod
    def _make_rules(cls):
        step = {"name": "Approver", "user_ids": cls.approver.ids}
        cls.env["approval.rule"].sudo().create(
            {
                "name": "Purchases",
                "model_id": cls.env["ir.model"].sudo()._get_id("purchase.order"),
                "company_id": cls.company.id,
                "step_ids": [Command.create(step)],
            }
        )
        rule = cls._rule(30, 20)
        rule.line_ids[1].write({"trigger": "before_delivery", "days": 7})

    @classmethod
    def _make_order(cls, name):
        """Make a quotation for a bed of its own, with all that belongs to it."""
        vendor = cls.vendor.copy({"name": f"Vendor {name}"})
        vendor.property_account_payable_id = cls.payable
        product = cls.env["product.product"].create(
            {
                "name": f"Bed {name}",
                "is_storable": True,
                "purchase_method": "purchase",
                "supplier_taxes_id": [Command.clear()],
                "property_account_expense_id": cls.expense.id,
                "seller_ids": [
                    Command.create({"partner_id": vendor.id, "price": 100.0})
                ],
            }
        )
        cls.env["stock.warehouse.orderpoint"].sudo().create(
            {
                "product_id": product.id,
                "warehouse_id": cls.warehouse.id,
                "location_id": cls.warehouse.lot_stock_id.id,
                "product_min_qty": 20.0,
                "product_max_qty": 20.0,
                "trigger": "manual",
            }
        )
        line = cls._make_budget_line(name)
        return cls._as(cls.buyer, "purchase.order").create(
            {
                "partner_id": vendor.id,
                "user_id": cls.buyer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": 10,
                            "price_unit": 100,
                            "analytic_distribution": {str(line.account_id.id): 100},
                            "date_planned": cls.arrival,
                        }
                    )
                ],
            }
        )

    @classmethod
    def _make_budget_line(cls, name):
        account = cls.env["account.analytic.account"].sudo()
        account = account.create(
            {"name": name, "plan_id": cls.plan.id, "company_id": cls.company.id}
        )
        today = fields.Date.today()
        budget = cls.env["spend.budget"].sudo()
        budget = budget.create(
            {
                "name": name,
                "company_id": cls.company.id,
                "date_from": today - timedelta(days=30),
                "date_to": today + timedelta(days=300),
                "line_ids": [
                    Command.create({"account_id": account.id, "amount": 2000.0})
                ],
            }
        )
        budget.action_open()
        return budget.line_ids

    # ------------------------------------------------------------
    # WHAT PEOPLE DO
    # ------------------------------------------------------------

    @classmethod
    def _make_waiting(cls, name):
        order = cls._make_order(name)
        order.button_confirm()
        return order

    @classmethod
    def _make_approved(cls, name):
        order = cls._make_waiting(name)
        order.with_user(cls.approver).action_approve()
        return order

    @classmethod
    def _make_begun(cls, name):
        order = cls._make_approved(name)
        cls._receive(order, 4)
        cls._post_bill(order, 3)
        return order

    @classmethod
    def _change(cls, order):
        """Order two more, as the buyer."""
        order.order_line.product_qty = 12
        return order

    @classmethod
    def _refuse(cls, order):
        order.with_user(cls.approver).action_reject("Too many")
        return order

    def _cancel(self, order):
        """Cancel by the button, and by the question it asks about deposits."""
        action = self._press(self.buyer, order, "Cancel")
        if isinstance(action, dict):
            wizard = self._as(self.buyer, action["res_model"])
            wizard.browse(action["res_id"]).action_confirm()

    # ------------------------------------------------------------
    # BUDGET, FORECAST
    # ------------------------------------------------------------

    def _assert_budget(self, order, reserved=0.0, committed=0.0, actual=0.0):
        """Compare all figures of the order's budget line, and verify the ledger."""
        self._refresh()
        (account,) = order.order_line.analytic_distribution
        line = self.env["spend.budget.line"].sudo()
        line = line.search([("account_id", "=", int(account))])
        self.assertEqual(
            (line.reserved, line.committed, line.actual, line.available),
            (reserved, committed, actual, 2000.0 - reserved - committed - actual),
        )
        self.assertEqual(line.budget_id._find_differences(), [])

    def _assert_forecast(self, order, stock, forecasted, requested):
        """Compare what is there, what is forecasted with what comes, and what is only
        asked for; the scheduler orders what is missing to twenty, and no more."""
        self._refresh()
        product = order.order_line.product_id.sudo().with_company(self.company)
        self.assertEqual(
            (product.qty_available, product.virtual_available), (stock, forecasted)
        )
        rules = self.env["stock.warehouse.orderpoint"].sudo()
        rules.search([("product_id", "=", product.id)]).trigger = "auto"
        missing = 20 - forecasted - requested
        self.assertEqual(self._run_scheduler(product), missing)
        self.assertEqual(self._run_scheduler(product), 0)

    def _run_scheduler(self, product):
        """Return how much it orders on top of what is ordered."""
        lines = self.env["purchase.order.line"].sudo()
        domain = [("product_id", "=", product.id)]
        before = sum(lines.search(domain).mapped("product_qty"))
        self.env["stock.rule"].sudo().run_scheduler(company_id=self.company.id)
        self._refresh()
        return sum(lines.search(domain).mapped("product_qty")) - before

    # ------------------------------------------------------------
    # RECEIPTS, BILLS, PAYMENTS
    # ------------------------------------------------------------

    @classmethod
    def _open_receipts(cls, order):
        receipts = order.sudo().picking_ids
        return receipts.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )

    @classmethod
    def _receive(cls, order, quantity):
        """Receive as the storekeeper, with a transfer made by hand if none is open.

        :return: *received*, or *asks*
        """
        receipt = cls._open_receipts(order) or cls._make_receipt(order)
        receipt = receipt.with_user(cls.keeper).with_context(skip_backorder=True)
        receipt.move_ids.quantity = quantity
        result = receipt.button_validate()
        if result is True:
            return "received"
        return {"purchase.excess.ask": "asks"}.get(result["res_model"])

    @classmethod
    def _make_receipt(cls, order):
        line = order.sudo().order_line
        places = {
            "location_id": cls.env.ref("stock.stock_location_suppliers").id,
            "location_dest_id": cls.warehouse.lot_stock_id.id,
        }
        return cls._as(cls.keeper, "stock.picking").create(
            {
                "picking_type_id": cls.warehouse.in_type_id.id,
                "partner_id": order.partner_id.id,
                **places,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "product_uom_qty": 1,
                            "purchase_line_id": line.id,
                            **places,
                        }
                    )
                ],
            }
        )

    @classmethod
    def _post_bill(cls, order, quantity):
        """Make and post a bill of the order as the accountant.

        :return: *posted*, or *asks*
        """
        line = order.sudo().order_line
        bill = cls._as(cls.accountant, "account.move").create(
            {
                "move_type": "in_invoice",
                "partner_id": order.partner_id.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "purchase_line_id": line.id,
                            "product_id": line.product_id.id,
                            "quantity": quantity,
                            "price_unit": 100.0,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": line.analytic_distribution,
                        }
                    )
                ],
            }
        )
        bill.action_post()
        return cls._asks(bill) or bill.state

    @classmethod
    def _pay(cls, order, amount):
        """Pay the vendor of the order as the accountant.

        :return: *paid*, or *asks*
        """
        payment = cls._as(cls.accountant, "account.payment").create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": order.partner_id.id,
                "amount": amount,
                "journal_id": cls.bank.id,
            }
        )
        payment.action_post()
        return cls._asks(payment) or payment.state

    def _ask(self, order):
        """Ask for more than may be billed of the order.

        :return: the excess, which waits
        """
        known = order.sudo().excess_ids
        self.assertEqual(self._post_bill(order, 11), "asks")
        excess = order.sudo().excess_ids - known
        self.assertEqual(excess.state, "waiting")
        return excess

    @classmethod
    def _asks(cls, document):
        """Tell whether a bill or payment is held until somebody approves it."""
        return document.state == "draft" and document.excess_waiting and "asks"

    def _outcomes(self, method, order, *values):
        """Return what comes of each value, as if it was the only one."""
        return [self._undone(method, order, value) for value in values]

    def _undone(self, method, *args):
        with closing(self.env.cr.savepoint()):
            result = method(*args)
        self.env.invalidate_all()
        return result

    # ------------------------------------------------------------
    # DEPOSITS
    # ------------------------------------------------------------

    def _assert_deposits(self, order, *expected):
        """Compare the deposits of an order.

        :param expected: of each deposit, its state, its amount, and what of it is with
            the vendor and not deducted, by the deposit and by the books
        """
        self._refresh()
        found = [
            (deposit.state, deposit.amount, deposit.amount_open)
            for deposit in order.sudo().deposit_ids
        ]
        self.assertEqual(found, list(expected))
        payments = order.sudo().deposit_ids.payment_ids
        items = payments.move_id.line_ids.filtered(
            lambda item: item.account_id == self.payable
        )
        self.assertEqual(
            sum(items.mapped("amount_residual")), sum(row[2] for row in expected)
        )

    def _wait_for_pay_day(self):
        """Run the cron when the day of all deposits has come."""
        day = self.arrival + timedelta(days=1)
        with freeze_time(day), self.enter_registry_test_mode():
            self.env.ref("supplier_deposit.ir_cron_due").method_direct_trigger()

    # ------------------------------------------------------------
    # SCREENS
    # ------------------------------------------------------------

    def _form(self, user, order):
        """Return the form of the order as somebody sees it, or nothing."""
        order = self._as(user, order._name).browse(order.id)
        view = None
        try:
            access = order.env["ir.model.access"]
            if not access.check(order._name, "read", raise_exception=False):
                # whoever is asked opens it from the request
                request = order.approval_process_id.with_user(user)
                view = request.action_open_document()["views"][0][0]
            return Form(order, view)
        except AccessError:
            return None

    def _buttons(self, user, order):
        """Return the buttons that move the order, as somebody sees them: labels, and
        what each calls. Nothing, where they cannot open it."""
        self._refresh()
        with mute_logger("odoo.addons.base.models.ir_model"):
            form = self._form(user, order)
        if form is None:
            return None
        buttons = {}
        for button in form._view["tree"].xpath("//header//button"):
            hidden = button.get("invisible") or "False"
            if button.get("name") in MOVES and not safe_eval(
                hidden, form._get_eval_context()
            ):
                context = safe_eval(button.get("context") or "{}")
                buttons[button.get("string")] = (button.get("name"), context)
        mine = self._as(user, order._name).browse(order.id)
        for label, (field, method) in CARD.items():
            if mine[field]:
                buttons[label] = (method, {})
        return buttons

    def _press(self, user, order, label):
        """Press a button that somebody sees, and return what it answers."""
        buttons = self._buttons(user, order)
        self.assertIn(label, buttons)
        method, context = buttons[label]
        mine = self._as(user, order._name).browse(order.id).with_context(**context)
        answer = getattr(mine, method)()
        if method != "action_open_submission":
            return answer
        self.assertEqual(answer["tag"], "approval_matrix.submission")
        return mine.action_submit_approval()  # of the dialog, which says who is asked

    def _assert_buttons(self, order, buyer, approver=None):
        """Compare what the buyer can press, and what the approver can: nothing at all,
        if they cannot open the order."""
        self.assertEqual(set(self._buttons(self.buyer, order)), buyer)
        found = self._buttons(self.approver, order)
        self.assertEqual(found and set(found), approver)

    def _assert_card(self, order, label):
        """Compare what the card tells the buyer; without a label there is none."""
        form = self._form(self.buyer, order)
        is_hidden = form._get_modifier("approval_progress", "invisible")
        self.assertEqual(is_hidden, not label)
        if label:
            self.assertEqual(order.approval_progress["label"], label)

    def _assert_flows_in_sight(self, order):
        """Assert that the buyer finds what was received and billed."""
        form = self._form(self.buyer, order)
        (bills,) = form._view["tree"].xpath("//button[@name='action_view_invoice']")
        context = form._get_eval_context()
        self.assertFalse(safe_eval(bills.get("invisible"), context))
        for name in "qty_received", "qty_invoiced":
            (column,) = form._view["tree"].xpath(
                f"//field[@name='order_line']/list/field[@name='{name}']"
            )
            hidden = column.get("column_invisible")
            self.assertFalse(safe_eval(hidden, {"parent": DotDict(context)}), name)

    def _refresh(self):
        self.env.flush_all()
        self.env.invalidate_all()
