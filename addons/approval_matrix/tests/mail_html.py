"""What programs that read mail do not understand; knows nothing of Odoo.

Outlook on Windows draws with Word: no flex, no grid, no floats, no background but by
``bgcolor``, no padding of links, no ``white-space`` but ``nowrap``, widths as
attributes. Gmail drops style sheets that it does not like, and everything after 102 KB.
"""

import re

#: After so many bytes Gmail cuts off, and the button may be gone.
MOST_BYTES = 102 * 1024
#: Elements that are dropped, or make a message look like an attack.
DROPPED = {
    *("button", "embed", "form", "iframe", "input", "link", "object", "script"),
    *("style", "svg", "video"),
}
#: What Outlook or Gmail drop from styles.
IGNORED = re.compile(
    r"\b(?:flex|grid|float|position|transform|animation|calc|var)\b|url\(|@|!important"
    r"|background-image|white-space:\s*pre|\d(?:rem|vw|vh)\b|\bgap\s*:"
)
BACKGROUND = re.compile(r"background(?:-color)?\s*:")


def find_faults(root):
    """Return what would be lost, or look wrong, in words.

    :param root: ``lxml`` element of a message, or of the template of one
    :rtype: list
    """
    faults = []
    for element in root.iter():
        if isinstance(element.tag, str):  # and not a comment
            faults += [f"<{element.tag}>: {text}" for text in _find_in(element)]
    return faults


def _find_in(element):
    tag, style = element.tag, _get_style(element)
    if tag in DROPPED:
        yield "is dropped"
    if (
        element.get("class")
        or element.get("t-attf-class")
        or element.get("t-att-class")
    ):
        yield "a class, and no style sheet"
    for found in IGNORED.findall(style):
        yield f"“{found}” is ignored"
    if BACKGROUND.search(style) and tag != "a" and not element.get("bgcolor"):
        yield "a background without bgcolor"
    if tag == "img" and not (element.get("alt") and element.get("width")):
        yield "needs alt and width"
    if tag == "table" and "width" in style and not element.get("width"):
        yield "a width without the attribute"
    if tag == "a" and "padding" in style and not _is_button(element):
        yield "Outlook draws a button only as a cell with bgcolor and mso-padding-alt"


def _get_style(element):
    names = ("style", "t-attf-style", "t-att-style")
    return " ".join(filter(None, map(element.get, names)))


def _is_button(anchor):
    cell = anchor.getparent()
    return (
        cell is not None
        and cell.tag == "td"
        and bool(cell.get("bgcolor"))
        and "mso-padding-alt" in _get_style(cell)
    )


def find_preview(root):
    """Return what lists of messages show below the subject: the first text of all, in
    an element that nobody sees in the message itself; nothing where there is none."""
    body = root.find(".//body") if root.tag == "html" else root
    for element in (root if body is None else body).iter():
        if not isinstance(element.tag, str):
            continue
        style = _get_style(element)
        if "display: none" in style and "mso-hide: all" in style:
            return " ".join(element.text_content().split())
        if element.text and element.text.strip():
            return ""
    return ""
