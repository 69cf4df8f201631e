"""Customers who are merged and made several again, where mailings are installed."""

from pathlib import Path

import pytest

from neighbours import PATIENCE, ask

pytestmark = pytest.mark.timeout(PATIENCE)
PROGRAM = Path(__file__).with_name("customer_mailings.py")
OUT = "out@example.com"


@pytest.fixture(scope="module")
def told():
    return ask(PROGRAM)


def test_who_wants_no_mails_gets_none_after_a_merge(told):
    assert told["before"]["customers"] == [[False, False], [OUT, True]]
    assert told["merged"]["customers"][0] == [OUT, True]


def test_lists_keep_who_left_them(told):
    """They know addresses, not customers."""
    contacts = [[OUT, True, True], ["in@example.com", False, False]]
    for state in told.values():
        assert state["contacts"] == contacts


def test_what_was_sent_goes_along(told):
    states = "before", "merged", "undone"
    assert [told[state]["trace of"] for state in states] == [1, 0, 1]
    assert {told[state]["written to"] for state in states} == {OUT}
    assert told["merged"]["recipients"] == 1


def test_the_undo_brings_all_of_it_back(told):
    assert told["undone"] == told["before"]
