from odoo.tests import tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestRuleWords(DocumentCommon):
    """A list of rules says in words when each applies."""

    def _words(self, domain, user=None):
        self.rule.domain = str(domain)
        rule = self.rule.with_user(user) if user else self.rule
        rule.invalidate_recordset(["condition_words"])
        return rule.condition_words

    def test_no_condition(self):
        self.assertEqual(self._words([]), "Always")

    def test_comparisons(self):
        for domain, words in (
            ([("name", "=", "A")], "Name is “A”"),
            ([("name", "!=", "A")], "Name is not “A”"),
            ([("name", "ilike", "A")], "Name contains “A”"),
            ([("name", "not ilike", "A")], "Name does not contain “A”"),
            ([("amount", ">=", 20000000)], "Amount is at least 20,000,000"),
            ([("amount", "<", 5)], "Amount is less than 5"),
            ([("owner_id", "=", False)], "Owner is not set"),
            ([("owner_id", "!=", False)], "Owner is set"),
            ([("state", "=", "draft")], "State is Draft"),
            ([("state", "in", ["draft", "done"])], "State is one of Draft, Done"),
            ([("state", "not in", ["done"])], "State is not Done"),
            ([("owner_id.name", "=", "X")], "Owner › Name is “X”"),
            ([("owner_id.active", "=", True)], "Owner › Active is set"),
            ([("owner_id.active", "=", False)], "Owner › Active is not set"),
            ([("create_date", ">", "2026-11-01")], "Created on is more than 11/1/26"),
        ):
            with self.subTest(domain=domain):
                self.assertIn(words, self._words(domain))

    def test_records_have_names(self):
        self.assertEqual(
            self._words([("owner_id", "in", (self.lead + self.head).ids)]),
            "Owner is one of “Lead”, “Head”",
        )
        gone = self.env["res.users"].browse(2**30).id
        self.assertIn("something deleted", self._words([("owner_id", "=", gone)]))

    def test_many_values_are_counted(self):
        names = [f"N{number}" for number in range(12)]
        self.assertIn("“N4” and 7 more", self._words([("name", "in", names)]))

    def test_joined_conditions(self):
        domain = [
            "|",
            ("name", "=", "A"),
            "&",
            ("amount", ">", 1),
            "!",
            ("state", "=", "done"),
        ]
        self.assertEqual(
            self._words(domain),
            "Name is “A” or (Amount is more than 1 and not: State is Done)",
        )

    def test_nested_conditions(self):
        self.assertEqual(
            self._words([("owner_id", "any", [("name", "=", "X")])]),
            "Owner: Name is “X”",
        )

    def test_condition_that_cannot_be_judged(self):
        self.env.cr.execute(
            "UPDATE approval_rule SET domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", self.rule.id],
        )
        self.rule.invalidate_recordset()
        self.assertEqual(self.rule.condition_words, "Cannot be judged")

    def test_names_only_what_the_reader_may_open(self):
        """Administrators of approvals are not readers of everything."""
        manager = self._user("ruler")
        manager.group_ids += self.env.ref("approval_matrix.group_approval_manager")
        secret = self.env["res.company"].create({"name": "Secret"})
        words = self._words([("company_id", "=", secret.id)], manager)
        self.assertNotIn("Secret", words)
        self.assertIn("something you may not open", words)

    def test_list_hides_amounts_that_are_none(self):
        view = self.env["approval.rule"].get_view(view_type="list")["arch"]
        self.assertIn('name="condition_words"', view)
        self.assertIn('invisible="not amount_min"', view)
