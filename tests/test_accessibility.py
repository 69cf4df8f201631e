"""Who cannot see the screen hears what it says, and reaches all of it by keyboard.

axe-core looks at our screens as the director has them in the demo company; what it
calls serious or critical fails the test, unless it is in ``KNOWN``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from serving import DemoServer, serving_demo
from tools import axe
from tools.browser import Browser, Page
from tools.console import Fail
from tools.inside.session import registry

SIZES = {"desk": (1366, 768, False), "phone": (375, 667, True)}
INBOX = "/odoo/my-approvals"
FAILING = ("serious", "critical")

#: Findings in what Odoo draws around our screens, which is for Odoo to mend: the rule,
#: and a part of the element's source.
KNOWN = (
    # the page of the web client, its bar of menus, and the picture of who is logged in
    ("html-has-lang", "<html"),
    ("aria-required-children", "o_menu_systray"),
    ("aria-required-parent", "o_menu_brand"),
    ("link-name", "o_menu_toggle"),
    ("image-alt", "/avatar_128"),
    # search
    ("aria-allowed-attr", "o_searchview"),
    ("aria-command-name", "o_searchview_facet_label"),
    ("aria-required-parent", "o_searchview_facet"),
    ("role-img-alt", "o_searchview_icon"),
    ("role-img-alt", "fa-filter"),
    ("button-name", "fa-search"),
    # lists, cards and forms of any model
    ("label", "checkbox-comp-"),
    ("button-name", "o_optional_columns_dropdown_toggle"),
    ("button-name", "oi-view-kanban"),
    ("button-name", "o_back_button"),
    ("button-name", "o_button_more"),
)
#: What axe finds, with the element each time. A window of Odoo's chat, which may open
#: over the screen of a phone, is not looked at. In the web client colours are asked of
#: our screens (``.o_legible``): what is around them has those of Odoo's theme, of which
#: white on green (3.1) and grey on white (4.3) are under 4.5.
LOOK = """
axe.run({include: [["html"]], exclude: [[".o-mail-ChatWindow"]]}, {
    resultTypes: ["violations"],
}).then(({violations}) =>
    violations.flatMap(({id, impact, help, nodes}) =>
        nodes.map(({html, target}) => ({id, impact, help, html, at: target.join(" ")}))
    ).filter(({id, at}) =>
        id !== "color-contrast" || !document.querySelector(".o_web_client")
        || document.querySelector(at)?.closest(".o_legible")
    )
)
"""

#: What has the keyboard: whether it is part of our screen, its name, where it stands in
#: the page, and whether one sees that it has it.
FOCUS = """
(() => {
    const at = document.activeElement;
    const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(at);
    const all = [...document.querySelectorAll("*")];
    return {
        ours: !!at.closest(".o_form_sheet_bg, .o_form_statusbar"),
        name: at.name || at.title || at.ariaLabel || at.innerText || at.className,
        place: all.indexOf(at),
        seen:
            (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) ||
            boxShadow !== "none",
    };
})()
"""
#: No screen has so many places to go to.
MOST_STOPS = 150


@pytest.fixture(scope="module")
def company() -> Iterator[DemoServer]:
    with serving_demo("axe") as running:
        yield running


@pytest.fixture(scope="module")
def script() -> str:
    try:
        return axe.script().read_text()
    except Fail as failure:
        pytest.fail(f"axe-core is missing: {failure}")


@pytest.fixture(scope="module", params=SIZES)
def page(request, browser: Browser, company: DemoServer) -> Page:
    """The director's window, on a desk or on a phone."""
    page = browser.open(company.url, "director", company.password("director"))
    page.resize(*SIZES[request.param])
    return page


@pytest.fixture(scope="module")
def task(company: DemoServer) -> dict:
    """What waits for the director longest."""
    return company.rows(
        """
        SELECT task.id, holder.login
          FROM approval_task task JOIN res_users holder ON holder.id = task.holder_id
         WHERE task.state = 'active' AND holder.login = 'director'
      ORDER BY task.id LIMIT 1
        """
    )[0]


