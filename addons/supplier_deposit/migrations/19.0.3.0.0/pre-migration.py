"""The cash guard has got an addon of its own.

Databases from before had it, so they get that addon now. What this one had of the guard
keeps its records: external ids move before the new addon is installed. Else Odoo would
delete the old fields at the end of the update, with all floors and what was found out
about deposits.
"""

import logging

_logger = logging.getLogger(__name__)

OLD, NEW = "supplier_deposit", "supplier_deposit_cash"

#: The names stay as they are.
MOVED = (
    "account_journal_view_form",
    "field_account_journal__cash_floor",
    "field_account_journal__floor_currency_id",
    "field_supplier_deposit__cash_lowest",
    "field_supplier_deposit__cash_projection",
    "field_supplier_deposit__under_floor",
)


def migrate(cr, version):
    _install(cr)
    cr.execute(
        """
        UPDATE ir_model_data AS moved
           SET module = %(new)s
         WHERE module = %(old)s
           AND name IN %(names)s
           AND NOT EXISTS (SELECT FROM ir_model_data AS other
                            WHERE other.module = %(new)s
                              AND other.name = moved.name)
        """,
        {"old": OLD, "new": NEW, "names": MOVED},
    )


def _install(cr):
    """Have the new addon installed in the same update; Odoo looks for such addons again
    when it has loaded what it knew of."""
    cr.execute(
        """
        UPDATE ir_module_module
           SET state = 'to install'
         WHERE name = %s AND state = 'uninstalled'
        """,
        [NEW],
    )
    cr.execute(
        "SELECT state FROM ir_module_module WHERE name = %s",
        [NEW],
    )
    found = cr.fetchone()
    if not found or found[0] == "uninstallable":
        _logger.warning(
            "Addon %s is not there: nothing guards the cash until it is installed.", NEW
        )
