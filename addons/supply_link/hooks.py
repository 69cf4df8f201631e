from .triggers import drop_triggers

#: On a table of Odoo's own.
INDEX = "stock_move_supply_pool_index"


def uninstall_hook(env):
    """Take along the triggers, their functions, the index and what the job remembers,
    which no model of ours owns."""
    drop_triggers(env.cr)
    remembered = [("key", "=like", "supply_link.%")]
    env["ir.config_parameter"].sudo().search(remembered).unlink()
    env.cr.execute(f"DROP INDEX IF EXISTS {INDEX}")
