"""Who is the same customer: what entries are compared by, and how surely they agree.

Plain Python, no Odoo. One way through: ``names`` (with ``typed`` and ``garbled``),
``phones``, ``tax_codes``, ``emails`` and ``places`` bring what people type into one
form; ``keys`` makes numbers of it, by which a database finds who may be meant;
``scoring`` says how surely two of them are one, with ``likeness`` of their names. Words
of legal forms and the like are in ``vocabulary``.
"""
