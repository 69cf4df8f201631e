"""Write down what the e-mail about an approval says, and the address behind its button.

``python -m tools.inside.mail CONF DATABASE LOGIN FILE`` writes JSON: ``html`` and
``path``, of what waits for the user first. For a picture of the demo company.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

from tools.inside.session import environment


def main(login: str, file: Path) -> None:
    with environment() as env:
        # the addons are found once the database is open
        from odoo.addons.approval_matrix.mail_link import make_link

        user = env["res.users"].search([("login", "=", login)])
        env = env(context={"lang": user.lang, "tz": user.tz})
        waiting = [("state", "=", "active"), ("holder_id", "=", user.id)]
        task = env["approval.task"].search(waiting, limit=1)
        letter = env["approval.letter"]._write_to_holders(task)[task.id]
        html = env["ir.qweb"]._render("approval_matrix.letter", {"letter": letter})
        path = urlsplit(make_link(task, user)).path
        file.write_text(json.dumps({"html": str(html), "path": path}))


if __name__ == "__main__":
    main(sys.argv[3], Path(sys.argv[4]))
