"""Triggers that note which urgent cases changed, on whatever path it was.

What the screen of the urgent chain shows of a case is kept (``urgency.case.state``).
Each statement that changes what a case is worked out from leaves the orders it touched
in ``urgency.case.change``, and wakes the job that brings what is kept up to date.

Sale orders are noted when they are urgent. Purchase orders always are: which of them
serve an urgent order may be changed by somebody else at this moment, and that cannot
be seen yet. Whoever reads the notes sees both.
"""

from __future__ import annotations

from dataclasses import dataclass

from odoo.tools import SQL

#: What each function and trigger is called before the name of the table.
PREFIX = "urgency_note_"

IS_URGENT = (
    "JOIN urgency_level level ON level.id = {0}.urgency_level_id AND level.is_urgent"
)
#: The urgent order that a row names, or nothing of the row.
URGENT_SALE = f"JOIN sale_order sale ON sale.id = {{0}} {IS_URGENT.format('sale')}"
#: The same, and the row counts without one, too.
MAYBE_URGENT_SALE = (
    f"LEFT JOIN (sale_order sale {IS_URGENT.format('sale')}) ON sale.id = {{0}}"
)
BOUGHT = "LEFT JOIN purchase_order_line bought ON bought.id = changed.purchase_line_id"


@dataclass(frozen=True)
class Source:
    """A table whose changes matter.

    :param noted: sale order and purchase order of a changed row, as SQL over the row
        *changed*
    :param columns: that matter when a row is updated
    :param tables: joined, and conditions
    :param events: those that matter
    :param key: which columns tell a row from others
    """

    noted: str
    columns: tuple[str, ...]
    tables: str = ""
    events: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")
    key: str = "id"


SOURCES = {
    "sale_order": Source(
        "changed.id, NULL::integer",
        (
            "name",
            "state",
            "partner_id",
            "company_id",
            "user_id",
            "delivery_status",
            "date_order",
            "urgency_level_id",
            "urgency_reason",
            "urgency_date",
            "needed_by",
        ),
        IS_URGENT.format("changed"),
    ),
    "sale_order_line": Source(
        "sale.id, NULL::integer",
        ("order_id", "customer_lead"),
        URGENT_SALE.format("changed.order_id"),
    ),
    "stock_picking": Source(
        "sale.id, NULL::integer",
        ("sale_id", "state", "user_id"),
        URGENT_SALE.format("changed.sale_id"),
    ),
    "purchase_order": Source(
        "NULL::integer, changed.id",
        (
            "name",
            "state",
            "company_id",
            "user_id",
            "date_order",
            "receipt_status",
            "urgency_level_id",
            "urgency_reason",
            "urgency_date",
            "needed_by",
            "urgency_source_id",
        ),
    ),
    "purchase_order_line": Source(
        "NULL::integer, changed.order_id",
        ("order_id", "date_planned", "product_qty", "qty_received"),
    ),
    "approval_process": Source(
        "NULL::integer, changed.res_id",
        ("state", "res_id"),
        "WHERE changed.res_model = 'purchase.order'",
    ),
    "approval_task": Source(
        "NULL::integer, process.res_id",
        ("state", "holder_id", "due_at"),
        "JOIN approval_process process ON process.id = changed.process_id "
        "AND process.res_model = 'purchase.order'",
    ),
    "supply_link": Source(
        "sale.id, bought.order_id",
        ("sale_line_id", "purchase_line_id"),
        f"{BOUGHT} LEFT JOIN sale_order_line sold ON sold.id = changed.sale_line_id "
        f"{MAYBE_URGENT_SALE.format('sold.order_id')}",
    ),
    "supply_state": Source(
        "sale.id, bought.order_id",
        ("order_id", "method", "ready_on", "purchase_line_id"),
        f"{URGENT_SALE.format('changed.order_id')} {BOUGHT}",
    ),
    "stock_reference_sale_rel": Source(
        "sale.id, others.purchase_id",
        ("sale_id", "reference_id"),
        f"{URGENT_SALE.format('changed.sale_id')} "
        "LEFT JOIN stock_reference_purchase_rel others "
        "ON others.reference_id = changed.reference_id",
        key="sale_id, reference_id",
    ),
    "stock_reference_purchase_rel": Source(
        "sale.id, changed.purchase_id",
        ("purchase_id", "reference_id"),
        "LEFT JOIN stock_reference_sale_rel others "
        "ON others.reference_id = changed.reference_id "
        f"{MAYBE_URGENT_SALE.format('others.sale_id')}",
        key="purchase_id, reference_id",
    ),
    "urgency_level": Source(
        "orders.sale_id, orders.purchase_id",
        ("is_urgent",),
        "JOIN (SELECT id AS sale_id, NULL::integer AS purchase_id, urgency_level_id "
        "FROM sale_order UNION ALL SELECT NULL::integer, id, urgency_level_id "
        "FROM purchase_order) orders ON orders.urgency_level_id = changed.id",
        events=("UPDATE",),
    ),
}

