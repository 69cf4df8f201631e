"""An administrator's first hour, as ``docs/admin.md`` tells it, on an empty Odoo.

The numbered steps of the guide are followed to the letter: one click or entry each, by
the names that are on the screen. So the guide cannot drift from what people see.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from office import until
from tools import (
    databases,
    odoo_command,
    odoo_source,
    places,
    server,
    settings,
    templates,
)
from tools.browser import Page
from tools.setup import Ready

GUIDE = places.ROOT / "docs/admin.md"
#: Clicks and entries from an empty Odoo to the first approval.
MOST = 25
#: How long an installation may take, in seconds.
PATIENCE = 1200

STATES = "SELECT state FROM purchase_order"

STEP = re.compile(r"^(?P<number>\d+)\. (?P<text>.+)$", re.MULTILINE)
TYPE = re.compile(r"Type `(?P<value>[^`]+)` into \*\*(?P<name>[^*]+)\*\*(?P<enter>.*)")
PRESS = re.compile(r"Press \*\*(?P<name>[^*]+)\*\*( beside \*\*(?P<beside>[^*]+)\*\*)?")

#: Finds what a person would, by its name: what is on a button or in a menu; or a field
#: by its label, the words in it, or the head of its column. Of several the one that
#: comes last was opened last.
FIND = """
((name, isField, beside) => {
    const seen = (each) => each.checkVisibility() && each.getClientRects().length;
    const find = (selector) => [...document.querySelectorAll(selector)].filter(seen);
    const words = (text) => (text || "").replace(/\\s+/g, " ").trim();
    const says = (each) => words(each.innerText) === name;
    const begins = (text) => words(text).startsWith(name);
    if (!isField) {
        const isBeside = (each) =>
            !beside ||
            each.closest(".o_kanban_record, tr")?.innerText.includes(beside);
        const all = find("button, a, [role=option], [role=menuitem]");
        return all.filter((each) => says(each) && isBeside(each)).at(-1);
    }
    const fields = find("input, textarea");
    const cells = find("th")
        .filter(says)
        .map((head) => `.o_selected_row td[name="${head.dataset.name}"]`)
        .flatMap((cell) => find(`${cell} :is(input, textarea)`));
    const isLabelled = (label) => begins(label.innerText);
    return (
        cells[0] ||
        fields.find((each) => [...(each.labels || [])].some(isLabelled)) ||
        fields.find(
            (each) => begins(each.placeholder) || begins(each.ariaLabel)
        )
    );
})
"""


@dataclass
class Empty:
    """An Odoo that serves a database in which there is nothing yet."""

    url: str
    database: str


@dataclass
class Step:
    """A numbered line of the guide: what is pressed, or typed into what."""

    number: int
    name: str
    value: str | None = None
    beside: str | None = None
    has_enter: bool = False


def read_guide() -> list[Step]:
    steps = []
    for found in STEP.finditer(GUIDE.read_text()):
        number, text = int(found["number"]), found["text"]
        if typed := TYPE.fullmatch(text):
            has_enter = typed["enter"] == ", and press Enter"
            assert has_enter or not typed["enter"], text
            step = Step(number, typed["name"], typed["value"], has_enter=has_enter)
            steps.append(step)
        else:
            pressed = PRESS.fullmatch(text)
            assert pressed, f"neither one click nor one entry: {text}"
            steps.append(Step(number, pressed["name"], beside=pressed["beside"]))
    return steps


def follow(page: Page, step: Step) -> None:
    """Do what one line says, by mouse and keyboard."""
    asked = json.dumps([step.name, step.value is not None, step.beside])
    found = f"{FIND}(...{asked})"
    page.until(f"!!{found}", f"step {step.number}: there is no “{step.name}”")
    page.settle()
    page.press(found)
    if step.value is not None:
        page.type(step.value, enter=step.has_enter)


@pytest.fixture(scope="module")
def empty() -> Iterator[Empty]:
    """Serve an Odoo in which nothing but its base is installed."""
    ready = Ready(odoo_source.find(), Path(sys.executable))
    # what an administrator may wait for, where others have the processor, too
    conf = settings.write("tests-hour", ready.odoo, limit_time_real=PATIENCE)
    made = {"odoo": ready.odoo.version, "modules": ["base"]}

    def make(name: str) -> None:
        bare = settings.write("tests-base", ready.odoo, data_dir=templates.data_dir())
        odoo_command.modules(ready, bare, name, install=["base"])

    template = templates.ensure("tests_base", "Empty Odoo", made, make)
    name = f"{os.environ['CDO_TEST_DB']}_first_hour"
    data_dir = Path(os.environ["CDO_DATA_DIR"])
    databases.clone(template, name, templates.data_dir(), data_dir)
    try:
        with server.serve(conf, database=name, name="tests-first-hour") as running:
            yield Empty(running.url, name)
    finally:
        databases.drop(name, data_dir)


def test_guide_counts_its_steps():
    steps = read_guide()
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert len(steps) <= MOST
    assert f"in {len(steps)} clicks and\nentries" in GUIDE.read_text()


@pytest.mark.timeout(2 * PATIENCE)
def test_guide_leads_from_an_empty_odoo_to_the_first_approval(empty, browser):
    steps = read_guide()
    second = [step.name for step in steps].index("Email", 1)
    admin = browser.window(empty.url)
    admin.resize(1366, 768)
    admin.show("/odoo")
    for step in steps[:second]:
        follow(admin, step)
        if step.name == "Activate":
            admin.until(
                "!!document.querySelector('.o_approval_setup')",
                "the set-up is not shown after the installation",
                seconds=PATIENCE,
            )
    admin.until(
        "!!document.querySelector('.o_approval_progress')", "nobody is asked for it"
    )
    phone = browser.window(empty.url)
    phone.resize(375, 667, is_phone=True)
    phone.show("/odoo")
    for step in steps[second:]:
        follow(phone, step)
    until(
        lambda: databases.query(STATES, empty.database) == ["purchase"],
        "the order is not confirmed",
    )
