from odoo.tests import BaseCase, tagged

from ..matching.emails import find_emails, is_placeholder


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

    def test_several_without_blanks(self):
        for text in ("an@phat.vn/binh@phat.vn", "an@phat.vn|binh@phat.vn"):
            self.assertEqual(find_emails(text), ("an@phat.vn", "binh@phat.vn"))

    def test_what_only_says_that_there_is_none(self):
        for box in ("khongco", "no-email", "khong_co", "khachle", "kco"):
            self.assertTrue(is_placeholder(f"{box}@gmail.com"), box)
        for box in ("info", "nga", "khoa", "notte", "a"):
            self.assertFalse(is_placeholder(f"{box}@gmail.com"), box)

    def test_what_is_no_address(self):
        for text in ("", None, "an@", "@phat.vn", "an phat", "an@phat"):
            self.assertEqual(find_emails(text), (), text)
