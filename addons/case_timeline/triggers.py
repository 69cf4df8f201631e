"""Triggers that note what happened to documents, on whatever path it happened.

One trigger a table, for each row, as a note says which row, what it was and what it
is. All else is done later, by the job. The condition is in the function and not in the
trigger, so that Odoo may change the types of columns.
"""

from __future__ import annotations

from odoo.tools import SQL

from odoo.addons.supply_link.triggers import EVENTS, Outbox

from .sources import SOURCES, STAMPS, Source
from .wording import WORDS_FUNCTION

CASES = Outbox(
    "timeline_change",
    "timeline_note_",
    ("source", "res_id", "operation", "old", "new", "user_id"),
    "source IS NOT NULL",
    "noted_on",
)

#: What no event follows from, but what events move with, or spans.
FOLLOWED = {
    "approval_task": Source(
        "approval.task",
        columns=("activated_at", "decided_at", "due_at", "state"),
        shown=("process_id",),
        made_on="",
    ),
    "res_partner": Source(
        "res.partner", columns=("commercial_partner_id",), shown=(), made_on=""
    ),
    "supply_link": Source(
        "supply.link",
        columns=("sale_line_id", "purchase_line_id", "kind"),
        shown=(),
        made_on="",
    ),
}
#: Tables of which new rows and deleted ones mean nothing.
ONLY_CHANGES = {"approval_task", "res_partner"}

#: Which lines of invoices are of which lines of orders: a table without a model, of
#: which the document is noted that is left: the invoice, else the order.
INVOICED = "sale_order_line_invoice_rel"

WAKE = """
    CREATE OR REPLACE FUNCTION timeline_note_wake() RETURNS void AS $$
    BEGIN
        IF current_setting('case_timeline.woken', true) = 'yes' THEN
            RETURN;
        END IF;
        PERFORM set_config('case_timeline.woken', 'yes', true);
        INSERT INTO ir_cron_trigger (cron_id, call_at)
        SELECT data.res_id, now() AT TIME ZONE 'UTC'
          FROM ir_model_data data
         WHERE data.module = 'case_timeline'
           AND data.name = 'ir_cron_follow';
    END $$ LANGUAGE plpgsql
"""

#: Lines of documents that may be of lines of orders: the table of the documents, the
#: column that says which one a line is of, and those that say of which orders it is.
LINES = {
    "account_move_line": ("account_move", "move_id", ("purchase_line_id",)),
    "stock_move": ("stock_picking", "picking_id", ("purchase_line_id", "sale_line_id")),
}

#: How each event of ``INVOICED`` gives its rows.
INVOICED_EVENTS = {
    "INSERT": ("new_rows", "REFERENCING NEW TABLE AS new_rows"),
    "UPDATE": (
        "(SELECT * FROM new_rows UNION SELECT * FROM old_rows)",
        "REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows",
    ),
    "DELETE": ("old_rows", "REFERENCING OLD TABLE AS old_rows"),
}

#: Texts that are for those only who may read what they are from: table and columns.
TEXTS = {
    "mail.message": ("mail_message", ("subject",)),
    "supply.question": ("supply_question", ("text", "answer")),
}
#: Parameters with names and numbers, which whoever reads the case may read.
NAMED = ("name", "product", "step")


def _read_texts():
    """Return SQL that reads the texts of an event's document into ``texts``."""
    return "".join(
        f"""
        IF NEW.res_model = '{model}' THEN
            SELECT concat_ws(' ', {", ".join(columns)}) INTO texts
              FROM {table} WHERE id = NEW.res_id;
        END IF;"""
        for model, (table, columns) in TEXTS.items()
    )


