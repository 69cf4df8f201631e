"""Calls on a company's records, made as if they came from outside."""

from copy import deepcopy
from dataclasses import dataclass, field

from psycopg2 import IntegrityError

from odoo.api import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.service.model import call_kw, get_public_method

from . import inventory
from .company import DOCUMENTS, Company

REFUSALS = (UserError, IntegrityError)


@dataclass
class Outcome:
    """What came of a call: an answer or an error, and what it changed."""

    answer: object = None
    error: Exception | None = None
    changed: set = field(default_factory=set)
    decided: set = field(default_factory=set)

    @property
    def refused(self):
        """Told, in a sentence that people understand, that it cannot be done.

        Odoo's interfaces make such a sentence of a constraint of the database.
        """
        return isinstance(self.error, REFUSALS)

    @property
    def said(self):
        return str(self.error or self.answer)


class Scene(Company):
    """The company, with what it looks like before a call."""

    def __init__(self, registry):
        super().__init__(registry)
        with self.session() as env:
            self.tables = inventory.tables(env)
            self.before = self._picture(env, self.tables)
            self.decisions = self._decisions(env)

    def call(self, role, model, method, ids, args=(), context=None):
        """Call a method as Odoo's remote interfaces do, then undo it.

        :return: what came of it
        """
        try:
            with self.session(role) as env:
                try:
                    answer = self._call(env, model, method, ids, args, context)
                    env.flush_all()
                except Exception as error:
                    return Outcome(error=error)
                if not self._has_written(env):
                    return Outcome(answer=answer)
                return Outcome(
                    answer=answer,
                    changed=self._difference(env),
                    decided=self._decisions(env) - self.decisions,
                )
        finally:
            self.registry.reset_changes()

    def _call(self, env, model, method, ids, args, context):
        args = [arg(self) if callable(arg) else deepcopy(arg) for arg in args]
        function = get_public_method(env[model], method)
        if not getattr(function, "_api_model", False):
            args = [ids, *args]
        return call_kw(env[model], method, args, {"context": dict(context or {})})

    def _has_written(self, env):
        """Return whether the transaction has got a number: before it writes, it does.

        Most calls only read, and a picture costs more than they do.
        """
        env.cr.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        return env.cr.fetchone()[0]

    def _written(self, env):
        """Return the watched tables that the transaction has written, and perhaps some
        that others wrote before: their counts are passed on once a second."""
        env.cr.execute(
            """
            SELECT relname FROM pg_class
            WHERE oid = ANY(%s::regclass[])
              AND (pg_stat_get_xact_tuples_inserted(oid) > 0
                OR pg_stat_get_xact_tuples_updated(oid) > 0
                OR pg_stat_get_xact_tuples_deleted(oid) > 0)
            """,
            [self.tables],
        )
        return [table for (table,) in env.cr.fetchall()]

    def _picture(self, env, tables):
        """Return what tables hold, as one digest each."""
        if not tables:
            return {}
        digests = " UNION ALL ".join(
            f"SELECT '{table}', md5(string_agg(t::text, '|' ORDER BY t::text))"
            f" FROM {table} t"
            for table in tables
        )
        env.cr.execute(digests)
        return dict(env.cr.fetchall())

    def _difference(self, env):
        after = self._picture(env, self._written(env))
        return {table for table in after if after[table] != self.before[table]}

    def _decisions(self, env):
        """Return what only approvers bring about, here: by nobody who calls."""
        superuser = env(user=SUPERUSER_ID, context={})
        superuser.invalidate_all()
        decided = superuser["approval.task"].search([("decided_by_id", "!=", False)])
        approved = superuser["approval.process"].search([("state", "=", "approved")])
        found = {*decided, *approved}
        for model in DOCUMENTS:
            states = superuser[model]._approval_gate_states
            field_name = superuser[model]._approval_state_field
            found |= set(superuser[model].search([(field_name, "in", states)]))
        return {(record._name, record.id) for record in found}
