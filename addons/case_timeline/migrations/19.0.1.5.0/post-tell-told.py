"""That a customer was told a day is called so.

Before this version it was called like a likely day that moved. Those events get the
name that a rebuild would give them, and are found by it. What was noted and is no event
yet gets the cause that says so, which was not noted before.
"""


def migrate(cr, version):
    if not version:
        return
    cr.execute("ALTER TABLE timeline_event DISABLE TRIGGER USER")
    cr.execute(
        """
        UPDATE timeline_event event
           SET kind = 'promise.told',
               source = replace(source, ',promise.moved,', ',promise.told,')
          FROM supply_promise_version version
         WHERE event.res_model = 'supply.promise.version'
           AND event.kind = 'promise.moved'
           AND version.id = event.res_id AND version.cause->>'code' = 'told'
     RETURNING event.id
        """
    )
    told = [id_ for (id_,) in cr.fetchall()]
    cr.execute("ALTER TABLE timeline_event ENABLE TRIGGER USER")
    # the trigger lists the words anew
    cr.execute("UPDATE timeline_event SET words = NULL WHERE id = ANY(%s)", [told])
    cr.execute(
        """
        UPDATE timeline_change change
           SET new = change.new || jsonb_build_object('cause', version.cause)
          FROM supply_promise_version version
         WHERE change.source = 'supply_promise_version'
           AND change.operation = 'insert' AND version.id = change.res_id
        """
    )
