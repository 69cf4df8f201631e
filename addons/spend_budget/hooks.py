def uninstall_hook(env):
    """Take along the function behind the triggers of the ledger."""
    env.cr.execute("DROP FUNCTION IF EXISTS spend_entry_refuse() CASCADE")
