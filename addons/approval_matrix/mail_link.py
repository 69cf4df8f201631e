"""Links that let approvers decide from an e-mail, without logging in.

The token of a link is drawn when the e-mail leaves, and put into what is handed to the
mail server only. The database keeps a one-way hash of it, with whom it is for and what
may be decided with it. So whoever reads tables, attachments, logs or a backup finds
nothing that opens the page: not even the database's secret helps.

These are functions and not methods on purpose: whoever may write templates of e-mails
can call any method of a record there, but reaches no module. So nobody gets a link
made but our code, which sends it to the one who may use it.
"""

import secrets
from datetime import timedelta

from lxml import etree, html

from odoo import fields

from .link_token import hash_token

PATH = "/approval/<int:task_id>/<token>"
FILE_PATH = f"{PATH}/file/<int:file_id>"
LOGIN_PATH = "/approval/<int:task_id>"
ANSWER_PATH = "/approval/answer/<int:process_id>"
#: In the address of a form: its widget opens the dialog (static/src/approval_progress).
ANSWERING = "approval_answer"
DAYS_PARAMETER = "approval_matrix.mail_link_days"
DAYS = 14


class LinkRefused(Exception):
    """A link that does not lead to a decision, with the page that says why."""

    def __init__(self, status, title, text, env):
        super().__init__(title)
        self.status = status
        self.title = title
        self.text = text
        self.env = env


class LoginNeeded(Exception):
    """A link that is good, where the company wants a log-in all the same."""


# ------------------------------------------------------------
# MAKING
# ------------------------------------------------------------


def login_link(task):
    """Return the address of a task that asks for a log-in: it is no secret."""
    return f"{task.get_base_url()}/approval/{task.id}"


def answer_link(process):
    """Return the address where the requester answers a question, after a log-in."""
    return f"{process.get_base_url()}/approval/answer/{process.id}"


def make_link(task, user):
    """Return a new address where the user may decide the task as it is now."""
    links = task.env["approval.link"].sudo()
    return _issue(links._system_create([links._prepare_values(task, user)]))


def _issue(link):
    """Draw the token of a link and return its address.

    An e-mail that is sent again gets another one: the first may have arrived.
    """
    token = secrets.token_hex(32)
    values = {
        "token_hash": hash_token(link.env, token),
        "expires_at": fields.Datetime.now() + timedelta(days=_get_days(link.env)),
    }
    if link.token_hash:
        link._system_create([{**link._get_values(), **values}])
    else:
        link._system_write(values)
    return f"{login_link(link.task_id)}/{token}"


def _get_days(env):
    """Return for how many days links are good; what makes no sense is ignored."""
    value = env["ir.config_parameter"].sudo().get_param(DAYS_PARAMETER) or ""
    return (int(value) if value.isdecimal() and len(value) < 5 else 0) or DAYS


# ------------------------------------------------------------
# SENDING
# ------------------------------------------------------------


def put_token_in(mail, partner, body):
    """Return the body of an outgoing e-mail as one recipient gets it.

    The link that needs a log-in becomes the recipient's own, if the task still waits
    for them. Only whole links are replaced, and only in an e-mail that is as we made
    it: an address of somebody else's that takes ours along, or a hidden copy, would
    carry the token away.
    """
    links = mail.env["approval.link"].sudo()._find_for_mail(mail, partner)
    if not links:
        return body
    plain = login_link(links.task_id)
    try:
        root = html.fromstring(body)
    except (etree.ParserError, ValueError):
        return body
    anchors = [each for each in root.iter("a") if each.get("href") == plain]
    if not anchors:
        return body
    address = _issue(links)
    for anchor in anchors:
        anchor.set("href", address)
    return type(body)(html.tostring(root, encoding="unicode"))
