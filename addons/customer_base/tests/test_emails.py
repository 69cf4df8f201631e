from odoo.tests import BaseCase, tagged

from ..matching.emails import find_emails


@tagged("post_install", "-at_install")
class TestEmails(BaseCase):
    def test_case_and_notes_are_nothing(self):
        self.assertEqual(find_emails("An+shop@Phat.VN"), ("an@phat.vn",))

    def test_dots_at_google_are_nothing(self):
        self.assertEqual(
            find_emails("a.n.phat@gmail.com"), find_emails("anphat@googlemail.com")
        )
        self.assertEqual(find_emails("a.n@phat.vn"), ("a.n@phat.vn",))

    def test_several_with_names(self):
        self.assertEqual(
            find_emails('"An" <an@phat.vn>; binh@phat.vn, an@phat.vn'),
            ("an@phat.vn", "binh@phat.vn"),
        )

    def test_what_is_no_address(self):
        for text in ("", None, "an@", "@phat.vn", "an phat", "an@phat"):
            self.assertEqual(find_emails(text), (), text)
