from datetime import timedelta

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount, split_every

from odoo.addons.approval_matrix.batches import TRIES, work_off
from odoo.addons.approval_matrix.system import as_system

from ..shares import from_units
from .spend_control import BATCH, Touched

#: More journal items than these are counted by the scheduler.
MOST_AT_ONCE = 50_000


class SpendBudget(models.Model):
    """A budget at work: it is opened, verified, carried forward and closed."""

    _inherit = "spend.budget"

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open(self):
        """Let the budgets control orders and bills, those at hand included.

        :raises UserError: without lines, or when a blocking line would be over at once
        """
        self._check_manager()
        for budget in self:
            if budget.state == "open":
                continue
            if not budget.line_ids:
                raise UserError(
                    self.env._(
                        "%(budget)s has no line to control.",
                        budget=budget.display_name,
                    )
                )
            budget._system_write({"state": "open"})
            budget._synchronise()
        return True

    def action_close(self):
        """Close the budgets; ask first what becomes of what is still committed.

        :raises UserError: for budgets that are not open
        """
        self._check_manager()
        if any(budget.state != "open" for budget in self):
            raise UserError(self.env._("Only open budgets can be closed."))
        held = self.sudo().line_ids.filtered(
            lambda line: line.reserved or line.committed
        )
        if held:
            self.ensure_one()
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Close the Budget"),
                "res_model": "spend.closing",
                "views": [(False, "form")],
                "target": "new",
                "context": {"default_budget_id": self.id},
            }
        self._close()
        return True

    def action_verify(self):
        """Compare balances, ledger and documents, and say where they differ."""
        self.check_access("read")
        differences = self.sudo()._find_differences()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if differences else "success",
                "sticky": bool(differences),
                "title": self.env._("Verification of budgets"),
                "message": "\n".join(differences[:20])
                or self.env._("Balances, ledger and documents agree."),
            },
        }

    def action_synchronise(self):
        """Enter what the ledger lacks of the documents, for open budgets.

        :raises UserError: when a blocking line would be over
        """
        self._check_manager()
        self._synchronise()
        return self.action_verify()

    # ------------------------------------------------------------
    # OPEN
    # ------------------------------------------------------------

    def _synchronise(self):
        """Bring the ledger up to the documents of the period: when it opens, or when
        a line was added that covers some of them.

        Of a large company's books that takes a while: the scheduler does it then.
        """
        bulk = as_system(self.env["spend.bulk"])
        for budget in self.filtered(lambda budget: budget.state == "open"):
            if bulk._count(budget) <= MOST_AT_ONCE:
                bulk._synchronise(budget)
                continue
            bulk._synchronise_documents(budget)
            budget._system_write({"is_catching_up": True, "catch_up_after": 0})
            self.env.ref("spend_budget.ir_cron_catch_up").sudo()._trigger()

    @api.model
    def _cron_catch_up(self):
        """Count what is in the books already, one batch a transaction: a worker that is
        killed loses one, and the next goes on from there."""
        behind = [("is_catching_up", "=", True), ("state", "=", "open")]
        for budget in as_system(self, for_texts=True).search(behind):
            budget._catch_up(self.env["ir.cron"])

    def _catch_up(self, cron):
        """Count what is in the books already, until it is done or the job's time is up.

        A batch that collides with somebody's work is tried again. One that would take
        more than a blocking line has ends it: the budget's history says so.

        :param cron: ``ir.cron``, which commits after each batch
        :raises SerializationFailure, DeadlockDetected: the last try collided, too
        """
        self.ensure_one()
        bulk, tries = self.env["spend.bulk"], TRIES
        while self.is_catching_up:
            try:
                last = bulk._synchronise_items(self, self.catch_up_after)
                self._system_write(
                    {"is_catching_up": last is not None, "catch_up_after": last or 0}
                )
                self.env.flush_all()
            except (SerializationFailure, DeadlockDetected):
                cron.env.cr.rollback()
                tries -= 1
                if not tries:
                    raise
                continue
            except UserError as error:  # a blocking line would be over
                cron.env.cr.rollback()
                self._system_write({"is_catching_up": False})
                self.message_post(body=str(error))
            if not cron._commit_progress(1, remaining=int(self.is_catching_up)):
                return
            tries = TRIES

    # ------------------------------------------------------------
    # VERIFY: balances equal the ledger, the ledger what documents should hold, and
    # balances what documents come to when they are added up by other rules
    # ------------------------------------------------------------

    def _find_differences(self):
        """Return one sentence for each difference; nothing, if all is as it should be.

        :rtype: list[str]
        """
        return [finding["text"] for finding in self._get_findings()]

    def _get_findings(self):
        """Yield each difference, with one batch of documents after the other.

        :return: generator of ``{"model", "id", "text"}``: the record that is wrong, a
            budget line if it is known which, and a sentence that says how
        """
        for budget in self:
            found = [*budget._compare_balances()]
            if budget.state == "open":
                found += budget._compare_documents()
            for line_id, text in found:
                model = "spend.budget.line" if line_id else "spend.budget"
                yield {"model": model, "id": line_id or budget.id, "text": text}
        for budget_line, text in self._compare_sums():
            yield {"model": budget_line._name, "id": budget_line.id, "text": text}

    def _compare_sums(self):
        """Compare the balances of open budgets with the independent sum."""
        budgets = self.filtered(lambda budget: budget.state == "open")
        audit = as_system(self.env["spend.audit"], for_texts=True)
        kinds = dict(
            self.env["spend.entry"]._fields["kind"]._description_selection(self.env)
        )
        for line_id, kind, balance, documents in audit._find(budgets):
            line = self.env["spend.budget.line"].browse(line_id)
            money = {
                name: format_amount(
                    self.env,
                    float(units) * line.currency_id.rounding,
                    line.currency_id,
                )
                for name, units in (("balance", balance), ("documents", documents))
            }
            yield (
                line,
                self.env._(
                    "%(line)s: the balance is %(balance)s, but orders and bills come "
                    "to %(documents)s (%(kind)s).",
                    line=line.display_name,
                    kind=kinds[kind],
                    **money,
                ),
            )

    def _compare_balances(self):
        """Compare the balances of the lines with the sums of the ledger.

        :return: list of ``(budget line id, sentence)``
        """
        self.ensure_one()
        self.env["spend.budget.line"].flush_model()
        self.env["spend.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id,
                       line.reserved - COALESCE(SUM(entry.amount)
                           FILTER (WHERE entry.kind = 'reserve'), 0),
                       line.committed - COALESCE(SUM(entry.amount)
                           FILTER (WHERE entry.kind = 'commit'), 0),
                       line.actual - COALESCE(SUM(entry.amount)
                           FILTER (WHERE entry.kind = 'actual'), 0),
                       line.available - line.amount
                           + line.reserved + line.committed + line.actual
                  FROM spend_budget_line AS line
             LEFT JOIN spend_entry AS entry ON entry.line_id = line.id
                 WHERE line.budget_id = %s
              GROUP BY line.id
                """,
                self.id,
            )
        )
        return [
            (
                line_id,
                self.env._(
                    "%(line)s: the balances differ from the ledger by %(differences)s.",
                    line=self.env["spend.budget.line"].browse(line_id).display_name,
                    differences=", ".join(
                        format_amount(self.env, float(amount), self.currency_id)
                        for amount in differences
                    ),
                ),
            )
            for line_id, *differences in rows
            if any(differences)
        ]

    def _compare_documents(self):
        """Compare the ledger with what the documents should hold.

        :return: list of ``(budget line id, sentence)``
        """
        self.ensure_one()
        engine = as_system(self.env["spend.control"], for_texts=True)
        found = []
        for model, ids in engine.env["spend.bulk"]._get_sources_of(self).items():
            for batch in split_every(BATCH, ids):
                found += self._compare_sources(engine, model, batch)
                if len(ids) > BATCH:
                    self.env.invalidate_all()  # keep no more than a batch in mind
        return found + self._compare_items(engine)

    def _compare_items(self, engine):
        """Compare the ledger with the items that are posted."""
        found, after = [], 0
        while after is not None:
            bulk = engine.env["spend.bulk"]
            try:
                postings, names, after = bulk._get_postings(self, after)
            except UserError as error:
                return [*found, (None, str(error))]
            found += self._describe_postings(
                postings, {source: document for source, (document, _) in names.items()}
            )
        return found

    @api.model
    def _compare_sources(self, engine, model, ids):
        """Compare the ledger with some documents' lines; where they cannot be compared
        together, one by one.

        :param engine: ``spend.control`` with the system's rights
        :param str model: name of the lines' model
        :param ids: of lines, which need not exist any more
        :rtype: list[tuple]
        """
        sources = engine.env[model].browse(ids).exists()
        touched = Touched("synchronised")
        try:
            postings, _targets = engine._get_postings(sources, ids, touched)
        except UserError as error:
            if len(ids) == 1:
                return [(None, str(error))]
            return [
                finding
                for each in ids
                for finding in self._compare_sources(engine, model, [each])
            ]
        ledger = engine.env["spend.ledger"]
        documents = {
            (model, source_id): ledger._get_names(model, source_id, sources)[0]
            for (model, source_id), *_rest in postings
        }
        return self._describe_postings(postings, documents)

    def _describe_postings(self, postings, documents):
        """Say what the ledger lacks on the lines of the budget.

        :param documents: what the document of each source is called
        :return: list of ``(budget line id, sentence)``
        """
        lines = self.line_ids
        kinds = self.env["spend.entry"]._fields["kind"]._description_selection(self.env)
        return [
            (
                line_id,
                self.env._(
                    "%(document)s, %(line)s: %(amount)s are missing in the ledger "
                    "(%(kind)s).",
                    document=documents[source],
                    line=lines.browse(line_id).display_name,
                    amount=format_amount(
                        self.env,
                        float(from_units(units, self.currency_id.rounding)),
                        self.currency_id,
                    ),
                    kind=dict(kinds)[kind],
                ),
            )
            for source, line_id, moved, _number, _reason in postings
            for kind, units in moved.items()
            if line_id in lines.ids
        ]

    # ------------------------------------------------------------
    # CARRY FORWARD
    # ------------------------------------------------------------

    def _get_periods_after(self):
        """Return the open budgets that what is left may be carried to, next first."""
        self.ensure_one()
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "open"),
                ("id", "!=", self.id),
                ("date_to", ">", self.date_to),
            ],
            order="date_from, id",
        )

    def _carry_forward(self, target):
        """Move open reservations and commitments to the matching lines of a budget.

        :param target: the open ``spend.budget`` that follows
        :raises UserError: when an order meets no line there; nothing is moved then
        """
        self.ensure_one()
        engine = as_system(self.env["spend.control"], for_texts=True)
        lines = engine._get_open_order_lines(self)
        if not lines:
            return
        lines._budget_carry(self.id, target.id)
        self._check_carried(engine, lines, target)
        touched = Touched("carried")
        touched.lines[lines._name].update(lines.ids)
        engine._update_ledger(touched)
        self.message_post(
            body=self.env._(
                "Open orders were carried forward to %(budget)s.",
                budget=target.display_name,
            )
        )

    def _check_carried(self, engine, lines, target):
        targets = engine._get_targets(lines)
        known = set(target.sudo().line_ids.ids)
        lost = lines.filtered(lambda line: known.isdisjoint(targets.get(line.id, ())))
        if lost:
            raise UserError(
                self.env._(
                    "%(budget)s has no line for: %(orders)s. Add one, or leave them "
                    "where they are.",
                    budget=target.display_name,
                    orders=", ".join(lost.order_id.mapped("name")),
                )
            )

    # ------------------------------------------------------------
    # PARTS OF THE PERIOD
    # ------------------------------------------------------------

    @api.model
    def _cron_carry_unused(self):
        """Carry on what parts of periods have left, one budget after the other."""
        cron = self.env["ir.cron"]
        domain = [("state", "=", "open"), ("carry_unused", "=", True)]
        budgets = as_system(self, for_texts=True)
        work_off(cron, budgets, domain, "id", lambda each: each._carry_unused(), 1)

    def _carry_unused(self):
        """Transfer what lines have left, whose part of the period is over, to the lines
        for the same in the next part; what becomes free there later, the next time.

        What is reserved and committed stays, for its bills are to come.
        """
        for budget in self:
            today = budget.company_id._approval_day()
            following = {
                line._get_part_key(line.date_from): line for line in budget.line_ids
            }
            for line in budget.line_ids.sorted("date_to"):
                day = line.date_to + timedelta(days=1)
                target = following.get(line._get_part_key(day))
                if target and day <= today:
                    line._lock_rows()
                    line.invalidate_recordset()
                    if line.currency_id.compare_amounts(line.available, 0) > 0:
                        reason = self.env._(
                            "Left of %(period)s", period=line._get_part_name()
                        )
                        self.env["spend.transfer"]._make(
                            line, target, line.available, reason
                        )

    # ------------------------------------------------------------
    # CLOSE
    # ------------------------------------------------------------

    def _close(self):
        """Close the budgets; who reserves at this moment must try again, and then
        finds them closed."""
        lines = self.sudo().line_ids
        lines._lock_rows()
        lines._system_write({"write_date": fields.Datetime.now()})
        self._system_write({"state": "closed"})
        lines._give_up_requests(
            self.env._("The budget was closed before your request was decided.")
        )
        self.activity_ids.sudo().filtered("automated").unlink()
