"""Stored values that depend on whose a row is.

What Odoo computes and nobody may write is computed anew. What a person may have
written (an address for invoices, a price list) stays, and so does all that follows
from it: the past of a document is not rewritten because two customers were one.
"""

from odoo.orm.registry import TriggerTree


def find_dependents(records, names):
    """Return stored values to compute anew when fields of records change.

    :rtype: dict[odoo.fields.Field, set[int]]
    """
    found = {}
    names = [name for name in names if name in records._fields]
    wanted = [(records.sudo().with_context(active_test=False), names)]
    while wanted:
        changed, names = wanted.pop()
        trees = [_get_tree(records.pool, changed._fields[name]) for name in names]
        tree = TriggerTree.merge(trees, lambda field: field.compute and field.store)
        for field, dependents, _create in changed._modified_triggers(tree):
            if not (field.compute and field.store):
                continue
            known = found.setdefault(field, set())
            new = dependents.browse(set(dependents._ids) - known)
            known.update(new._ids)
            if field.recursive and new:
                wanted.append((new, [field.name]))
    return found


def _get_tree(registry, field):
    """Return what depends on a field, but for what a person may have written."""
    tree = TriggerTree()
    for path, target in _walk(registry._field_triggers, field, (), (field,)):
        at = tree
        for step in path:
            at = at.increase(step)
        if not at.root:
            at.root = []
        if target not in at.root:
            at.root.append(target)
    return tree


def _walk(triggers, field, before, seen):
    for path, targets in triggers.get(field, {}).items():
        for target in targets:
            if target in seen or (target.store and not target.readonly):
                continue
            yield before + path, target
            yield from _walk(triggers, target, before + path, (*seen, target))
