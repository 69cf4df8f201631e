"""The lint of translations: what it must find, and what it must let pass."""

import pytest

from tools.inside import glossary

HEAD = f"""# Words

| word | meaning |
|---|---|
| not | read |

{glossary.HEADING}

Some text.

| {" | ".join(glossary.COLUMNS)} |
|---|---|---|---|---|
"""


@pytest.fixture
def read(tmp_path):
    """Return what reads a table with these rows."""

    def from_rows(*rows, head=HEAD):
        path = tmp_path / "glossary.md"
        path.write_text(head + "\n".join(rows) + "\n\n## Later\n\n| not | read |\n")
        return glossary.read(path)

    return from_rows


def found(terms, source, translation, addon="an_addon"):
    return glossary.problems(addon, source, translation, terms)


def test_other_word_for_a_term_is_found(read):
    terms = read("| budget, budgets | ngân sách | – | – | – |")
    assert found(terms, "Your budgets", "Định phí của bạn")
    assert not found(terms, "Your budgets", "Ngân sách của bạn")


def test_one_of_several_words_is_enough(read):
    terms = read("| vendor | nhà cung cấp, NCC | – | – | – |")
    assert not found(terms, "Vendor", "Chờ NCC")


def test_forbidden_word_is_found_beside_the_right_one(read):
    terms = read("| waits for | chờ | đang ở, người giữ | – | – |")
    (problem,) = found(terms, "It waits for A", "Đang ở A, còn chờ")
    assert "đang ở" in problem


def test_word_without_a_term_is_forbidden_everywhere(read):
    terms = read("| – | – | định mức | – | – |")
    assert found(terms, "Whatever it says", "Hết Định mức tháng")
    assert not found(terms, "Whatever it says", "Hết hạn mức tháng")


def test_only_whole_words_count(read):
    terms = read("| case | hồ sơ | ở | – | – |")
    assert not found(terms, "In uppercase", "Chữ hoa")
    assert not found(terms, "A case", "Hồ sơ mở")


def test_term_with_another_meaning_is_let_pass(read):
    terms = read("| urgent | khẩn | – | treated as urgent | – |")
    assert not found(terms, "Treated as urgent", "Được ưu tiên")
    assert found(terms, "Urgent", "Được ưu tiên")


def test_row_holds_in_its_addons(read):
    terms = read("| entry | phát sinh | – | – | spend_budget* |")
    assert found(terms, "Entry", "Bút toán", "spend_budget_expense")
    assert not found(terms, "Entry", "Bút toán", "supplier_deposit")


def test_placeholders_and_tags_are_no_text(read):
    terms = read("| vendor | nhà cung cấp | – | – | – |")
    assert not found(terms, '%(vendor)s <b title="Vendor">x</b>', "%(vendor)s <b>x</b>")


@pytest.mark.parametrize(
    "rows",
    [
        (),
        ("| budget | ngân sách | – | – |",),
        ("| – | ngân sách | – | – | – |",),
        ("| budget | – | – | – | – |",),
    ],
)
def test_table_that_checks_nothing_is_refused(read, rows):
    with pytest.raises(glossary.Malformed):
        read(*rows)


def test_missing_table_is_refused(read):
    with pytest.raises(glossary.Malformed):
        read("| budget | ngân sách | – | – | – |", head="# Words\n\n")


def test_planted_word_fails_the_lint():
    """With the table as it is: words that users met once and asked us to drop."""
    terms = glossary.read()
    for addon, source, right, wrong in (
        ("approval_matrix", "Waiting For", "Đang chờ", "Đang ở"),
        ("approval_matrix", "Waiting For", "Đang chờ", "Người đang giữ"),
        ("urgent_orders", "Monthly Quota", "Hạn mức tháng", "Định mức tháng"),
        ("spend_budget", "Reserved", "Tạm giữ", "Giữ chỗ"),
        ("approval_matrix", "Try It", "Chạy thử", "Thử"),
        ("approval_matrix", "Requested by", "Người trình", "Người yêu cầu"),
        ("spend_budget", "In thousands", "nghìn đồng", "nghìn dong"),
    ):
        assert not found(terms, source, right, addon), source
        assert found(terms, source, wrong, addon), wrong
