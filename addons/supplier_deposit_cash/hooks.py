import re

#: Fields of this addon that conditions may name, on deposits and on their journals.
FIELDS = (
    "under_floor",
    "cash_lowest",
    "cash_projection",
    "cash_floor",
    "floor_currency_id",
)


def uninstall_hook(env):
    """Archive approval rules whose conditions nobody could read any more: with them no
    deposit could become due."""
    named = re.compile(rf"\b({'|'.join(FIELDS)})\b")
    rules = env["approval.rule"].search([])
    rules = rules.filtered(lambda rule: named.search(rule.domain or ""))
    rules.active = False
    for rule in rules:
        rule.message_post(
            body=env._(
                "Archived: its condition names a field of the cash guard, which has "
                "been uninstalled."
            )
        )