#: Whether a document that may go from one order to another is of one, or of none:
#: nothing, if it is another kind of document, which stays where it is.
IS_OF = f"""
    CREATE OR REPLACE FUNCTION timeline_event_is_of(
           of_model text, document integer, sale integer, purchase integer)
    RETURNS boolean AS $$
    DECLARE
        invoice integer;
    BEGIN
        invoice := CASE of_model
            WHEN 'account.move' THEN document
            WHEN 'mail.message' THEN (
                SELECT mail.res_id FROM mail_message mail
                 WHERE mail.id = document AND mail.model = 'account.move') END;
        IF invoice IS NOT NULL AND purchase IS NOT NULL THEN
            RETURN EXISTS (
                SELECT FROM account_move_line item
                  JOIN purchase_order_line line ON line.id = item.purchase_line_id
                 WHERE item.move_id = invoice AND line.order_id = purchase);
        ELSIF invoice IS NOT NULL AND sale IS NOT NULL THEN
            RETURN EXISTS (
                SELECT FROM account_move_line item
                  JOIN {INVOICED} rel ON rel.invoice_line_id = item.id
                  JOIN sale_order_line line ON line.id = rel.order_line_id
                 WHERE item.move_id = invoice AND line.order_id = sale);
        ELSIF invoice IS NOT NULL THEN
            RETURN NOT EXISTS (
                SELECT FROM account_move_line item
             LEFT JOIN {INVOICED} rel ON rel.invoice_line_id = item.id
                 WHERE item.move_id = invoice
                   AND COALESCE(item.purchase_line_id, rel.order_line_id) > 0);
        ELSIF of_model = 'stock.picking' AND purchase IS NOT NULL THEN
            RETURN EXISTS (
                SELECT FROM stock_move move
                  JOIN purchase_order_line line ON line.id = move.purchase_line_id
                 WHERE move.picking_id = document AND line.order_id = purchase);
        ELSIF of_model = 'stock.picking' THEN
            RETURN EXISTS (
                SELECT FROM stock_picking picking
                 WHERE picking.id = document
                   AND (picking.sale_id IS NOT DISTINCT FROM sale
                        OR sale IS NOT NULL AND EXISTS (
                            SELECT FROM stock_move move
                              JOIN sale_order_line line ON line.id = move.sale_line_id
                             WHERE move.picking_id = document
                               AND line.order_id = sale)));
        ELSIF of_model = 'account.payment' THEN
            RETURN EXISTS (
                SELECT FROM account_payment payment
             LEFT JOIN supplier_deposit deposit ON deposit.id = payment.deposit_id
                 WHERE payment.id = document AND sale IS NULL
                   AND deposit.order_id IS NOT DISTINCT FROM purchase);
        END IF;
        RETURN NULL;
    END $$ LANGUAGE plpgsql STABLE
"""

