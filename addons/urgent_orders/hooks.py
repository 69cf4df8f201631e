from .triggers import drop_triggers


def uninstall_hook(env):
    """Take along the triggers and their functions, which no model of ours owns."""
    drop_triggers(env.cr)
