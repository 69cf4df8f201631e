import json
import re
from collections import Counter

from odoo import api, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..exceptions import AlreadyThere
from ..matching.keys import BIRTH, TAX, get_keys
from ..matching.phones import find_miscounted, find_phones
from ..matching.scoring import POSSIBLE, RELATED, SURE, compare
from ..matching.tax_codes import read_tax_code
from .customer_claim import STRONG
from .customer_key import SOURCES, read_known
from .res_partner import BLOCK, REASON

#: A key that more customers share finds too many to tell anything: a hotline, a name
#: that every hundredth has.
COMMON = 50
#: Of those found, so many are compared: who shares most comes first.
CANDIDATES = 40
#: So many are shown: more cannot be read while one types.
MOST = 5
#: Nobody types more into a field.
LONGEST = 500
#: What is asked about, as forms name it, and as ``matching`` does.
FIELDS = {
    "name": "name",
    "phone": "phone",
    "email": "email",
    "vat": "tax_code",
    "street": "street",
    "city": "city",
    "birthdate_date": "birth_date",
}
LEVELS = (SURE, POSSIBLE, RELATED)
#: Where the context of a form's own customer has the company that the form names.
OF_COMPANY = "customer_base_of_company"
#: Whoever surely is the same shares one of these: a name and an address alone decide
#: nothing.
DECIDING = STRONG | {BIRTH}


