"""That salespeople see their own customers only: settings, and who reads."""

#: Readers who are no users: everybody; whoever may see customers that nobody owns.
EVERYBODY, UNOWNED = 0, -1
#: Whether salespeople see their own customers only: nothing, FILLING or ON.
STATE, FILLING, ON = "customer_base.own_customers", "filling", "on"
#: Whether they also see customers that nobody owns.
SEE_UNOWNED = "customer_base.see_unowned"


def is_on(env):
    """Tell whether salespeople see their own customers only."""
    return env["ir.config_parameter"].sudo().get_param(STATE) == ON
