from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from odoo.addons.crm_purchase_bridge.models.res_partner import NAME
from odoo.addons.crm_purchase_bridge.plain_text import without_accents

from ..wording import (
    begins_in,
    get_mark,
    get_pattern,
    make_printable,
    split_query,
)

#: So much of what is typed is looked for.
LONGEST, MOST_WORDS = 100, 8
#: So many people or orders may be meant by a word.
MOST_MEANT = 200
#: References of customers are looked for from so many characters on.
SHORTEST_REFERENCE = 3


class TimelineSearch(models.AbstractModel):
    """Events found by words, as a condition that the index of the words answers.

    An event is found if each word is in what it says: in its sentence, in the language
    of whoever looks; in names and numbers of documents and products; in the names of
    the department, the customer and whoever did it; in the reference of the customer.
    Never by amounts. Texts, such as subjects of e-mails, are looked through only for
    those who may read what they are from.

    What somebody typed becomes words of letters and digits, and nothing that the
    database would take for an operator: nobody can ask for what is *not* there.
    """

    _name = "timeline.search"
    _description = "Search of the Timeline"

    @api.model
    def _get_condition(self, text, family=None):
        """Return the condition on ``timeline_event event`` for what somebody typed.

        :param str text: as typed
        :param int family: the company of a customer, whose people and references count
        :return: nothing, if there is no word in it
        :raise UserError: if it is no text
        """
        if not isinstance(text, str):
            raise UserError(self.env._("Type what you look for."))
        text = make_printable(text[:LONGEST]).replace("\0", " ")
        pieces = split_query(text)[:MOST_WORDS]
        if not pieces:
            return None
        meanings = [self._get_meanings(piece, family) for piece in pieces]
        open_to_all = self._join(pieces, meanings, with_texts=False)
        everything = self._join(pieces, meanings, with_texts=True)
        return SQL(
            "event.words @@ %s::tsquery AND (event.words @@ %s::tsquery OR %s)",
            self._of_family(everything, family),
            open_to_all,
            self._get_readable_texts(),
        )

    @api.model
    def _get_filter(self, letter, values, family=None):
        """Return the condition that an event has one of some marks, as ``triggers.py``
        writes them.

        :param str letter: *k* for kinds, *d* for departments, *u* for users
        :param list values: of the mark
        :param int family: see ``_get_condition``
        """
        patterns = f"({' | '.join(get_mark(letter, *values))})"
        return SQL("event.words @@ %s::tsquery", self._of_family(patterns, family))

    @api.model
    def _of_family(self, query, family):
        """Return a query for one customer only: the index then finds the rare ones
        among many customers' events."""
        return f"{get_mark('f', family)[0]} & {query}" if family else query

    @api.model
    def _join(self, pieces, meanings, with_texts):
        found = []
        for (_chunk, words), (of_chunk, of_words) in zip(pieces, meanings, strict=True):
            parts = []
            for word, marks in zip(words, of_words, strict=True):
                patterns = [get_pattern(word), *marks]
                if with_texts:
                    patterns.append(get_pattern(word, "t:"))
                parts.append(f"({' | '.join(patterns)})")
            all_words = f"({' & '.join(parts)})"
            found.append(f"({' | '.join([all_words, *of_chunk])})")
        return " & ".join(found)

    # ------------------------------------------------------------
    # WHAT A WORD MAY MEAN, BESIDES ITSELF
    # ------------------------------------------------------------

    @api.model
    def _get_meanings(self, piece, family):
        """Return marks that a piece may mean, and those that each of its words may."""
        chunk, words = piece
        of_chunk = self._find_references(chunk, family) if family else []
        return of_chunk, [self._find_marks(word, family) for word in words]

    @api.model
    def _find_marks(self, word, family):
        if word.isdecimal():
            return []
        words = self.env["timeline.words"]
        kinds = words._get_spoken_kinds()
        departments = words._get_spoken_departments()
        return [
            *get_mark("k", *(k for k, said in kinds.items() if begins_in(word, said))),
            *get_mark(
                "d", *(d for d, said in departments.items() if begins_in(word, said))
            ),
            *get_mark("u", *self._find_users(word)),
            *get_mark("n", *self._find_stages(word)),
            *(get_mark("p", *self._find_people(word, family)) if family else ()),
        ]

    @api.model
    def _find_users(self, word):
        """Return ids of users whose names have a word that begins so: they are shown to
        whoever reads an event."""
        self.env.cr.execute(
            SQL(
                """
                SELECT account.id
                  FROM res_users account
                  JOIN res_partner partner ON partner.id = account.partner_id
                 WHERE ' ' || %s LIKE %s
                 LIMIT %s
                """,
                SQL(NAME.format("partner.name")),
                f"% {escape_psql(word)}%",
                MOST_MEANT,
            )
        )
        return [id_ for (id_,) in self.env.cr.fetchall()]

    @api.model
    def _find_stages(self, word):
        stages = self.env["crm.stage"].sudo().search_fetch(Domain.TRUE, ["name"])
        return [
            stage.id
            for stage in stages
            if begins_in(word, without_accents(stage.name).split())
        ]

    @api.model
    def _find_people(self, word, family):
        """Return ids of people of a company whose names have a word."""
        partners = self.env["res.partner"].with_context(active_test=False)
        domain = Domain("commercial_partner_id", "=", family)
        domain &= partners._get_like_domain("complete_name", NAME, word)
        return partners._search(domain, limit=MOST_MEANT).get_result_ids()

    @api.model
    def _find_references(self, chunk, family):
        """Return marks of the orders whose reference, the customer's own number of
        them, has this in it."""
        orders = self.env["sale.order"].with_context(active_test=False)
        if len(chunk) < SHORTEST_REFERENCE or not orders.has_access("read"):
            return []
        domain = Domain("partner_id.commercial_partner_id", "=", family)
        domain &= Domain("client_order_ref", "ilike", chunk)
        found = orders._search(domain, order="id DESC", limit=MOST_MEANT)
        return get_mark("s", *found.get_result_ids())

    # ------------------------------------------------------------
    # TEXTS
    # ------------------------------------------------------------

    @api.model
    def _get_readable_texts(self):
        """Return the condition that the user may read what an event's text is from.

        An e-mail is read by those who may read its document.
        """
        access = self.env["timeline.access"]
        questions = access._is_readable("supply.question", SQL("event.res_id"))
        if not self.env["mail.message"].has_access("read"):
            return SQL("(event.res_model = 'supply.question' AND %s)", questions)
        documents = SQL(" ").join(
            SQL(
                "WHEN %s THEN %s",
                model,
                access._is_readable(model, SQL("mail.res_id")),
            )
            for model in (
                "sale.order",
                "crm.lead",
                "purchase.order",
                "account.move",
                "res.partner",
            )
        )
        return SQL(
            """
            CASE event.res_model
            WHEN 'supply.question' THEN %s
            WHEN 'mail.message' THEN EXISTS (
                SELECT FROM mail_message mail
                 WHERE mail.id = event.res_id
                   AND CASE mail.model %s ELSE FALSE END)
            ELSE FALSE END
            """,
            questions,
            documents,
        )
