from .append_only import drop_function


def uninstall_hook(env):
    """Take along the functions behind the triggers, which no table owns."""
    drop_function(env.cr)
    env.cr.execute("DROP FUNCTION IF EXISTS approval_log_continue() CASCADE")
