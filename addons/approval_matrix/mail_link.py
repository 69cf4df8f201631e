"""Signed links that let approvers decide from an e-mail, without logging in.

These are functions and not methods on purpose: whoever may write templates of e-mails
can call any method of a record there, but reaches no module. So nobody gets a link
made but our code, which sends it to the one who may use it.
"""

from datetime import timedelta
from typing import NamedTuple

from odoo import fields
from odoo.tools import consteq, hash_sign, verify_hash_signed

PATH = "/approval/<int:task_id>/<token>"
SCOPE = "approval_matrix.mail_link"
DAYS_PARAMETER = "approval_matrix.mail_link_days"
DAYS = 14


class Claim(NamedTuple):
    """What a link says, and its signature proves."""

    task_id: int
    user_id: int
    fingerprint: str
    expires: str

    def is_expired(self):
        return fields.Datetime.to_datetime(self.expires) <= fields.Datetime.now()


class LinkRefused(Exception):
    """A link that does not lead to a decision, with the page that says why."""

    def __init__(self, status, title, text, env):
        super().__init__(title)
        self.status = status
        self.title = title
        self.text = text
        self.env = env


def make_link(task, user):
    """Return the address where the user may decide the task.

    The time of expiry is part of what is signed, and not left to ``hash_sign``, which
    would not tell an expired link from a forged one.
    """
    env = task.env(su=True)
    expires = fields.Datetime.now() + timedelta(days=_get_days(env))
    claim = Claim(
        task.id,
        user.id,
        task.process_id.fingerprint,
        fields.Datetime.to_string(expires),
    )
    return f"{task.get_base_url()}/approval/{task.id}/{hash_sign(env, SCOPE, claim)}"


def read_token(env, task_id, token):
    """Return what a token claims, or ``None`` unless it was signed here for that task.

    The database is asked for its secret only: a forged link learns nothing, not even
    from the time it takes.
    """
    env = env(su=True)
    try:
        values = verify_hash_signed(env, SCOPE, token)
    except ValueError:  # not base64, another version, no text
        return None
    # base64 can be spelt in several ways: there is one link, and it is used once
    if not values or not token.isascii():
        return None
    if not consteq(token, hash_sign(env, SCOPE, values)):
        return None
    claim = Claim(*values)
    return claim if claim.task_id == task_id else None


def _get_days(env):
    """Return for how many days links are good; what makes no sense is ignored."""
    value = env["ir.config_parameter"].get_param(DAYS_PARAMETER) or ""
    return (int(value) if value.isdecimal() and len(value) < 5 else 0) or DAYS
