"""Triggers that note what changed, on whatever path it was changed.

Odoo's ``write`` never sees a transfer become done, nor what is changed in SQL; the
database does. Whatever changes what matters leaves what it touched in an outbox, and
wakes the job that reads it. What changes nothing of that costs a comparison only.

Each addon declares what it watches (:class:`Source`) and where notes go
(:class:`Outbox`); this module makes the triggers and drops them.

New rows and deleted ones are noted together, a statement at a time. Changed ones are
noted row by row: to compare the tables of old and new rows that a statement gives would
take a join, which PostgreSQL plans once, for the few rows of the first statement, and
which then takes a minute for ten thousand. The comparison is in the function and not in
the trigger, so that Odoo may change the types of columns.
"""

from __future__ import annotations

from dataclasses import dataclass

from odoo.tools import SQL


@dataclass(frozen=True)
class Source:
    """A table whose changes matter.

    :param noted: what is noted of a changed row, as SQL over the row *changed*: a value
        for each column of the outbox
    :param columns: that matter when a row is updated
    :param tables: joined, where the row does not say it all itself, and conditions
    :param events: those that matter
    """

    noted: str
    columns: tuple[str, ...]
    tables: str = ""
    events: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Outbox:
    """A table that keeps notes until the job has followed them.

    :param table: with a column for each value that is noted
    :param prefix: what functions and triggers are called before the name of the table
        that they watch
    :param columns: what a note says
    :param needed: SQL over the columns: a note without it says nothing
    :param dated: the column that says when it was noted
    """

    table: str
    prefix: str
    columns: tuple[str, ...]
    needed: str
    dated: str = ""


SUPPLY = Outbox(
    "supply_change",
    "supply_note_",
    ("product_id", "purchase_line_id", "sale_line_id"),
    "product_id IS NOT NULL",
    "noted_on",
)

SOURCES = {
    "stock_move": Source(
        "changed.product_id, changed.purchase_line_id, changed.sale_line_id",
        (
            "product_id",
            "product_qty",
            "quantity",
            "state",
            "date",
            "supply_expected_on",
            "location_id",
            "location_dest_id",
            "location_final_id",
            "procure_method",
            "priority",
            "purchase_line_id",
            "sale_line_id",
        ),
    ),
    "stock_quant": Source(
        "changed.product_id, NULL::integer, NULL::integer",
        ("product_id", "location_id", "quantity", "reserved_quantity", "owner_id"),
    ),
    "purchase_order_line": Source(
        "changed.product_id, changed.id, changed.sale_line_id",
        (
            "product_id",
            "product_uom_qty",
            "order_id",
            "date_planned",
            "qty_received",
            "sale_line_id",
        ),
    ),
    "sale_order_line": Source(
        "changed.product_id, NULL::integer, changed.id",
        (
            "product_id",
            "product_uom_qty",
            "qty_delivered",
            "state",
            "customer_lead",
            "warehouse_id",
        ),
    ),
    "purchase_order": Source(
        "line.product_id, line.id, line.sale_line_id",
        ("name", "state", "picking_type_id", "purchase_group_id"),
        "JOIN purchase_order_line line ON line.order_id = changed.id",
    ),
    "sale_order": Source(
        "line.product_id, NULL::integer, line.id",
        ("state", "commitment_date", "date_order"),
        "JOIN sale_order_line line ON line.order_id = changed.id",
    ),
}

#: How each event gives its rows.
EVENTS = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT",
    "UPDATE": "FOR EACH ROW",
    "DELETE": "REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT",
}

#: The job is asked for once a transaction, whatever outboxes it leaves notes in.
WAKE = """
    CREATE OR REPLACE FUNCTION supply_note_wake() RETURNS void AS $$
    BEGIN
        PERFORM set_config('supply_link.woken', 'yes', true);
        INSERT INTO ir_cron_trigger (cron_id, call_at)
        SELECT data.res_id, now() AT TIME ZONE 'UTC'
          FROM ir_model_data data
         WHERE data.module = 'supply_link'
           AND data.name = 'ir_cron_follow';
    END $$ LANGUAGE plpgsql
"""


def make_triggers(cr, sources=None, outbox=SUPPLY):
    """Make the triggers; safe to repeat.

    :param cr: cursor of a database that has all tables
    :param dict sources: :class:`Source` by table; addons above have tables of their own
    :return: whether one of them was missing, so that changes may not have been noted
    :rtype: bool
    """
    before = _get_triggers(cr, outbox)
    cr.execute(WAKE)
    for table, source in (sources or SOURCES).items():
        cr.execute(_function(table, source, outbox))
        for event in source.events:
            name = SQL.identifier(f"{outbox.prefix}{table}_{event.lower()}")
            cr.execute(
                SQL("DROP TRIGGER IF EXISTS %s ON %s", name, SQL.identifier(table))
            )
            cr.execute(
                SQL(
                    "CREATE TRIGGER %s AFTER %s ON %s %s EXECUTE FUNCTION %s()",
                    name,
                    SQL(event),
                    SQL.identifier(table),
                    SQL(EVENTS[event]),
                    SQL.identifier(f"{outbox.prefix}{table}"),
                )
            )
    return before != _get_triggers(cr, outbox)


def drop_triggers(cr, sources=None, outbox=SUPPLY):
    """Drop the functions with the triggers that call them.

    :param sources: tables; nothing: all that leave notes in the outbox
    """
    cr.execute(
        "SELECT proname FROM pg_proc WHERE starts_with(proname, %s)", [outbox.prefix]
    )
    for (name,) in cr.fetchall():
        if sources is None or name.removeprefix(outbox.prefix) in sources:
            cr.execute(SQL("DROP FUNCTION IF EXISTS %s CASCADE", SQL.identifier(name)))


def _get_triggers(cr, outbox):
    cr.execute(
        "SELECT tgname FROM pg_trigger WHERE starts_with(tgname, %s)", [outbox.prefix]
    )
    return {name for (name,) in cr.fetchall()}


def _function(table, source, outbox):
    columns = ", ".join(f"{{0}}.{column}" for column in source.columns)
    same = f"({columns.format('NEW')}) IS NOT DISTINCT FROM ({columns.format('OLD')})"
    return SQL(
        f"""
        CREATE OR REPLACE FUNCTION {outbox.prefix}{table}() RETURNS trigger AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF {same} THEN
                    RETURN NULL;
                END IF;
                {_note(source, outbox, "(SELECT NEW.* UNION ALL SELECT OLD.*)")};
            ELSIF TG_OP = 'INSERT' THEN
                {_note(source, outbox, "new_rows")};
            ELSE
                {_note(source, outbox, "old_rows")};
            END IF;
            IF FOUND AND
               COALESCE(current_setting('supply_link.woken', true), '') <> 'yes'
            THEN
                PERFORM supply_note_wake();
            END IF;
            RETURN NULL;
        END $$ LANGUAGE plpgsql
        """.replace("%", "%%")
    )


def _note(source, outbox, rows):
    columns = ", ".join(outbox.columns)
    into, date = columns, ""
    if outbox.dated:
        into, date = f"{columns}, {outbox.dated}", ", now() AT TIME ZONE 'UTC'"
    return (
        f"INSERT INTO {outbox.table} ({into}) SELECT DISTINCT {columns}{date} "
        f"FROM (SELECT {source.noted} FROM {rows} changed {source.tables}) "
        f"noted ({columns}) WHERE {outbox.needed}"
    )
