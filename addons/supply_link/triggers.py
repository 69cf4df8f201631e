"""Triggers that note what changed, on whatever path it was changed.

Odoo's ``write`` never sees a transfer become done, nor what is changed in SQL; the
database does. Each statement that changes what matters leaves the products and order
lines it touched in the outbox, and wakes the job that reads it. Statements that change
nothing of that cost the comparison of old and new rows only.

A trigger with a transition table takes one event, no list of columns and none in its
condition. So there are three triggers a table, and the function compares.
"""

from __future__ import annotations

from dataclasses import dataclass

from odoo.tools import SQL

#: What each function and trigger is called before the name of the table.
PREFIX = "supply_note_"


#: What a note says.
COLUMNS = "(product_id, purchase_line_id, sale_line_id, noted_on)"


@dataclass(frozen=True)
class Source:
    """A table whose changes matter.

    :param noted: product, purchase line and order line of a changed row, as SQL over
        the row *changed*
    :param columns: that matter when a row is updated
    :param tables: joined, where the row does not say it all itself
    """

    noted: str
    columns: tuple[str, ...]
    tables: str = ""


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
        ("state", "picking_type_id", "purchase_group_id"),
        "JOIN purchase_order_line line ON line.order_id = changed.id",
    ),
    "sale_order": Source(
        "line.product_id, NULL::integer, line.id",
        ("state", "commitment_date", "date_order"),
        "JOIN sale_order_line line ON line.order_id = changed.id",
    ),
}

#: How each event calls the rows it gives.
EVENTS = {
    "INSERT": ("NEW TABLE AS new_rows", "new_rows"),
    "UPDATE": ("OLD TABLE AS old_rows NEW TABLE AS new_rows", "new_rows"),
    "DELETE": ("OLD TABLE AS old_rows", "old_rows"),
}


def make_triggers(cr, sources=None):
    """Make the triggers; safe to repeat.

    :param cr: cursor of a database that has all tables
    :param dict sources: :class:`Source` by table; addons above have tables of their own
    """
    for table, source in (sources or SOURCES).items():
        cr.execute(_function(table, source))
        for event, (rows, _changed) in EVENTS.items():
            name = SQL.identifier(f"{PREFIX}{table}_{event.lower()}")
            cr.execute(
                SQL("DROP TRIGGER IF EXISTS %s ON %s", name, SQL.identifier(table))
            )
            cr.execute(
                SQL(
                    "CREATE TRIGGER %s AFTER %s ON %s REFERENCING %s "
                    "FOR EACH STATEMENT EXECUTE FUNCTION %s()",
                    name,
                    SQL(event),
                    SQL.identifier(table),
                    SQL(rows),
                    SQL.identifier(f"{PREFIX}{table}"),
                )
            )


def drop_triggers(cr, sources=None):
    """Drop the triggers and the functions behind them."""
    for table in sources or SOURCES:
        name = SQL.identifier(f"{PREFIX}{table}")
        cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", name))


def _function(table, source):
    columns = ", ".join(f"{{0}}.{column}" for column in source.columns)
    differ = f"({columns.format('now')}) IS DISTINCT FROM ({columns.format('was')})"
    pairs = f"new_rows now JOIN old_rows was USING (id) WHERE {differ}"
    updated = " UNION ".join(
        _note(source, f"(SELECT {which}.* FROM {pairs})") for which in ("now", "was")
    )
    return SQL(
        f"""
        CREATE OR REPLACE FUNCTION {PREFIX}{table}() RETURNS trigger AS $$
        DECLARE noted integer;
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                INSERT INTO supply_change {COLUMNS}
                {updated};
            ELSIF TG_OP = 'INSERT' THEN
                INSERT INTO supply_change {COLUMNS}
                {_note(source, "new_rows")};
            ELSE
                INSERT INTO supply_change {COLUMNS}
                {_note(source, "old_rows")};
            END IF;
            GET DIAGNOSTICS noted = ROW_COUNT;
            IF noted > 0
               AND COALESCE(current_setting('supply_link.woken', true), '') <> 'yes'
            THEN
                PERFORM set_config('supply_link.woken', 'yes', true);
                INSERT INTO ir_cron_trigger (cron_id, call_at)
                SELECT data.res_id, now() AT TIME ZONE 'UTC'
                  FROM ir_model_data data
                 WHERE data.module = 'supply_link'
                   AND data.name = 'ir_cron_follow';
            END IF;
            RETURN NULL;
        END $$ LANGUAGE plpgsql
        """.replace("%", "%%")
    )


def _note(source, rows):
    return (
        f"SELECT DISTINCT {source.noted}, now() AT TIME ZONE 'UTC' "
        f"FROM {rows} changed {source.tables} "
        f"WHERE {source.noted.split(', ')[0]} IS NOT NULL"
    )
