from odoo.tools import SQL

from odoo.addons.supply_link.triggers import drop_triggers

from .triggers import CASES, EVENT_FUNCTIONS


def uninstall_hook(env):
    """Take along the triggers and their functions, which no model of ours owns, and
    what the job remembers, so that it begins anew after another installation."""
    drop_triggers(env.cr, outbox=CASES)
    for function in EVENT_FUNCTIONS:
        env.cr.execute(
            SQL("DROP FUNCTION IF EXISTS %s CASCADE", SQL.identifier(function))
        )
    remembered = [("key", "=like", "case_timeline.%")]
    env["ir.config_parameter"].sudo().search(remembered).unlink()