#: The family is that of the customer: kept right where a merge of customers rewrites
#: the rows, too. So are the words that the event is found by, see ``wording.py``. An
#: invoice goes to an order that it is of, such as when another one is deleted; so do
#: its e-mails, transfers and payments. A copy rests, in no case, where its document is
#: of that case no more, or the case has the event already; it may go back to that case
#: only. Nothing else of an event ever changes, and no row is ever deleted.
EVENT_FUNCTIONS = (
    "timeline_event_family",
    "timeline_event_refuse",
    "timeline_event_may_move",
    "timeline_event_may_rest",
    "timeline_event_may_return",
    "timeline_event_is_of",
    "timeline_event_list_words",
)
_MAY_CHANGE = (
    "ARRAY['partner_id', 'family_id', 'lead_id', 'words', 'sale_id', 'purchase_id']"
)
EVENT_TRIGGERS = f"""
    {WORDS_FUNCTION};
    {IS_OF};

    CREATE OR REPLACE FUNCTION timeline_event_may_move(
           was timeline_event, goal timeline_event) RETURNS boolean AS $$
    BEGIN
        RETURN (goal.sale_id IS NULL OR goal.purchase_id IS NULL
                OR goal.sale_id IS NOT DISTINCT FROM was.sale_id)
               AND timeline_event_is_of(
            was.res_model, was.res_id, goal.sale_id, goal.purchase_id);
    END $$ LANGUAGE plpgsql STABLE;

    CREATE OR REPLACE FUNCTION timeline_event_may_rest(
           was timeline_event, goal timeline_event) RETURNS boolean AS $$
    BEGIN
        IF COALESCE(goal.sale_id, goal.lead_id, goal.partner_id, goal.purchase_id)
               IS NOT NULL
           OR NOT EXISTS (
               SELECT FROM timeline_event home
                WHERE home.source = split_part(was.source, '@', 1) AND home.is_home)
        THEN
            RETURN FALSE;
        END IF;
        RETURN NOT timeline_event_is_of(
                   was.res_model, was.res_id, was.sale_id, was.purchase_id)
               OR EXISTS (
                   SELECT FROM timeline_event twin
                    WHERE twin.res_model = was.res_model AND twin.res_id = was.res_id
                      AND twin.id <> was.id
                      AND split_part(twin.source, '@', 1)
                          = split_part(was.source, '@', 1)
                      AND twin.sale_id IS NOT DISTINCT FROM was.sale_id
                      AND (was.sale_id IS NOT NULL
                           OR twin.purchase_id IS NOT DISTINCT FROM was.purchase_id));
    END $$ LANGUAGE plpgsql;

    CREATE OR REPLACE FUNCTION timeline_event_may_return(
           was timeline_event, goal timeline_event) RETURNS boolean AS $$
    BEGIN
        IF COALESCE(was.sale_id, was.lead_id, was.partner_id, was.purchase_id)
               IS NOT NULL
           OR split_part(was.source, '@', 2) IS DISTINCT FROM COALESCE(
               goal.sale_id::text, 'p' || goal.purchase_id)
        THEN
            RETURN FALSE;
        END IF;
        -- what serves an order is of the purchase
        RETURN timeline_event_is_of(
            was.res_model, was.res_id,
            CASE WHEN goal.purchase_id IS NULL THEN goal.sale_id END,
            goal.purchase_id);
    END $$ LANGUAGE plpgsql STABLE;

    CREATE OR REPLACE FUNCTION timeline_event_family() RETURNS trigger AS $$
    DECLARE
        texts text;
        may boolean := TRUE;
        is_at_rest boolean;
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            may := to_jsonb(NEW) - {_MAY_CHANGE}
                   IS NOT DISTINCT FROM to_jsonb(OLD) - {_MAY_CHANGE};
            is_at_rest := NOT OLD.is_home AND COALESCE(
                OLD.sale_id, OLD.lead_id, OLD.partner_id, OLD.purchase_id) IS NULL;
            IF may AND is_at_rest THEN
                may := COALESCE(
                           NEW.sale_id, NEW.lead_id, NEW.partner_id, NEW.purchase_id)
                           IS NULL
                       OR timeline_event_may_return(OLD, NEW);
            ELSIF may AND (NEW.sale_id, NEW.purchase_id)
                          IS DISTINCT FROM (OLD.sale_id, OLD.purchase_id)
            THEN
                may := timeline_event_may_move(OLD, NEW)
                       OR NOT OLD.is_home AND timeline_event_may_rest(OLD, NEW);
            END IF;
        END IF;
        IF may IS NOT TRUE THEN
            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        SELECT COALESCE(partner.commercial_partner_id, partner.id)
          INTO NEW.family_id
          FROM res_partner partner
         WHERE partner.id = NEW.partner_id;
        {_read_texts()}
        NEW.words := array_to_tsvector(
            timeline_event_list_words(concat_ws(
                ' ', {", ".join(f"NEW.parameters->>'{name}'" for name in NAMED)}))
            || array_remove(ARRAY[
                'k:' || NEW.kind,
                'k:' || split_part(NEW.kind, '.', 1),
                'd:' || NULLIF(NEW.department, ''),
                'u:' || NEW.user_id,
                CASE NEW.chain WHEN 'holder'
                     THEN 'u:' || (NEW.parameters->>'now') END,
                's:' || NEW.sale_id,
                'p:' || NEW.partner_id,
                'f:' || NEW.family_id,
                CASE NEW.kind WHEN 'lead.stage'
                     THEN 'n:' || (NEW.parameters->>'now') END], NULL)
            || ARRAY(SELECT 't:' || word
                       FROM unnest(timeline_event_list_words(left(texts, 5000))) word));
        RETURN NEW;
    END $$ LANGUAGE plpgsql;

    CREATE OR REPLACE FUNCTION timeline_event_refuse() RETURNS trigger AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END $$ LANGUAGE plpgsql;

    ALTER TABLE timeline_event ADD COLUMN IF NOT EXISTS words tsvector;
    CREATE INDEX IF NOT EXISTS timeline_event_words_index
        ON timeline_event USING gin (words) WHERE is_shown;

    DROP TRIGGER IF EXISTS timeline_event_append_only ON timeline_event;
    CREATE TRIGGER timeline_event_append_only
        BEFORE INSERT OR UPDATE ON timeline_event
        FOR EACH ROW EXECUTE FUNCTION timeline_event_family();
    DROP TRIGGER IF EXISTS timeline_event_no_delete ON timeline_event;
    CREATE TRIGGER timeline_event_no_delete
        BEFORE DELETE ON timeline_event
        FOR EACH ROW EXECUTE FUNCTION timeline_event_refuse();
    DROP TRIGGER IF EXISTS timeline_event_no_truncate ON timeline_event;
    CREATE TRIGGER timeline_event_no_truncate
        BEFORE TRUNCATE ON timeline_event
        FOR EACH STATEMENT EXECUTE FUNCTION timeline_event_refuse();
"""