#: How each event calls the rows it gives.
EVENTS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}

#: The job is asked for once a transaction, whether supply changed or an urgent case.
WAKE = f"""
    CREATE OR REPLACE FUNCTION {PREFIX}wake() RETURNS trigger AS $$
    BEGIN
        IF COALESCE(current_setting('supply_link.woken', true), '') <> 'yes'
           AND EXISTS (SELECT FROM new_rows)
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
"""


def make_triggers(cr):
    """Make the triggers; safe to repeat.

    :param cr: cursor of a database that has all tables
    :return: whether one of them was missing, so that changes may not have been noted
    :rtype: bool
    """
    there = _get_triggers(cr)
    cr.execute(WAKE)
    _make(cr, "urgency_case_change", "INSERT", "wake")
    for table, source in SOURCES.items():
        cr.execute(_function(table, source))
        for event in source.events:
            _make(cr, table, event, table)
    return there != _get_triggers(cr)


def drop_triggers(cr):
    """Drop the triggers and the functions behind them."""
    for name in ("wake", *SOURCES):
        function = SQL.identifier(f"{PREFIX}{name}")
        cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", function))


def _get_triggers(cr):
    cr.execute("SELECT tgname FROM pg_trigger WHERE starts_with(tgname, %s)", [PREFIX])
    return {name for (name,) in cr.fetchall()}


def _make(cr, table, event, function):
    name = SQL.identifier(f"{PREFIX}{table}_{event.lower()}")
    cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", name, SQL.identifier(table)))
    cr.execute(
        SQL(
            "CREATE TRIGGER %s AFTER %s ON %s REFERENCING %s "
            "FOR EACH STATEMENT EXECUTE FUNCTION %s()",
            name,
            SQL(event),
            SQL.identifier(table),
            SQL(EVENTS[event]),
            SQL.identifier(f"{PREFIX}{function}"),
        )
    )


def _function(table, source):
    columns = ", ".join(f"{{0}}.{column}" for column in source.columns)
    differ = f"({columns.format('now')}) IS DISTINCT FROM ({columns.format('was')})"
    pairs = f"new_rows now FULL JOIN old_rows was USING ({source.key}) WHERE {differ}"
    updated = " UNION ".join(
        _note(source, f"(SELECT {which}.* FROM {pairs})") for which in ("now", "was")
    )
    return SQL(
        f"""
        CREATE OR REPLACE FUNCTION {PREFIX}{table}() RETURNS trigger AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                INSERT INTO urgency_case_change (sale_id, purchase_id) {updated};
            ELSIF TG_OP = 'INSERT' THEN
                INSERT INTO urgency_case_change (sale_id, purchase_id)
                {_note(source, "new_rows")};
            ELSE
                INSERT INTO urgency_case_change (sale_id, purchase_id)
                {_note(source, "old_rows")};
            END IF;
            RETURN NULL;
        END $$ LANGUAGE plpgsql
        """.replace("%", "%%")
    )


def _note(source, rows):
    return (
        f"SELECT DISTINCT * FROM (SELECT {source.noted} FROM {rows} changed "
        f"{source.tables}) noted (sale_id, purchase_id) "
        "WHERE COALESCE(sale_id, purchase_id) IS NOT NULL"
    )
