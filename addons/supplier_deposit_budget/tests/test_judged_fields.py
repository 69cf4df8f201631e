from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command, fields, models
from odoo.orm.fields_relational import _Relational
from odoo.tests import new_test_user, tagged

from odoo.addons.approval_matrix.models.approval_mixin import (
    SYSTEM_FIELDS as APPROVAL_SYSTEM_FIELDS,
)
from odoo.addons.approval_matrix.system import as_system
from odoo.addons.approval_matrix_purchase.models import (
    account_move,
    account_move_line,
    purchase_order_line,
    stock_move,
)
from odoo.addons.approval_matrix_requisition.models.purchase_order import (
    SYSTEM_FIELDS as REQUISITION_SYSTEM_FIELDS,
)
from odoo.addons.spend_budget.models.purchase_order import (
    SYSTEM_FIELDS as ORDER_BUDGET_SYSTEM_FIELDS,
)
from odoo.addons.spend_budget.models.purchase_order_line import (
    SYSTEM_FIELDS as LINE_BUDGET_SYSTEM_FIELDS,
)
from odoo.addons.supplier_deposit.tests.common import DepositCommon

#: What people of purchasing, stock and accounting write.
MODELS = (
    "purchase.order",
    "purchase.order.line",
    "account.move",
    "account.move.line",
    "stock.move",
    "stock.picking",
)

SYSTEM_FIELDS = (
    APPROVAL_SYSTEM_FIELDS
    | REQUISITION_SYSTEM_FIELDS
    | ORDER_BUDGET_SYSTEM_FIELDS
    | LINE_BUDGET_SYSTEM_FIELDS
)

#: Follow the order on its lines; elsewhere they may well be written.
OF_THE_ORDER = {
    ("purchase.order.line", name) for name in purchase_order_line.SYSTEM_FIELDS
}

#: Read by judgements of each kind, writable and not watched, each with the reason why
#: it cannot decide anything wrongly. What says *sorts* orders records that are read one
#: by one.
HARMLESS = {
    "approvals": {
        "purchase.order.currency_rate": "for totals in company currency, which Odoo "
        "computes beside those that count",
        "purchase.order.line.display_type": "Odoo refuses to change it",
        "purchase.order.line.is_downpayment": "nothing without a deposit that has the "
        "line, and only the system makes those; without the flag the line is a term",
        "purchase.order.line.sequence": "sorts",
        "purchase.order.priority": "sorts",
    },
    "budgets": {
        "account.move.invoice_date": "sorts",
        "account.move.line.date": "sorts",
        "account.move.line.move_name": "sorts",
        "account.move.line.partner_id": "taxes are named in the partner's language",
        "account.move.name": "sorts",
        "purchase.order.line.sequence": "sorts",
        "purchase.order.priority": "sorts",
    },
    "flows": {
        "account.move.line.date": "sorts",
        "account.move.line.display_type": "lines that are no product are made by Odoo, "
        "which posts no others",
        "account.move.line.move_name": "sorts",
        "account.move.name": "sorts",
        "purchase.order.line.display_type": "Odoo refuses to change it",
        "purchase.order.line.is_downpayment": "nothing without a deposit that has the "
        "line, and only the system makes those",
        "purchase.order.line.sequence": "sorts",
        "purchase.order.priority": "sorts",
        "stock.move.picked": "says what is asked for before goods are received; what "
        "was received is judged then",
        "stock.move.picking_id": "leads to what is asked for before goods are received",
        "stock.move.sequence": "sorts",
        "stock.picking.priority": "sorts",
        "stock.picking.scheduled_date": "sorts",
        "stock.picking.state": "says whether to ask for goods before they are received",
    },
}


