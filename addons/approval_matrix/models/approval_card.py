from odoo import api, fields, models
from odoo.tools import format_amount

#: Rows of goods that a phone has room for.
SHOWN = 3
#: What people said to each other about a request.
TALK = (
    "submitted",
    "approved",
    "forwarded",
    "sent_back",
    "questioned",
    "answered",
)


class ApprovalCard(models.AbstractModel):
    """What whoever decides reads first: what it is, what to stop at, why they are asked
    and what was said about it.

    Data only. Lists, forms and phones show it (``static/src/approval_card``), and so
    does the page behind the link of an e-mail (template ``card``).
    """

    _name = "approval.card"
    _description = "What a Decision Is About"

    @api.model
    def _read(self, tasks):
        """Return the card of each task, in the words of the user.

        :param tasks: ``approval.task`` records that the user may read
        :return: dictionaries by task, see :meth:`_describe`
        :rtype: dict
        """
        processes = tasks.process_id
        marks = self._read_marks(tasks)
        logs = self.env["approval.log"].search_fetch(
            [("process_id", "in", processes.ids), ("event", "in", TALK)]
        )
        said = logs.filtered("comment").grouped("process_id")
        summaries = {process: process._get_summary() for process in processes}
        return {
            task: {
                **marks[task],
                **self._describe(task, summaries[task.process_id]),
                "talk": [
                    {
                        "id": log.id,
                        "event": log._get_label("event"),
                        "who": log._get_who(),
                        "date": fields.Datetime.to_string(log.date),
                        "text": log.comment,
                    }
                    for log in said.get(task.process_id, ())
                ],
            }
            for task in tasks
        }

    @api.model
    def _read_marks(self, tasks):
        """Return what lists show of each task.

        :return: ``{"kind": …, "level": [name, colour], "warnings": […], "asked": …}``
            by task; only what is urgent has a level; *asked* is *asked* while the
            requester is to answer, *answered* when they did
        :rtype: dict
        """
        names = {
            model: self.env["ir.model"].sudo()._get(model).name
            for model in set(tasks.process_id.mapped("res_model"))
        }
        reasons = tasks.process_id._list_warnings()
        urgent = tasks.filtered("is_urgent").process_id
        levels = {
            process: document._approval_for_texts()._approval_level()
            for process, document in urgent._map_documents().items()
        }
        answered = self._find_answered(tasks)
        return {
            task: {
                "kind": names[task.process_id.res_model],
                "level": levels.get(task.process_id),
                "warnings": reasons.get(task.process_id, []),
                "asked": (task.paused_at and "asked")
                or (task in answered and "answered"),
            }
            for task in tasks
        }

    @api.model
    def _find_answered(self, tasks):
        """Return those tasks that wait again, as a question about them is answered."""
        waiting = tasks.filtered(lambda task: task.state == "active")
        waiting -= waiting.filtered("paused_at")
        groups = self.env["approval.log"]._read_group(
            [
                ("process_id", "in", waiting.process_id.ids),
                ("event", "=", "answered"),
            ],
            ["process_id"],
            ["date:max"],
        )
        last = dict(groups)
        return waiting.filtered(
            lambda task: (
                task.process_id in last and last[task.process_id] >= task.activated_at
            )
        )

    @api.model
    def _describe(self, task, summary):
        """Return what a card says beside its marks.

        :param dict summary: see ``approval.document._approval_summary``
        :return: ``{"goods": [[name, …, value], …], "more": int, "facts": [[label,
            value], …], "why": text}``
        :rtype: dict
        """
        rows = summary.get("rows") or []
        return {
            "goods": [[row[0], *row[1:2], *row[2:][-1:]] for row in rows[:SHOWN]],
            "more": max(len(rows) - SHOWN, 0),
            "facts": summary.get("facts") or [],
            "why": self._tell_why(task),
        }

    @api.model
    def _tell_why(self, task):
        """Return why the approver is asked: the rule in words, and who handed it on.

        Who asks for the approval is not told from what amount on others are asked.
        """
        process = task.process_id
        concerned = task.holder_id | task.user_id | task.decided_by_id
        is_manager = self.env.user.has_group("approval_matrix.group_approval_manager")
        if self.env.user not in concerned and not is_manager:
            return ""
        rule = process.sudo().rule_id
        texts = []
        if task.origin_user_id and task.origin == "forward":
            texts.append(
                self.env._(
                    "%(user)s forwarded it.", user=task.sudo().origin_user_id.name
                )
            )
        elif task.origin_user_id:
            texts.append(
                self.env._(
                    "%(user)s did not decide in time.",
                    user=task.sudo().origin_user_id.name,
                )
            )
        elif task.is_substituted:
            texts.append(
                self.env._("You stand in for %(user)s.", user=task.sudo().user_id.name)
                if task.holder_id == self.env.user
                else task._get_holder_name()
            )
        if rule:
            texts.append(
                self.env._(
                    "Rule “%(rule)s”, step “%(step)s”: %(condition)s.",
                    rule=rule.name,
                    step=task.step_name,
                    condition=", ".join(self._tell_rule(rule, process)),
                )
            )
        return " ".join(texts)

    @api.model
    def _tell_rule(self, rule, process):
        """Return when a rule applies, in words."""
        texts = []
        currency = process.currency_id
        if rule.amount_min:
            amount = format_amount(self.env, rule.amount_min, currency)
            texts.append(self.env._("from %(amount)s", amount=amount))
        if rule.amount_max:
            amount = format_amount(self.env, rule.amount_max, currency)
            texts.append(self.env._("below %(amount)s", amount=amount))
        condition = rule._get_condition_words()
        if not texts or condition != self.env._("Always"):
            texts.append(condition[:1].lower() + condition[1:])
        return texts


class ApprovalTask(models.Model):
    """What people see of a task first, and what became of it."""

    _inherit = "approval.task"

    marks = fields.Json(
        string="To Note",
        compute="_compute_marks",
        help="What kind of document it is, and what to stop at.",
    )
    card = fields.Json(compute="_compute_card", help="See approval.card.")
    outcome = fields.Char(
        compute="_compute_outcome", help="What became of the request."
    )

    @api.depends("state", "paused_at", "due_at")
    @api.depends_context("uid", "lang")
    def _compute_marks(self):
        marks = self.env["approval.card"]._read_marks(self)
        for task in self:
            task.marks = marks[task]

    @api.depends("state", "paused_at", "due_at")
    @api.depends_context("uid", "lang", "tz")
    def _compute_card(self):
        cards = self.env["approval.card"]._read(self)
        for task in self:
            task.card = cards[task]

    @api.depends("state", "process_id.state", "process_id.task_ids.state")
    @api.depends_context("lang")
    def _compute_outcome(self):
        """Say what became of it, and who has it now while it waits for others."""
        for task in self:
            process = task.process_id
            label = process._get_label("state")
            holders = process.holder_ids.sudo().mapped("name")
            task.outcome = ": ".join(filter(None, (label, ", ".join(holders))))
