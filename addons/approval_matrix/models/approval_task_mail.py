import logging

from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError

from ..mail_link import make_link

_logger = logging.getLogger(__name__)

TEMPLATE = "approval_matrix.mail_template_approval"
QUEUE = "mail.ir_cron_mail_scheduler_action"


class ApprovalTask(models.Model):
    """E-mails to holders who want e-mails, each with its holder's own link."""

    _inherit = "approval.task"

    def _notify_by_mail(self):
        """Queue e-mails to the holders who handle notifications by e-mail.

        An e-mail that cannot be made, say because an administrator broke the template,
        does not keep the request from its approvers: they still have their to-do.
        """
        wanted = self.filtered(
            lambda task: (
                task.holder_id.notification_type == "email" and task.holder_id.email
            )
        )
        template = wanted and self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not template:
            return
        try:
            with self.env.cr.savepoint():
                wanted._queue_mails(template)
        except UserError:
            _logger.exception("No e-mails about the approvals %s", wanted.ids)

    def _queue_mails(self, template):
        """Make the e-mails in the name of the system, and have them sent at once.

        Links are secrets, also from the user who submits: Odoo shows a message to its
        creator and to the readers of its record, and takes missing values, such as
        further recipients, from the caller's context. So there is no creator but the
        system, no record, no context, and no recipient but the holder.
        """
        env = self.env(user=SUPERUSER_ID, context={})
        tasks = self.with_env(env)
        links = {task.id: make_link(task, task.holder_id) for task in tasks}
        template = template.with_env(env).with_context(approval_links=links)
        rendered = template._generate_template(
            tasks.ids,
            ("subject", "body_html", "email_from", "auto_delete", "mail_server_id"),
        )
        env["mail.mail"].create(
            [task._prepare_mail_values(rendered[task.id]) for task in tasks]
        )
        queue = env.ref(QUEUE, raise_if_not_found=False)
        if queue:
            queue._trigger()

    def _prepare_mail_values(self, rendered):
        """Return the values of the e-mail to the holder of a task.

        :param dict rendered: what the template gave
        """
        self.ensure_one()
        values = {
            name: rendered[name]
            for name in ("subject", "body_html", "auto_delete", "mail_server_id")
        }
        if rendered["email_from"]:
            values["email_from"] = rendered["email_from"]
        return {**values, "recipient_ids": self.holder_id.partner_id.ids}
