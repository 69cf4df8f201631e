"""Reading what is needed together in one query."""

from itertools import islice

from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.constants import PREFETCH_MAX


def read_lines(records, name):
    """Read a one2many field with the lines it leads to, of these and those that are
    read together with them.

    Odoo reads the ids of the lines, and then what is in them: two queries. What is
    known already is not read again.

    :param records: with the system's rights, for what is read is there for everybody
    :param str name: of the field
    """
    field = records._fields[name]
    together = records.browse(dict.fromkeys((*records._ids, *records._prefetch_ids)))
    missing = islice(filter(None, field._cache_missing_ids(together)), PREFETCH_MAX)
    records = records.browse(missing)
    if not records:
        return
    lines = records.env[field.comodel_name].with_context(
        **{"active_test": False, **field.context}
    )
    domain = Domain(field.inverse_name, "in", records.ids)
    found = lines.search_fetch(field.get_comodel_domain(records) & domain)
    by_record = found.grouped(lambda line: line[field.inverse_name].id)
    none = lines.browse()
    field._insert_cache(records, [by_record.get(id_, none)._ids for id_ in records.ids])


#: When the transaction began: what ``cr.now`` asks for in a query of its own.
NOW = SQL("(now() AT TIME ZONE 'UTC')")


def remember_now(cr, moment):
    """Keep the moment at which the transaction began, which came with another query:
    the first change of any record asks for it.

    :param datetime moment: what ``NOW`` was
    """
    if cr._now is None:
        cr._now = moment
