from odoo.addons.supply_link.triggers import drop_triggers

from .sources import SOURCES


def uninstall_hook(env):
    """Take along the triggers on tables that are not ours."""
    drop_triggers(env.cr, SOURCES)
