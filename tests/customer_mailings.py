"""What of mailings is there while customers are merged and made several again, as JSON.

``python customer_mailings.py <conf> <database>``, from the folder of the project.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.inside.session import environment  # noqa: E402

OUT, IN = "out@example.com", "in@example.com"


def main():
    with environment() as env:
        survivor, source = env["res.partner"].create(
            [{"name": "An"}, {"name": "Ann", "email": OUT}]
        )
        news = env["mailing.list"].create({"name": "News"})
        contacts = env["mailing.contact"].create(
            [{"name": "Ann", "email": OUT}, {"name": "Bo", "email": IN}]
        )
        env["mailing.subscription"].create(
            [
                {"contact_id": contact.id, "list_id": news.id, "opt_out": is_out}
                for contact, is_out in zip(contacts, (True, False), strict=True)
            ]
        )
        env["mail.blacklist"].create({"email": OUT})
        mailing = env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": env["ir.model"]._get_id("res.partner"),
                "mailing_domain": str([("id", "in", (survivor + source).ids)]),
            }
        )
        trace = env["mailing.trace"].create(
            {
                "mass_mailing_id": mailing.id,
                "model": "res.partner",
                "res_id": source.id,
                "email": OUT,
            }
        )
        things = survivor, source, contacts, trace, mailing
        told = {"before": look(env, *things)}
        merge = env["customer.merge"]._merge(source, survivor)
        told["merged"] = look(env, *things)
        merge._undo()
        told["undone"] = look(env, *things)
        print(json.dumps(told))
        env.cr.rollback()


def look(env, survivor, source, contacts, trace, mailing):
    """Return who is out, of whom the trace is, and who got the mailing already."""
    env.flush_all()
    env.invalidate_all()
    return {
        "customers": [
            [partner.email, partner.is_blacklisted] for partner in (survivor, source)
        ],
        "contacts": [
            [contact.email, contact.subscription_ids.opt_out, contact.is_blacklisted]
            for contact in contacts
        ],
        "trace of": (survivor + source).ids.index(trace.res_id),
        "written to": trace.email,
        "recipients": len(mailing._get_recipients()),
    }


if __name__ == "__main__":
    main()
