"""Fields that only the system writes, kept from callers of ``create`` and ``write``."""


def without_values(vals, names):
    """Return the values without those of some fields.

    :param dict vals: what a caller wants to write
    :param names: of the fields
    """
    if not any(name in vals for name in names):
        return vals
    return {name: value for name, value in vals.items() if name not in names}


def without_defaults(records, names):
    """Return the records without ``default_`` keys for some fields in their context.

    Callers choose their context, also that of what then runs with the system's rights.

    :param names: of the fields
    """
    keys = {f"default_{name}" for name in names}
    if keys.isdisjoint(records.env.context):
        return records
    context = {
        key: value for key, value in records.env.context.items() if key not in keys
    }
    return records.with_env(records.env(context=context))
