"""What flows out of orders, judged by what came of it.

``create``, ``write`` and ``unlink`` of transfers, bills and order lines note which
order lines they touch. When the outermost call ends, more than before may have been
received or billed: then it must be within what is approved. So every way to receive or
to bill is covered, also those that nobody thought of.
"""

from odoo.exceptions import MissingError

from odoo.addons.approval_matrix.system import as_system
from odoo.addons.approval_matrix.watch import Judge


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


class FlowJudge(Judge):
    """What was received and billed of the lines touched by one outermost call."""

    #: After approvals: what they send back may not flow.
    sequence = 30

    def __init__(self, env):
        super().__init__(env)
        self.received = {}
        self.billed = {}
        self.moves = set()

    def see_received(self, lines):
        """Remember what was received of order lines, unless seen earlier."""
        for line in as_system(lines):
            if line.id not in self.received:
                self.received[line.id] = line.qty_received

    def see_billed(self, lines):
        """Remember what was billed of order lines, unless seen earlier."""
        lines = as_system(lines).filtered(lambda line: line.id not in self.billed)
        for line, billed in lines._flow_billed().items():
            self.billed[line.id] = billed

    def see_posted(self, moves):
        """Remember bills that are being posted."""
        self.moves.update(moves.ids)

    def settle(self):
        Line = as_system(self.env["purchase.order.line"], for_texts=True)
        try:
            Line.browse(self.received)._flow_check_received(self.received)
        except MissingError:  # some were deleted: that costs a query only then
            lines = Line.browse(self.received).exists()
            lines._flow_check_received(self.received)
        Line.browse(self.billed).exists()._flow_check_billed(self.billed)
        moves = as_system(self.env["account.move"], for_texts=True)
        moves.browse(self.moves).exists()._flow_check_unbacked()
