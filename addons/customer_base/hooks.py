from .models.customer_access import ACCESS_FILLED_TO, SEE_UNOWNED, STATE
from .models.customer_key import FILLED_TO


def post_init_hook(env):
    """Have the customers that were there before looked at, newest first: a job does,
    so that installing takes no longer with many of them."""
    env["customer.key"]._begin_filling()


def uninstall_hook(env):
    """Take along what the job remembers, which no model of ours owns."""
    env["ir.config_parameter"].sudo().search(
        [("key", "in", [FILLED_TO, ACCESS_FILLED_TO, SEE_UNOWNED, STATE])]
    ).unlink()