def make_triggers(cr):
    """Make the triggers of all documents; safe to repeat."""
    cr.execute(WAKE)
    for table, source in {**SOURCES, **FOLLOWED}.items():
        cr.execute(SQL(_function(table, source).replace("%", "%%")))
        name = SQL.identifier(f"{CASES.prefix}{table}")
        cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", name, SQL.identifier(table)))
        events = "UPDATE" if table in ONLY_CHANGES else "INSERT OR UPDATE OR DELETE"
        cr.execute(
            SQL(
                "CREATE TRIGGER %s AFTER %s ON %s FOR EACH ROW EXECUTE FUNCTION %s()",
                name,
                SQL(events),
                SQL.identifier(table),
                name,
            )
        )
    _make_invoiced_triggers(cr)
    for table in LINES:
        _make_line_triggers(cr, table, *LINES[table])


def _make_line_triggers(cr, table, documents, column, orders):
    """Make the triggers that note documents that may be of another order now: new lines
    and deleted ones a statement at a time, changed ones row by row as ``supply_link``
    does.

    :param str table: with the lines
    :param str documents: table of what they are lines of
    :param str column: that says which one
    :param orders: columns that say of which order a line is
    """
    function = f"{CASES.prefix}{table}"
    compared = ", ".join(f"{{0}}.{name}" for name in (column, *orders))
    rows = {
        "UPDATE": f"(VALUES (NEW.{column}), (OLD.{column})) changed ({column})",
        "INSERT": "new_rows changed",
        "DELETE": "old_rows changed",
    }
    of_an_order = f"COALESCE({', '.join(orders)}) > 0"
    notes = "".join(
        f"""
            {"ELSIF" if number else "IF"} TG_OP = '{event}' THEN
                INSERT INTO timeline_change (source, res_id, operation, noted_on)
                SELECT DISTINCT '{documents}', changed.{column}, 'place', moment
                  FROM {found}
                 WHERE changed.{column} IS NOT NULL
                   AND {"TRUE" if event == "UPDATE" else of_an_order};"""
        for number, (event, found) in enumerate(rows.items())
    )
    same = f"({compared.format('NEW')}) IS NOT DISTINCT FROM ({compared.format('OLD')})"
    both = ", ".join(f"{row}.{name}" for row in ("NEW", "OLD") for name in orders)
    cr.execute(
        SQL(
            f"""
            CREATE OR REPLACE FUNCTION {function}() RETURNS trigger AS $$
            DECLARE
                moment timestamp := now() AT TIME ZONE 'UTC';
            BEGIN
                IF TG_OP = 'UPDATE' THEN
                    IF {same} OR COALESCE({both}) IS NULL THEN
                        RETURN NULL;
                    END IF;
                END IF; {notes}
                END IF;
                IF FOUND THEN
                    PERFORM timeline_note_wake();
                END IF;
                RETURN NULL;
            END $$ LANGUAGE plpgsql
            """
        )
    )
    for event in rows:
        trigger = SQL.identifier(f"{function}_{event.lower()}")
        cr.execute(
            SQL("DROP TRIGGER IF EXISTS %s ON %s", trigger, SQL.identifier(table))
        )
        cr.execute(
            SQL(
                "CREATE TRIGGER %s AFTER %s ON %s %s EXECUTE FUNCTION %s()",
                trigger,
                SQL(event),
                SQL.identifier(table),
                SQL(EVENTS[event]),
                SQL.identifier(function),
            )
        )


