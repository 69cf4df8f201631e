"""What flows out of orders: noted when it is touched, judged by what came of it.

``create``, ``write`` and ``unlink`` of transfers, bills and order lines note what they
touch. When the outermost call ends, more than before may have flowed: then it must be
within what is approved. So every way to receive or to bill is covered, also those that
nobody thought of.

Nothing here knows how much flows, or how much may: the models of :data:`KINDS` say so.
"""

from contextlib import contextmanager

from odoo.exceptions import MissingError

from odoo.addons.approval_matrix.system import as_system
from odoo.addons.approval_matrix.watch import Judge, watching

#: What is judged, in this order, and of which model. The model has two methods for it:
#: ``_flow_<kind>`` returns how much has flowed, by record; ``_flow_check_<kind>`` gets
#: what that was before, by id, and refuses what is beyond.
KINDS = {
    "received": "purchase.order.line",
    "undone": "purchase.order.line",
    "billed": "purchase.order.line",
    "unbacked": "account.move",
    "unordered": "stock.move",
}


class FlowJudge(Judge):
    """What was touched by one outermost call, and how much had flowed before."""

    #: After approvals: what they send back may not flow.
    sequence = 30

    def __init__(self, env):
        super().__init__(env)
        self.before = {kind: {} for kind in KINDS}

    def see(self, kind, records):
        """Remember how much has flowed, unless seen earlier."""
        before = self.before[kind]
        unseen = as_system(records).filtered(lambda record: record.id not in before)
        for record, flowed in getattr(unseen, f"_flow_{kind}")().items():
            before[record.id] = flowed

    def note(self, kind, records, before=None):
        """Remember what is judged whatever was there, or from a known start."""
        self.before[kind].update(dict.fromkeys(records.ids, before))

    def settle(self):
        for kind, before in self.before.items():
            records = as_system(self.env[KINDS[kind]], for_texts=True).browse(before)
            check = f"_flow_check_{kind}"
            try:
                getattr(records, check)(before)
            except MissingError:  # some were deleted: that costs a query only then
                getattr(records.exists(), check)(before)


@contextmanager
def receiving(env, get_lines, get_moves=None):
    """Let what comes in during the block be judged, unless there was never a rule.

    :param callable get_lines: returns the order lines that are touched
    :param callable get_moves: returns the ``stock.move`` records that are touched
    """
    if not env["purchase.order"]._approval_in_use():
        yield
        return
    with watching(env, FlowJudge) as judge:
        judge.see("received", get_lines())
        if get_moves:
            judge.see("unordered", get_moves())
        yield


def get_linked(records, vals_list, name):
    """Return the records that new ones will be linked to, by values or by defaults.

    :param records: of the model that is created
    :param list vals_list: as ``create`` gets them
    :param str name: of a many2one field
    """
    default = records.env.context.get(f"default_{name}")
    ids = {vals.get(name, default) for vals in vals_list}
    linked = records.env[records._fields[name].comodel_name].sudo()
    return linked.browse({id_ for id_ in ids if isinstance(id_, int) and id_})


def get_relinked(records, vals, name):
    """Return the records that these are linked to, and will be.

    :param dict vals: as ``write`` gets them
    :param str name: of a many2one field
    """
    linked = records.sudo()[name]
    id_ = vals.get(name)
    return linked | linked.browse(id_) if isinstance(id_, int) else linked
