from contextlib import contextmanager

from odoo import api, models

from odoo.addons.approval_matrix.system import as_system
from odoo.addons.approval_matrix.watch import Judge, watching

#: What absences take from a time off. Computed dates are written by these, too.
FACTS = frozenset(
    {
        "state",
        "employee_id",
        "holiday_status_id",
        "date_from",
        "date_to",
        "request_date_from",
        "request_date_to",
        "request_date_from_period",
        "request_date_to_period",
        "request_hour_from",
        "request_hour_to",
        "request_unit_half",
        "request_unit_hours",
    }
)


#: Key among what the cursor remembers.
KEY = "approval_matrix_holidays.periods"


class TimeOffJudge(Judge):
    """Time off that was touched. In the end its absences follow, by what it has become:
    a time off that is taken back and approved again in one go moves nothing."""

    sequence = 40

    def __init__(self, env):
        super().__init__(env)
        self.leaves = env["hr.leave"].sudo()
        #: When substitutes stood in before, by id of the absence.
        self.periods = {}

    def see(self, leaves):
        """Note time off before it changes, with its absences."""
        self.leaves |= leaves.sudo()
        kept = self.env.cr.cache.get(KEY, {})
        for absence in leaves.env["approval.substitute"]._get_of(leaves):
            period = kept.get(absence.id, (absence.date_from, absence.date_to))
            self.periods.setdefault(absence.id, period)

    def settle(self):
        if self.leaves:
            absences = as_system(self.env["approval.substitute"], for_texts=True)
            absences._follow_time_off(self.leaves, self.periods)


@contextmanager
def watching_time_off(env, whole=False):
    """Give the block the judge that notes the time off it touches.

    :param bool whole: what the block does belongs together, also where Odoo flushes in
        between, which ends the watch of what is inside
    """
    data = env.cr.cache
    is_outermost = whole and KEY not in data
    if is_outermost:
        data[KEY] = {}
    kept = data.get(KEY)
    try:
        with watching(env, TimeOffJudge) as judge:
            judge.periods = {**judge.periods, **(kept or {})}
            yield judge
            if kept is not None:
                kept.update({**judge.periods, **kept})
    finally:
        if is_outermost:
            data.pop(KEY, None)


class HrLeave(models.Model):
    """Absences from approvals follow time off on every path: they are looked at after
    each change, whoever makes it."""

    _inherit = "hr.leave"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        with watching_time_off(self.env) as judge:
            leaves = super().create(vals_list)
            judge.leaves |= leaves.sudo()
        return leaves

    def write(self, vals):
        if FACTS.isdisjoint(vals):
            return super().write(vals)
        with watching_time_off(self.env) as judge:
            judge.see(self)
            return super().write(vals)

    def unlink(self):
        with watching_time_off(self.env) as judge:
            judge.see(self)
            return super().unlink()

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _split_leaves(self, split_date_from, split_date_to=False):
        """Of a time off that is cut in two, both parts keep the substitute."""
        with watching_time_off(self.env, whole=True):
            return super()._split_leaves(split_date_from, split_date_to)
