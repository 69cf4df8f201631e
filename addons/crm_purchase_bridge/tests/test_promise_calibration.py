from statistics import mean

from odoo.tests import BaseCase, tagged

from ..delays import find_widths
from .promise_years import Years, by_formula, by_vendor

#: A small company's lines in a year. ``make bench NAME=promise_calibration`` plays more
#: of them, and draws the plot.
LINES, COMPANIES = 300, 10


@tagged("post_install", "-at_install")
class TestPromiseCalibration(BaseCase):
    """Companies whose vendors, months and approvals the engine knows nothing about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = [Years(seed, LINES) for seed in range(COMPANIES)]

    def _mean(self, get_width, kind):
        """Return which share came by the likely, and by the safe day."""
        shares = [years.shares(get_width)[kind] for years in self.companies]
        return [mean(each) for each in zip(*shares, strict=True)]

    def test_four_of_five_come_by_the_safe_day(self):
        for kind in ("all", "buy", "ordered"):
            _likely, safe = self._mean(by_vendor, kind)
            self.assertAlmostEqual(safe, 0.8, delta=0.03, msg=kind)

    def test_half_come_by_the_likely_day(self):
        likely, _safe = self._mean(by_vendor, "buy")
        self.assertAlmostEqual(likely, 0.5, delta=0.03)

    def test_what_is_ordered_is_not_promised_before_the_vendors_own_day(self):
        """So that more than half come by the likely day."""
        for years in self.companies[:2]:
            for lines, past in years.tested():
                widths = find_widths(past)
                for line in lines:
                    if line.kind == "ordered":
                        width = by_vendor(line, widths)
                        span = line.estimate.span(years.calendar, width)
                        self.assertGreaterEqual(span.likely, line.planned)

    def test_the_formula_alone_promises_too_late(self):
        """If it did not, the past would be asked for nothing."""
        _likely, safe = self._mean(by_formula, "all")
        self.assertGreater(safe, 0.83)
