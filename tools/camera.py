"""How a picture of the demo company is taken, by somebody at their screen."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tools import checkout_databases, databases, places, server, settings
from tools.browser import Browser, Page, chromium
from tools.console import Fail, step
from tools.demo import LOGINS
from tools.setup import Ready

FOLDER = places.ROOT / "docs/images"
TIME_ZONE = "Asia/Ho_Chi_Minh"
DESK, PHONE = (1366, 768), (375, 667)
#: What holds decisions back on the screen, as a script finds it.
HOLD = (
    "window.odoo?.loader?.modules?.get("
    "'@approval_matrix/approval_hold/approval_hold_service')"
)
#: How long the jobs of the first day may take on a busy machine.
SECONDS = 180


@dataclass(frozen=True)
class Act:
    """What is done on the screen before the picture, or after it.

    :param selector: of what is pressed; of several the first that is seen
    :param reads: and says this
    :param text: is typed there, and left by the keyboard
    :param is_long: the finger stays on it
    """

    selector: str
    text: str = ""
    is_long: bool = False
    reads: str = ""


@dataclass(frozen=True)
class Picture:
    """One picture.

    :param path: what is opened; the braces are for what ``record`` or ``before`` say
    :param shown: selector of what must be there
    :param click: selector of what is pressed before that
    :param acts: further ones, and what is typed
    :param after: what is done when it was taken, so that it leaves no traces
    :param before: what is done in the company first; returns what the path is about
    :param stage: what the company goes through first, once for all pictures of it
    :param is_below: it is further down, and scrolled to
    :param shows: returns HTML that is shown in place of a page of Odoo's
    :param is_apart: in a company where nothing was done for other pictures, such as
        spending the money of its bank
    """

    name: str
    login: str
    path: str
    shown: str
    size: tuple[int, int] = DESK
    record: tuple[str, str] | None = None
    click: str = ""
    before: Callable[[Company], int | str] | None = None
    acts: tuple[Act, ...] = ()
    after: tuple[Act, ...] = ()
    stage: Callable[[Company], dict] | None = None
    shows: Callable[[Company], str] | None = None
    is_below: bool = False
    is_apart: bool = False


@dataclass(frozen=True)
class Company:
    """The company that is looked at.

    :param url: of its server
    :param known: what stages have left behind, by the stage's name
    """

    ready: Ready
    conf: Path
    database: str
    url: str
    browser: Browser
    known: dict = field(default_factory=dict)

    def at(self, stage: Callable[[Company], dict]) -> dict:
        """Return what there is after a stage, which is gone through once."""
        if stage.__name__ not in self.known:
            self.known[stage.__name__] = stage(self)
        return self.known[stage.__name__]

    def open(self, login: str) -> Page:
        """Let somebody log in who is in Vietnam: the first time Odoo asks their
        browser for their time zone, and keeps it."""
        page = self.browser.window(self.url)
        page.be_in(TIME_ZONE)
        page.log_in(login, _password(login))
        return page


def take_all(ready: Ready, pictures: list[Picture]) -> None:
    """Take pictures of one company."""
    with checkout_databases.demo_copy(ready, "pictures") as database:
        conf = settings.write("pictures", ready.odoo, db_name=database)
        with server.serve(conf, name="pictures") as running, chromium() as browser:
            company = Company(ready, conf, database, running.url, browser)
            with step("Jobs of the first day"):
                _wait_for_jobs(database)
            for picture in pictures:
                with step(f"docs/images/{picture.name}.png"):
                    _take(picture, company)


def _wait_for_jobs(database: str) -> None:
    databases.query(f"SELECT pg_notify('cron_trigger', {databases.literal(database)})")
    # that of customers looks through all of them each night, and is never over
    jobs = (
        "SELECT count(*) FROM supply_change UNION ALL SELECT count(*) FROM ir_cron cron"
        " JOIN ir_model_data data ON data.res_id = cron.id AND data.model = 'ir.cron'"
        " WHERE data.name = 'ir_cron_fill' AND cron.active"
        " AND data.module != 'customer_base'"
    )
    deadline = time.monotonic() + SECONDS
    while any(map(int, databases.query(jobs, database))):
        if time.monotonic() > deadline:
            raise Fail("The jobs of the first day do not end.")
        time.sleep(0.5)


def _take(picture: Picture, company: Company) -> None:
    if picture.stage:
        company.at(picture.stage)
    if picture.before:
        record = picture.before(company)
    else:
        record = picture.record and _id(company.database, *picture.record)
    if picture.login:
        page = company.open(picture.login)
    else:
        page = company.browser.window(company.url)
        page.be_in(TIME_ZONE)
    page.resize(*picture.size, is_phone=picture.size == PHONE)
    page.show(picture.path.format(record))
    if picture.shows:
        page.until("document.readyState === 'complete'", "no page")
        html = json.dumps(picture.shows(company))
        page.run(f"document.documentElement.innerHTML = {html}; true")
    if picture.after:
        page.until(f"!!{HOLD}", "the web client does not start")
        page.run(f"({HOLD}).hold.delay = {1000 * SECONDS}")
    if picture.click:
        page.until(f"!!{_seen(picture.click)}", "no button")
        page.run(f"{_seen(picture.click)}.click()")
    for act in picture.acts:
        _do(page, act)
    page.until(f"!!document.querySelector('{picture.shown}')", "it is not shown")
    if picture.is_below:
        page.run(f"{_seen(picture.shown)}.scrollIntoView({{block: 'center'}})")
    page.settle()
    (FOLDER / f"{picture.name}.png").write_bytes(page.picture())
    for act in picture.after:
        _do(page, act)
        page.until(f"!{_seen(act.selector)}", "it does not end")


def _do(page: Page, act: Act) -> None:
    element = _seen(act.selector, act.reads)
    page.until(f"!!{element}", f"no {act.selector} {act.reads}")
    if act.is_long:
        page.run(f"{element}.dispatchEvent(new Event('touchstart', {{bubbles: true}}))")
        page.until("!!document.querySelector('.o_record_selected')", "not chosen")
    elif act.text:
        page.press(element)
        page.type(act.text)
        page.tab()
    else:
        page.run(f"{element}.click()")


def _seen(selector: str, reads: str = "") -> str:
    """Return a script that finds the first of the elements that is on the screen.

    :param reads: what it says, if not anything
    """
    is_it = "each.checkVisibility()"
    if reads:
        is_it += f" && each.innerText.trim() === {json.dumps(reads)}"
    return (
        f"[...document.querySelectorAll({json.dumps(selector)})]"
        f".find((each) => {is_it})"
    )


def _id(database: str, table: str, name: str) -> str:
    query = f"SELECT id FROM {table} WHERE name = {databases.literal(name)}"
    return databases.query(query, database)[0]


def _password(login: str) -> str:
    return next(row[2] for row in LOGINS if row[1] == login)