@tagged("post_install", "-at_install")
class TestJudgedFields(DepositCommon):
    """No flag that its subject may write decides: what judgements read is part of the
    terms, or a change of it is judged itself."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.subject = new_test_user(
            cls.env,
            "judged.subject",
            groups="purchase.group_purchase_user,stock.group_stock_user,"
            "account.group_account_invoice",
            company_id=cls.company.id,
        )
        cls.approver = new_test_user(
            cls.env,
            "judged.approver",
            groups="purchase.group_purchase_user",
            company_id=cls.company.id,
        )
        cls.product.write(
            {
                "type": "consu",
                "is_storable": True,
                "purchase_method": "receive",
                "categ_id": cls.env["product.category"].create({"name": "Beds"}).id,
            }
        )
        cls._rule(30, method="bill", posting="draft", account_id=cls.prepayment.id)
        cls.currency = cls.setup_other_currency("EUR")
        values = {"name": "Part of it", "price_include_override": "tax_included"}
        cls.tax = cls.tax_purchase_a.copy(values)
        cls.approvals = cls._approval_rule()
        cls._open_budget()
        cls.order = cls._approved_order()

    # ------------------------------------------------------------
    # WHAT IS JUDGED
    # ------------------------------------------------------------

    @classmethod
    def _approval_rule(cls):
        step = {"name": "Approver", "user_ids": [Command.set(cls.approver.ids)]}
        return (
            cls.env["approval.rule"]
            .sudo()
            .create(
                {
                    "name": "Purchases",
                    "model_id": cls.env["ir.model"]._get_id("purchase.order"),
                    "company_id": cls.company.id,
                    "amount_min": 100,
                    "excess_policy": "block",
                    "step_ids": [Command.create(step)],
                }
            )
        )

    @classmethod
    def _open_budget(cls):
        line = {"category_id": cls.product.categ_id.id, "amount": 1000000}
        budget = (
            cls.env["spend.budget"]
            .sudo()
            .create(
                {
                    "name": "Plan",
                    "company_id": cls.company.id,
                    "date_from": "2000-01-01",
                    "date_to": "2100-12-31",
                    "line_ids": [Command.create(line)],
                }
            )
        )
        budget._system_write({"state": "open"})

    @classmethod
    def _approved_order(cls):
        """Return an order in another currency, with a tax in the price, a rebate as a
        line of its own, a deposit, goods that came and bills."""
        line = {
            "product_id": cls.product.id,
            "product_qty": 10,
            "price_unit": 100,
            "discount": 5,
            "tax_ids": [Command.set(cls.tax.ids)],
        }
        rebate = {**line, "product_qty": 1, "price_unit": -10}
        order = cls.env["purchase.order"].create(
            {
                "partner_id": cls.vendor.id,
                "user_id": cls.buyer.id,
                "currency_id": cls.currency.id,
                "order_line": [Command.create(line), Command.create(rebate)],
            }
        )
        order.with_user(cls.buyer).button_confirm()
        order.with_user(cls.approver).action_approve()
        picking = order.picking_ids
        picking.move_ids[0].quantity = 4
        picking.with_context(skip_backorder=True).button_validate()
        order.action_create_invoice()
        bill = order.invoice_ids - order.deposit_ids.bill_id
        bill.invoice_date = fields.Date.today()
        bill.action_post()
        return order

    # ------------------------------------------------------------
    # WHAT JUDGEMENTS READ
    # ------------------------------------------------------------

    @contextmanager
    def _recording(self):
        """Give the block the fields of our models that are read in it, as pairs of the
        names of model and field.

        The lines of a document are read by the field that leads from them to it.
        """
        read = set()

        def note(field, records):
            if records is None or not field.store:
                return
            if field.type == "one2many":
                field = records.env[field.comodel_name]._fields[field.inverse_name]
            if field.model_name in MODELS:
                read.add((field.model_name, field.name))

        def spy_on(cls):
            get = cls.__get__

            def spy(field, records, owner=None):
                note(field, records)
                return get(field, records, owner)

            return patch.object(cls, "__get__", spy)

        flush = models.BaseModel.flush_model

        def spy_on_query(records, fnames=None):
            for name in fnames or ():
                note(records._fields[name], records)
            return flush(records, fnames)

        self.env.flush_all()
        self.env.invalidate_all()
        with (
            spy_on(fields.Field),
            spy_on(_Relational),
            patch.object(models.BaseModel, "flush_model", spy_on_query),
        ):
            yield read

    def _read_by_approvals(self):
        order = as_system(self.order)
        with self._recording() as read:
            order._approval_terms()
            order._approval_amount()
            order._approval_threshold_amount()
            order._approval_required()
            order._approval_given()
            order._approval_missing()
        return read

    def _read_by_budgets(self):
        order = as_system(self.order)
        bills = order.invoice_ids
        with self._recording() as read:
            order.order_line._budget_measures()
            bills.invoice_line_ids._budget_measures(forecast=True)
        return read

    def _read_by_flows(self):
        order = as_system(self.order)
        bills, pickings = order.invoice_ids, order.picking_ids
        with self._recording() as read:
            lines = order.order_line
            lines._flow_allowances()
            billed = lines._flow_billed(drafts=bills)
            lines._flow_get_billed_excess(billed)
            bills._flow_check_unbacked()
            received = lines._prepare_qty_received()
            lines._flow_get_received_excess(received)
            pickings._flow_get_excess()
        return read

    # ------------------------------------------------------------
    # WHAT IS WATCHED
    # ------------------------------------------------------------

    def _terms(self):
        return self._named(
            {
                name: self.env[name]._approval_term_fields() | {"state"}
                for name in ("purchase.order", "purchase.order.line")
            }
        )

    def _budget_triggers(self):
        return self._named(
            {name: self.env[name]._budget_triggers for name in MODELS[:4]}
        )

    def _flow_fields(self):
        return self._terms() | self._named(
            {
                "purchase.order.line": purchase_order_line.RECEIVED_FIELDS,
                "account.move": account_move.BILLED_FIELDS | {"state"},
                "account.move.line": account_move_line.BILLED_FIELDS,
                "stock.move": stock_move.RECEIVED_FIELDS,
            }
        )

    @staticmethod
    def _named(names_by_model):
        return {
            (model, name) for model, names in names_by_model.items() for name in names
        }

    def _is_written_by_subject(self, model, name):
        field = self.env[model]._fields[name]
        return (
            name not in models.MAGIC_COLUMNS
            and name not in SYSTEM_FIELDS
            and (model, name) not in OF_THE_ORDER
            and name not in getattr(self.env[model], "_deposit_links", ())
            and self.env[model]
            .with_user(self.subject)
            ._has_field_access(field, "write")
        )

    def _find_deciding(self, read, watched):
        """Return what is read and may be written without being judged."""
        return {
            f"{model}.{name}"
            for model, name in read - watched
            if self._is_written_by_subject(model, name)
        }

    def _assert_approvals_read_terms(self):
        found = self._find_deciding(self._read_by_approvals(), self._terms())
        self.assertEqual(found - HARMLESS["approvals"].keys(), set())

    def _assert_flows_read_what_is_judged(self):
        found = self._find_deciding(self._read_by_flows(), self._flow_fields())
        self.assertEqual(found - HARMLESS["flows"].keys(), set())

    def _change_within_tolerance(self):
        """Let the order differ from what was approved, and stay approved."""
        self.approvals.tolerance = 10
        self.order = self._approved_order()
        self.order.order_line[0].price_unit = 101
        self.assertEqual(self.order.state, "purchase")

    # ------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------

    def test_approvals_read_terms(self):
        self._assert_approvals_read_terms()

    def test_approvals_with_a_tolerance_read_terms(self):
        self._change_within_tolerance()
        self._assert_approvals_read_terms()

    def test_budgets_read_what_the_ledger_follows(self):
        found = self._find_deciding(self._read_by_budgets(), self._budget_triggers())
        self.assertEqual(found - HARMLESS["budgets"].keys(), set())

    def test_flows_read_terms_and_what_is_judged(self):
        self._assert_flows_read_what_is_judged()

    def test_flows_with_a_tolerance_read_terms_and_what_is_judged(self):
        self._change_within_tolerance()
        self._assert_flows_read_what_is_judged()

    def test_a_judgement_by_the_flag_of_down_payments_is_reported(self):
        Line = type(self.env["account.move.line"])
        cost = Line._budget_get_cost

        def cost_without_advances(line):
            return 0.0 if line.is_downpayment else cost(line)

        with patch.object(Line, "_budget_get_cost", cost_without_advances):
            read = self._read_by_budgets()
        found = self._find_deciding(read, self._budget_triggers())
        self.assertEqual(
            found - HARMLESS["budgets"].keys(), {"account.move.line.is_downpayment"}
        )
