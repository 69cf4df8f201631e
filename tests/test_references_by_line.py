"""Beside OCA's addon that gives each order line a stock reference of its own: supply
links are the same, for they do not hang on references.

On databases of their own, in processes of their own: the addon must not be found by
other tests.
"""

from pathlib import Path

import pytest

from installed import ask
from tools import peers

MODULE = "sale_stock_reference_by_line"
PACKAGE = "odoo-addon-sale-stock-reference-by-line==19.0.1.0.1"
PROGRAM = Path(__file__).with_name("references_by_line.py")


def tell(*modules, folders=()):
    """Return what becomes of two orders in a company with these modules.

    :param folders: with addons of others
    """
    purpose = f"references-{len(modules)}"
    return ask(PROGRAM, purpose, modules, "supply_link", folders)


@pytest.fixture(scope="module")
def usual():
    return tell("supply_link")


@pytest.fixture(scope="module")
def by_line():
    return tell("supply_link", MODULE, folders=[peers.fetch([PACKAGE])])


def test_each_line_has_a_reference_of_its_own(usual, by_line):
    assert usual["references"] == 1
    assert by_line["references"] == 2


def test_links_are_the_same(usual, by_line):
    assert usual["links"] == [["mto", "open", 4.0], ["mto", "open", 3.0]]
    assert by_line["links"] == usual["links"]


def test_merged_purchases_serve_both(usual, by_line):
    assert by_line["purchases"] == 2  # so that there is something to merge
    for told in (usual, by_line):
        assert told["merged"] == [["mto", "open", 5.0], ["mto", "open", 7.0]]
        assert told["merged_purchases"] == 1
