"""The users, each with the least rights that the job needs."""

from __future__ import annotations

from odoo import Command
from odoo.api import Environment

from tools.demo import LOGINS
from tools.demo.company import LANGUAGE, TIME_ZONE

GROUPS = {
    # Stock users may read purchase orders: who must not see their prices is none.
    "care": ["sales_team.group_sale_salesman"],
    "sales": ["sales_team.group_sale_salesman_all_leads"],
    "buyer": ["purchase.group_purchase_user", "stock.group_stock_user"],
    "manager": ["purchase.group_purchase_manager"],
    "director": [
        "account.group_account_invoice",
        "sales_team.group_sale_manager",
        "spend_budget.group_budget_manager",
    ],
    "keeper": ["stock.group_stock_user"],
    "accountant": ["account.group_account_invoice"],
    "admin": [
        "base.group_system",
        "sales_team.group_sale_manager",
        "purchase.group_purchase_manager",
        "stock.group_stock_manager",
        "account.group_account_manager",
        "approval_matrix.group_approval_manager",
        "spend_budget.group_budget_manager",
    ],
}


def create(env: Environment) -> dict:
    """Return the users by log-in."""
    users = {}
    for name, login, password, _role in LOGINS:
        groups = [env.ref(name).id for name in ("base.group_user", *GROUPS[login])]
        values = {
            "name": name,
            "email": f"{login}@anphat.example",
            "lang": LANGUAGE,
            "tz": TIME_ZONE,
            "notification_type": "inbox",  # the demo sends no e-mail
            # else its window stands before what they look at
            "odoobot_state": "idle",
        }
        if login == "admin":  # is there; a new password would be announced by e-mail
            users[login] = env.ref("base.user_admin")
            values["group_ids"] = [Command.link(group) for group in groups]
            users[login].write(values)
            # at the first log-in Odoo takes the zone of the browser for all working
            # hours, and the figures of the past would be others
            users[login].with_user(users[login])._update_last_login()
        else:
            values |= {"login": login, "password": password}
            values["group_ids"] = [Command.set(groups)]
            quiet = env["res.users"].with_context(no_reset_password=True)
            users[login] = quiet.create(values)
    return users
