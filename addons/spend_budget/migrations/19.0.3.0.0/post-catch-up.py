from odoo.api import SUPERUSER_ID, Environment


def migrate(cr, version):
    """Entries that are no bills count now: open budgets catch up with those that are
    there, in the background."""
    if not version:
        return
    env = Environment(cr, SUPERUSER_ID, {})
    budgets = env["spend.budget"].search([("state", "=", "open")])
    if budgets:
        budgets._system_write({"is_catching_up": True, "catch_up_after": 0})
        env.ref("spend_budget.ir_cron_catch_up")._trigger()
