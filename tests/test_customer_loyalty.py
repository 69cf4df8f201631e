"""Salespeople with own customers only, where loyalty is installed."""

from pathlib import Path

import pytest

from odoo.addons.customer_base.models.ir_rule import CLOSED

from leaks import EXCUSED
from loyalty import ask

PROGRAM = Path(__file__).with_name("loyalty_cards.py")


@pytest.fixture(scope="module")
def told():
    return ask(PROGRAM)


def test_a_card_of_a_hidden_customer_is_hidden(told):
    own_only = told["own only"]
    assert own_only["found"] == ["Own", False]
    assert own_only["readable"] == [True, False, True]
    assert own_only["history"] == ["Own", False]
    assert "Zyxhidden" not in own_only["told"]
    assert told["other"]["found"] == ["Zyxhidden", False]


def test_without_the_rule_all_cards_are_seen(told):
    assert told["before"]["found"] == ["Own", "Zyxhidden", False]
    assert told["before"]["history"] == ["Own", "Zyxhidden", False]
    assert told["before"]["readable"] == [True, True, True]


def test_loyalty_names_customers_nowhere_else(told):
    assert "loyalty.card" in told["naming"]
    assert not set(told["naming"]) - set(CLOSED) - set(EXCUSED)
