"""Conditions of rules as trees, and whether they hold by what is known. Plain Python.

A tree is a leaf, which is a triple as in domains, or a pair of an operator (``&``,
``|``, ``!``) and a list of trees. ``TRUE`` and ``FALSE`` are leaves.
"""

TRUE, FALSE = (1, "=", 1), (0, "=", 1)

#: What is asked once, and answered for both.
NEGATIONS = {
    "!=": "=",
    "<>": "=",
    "not in": "in",
    "not any": "any",
    "not like": "like",
    "not ilike": "ilike",
    "not =like": "=like",
    "not =ilike": "=ilike",
}


def read(domain):
    """Return the tree of a domain.

    :param domain: list in Polish notation
    """
    stack = []
    for item in reversed(list(domain)):
        if item == "!":
            stack.append(("!", [stack.pop()]))
        elif item in ("&", "|"):
            stack.append(_join(item, stack.pop(), stack.pop()))
        else:
            stack.append(tuple(item))
    tree = TRUE
    while stack:
        each = stack.pop()
        tree = each if tree == TRUE else _join("&", tree, each)
    return tree


def _join(operator, *trees):
    """Join trees; what is joined the same way already becomes one."""
    parts = []
    for tree in trees:
        parts += tree[1] if is_joined(tree) and tree[0] == operator else [tree]
    return (operator, parts)


def is_joined(tree):
    """Tell whether a tree is an operator with its parts, and not a leaf."""
    return len(tree) == 2


def get_leaves(tree):
    """Yield the leaves that say something about a document, in order: what they say,
    or the opposite of what they say not."""
    if is_joined(tree):
        for part in tree[1]:
            yield from get_leaves(part)
    elif tree not in (TRUE, FALSE):
        yield _split(tree)[0]


def _split(leaf):
    """Return a leaf that says yes, and whether it says the opposite."""
    name, operator, value = leaf
    positive = NEGATIONS.get(operator, operator)
    return (name, positive, value), positive != operator


def judge(tree, know):
    """Tell whether a condition holds.

    :param know: function that tells whether a leaf holds, or ``None`` if nobody knows
    :return: ``True``, ``False``, or ``None`` if it depends on what nobody knows
    """
    if tree in (TRUE, FALSE):
        return tree == TRUE
    if not is_joined(tree):
        leaf, is_negated = _split(tree)
        holds = know(leaf)
        return holds if holds is None else holds != is_negated
    operator, parts = tree
    verdicts = [judge(part, know) for part in parts]
    if operator == "!":
        return None if verdicts[0] is None else not verdicts[0]
    decisive = operator == "|"
    if decisive in verdicts:
        return decisive
    return None if None in verdicts else not decisive
