"""Tours in a browser, for the tests of any addon."""

from odoo.tests import HttpCase


class TourCase(HttpCase):
    """Plays tours of the addon it is used in, on one of the screens below."""

    def _tour(self, path, name, user):
        """Play a tour as a user; registered names begin with that of the addon."""
        self.start_tour(path, f"{self.test_module}_{name}", login=user.login)
        self.env.invalidate_all()


class Desk:
    browser_size = "1366x768"


class Phone:
    browser_size = "375x667"
    touch_enabled = True
