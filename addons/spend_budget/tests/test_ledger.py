from psycopg2 import IntegrityError, errors

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestLedger(SpendBudgetCommon):
    """Nobody writes the ledger and the balances but orders and bills."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._line(1000)
        cls.order = cls._confirmed(price=100)
        cls.entry = cls.env["spend.entry"].search([("line_id", "=", cls.line.id)])

    def test_entry_says_what_moved_and_why(self):
        entry = self.entry
        self.assertEqual(len(entry), 1)
        self.assertEqual((entry.kind, entry.amount), ("commit", 100))
        self.assertEqual((entry.reason, entry.number), ("approved", 1))
        self.assertEqual(entry.document, self.order.display_name)
        self.assertEqual(entry.user_id, self.buyer)
        action = entry.with_user(self.env.user).action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            (
                "purchase.order",
                self.order.id,
            ),
        )

    def test_orm_refuses_everybody(self):
        for user in (self.env.ref("base.user_root"), self.manager, self.owner):
            entry = self.entry.with_user(user).sudo()
            with self.assertRaises(AccessError):
                entry.write({"amount": 1})
            with self.assertRaises(AccessError):
                entry.unlink()
            with self.assertRaises(AccessError):
                entry.copy()
            with self.assertRaises(AccessError):
                entry.create({"line_id": self.line.id})

    def test_database_refuses(self):
        for statement in (
            "UPDATE spend_entry SET amount = 1",
            "DELETE FROM spend_entry",
            "TRUNCATE spend_entry",
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(errors.InsufficientPrivilege),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_database_counts_a_movement_once(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "INSERT INTO spend_entry (line_id, budget_id, company_id, kind, amount,"
                " reason, date, source_model, source_id, number)"
                " SELECT line_id, budget_id, company_id, kind, amount, reason, date,"
                " source_model, source_id, number FROM spend_entry LIMIT 1"
            )

    def test_database_keeps_balances_within_reason(self):
        self.line.control = "block"
        for change in ("reserved = -1", "committed = -1", "actual = 901"):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    f"UPDATE spend_budget_line SET {change} WHERE id = %s",
                    [self.line.id],
                )

    def test_balances_cannot_be_written(self):
        line = self.line.sudo()
        for name in ("reserved", "committed", "actual", "available", "limit_amount"):
            with self.assertRaises(AccessError):
                line.write({name: 0})
            with self.assertRaises(AccessError):
                line.create(
                    {
                        "budget_id": line.budget_id.id,
                        "account_id": self.ward.id,
                        "amount": 1,
                        name: 1,
                    }
                )
        self.assertEqual(line.copy({"account_id": self.ward.id}).committed, 0)

    def test_state_is_not_for_writing(self):
        budget = self.line.budget_id
        with self.assertRaises(AccessError):
            budget.write({"state": "closed"})
        copy = budget.copy()
        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy.line_ids.committed, 0)

    def test_posting_twice_changes_nothing(self):
        control = self.env["spend.control"].sudo()
        with control._watching() as watch:
            watch.see_orders(self.order)
        self.env["spend.bulk"].sudo()._synchronise(self.line.budget_id)
        self.assertEqual(
            self.env["spend.entry"].search([("line_id", "=", self.line.id)]), self.entry
        )

    def test_verification_finds_wrong_balances_and_repairs_them(self):
        self.env.cr.execute("UPDATE spend_budget_line SET committed = 7")
        self.env.invalidate_all()
        # by the ledger, and by the independent sum
        self.assertEqual(len(self.line.budget_id._find_differences()), 2)
        message = self.line.budget_id.action_verify()["params"]["message"]
        self.assertIn("Clinic", message)
        self.env["spend.ledger"]._rebuild_balances(self.line)
        self.assertBalance(self.line, committed=100)

    def test_verification_finds_documents_that_were_not_counted(self):
        self.env.cr.execute(
            "UPDATE purchase_order_line SET price_unit = 250 WHERE order_id = %s",
            [self.order.id],
        )
        self.env.invalidate_all()
        # by the ledger, and by the independent sum
        self.assertEqual(len(self.line.budget_id._find_differences()), 2)
        self.line.budget_id.with_user(self.manager).action_synchronise()
        self.assertBalance(self.line, committed=250)

    def test_entries_outlive_their_documents(self):
        order = self._submitted(price=5)
        name = order.display_name
        order.button_cancel()
        order.unlink()
        entries = self.env["spend.entry"].search([("document", "=", name)])
        self.assertEqual(sum(entries.mapped("amount")), 0)
        self.assertFalse(entries[0].action_open_document())
