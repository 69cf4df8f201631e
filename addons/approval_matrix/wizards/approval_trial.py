import json

from odoo import api, fields, models
from odoo.fields import Command

from ..conditions import get_leaves, judge
from ..system import as_system


class ApprovalTrial(models.TransientModel):
    """Shows which route a document would take, and why; changes nothing."""

    _name = "approval.trial"
    _description = "Try Approval Rules"

    model_id = fields.Many2one("ir.model", string="Document", required=True)
    model = fields.Char(related="model_id.model")
    res_id = fields.Many2oneReference(string="Example", model_field="model")
    amount = fields.Float(help="Without an example: in company currency.")
    requester_id = fields.Many2one(
        "res.users",
        string="Requester",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    question_ids = fields.One2many(
        "approval.trial.question",
        "trial_id",
        string="What the Conditions Ask",
        help="Without an example: what rules of this amount want to know.",
    )
    route_html = fields.Html(compute="_compute_route_html", sanitize=False)

    @api.onchange("model_id", "res_id", "amount", "company_id")
    def _onchange_questions(self):
        """Ask what conditions need; what was answered stays answered."""
        answers = self._get_answers()
        self.question_ids = [
            Command.clear(),
            *(
                Command.create({"key": key, "text": text, "answer": answers.get(key)})
                for key, text in self._get_questions().items()
            ),
        ]

    @api.depends(
        "model_id",
        "res_id",
        "amount",
        "requester_id",
        "company_id",
        "question_ids.key",
        "question_ids.answer",
    )
    def _compute_route_html(self):
        for trial in self:
            trial.route_html = trial.model_id and self.env["ir.qweb"]._render(
                "approval_matrix.trial", {"trial": trial._get_route()}
            )

    def _get_route(self):
        """Return every rule with why it does not match, and the steps of the first
        that does."""
        self.ensure_one()
        document = self._get_example()
        company = document._approval_company() if document else self.company_id
        amount = document._approval_threshold_amount() if document else self.amount
        rules = self._get_rules(company)
        verdicts, chosen, is_open = [], rules.browse(), False
        for rule in rules:
            reason = rule._why_not(document, amount)
            holds = document or reason or self._judge(rule)
            if holds is None and not chosen:
                is_open = True
            if holds is None:
                reason = self.env._("depends on your answers")
            elif not holds:
                reason = self.env._("its condition is not met")
            elif not reason and chosen:
                reason = self.env._("An earlier rule matches.")
            words = rule._get_condition_words()
            verdicts.append({"name": rule.name, "reason": reason, "words": words})
            if not reason and not is_open:
                chosen = chosen or rule
        return {
            "is_open": is_open and not chosen,
            "amount": amount,
            "currency": company.currency_id,
            "rules": verdicts,
            "chosen": chosen.name,
            "steps": [self._get_step(step, document) for step in chosen.step_ids],
        }

    def _get_rules(self, company):
        model = self.env[self.model]
        return self.env["approval.rule"]._get_rules(model, company)

    # ------------------------------------------------------------
    # QUESTIONS: what an amount alone does not tell
    # ------------------------------------------------------------

    def _get_questions(self):
        """Return what conditions of rules in the range of the amount ask about a
        document, in words, by what tells them apart.

        :rtype: dict
        """
        if not self.model_id or self.res_id:
            return {}
        self.env["approval.rule"]._check_approvable(self.model_id)
        words, questions = self.env["approval.condition"], {}
        for rule in self._get_rules(self.company_id):
            if rule._why_not(self.env[rule.model], self.amount):
                continue
            for leaf in get_leaves(rule._get_condition()):
                key = self._get_key(leaf)
                questions[key] = questions.get(key) or words._tell(leaf, rule.model)
        return questions

    def _get_answers(self):
        return {each.key: each.answer for each in self.question_ids if each.answer}

    @api.model
    def _get_key(self, leaf):
        return json.dumps(leaf, default=str)

    def _judge(self, rule):
        """Tell whether the condition of a rule holds by the answers so far; ``None``
        if it depends on others."""
        answers = self._get_answers()

        def know(leaf):
            answer = answers.get(self._get_key(leaf))
            return answer == "yes" if answer else None

        return judge(rule._get_condition(), know)

    def _get_example(self):
        """Return the example as the gate would see it; the user must be able to read
        it."""
        self.env["approval.rule"]._check_approvable(self.model_id)
        document = self.env[self.model].browse(self.res_id or ()).exists()
        document.check_access("read")
        return as_system(document)

    def _get_step(self, step, document):
        people, error = self.env._("whom the document names"), False
        if document or not step._needs_document():
            excluded = self.requester_id | document._approval_get_editors()
            place = document or self.env[self.model].new(
                {"company_id": self.company_id.id}
            )
            users, needed, error = step._foresee(
                place.sudo(), self.requester_id, excluded
            )
            people = self._tell_people(users, needed) if not error else False
        return {
            "name": step.name,
            "number": step.sequence,
            "people": people,
            "error": error,
            "hours": step.limit_hours,
        }

    @api.model
    def _tell_people(self, users, needed):
        """Return in words who would be asked in a step."""
        if not needed:
            return self.env._("nobody: the step falls away")
        names = ", ".join(users.mapped("name"))
        return self.env._("%(needed)s of: %(names)s", needed=needed, names=names)


class ApprovalTrialQuestion(models.TransientModel):
    """Something that conditions of rules ask about a document that is not there."""

    _name = "approval.trial.question"
    _description = "Question of a Trial"
    _rec_name = "text"

    trial_id = fields.Many2one(
        "approval.trial", required=True, index=True, ondelete="cascade"
    )
    key = fields.Char(readonly=True, help="Tells questions apart.")
    text = fields.Char(string="Suppose That", readonly=True)
    answer = fields.Selection([("yes", "Yes"), ("no", "No")])