def _make_invoiced_triggers(cr):
    """Make the triggers of ``INVOICED``: a statement at a time, since an invoice has
    all its lines at once."""
    name = f"{CASES.prefix}{INVOICED}"
    table = SQL.identifier(INVOICED)
    cr.execute(SQL(_invoiced_function(name)))
    for event, (_rows, references) in INVOICED_EVENTS.items():
        trigger = SQL.identifier(f"{name}_{event.lower()}")
        cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", trigger, table))
        cr.execute(
            SQL(
                "CREATE TRIGGER %s AFTER %s ON %s %s FOR EACH STATEMENT "
                "EXECUTE FUNCTION %s()",
                trigger,
                SQL(event),
                table,
                SQL(references),
                SQL.identifier(name),
            )
        )


def _invoiced_function(name):
    notes = "".join(
        f"""
            {"ELSIF" if number else "IF"} TG_OP = '{event}' THEN
                INSERT INTO timeline_change (source, res_id, operation, old, noted_on)
                SELECT DISTINCT '{INVOICED}', COALESCE(item.move_id, 0), 'place',
                       jsonb_build_object('sale', line.order_id), moment
                  FROM {rows} changed
             LEFT JOIN account_move_line item ON item.id = changed.invoice_line_id
             LEFT JOIN sale_order_line line ON line.id = changed.order_line_id
                 WHERE item.id IS NOT NULL OR line.id IS NOT NULL;"""
        for number, (event, (rows, _references)) in enumerate(INVOICED_EVENTS.items())
    )
    return f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$
        DECLARE
            moment timestamp := now() AT TIME ZONE 'UTC';
        BEGIN {notes}
            END IF;
            IF FOUND THEN
                PERFORM timeline_note_wake();
            END IF;
            RETURN NULL;
        END $$ LANGUAGE plpgsql
    """


def get_row(table, source, row):
    """Return SQL for what is noted of a row, as JSON."""
    columns = dict.fromkeys(
        (*source.compared, *source.shown, *source.amounts, *STAMPS.get(table, ()))
    )
    pairs = ", ".join(f"'{column}', {row}.{column}" for column in columns)
    return f"jsonb_build_object({pairs})"


def _function(table, source):
    compared = ", ".join(f"{{0}}.{column}" for column in source.compared)
    differ = f"({compared.format('NEW')}) IS DISTINCT FROM ({compared.format('OLD')})"
    matters = {row: source.when.format(row=row) or "TRUE" for row in ("NEW", "OLD")}
    old, new = (get_row(table, source, row) for row in ("OLD", "NEW"))
    # who is not known when somebody changes it past Odoo
    user = source.user.format(row="NEW") or (
        "CASE WHEN NEW.write_date >= date_trunc('second', moment) "
        "THEN NEW.write_uid END"
    )
    note = (
        "INSERT INTO timeline_change "
        "(source, res_id, operation, old, new, user_id, noted_on) "
        f"VALUES ('{table}', {{0}})"
    )
    return f"""
        CREATE OR REPLACE FUNCTION {CASES.prefix}{table}() RETURNS trigger AS $$
        DECLARE
            moment timestamp := now() AT TIME ZONE 'UTC';
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF NOT ({differ}) OR NOT COALESCE(
                    ({matters["NEW"]}) OR ({matters["OLD"]}), FALSE)
                THEN
                    RETURN NULL;
                END IF;
                {note.format(f"NEW.id, 'update', {old}, {new}, {user}, moment")};
            ELSIF TG_OP = 'INSERT' THEN
                IF NOT COALESCE({matters["NEW"]}, FALSE) THEN
                    RETURN NULL;
                END IF;
                {note.format(f"NEW.id, 'insert', NULL, {new}, {user}, moment")};
            ELSE
                IF NOT COALESCE({matters["OLD"]}, FALSE) THEN
                    RETURN NULL;
                END IF;
                {note.format(f"OLD.id, 'delete', {old}, NULL, NULL, moment")};
            END IF;
            PERFORM timeline_note_wake();
            RETURN NULL;
        END $$ LANGUAGE plpgsql
    """
