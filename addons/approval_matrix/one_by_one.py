"""Doing the same to many records, some of which may be gone meanwhile, or refuse."""

from odoo.exceptions import RedirectWarning, UserError


def for_each(records, act):
    """Do the same to all of these; what cannot be done to one does not keep it from
    the others.

    Each is done wholly or not at all. What concerns one record only is refused as if it
    were alone.

    :param act: function of records
    :return: why not, in words, by record; empty if it was done to all
    :rtype: dict
    :raises UserError: when it can be done to none
    """
    if len(records) < 2:
        act(records)
        return {}
    if not _attempt(records, act):
        return {}
    refused = {}
    # in one order, so that two who do this at once do not wait for each other
    for record in records.sorted("id"):
        if refusal := _attempt(record, act):
            name, text = record.display_name, refusal.args[0]
            refused[record] = text if name in text else f"{name}: {text}"
    if len(refused) == len(records):
        raise UserError("\n".join(dict.fromkeys(refused.values())))
    return refused


def _attempt(records, act):
    """Do it, or leave everything as it was.

    :return: the exception that refuses it
    """
    try:
        with records.env.cr.savepoint():
            act(records)
    except (UserError, RedirectWarning) as refusal:
        return refusal
    return None
