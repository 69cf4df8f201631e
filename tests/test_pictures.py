"""Readers see the pictures that are taken, at both sizes, and nothing is forgotten."""

from __future__ import annotations

import re

import pytest

from tools import places
from tools.camera import DESK, FOLDER, PHONE
from tools.pictures import PICTURES

SCREENS = places.ROOT / "docs/screens.md"
SHOWN = re.compile(r"images/([\w-]+)\.png")


def names_in(*paths):
    return {name for path in paths for name in SHOWN.findall(path.read_text())}


def test_each_is_there_and_no_other():
    there = {path.stem for path in FOLDER.glob("*.png")}
    assert there == {picture.name for picture in PICTURES}


def test_each_is_shown_to_somebody():
    readers = [places.ROOT / "README.md", *(places.ROOT / "docs").glob("*.md")]
    assert names_in(*readers) == {picture.name for picture in PICTURES}


@pytest.mark.parametrize("column, size", enumerate((DESK, PHONE), start=1))
def test_screens_of_a_decision_are_there_at_both_sizes(column, size):
    sizes = {picture.name: picture.size for picture in PICTURES}
    rows = [row for row in SCREENS.read_text().splitlines() if "images/" in row]
    assert rows
    for row in rows:
        (name,) = SHOWN.findall(row.split("|")[column])
        assert sizes[name][0] == size[0], row
