from odoo.addons.supply_link.triggers import drop_triggers

from .triggers import CASES


def uninstall_hook(env):
    """Take along the triggers and their functions, which no model of ours owns."""
    drop_triggers(env.cr, outbox=CASES)
