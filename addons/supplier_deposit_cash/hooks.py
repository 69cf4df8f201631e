#: Fields of this addon that conditions may name, on deposits and on their journals.
FIELDS = {
    "under_floor",
    "cash_lowest",
    "cash_projection",
    "cash_floor",
    "floor_currency_id",
}


def uninstall_hook(env):
    """Archive approval rules whose conditions nobody could read any more: with them no
    deposit could become due."""
    for rule in env["approval.rule"].search([("domain", "!=", False)]):
        if not FIELDS.isdisjoint(name for _model, name in rule._get_asked()):
            rule.active = False
            rule.message_post(
                body=env._(
                    "Archived: its condition names a field of the cash guard, which "
                    "has been uninstalled."
                )
            )
