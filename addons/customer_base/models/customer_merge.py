import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, LockError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

from ..append_only import make_append_only
from ..merging import moving
from ..merging.dependents import find_dependents
from ..merging.documents import replace_in_json
from ..merging.places import KEY, MODEL, PAIR, TEXT, find_places
from ..merging.survivorship import fill
from ..merging.unseen import find_unseen
from ..merging.watching import Watch

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

    _of_source = models.Index("USING gin (sources jsonb_path_ops)")

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
        choices = self._get_allowed_choices(choices)
        values = self.env["customer.survivorship"]._choose(everyone, survivor, choices)
        summed = self._sum(everyone)
        self.env.flush_all()
        with Watch(self.env.cr) as watch:
            moved, stayed, dependents = self._move(sources, survivor, watch)
            # whose company somebody belongs to, before anything asks for it
            self._compute_anew(dependents)
            contacts = self._get_moved(moved, "parent_id")
            filled = self._put_values(survivor, values, watch)
            if not filled.isdisjoint(survivor._commercial_fields()):
                # Odoo hands on what is written, and this was written past it
                contacts |= survivor.child_ids
            survivor.write(values["written"] | summed)
            for contact in contacts.with_context(**QUIET):
                contact._commercial_sync_from_company()
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
    def _may_choose(self, name):
        """Tell whether the user says which value of a row stays; for others to extend.

        What one may not is chosen by rule.

        :param str name: of a row in the comparison
        """
        if self.env.su:
            return True
        if name == "user_id" and self.env.user._has_own_customers_only():
            # who owns a customer is changed by leaders
            return bool(self.env.user._get_led_user_ids())
        field = self.env[MODEL]._fields.get(name)
        return not field or self.env[MODEL]._has_field_access(field, "write")

    @api.model
    def _get_allowed_choices(self, choices):
        """Return what somebody may choose of what was sent."""
        if not isinstance(choices, dict):
            return {}
        return {
            name: holder for name, holder in choices.items() if self._may_choose(name)
        }

    @api.model
    def _lock(self, partners):
        """Lock customers, and have all begin anew if somebody wrote about them since
        this transaction began: it does not see that, and would leave it behind.

        :raises UserError: while somebody works on them
        :raises ConcurrencyError: after which Odoo begins the request again
        """
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
        if unseen := find_unseen(self.env, self._get_places(), partners.ids):
            raise ConcurrencyError(f"Written while a merge began: {unseen}")

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
        pictures.

        :return: the columns that have changed
        :rtype: set[str]
        """
        changed = set()
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
            # a form keeps properties that nobody filled in; by company empty is a value
            with_empty = survivor._fields[column].type != "properties"
            value = fill([held[partner] for partner in order], with_empty) or None
            if value == (held[survivor.id] or None):
                continue
            changed.add(column)
            self.env.cr.execute(
                SQL(
                    "UPDATE res_partner SET %s = %s::jsonb WHERE id = %s",
                    SQL.identifier(column),
                    json.dumps(value) if value else None,
                    survivor.id,
                )
            )
        if holder := values["picture"]:
            self._swap_pictures(survivor.id, holder, watch)
        self.env.invalidate_all(flush=False)
        return changed

    @api.model
    def _get_moved(self, moved, column):
        """Return the customers of whom a column was moved."""
        rows = moved.get(f"{KEY}:{self.env[MODEL]._table}.{column}", {})
        ids = [key for keys in rows.values() for key in keys]
        return self.env[MODEL].sudo().browse(ids)

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
