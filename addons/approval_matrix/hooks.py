def uninstall_hook(env):
    """Take along the functions behind the triggers, which no table owns."""
    env.cr.execute("DROP FUNCTION IF EXISTS approval_refuse_change() CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS approval_log_continue() CASCADE")
