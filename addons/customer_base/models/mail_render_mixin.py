from odoo import api, models


class MailRenderMixin(models.AbstractModel):
    """Texts about a document of one's own are made though a colleague has the customer
    now: with the name, as lists show it."""

    _inherit = "mail.render.mixin"

    @api.model
    def _render_template(self, template_src, model, res_ids, *args, **kwargs):
        with self.env["customer.access"]._blanking(self) as templates:
            return super(MailRenderMixin, templates)._render_template(
                template_src, model, res_ids, *args, **kwargs
            )

    def _render_lang(self, res_ids, *args, **kwargs):
        with self.env["customer.access"]._blanking(self) as templates:
            return super(MailRenderMixin, templates)._render_lang(
                res_ids, *args, **kwargs
            )


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _generate_template(self, res_ids, render_fields, **kwargs):
        with self.env["customer.access"]._blanking(self) as templates:
            return super(MailTemplate, templates)._generate_template(
                res_ids, render_fields, **kwargs
            )
