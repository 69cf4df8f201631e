"""Fill a database, under the sources it was installed with, and take its picture.

Called as ``python -m update.fill <kind> <conf> <database>``. The picture is left in a
table of the database, so that it goes with its copies.
"""

import json
import sys

from update import picture
from update.budgets import Budgets
from update.deposits import Deposits
from update.habits import Habits
from update.office import Office
from update.requests import Requests
from update.urgency import Urgency


def fill_whole(office):
    """Fill a company that has all our addons."""
    office.furnish()
    requests, budgets = Requests(office), Budgets(office)
    requests.play_before_rules()
    budgets.open()
    requests.make_rules()
    Habits(office).settle()
    requests.play()
    budgets.play()
    Deposits(office).play()
    Urgency(office).play()


def fill_small(office):
    """Fill a company that has ``approval_matrix`` alone, and a document of its own."""
    office.furnish_small()
    requests = Requests(office)
    requests.make_rule_of_documents()
    requests.play_documents()


KINDS = {"whole": fill_whole, "small": fill_small}


def main(kind, conf, database):
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(
        ["-c", conf, "-d", database, "--no-http", "--log-level=warn"],
        setup_logging=True,
    )
    with Registry(database).cursor() as cr:
        office = Office(Environment(cr, SUPERUSER_ID, {}))
        KINDS[kind](office)
        taken = picture.take(office.root, office.users) | {"kept": office.kept}
        cr.execute(
            "CREATE TABLE old_picture AS SELECT %s::jsonb AS content",
            [json.dumps(taken)],
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
