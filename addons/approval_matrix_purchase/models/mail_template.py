from odoo import models

#: Templates that tell vendors of an order.
ORDER_TEMPLATES = (
    "purchase.email_template_edi_purchase_done",
    "purchase.email_template_edi_purchase_reminder",
)
ORDER_REPORT = "purchase.report_purchaseorder"


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _generate_template(
        self,
        res_ids,
        render_fields,
        recipients_allow_suggested=False,
        find_or_create_partners=False,
    ):
        """Tell vendors of an order when it is one: whoever composes, previews or sends
        an e-mail comes here."""
        if self.model == "purchase.order":
            if self in {self.env.ref(xmlid, False) for xmlid in ORDER_TEMPLATES}:
                self.env["purchase.order"].browse(res_ids)._approval_check_ordered()
        return super()._generate_template(
            res_ids,
            render_fields,
            recipients_allow_suggested=recipients_allow_suggested,
            find_or_create_partners=find_or_create_partners,
        )

    def _generate_template_attachments(
        self, res_ids, render_fields, render_results=None
    ):
        """Name the attached order for what it is."""
        results = super()._generate_template_attachments(
            res_ids, render_fields, render_results=render_results
        )
        if self.model == "purchase.order" and "report_template_ids" in render_fields:
            for order in self.env["purchase.order"].browse(res_ids):
                attached = results.get(order.id, {}).get("attachments", [])
                pairs = zip(self.report_template_ids, attached, strict=False)
                for index, (report, (_name, content)) in enumerate(pairs):
                    if (
                        report.report_name == ORDER_REPORT
                        and order._approval_is_request()
                    ):
                        name = f"{order._get_report_base_filename()}.pdf"
                        attached[index] = (name, content)
        return results
