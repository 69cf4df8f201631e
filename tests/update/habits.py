"""What administrators and users changed or added on their screens."""

from odoo import Command


class Habits:
    """:param office: whose screens they are"""

    def __init__(self, office):
        self.office = office

    def settle(self):
        self._change_ours()
        self._add_views()
        self._save_searches()

    def _change_ours(self):
        """Records of our addons that are theirs to change."""
        env = self.office.root
        template = env.ref("approval_matrix.mail_template_approval")
        template.write(
            {
                "subject": "Old Company asks: {{ object.document_name }}",
                "body_html": (
                    "<p>Decide, <t t-out='object.holder_id.name'/>: <a t-att-href=\""
                    "ctx['approval_links'][object.id]\">here</a></p>"
                ),
            }
        )
        env.ref("approval_matrix.ir_cron_limits").interval_number = 7
        env.ref("approval_matrix.ir_cron_absences").active = False
        env.ref("supplier_deposit.ir_cron_due").write(
            {"interval_number": 3, "interval_type": "days"}
        )
        env.ref("urgent_orders.urgency_level_urgent").write(
            {
                "name": "Red",
                "color": 4,
                "approval_hours": 8,
                "notify_group_ids": [Command.link(self.office.lawyers.id)],
            }
        )
        env["urgency.level"].create(
            {"name": "Rather soon", "sequence": 15, "active": False}
        )
        env["ir.config_parameter"].set_param("approval_matrix.mail_link_days", "200")
        self.office.commit()

    def _add_views(self):
        """Views of theirs on ours, and a menu that only some see."""
        office = self.office
        for name, target, anchor in (
            (
                "on the approver's form",
                "urgent_orders.purchase_order_view_form_approver",
                "<field name='origin' position='after'>"
                "<field name='partner_ref' string='Theirs'/></field>",
            ),
            (
                "on the buyer's form",
                "urgent_orders.purchase_order_view_form",
                "<xpath expr=\"//div[@name='urgency']\" position='after'>"
                "<field name='approval_holder_ids' widget='many2many_tags'/></xpath>",
            ),
            (
                "on the request",
                "approval_matrix.approval_process_view_form",
                "<field name='requester_id' position='after'>"
                "<field name='res_model'/></field>",
            ),
            (
                "on the journal's form",
                "supplier_deposit.account_journal_view_form",
                "<field name='cash_floor' position='after'>"
                "<field name='sequence' string='Theirs'/></field>",
            ),
            (
                "on the deposit's form",
                "supplier_deposit.supplier_deposit_view_form",
                "<field name='cash_projection' position='after'>"
                "<field name='round' string='Theirs'/></field>",
            ),
        ):
            view = office.root.ref(target)
            own = view.create(
                {
                    "name": f"Old Company, {name}",
                    "model": view.model,
                    "inherit_id": view.id,
                    "arch": f"<data>{anchor}</data>",
                }
            )
            office.keep(name, own)
        menu = office.root.ref("urgent_orders.purchase_approval_task_menu")
        menu.group_ids = [Command.link(office.lawyers.id)]
        office.keep("approvals in purchase", menu)

    def _save_searches(self):
        """Favourites and exports name our fields; so do actions of theirs."""
        office = self.office
        deposits = office.root["ir.filters"].create(
            {
                "name": "What the bank cannot bear",
                "model_id": "supplier.deposit",
                "domain": "[('under_floor', '=', True), ('cash_lowest', '<', 0)]",
                "user_ids": [],
            }
        )
        office.keep("favourite of deposits", deposits)
        filters = office.root["ir.filters"].create(
            {
                "name": "Waits for somebody",
                "model_id": "purchase.order",
                "domain": "[('approval_state', '=', 'open'), ('is_urgent', '=', True)]",
                "user_ids": [],
            }
        )
        office.keep("favourite", filters)
        export = office.root["ir.exports"].create(
            {
                "name": "Who holds what",
                "resource": "purchase.order",
                "export_fields": [
                    Command.create({"name": name})
                    for name in ("name", "approval_state", "budget_state")
                ],
            }
        )
        office.keep("export", export)
        action = office.root["ir.actions.server"].create(
            {
                "name": "Approve What I Marked",
                "model_id": office.root["ir.model"]._get_id("purchase.order"),
                "state": "code",
                "code": "action = records.action_approve()",
            }
        )
        action.create_action()
        office.keep("server action", action)
