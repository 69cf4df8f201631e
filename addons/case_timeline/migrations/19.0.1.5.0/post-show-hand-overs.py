"""That a document was given to somebody else is shown in the story.

Before this version it was noted, and shown to nobody. Those events are shown now, and
are found by the name of whoever was given the document.
"""

KINDS = ("lead.holder", "sale.holder", "purchase.holder", "question.holder")


def migrate(cr, version):
    if not version:
        return
    cr.execute("ALTER TABLE timeline_event DISABLE TRIGGER USER")
    cr.execute(
        "UPDATE timeline_event SET is_shown = TRUE"
        " WHERE kind IN %s AND NOT is_shown RETURNING id",
        [KINDS],
    )
    shown = [id_ for (id_,) in cr.fetchall()]
    cr.execute("ALTER TABLE timeline_event ENABLE TRIGGER USER")
    # the trigger lists the words anew
    cr.execute("UPDATE timeline_event SET words = NULL WHERE id = ANY(%s)", [shown])
