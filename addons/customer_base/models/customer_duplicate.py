from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..matching.scoring import POSSIBLE, SURE, Match
from ..merging.clusters import find_clusters

#: So many at once, each time in a transaction of its own.
BATCH = 500


class CustomerDuplicate(models.Model):
    """Two customers who may be one, found by what they have in common, until somebody
    says whether they are.

    A decision stays: who is somebody else is not asked about again.
    """

    _name = "customer.duplicate"
    _description = "Duplicate Customers"
    _named_customers = (["partner_id", "other_id"], None)
    _order = "level desc, bits desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    other_id = fields.Many2one(
        "res.partner",
        "May Be the Same As",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    level = fields.Selection(
        [(POSSIBLE, "May be the same"), (SURE, "Same customer")],
        required=True,
        readonly=True,
    )
    bits = fields.Float(readonly=True)
    kinds = fields.Char(readonly=True)
    reasons = fields.Char(compute="_compute_reasons")
    cluster = fields.Integer("Group", readonly=True, index=True)
    is_different = fields.Boolean("Not a Duplicate", readonly=True)
    decided_by_id = fields.Many2one("res.users", "Decided By", readonly=True)
    decided_on = fields.Datetime(readonly=True)

    _pair = models.Constraint(
        "UNIQUE (partner_id, other_id)", "Two customers are a pair only once."
    )
    _ordered = models.Constraint(
        "CHECK (partner_id < other_id)", "The older customer of a pair comes first."
    )

    @api.depends("kinds")
    @api.depends_context("lang")
    def _compute_reasons(self):
        matches = self.env["customer.match"]
        for pair in self:
            kinds = tuple((pair.kinds or "").split(","))
            match = Match(pair.level, pair.bits, kinds)
            pair.reasons = matches._get_reasons(match)

    # ------------------------------------------------------------
    # WHO SEES THEM: who may read both
    # ------------------------------------------------------------

    @api.model
    def _search(self, domain, *args, **kwargs):
        if not self.env.su:
            partners = self.env["res.partner"].with_context(active_test=False)
            readable = partners._search(Domain.TRUE)
            domain = (
                Domain(domain)
                & Domain("partner_id", "in", readable)
                & Domain("other_id", "in", readable)
            )
        return super()._search(domain, *args, **kwargs)

    def _check_access(self, operation):
        refused = super()._check_access(operation)
        if refused or self.env.su:
            return refused
        pairs = self.sudo().exists()
        readable = (pairs.partner_id | pairs.other_id).sudo(False)
        readable = readable._filtered_access("read").ids
        hidden = pairs.filtered(
            lambda pair: {pair.partner_id.id, pair.other_id.id}.difference(readable)
        )
        if not hidden:
            return None
        return self & hidden.sudo(False), lambda: AccessError(
            self.env._("You may not read one of these customers.")
        )

    # ------------------------------------------------------------
    # DECIDING
    # ------------------------------------------------------------

    def action_compare(self):
        """Show all who hang together side by side."""
        clusters = [cluster for cluster in self.mapped("cluster") if cluster]
        pairs = self | self.search(
            Domain("cluster", "in", clusters) & self._get_open_domain()
        )
        return self.env["customer.merge.wizard"]._open(
            pairs.partner_id | pairs.other_id
        )

    def action_keep_apart(self):
        """Say that these are two customers, and remember it."""
        self._check_may_decide(self.partner_id | self.other_id)
        self._decide(self.sudo())

    @api.model
    def _keep_apart(self, partners):
        """Say that of some customers none is another."""
        self._check_may_decide(partners)
        ids = sorted(partners.ids)
        pairs = self.sudo().search([("partner_id", "in", ids), ("other_id", "in", ids)])
        known = {(pair.partner_id.id, pair.other_id.id) for pair in pairs}
        pairs |= pairs.create(
            [
                {"partner_id": one, "other_id": other, "level": POSSIBLE}
                for at, one in enumerate(ids)
                for other in ids[at + 1 :]
                if (one, other) not in known
            ]
        )
        self._decide(pairs)

    @api.model
    def _check_may_decide(self, partners):
        self.env["customer.merge"]._check_may_merge(partners)

    @api.model
    def _decide(self, pairs):
        pairs.write(
            {
                "is_different": True,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
                "cluster": False,
            }
        )

    @api.model
    def _get_decided(self, partner):
        """Return who was said to be somebody else than a customer: not to be shown as
        the same again.

        :rtype: set[int]
        """
        if not partner.id:
            return set()
        pairs = self.sudo().search_fetch(
            [
                ("is_different", "=", True),
                "|",
                ("partner_id", "=", partner.id),
                ("other_id", "=", partner.id),
            ],
            ["partner_id", "other_id"],
        )
        return set((pairs.partner_id | pairs.other_id).ids) - {partner.id}

    @api.model
    def _get_open_domain(self):
        return Domain(
            [
                ("is_different", "=", False),
                ("partner_id.active", "=", True),
                ("other_id.active", "=", True),
            ]
        )

    # ------------------------------------------------------------
    # FINDING: a job, which goes on where it was
    # ------------------------------------------------------------

    @api.model
    def _cron_find(self):
        """Compare the customers that were written since, in the order in which they
        were; what was killed goes on where it was."""
        changed = self.env["customer.changed"].sudo()
        cron = self.env["ir.cron"]
        going_on = True
        while going_on:
            count, partners = changed._take(BATCH)
            self._find_pairs(self._get_active(partners))
            is_last = count < BATCH
            if is_last:
                self._group()
            left = cron._commit_progress(count, remaining=int(not is_last))
            going_on = not is_last and left

    @api.model
    def _get_active(self, partner_ids):
        """Return those of some customers who are still there, and not archived."""
        self.env["res.partner"].flush_model(["active"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE id = ANY(%s) AND active",
                list(partner_ids),
            )
        )
        return [partner for (partner,) in rows]

    @api.model
    def _find_pairs(self, partner_ids):
        """Find the pairs of customers, anew for those who have some."""
        if not partner_ids:
            return
        match = self.env["customer.match"].sudo()
        partners = self.env["res.partner"].sudo().browse(partner_ids).exists()
        entries = self.env["customer.key"].sudo()._read_entries(partner_ids)
        found = {}
        for partner in partners:
            family = partner.commercial_partner_id
            if is_contact := self._is_contact(partner):
                # one company's contacts may be there twice: two companies were merged
                family = family.browse()
            matches = match._match(entries[partner.id], partner, family)
            others = partners.browse(matches)
            for other in others:
                score = matches[other.id]
                if score.level not in (SURE, POSSIBLE):
                    continue
                if is_contact and not self._may_be_one(partner, other):
                    continue
                found[tuple(sorted((partner.id, other.id)))] = score
        ones, others = zip(*found, strict=True) if found else ([], [])
        scores = list(found.values())
        self.flush_model()
        self.env.cr.execute(
            """
            WITH found AS (
                SELECT *
                  FROM unnest(%s::int4[], %s::int4[], %s::text[], %s::float8[],
                              %s::text[]) AS row (one, other, level, bits, kinds)
                 -- no merge takes customers of two companies
                 WHERE NOT EXISTS (
                       SELECT
                         FROM res_partner mine
                         JOIN res_partner theirs ON theirs.id = row.other
                        WHERE mine.id = row.one
                          AND mine.company_id != theirs.company_id
                 )
            ), gone AS (
                DELETE FROM customer_duplicate AS pair
                 WHERE NOT COALESCE(is_different, FALSE)
                   AND (partner_id = ANY(%s) OR other_id = ANY(%s))
                   AND (partner_id, other_id) NOT IN (SELECT one, other FROM found)
                   -- who was merged is not found, and may come back
                   AND NOT EXISTS (
                       SELECT
                         FROM res_partner archived
                        WHERE archived.id IN (pair.partner_id, pair.other_id)
                          AND NOT archived.active
                   )
            )
            INSERT INTO customer_duplicate AS pair
                   (partner_id, other_id, level, bits, kinds, create_date)
            SELECT one, other, level, bits, kinds, now() AT TIME ZONE 'UTC'
              FROM found
       ON CONFLICT (partner_id, other_id)
         DO UPDATE SET level = excluded.level, bits = excluded.bits,
                       kinds = excluded.kinds
             WHERE NOT COALESCE(pair.is_different, FALSE)
            """,
            (
                list(ones),
                list(others),
                [score.level for score in scores],
                [score.bits for score in scores],
                [",".join(score.reasons) for score in scores],
                list(partner_ids),
                list(partner_ids),
            ),
        )
        self.invalidate_model()

    @api.model
    def _is_contact(self, partner):
        return (
            partner.parent_id and not partner.is_company and partner.type == "contact"
        )

    @api.model
    def _may_be_one(self, contact, other):
        """Tell whether a contact may be somebody else: of one company only another
        contact beside it, and no address."""
        return contact.commercial_partner_id != other.commercial_partner_id or (
            self._is_contact(other) and contact.parent_id == other.parent_id
        )

    @api.model
    def _group(self):
        """Number those who hang together."""
        pairs = self.env.execute_query(
            SQL(
                """
                SELECT pair.id, pair.partner_id, pair.other_id
                  FROM customer_duplicate pair
                  JOIN res_partner one ON one.id = pair.partner_id AND one.active
                  JOIN res_partner other ON other.id = pair.other_id AND other.active
                 WHERE NOT COALESCE(pair.is_different, FALSE)
                """
            )
        )
        clusters = find_clusters((one, other) for _pair, one, other in pairs)
        self.env.cr.execute(
            """
            UPDATE customer_duplicate AS pair SET cluster = row.cluster
              FROM unnest(%s::int4[], %s::int4[]) AS row (id, cluster)
             WHERE pair.id = row.id AND pair.cluster IS DISTINCT FROM row.cluster
            """,
            (
                [pair for pair, _one, _other in pairs],
                [clusters[one] for _pair, one, _other in pairs],
            ),
        )
        self.invalidate_model()


class CustomerMatch(models.AbstractModel):
    _inherit = "customer.match"

    @api.model
    def _get_decided(self, partner):
        duplicates = self.env["customer.duplicate"].sudo()
        return super()._get_decided(partner) | duplicates._get_decided(partner)
