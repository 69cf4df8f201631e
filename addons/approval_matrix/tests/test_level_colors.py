import re
from colorsys import hls_to_rgb, rgb_to_hls

from PIL import Image

from odoo.tests import BaseCase, tagged
from odoo.tools import file_open

from odoo.addons.approval_matrix.level_colors import COLORS, get_colors, get_icon

#: What whoever sees less well needs, see WCAG 2.
ENOUGH = 4.5


def read(color):
    return [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def mix(color, lightness, saturation):
    """Do what ``adjust-color`` of SCSS does; shares of one."""
    hue, light, strong = rgb_to_hls(*read(color))
    light = min(1, max(0, light + lightness))
    strong = min(1, max(0, strong + saturation))
    return [round(255 * part) for part in hls_to_rgb(hue, light, strong)]


def get_luminance(color):
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in read(color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@tagged("post_install", "-at_install")
class TestLevelColors(BaseCase):
    """Levels look in letters and on pages as they do in lists."""

    def test_all_can_be_read(self):
        for number, colors in enumerate(COLORS):
            light, dark = sorted(map(get_luminance, colors), reverse=True)
            with self.subTest(number):
                self.assertGreaterEqual((light + 0.05) / (dark + 0.05), ENOUGH)

    def test_each_has_its_own(self):
        self.assertEqual(len({background for background, _letters in COLORS}), 12)

    def test_they_are_those_of_lists(self):
        with file_open("web/static/src/scss/secondary_variables.scss") as file:
            (palette,) = re.findall(r"\$o-colors:([^;!]*)", file.read())
        palette = re.findall(r"#[0-9a-f]{6}", palette)
        self.assertEqual(len(palette), len(COLORS))
        for color, (background, letters) in zip(palette, COLORS, strict=True):
            for ours, theirs in (
                (background, mix(color, 0.25, 0.15)),
                (letters, mix(color, -0.4, -0.15)),
            ):
                for part, other in zip(read(ours), theirs, strict=True):
                    self.assertLessEqual(abs(255 * part - other), 1, color)

    def test_the_page_of_an_email_has_the_same(self):
        with file_open("approval_matrix/static/link/link.css") as file:
            css = file.read()
        rules = re.findall(
            r"\.level-(\d+) \{\s*background: (#\w+);\s*color: (#\w+);", css
        )
        self.assertEqual(
            [tuple(colors) for _number, *colors in rules],
            list(COLORS),
        )
        self.assertEqual([int(number) for number, *_c in rules], list(range(12)))

    def test_pictures_on_phones_have_the_same(self):
        for number, colors in enumerate(COLORS):
            with (
                self.subTest(number),
                file_open(get_icon(number).lstrip("/"), "rb") as file,
                Image.open(file) as icon,
            ):
                shown = {icon.getpixel(place)[:3] for place in ((20, 96), (96, 96))}
                expected = {
                    tuple(round(255 * part) for part in read(color)) for color in colors
                }
                self.assertEqual(shown, expected)

    def test_what_is_no_color_is_grey(self):
        for color in (None, False, -1, 12):
            self.assertEqual(get_colors(color), COLORS[0])
            self.assertEqual(get_icon(color), get_icon(0))
