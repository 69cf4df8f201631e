"""A database of 19.0.1.0.0 with something in every state, and what is in it.

``old``
    the sources of that version, and databases that were installed with them
``fill``
    a program that fills such a database, run under the old sources; what it does is
    in ``office`` (people and goods), ``habits`` (what they set up for themselves),
    ``requests`` (orders under approval), ``budgets``, ``deposits`` and ``urgency``
``picture``
    what a database holds and what its users see, taken before and after an update
``compare``
    what is different between two pictures

``fill`` and what it uses are written for 19.0.1.0.0 and stay as they are: they stand
for what companies did with that version. Nothing else of the tests is used there,
because that follows the present sources. ``picture`` uses what all versions have.
"""
