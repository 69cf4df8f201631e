"""Lines that are deleted after the customer was told are marked. Those that were
deleted before nobody marked."""

from odoo.api import SUPERUSER_ID, Environment


def migrate(cr, version):
    if not version:
        return
    Environment(cr, SUPERUSER_ID, {})["supply.promise.gone"]._fill()
