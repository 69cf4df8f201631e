import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

from ..append_only import make_append_only
from ..merging import moving
from ..merging.dependents import find_dependents
from ..merging.documents import replace_in_json
from ..merging.places import KEY, MODEL, PAIR, TEXT, find_places
from ..merging.survivorship import fill
from ..merging.watching import Watch, put_back, read_rows

#: Where the cursor has the merge that runs, for what Odoo's own wizard is asked.
RUNNING = "customer_base.merge"
#: So long a merge can be undone.
DAYS = 30
#: Quiet: what moves is said once, in one message.
QUIET = {
    "active_test": False,
    "mail_notrack": True,
    "no_vat_validation": True,
    "tracking_disable": True,
}
#: Written by everything, so that they say nothing of who touched a value.
STAMPS = {"write_date", "write_uid"}
GROUP = "customer_base.group_merge"


class CustomerMerge(models.Model):
    """Customers who became one: what was moved, what was changed, and what stayed.

    It only grows. The sources are archived, not deleted; an undo is a row of its own.
    """

    _name = "customer.merge"
    _description = "Merge of Customers"
    _order = "id desc"

    # numbers and no references: merging again must not rewrite what happened
    survivor = fields.Integer(required=True, readonly=True, index=True)
    sources = fields.Json(required=True, readonly=True)
    survivor_id = fields.Many2one(
        MODEL, "Merged Into", compute="_compute_customers", search="_search_survivor_id"
    )
    source_ids = fields.Many2many(
        MODEL,
        string="Merged Customers",
        compute="_compute_customers",
        context={"active_test": False},
    )
    moved = fields.Json(readonly=True, groups="base.group_system")
    stayed = fields.Json(readonly=True, groups="base.group_system")
    changes = fields.Json(readonly=True, groups="base.group_system")
    moved_count = fields.Integer("Moved Records", readonly=True)
    stayed_count = fields.Integer("Records Left", readonly=True)
    undo_ids = fields.One2many("customer.merge.undo", "merge_id", readonly=True)
    state = fields.Selection(
        [("open", "Can Be Undone"), ("undone", "Undone"), ("final", "Final")],
        compute="_compute_state",
    )

    def init(self):
        make_append_only(self.env.cr, self._table)

    @api.depends("survivor", "sources")
    @api.depends_context("uid")
    def _compute_customers(self):
        partners = self.env[MODEL].with_context(active_test=False)
        ids = {row for merge in self for row in [merge.survivor, *merge.sources]}
        # only those that one may read are named
        readable = partners.browse(ids).exists()._filtered_access("read")
        for merge in self:
            merge.survivor_id = readable & partners.browse(merge.survivor)
            merge.source_ids = readable & partners.browse(merge.sources)

    def _search_survivor_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("survivor", "in", [row for row in value if row])

    @api.depends("undo_ids", "create_date")
    def _compute_state(self):
        oldest = fields.Datetime.now() - timedelta(days=DAYS)
        for merge in self:
            is_old = merge.create_date and merge.create_date < oldest
            merge.state = "undone" if merge.undo_ids else "final" if is_old else "open"

    # ------------------------------------------------------------
    # MERGING
    # ------------------------------------------------------------

    @api.model
    def _merge(self, partners, survivor, choices=None):
        """Make one customer of several.

        All that belongs to the sources belongs to the survivor from then on, and the
        sources are archived. What would be there twice stays with its source.

        :param partners: all of them, with or without the survivor
        :param survivor: who stays
        :param dict choices: of which customer a value stays, by the name of its row in
            the comparison; what is not named is chosen by rule
        :raises UserError: with what speaks against it
        :raises AccessError: for who may not merge these
        :rtype: CustomerMerge
        """
        partners |= survivor
        self._check_may_merge(partners)
        everyone = partners.sudo().with_context(**QUIET)
        self._lock(everyone)
        if reasons := self._get_refusals(everyone, everyone & survivor):
            raise UserError("\n".join(reasons))
        survivor = survivor.with_env(everyone.env)
        sources = everyone - survivor
        values = self.env["customer.survivorship"]._choose(everyone, survivor, choices)
        summed = self._sum(everyone)
        self.env.flush_all()
        with Watch(self.env.cr) as watch:
            moved, stayed, dependents = self._move(sources, survivor, watch)
            # whose company somebody belongs to, before anything asks for it
            self._compute_anew(dependents)
            self._put_values(survivor, values, watch)
            survivor.write(values["written"] | summed)
            for contact in self._get_moved(moved, "parent_id"):
                contact.with_context(**QUIET)._commercial_sync_from_company()
            sources.write({"active": False})
            # two merges at once into one customer: the second begins anew
            watch.note(survivor._table, survivor.ids, STAMPS)
            self.env.cr.execute(
                "UPDATE res_partner SET write_date = %s, write_uid = %s WHERE id = %s",
                (self.env.cr.now(), self.env.uid, survivor.id),
            )
            survivor.invalidate_recordset(STAMPS)
            self.env.flush_all()
            changes = watch.compare()
        merge = self.sudo().create(
            {
                "survivor": survivor.id,
                "sources": sources.ids,
                "moved": moved,
                "stayed": stayed,
                "changes": changes,
                "moved_count": self._count(moved),
                "stayed_count": self._count(stayed),
            }
        )
        everyone._follow_merge()
        self._say_merged(survivor, sources)
        return merge.with_env(self.env)

    @api.model
    def _check_may_merge(self, partners):
        if not self.env.su and not self.env.user.has_group(GROUP):
            raise AccessError(
                self.env._("Only who may merge customers can do this: ask a manager.")
            )
        partners.check_access("read")
        partners.check_access("write")

    @api.model
    def _lock(self, partners):
        self.env.flush_all()
        try:
            partners.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody is working on one of these customers, or it is gone. "
                    "Try again in a moment."
                )
            ) from error

    @api.model
    def _move(self, sources, survivor, watch):
        """Move what belongs to the sources.

        Odoo's own wizard is asked, so that whatever extends it takes part: loyalty adds
        up the points of cards. Where it would move by itself, it asks here again, see
        ``_move_keys`` and ``_move_references``.
        """
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        running = Running(watch)
        self.env.cr.cache[RUNNING] = running
        try:
            wizard._update_foreign_keys(sources, survivor)
            wizard._update_reference_fields(sources, survivor)
        finally:
            del self.env.cr.cache[RUNNING]
        return running.moved, running.stayed, running.dependents

    @api.model
    def _move_keys(self, running, sources, survivor):
        self._move_places(running, sources, survivor, {KEY})

    @api.model
    def _move_references(self, running, sources, survivor):
        self._move_places(running, sources, survivor, {TEXT, PAIR})
        replace_in_json(self.env, running.watch, set(sources.ids), survivor.id)
        self.env.invalidate_all(flush=False)

    @api.model
    def _move_places(self, running, sources, survivor, kinds):
        self.env.flush_all()
        places = [place for place in self._get_places() if place.kind in kinds]
        filled = moving.find_filled(self.env, places, sources.ids)
        rows = {
            place: moving.find_rows(self.env, place, sources.ids) for place in filled
        }
        everyone = sources | survivor
        # who counts them now, and who will
        running.add(self._find_dependents(rows, everyone))
        self.env.flush_all()
        for place in filled:
            moved, stayed = moving.move(
                self.env, place, rows[place], sources.ids, survivor.id
            )
            if moved:
                running.moved[self._get_key(place)] = moved
            if stayed:
                running.stayed[self._get_key(place)] = stayed
        self.env.invalidate_all(flush=False)
        running.add(self._find_dependents(rows, everyone))

    @api.model
    def _find_dependents(self, rows, partners):
        found = {}
        changed = {}
        for place, held in rows.items():
            for model, name, of_partners in self._get_fields_of(place):
                ids = partners.ids
                if not of_partners:
                    ids = [self._get_id(place, key) for key, _partner in held]
                changed.setdefault((model, tuple(ids)), []).append(name)
        for (model, ids), names in changed.items():
            records = self.env[model].sudo().browse(dict.fromkeys(ids))
            for field, dependents in find_dependents(records, names).items():
                found.setdefault(field, set()).update(dependents)
        return found

    @api.model
    def _get_id(self, place, key):
        return key if place.has_id else next(iter(key.values()))

    @api.model
    def _get_fields_of(self, place):
        """Return the fields that a place is the column of: model, name, and whether
        the customers have it, not the rows."""
        if place.model:
            return [(place.model, place.column, False)]
        return [
            (model, name, place.column == first)
            for (table, first, second), pairs in (self.pool.many2many_relations.items())
            if table == place.table and place.column in (first, second)
            for model, name in pairs
            if (place.column == first) == (model == MODEL)
        ]

    @api.model
    def _compute_anew(self, dependents):
        for field, ids in dependents.items():
            records = self.env[field.model_name].sudo().browse(ids).exists()
            self.env.add_to_compute(field, records)
        self.env.flush_all()

    @api.model
    def _put_values(self, survivor, values, watch):
        """Give the survivor what the ORM writes for one company or language only, and
        pictures."""
        for column, order in values["filled"].items():
            watch.note(survivor._table, survivor.ids, [column])
            self.env.cr.execute(
                SQL(
                    "SELECT id, %s FROM res_partner WHERE id = ANY(%s)",
                    SQL.identifier(column),
                    order,
                )
            )
            held = dict(self.env.cr.fetchall())
            value = fill([held[partner] for partner in order])
            value = json.dumps(value) if value else None
            self.env.cr.execute(
                SQL(
                    "UPDATE res_partner SET %s = %s::jsonb WHERE id = %s",
                    SQL.identifier(column),
                    value,
                    survivor.id,
                )
            )
        if holder := values["picture"]:
            self._swap_pictures(survivor.id, holder, watch)
        self.env.invalidate_all(flush=False)

    @api.model
    def _get_moved(self, moved, column):
        """Return the customers of whom a column was moved."""
        rows = moved.get(f"{KEY}:{self.env[MODEL]._table}.{column}", {})
        ids = [key for keys in rows.values() for key in keys]
        return self.env[MODEL].sudo().browse(ids)

    @api.model
    def _swap_pictures(self, survivor, holder, watch):
        """Have the survivor show a source's picture, and the source the survivor's."""
        names = [
            name
            for name, field in self.env[MODEL]._fields.items()
            if field.type in ("binary", "image") and field.attachment and field.store
        ]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM ir_attachment
                 WHERE res_model = %s AND res_id = ANY(%s) AND res_field = ANY(%s)
                """,
                MODEL,
                [survivor, holder],
                names,
            )
        )
        ids = [row for (row,) in rows]
        watch.note("ir_attachment", ids, ["res_id"])
        self.env.cr.execute(
            "UPDATE ir_attachment SET res_id = %s - res_id WHERE id = ANY(%s)",
            (survivor + holder, ids),
        )

    @api.model
    def _sum(self, partners):
        """Return what Odoo adds up: how often somebody bought, and was bought from."""
        wizard = self.env["base.partner.merge.automatic.wizard"]
        return {
            name: sum(partners.mapped(name))
            for name in wizard._get_summable_fields()
            if name in partners._fields
        }

    @api.model
    def _say_merged(self, survivor, sources):
        names = ", ".join(source.display_name or str(source.id) for source in sources)
        survivor._message_log(
            body=self.env._("Merged with these customers: %(names)s", names=names),
            author_id=self.env.user.partner_id.id,
        )

    @api.model
    def _count(self, rows):
        return sum(len(keys) for held in rows.values() for keys in held.values())

    # ------------------------------------------------------------
    # WHAT SPEAKS AGAINST IT
    # ------------------------------------------------------------

    @api.model
    def _get_refusals(self, partners, survivor):
        """Return why customers cannot be merged, in words; for others to extend.

        :param partners: all of them, as the system, archived ones too
        :param survivor: who would stay
        :rtype: list[str]
        """
        sources = partners - survivor
        if not sources or not survivor:
            return [self.env._("Choose at least two customers to merge.")]
        found = (
            self._refuse_archived(partners),
            self._refuse_hashed(sources, survivor),
            self._refuse_users(partners),
            self._refuse_own_companies(partners),
            self._refuse_employees(partners),
            self._refuse_families(partners),
            self._refuse_companies(sources, survivor),
            self._refuse_accounts(partners),
        )
        return [reason for reason in found if reason]

    @api.model
    def _list(self, partners):
        return ", ".join(partner.display_name for partner in partners)

    @api.model
    def _refuse_archived(self, partners):
        if archived := partners.filtered(lambda partner: not partner.active):
            return self.env._(
                "%(names)s: archived, so merged already or no longer used. Take it off "
                "the list, or restore it first.",
                names=self._list(archived),
            )
        return ""

    @api.model
    def _refuse_hashed(self, sources, survivor):
        """The hash of an entry is also of its customer."""
        self.env["account.move"].flush_model()
        self.env["account.move.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.id
                  FROM unnest(%s::int4[]) AS partner (id)
                 WHERE EXISTS (SELECT
                                 FROM account_move_line line
                                 JOIN account_move move ON move.id = line.move_id
                                WHERE line.partner_id = partner.id
                                  AND move.inalterable_hash IS NOT NULL)
                    OR EXISTS (SELECT
                                 FROM account_move move
                                WHERE move.partner_id = partner.id
                                  AND move.inalterable_hash IS NOT NULL)
                """,
                (sources | survivor).ids,
            )
        )
        hashed = sources.browse([row for (row,) in rows])
        if not hashed & sources:
            return ""
        if len(hashed) == 1:
            return self.env._(
                "%(name)s has locked journal entries, which must not change. Merge the "
                "others into this customer.",
                name=hashed.display_name,
            )
        return self.env._(
            "%(names)s have locked journal entries, which must not change, so they "
            "cannot become one.",
            names=self._list(hashed),
        )

    @api.model
    def _refuse_users(self, partners):
        users = partners.user_ids
        if internal := users.filtered(lambda user: not user.share):
            return self.env._(
                "%(names)s: colleagues, who log in here. Only customers are merged.",
                names=self._list(internal.partner_id),
            )
        if len(users) > 1:
            return self.env._(
                "%(names)s: each logs in with an account. Delete all but one.",
                names=self._list(users.partner_id),
            )
        return ""

    @api.model
    def _refuse_own_companies(self, partners):
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        own = companies.search([("partner_id", "in", partners.ids)])
        if own:
            return self.env._(
                "%(names)s: a company of ours, which stays as it is.",
                names=self._list(own),
            )
        return ""

    @api.model
    def _refuse_employees(self, partners):
        if "hr.employee" not in self.env:
            return ""
        employees = self.env["hr.employee"].sudo().with_context(active_test=False)
        employees = employees.search([("work_contact_id", "in", partners.ids)])
        if employees:
            return self.env._(
                "%(names)s: employees, whose contact stays as it is.",
                names=self._list(employees.work_contact_id),
            )
        return ""

    @api.model
    def _refuse_families(self, partners):
        for partner in partners:
            parent = partner.parent_id
            while parent:
                if parent in partners:
                    return self.env._(
                        "%(name)s belongs to %(parent)s. Take one of them off.",
                        name=partner.name or partner.display_name,
                        parent=parent.display_name,
                    )
                parent = parent.parent_id
        return ""

    @api.model
    def _refuse_companies(self, sources, survivor):
        """Documents of a company belong to nobody of another one."""
        if survivor.company_id and sources.filtered(
            lambda source: source.company_id != survivor.company_id
        ):
            return self.env._(
                "%(name)s is a customer of %(company)s only, others are not.",
                name=survivor.display_name,
                company=survivor.company_id.name,
            )
        if len(sources.company_id) > 1:
            return self.env._(
                "The customers belong to different companies: %(names)s.",
                names=", ".join(sources.company_id.mapped("name")),
            )
        return ""

    @api.model
    def _refuse_accounts(self, partners):
        """What is owed stands on the accounts of then."""
        names = ("property_account_receivable_id", "property_account_payable_id")
        self.env[MODEL].flush_model(names)
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT company::int4
                  FROM res_partner partner,
                       jsonb_object_keys(
                           COALESCE(partner.property_account_receivable_id, '{}')
                           || COALESCE(partner.property_account_payable_id, '{}')
                       ) AS company
                 WHERE partner.id = ANY(%s)
                """,
                partners.ids,
            )
        )
        companies = [company for (company,) in self.env.cr.fetchall()]
        for company in self.env["res.company"].sudo().browse(companies).exists():
            for name in names:
                in_company = partners.with_company(company)
                accounts = {partner[name] for partner in in_company}
                if len(accounts) > 1:
                    return self.env._(
                        "The customers have different accounts in %(company)s: "
                        "%(accounts)s. Give them the same one first.",
                        company=company.name,
                        accounts=", ".join(
                            sorted(account.display_name or "–" for account in accounts)
                        ),
                    )
        return ""

    # ------------------------------------------------------------
    # BEFORE: side by side
    # ------------------------------------------------------------

    @api.model
    def _suggest_survivor(self, partners):
        """Return who should stay: whose entries are locked, who logs in, who has most
        documents, who was there first."""
        self._check_may_merge(partners)
        ids = partners.ids
        if not ids:
            return partners
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.id
                  FROM res_partner partner
                 WHERE partner.id = ANY(%s)
              ORDER BY partner.active DESC,
                       EXISTS (SELECT
                                 FROM account_move move
                                WHERE move.partner_id = partner.id
                                  AND move.inalterable_hash IS NOT NULL) DESC,
                       EXISTS (SELECT
                                 FROM res_users
                                WHERE partner_id = partner.id) DESC,
                       (SELECT COUNT(*) FROM sale_order
                         WHERE partner_id = partner.id)
                       + (SELECT COUNT(*) FROM account_move
                           WHERE partner_id = partner.id) DESC,
                       partner.id
                 LIMIT 1
                """,
                ids,
            )
        )
        return partners.browse(row for (row,) in rows)

    @api.model
    def _compare(self, partners, survivor):
        """Return customers side by side, and what speaks against a merge.

        :return: *customers* and *rows* for the screen, and the reasons in words
        :rtype: tuple[dict, str]
        """
        self._check_may_merge(partners)
        everyone = partners.sudo().with_context(active_test=False)
        survivor = everyone & survivor.sudo() or everyone[:1]
        reasons = self._get_refusals(everyone, survivor)
        ordered = survivor | everyone
        compared = {
            "customers": [
                {"id": partner.id, "name": partner.display_name} for partner in ordered
            ],
            "rows": [
                row
                for row in self.env["customer.survivorship"]._compare(
                    everyone, survivor
                )
                if self._may_see(row["name"])
            ],
        }
        return compared, "\n".join(reasons)

    @api.model
    def _may_see(self, name):
        field = self.env[MODEL]._fields.get(name)
        return not field or self.env[MODEL]._has_field_access(field, "read")

    # ------------------------------------------------------------
    # PLACES
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _get_places(self):
        """Return where customers stand in the database: found once a registry.

        :rtype: tuple[merging.places.Place]
        """
        return tuple(find_places(self.env))

    @api.model
    def _get_key(self, place):
        return f"{place.kind}:{place.name}"

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_undo(self):
        """Undo, and say what could not be."""
        undo = self._undo()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": undo.sudo()._get_message(),
                "type": "warning" if undo.touched or undo.left_count else "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------
    # UNDOING
    # ------------------------------------------------------------

    def _undo(self):
        """Make several customers of one again.

        Rows that are still the survivor's go back, and so do values that nobody has
        touched since; the others stay and are told.

        :return: what was done
        :rtype: odoo.addons.customer_base.models.customer_merge_undo.CustomerMergeUndo
        :raises UserError: with what speaks against it
        """
        self.ensure_one()
        merge = self.sudo()
        partners = self.env[MODEL].with_context(active_test=False)
        partners = partners.browse([merge.survivor, *merge.sources]).exists()
        self._check_may_merge(partners)
        everyone = partners.sudo().with_context(**QUIET)
        self._lock(everyone)
        if reasons := merge._get_undo_refusals(everyone):
            raise UserError("\n".join(reasons))
        left, dependents = merge._move_back(everyone)
        touched, to_compute = merge._restore()
        self.env.invalidate_all(flush=False)
        for found in (dependents, to_compute):
            self._compute_anew(found)
        undo = self.env["customer.merge.undo"].sudo()
        undo = undo.create(
            {"merge_id": merge.id, "touched": touched, "left_count": len(left)}
        )
        everyone._follow_merge()
        self.env[MODEL].browse(merge.survivor).sudo()._message_log(
            body=undo._get_message(), author_id=self.env.user.partner_id.id
        )
        return undo.with_env(self.env)

    def _get_undo_refusals(self, partners):
        reasons = []
        if self.undo_ids:
            reasons.append(self.env._("This merge is undone already."))
        elif self.state == "final":
            reasons.append(
                self.env._(
                    "A merge can be undone for %(days)s days. This one is older.",
                    days=DAYS,
                )
            )
        if len(partners) < len(self.sources) + 1:
            reasons.append(
                self.env._("One of the customers is gone, so nothing can be undone.")
            )
        involved = {self.survivor, *self.sources}
        later = self.search([("id", ">", self.id), ("undo_ids", "=", False)])
        if any(involved & {each.survivor, *each.sources} for each in later):
            reasons.append(
                self.env._(
                    "One of these customers was merged again since. Undo that first."
                )
            )
        return reasons

    def _move_back(self, partners):
        """Move rows back; return those that stay, and what to compute anew."""
        self.env.flush_all()
        places = {self._get_key(place): place for place in self._get_places()}
        rows = {
            places[name]: [
                (key, int(source)) for source, keys in held.items() for key in keys
            ]
            for name, held in self.moved.items()
            if name in places
        }
        dependents = self._find_dependents(rows, partners)
        left = []
        for place, held in rows.items():
            by_source = {}
            for key, source in held:
                by_source.setdefault(source, []).append(key)
            for source, keys in by_source.items():
                stay = moving.move_back(self.env, place, source, keys, self.survivor)
                left += [(place.name, key) for key in stay]
        self.env.invalidate_all(flush=False)
        for field, ids in self._find_dependents(rows, partners).items():
            dependents.setdefault(field, set()).update(ids)
        return left, dependents

    def _restore(self):
        """Put values back that nobody has touched since.

        :return: names of the touched fields of customers, and what is computed and has
            changed since
        """
        touched, to_compute = set(), {}
        models_of = {model._table: model for model in self.env.values() if model._auto}
        for table, rows in self.changes.items():
            rows = {int(row): values for row, values in rows.items()}
            columns = {name for values in rows.values() for name in values}
            now = read_rows(self.env.cr, table, list(rows), columns)
            old = {}
            for row, values in rows.items():
                for name, (before, after) in values.items():
                    if row not in now:
                        continue
                    if now[row][name] == after:
                        old.setdefault(row, {})[name] = before
                        continue
                    field = models_of[table]._fields[name]
                    if field.compute and field.readonly:
                        to_compute.setdefault(field, set()).add(row)
                    elif name not in STAMPS and table == self.env[MODEL]._table:
                        touched.add(name)
            put_back(self.env.cr, table, old)
        return sorted(touched), to_compute


class Running:
    """A merge while it runs."""

    def __init__(self, watch):
        self.watch = watch
        self.moved = {}
        self.stayed = {}
        self.dependents = {}

    def add(self, dependents):
        for field, ids in dependents.items():
            self.dependents.setdefault(field, set()).update(ids)
