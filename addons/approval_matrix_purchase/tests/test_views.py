from odoo.tests import TransactionCase, tagged

#: Decides whether columns of Odoo's are shown, which are everybody's. If they had
#: groups, Odoo would add each once more, hidden, and others who look for it found two.
KNOWN = "<tt>approval_state</tt>"


@tagged("post_install", "-at_install")
class TestViews(TransactionCase):
    def test_nobody_is_shown_elements_whose_fields_they_cannot_read(self):
        """Customers in the portal may read their orders, and no fields of ours."""
        data = self.env["ir.model.data"].search(
            [
                ("module", "=", "approval_matrix_purchase"),
                ("model", "=", "ir.ui.view"),
            ]
        )
        views = self.env["ir.ui.view"].browse(data.mapped("res_id"))
        views = views.filtered(lambda view: view.type != "qweb")
        with self.assertLogs("odoo.addons.base.models.ir_ui_view", "WARNING") as logs:
            views._check_xml()
        self.assertEqual([text for text in logs.output if KNOWN not in text], [])
