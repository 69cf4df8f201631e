"""What a request is about is told in the reader's language; what was kept stays."""

from odoo.tools.sql import column_exists, rename_column


def migrate(cr, version):
    """Keep the one line that each request has under its new name."""
    if column_exists(cr, "approval_process", "about_kept"):
        return
    if column_exists(cr, "approval_process", "about"):
        rename_column(cr, "approval_process", "about", "about_kept")
