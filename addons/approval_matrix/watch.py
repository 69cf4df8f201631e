"""The watch: changes are judged when the outermost call ends, by what came of them.

A watch opens with the first of our ``create``, ``write``, ``unlink`` or button methods
that touches something a judge cares for. Calls inside it only note what they touch.
When the outermost call ends all judges of the watch settle, in the order of their
``sequence``. So a form that is saved with twenty lines is judged once. The judgement
raises inside the same transaction: nothing half done remains.

What a judge itself changes opens a watch of its own, which is judged in turn. So does
what follows a savepoint in the same call: Odoo empties the data of the cursor when
a savepoint begins or is rolled back. That is judged a little earlier. The outer watch
settles in the end all the same, for it keeps its judges in a variable.
"""

from contextlib import contextmanager

#: Key among the data of the cursor: remote callers set context keys, never this.
KEY = "approval_matrix.watch"


class Judge:
    """What one addon notes while a watch is open, and how it judges in the end.

    :param env: environment of the first call that noted something
    """

    #: Judges with smaller numbers settle first. Budgets (10) come before approvals
    #: (20): rules of approval ask what an order did to budgets.
    sequence = 0

    def __init__(self, env):
        self.env = env

    def settle(self):
        """Judge all that was noted.

        :raises UserError: to refuse the whole call
        """
        raise NotImplementedError


@contextmanager
def watching(env, judge_class):
    """Give the block its judge, which settles when the outermost block has ended.

    After an exception nothing is judged: the caller must roll back.

    :param env: environment of the caller
    :param type judge_class: a :class:`Judge`; there is one of each class in a watch
    """
    data = env.cr.precommit.data
    judges = data.get(KEY)
    is_outermost = judges is None
    if is_outermost:
        judges = data[KEY] = {}
    if judge_class not in judges:
        judges[judge_class] = judge_class(env)
    try:
        yield judges[judge_class]
    finally:
        if is_outermost:
            data.pop(KEY, None)
    if is_outermost:
        for judge in sorted(judges.values(), key=lambda judge: judge.sequence):
            judge.settle()
