from odoo.addons.supply_link.triggers import drop_triggers, make_triggers

from .sources import SOURCES


def post_init_hook(env):
    """Watch our tables and columns, which are all there now."""
    make_triggers(env.cr, SOURCES)


def uninstall_hook(env):
    """Take along the triggers on tables that are not ours, and watch as without us."""
    drop_triggers(env.cr, SOURCES)
    make_triggers(env.cr)
