"""Users, for the tests of any addon."""

from odoo.tests import new_test_user


def new_user(env, login, **values):
    """Return a new user, as Odoo's own helper makes it, but without an invitation: to
    render and to queue that e-mail takes longer than all the rest."""
    context = {"no_reset_password": True}
    return new_test_user(env, login, context=context, **values).with_env(env)
