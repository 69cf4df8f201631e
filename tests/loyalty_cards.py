"""Which cards a salesperson with own customers only reads, as JSON.

``python loyalty_cards.py <conf> <database>``, from the folder of the project.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.inside import records  # noqa: E402
from tools.inside.session import environment  # noqa: E402

SALESMAN = "sales_team.group_sale_salesman"


def main():
    with environment() as env:
        groups = dict.fromkeys(("owner", "other"), [SALESMAN])
        owner, other = records.users(env, groups)
        program = env["loyalty.program"].create(
            {"name": "Points", "program_type": "loyalty", "applies_on": "both"}
        )
        mine, hidden = env["res.partner"].create(
            [
                {"name": "Own", "user_id": owner.id},
                {"name": "Zyxhidden", "user_id": other.id},
            ]
        )
        cards = env["loyalty.card"].create(
            [
                {"program_id": program.id, "partner_id": partner.id, "points": 1}
                for partner in (mine, hidden, mine.browse())
            ]
        )
        env["loyalty.history"].create(
            [
                {"card_id": card.id, "description": "Order", "issued": 1}
                for card in cards
            ]
        )
        told = {"before": look(cards, owner)}
        env["customer.access"]._switch(True)
        while env["customer.access"]._fill():
            pass
        told["own only"] = look(cards, owner)
        told["other"] = look(cards, other)
        told["naming"] = sorted(find_naming(env, owner))
        print(json.dumps(told))
        env.cr.rollback()


def look(cards, user):
    """Return whom the cards name that a user finds, and which of them may be read."""
    cards.env.flush_all()
    cards.env.invalidate_all()
    theirs = cards.with_user(user)
    found = theirs.search([("id", "in", cards.ids)], order="id")
    grouped = theirs.formatted_read_group(
        [("id", "in", cards.ids)], ["partner_id"], ["__count"]
    )
    return {
        "found": [card.sudo().partner_id.name for card in found],
        "readable": [card.has_access("read") for card in theirs],
        "history": [
            line.card_id.sudo().partner_id.name
            for line in theirs.env["loyalty.history"].search([], order="card_id, id")
            if line.card_id in cards
        ],
        "told": str([found.read(["partner_id", "display_name"]), grouped]),
    }


def find_naming(env, user):
    """Return the models that a user reads and that name partners."""
    access = env["ir.model.access"].with_user(user)
    return {
        name
        for name, model in env.items()
        if not (model._abstract or model._transient)
        and access.check(name, "read", raise_exception=False)
        and any(
            field.store
            and (
                field.type in ("reference", "many2one_reference")
                or (field.type == "many2one" and field.comodel_name == "res.partner")
            )
            for field in model._fields.values()
        )
    }


if __name__ == "__main__":
    main()
