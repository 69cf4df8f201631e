"""Acting as the system: the one way to run code that a caller must not influence.

``sudo()`` lifts access rights and keeps the context, which remote callers choose: it
says in which language names are compared, whether archived records are found, which
company counts, and gives default values. What decides something runs as the system;
``sudo()`` is for reading where only access rights stand in the way.
"""

#: What the context may say where texts are made for the user.
FOR_TEXTS = ("lang", "tz")


def as_system(records, for_texts=False):
    """Return the records with the system's rights and an empty context.

    The user stays the same: who did something is still known.

    :param records: of any model
    :param bool for_texts: keep the user's language and time zone
    """
    context = records.env.context
    kept = {name: context[name] for name in FOR_TEXTS if for_texts and name in context}
    return records.with_env(records.env(su=True, context=kept))
