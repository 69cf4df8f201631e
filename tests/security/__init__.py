"""Who may do what: the roles, records of strangers, and what must happen.

``roles``
    whom the tests act as
``inventory``
    what our addons define, found in the registry: models, methods, fields
``access``
    the table of who may create, read, change and delete which of our records
``methods``
    what happens when a role calls one of our methods on a stranger's record
``company``
    the strangers, their records, and what the roles have of their own
``scene``
    calls on those records, as if they came from outside
``holes``
    what is known to be open; strict: a hole that was closed fails the test until
    its entry is removed
"""
