"""Tell the main job as its eight users, against a running server with the demo company.

``python -m tools.story`` prints each step: when, how long it took, who, what. It ends
with code 0 when the goods are with the customer, else with 1. Every run makes orders of
its own, so it can be told again and again. Reads from the environment:

``CDO_URL``
    address of the server, by default ``http://127.0.0.1:8069``
``CDO_DB``
    its database
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack

from tools.demo import LOGINS
from tools.story.checks import WentWrong
from tools.story.client import Refused, signed_in
from tools.story.narrator import Narrator
from tools.story.steps import Story

CONTEXT = {"lang": "en_US", "tz": "Asia/Ho_Chi_Minh"}
"""The story is told in English, whatever language the users read."""


def main() -> int:
    url = os.environ.get("CDO_URL", "http://127.0.0.1:8069").rstrip("/")
    database = os.environ.get("CDO_DB")
    if not database:
        print("Set CDO_DB to the name of the demo's database.", file=sys.stderr)
        return 1
    people = {login: (name, role.split(" (")[0]) for name, login, _, role in LOGINS}
    narrator = Narrator(people)
    try:
        with ExitStack() as stack:
            users = {
                login: stack.enter_context(
                    signed_in(url, database, login, password, **CONTEXT)
                )
                for _, login, password, _ in LOGINS
            }
            story = Story(users, narrator)
            story.play()
    except (Refused, WentWrong) as error:
        print(f"\nThe story broke off: {error}", flush=True)
        return 1
    steps = f"{len(narrator.steps)} steps by {len(people)} users"
    print(
        f"\n{story.sale.name} delivered, {story.purchase.name} approved in two steps: "
        f"{steps} in {narrator.seconds:.1f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
