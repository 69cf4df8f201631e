from .models.customer_access import ACCESS_FILLED_TO
from .models.customer_field_rule import SCORED_TO
from .models.customer_key import FILLED_TO
from .models.own_customers import SEE_UNOWNED, STATE


def post_init_hook(env):
    """Have the customers that were there before looked at, newest first: a job does,
    so that installing takes no longer with many of them."""
    env["customer.key"]._begin_filling()


def uninstall_hook(env):
    """Take along what jobs remember and a function of the database, which no model of
    ours owns, and give Odoo its own merge back."""
    remembered = (
        FILLED_TO,
        SCORED_TO,
        ACCESS_FILLED_TO,
        SEE_UNOWNED,
        STATE,
    )
    parameters = env["ir.config_parameter"].sudo()
    parameters.search([("key", "in", remembered)]).unlink()
    env.cr.execute("DROP FUNCTION IF EXISTS customer_refuse_change() CASCADE")
    merge = env.ref("base.action_partner_merge", raise_if_not_found=False)
    if merge:
        merge.binding_model_id = env.ref("base.model_res_partner")
