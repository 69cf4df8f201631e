"""The clock of a step: when it is due, while it waits, and under another limit.

Plain Python, no Odoo. Limits are working hours, 0 means none; moments are naive, UTC.
A *calendar* knows working time: ``plan(hours, start)`` returns the moment so many
working hours later, or ``None`` where there are no such hours, and
``count(start, end)`` the working hours between two moments, 0 if they are reversed.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

#: Working hours left to decide where a shorter limit would refuse at once.
GRACE_HOURS = 1.0


class Clock(NamedTuple):
    """The clock of a step that is asked."""

    limit: float
    """Working hours from the start."""
    started: datetime
    due: datetime | None = None
    """Nothing: there is no limit, or the calendar never reaches it."""
    paused: datetime | None = None
    """Since when it waits for information; nothing while it runs."""
    left: float = 0.0
    """Working hours that were left when it was paused."""

    @classmethod
    def start(cls, calendar, limit, now):
        due = calendar.plan(limit, now) if limit else None
        return cls(limit, now, due or None)

    def pause(self, calendar, now):
        """Stop it. What is left is counted now: when it goes on the calendar may be
        another one."""
        left = calendar.count(now, self.due) if self.due else 0.0
        return self._replace(paused=now, left=left)

    def resume(self, calendar, now):
        """Go on with what was left."""
        due = self.due and calendar.plan(self.left, now)
        return self._replace(paused=None, due=due or None)

    def relimit(self, calendar, limit, now, refuses=False):
        """Give it another limit while it runs or waits.

        The working hours used so far count, without those in which it waited. If they
        are more than the new limit, it is due now, not in the past. Where the end of
        the limit *refuses* the request, the holders keep a last hour.

        :param float limit: working hours; 0: none
        :param bool refuses: whether the end of the limit refuses
        """
        left = self.left
        if self.paused and self.due:
            left = max(limit - (self.limit - self.left), 0.0)
        at = self.paused or now
        due = self._due_under(calendar, limit, at, refuses) if limit else None
        return self._replace(limit=limit, due=due, left=left)

    def _due_under(self, calendar, limit, at, refuses):
        left = limit - self._used(calendar, at)
        if refuses and left < GRACE_HOURS:
            last = calendar.plan(GRACE_HOURS, at)
            if self.due and self.due > at:
                return min(filter(None, (last, self.due)))
            return last or None
        return (calendar.plan(left, at) or at) if left > 0 else at

    def _used(self, calendar, at):
        """Return the working hours it has run until a moment."""
        if not self.due:
            return calendar.count(self.started, at)
        early = calendar.count(at, self.due)
        late = calendar.count(self.due, at)
        return self.limit - early + late