class CustomerMatch(models.AbstractModel):
    """Who of the customers may be the one that somebody is about to enter."""

    _name = "customer.match"
    _description = "Who Is the Same Customer"

    @api.model
    def find(self, values, partner_id=None):
        """Return who may be the same as what stands in a form, likeliest first.

        Only customers whom the user may read are named. Of others it is said that there
        is one, not who or how many.

        :param dict values: what is typed: *name*, *phone*, *email*, *vat*, *street*,
            *city*, *is_company*, *country_id*, *company_id*, *birthdate_date*
        :param int partner_id: of the form, which is no duplicate of itself; nor is
            anybody of the same company
        :return: *matches*, each with *id*, *name*, *level* and *reasons* in words;
            *hidden*, the level of the likeliest whom one may not see; *reaction*, what
            saving it will ask for; and *warnings* of what is typed
        :raises AccessError: for who is no employee
        :rtype: dict
        """
        self._check_employee()
        partners = self.env["res.partner"]
        values = values if isinstance(values, dict) else {}
        entry, own, family = self._read_form(values, partner_id)
        found = self._match(entry, own, family)
        readable = partners.browse(found)._filtered_access("read")
        shown = readable[:MOST]
        # only what is shown: all fields would take as long as finding them
        shown.fetch(self._get_described_fields())
        hidden = self._tell_hidden(entry, found, readable)
        levels = {found[partner.id].level for partner in shown} | {hidden}
        return {
            "matches": [
                self._describe(partner, found[partner.id]) for partner in shown
            ],
            "hidden": hidden,
            "reaction": self._get_reaction() if SURE in levels else "",
            "warnings": self._get_warnings(values),
        }

    @api.model
    def enter(self, values):
        """Return the customer whom these values surely mean, or a new one: for programs
        that bring customers from elsewhere, such as webhooks.

        As many calls at the same time make one customer.

        :param dict values: as for ``res.partner.create``
        :return: *id*, whether it *is_new*, and *warnings* of what was sent
        :raises AccessError: for who is no employee, or may not read who is there
        :rtype: dict
        """
        if not self.env.su:
            self._check_employee()
        if not isinstance(values, dict) or not values.get("name"):
            raise UserError(self.env._("A customer needs a name."))
        partners = self.env["res.partner"]
        entry, own, family = self._read_form(values)
        sure = self._match_surely(entry, own, family)
        readable = partners.browse(sure)._filtered_access("read")
        warnings = self._get_warnings(values)
        if active := readable.filtered("active"):
            return {"id": active[0].id, "is_new": False, "warnings": warnings}
        self.env["customer.claim"].sudo()._claim(get_keys(entry))
        if self._tell_hidden(entry, sure, readable):
            raise AccessError(self._say_hidden())
        if readable:
            # in no list and no field: what comes next would stand on somebody unseen
            reason = self.env._(
                "%(name)s is archived.", name=readable[0].complete_name or ""
            )
            values = {"same_customer_reason": reason} | values
        new = partners.create(values)
        return {"id": new.id, "is_new": True, "warnings": warnings}

    @api.model
    def ask_access(self, values, partner_id=None, reason=None):
        """Ask for the customers who may be the same and whom the user may not see: of
        whoever leads their owners.

        Nothing is answered: neither whom, nor how many.

        :param dict values: as for ``find``
        :param int partner_id: as for ``find``
        :param str reason: why one asks
        """
        self._check_employee()
        values = values if isinstance(values, dict) else {}
        entry, own, family = self._read_form(values, partner_id)
        found = self._match(entry, own, family)
        readable = self.env["res.partner"].browse(found)._filtered_access("read")
        hidden = self._get_hidden(found, readable)
        reason = reason[:LONGEST] if isinstance(reason, str) else None
        # whoever asked often enough today is refused: of nobody else than those of whom
        # one may be told
        if hidden and self._may_tell(entry, hidden.values()):
            asked = self.env["res.partner"].browse(hidden)
            self.env["customer.access.request"]._ask(asked, reason)

    @api.model
    def _check_employee(self):
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only employees look for customers."))
        self.env["res.partner"].check_access("read")

    # ------------------------------------------------------------
    # WHAT IS ASKED
    # ------------------------------------------------------------

    @api.model
    def _read_form(self, values, partner_id=None):
        """Return what values of a form say, the customer of the form, and who belongs
        to the same company by now."""
        own = self.env["res.partner"].browse(self._get_id(partner_id)).exists()
        own = own._filtered_access("read")
        entry = read_known(
            **{"name": "", **self._clean(values)},
            is_company=bool(values.get("is_company")),
            country=self._get_country(values),
        )
        # the whole family of the form's own, and whoever stands above it by now
        parent = own.browse(self._get_id(values.get("parent_id"))).exists()
        parent = parent._filtered_access("read")
        family = own.commercial_partner_id | parent
        if "company_id" in values:
            company = self._get_id(values["company_id"])
            own = own.with_context(**{OF_COMPANY: company or 0})
        return entry, own, family

    @api.model
    def _get_country(self, values):
        """Return the country of numbers in a form that say none themselves."""
        chosen = self._get_id(values.get("country_id"))
        return self.env["res.company"]._get_country_code(chosen)

    @api.model
    def _clean(self, values):
        """Return what is text of what was sent, cut where nobody types more."""
        texts = {
            ours: values[name].replace("\0", "")[:LONGEST]
            for name, ours in FIELDS.items()
            if isinstance(values.get(name), str)
        }
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", texts.get("birth_date", "")):
            texts.pop("birth_date", None)
        return texts

    @api.model
    def _get_id(self, value):
        """Return the id of a many-to-one field, in any way that a form says it."""
        if isinstance(value, dict):
            value = value.get("id")
        if isinstance(value, list | tuple):
            value = value[0] if value else None
        is_id = isinstance(value, int) and not isinstance(value, bool) and value > 0
        return value if is_id else None

    # ------------------------------------------------------------
    # WHO IS FOUND
    # ------------------------------------------------------------

    @api.model
    def _match_surely(self, entry, own, family):
        """Return who surely is the same, likeliest first.

        :rtype: dict[int, matching.scoring.Match]
        """
        if DECIDING.isdisjoint(kind for kind, _value in get_keys(entry)):
            return {}
        matches = self._match(entry, own, family, only_sure=True)
        return {other: match for other, match in matches.items() if match.level == SURE}

    @api.model
    def _match(self, entry, own, family, only_sure=False):
        """Return who may be the same, likeliest first.

        :param bool only_sure: whether those who surely are the same are enough: most
            others, who share a name, are not looked at then
        :rtype: dict[int, matching.scoring.Match]
        """
        shared = self._look_up(get_keys(entry), own, family, only_sure)
        if not shared:
            return {}
        # somebody said that they are not the same
        decided = self._get_decided(own)
        for partner in decided & shared.keys():
            del shared[partner]
        partners = self.env["res.partner"].sudo().browse(shared)
        survivors = partners._get_survivors()
        if only_sure and (survivors or self._have_merged(partners)):
            # all who became one count as one, whatever they share
            return self._match(entry, own, family)
        if survivors:
            shared = self._count_once(shared, survivors)
        entries = self.env["customer.key"]._read_entries(shared)
        matches = {
            partner: compare(entry, other, shared[partner])
            for partner, other in entries.items()
        }
        found = sorted(
            ((partner, match) for partner, match in matches.items() if match),
            key=lambda item: (LEVELS.index(item[1].level), -item[1].bits, item[0]),
        )
        if not survivors:
            return dict(found)
        there = partners.browse(set(survivors.values()))
        there = there.filtered(lambda one: one.commercial_partner_id in family)
        left = {*decided, *own.ids, *there.ids}
        # what a merged customer was known by finds whoever has its things now
        shown = {}
        for partner, match in found:
            partner = survivors.get(partner, partner)
            if partner not in left:
                shown.setdefault(partner, match)
        return shown

    @api.model
    def _have_merged(self, partners):
        """Tell whether somebody was merged into one of some customers."""
        merged = [("survivor", "in", partners.ids)]
        return bool(self.env["customer.merge"].sudo().search_count(merged, limit=1))

    @api.model
    def _get_decided(self, _partner):
        """Return who is not to be shown as the same as a customer; others extend this.

        :rtype: set[int]
        """
        return set()

    @api.model
    def _count_once(self, shared, survivors):
        """Return what is shared, and by how many, where those who became one count as
        one: else each duplicate that is merged would make the next harder to find."""
        together = Counter(
            (survivors.get(partner, partner), kind)
            for partner, kinds in shared.items()
            for kind in kinds
        )
        return {
            partner: {
                kind: max(number - together[survivors.get(partner, partner), kind], 0)
                + 1
                for kind, number in kinds.items()
            }
            for partner, kinds in shared.items()
        }

    @api.model
    def _look_up(self, keys, own, family, only_sure=False):
        """Return who shares keys, and how many others share these, by kind; without
        those that too many share.

        :param bool only_sure: only those who share what decides. What too many share
            may decide as well, with a name: then all
        :rtype: dict[int, dict[str, int]]
        """
        if not keys:
            return {}
        # keys follow what is written to the database
        self.env["res.partner"].flush_model(
            [*SOURCES, "commercial_partner_id", "company_id"]
        )
        kinds, values = zip(*sorted(keys), strict=True)
        seen, told = self._get_conditions(keys)
        wanted = SQL("TRUE")
        if only_sure:
            wanted = SQL(
                """
                (partner_id IN (SELECT partner_id FROM decided)
                 OR EXISTS (SELECT FROM decided WHERE number > %s))
                """,
                COMMON,
            )
        rows = self.env.execute_query(
            SQL(
                """
                WITH found AS (
                    SELECT wanted.value, key.partner_id, key.kind,
                           %(is_seen)s AS is_seen
                      FROM unnest(%(kinds)s::text[], %(values)s::int8[])
                           AS wanted (kind, value)
                CROSS JOIN LATERAL (
                           SELECT partner_id, kind
                             FROM customer_key
                            WHERE value = wanted.value
                              AND partner_id != ALL(%(own)s)
                              -- contacts have the tax code of their company: they
                              -- would hide it
                              AND (kind != %(tax)s OR EXISTS (
                                  SELECT
                                    FROM res_partner own
                                   WHERE own.id = customer_key.partner_id
                                     AND COALESCE(own.commercial_partner_id, own.id)
                                         = own.id
                              ))
                            LIMIT %(most)s
                           ) AS key
                     WHERE key.kind = wanted.kind
                ), shared AS (
                    -- hidden ones do not change how much alike those are whom one sees
                    SELECT partner_id, kind,
                           COUNT(*) OVER (
                               PARTITION BY value
                                   ORDER BY is_seen DESC
                                   RANGE UNBOUNDED PRECEDING
                           ) AS number
                      FROM found
                ), decided AS (
                    SELECT partner_id, number FROM shared WHERE kind = ANY(%(deciding)s)
                )
                SELECT shared.partner_id, jsonb_object_agg(shared.kind, shared.number)
                  FROM (
                        SELECT partner_id, kind, MIN(number) AS number
                          FROM shared
                         WHERE number <= %(common)s
                           AND %(is_wanted)s
                      GROUP BY partner_id, kind
                       ) AS shared
                  JOIN res_partner partner ON partner.id = shared.partner_id
                 WHERE %(may_be_told)s
                   AND (partner.company_id IS NULL
                        OR (partner.company_id = ANY(%(companies)s)
                            AND NOT EXISTS (%(apart)s)))
                   AND (partner.commercial_partner_id IS NULL
                        OR partner.commercial_partner_id != ALL(%(family)s))
              GROUP BY shared.partner_id
              ORDER BY SUM(1.0 / shared.number) DESC, shared.partner_id
                 LIMIT %(candidates)s
                """,
                kinds=list(kinds),
                values=list(values),
                tax=TAX,
                most=COMMON + 1,
                common=COMMON,
                deciding=list(DECIDING),
                is_wanted=wanted,
                own=own.ids,
                is_seen=seen,
                may_be_told=told,
                companies=self._get_companies(),
                apart=self._get_apart_sql(own),
                family=family.ids,
                candidates=CANDIDATES,
            )
        )
        return dict(rows)

    @api.model
    def _get_conditions(self, keys):
        """Return the conditions of whom one may see of those with a key, and of whom is
        looked at: once a salesperson can be told of nobody else today, only those whom
        they see, so that not even the time that it takes tells more.

        :rtype: tuple[odoo.tools.SQL, odoo.tools.SQL]
        """
        user = self.env.user
        if self.env.su or not user._has_own_customers_only():
            return SQL("TRUE"), SQL("TRUE")
        access = self.env["customer.access"]
        access._flush_sources()
        rows = access._get_rows(user, to_write=False)
        seen = SQL("EXISTS (%s AND partner_id = key.partner_id)", rows)
        if not self.env["customer.hint"].sudo()._is_used_up(keys):
            return seen, SQL("TRUE")
        return seen, SQL("partner.id IN (%s)", rows)

    @api.model
    def _get_with_keys(self, keys):
        """Return some customers with one of these keys, whoever may see them.

        :param list keys: pairs of kind and value
        """
        self.env["res.partner"].flush_model([*SOURCES, "commercial_partner_id"])
        kinds, values = zip(*keys, strict=True)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT key.partner_id,
                       partner.commercial_partner_id != partner.id AS is_contact
                  FROM unnest(%s::text[], %s::int8[]) AS wanted (kind, value)
                  JOIN customer_key key
                    ON key.value = wanted.value AND key.kind = wanted.kind
                  JOIN res_partner partner ON partner.id = key.partner_id
              ORDER BY is_contact, key.partner_id
                 LIMIT %s
                """,
                list(kinds),
                list(values),
                COMMON,
            )
        )
        return [partner for partner, _is_contact in rows]

    @api.model
    def _get_companies(self):
        """Return the companies whose customers are looked at: those one works in, and
        those above them, whose customers are theirs too."""
        return [
            int(each)
            for path in self._get_company_paths()
            for each in path.split("/")
            if each
        ]

    @api.model
    def _get_apart_sql(self, own):
        """Return SQL of the company of a customer, where *partner* is one of another
        company: their documents cannot name each other's customers, so they are two.

        Customers of a company are those of its branches, too.

        :param own: the customer, with the company that a form names in its context
        """
        company = own.env.context.get(OF_COMPANY)
        companies = SQL("%s", company)
        if company is None:
            companies = SQL(
                "SELECT company_id FROM res_partner WHERE id = ANY(%s)", own.ids
            )
        return SQL(
            """
            SELECT
              FROM res_company company
             WHERE company.id IN (%s)
               AND partner.company_id::text
                   != ALL(string_to_array(company.parent_path, '/'))
            """,
            companies,
        )

    @api.model
    @tools.ormcache("tuple(self.env.companies.ids)")
    def _get_company_paths(self):
        """Return the paths of the companies, which Odoo lets nobody change: reading
        them would read all of the companies."""
        return tuple(self.env.companies.sudo().mapped("parent_path"))

    # ------------------------------------------------------------
    # WHO IS THERE ALREADY
    # ------------------------------------------------------------

    @api.model
    def _read_known(self, partners):
        """Return what is known of customers, and whose contacts they are: many at once.

        :return: of each its entry and its company, by id
        :rtype: dict[int, tuple]
        """
        # all of them: what is left would be written by another statement
        partners.flush_recordset()
        entries = self.env["customer.key"].sudo()._read_entries(partners.ids)
        return {
            partner.id: (entries[partner.id], partner.commercial_partner_id)
            for partner in partners.sudo()
            if partner.id in entries
        }

    @api.model
    def _find_sure(self, partner, known):
        """Return those who surely are the same as a customer, whoever may see them.

        :param known: what is known of it, as from ``_read_known``
        :rtype: dict[int, matching.scoring.Match]
        """
        entry, family = known
        return self._match_surely(entry, partner, family)

    @api.model
    def _guard(self, partners, before=None, told=None, has_reason=True):
        """Refuse customers who surely are there already, as the company wants it.

        :param before: what was known before this change, as from ``_read_known``: who
            was the same by then is no news, and who is as before is not looked at
        :param dict told: where the company only wants it said: of whom the form of each
            customer said it, by id, as from ``_read_told``
        :param bool has_reason: whether a reason that a customer has was given with this
            change: one from before is for others
        :raises ValidationError: with what to do
        """
        before = before or {}
        keys = set()
        for partner, known in self._read_known(partners).items():
            if known == before.get(partner):
                continue
            own = partners.browse(partner)
            if matches := self._find_sure(own, known):
                # in most cases nobody is the same: only now it matters who was
                were = (
                    self._find_sure(own, before[partner]) if partner in before else {}
                )
                news = {each: matches[each] for each in matches if each not in were}
                if not news:
                    continue
                if told is None:
                    self._refuse(own, known[0], news, has_reason)
                else:
                    self._say_once(own, known[0], news, *told[partner])
            keys |= get_keys(known[0])
        # two clerks at once: the second one begins again, and finds the first one's
        self.env["customer.claim"].sudo()._claim(keys)

    @api.model
    def _refuse(self, partner, entry, matches, has_reason=True):
        """Refuse a customer who is there already, unless there is a reason for it.

        Whom one may not see, and of whom one may not be told today, is not there.
        """
        reaction = self._get_reaction()
        # blanks are no reason: a program sends what no form would
        reason = (partner.same_customer_reason or "").strip()
        if reaction == REASON and has_reason and reason:
            return
        readable = partner.browse(matches)._filtered_access("read")
        if not (readable or self._tell_hidden(entry, matches, readable)):
            return
        lines = self._say_there(partner, readable[:MOST], matches)
        lines = lines or [self._say_hidden()]
        lines.append(
            self.env._(
                "If this is somebody else, say why in “Why Another One”. Where that is "
                "not asked, enter the customer under Contacts, then choose them here."
            )
            if reaction == REASON
            else self.env._("Only sales managers may enter another one.")
        )
        if reaction == REASON and reason:
            lines.append(
                self.env._(
                    "“%s” stands there already, and was said of others: change it.",
                    reason,
                )
            )
        raise ValidationError("\n".join(lines))

    @api.model
    def _say_once(self, partner, entry, matches, ids, is_hidden):
        """Stop a form that did not show who is there: it shows them now, and saves when
        the user wants it all the same.

        :param set ids: whom the form showed as surely the same
        :param bool is_hidden: whether it said that a colleague has such a customer
        """
        readable = partner.browse(matches)._filtered_access("read")
        news = readable[:MOST].filtered(lambda other: other.id not in ids)
        if lines := self._say_there(partner, news, matches):
            if not partner.parent_id:  # a contact's window may be closed
                lines.append(self.env._("Open that customer from above the form."))
        elif not is_hidden and self._tell_hidden(entry, matches, readable):
            lines = [self._say_hidden()]
        else:
            return
        lines.append(self.env._("If this is somebody else, save once more."))
        raise AlreadyThere("\n".join(lines), news.ids, not news)

    @api.model
    def _read_told(self, sent):
        """Return of whom a form said that they are there.

        :param sent: what the form sent as *same_customers_told*
        :return: ids of those it showed, and whether it said that a colleague has such
            a customer; nothing when the window is being closed, and nobody can be asked
        """
        try:
            told = json.loads(sent[:LONGEST]) if isinstance(sent, str) else {}
        except (ValueError, RecursionError):
            told = {}  # no form sends that
        told = told if isinstance(told, dict) else {}
        if told.get("is_closing"):
            return None
        ids = told.get("ids")
        ids = ids if isinstance(ids, list) else []
        return {each for each in ids if isinstance(each, int)}, bool(told.get("hidden"))

    @api.model
    def _get_reaction(self):
        """Return what entering a customer again asks of the user.

        :return: *reason*, *block*, or nothing
        """
        company = self.env.company.sudo()
        company.fetch(["same_customer_action"])  # not all of the company
        action = company.same_customer_action
        if action == BLOCK and self.env.user.has_group("sales_team.group_sale_manager"):
            return REASON
        return action if action in (REASON, BLOCK) else ""

    @api.model
    def _tell_hidden(self, entry, found, readable):
        """Return the level of the likeliest whom the user may not see, and may be told
        of: this counts.

        :param dict found: matches by customer, as from ``_match``
        :param readable: those of them whom the user may see
        """
        hidden = self._get_hidden(found, readable)
        if not hidden or not self._may_tell(entry, hidden.values()):
            return ""
        return min((match.level for match in hidden.values()), key=LEVELS.index)

    @api.model
    def _get_hidden(self, found, readable):
        """Return those whom the user may not see, and who are like the entry by more
        than a name, which says nothing of whom one may not see."""
        return {
            partner: match
            for partner, match in found.items()
            if match.level in (SURE, POSSIBLE)
            and not STRONG.isdisjoint(match.reasons)
            and partner not in readable._ids
        }

    @api.model
    def _may_tell(self, entry, matches):
        """Tell whether the user may be told that a colleague has these: each number in
        which they may agree counts, for one of them does."""
        kinds = {kind for match in matches for kind in match.reasons}
        keys = [key for key in get_keys(entry) if key[0] in kinds]
        return self.env["customer.hint"].sudo()._may_tell(keys)

    @api.model
    def _say_there(self, partner, others, matches):
        """Return in words who is there already, a line each."""
        return [
            self.env._(
                "%(name)s is there already: %(other)s (%(reasons)s).",
                name=partner.name or "",
                other=other.complete_name or "",
                reasons=self._get_reasons(matches[other.id]),
            )
            for other in others
        ]

    @api.model
    def _say_hidden(self):
        return self.env._(
            "A colleague has this customer already. Ask for access instead of entering "
            "it again."
        )

    # ------------------------------------------------------------
    # IN WORDS
    # ------------------------------------------------------------

    @api.model
    def _get_described_fields(self):
        """Return the fields of customers that ``_describe`` reads."""
        return ["complete_name", "active"]

    @api.model
    def _describe(self, partner, match):
        return {
            "id": partner.id,
            "name": partner.complete_name or "",
            "level": match.level,
            "is_archived": not partner.active,
            "reasons": self._get_reasons(match),
        }

    @api.model
    def _get_reasons(self, match):
        said = {
            "tax": self.env._("same tax code"),
            "email": self.env._("same e-mail"),
            "phone": self.env._("same telephone"),
            "name": self.env._("same or similar name"),
            "birth": self.env._("same birth date"),
        }
        return ", ".join(said[kind] for kind in match.reasons if kind in said)

    @api.model
    def _get_warnings(self, values):
        """Return what is wrong with the numbers that were typed, in words."""
        texts = self._clean(values)
        country = self._get_country(values)
        warnings = []
        code = read_tax_code(texts.get("tax_code", "")) if country == "VN" else None
        if code and code.is_wrong:
            warnings.append(
                self.env._(
                    "The check digit of the tax code %s is wrong: please look again.",
                    code.text,
                )
            )
        phone = texts.get("phone", "").strip()
        if phone and not find_phones(phone, country):
            warnings.append(
                self.env._(
                    "There is no telephone number in “%s”: please look again.", phone
                )
            )
        warnings += [
            self.env._(
                "Mobile numbers have ten figures: please look at %s again.", text
            )
            for text in find_miscounted(phone, country)
        ]
        return warnings
