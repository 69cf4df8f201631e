import psycopg2

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_request import GONE, ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalLog(ApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls._process()
        cls.process._log("submitted")
        cls.process._log("approved", "Step", "fine")
        cls.process._log("granted")
        cls.env.flush_all()

    def _tamper(self, statement):
        """Change the table as somebody with the keys of the database would."""
        self.cr.execute("ALTER TABLE approval_log DISABLE TRIGGER USER")
        self.cr.execute(statement, [self.process.id])
        self.cr.execute("ALTER TABLE approval_log ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def test_database_refuses_to_change_or_remove_rows(self):
        for statement in (
            "UPDATE approval_log SET comment = 'x' WHERE process_id = %s",
            "DELETE FROM approval_log WHERE process_id = %s",
            "TRUNCATE approval_log",
        ):
            with (
                self.subTest(statement=statement),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.Error, "append-only"),
                self.cr.savepoint(),
            ):
                parameters = [self.process.id] if "%s" in statement else None
                self.cr.execute(statement, parameters)

    def test_database_refuses_rows_that_do_not_continue_the_chain(self):
        last = self.process.log_ids[-1]
        for sequence, previous in ((3, last.hash), (5, last.hash), (4, "0" * 64)):
            with (
                self.subTest(sequence=sequence),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.Error, "chain"),
                self.cr.savepoint(),
            ):
                self.cr.execute(
                    """
                    INSERT INTO approval_log
                        (process_id, sequence, date, event, previous_hash, hash)
                    VALUES (%s, %s, %s, 'approved', %s, 'x')
                    """,
                    [self.process.id, sequence, fields.Datetime.now(), previous],
                )

    def test_whole_log_is_found_whole(self):
        self.env.invalidate_all()
        self.assertEqual(self.process._find_broken_log(), {})

    def test_changed_row_is_found(self):
        self._tamper(
            "UPDATE approval_log SET comment = 'no'"
            " WHERE process_id = %s AND sequence = 2"
        )
        self.assertEqual(self.process._find_broken_log(), {self.process: 2})

    def test_removed_end_is_found(self):
        self._tamper("DELETE FROM approval_log WHERE process_id = %s AND sequence = 3")
        self.assertEqual(self.process._find_broken_log(), {self.process: 3})

    def test_rows_of_many_processes_in_one_call(self):
        other = self._process(res_id=GONE + 1)
        other._log("submitted")
        (self.process | other)._log("cancelled", comment="end")
        self.assertEqual(other.log_ids.mapped("sequence"), [1, 2])
        self.assertEqual((self.process | other)._find_broken_log(), {})
