"""Customers in JSON: values by company, defaults, properties, and what server actions
write."""

import json

from odoo.tools import SQL

from .places import MODEL


def replace_in_json(env, watch, sources, survivor):
    """Have JSON say the survivor where it says one of the sources.

    :param Watch watch: which keeps what was there
    """

    def replace(value):
        if isinstance(value, list):
            return list(dict.fromkeys(map(replace, value)))
        return survivor if _is_id(value) and value in sources else value

    for table, column, rows in (
        *_replace_by_company(env, replace),
        *_replace_defaults(env, replace),
        *_replace_properties(env, replace),
        *_replace_in_actions(env, replace, survivor),
    ):
        watch.note(table, list(rows), [column])
        for row, value in rows.items():
            env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    json.dumps(value),
                    row,
                )
            )


def find_columns(env):
    """Return where customers may stand in JSON.

    :return: pairs of table and column
    :rtype: list[tuple[str, str]]
    """
    return [
        *(
            (env[field.model_name]._table, field.name)
            for field in env.registry.many2one_company_dependents[MODEL]
        ),
        ("ir_default", "json_value"),
        *(
            (at._table, each.name)
            for model, field, _definitions, _names in _find_definitions(env)
            for at, each in [(model, field), *_get_holders(env, model, field)]
        ),
    ]


def _is_id(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _replace_by_company(env, replace):
    for field in env.registry.many2one_company_dependents[MODEL]:
        table = env[field.model_name]._table
        values = _read(env, table, field.name)
        yield table, field.name, _get_changed(values, _in_values(replace))


def _replace_defaults(env, replace):
    rows = env.execute_query(
        SQL(
            """
            SELECT value.id, value.json_value
              FROM ir_default value
              JOIN ir_model_fields field ON field.id = value.field_id
             WHERE field.relation = %s
               AND field.ttype IN ('many2one', 'many2many')
            """,
            MODEL,
        )
    )
    values = {row: json.loads(text) for row, text in rows}
    yield "ir_default", "json_value", _get_changed(values, replace)


def _replace_properties(env, replace):
    """Replace in what properties have of records, and in their defaults."""
    for model, field, definitions, names in _find_definitions(env):
        changed = _get_changed(definitions, _in_definition(replace))
        yield model._table, field.name, changed
        for holder, held in _get_holders(env, model, field):
            values = _read(env, holder._table, held.name, names)
            changed = _get_changed(values, _in_values(replace, names))
            yield holder._table, held.name, changed


def _replace_in_actions(env, replace, survivor):
    """Replace the id that a server action writes: it stands beside a reference to the
    same customer, which was moved already."""
    rows = env.execute_query(
        SQL(
            """
            SELECT id, value FROM ir_act_server
             WHERE resource_ref = %s AND value ~ '^[1-9][0-9]{0,8}$'
            """,
            f"{MODEL},{survivor}",
        )
    )
    values = {row: json.loads(text) for row, text in rows}
    yield "ir_act_server", "value", _get_changed(values, replace)


def _find_definitions(env):
    """Find the properties that name customers: where they are defined, the definitions
    by id, and the names of those properties."""
    for model, field in _get_fields(env, "properties_definition"):
        definitions = _read(env, model._table, field.name)
        names = {
            each["name"]
            for properties in definitions.values()
            for each in properties
            if each.get("comodel") == MODEL
        }
        if names:
            yield model, field, definitions, names


def _get_holders(env, model, field):
    """Find the fields whose properties a field defines."""
    for holder, held in _get_fields(env, "properties"):
        parent = holder._fields[held.definition_record]
        if (parent.comodel_name, held.definition_record_field) == (
            model._name,
            field.name,
        ):
            yield holder, held


def _in_definition(replace):
    """Replace in the defaults of properties."""
    return lambda properties: [
        {**each, "default": replace(each["default"])}
        if each.get("comodel") == MODEL and "default" in each
        else each
        for each in properties
    ]


def _get_fields(env, kind):
    for model in env.values():
        if not model._abstract and not model._transient and model._auto:
            for field in model._fields.values():
                if field.type == kind and field.store:
                    yield model, field


def _in_values(replace, names=None):
    return lambda value: {
        key: replace(each) if names is None or key in names else each
        for key, each in value.items()
    }


def _read(env, table, column, names=None):
    """Return the values of a column, by id; only those with one of the keys."""
    name = SQL.identifier(column)
    has = SQL("%s ?| %s", name, list(names)) if names else SQL("%s IS NOT NULL", name)
    rows = env.execute_query(
        SQL("SELECT id, %s FROM %s WHERE %s", name, SQL.identifier(table), has)
    )
    return {row: value for row, value in rows if value}


def _get_changed(values, change):
    changed = {row: change(value) for row, value in values.items()}
    return {row: value for row, value in changed.items() if value != values[row]}
