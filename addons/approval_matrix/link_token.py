"""Tokens of links that decide: what the database keeps of them, and where they must not
stay. ``mail_link`` makes the links."""

import logging
import re

from odoo.tools import hmac

from .fingerprint import fingerprint

SCOPE = "approval_matrix.mail_link"

#: An address with a token, also as other programs spell it inside their own.
ADDRESS = re.compile(r"(approval(?:/|%2F)\d+(?:/|%2F))([0-9a-f]{64})(?![0-9a-f])", re.I)


def hash_token(env, token):
    """Return what the database keeps of a token.

    Its secret goes into the hash, so that links do not work in a copy of the database.
    """
    return hmac(env(su=True), SCOPE, token)


def seal(mail):
    """Return a hash of everything that says who gets an e-mail, and with what in it."""
    mail = mail.sudo()
    return fingerprint(
        {
            "recipients": sorted(mail.recipient_ids.ids),
            "attachments": sorted(mail.attachment_ids.ids),
            **{
                name: str(mail[name] or "")
                for name in (
                    "body_html",
                    "email_cc",
                    "email_from",
                    "email_to",
                    "headers",
                    "reply_to",
                )
            },
        }
    )


def find_tokens(message):
    """Return the tokens in an incoming e-mail, in whatever part of it.

    Bounces and answers quote what was sent; Odoo stores them for others to read.

    :param message: ``email.message.EmailMessage``
    """
    found = set()
    for part in message.walk():
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True) or b""
        text = content.decode("ascii", errors="replace")
        # an e-mail inside a file keeps the line breaks of its own encoding
        for each in (text, re.sub(r"=\r?\n", "", text)):
            found.update(token.lower() for _path, token in ADDRESS.findall(each))
    return found


class _HideTokens(logging.Filter):
    """Keep tokens out of the log of requests, which Odoo can store in a table."""

    def filter(self, record):
        if isinstance(record.args, tuple):
            record.args = tuple(
                hide_tokens(each) if isinstance(each, str) else each
                for each in record.args
            )
        return True


logging.getLogger("werkzeug").addFilter(_HideTokens())


def hide_tokens(text):
    """Return a text without the tokens of the addresses in it."""
    return ADDRESS.sub(r"\1…", text)
