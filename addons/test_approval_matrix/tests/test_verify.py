from odoo.tests import tagged

from .common_request import GONE, ApprovalCommon


@tagged("post_install", "-at_install")
class TestVerifyLogs(ApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.processes = cls.env["approval.process"].union(
            *(
                cls._process(res_id=GONE + number, document_name=f"Paper {number}")
                for number in range(5)
            )
        )
        for event in ("submitted", "approved", "granted"):
            cls.processes._log(event)
        cls.env.flush_all()

    def _tamper(self, statement, process):
        """Change the table as somebody with the keys of the database would."""
        self.cr.execute("ALTER TABLE approval_log DISABLE TRIGGER USER")
        self.cr.execute(statement, [process.id])
        self.cr.execute("ALTER TABLE approval_log ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def _read(self, batch):
        verification = self.env["approval.verification"]
        return verification._read_in_batches("approval.process", [], batch)

    def _verify(self, batch=2):
        """Return how many logs were verified, and what is broken in ours."""
        count, broken = 0, []
        for processes in self._read(batch):
            self.assertLessEqual(len(processes), batch)
            count += len(processes)
            rows = processes._find_broken_log()
            broken += [(process.document_name, row) for process, row in rows.items()]
        return count, broken

    def test_all_logs_are_verified_whatever_the_batch(self):
        everything = self.env["approval.process"].search_count([])
        for batch in (1, 2, 5, 1000):
            with self.subTest(batch=batch):
                self.assertEqual(self._verify(batch), (everything, []))

    def test_first_bad_row_of_each_broken_log_is_named(self):
        self._tamper(
            "UPDATE approval_log SET user_id = NULL"
            " WHERE process_id = %s AND sequence > 1",
            self.processes[1],
        )
        self._tamper(
            "DELETE FROM approval_log WHERE process_id = %s AND sequence = 3",
            self.processes[4],
        )
        _count, broken = self._verify()
        self.assertEqual(broken, [("Paper 1", 2), ("Paper 4", 3)])

    def test_log_removed_altogether_is_found(self):
        self._tamper(
            "DELETE FROM approval_log WHERE process_id = %s", self.processes[0]
        )
        self._tamper(
            "UPDATE approval_process SET log_count = 0, log_hash = NULL WHERE id = %s",
            self.processes[0],
        )
        self.assertEqual(self._verify()[1], [("Paper 0", 1)])

    def test_a_batch_costs_few_queries_whatever_its_size(self):
        self.env.invalidate_all()
        batches = self._read(1000)
        with self.assertQueryCount(4):
            next(batches)._find_broken_log()
