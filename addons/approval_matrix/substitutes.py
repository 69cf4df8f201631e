"""Who holds a task while its approver is away. Plain Python, no Odoo."""


def find_holder(approver, substitute_of, may_hold):
    """Follow the substitutes of an approver who is away.

    :param approver: whom the rule names
    :param substitute_of: function that returns who decides for somebody at this
        moment, or nothing when that person is there
    :param may_hold: function that tells whether somebody may be asked; a chain that
        leads to somebody who may not, or back to where it was, stays where it was
    """
    holder, seen = approver, {approver}
    while True:
        substitute = substitute_of(holder)
        if not substitute or substitute in seen or not may_hold(substitute):
            return holder
        holder = substitute
        seen.add(substitute)
