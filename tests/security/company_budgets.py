"""What a company at work has of budgets, and of bills that spend from them."""

from odoo.fields import Command

from .roles import OWNER


class CompanyBudgets:
    """What :class:`.company.Company` inherits."""

    def _furnish_budgets(self):
        """A draft budget, and an open one that a bill has spent from."""
        with self.committed() as env:
            plan = env["account.analytic.plan"].create({"name": "Projects"})
            accounts = env["account.analytic.account"].create(
                [{"name": name, "plan_id": plan.id} for name in ("Secret", "Spare")]
            )
            self.theirs["account.analytic.account"] = {"spare": accounts[1].id}
            self.account = accounts[0].id
            draft, opened = (self._budget(env, OWNER, name) for name in ("Draft", "On"))
            opened.action_open()
            drafted, posted = (self._bill(env) for _number in range(2))
            posted.action_post()
            wizard = env["spend.transfer.wizard"].create(
                {
                    "from_line_id": opened.line_ids[0].id,
                    "to_line_id": opened.line_ids[1].id,
                    "amount": 1,
                    "reason": "Flood",
                }
            )
            wizard.action_transfer()
            closing = env["spend.closing"].create({"budget_id": opened.id})
            reading = {"budget_id": draft.id, "file": "QQ=="}
            entry = env["spend.entry"].search([("budget_id", "=", opened.id)], limit=1)
            transfer = env["spend.transfer"].search([], limit=1)
            lines = {"draft": draft.line_ids[0].id, "open": opened.line_ids[0].id}
            bill_lines = {
                "draft": drafted.invoice_line_ids.id,
                "posted": posted.invoice_line_ids.id,
            }
            self.theirs |= {
                "account.move": {"draft": drafted.id, "posted": posted.id},
                "account.move.line": bill_lines,
                "spend.budget": {"draft": draft.id, "open": opened.id},
                "spend.budget.line": lines,
                "spend.closing": {"open": closing.id},
                "spend.entry": {"bill": entry.id},
                "spend.import": {"draft": env["spend.import"].create(reading).id},
                "spend.transfer": {"made": transfer.id},
                "spend.transfer.wizard": {"open": wizard.id},
            }

    def _budget(self, env, login, name):
        accounts = self.account, self.theirs["account.analytic.account"]["spare"]
        return env["spend.budget"].create(
            {
                "name": name,
                "user_id": self.users[login],
                "date_from": "2070-01-01",
                "date_to": "2070-12-31",
                "line_ids": [
                    Command.create({"account_id": account, "amount": 9876})
                    for account in accounts
                ],
            }
        )

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
        sides = {"from_line_id": lines[0].id, "to_line_id": lines[1].id}
        wizard = env["spend.transfer.wizard"].create(
            {**sides, "amount": 1, "reason": "Flood"}
        )
        values = wizard._prepare_transfer_values(1)
        values["from_line_id"] = lines[1].id  # the first may be deleted
        transfer = system["spend.transfer"]._system_create([values])
        reading = env["spend.import"].create({"budget_id": budget.id, "file": "QQ=="})
        own = [budget, lines[0], wizard, transfer, reading]
        if env["spend.closing"].has_access("create"):
            own.append(env["spend.closing"].create({"budget_id": budget.id}))
        return own
