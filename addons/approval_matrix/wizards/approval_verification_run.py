from collections import Counter

from odoo import fields, models


class ApprovalVerificationRun(models.TransientModel):
    """Where administrators verify that states follow from what happened."""

    _name = "approval.verification.run"
    _description = "Verify Approvals"

    verified_at = fields.Datetime(string="Verified On", readonly=True)
    summary = fields.Char(readonly=True)
    finding_ids = fields.One2many(
        "approval.verification.finding", "run_id", string="Findings", readonly=True
    )

    def _compute_display_name(self):
        self.display_name = self.env._("Verification")

    def action_verify(self):
        """Verify what belongs to the companies the user works in, and list what is
        not as it should be."""
        self.check_access("write")
        self.ensure_one()
        counts, findings = Counter(), []
        verification = self.env["approval.verification"]
        for what, count, found in verification._verify(self.env.companies):
            counts[what] += count
            findings += found
        verified = ", ".join(f"{count} {what}" for what, count in counts.items())
        self.sudo().finding_ids.unlink()
        self.sudo().write(
            {
                "verified_at": fields.Datetime.now(),
                "summary": verified,
                "finding_ids": [
                    fields.Command.create(
                        {"res_model": each.model, "res_id": each.id, "text": each.text}
                    )
                    for each in findings
                ],
            }
        )
        return True


class ApprovalVerificationFinding(models.TransientModel):
    """One thing that is not as it should be."""

    _name = "approval.verification.finding"
    _description = "Finding of a Verification"
    _rec_name = "text"

    run_id = fields.Many2one(
        "approval.verification.run", required=True, index=True, ondelete="cascade"
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    text = fields.Char(string="Finding", readonly=True)

    def action_open(self):
        """Open what it is about, as far as the user may read it."""
        self.check_access("read")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