@pytest.fixture(scope="module")
def link(company: DemoServer, task: dict) -> str:
    """The path of the page behind an e-mail to the director."""
    from odoo.api import SUPERUSER_ID, Environment

    loaded = registry(os.environ["CDO_CONF"], company.database)
    from odoo.addons.approval_matrix.mail_link import make_link  # now it is found

    with loaded.cursor() as cr:
        record = Environment(cr, SUPERUSER_ID, {})["approval.task"].browse(task["id"])
        base, path = record.get_base_url(), make_link(record, record.holder_id)
        cr.commit()
    return path.removeprefix(base)


def findings(page: Page, script: str) -> list[str]:
    """Return what is serious on the page that is shown, one line each."""
    page.settle()
    page.run(f"{script};true")
    return [
        f"{found['impact']} {found['id']}: {found['help']}\n"
        f"    {found['at']}\n    {found['html'][:300]}"
        for found in page.run(LOOK)
        if found["impact"] in FAILING
        and not any(
            found["id"] == rule and part in found["html"] for rule, part in KNOWN
        )
    ]


def assert_accessible(page: Page, script: str, path: str, ready: str) -> None:
    page.show(path)
    page.until(f"!!document.querySelector('{ready}')", f"{path} shows no {ready}")
    found = findings(page, script)
    assert not found, "\n".join(found)


def test_axe_is_not_blind(page, script):
    """It finds what is wrong where something is."""
    page.show("/web/login?redirect=/odoo")
    page.until("document.readyState === 'complete'", "no page")
    page.run("document.body.innerHTML = '<main><button></button></main>'")
    assert "button-name" in "".join(findings(page, script))


def test_axe_sees_pale_letters_on_our_screens(page, script):
    page.show("/web/login?redirect=/odoo")
    page.until("document.readyState === 'complete'", "no page")
    page.run(
        "document.body.className = 'o_web_client';"
        "const pale = (name) => `<p class='${name}' style='color: #aaa'>Pale</p>`;"
        "document.body.innerHTML ="
        " `<main style='background: #fff'>${pale('theirs')}${pale('o_legible')}</main>`"
    )
    found = "".join(findings(page, script))
    assert "color-contrast" in found
    assert "o_legible" in found
    assert "theirs" not in found


def test_axe_misses_the_label_of_the_page(page, script, link):
    page.show(link)
    page.until("!!document.querySelector('form.approve button')", "no page")
    assert not findings(page, script)
    page.run("document.querySelector('label[for=comment]').remove()")
    assert "critical label:" in "".join(findings(page, script))


def test_axe_misses_the_name_of_the_comment(page, script, task):
    page.show(f"{INBOX}/{task['id']}")
    page.until("!!document.querySelector('.o_approval_comment')", "no form")
    assert not findings(page, script)
    page.run(
        "for (const name of ['aria-label', 'placeholder'])"
        " document.querySelector('.o_approval_comment').removeAttribute(name)"
    )
    assert "critical label:" in "".join(findings(page, script))


def test_inbox(page, script):
    ready = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"
    assert_accessible(page, script, INBOX, ready)


def test_approval_form(page, script, task):
    assert_accessible(page, script, f"{INBOX}/{task['id']}", ".o_form_view")


def test_page_of_an_e_mail(page, script, link):
    assert_accessible(page, script, link, "form.approve button")


def walk(page: Page) -> list[dict]:
    """Go through the page by the keyboard; return where one comes by in our screen."""
    page.run("document.activeElement.blur()")
    stops = []
    for _stop in range(MOST_STOPS):
        page.tab()
        stop = page.run(FOCUS)
        if stops and stop["place"] == stops[0]["place"]:
            break
        stops.append(stop)
    return [stop for stop in stops if stop["ours"]]


def test_keyboard_walks_to_the_decision(page, task):
    """One comes by all there is to press, in the order one reads it, and sees where."""
    page.show(f"{INBOX}/{task['id']}")
    page.until("!!document.querySelector('.o_form_view')", "no form")
    page.settle()
    stops = walk(page)
    names = [stop["name"] for stop in stops]
    assert {"action_approve", "action_open_rejection"} <= set(names), names
    assert not [stop["name"] for stop in stops if not stop["seen"]]
    places = [stop["place"] for stop in stops]
    assert places == sorted(places), names
    if page.run("innerWidth") == SIZES["phone"][0]:
        # under the thumb, below all that is read
        assert names[-2:] == ["action_open_rejection", "action_approve"], names
