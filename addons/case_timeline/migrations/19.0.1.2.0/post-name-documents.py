"""Events say which invoice or payment was posted.

It gets its number just after it is posted; events that were written before this version
say none. They are given the number that it has now, and are found by it.
"""

TABLES = {"account.move": "account_move", "account.payment": "account_payment"}


def migrate(cr, version):
    if not version:
        return
    cr.execute("ALTER TABLE timeline_event DISABLE TRIGGER USER")
    named = []
    for model, table in TABLES.items():
        cr.execute(
            f"""
            UPDATE timeline_event event
               SET parameters = event.parameters
                   || jsonb_build_object('name', document.name)
              FROM {table} document
             WHERE event.res_model = %s AND document.id = event.res_id
               AND COALESCE(event.parameters->>'name', '/') IN ('', '/')
               AND document.name NOT IN ('', '/')
         RETURNING event.id
            """,
            [model],
        )
        named += [id_ for (id_,) in cr.fetchall()]
    cr.execute("ALTER TABLE timeline_event ENABLE TRIGGER USER")
    # the trigger lists the words anew
    cr.execute("UPDATE timeline_event SET words = NULL WHERE id = ANY(%s)", [named])
