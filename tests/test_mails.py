"""Our e-mails look right where no style sheet is read: what all their templates say."""

import pytest
from lxml import etree, html

from tools import places

TEMPLATES = "//record[@model='mail.template']/field[@name='body_html']"
LETTERS = "//template[@id='letter' or @id='letter_layout']"


def find_mails():
    """Yield the name and source of each e-mail, and of what they have in common."""
    for path in sorted(places.ADDONS.glob("*/*/*.xml")):
        tree = etree.parse(path)
        for element in (*tree.xpath(TEMPLATES), *tree.xpath(LETTERS)):
            owner = element if element.get("id") else element.getparent()
            yield f"{path.parent.parent.name}.{owner.get('id')}", element


MAILS = dict(find_mails())


def faults(source):
    from odoo.addons.approval_matrix.tests.mail_html import find_faults

    return find_faults(html.fromstring(source))


def test_all_are_found():
    assert {
        "approval_matrix.letter",
        "approval_matrix.letter_layout",
        "approval_matrix.mail_template_approval",
        "crm_purchase_bridge.mail_template_ask_quote",
        "crm_purchase_bridge.mail_template_ask_vendor",
    } <= set(MAILS)


@pytest.mark.parametrize("name", MAILS)
def test_nothing_is_dropped(name):
    from odoo.addons.approval_matrix.tests.mail_html import find_faults

    assert find_faults(MAILS[name]) == []


@pytest.mark.parametrize(
    "source",
    [
        "<div style='display: flex'>x</div>",
        "<div style='display:inline-grid'>x</div>",
        "<div style='float: left'>x</div>",
        "<div style='white-space: pre-line'>x</div>",
        "<div style='color: var(--red)'>x</div>",
        "<div style='background: url(a.png)' bgcolor='#fff'>x</div>",
        "<table style='width: 100%'><tr><td>x</td></tr></table>",
        "<table><tr><td style='background-color: #fff'>x</td></tr></table>",
        "<p><a style='padding: 8px' href='#'>x</a></p>",
        "<table><tr><td bgcolor='#000'><a style='padding: 8px'>x</a></td></tr></table>",
        "<p class='o_bold'>x</p>",
        "<div><style>p {color: red}</style><p>x</p></div>",
        "<p><img src='a.png' width='10'/></p>",
        "<p><img src='a.png' alt='A'/></p>",
        "<form><input/></form>",
    ],
)
def test_what_programs_drop_is_found(source):
    assert faults(source)


@pytest.mark.parametrize(
    "source",
    [
        "<p style='font-weight: bold; padding: 4px 0; white-space: nowrap'>x</p>",
        "<table width='600' style='width: 600px'><tr><td>x</td></tr></table>",
        "<table><tr><td bgcolor='#000' style='mso-padding-alt: 8px'>"
        "<a style='padding: 8px'>x</a></td></tr></table>",
        "<p><img src='a.png' width='10' alt='A'/></p>",
        "<p><a href='#'>x</a></p>",
    ],
)
def test_what_all_of_them_understand_passes(source):
    assert faults(source) == []
