"""Colours of levels where the web client's styles are not: in e-mails."""

#: Background and letters of Odoo's labels, by number of the colour, as the style sheet
#: ``tags_list.scss`` of ``web`` mixes them. ``static/link/link.css`` has the same.
COLORS = (
    ("#e6dddd", "#3c3c3c"),
    ("#ff9c9c", "#430c0c"),
    ("#f7c698", "#35210f"),
    ("#fde388", "#2f270a"),
    ("#bbd7f8", "#19324f"),
    ("#d9a8cc", "#1d181c"),
    ("#f8d6c8", "#552f1f"),
    ("#89e1db", "#0b1313"),
    ("#97a6f9", "#0e1436"),
    ("#ff9ecc", "#450c27"),
    ("#b7edbe", "#1f3922"),
    ("#e6dbfc", "#39206c"),
)


def get_colors(color):
    """Return background and letters of a label.

    :param int color: its number, as pickers of colours store it; whatever is none of
        them is grey
    """
    return COLORS[_get_known(color)]


def get_icon(color):
    """Return the address of a picture in a colour, for notices on phones: a mark in
    the letters of a label on its background.

    :param int color: as of ``get_colors``
    """
    return f"/approval_matrix/static/img/level_{_get_known(color)}.png"


def _get_known(color):
    return color if color and 0 < color < len(COLORS) else 0
