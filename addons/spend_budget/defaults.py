"""Keeping callers' defaults away from fields that only the engine writes."""


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
