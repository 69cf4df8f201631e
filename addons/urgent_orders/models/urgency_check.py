from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

REASON_LENGTH = 500
YEARS_BACK, YEARS_AHEAD = 1, 5


class UrgencyMixin(models.AbstractModel):
    """What is refused: urgency without a reason, novels, years out of this world."""

    _inherit = "urgency.mixin"

    @api.constrains("urgency_level_id", "urgency_asked_level_id", "urgency_reason")
    def _check_urgency_reason(self):
        for order in self:
            if len(order.urgency_reason or "") > REASON_LENGTH:
                raise ValidationError(
                    self.env._(
                        "%(order)s: the reason for urgency is %(length)s characters "
                        "long. Say it in at most %(limit)s.",
                        order=order.display_name,
                        length=len(order.urgency_reason),
                        limit=REASON_LENGTH,
                    )
                )
        asking = self.filtered("urgency_asked_level_id")
        for order in self._urgency_not_plain() | asking:
            level = order.urgency_asked_level_id or order.urgency_level_id
            if level.reason_required and not (order.urgency_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(order)s: say why it is “%(level)s”, so that others can "
                        "make room for it.",
                        order=order.display_name,
                        level=level.name,
                    )
                )

    @api.model
    def _check_needed_by(self, value):
        """Refuse slips of the keyboard: 2062 for 2026, the year 9999.

        This is no constraint of the field: what the system takes over from an old
        order must not stop a delivery.

        :param value: what somebody wants to write
        """
        moment = value and fields.Datetime.to_datetime(value)
        now = fields.Datetime.now()
        earliest = now - relativedelta(years=YEARS_BACK)
        latest = now + relativedelta(years=YEARS_AHEAD)
        if moment and not earliest <= moment <= latest:
            raise ValidationError(
                self.env._(
                    "“Needed by” in the year %(year)s cannot be right. Give a day from "
                    "%(earliest)s to %(latest)s.",
                    year=moment.year,
                    earliest=earliest.date(),
                    latest=latest.date(),
                )
            )
