from .triggers import drop_triggers

#: On a table of Odoo's own.
INDEX = "stock_move_supply_pool_index"


def uninstall_hook(env):
    """Take along the triggers, their functions and the index, which no model of ours
    owns."""
    drop_triggers(env.cr)
    env.cr.execute(f"DROP INDEX IF EXISTS {INDEX}")
