"""The function behind the triggers of the ledger: there is one for all such tables."""


def migrate(cr, version):
    cr.execute("DROP FUNCTION IF EXISTS spend_entry_refuse()")
