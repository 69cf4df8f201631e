"""Where the database says which customer something belongs to.

Columns are found, not listed: from PostgreSQL's foreign keys and from the fields of the
registry, so that what another addon brings is moved as well.
"""

from dataclasses import dataclass, field

from odoo.tools import SQL

MODEL = "res.partner"
TABLE = "res_partner"

#: Kinds: a column with the id; a text with model and id; an id beside a model.
KEY, TEXT, PAIR = "key", "text", "pair"

#: What stays with the customer it was made of, and why it is not moved.
STAY = {
    ("res_partner", "commercial_partner_id"): "computed from the parent",
    ("customer_access", "partner_id"): "derived from owners and companies",
    ("customer_key", "partner_id"): "made of the customer's own values",
    ("customer_duplicate", "partner_id"): "says of two customers that they are alike",
    ("customer_duplicate", "other_id"): "says of two customers that they are alike",
}
#: Rows that one customer has once, though no index says so: their other columns.
ONCE = {("calendar_attendee", "partner_id"): ("event_id",)}
#: Ids that stand beside a model which is another record: model, its column, id.
BESIDE_RECORDS = (
    ("mail.alias", "alias_model_id", "alias_force_thread_id"),
    ("mail.alias", "alias_parent_model_id", "alias_parent_thread_id"),
)


@dataclass(frozen=True)
class Place:
    """A column that says which customer a row belongs to.

    :param str kind: *KEY*, *TEXT* or *PAIR*
    :param str beside: of a pair, the column of the model
    :param bool beside_id: whether that column has the id of the model
    :param bool has_id: whether rows have an id
    :param unique: columns of unique indexes that the column is one of, each with its
        condition; nothing where one is of an expression
    """

    kind: str
    table: str
    column: str
    beside: str = ""
    beside_id: bool = False
    has_id: bool = True
    model: str = ""
    unique: tuple = field(default=(), compare=False)

    @property
    def name(self):
        return f"{self.table}.{self.column}"

    @property
    def condition(self):
        """Which rows are of customers."""
        if self.kind != PAIR:
            return SQL("TRUE")
        model = SQL("%s", MODEL)
        if self.beside_id:
            model = SQL("(SELECT id FROM ir_model WHERE model = %s)", MODEL)
        condition = SQL("%s = %s", SQL.identifier(self.beside), model)
        if self.table == "ir_attachment":
            # pictures are values of the customer: they follow what is chosen
            condition = SQL("%s AND res_field IS NULL", condition)
        return condition

    def value(self, partner):
        """Return what the column has of a customer."""
        return f"{MODEL},{partner}" if self.kind == TEXT else partner

    def partner(self, value):
        """Return which customer a value of the column is."""
        return int(value.partition(",")[2]) if self.kind == TEXT else value


def find_places(env):
    """Return all columns with customers, in the order in which they are moved.

    :rtype: list[Place]
    """
    passing = {model._table for model in env.values() if model._transient}
    found = {}
    for place in [
        *_find_keys(env),
        *_find_fields(env),
        *_find_pairs(env),
    ]:
        at = (place.table, place.column)
        if place.table not in passing and at not in STAY and place.kind:
            found.setdefault((*at, place.kind), place)
    columns = _read_columns(env)
    unique = _read_unique(env)
    return [
        Place(
            place.kind,
            place.table,
            place.column,
            place.beside,
            place.beside_id,
            (place.table, "id") in columns,
            place.model,
            (
                *(
                    (tuple(sorted(set(names) - {place.column})), condition)
                    for names, condition in unique.get(place.table, ())
                    if place.column in names
                ),
                *(
                    (once, "TRUE")
                    for once in [ONCE.get((place.table, place.column))]
                    if once
                ),
            ),
        )
        for place in found.values()
        if (place.table, place.column) in columns
        and (not place.beside or (place.table, place.beside) in columns)
    ]


def _find_keys(env):
    rows = env.execute_query(
        SQL(
            """
            SELECT own.relname, attribute.attname
              FROM pg_constraint con
              JOIN pg_class own ON own.oid = con.conrelid
              JOIN pg_class other ON other.oid = con.confrelid
              JOIN pg_attribute attribute ON attribute.attrelid = own.oid
                   AND attribute.attnum = con.conkey[1]
             WHERE con.contype = 'f'
               AND array_length(con.conkey, 1) = 1
               AND other.relname = %s
               AND own.relnamespace = current_schema::regnamespace
          ORDER BY own.relname, attribute.attname
            """,
            TABLE,
        )
    )
    models = {model._table: model._name for model in env.values() if model._auto}
    for table, column in rows:
        yield Place(KEY, table, column, model=models.get(table, ""))


def _get_fields(env):
    for model in env.values():
        if model._abstract or model._transient or not model._auto:
            continue
        for each in model._fields.values():
            if each.store and each.column_type:
                yield model, each


def _find_fields(env):
    """Find customers that no foreign key tells of."""
    for model, each in _get_fields(env):
        place = (model._table, each.name)
        if each.type == "reference":
            yield Place(TEXT, *place, model=model._name)
        elif (
            each.type == "many2one"
            and each.comodel_name == MODEL
            and not each.company_dependent
        ):
            yield Place(KEY, *place, model=model._name)


def _find_pairs(env):
    for model, each in _get_fields(env):
        beside = ""
        if each.type == "many2one_reference":
            beside = each.model_field
        elif each.type == "integer" and each.name.endswith("res_id"):
            beside = next(
                (
                    name
                    for name in (each.name[:-2] + "model", "model")
                    if name in model._fields and model._fields[name].type == "char"
                ),
                "",
            )
        if beside and model._fields[beside].store:
            yield Place(PAIR, model._table, each.name, beside, model=model._name)
    for name, beside, column in BESIDE_RECORDS:
        if name in env:
            yield Place(PAIR, env[name]._table, column, beside, True, model=name)


def _read_columns(env):
    rows = env.execute_query(
        SQL(
            """
            SELECT own.relname, attribute.attname
              FROM pg_attribute attribute
              JOIN pg_class own ON own.oid = attribute.attrelid
             WHERE own.relkind IN ('r', 'p')
               AND own.relnamespace = current_schema::regnamespace
               AND attribute.attnum > 0
               AND NOT attribute.attisdropped
            """
        )
    )
    return set(rows)


def _read_unique(env):
    """Return the columns and the condition of unique indexes, by table."""
    rows = env.execute_query(
        SQL(
            """
            SELECT own.relname,
                   ARRAY(SELECT attribute.attname::text
                           FROM pg_attribute attribute
                          WHERE attribute.attrelid = own.oid
                            AND attribute.attnum = ANY(index.indkey)),
                   COALESCE(pg_get_expr(index.indpred, index.indrelid), 'TRUE')
              FROM pg_index index
              JOIN pg_class own ON own.oid = index.indrelid
             WHERE index.indisunique
               AND index.indexprs IS NULL
               AND own.relnamespace = current_schema::regnamespace
            """
        )
    )
    found = {}
    for table, names, condition in rows:
        found.setdefault(table, []).append((names, condition))
    return found
