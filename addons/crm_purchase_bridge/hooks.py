from odoo.tools import SQL

from odoo.addons.supply_link.triggers import drop_triggers, make_triggers

from .models import (
    purchase_order_line,
    sale_order_line,
    supply_promise_gone,
    supply_quote,
)
from .sources import SOURCES


def post_init_hook(env):
    """Watch our tables and columns, which are all there now; goods of orders that were
    there before are needed when the customer wanted them."""
    make_triggers(env.cr, SOURCES)
    env["supply.change"]._note_links()


def uninstall_hook(env):
    """Take along the triggers and indexes on tables that are not ours, and watch those
    of ``supply_link`` as without us."""
    drop_triggers(env.cr, SOURCES)
    make_triggers(env.cr)
    env["supply.change"]._note_links()
    # what the jobs remember, so that they begin anew after another installation
    remembered = [("key", "=like", "crm_purchase_bridge.%")]
    env["ir.config_parameter"].sudo().search(remembered).unlink()
    functions = (
        *purchase_order_line.FUNCTIONS,
        sale_order_line.FUNCTION,
        supply_promise_gone.FUNCTION,
        supply_quote.REFUSES,
    )
    for function in functions:
        env.cr.execute(
            SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(function))
        )
    for column in ("phone", "complete_name"):
        env.cr.execute(
            SQL(
                "DROP INDEX IF EXISTS %s",
                SQL.identifier(f"res_partner_{column}_caller_index"),
            )
        )
