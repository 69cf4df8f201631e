from contextlib import contextmanager
from datetime import UTC, datetime
from math import ceil, floor
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo.addons.crm_purchase_bridge.tests.promise_common import PromiseCommon

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def moment(day, hour=12, minute=0):
    """Return a moment of a day in Vietnam, as Odoo keeps it."""
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)
    return local.astimezone(UTC).replace(tzinfo=None)


def local_day(value):
    """Return which day it is in Vietnam; the tests' own rule."""
    return value.replace(tzinfo=UTC).astimezone(ZONE).date()


def percentile(values, share):
    """Return an exact percentile by its definition: between the two values next to
    where it lies, in proportion."""
    values = sorted(values)
    place = share * (len(values) - 1)
    low, high = values[floor(place)], values[ceil(place)]
    return low + (high - low) * (place - floor(place))


class ReportCommon(PromiseCommon):
    """A company in Vietnam whose goods come and go on given days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Ho_Chi_Minh"
        cls.customers = cls.env.ref("stock.stock_location_customers")
        # another company of ours buys and sells there
        cls.between = cls.env.ref("stock.stock_location_inter_company")
        cls.between.active = True
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")

    @contextmanager
    def _at(self, when):
        """Let it be another moment, for the database too."""
        with freeze_time(when), patch.object(self.env.cr, "_now", when):
            yield

    def _move(self, source, target, quantity, when, **values):
        """Move goods at a moment; what is there already is not asked."""
        product = values.pop("product", self.product)
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom": product.uom_id.id,
                "product_uom_qty": quantity,
                "location_id": source.id,
                "location_dest_id": target.id,
                "company_id": self.company.id,
                **values,
            }
        )
        move._action_confirm(merge=False)
        move.quantity = quantity
        move.picked = True
        with freeze_time(when):
            move._action_done()
        return move

    def _deliver(self, line, quantity, when, **values):
        values = {"sale_line_id": line.id, **values}
        return self._move(self.stock, self.customers, quantity, when, **values)

    def _bring_back(self, move, quantity, when, to_refund=True):
        values = {
            "sale_line_id": move.sale_line_id.id,
            "purchase_line_id": move.purchase_line_id.id,
            "origin_returned_move_id": move.id,
            "to_refund": to_refund,
        }
        return self._move(
            move.location_dest_id, move.location_id, quantity, when, **values
        )

    def _order(self, quantity=10, wanted=None, told=None, day=-30, **line):
        """Sell goods that many days from today, wanted and told for days from today."""
        with self._at(moment(self._day(day), 9)):
            if wanted is not None:
                line["wanted_on"] = self._day(wanted)
            sold = self._quotation(quantity, **line)
            sold.order_id.action_confirm()
            sold.order_id.picking_ids.action_cancel()
            self._run_job()
            if told is not None:
                self._tell(sold, told)
        return sold

    def _tell(self, line, day):
        self.promises._tell(line, {line.id: self._day(day)}, "phone")

    def _reorder(self, line, quantity, when):
        """Change what is ordered, at a moment."""
        line.product_uom_qty = quantity
        self._date_change(line, when)

    def _cancel(self, line, when):
        """Cancel the order of a line, at a moment."""
        line.order_id._action_cancel()
        self._date_change(line, when)

    def _row(self, report, record):
        self.env.flush_all()
        self.env[report].invalidate_model(flush=False)
        return self.env[report].search([("id", "=", record.id)])

    def _share(self, report, spec, domain=()):
        self.env.flush_all()
        ((value,),) = self.env[report]._read_group(list(domain), aggregates=[spec])
        return value
