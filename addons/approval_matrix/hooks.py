def uninstall_hook(env):
    """Take along the functions behind the triggers of the log."""
    env.cr.execute("DROP FUNCTION IF EXISTS approval_log_refuse() CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS approval_log_continue() CASCADE")
