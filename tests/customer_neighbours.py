"""What salespeople with own customers only read of other applications of Odoo, as JSON.

``python customer_neighbours.py <conf> <database>``, from the folder of the project.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import leaks  # noqa: E402
from tools.inside.session import environment  # noqa: E402

#: Documents without which those that name customers are read by nobody.
ABOVE = {
    "event.event": {
        "name": "Fair",
        "date_begin": "2026-11-28 10:00:00",
        "date_end": "2026-11-28 11:00:00",
    },
    "product.template": {"name": "Bed"},
    "project.project": {"name": "Hotel", "privacy_visibility": "employees"},
    "slide.channel": {"name": "Beds"},
    "survey.survey": {"title": "Beds"},
}

#: What somebody may be besides a salesperson with own documents only.
JOBS = (
    "base.group_partner_manager",
    "event.group_event_user",
    "im_livechat.im_livechat_group_user",
    "mass_mailing.group_mass_mailing_user",
    "point_of_sale.group_pos_user",
    "project.group_project_user",
    "stock.group_stock_user",
    "survey.group_survey_user",
    "website.group_website_designer",
    "website_slides.group_website_slides_officer",
)


def main():
    with environment() as env:

        def known(group):
            return env.ref(group, raise_if_not_found=False)

        for name, values in ABOVE.items():
            if name in env:
                env[name].create(values)
        owner = leaks.add_user(env, "owner")
        everything = leaks.add_user(env, "everything", *filter(known, JOBS))
        other = leaks.add_user(env, "other")
        mine, hidden = env["res.partner"].create(
            [
                {"name": "Own", "user_id": everything.id},
                {"name": "Zyxhidden", "user_id": other.id},
            ]
        )
        env["customer.access"]._switch(True)
        while env["customer.access"]._fill():
            pass
        users = owner | everything
        told = {
            "own only": [user._has_own_customers_only() for user in users],
            "naming": {
                user.login: sorted(leaks.find_readable(env, user)) for user in users
            },
            "telling": sorted(
                leaks.find_readable(env, everything, leaks.names_telling_documents)
            ),
            "following": sorted(leaks.find_following(env)),
            "closed": sorted(leaks.find_closed(env)),
            "fields": sorted(leaks.find_fields(env)),
            "unknown": sorted(leaks.find_unknown(env)),
            "tried": sorted(find_tried(env)),
            "seen": {
                partner.name: see(env, everything, partner)
                for partner in (mine, hidden)
            },
            "visitors": look_at_visitors(env, everything, other, mine, hidden),
            "tasks": look_at_tasks(env, everything, mine, hidden),
            "telephones": look_at_telephones(env, everything, other),
        }
        env["customer.access"]._switch(False)
        told["all seen"] = see(env, everything, hidden)
        print(json.dumps(told))
        env.cr.rollback()


def find_tried(env):
    """Return the models whose documents are inserted, to see who sees them, and by
    which fields they name customers."""
    named = {name: leaks.get_direct(env, name) for name in leaks.find_closed(env)}
    return {
        name: fields
        for name, fields in sorted(named.items())
        if fields and not leaks.is_view(env[name])
    }


def see(env, user, partner):
    """Return of which models a user sees a document that names a customer."""
    return [
        name
        for name, fields in find_tried(env).items()
        if leaks.is_seen(env, name, dict.fromkeys(fields, partner), user)
    ]


def look_at_visitors(env, user, other, mine, hidden):
    """Return the addresses of visitors of a website whom a user sees: of some who
    logged in, and of some who left a lead."""
    visitors = env["website.visitor"]
    for number, (partner, owner) in enumerate(((mine, user), (hidden, other))):
        partner.email = f"{partner.name.lower()}@example.com"
        visitors |= visitors.create({"access_token": str(partner.id)})
        lead = env["crm.lead"].create(
            {
                "name": "Beds",
                "partner_id": partner.id,
                "email_from": partner.email,
                "user_id": owner.id,
            }
        )
        visitors |= visitors.create(
            {"access_token": f"{number:032}", "lead_ids": [(4, lead.id)]}
        )
    visitors |= visitors.create({"access_token": f"{2:032}"})
    env.flush_all()
    env.invalidate_all()
    found = visitors.with_user(user).search([("id", "in", visitors.ids)])
    return sorted(found.mapped(lambda visitor: visitor.email or ""))


def look_at_tasks(env, user, *partners):
    """Return the names of those tasks of a project of everybody's that a user sees."""
    project = env["project.project"].create(
        {"name": "Rooms", "privacy_visibility": "employees"}
    )
    tasks = env["project.task"].create(
        [
            {
                "name": partner.name,
                "project_id": project.id,
                "partner_id": partner.id,
                "user_ids": [(6, 0, users.ids)],
            }
            for partner, users in (
                *((partner, user.browse()) for partner in partners),
                (partners[-1], user),
            )
        ]
    )
    env.flush_all()
    env.invalidate_all()
    found = tasks.with_user(user).search([("id", "in", tasks.ids)], order="id")
    return found.mapped("name")


def look_at_telephones(env, user, other):
    """Return the telephones on tasks of a customer who is handed on to somebody else,
    and gets a new number there."""
    own, former = env["res.partner"].create(
        [
            {"name": "Own too", "user_id": user.id, "phone": "+84 911 000 001"},
            {"name": "Former", "user_id": user.id, "phone": "+84 911 000 002"},
        ]
    )
    project = env["project.project"].create(
        {"name": "Floors", "privacy_visibility": "employees"}
    )

    def task(partner, users):
        return env["project.task"].create(
            {
                "name": partner.name,
                "project_id": project.id,
                "partner_id": partner.id,
                "user_ids": [(6, 0, users.ids)],
            }
        )

    def begin():
        env.flush_all()
        env.invalidate_all()

    kept, given = task(former, user), task(own, user)
    theirs = task(former, other)
    begin()
    former.user_id = other
    begin()
    former.phone = "+84 911 000 003"
    made = task(former, user | other)
    given.partner_id = former
    begin()
    mine = (kept | given | made).with_user(user)
    told = {
        "kept": mine[0].partner_phone,
        "given": mine[1].partner_phone,
        "made": mine[2].partner_phone,
        "theirs": theirs.with_user(other).partner_phone,
        "found": len(mine.search([("partner_phone", "like", "000003")]))
        + len(mine.search([("partner_phone", "like", "000 003")])),
    }
    begin()
    return told | {"former": former.phone, "own": own.phone}


if __name__ == "__main__":
    main()
