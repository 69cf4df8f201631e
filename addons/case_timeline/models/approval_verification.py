from odoo import api, models
from odoo.tools import SQL

from odoo.addons.approval_matrix.models.approval_verification import Finding

from ..sources import SOURCES
from ..triggers import INVOICED, get_row
from .timeline_change import PLACE


class ApprovalVerification(models.AbstractModel):
    _inherit = "approval.verification"

    @api.model
    def _get_checks(self):
        return {
            **super()._get_checks(),
            "timeline_changes": self.env._("notes for the timeline"),
            "timeline_events": self.env._("documents with events"),
            "timeline_spans": self.env._("cases with spans"),
        }

    @api.model
    def _check_timeline_changes(self, companies, batch):
        """Look whether the job follows what happened. Notes know no company: they are
        looked at with all of them."""
        if companies:
            return
        changes = self.env["timeline.change"]
        since = changes._get_waiting_since()
        found = []
        if since:
            text = self.env._(
                "What happened waits to be told since %(moment)s: the scheduled action "
                "%(action)s does not run.",
                moment=since,
                action=self.env.ref("case_timeline.ir_cron_follow").name,
            )
            found.append(Finding(changes._name, False, text))
        yield changes.search_count([]), found

    # ------------------------------------------------------------
    # EVENTS: their chains join up, and end where the documents are
    # ------------------------------------------------------------

    @api.model
    def _check_timeline_events(self, companies, batch):
        """Compare events with the documents. What is noted and not told yet, and what
        of the past is not looked at yet, is no difference."""
        if self.env.ref("case_timeline.ir_cron_fill").active:
            return
        for table, source in SOURCES.items():
            last = 0
            while rows := self._read_documents(table, source, last, batch, companies):
                last = max(rows)
                found = self._find_in_events(table, source, rows)
                yield len(rows), [Finding(source.model, *each) for each in found]

    @api.model
    def _read_documents(self, table, source, last, batch, companies=None):
        """Return the next documents that nothing is noted of."""
        own = SQL("TRUE")
        if companies and "company_id" in self.env[source.model]._fields:
            field = self.env[source.model]._fields["company_id"]
            if field.store:
                own = SQL("document.company_id = ANY(%s)", companies.ids)
        self.env.cr.execute(
            SQL(
                """
                SELECT document.id, %s
                  FROM %s document
                 WHERE document.id > %s AND %s AND %s
                   AND NOT EXISTS (SELECT FROM timeline_change change WHERE %s)
              ORDER BY document.id
                 LIMIT %s
                """,
                SQL(get_row(table, source, "document")),
                SQL.identifier(table),
                last,
                SQL(source.when.format(row="document") or "TRUE"),
                own,
                self._get_noted_sql(table),
                batch,
            )
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _get_noted_sql(self, table):
        """Return the condition on ``timeline_change change`` that it is about a row
        ``document``, or may be."""
        noted = SQL("change.source = %s AND change.res_id = document.id", table)
        invoice = {
            "account_move": SQL("document.id"),
            "mail_message": SQL(
                "CASE document.model WHEN 'account.move' THEN document.res_id END"
            ),
        }.get(table)
        if invoice is None:
            return noted
        # 0: of which invoice it is, only the job finds out
        return SQL(
            "(%s OR change.source = 'account_move' AND change.res_id = %s"
            " OR change.source = %s AND change.res_id IN (%s, 0))",
            noted,
            invoice,
            INVOICED,
            invoice,
        )

    @api.model
    def _find_in_events(self, table, source, rows):
        """Return ids and sentences of documents whose events are not as they should be.

        :param dict rows: of the documents, by id
        """
        places = self.env["timeline.place"]._find(table, list(rows))
        events = self._read_events(source.model, list(places))
        for id_, mine in places.items():
            home = [each for each in events.get(id_, ()) if each["is_home"]]
            for problem in self._find_in_chains(source, rows[id_], home):
                yield id_, f"{source.model},{id_}: {problem}"
            for problem in self._find_in_places(mine, events.get(id_, ())):
                yield id_, f"{source.model},{id_}: {problem}"

    @api.model
    def _find_in_places(self, places, events):
        """Yield what is wrong with where the events of a document are told.

        :param places: where they should be, the first one their home
        :param events: with their copies
        """
        told = {}
        for event in events:
            if not event["is_home"] and not any(event[name] for name in PLACE[:4]):
                continue  # a copy that rests
            base = event["source"].partition("@")[0]
            told.setdefault(base, []).append(event)
        right = [self._describe_place(*place[:4]) for place in places]
        missing = set()
        for mine in told.values():
            found = {
                self._describe_place(*(each[name] for name in PLACE[:4])): each[
                    "is_home"
                ]
                for each in mine
            }
            if not any(found.values()):
                continue  # it happened to the case, and not to the document
            missing |= set(right) - found.keys()
            if not found.get(right[0]):
                missing.add(right[0])
            if len(found) < len(mine):
                yield self.env._(
                    "event “%(kind)s” is in one case twice", kind=mine[0]["kind"]
                )
        for case, customer in sorted(missing, key=repr):
            yield self.env._(
                "its events are not in the case %(order)s of customer %(customer)s",
                order=case[1] or "",
                customer=customer or "",
            )

    @api.model
    def _describe_place(self, sale, lead, partner, purchase):
        """Return what tells a case from others, and its customer."""
        case = ("sale", sale) if sale else ("lead", lead) if lead else None
        return case or ("purchase", purchase), partner

    @api.model
    def _read_events(self, model, ids):
        self.env.cr.execute(
            SQL(
                """
                SELECT res_id, id, kind, chain, parameters, sale_id, lead_id,
                       partner_id, purchase_id, source, is_home
                  FROM timeline_event
                 WHERE res_model = %s AND res_id = ANY(%s)
              ORDER BY id
                """,
                model,
                ids,
            )
        )
        found = {}
        for row in self.env.cr.dictfetchall():
            found.setdefault(row["res_id"], []).append(row)
        return found

    @api.model
    def _find_in_chains(self, source, row, events):
        """Yield what is wrong with the chains of a document's events."""
        made = source.made(row)
        count = sum(event["kind"] == made for event in events)
        if made and count != 1:
            yield self.env._(
                "event “%(kind)s” is there %(count)s times", kind=made, count=count
            )
        for chain in source.chains:
            name, phase, now = chain.name, chain.phase(row), None
            mine = [event for event in events if event["chain"] == name]
            if chain.is_silent:
                # what it begins with is no event
                now = mine[0]["parameters"].get("was") if mine else phase
            for event in mine:
                if event["parameters"].get("was") != now:
                    yield self.env._(
                        "event “%(kind)s” does not follow from the one before: one is "
                        "missing, or is there twice",
                        kind=event["kind"],
                    )
                now = event["parameters"].get("now")
            if now != phase:
                yield self.env._(
                    "“%(chain)s” is “%(phase)s”, by its events “%(now)s”",
                    chain=name,
                    phase=phase or "",
                    now=now or "",
                )

    # ------------------------------------------------------------
    # SPANS: they follow from the events
    # ------------------------------------------------------------

    @api.model
    def _check_timeline_spans(self, companies, batch):
        spans = self.env["timeline.span"]
        for name in ("sale", "lead"):
            last = 0
            while ids := self._read_cases(name, last, batch, companies):
                last = ids[-1]
                sales, leads = (ids, ()) if name == "sale" else ((), ids)
                differing = spans._compare(sales, leads)
                yield (
                    len(ids),
                    [
                        Finding(
                            spans._name,
                            False,
                            self.env._(
                                "The spans of %(case)s do not follow from its events.",
                                case=f"{which},{id_}",
                            ),
                        )
                        for which, id_ in differing
                    ],
                )

    @api.model
    def _read_cases(self, name, last, batch, companies):
        """Return the ids of the next cases that have events or spans, and that nothing
        is noted of."""
        column = SQL.identifier(f"{name}_id")
        own = SQL("company_id = ANY(%s)", companies.ids) if companies else SQL("TRUE")
        self.env.cr.execute(
            SQL(
                """
                SELECT cases.id FROM (
                    SELECT DISTINCT %(column)s AS id FROM timeline_event
                     WHERE %(column)s > %(last)s AND %(own)s
                     UNION
                    SELECT DISTINCT %(column)s FROM timeline_span
                     WHERE %(column)s > %(last)s AND %(own)s) cases
              ORDER BY cases.id LIMIT %(batch)s
                """,
                column=column,
                last=last,
                own=own,
                batch=batch,
            )
        )
        return [id_ for (id_,) in self.env.cr.fetchall()]
