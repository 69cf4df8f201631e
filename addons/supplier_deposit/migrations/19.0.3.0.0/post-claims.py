"""What was claimed back becomes a claim, see ``pre-books``."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    cr.execute("SELECT deposit_id, amount FROM deposit_claim_before WHERE amount > 0")
    claims = [
        {"deposit_id": deposit, "amount": amount, "reason": "–"}
        for deposit, amount in cr.fetchall()
    ]
    env["deposit.claim"].create(claims)
    # those by bill are read when their addon is there
    deposits = env["supplier.deposit"].search([("method", "!=", "bill")])
    deposits.modified(["line_ids"])
    env.flush_all()
    cr.execute("DROP TABLE deposit_claim_before")
