from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_amount

MANAGERS = "approval_matrix.group_approval_manager"
#: How many users are offered as approvers of the first rule; more rules have a form.
FEW = 80


class ApprovalSetup(models.AbstractModel):
    """The first hour of an administrator: the first rule, and what to do next.

    Nothing of it is stored: what is done follows from what is there. Addons add steps
    of their own to :meth:`_get_steps`. Core's ``onboarding`` keeps states beside what
    they are about, and its panel is drawn nowhere in the web client any more.
    """

    _name = "approval.setup"
    _description = "Set-Up of Approvals"

    # ------------------------------------------------------------
    # READ
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_card(self):
        """Return what the screen of the set-up shows.

        :return: ``models``: documents that can be approved, as pairs of model and name;
            ``users``: whom the first rule may name, as ids and names; ``rules``: names
            of the rules there are; ``try``: what is tried first, see
            :meth:`_get_trials`;
            ``steps``: see :meth:`_get_steps`; ``currency``: id and name of the
            company's; ``may_add_user``; ``is_alone``: nobody else works here
        :rtype: dict
        :raises AccessError: for anybody but administrators of approvals
        """
        self._check_manager()
        users = self._get_users()
        rules = self._get_rules()
        currency = self.env.company.currency_id
        return {
            "models": self._get_models(),
            "users": [{"id": user.id, "name": user.name} for user in users],
            "me": self.env.uid,
            "is_alone": users <= self.env.user,
            "may_add_user": self._may_add_user(),
            "currency": {"id": currency.id, "name": currency.name},
            "rules": rules.mapped("name"),
            "try": self._get_trials(rules),
            "steps": self._get_steps(),
        }

    @api.model
    @api.readonly
    def try_amount(self, model, amount):
        """Return who would be asked about a document of mine, as *Try It* says it.

        :param str model: of the document
        :param float amount: in company currency
        :rtype: str
        :raises AccessError: for anybody but administrators of approvals
        """
        self._check_manager()
        trial = self.env["approval.trial"].new(
            {
                "model_id": self._get_model(model).id,
                "amount": self._check_amount(amount),
                "requester_id": self.env.uid,
                "company_id": self.env.company.id,
            }
        )
        return str(trial.route_html)

    @api.model
    def _get_trials(self, rules):
        """Return what *Try It* begins with: the documents of the first rule, and the
        lowest amount from which somebody is asked about them.

        :return: nothing without rules, else one dictionary with ``model``, ``amount``
            in company currency, and the ``action`` that also asks for conditions
        :rtype: list[dict]
        """
        first = rules[:1]
        amounts = rules.filtered(lambda rule: rule.model == first.model).mapped(
            "amount_min"
        )
        return [
            {
                "model": rule.model,
                "amount": min(filter(None, amounts), default=0.0),
                "action": rule.action_try(),
            }
            for rule in first
        ]

    def _get_steps(self):
        """Return what follows the first rule, in the order it is shown.

        :return: dictionaries with ``key``, ``title``, ``text``, ``is_done``, and a
            ``button`` with its ``action``
        :rtype: list[dict]
        """
        rules = self._get_rules()
        if not rules:
            return []
        model = rules[0].model
        company = [("company_id", "=", self.env.company.id)]
        name = self.env["ir.model"].sudo()._get(model).name
        return [
            {
                "key": "document",
                "title": self.env._("Submit the first one"),
                "text": self.env._(
                    "Make one of the amount of the rule and confirm it. Whoever "
                    "approves finds it in their inbox, and on their phone."
                ),
                "is_done": bool(
                    self.env["approval.process"].sudo().search_count(company, limit=1)
                ),
                "button": self.env._("New: %s", name),
                "action": {
                    "type": "ir.actions.act_window",
                    "res_model": model,
                    "views": [[False, "form"]],
                },
            }
        ]

    def _get_rules(self):
        """Return the rules that hold in this company."""
        return self.env["approval.rule"].search(
            [("company_id", "in", [False, *self.env.company.sudo().parent_ids.ids])]
        )

    @api.model
    def _get_models(self):
        names = self.env["approval.rule"]._get_approvable_models()
        models = self.env["ir.model"].sudo()
        return [(name, models._get(name).name) for name in sorted(names)]

    @api.model
    def _get_users(self):
        company = [("company_ids", "in", self.env.company.ids), ("share", "=", False)]
        return self.env["res.users"].search(company, order="name", limit=FEW)

    # ------------------------------------------------------------
    # THE FIRST RULE
    # ------------------------------------------------------------

    @api.model
    def make_first_rule(self, values):
        """Make a rule of one step, and the user it names if there is none yet.

        :param dict values: ``model`` of the document; ``amount`` from which it is
            approved, in company currency; ``user_id``, or ``name``, ``login`` and
            ``password`` of a new user, who is invited where the password is empty
        :return: as :meth:`get_card`
        :raises UserError: says what is missing
        """
        self._check_manager()
        values = values if isinstance(values, dict) else {}
        model = self._get_model(values.get("model"))
        amount = self._check_amount(values.get("amount"))
        user = self._get_approver(values)
        if user == self.env.user and self._get_users() <= user:
            raise UserError(
                self.env._(
                    "Nobody approves their own requests, and there is nobody else yet. "
                    "Choose “New person” as the approver."
                )
            )
        shown = format_amount(self.env, amount, self.env.company.currency_id)
        self.env["approval.rule"].create(
            {
                "name": self.env._(
                    "%(document)s from %(amount)s", document=model.name, amount=shown
                ),
                "model_id": model.id,
                "amount_min": amount,
                "company_id": self.env.company.id,
                "step_ids": [
                    Command.create(
                        {"name": user.name, "user_ids": [Command.set(user.ids)]}
                    )
                ],
            }
        )
        return self.get_card()

    def _get_approver(self, values):
        """Return the user who approves, new if the values say so."""
        user = self._get_users().filtered(lambda user: user.id == values.get("user_id"))
        if user:
            return user
        name, login, password = (
            str(values.get(field) or "").strip()
            for field in ("name", "login", "password")
        )
        if not name or not login:
            raise UserError(
                self.env._(
                    "Say who approves: choose somebody, or give name and log-in."
                )
            )
        if not password and "@" not in login:
            raise UserError(
                self.env._(
                    "%(name)s could not log in. Give a password, or an e-mail address "
                    "as the log-in, to which an invitation goes.",
                    name=name,
                )
            )
        return self._make_user(name, login, password)

    @api.model
    def _may_add_user(self):
        """Tell whether I may give others a log-in, who are contacts, too."""
        models = ("res.users", "res.partner")
        return all(self.env[model].has_access("create") for model in models)

    @api.model
    def _make_user(self, name, login, password):
        """Make a user who begins the day at what waits for them."""
        inbox = self.env.ref("approval_matrix.approval_task_action")
        users = self.env["res.users"].with_context(no_reset_password=bool(password))
        user = users.create(
            {
                "name": name,
                "login": login,
                "email": login if "@" in login else False,
                "action_id": inbox.id,
                "lang": self.env.user.lang,
                "tz": self.env.user.tz,
                "company_id": self.env.company.id,
                "company_ids": [Command.set(self.env.company.ids)],
            }
        )
        if password:
            user.password = password
        return user

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.model
    def _check_manager(self):
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(
                self.env._("Only administrators of approvals set them up.")
            )

    @api.model
    def _get_model(self, name):
        if name not in self.env["approval.rule"]._get_approvable_models():
            raise UserError(self.env._("Choose which documents are approved."))
        return self.env["ir.model"].sudo()._get(name)

    @api.model
    def _check_amount(self, amount):
        is_number = isinstance(amount, int | float) and not isinstance(amount, bool)
        if not is_number or not 0 <= amount < float("inf"):
            raise UserError(
                self.env._("Say from what amount on it is approved; zero: always.")
            )
        return amount

    # ------------------------------------------------------------
    # WHERE THE APP BEGINS
    # ------------------------------------------------------------

    @api.model
    def _get_home_action(self):
        """Return what the app opens: until there is a rule, nothing can wait for
        anybody, and whoever can make one is shown how."""
        name = "approval_task_action"
        if self.env.user.has_group(MANAGERS) and not self._get_rules():
            name = "approval_setup_action"
        return self.env["ir.actions.actions"]._for_xml_id(f"approval_matrix.{name}")
