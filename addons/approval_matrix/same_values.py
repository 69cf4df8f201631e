"""Whether values that somebody writes are there already.

Whoever saves a date as it was has not edited it. Forms and imports write such values
all the time, and so may somebody who wants to hide who edited before.
"""

from odoo.fields import Command
from odoo.models import BaseModel
from odoo.tools import float_compare

#: Smaller differences of numbers are none; terms have as many decimals.
DECIMALS = 6


def find_changed(records, vals, names):
    """Return those of the records which would get other values.

    :param dict vals: as ``write`` gets them
    :param names: of the fields that matter
    """
    names = [name for name in vals if name in names and name in records._fields]
    unfiltered = records.sudo().with_context(active_test=False)
    return unfiltered.filtered(
        lambda record: any(_is_other(record, name, vals[name]) for name in names)
    ).with_env(records.env)


def _is_other(record, name, value):
    field = record._fields[name]
    try:
        if field.type in ("one2many", "many2many"):
            return _is_other_set(record[name], value)
        now, new = (
            field.convert_to_cache(each, record, validate=False) or None
            for each in (record[name], value)
        )
        if field.type in ("float", "monetary"):
            return float_compare(now or 0.0, new or 0.0, DECIMALS) != 0
        return now != new
    except (AttributeError, IndexError, TypeError, ValueError):
        return True  # nonsense: writing it says what is wrong


def _is_other_set(current, value):
    """Tell whether commands on a relation change it, or one of its records."""
    ids = set(current.ids)
    for command in _get_commands(value):
        operation = command[0]
        if operation == Command.CREATE:
            return True
        if operation == Command.UPDATE:
            record = current.filtered(lambda each, id_=command[1]: each.id == id_)
            names = command[2]
            if hasattr(record, "_approval_term_fields"):
                names = record._approval_term_fields()
            if not record or find_changed(record, command[2], names):
                return True
        elif operation in (Command.DELETE, Command.UNLINK):
            ids.discard(command[1])
        elif operation == Command.LINK:
            ids.add(command[1])
        elif operation == Command.CLEAR:
            ids.clear()
        elif operation == Command.SET:
            ids = set(command[2])
    return ids != set(current.ids)


def _get_commands(value):
    """Return what is written to a relation as commands, as the ORM reads it."""
    if isinstance(value, BaseModel):
        return [Command.set(value.ids)]
    if not value:
        return [] if isinstance(value, list) else [Command.clear()]
    if isinstance(value, tuple) or not isinstance(value[0], list | tuple):
        return [Command.set(value)]
    return value
