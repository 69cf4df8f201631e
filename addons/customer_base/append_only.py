"""Tables that only grow: PostgreSQL itself refuses to change or remove a row, whoever
asks. The triggers go with the table.

One thing passes: when a user is deleted, the database empties who made a row."""

from odoo.tools import SQL

FUNCTION = """
    CREATE OR REPLACE FUNCTION customer_refuse_change() RETURNS trigger AS $$
    DECLARE
        users text[] := ARRAY['create_uid', 'write_uid'];
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF to_jsonb(NEW) - users = to_jsonb(OLD) - users
               AND COALESCE(NEW.create_uid, OLD.create_uid)
                   IS NOT DISTINCT FROM OLD.create_uid
               AND COALESCE(NEW.write_uid, OLD.write_uid)
                   IS NOT DISTINCT FROM OLD.write_uid
            THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END $$ LANGUAGE plpgsql
"""


def make_append_only(cr, table):
    """Make a table append-only; safe to repeat.

    :param str table: name of the table
    """
    cr.execute(FUNCTION)
    name = SQL.identifier(table)
    for suffix, event in (
        ("append_only", SQL("UPDATE OR DELETE ON %s FOR EACH ROW", name)),
        ("no_truncate", SQL("TRUNCATE ON %s FOR EACH STATEMENT", name)),
    ):
        trigger = SQL.identifier(f"{table}_{suffix}")
        cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", trigger, name))
        cr.execute(
            SQL(
                "CREATE TRIGGER %s BEFORE %s EXECUTE FUNCTION customer_refuse_change()",
                trigger,
                event,
            )
        )
