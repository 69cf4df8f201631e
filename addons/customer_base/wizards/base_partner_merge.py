from odoo import api, models

from ..models.customer_merge import RUNNING


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo's wizard moves as ours does while ours asks it: what other addons add to it
    takes part in our merges."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys_generic(self, model, src_records, dst_record):
        running = self.env.cr.cache.get(RUNNING)
        if running is None or model != "res.partner":
            return super()._update_foreign_keys_generic(model, src_records, dst_record)
        return self.env["customer.merge"]._move_keys(running, src_records, dst_record)

    @api.model
    def _update_reference_fields_generic(
        self, referenced_model, src_records, dst_record, additional_update_records=None
    ):
        running = self.env.cr.cache.get(RUNNING)
        if running is None or referenced_model != "res.partner":
            return super()._update_reference_fields_generic(
                referenced_model, src_records, dst_record, additional_update_records
            )
        return self.env["customer.merge"]._move_references(
            running, src_records, dst_record
        )

    # ------------------------------------------------------------
    # BUTTONS: people merge side by side, programs as ever
    # ------------------------------------------------------------

    def action_merge(self):
        if self.env.su:
            return super().action_merge()
        return self.env["customer.merge.wizard"]._open(
            self.partner_ids, self.dst_partner_id
        )

    def action_skip(self):
        if self.env.su:
            return super().action_skip()
        return self._open_duplicates()

    def action_start_manual_process(self):
        if self.env.su:
            return super().action_start_manual_process()
        return self._open_duplicates()

    def action_start_automatic_process(self):
        if self.env.su:
            return super().action_start_automatic_process()
        return self._open_duplicates()

    def action_update_all_process(self):
        if self.env.su:
            return super().action_update_all_process()
        return self._open_duplicates()

    def parent_migration_process_cb(self):
        if self.env.su:
            return super().parent_migration_process_cb()
        return self._open_duplicates()

    @api.model
    def _open_duplicates(self):
        self.env["customer.merge"]._check_may_merge(self.env["res.partner"])
        return self.env["ir.actions.actions"]._for_xml_id(
            "customer_base.action_customer_duplicate"
        )
