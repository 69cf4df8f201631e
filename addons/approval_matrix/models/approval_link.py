import logging
from datetime import timedelta

from odoo import api, fields, models

from ..link_token import find_tokens, hash_token, seal

_logger = logging.getLogger(__name__)

#: For how long the page still says why an expired link is not good.
DAYS_KEPT = 90


class ApprovalLink(models.Model):
    """What a link of an e-mail is good for: one user, one task, the terms of then.

    Nobody may read it over the ORM, and it would not help: the token itself is in no
    table, see ``mail_link``.
    """

    _name = "approval.link"
    _description = "Link of an Approval E-mail"
    _inherit = ["approval.protected"]
    _rec_name = "fingerprint"
    _log_access = False

    task_id = fields.Many2one(
        "approval.task", required=True, index=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    fingerprint = fields.Char(readonly=True, help="Of the terms it was made for.")
    mail_id = fields.Many2one(
        "mail.mail", index="btree_not_null", readonly=True, ondelete="set null"
    )
    seal = fields.Char(readonly=True, help="Hash of the e-mail as it was made.")
    token_hash = fields.Char(readonly=True, help="Empty until the e-mail leaves.")
    expires_at = fields.Datetime(required=True, readonly=True)
    used_at = fields.Datetime(readonly=True)
    revoked_at = fields.Datetime(readonly=True, help="When it came back by e-mail.")

    _token = models.UniqueIndex("(token_hash) WHERE token_hash IS NOT NULL")

    # ------------------------------------------------------------
    # MAKING
    # ------------------------------------------------------------

    @api.model
    def _prepare_values(self, task, user, mail=None):
        """Return the values of a link that is not drawn yet.

        :param user: who may decide with it
        :param mail: the queued e-mail that it will leave with
        """
        return {
            "task_id": task.id,
            "user_id": user.id,
            "fingerprint": task.process_id.fingerprint,
            "mail_id": mail and mail.id,
            "seal": mail and seal(mail),
            "expires_at": fields.Datetime.now(),
        }

    def _get_values(self):
        """Return what another link for the same e-mail has of this one."""
        self.ensure_one()
        return {
            "task_id": self.task_id.id,
            "user_id": self.user_id.id,
            "fingerprint": self.fingerprint,
            "mail_id": self.mail_id.id,
            "seal": self.seal,
        }

    @api.model
    def _find_for_mail(self, mail, partner):
        """Return the link that leaves with an e-mail to a recipient, if it may."""
        links = self.search([("mail_id", "=", mail.id)], order="id")
        link = links.filtered(lambda each: each.user_id.partner_id == partner)[:1]
        if not link or link.seal != seal(mail):
            return self.browse()
        task = link.task_id
        good = (
            task._may_be_decided_by(link.user_id)
            and task.process_id.state == "open"
            and task.process_id.fingerprint == link.fingerprint
            and not task.company_id._approval_link_needs_login(task.process_id)
        )
        return link if good else self.browse()

    # ------------------------------------------------------------
    # OPENING
    # ------------------------------------------------------------

    @api.model
    def _find(self, task_id, token):
        """Return the link with a token, if it belongs to that task."""
        hashed = hash_token(self.env, token)
        link = self.search([("token_hash", "=", hashed)], limit=1)
        return link if link.task_id.id == task_id else self.browse()

    def _is_expired(self):
        return self.expires_at <= fields.Datetime.now()

    @api.model
    def _use(self, task, user):
        """After a decision: no link that the user has for the task is good again,
        whatever becomes of the task."""
        links = self.search([("task_id", "=", task.id), ("user_id", "=", user.id)])
        links._system_write({"used_at": fields.Datetime.now()})

    @api.model
    def _revoke_quoted(self, message):
        """Spoil the links that an incoming e-mail quotes: others will read it.

        An e-mail that cannot be read here is not kept from whoever it is for.

        :param message: ``email.message.EmailMessage``
        """
        try:
            tokens = find_tokens(message)
        except Exception:
            _logger.exception("An incoming e-mail was not looked through for links")
            return
        if tokens:
            hashed = [hash_token(self.env, token) for token in tokens]
            links = self.search([("token_hash", "in", hashed)])
            links._system_write({"revoked_at": fields.Datetime.now()})

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.autovacuum
    def _gc_links(self):
        """Forget what no page needs any more."""
        limit = fields.Datetime.now() - timedelta(days=DAYS_KEPT)
        old = self.sudo().search([("expires_at", "<", limit)], limit=10_000)
        models.Model.unlink(old)  # past what keeps everybody else from it
