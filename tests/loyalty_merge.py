"""Cards of customers who are merged and made several again, as JSON.

``python loyalty_merge.py <conf> <database>``, from the folder of the project.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from odoo.exceptions import UserError  # noqa: E402

from tools.inside.session import environment  # noqa: E402


def main():
    with environment() as env:
        program = env["loyalty.program"].create(
            {"name": "Points", "program_type": "loyalty", "applies_on": "both"}
        )
        partners = env["res.partner"].create([{"name": "An"}, {"name": "Ann"}])
        cards = env["loyalty.card"].create(
            [
                {"program_id": program.id, "partner_id": partner.id, "points": points}
                for partner, points in zip(partners, (100, 200), strict=True)
            ]
        )
        told = {"before": points_of(partners)}
        merge = env["customer.merge"]._merge(partners[1], partners[0])
        told["merged"] = points_of(partners)
        merge._undo()
        env.invalidate_all()
        told["undone"] = points_of(partners)
        told["active"] = cards.mapped("active")
        told["spent"] = undo_after_spending(env, partners, cards)
        print(json.dumps(told))


def undo_after_spending(env, partners, cards):
    """Merge, spend points, and undo; return what is said, and the points then."""
    merge = env["customer.merge"]._merge(partners[1], partners[0])
    cards[0].points -= 250
    try:
        merge._undo()
    except UserError as error:
        said = str(error)
    else:
        said = ""
    env.invalidate_all()
    return [said, points_of(partners)]


def points_of(partners):
    """Return the points of the cards in use, by customer."""
    cards = partners.env["loyalty.card"]
    return [
        cards.search([("partner_id", "=", partner.id)]).mapped("points")
        for partner in partners
    ]


if __name__ == "__main__":
    main()
