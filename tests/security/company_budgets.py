"""What a company at work has of budgets, and of bills that spend from them."""

from odoo.fields import Command

from tools.inside import records

from .roles import APPROVERS, OWNER


class CompanyBudgets:
    """What :class:`.company.Company` inherits."""

    def _furnish_budgets(self):
        """A draft budget, and an open one that a bill has spent from."""
        with self.committed() as env:
            plan = env["account.analytic.plan"].create({"name": "Projects"})
            accounts = env["account.analytic.account"].create(
                [{"name": name, "plan_id": plan.id} for name in ("Secret", "Spare")]
            )
            self._keep("spare", accounts[1])
            self.account = accounts[0].id
            draft, opened = (self._budget(env, OWNER, name) for name in ("Draft", "On"))
            opened.action_open()
            drafted, posted = (self._bill(env) for _number in range(2))
            env.company.orderless_policy = "allow"
            posted.action_post()
            wizard = self._transfer_wizard(env, opened)
            wizard.action_transfer()
            closing = env["spend.closing"].create({"budget_id": opened.id})
            reading = {"budget_id": draft.id, "file": "QQ=="}
            entry = env["spend.entry"].search([("budget_id", "=", opened.id)], limit=1)
            transfer = env["spend.transfer"].search([], limit=1)
            forecast = env["spend.forecast"].search([("budget_id", "=", opened.id)])[0]
            reading = env["spend.import"].create(reading)
            split = env["spend.split"].create({"budget_id": draft.id})
            self._keep("draft", drafted, drafted.invoice_line_ids, reading)
            self._keep("posted", posted, posted.invoice_line_ids)
            self._keep("draft", draft, draft.line_ids[0], split)
            self._keep("open", opened, opened.line_ids[0], closing, wizard, forecast)
            self._keep("bill", entry)
            self._keep("made", transfer)
            lines = opened.line_ids.ids

        self._furnish_requests(lines)
        with self.committed(OWNER) as env:
            self._keep("approved", self._rest_closing(env))

    def _rest_closing(self, env):
        order = self.theirs["purchase.order"]["approved"]
        values = {"order_id": order, "reason": "Sold out"}
        return env["spend.rest.closing"].create(values)

    def _furnish_requests(self, lines):
        """Money asked for: a draft, waiting, asked about, approved."""
        model = "spend.transfer.request"
        self.put_under_approval(model, *APPROVERS)
        taker, giver = lines
        for state in ("draft", "waiting", "asked", "approved"):
            with self.committed(OWNER) as env:
                request = env[model].create(
                    {
                        "to_line_id": taker,
                        "from_line_id": giver,
                        "amount": 1234,
                        "reason": "Flood",
                    }
                )
                if state != "draft":
                    request.action_ask()
                self._keep(state, request)
        asked, approved = (self.theirs[model][name] for name in ("asked", "approved"))
        self._act(APPROVERS[0], model, asked, "action_ask_information", "Why?")
        for approver in APPROVERS:
            self._act(approver, model, approved, "action_approve")

    def _budget(self, env, login, name):
        accounts = self.account, self.theirs["account.analytic.account"]["spare"]
        return records.budget(
            env,
            *({"account_id": account, "amount": 9876} for account in accounts),
            name=name,
            user_id=self.users[login],
            date_from="2070-01-01",
            date_to="2070-12-31",
        )

    def _transfer_wizard(self, env, budget):
        giver, taker = budget.line_ids
        sides = {"from_line_id": giver.id, "to_line_id": taker.id}
        values = {**sides, "amount": 1, "reason": "Flood"}
        return env["spend.transfer.wizard"].create(values)

    def _bill(self, env, partner=None):
        line = {
            "name": "Beds",
            "price_unit": 9876,
            "tax_ids": [Command.clear()],
            "analytic_distribution": {str(self.account): 100},
        }
        return env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": partner or self.partner,
                "invoice_date": "2070-02-01",
                "date": "2070-02-01",
                "invoice_line_ids": [Command.create(line)],
            }
        )

    def _own_budget(self, env, role):
        """Return a draft budget of the role's own, its lines, and its wizards."""
        system = env(su=True)
        budget = self._budget(system, role, "Mine")
        lines = budget.line_ids
        wizard = self._transfer_wizard(env, budget)
        # the first line may be deleted
        values = system["spend.transfer"]._prepare_values(lines[1], lines[1], 1, "Fire")
        transfer = system["spend.transfer"]._system_create([values])
        reading = env["spend.import"].create({"budget_id": budget.id, "file": "QQ=="})
        split = env["spend.split"].create({"budget_id": budget.id})
        request = env["spend.transfer.request"].create({"to_line_id": lines[1].id})
        own = [budget, lines[0], wizard, transfer, reading, split, request]
        if env["spend.rest.closing"].has_access("create"):
            own.append(self._rest_closing(env))
        if env["spend.closing"].has_access("create"):
            own.append(env["spend.closing"].create({"budget_id": budget.id}))
        return own
