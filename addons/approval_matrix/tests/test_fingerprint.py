from odoo.tests import BaseCase, tagged

from odoo.addons.approval_matrix.fingerprint import (
    GENESIS,
    canonical,
    chain_hash,
    fingerprint,
    first_broken,
)


def chain(*contents):
    """Return rows as the log stores them."""
    rows, previous = [], GENESIS
    for content in contents:
        row_hash = chain_hash(previous, content)
        rows.append((content, previous, row_hash))
        previous = row_hash
    return rows


@tagged("post_install", "-at_install")
class TestFingerprint(BaseCase):
    def test_order_of_keys_does_not_matter(self):
        self.assertEqual(
            fingerprint({"a": 1, "b": [1, 2]}), fingerprint({"b": [1, 2], "a": 1})
        )

    def test_any_value_matters(self):
        terms = {"vendor": 7, "lines": [{"price": "9000.000000"}]}
        for other in (
            {"vendor": 8, "lines": [{"price": "9000.000000"}]},
            {"vendor": 7, "lines": [{"price": "900000.000000"}]},
            {"vendor": 7, "lines": []},
            {"vendor": "7", "lines": [{"price": "9000.000000"}]},
        ):
            self.assertNotEqual(fingerprint(terms), fingerprint(other))

    def test_known_value(self):
        # printf '{"a":"đ"}' | sha256sum
        self.assertEqual(canonical({"a": "đ"}), '{"a":"đ"}')
        self.assertEqual(
            fingerprint({"a": "đ"}),
            "f518955f7333f75b7796b8ec88a74af2421ae38b0f308b1e3cde2300fd625de1",
        )

    def test_floats_are_refused(self):
        for content in (1.5, {"a": 1.5}, [{"a": [0.1]}]):
            with self.assertRaises(TypeError):
                fingerprint(content)

    def test_whole_chain(self):
        rows = chain({"n": 1}, {"n": 2}, {"n": 3})
        self.assertIsNone(first_broken(rows, rows[-1][2]))
        self.assertIsNone(first_broken([]))

    def test_changed_row_is_found(self):
        rows = chain({"n": 1}, {"n": 2}, {"n": 3})
        rows[1] = ({"n": 9}, *rows[1][1:])
        self.assertEqual(first_broken(rows), 1)

    def test_resealed_row_breaks_the_next(self):
        rows = chain({"n": 1}, {"n": 2}, {"n": 3})
        previous = rows[1][1]
        rows[1] = ({"n": 9}, previous, chain_hash(previous, {"n": 9}))
        self.assertEqual(first_broken(rows), 2)

    def test_missing_row_is_found(self):
        rows = chain({"n": 1}, {"n": 2}, {"n": 3})
        self.assertEqual(first_broken([rows[0], rows[2]]), 1)

    def test_cut_off_end_is_found(self):
        rows = chain({"n": 1}, {"n": 2}, {"n": 3})
        self.assertEqual(first_broken(rows[:2], rows[2][2]), 2)
