"""Who holds a task while its approver is away. Plain Python, no Odoo."""


def find_holder(approver, substitute_of, may_hold, may_pass=lambda user: False):
    """Follow the substitutes of an approver who is away.

    :param approver: whom the rule names
    :param substitute_of: function that returns who decides for somebody at this
        moment, or nothing when that person is there
    :param may_hold: function that tells whether somebody may be asked; a chain that
        leads to somebody who may not, or back to where it was, stays where it was
    :param may_pass: function that tells whether the chain goes on past somebody who
        may not be asked, to whoever stands in for them
    """
    holder, seen = approver, {approver}
    at = approver
    while True:
        substitute = substitute_of(at)
        if not substitute or substitute in seen:
            return holder
        seen.add(substitute)
        if may_hold(substitute):
            holder = substitute
        elif not may_pass(substitute):
            return holder
        at = substitute
