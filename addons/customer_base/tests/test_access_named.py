from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .access_common import AccessCommon


@tagged("post_install", "-at_install")
class TestAccessNamed(AccessCommon):
    """Nobody names a customer by its id, to read who that is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.theirs.write({"phone": "0911 222 333", "email": "secret@t.example"})

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.addons.base.models.ir_rule"))
        self.env.flush_all()
        self.env.invalidate_all()
        self.mine_env = self.env(user=self.mai)
        # as in a request of that user
        self.patch(self.env.transaction, "default_env", self.mine_env)

    def _refused(self):
        return self.assertRaises(AccessError)

    def _lead(self, **values):
        return self.mine_env["crm.lead"].create(
            {"name": "Lead", "user_id": self.mai.id, **values}
        )

    def _order(self, **values):
        values = {"partner_id": self.mine.id, "user_id": self.mai.id, **values}
        return self.mine_env["sale.order"].create(values)

    # ------------------------------------------------------------
    # REFUSED
    # ------------------------------------------------------------

    def test_in_a_lead_of_ones_own(self):
        with self._refused():
            self._lead(partner_id=self.theirs.id)
        lead = self._lead(partner_id=self.mine.id)
        with self._refused():
            lead.partner_id = self.theirs
        with self._refused():
            lead.copy({"partner_id": self.theirs.id})
        with self._refused():
            lead.web_save({"partner_id": self.theirs.id}, {"phone": {}})

    def test_in_an_order_of_ones_own(self):
        for name in ("partner_id", "partner_invoice_id", "partner_shipping_id"):
            with self._refused():
                self._order(**{name: self.theirs.id})

    def test_by_defaults(self):
        leads = self.mine_env["crm.lead"]
        with self._refused():
            leads.with_context(default_partner_id=self.theirs.id).create({"name": "x"})
        self.mine_env["ir.default"].create(
            {
                "field_id": self.env["ir.model.fields"]
                ._get("crm.lead", "partner_id")
                .id,
                "user_id": self.mai.id,
                "json_value": str(self.theirs.id),
            }
        )
        with self._refused():
            leads.create({"name": "x"})
        with self._refused():
            leads.onchange({}, [], {"partner_id": {}, "phone": {}})

    def test_in_a_form_that_is_not_saved(self):
        spec = {"partner_id": {}, "phone": {}, "email_from": {}, "partner_name": {}}
        lead = self._lead()
        for leads in (self.mine_env["crm.lead"], lead):
            with self._refused():
                leads.onchange({"partner_id": self.theirs.id}, ["partner_id"], spec)

    def test_in_a_part_of_a_form(self):
        """What a line is shown of the order that it is of."""
        lines = self.mine_env["sale.order.line"]
        fields = {"order_partner_id": {"fields": {"display_name": {}}}, "name": {}}
        for value in (self.theirs.id, {"id": self.theirs.id}):
            with self._refused():
                lines.onchange(
                    {"order_id": {"partner_id": value}}, ["order_id"], fields
                )
        orders = self.mine_env["sale.order"]
        with self._refused():
            orders.onchange(
                {
                    "order_line": [
                        [0, "virtual_1", {"order_partner_id": self.theirs.id}]
                    ]
                },
                ["order_line"],
                {"order_line": {"fields": fields}},
            )

    def test_in_a_window(self):
        lead = self._lead(contact_name="Somebody")
        windows = self.mine_env["crm.lead2opportunity.partner"]
        with self._refused():
            windows.with_context(active_id=lead.id, active_ids=lead.ids).create(
                {"lead_id": lead.id, "name": "convert", "partner_id": self.theirs.id}
            )

    def test_in_a_meeting(self):
        meeting = {"name": "x", "start": "2026-11-28 10:00", "stop": "2026-11-28 11:00"}
        with self._refused():
            self.mine_env["calendar.event"].create(
                {**meeting, "partner_ids": [(6, 0, self.theirs.ids)]}
            )
        with self._refused():
            self.mine_env["calendar.filters"].create(
                {"partner_id": self.theirs.id, "user_id": self.mai.id}
            )

    def test_in_a_message(self):
        """Whom it was sent to stands beside it."""
        lead = self._lead(partner_id=self.mine.id)
        with self._refused():
            lead.message_post(body="x", partner_ids=self.theirs.ids)
        with self._refused():
            lead.message_notify(body="x", partner_ids=self.theirs.ids)
        with self._refused():
            lead.message_subscribe(self.theirs.ids)
        for command in ((4, self.theirs.id), (6, 0, self.theirs.ids)):
            with self._refused():
                self.mine_env["mail.message"].create(
                    {"model": lead._name, "res_id": lead.id, "partner_ids": [command]}
                )
        self.assertTrue(lead.message_post(body="x", partner_ids=self.mine.ids))

    def test_in_a_channel(self):
        channels = self.mine_env["discuss.channel"]
        with self._refused():
            channels._create_group(partners_to=self.theirs.ids)
        channel = channels._create_group(partners_to=self.nam.partner_id.ids)
        with self._refused():
            channel.add_members(partner_ids=self.theirs.ids)
        self.assertNotIn(self.theirs, channel.sudo().channel_member_ids.partner_id)

    def test_in_a_tag(self):
        tag = self.env["res.partner.category"].create({"name": "Tag"})
        self.mai.group_ids += self.env.ref("sales_team.group_sale_salesman")
        with self._refused():
            tag.with_user(self.mai).write({"partner_ids": [(4, self.theirs.id)]})

    def test_as_a_model_and_an_id(self):
        """A rating, say, copies the name of what it is of."""
        of = self.env["ir.model"]._get_id
        theirs = self.env["crm.lead"].create(
            {"name": "Theirs", "partner_id": self.theirs.id, "user_id": self.nam.id}
        )
        meetings = self.mine_env["calendar.event"]
        meeting = {"name": "x", "start": "2026-11-28 10:00", "stop": "2026-11-28 11:00"}
        for document in (self.theirs, theirs):
            named = {"res_model_id": of(document._name), "res_id": document.id}
            with self._refused():
                meetings.create(meeting | named)
            with self._refused():
                meetings.create(meeting).write(named)
        for document in (self.mine, self._lead(partner_id=self.mine.id)):
            named = {"res_model_id": of(document._name), "res_id": document.id}
            self.assertTrue(meetings.create(meeting | named))

    def _theirs(self):
        """Return a lead and a line of an order of the colleague's customer."""
        values = {"partner_id": self.theirs.id, "user_id": self.nam.id}
        lead = self.env["crm.lead"].create({"name": "Zyxlead", **values})
        product = self.env["product.product"].create({"name": "Bed"})
        line = {"product_id": product.id}
        order = self.env["sale.order"].create(
            {**values, "name": "Zyxorder", "order_line": [(0, 0, line)]}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return lead, order.order_line

    def test_as_a_document_of_theirs(self):
        """A lead is called as the customer, and a line of an order after them."""
        lead, line = self._theirs()
        self.assertIn("Theirs", line.display_name)
        self.env.invalidate_all()
        shown = {"fields": {"display_name": {}}}
        meeting = {"name": "x", "start": "2026-11-28 10:00", "stop": "2026-11-28 11:00"}
        for model, name, document, values in (
            ("calendar.event", "opportunity_id", lead, meeting),
            ("sale.order", "opportunity_id", lead, {"partner_id": self.mine.id}),
            ("product.attribute.custom.value", "sale_order_line_id", line, {}),
        ):
            records = self.mine_env[model]
            with self._refused():
                records.onchange({name: document.id}, [name], {name: shown})
            by_default = records.with_context(**{f"default_{name}": document.id})
            with self._refused():
                by_default.onchange({}, [], {name: shown})
            with self._refused():
                records.create({**values, name: document.id})
        order = self._order()
        with self._refused():
            order.opportunity_id = lead
        own = self._lead(partner_id=self.mine.id)
        order.opportunity_id = own
        self.assertTrue(
            self.mine_env["calendar.event"].create(
                {**meeting, "opportunity_id": own.id}
            )
        )

    def test_as_a_model_and_an_id_of_a_form(self):
        lead, line = self._theirs()
        files = self.mine_env["ir.attachment"]
        meetings = self.mine_env["calendar.event"]
        shown = {"res_name": {}, "res_id": {}, "res_model": {}}
        for document in (self.theirs, lead, line):
            named = {"res_model": document._name, "res_id": document.id}
            with self._refused():
                files.onchange(named, ["res_id"], shown)
            by_default = {f"default_{name}": value for name, value in named.items()}
            with self._refused():
                files.with_context(**by_default).onchange({}, [], shown)
            of = self.env["ir.model"]._get_id(document._name)
            with self._refused():
                meetings.onchange(
                    {"res_model_id": of, "res_id": document.id}, ["res_id"], {}
                )
        own = {"default_res_model": "res.partner", "default_res_id": self.mine.id}
        answer = files.with_context(**own).onchange({}, [], shown)
        self.assertEqual(answer["value"]["res_name"], "Mine")

    def test_by_moving_what_one_has(self):
        """Who was given an activity may change all of it."""
        lead = self._lead(partner_id=self.mine.id)
        activity = lead.activity_schedule("mail.mail_activity_data_todo")
        theirs = self.env["crm.lead"].create(
            {"name": "Theirs", "partner_id": self.theirs.id, "user_id": self.nam.id}
        )
        for document in (self.theirs, theirs):
            of = self.env["ir.model"]._get_id(document._name)
            with self._refused():
                activity.write({"res_model_id": of, "res_id": document.id})
        of = self.env["ir.model"]._get_id("res.partner")
        activity.write({"res_model_id": of, "res_id": self.mine.id})

    def _property(self, kind="many2one"):
        """Return the name of a property of leads that names customers."""
        self.team.lead_properties_definition = [
            {
                "name": "3f9c0c6e8a1b2d47",
                "string": "Referred by",
                "type": kind,
                "comodel": "res.partner",
            }
        ]
        return "3f9c0c6e8a1b2d47"

    def test_as_a_property(self):
        for kind in ("many2one", "many2many"):
            name = self._property(kind)
            wrap = list if kind == "many2many" else lambda ids: ids[0]
            lead = self._lead(team_id=self.team.id)
            named = {"lead_properties": {name: wrap(self.theirs.ids)}}
            with self._refused():
                lead.write(named)
            with self._refused():
                lead.web_save(named, {"lead_properties": {}})
            with self._refused():
                self._lead(team_id=self.team.id, **named)
            lead.write({"lead_properties": {name: wrap(self.mine.ids)}})

    def test_in_the_preview_of_a_template(self):
        template = self.env["mail.template"].create(
            {
                "name": "T",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "{{ object.name }}",
                "email_to": "{{ object.email }}",
            }
        )
        previews = self.mine_env["mail.template.preview"]
        values = {"mail_template_id": template.id}
        with self._refused():
            previews.create(values | {"resource_ref": f"res.partner,{self.theirs.id}"})
        preview = previews.create(
            values | {"resource_ref": f"res.partner,{self.mine.id}"}
        )
        self.assertEqual(preview.subject, "Mine")

    def test_an_import(self):
        rows = [["x", str(self.theirs.id)]]
        found = self.mine_env["crm.lead"].load(["name", "partner_id/.id"], rows)
        self.assertFalse(found["ids"])
        self.assertNotIn("Theirs", str(found["messages"]))

    # ------------------------------------------------------------
    # NOT REFUSED
    # ------------------------------------------------------------

    def test_others_name_whom_they_like(self):
        lead = self.env["crm.lead"].with_user(self.manager)
        self.assertTrue(lead.create({"name": "x", "partner_id": self.theirs.id}))
        self.access._switch(False)
        self.env.invalidate_all()
        self.assertTrue(self._lead(partner_id=self.theirs.id))

    def test_a_contact_of_an_own_company_that_a_colleague_has(self):
        company = self._customer("Company", is_company=True, user_id=self.mai.id)
        invoices = self._customer(
            "Invoices", parent_id=company.id, type="invoice", user_id=self.nam.id
        )
        with Form(self.mine_env["sale.order"]) as order:
            order.partner_id = company.with_user(self.mai)
        self.assertEqual(order.record.partner_invoice_id.id, invoices.id)

    def test_the_customer_of_an_own_order_that_a_colleague_has_now(self):
        order = self._order()
        self.mine.user_id = self.nam
        self.env.invalidate_all()
        self.assertFalse(self.mine.with_user(self.mai).has_access("read"))
        with Form(order) as form:
            form.client_order_ref = "again"
        self.assertEqual(order.copy().partner_id, self.mine)

    def test_a_document_that_an_own_one_names_already(self):
        """An own order is copied though a colleague has its lead, and its customer."""
        lead = self._lead(partner_id=self.mine.id, name="Beds")
        order = self._order(opportunity_id=lead.id)
        lead.sudo().user_id = self.nam
        self.mine.user_id = self.nam
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(lead.has_access("read"))
        self.assertEqual(order.copy().opportunity_id, lead)
        with Form(order) as form:
            form.client_order_ref = "again"

    def test_a_property_that_names_whom_a_colleague_has_now(self):
        """It is empty for who may not see them, and in nobody's way."""
        name = self._property()
        lead = self._lead(team_id=self.team.id)
        lead.sudo().lead_properties = {name: self.theirs.id}
        self.env.flush_all()
        self.env.invalidate_all()
        self.mai.group_ids += self.env.ref("base.group_allow_export")
        leads = self.mine_env["crm.lead"]
        own = [("id", "=", lead.id)]
        group = f"lead_properties.{name}"
        told = [
            leads.search_read(own, ["lead_properties"]),
            leads.web_search_read(own, {"lead_properties": {}}),
            leads.browse(lead.id).web_read({"lead_properties": {}}),
            leads.formatted_read_group(own, [group], ["__count"]),
            leads.web_read_group(own, [group], ["__count"]),
            leads.browse(lead.id).export_data([group]),
            leads.browse(lead.id).export_data([f"{group}/phone", "name"]),
        ]
        self.assertNotIn("Theirs", str(told))
        self.assertNotRegex(str(told), "911 ?222")
        values = lead.read(["lead_properties"])[0]["lead_properties"]
        lead.write({"name": "Again", "lead_properties": values})

    def test_the_customer_of_an_own_lead_that_a_colleague_has_now(self):
        lead = self._lead(partner_id=self.mine.id)
        self.mine.user_id = self.nam
        self.env.invalidate_all()
        with Form(lead) as form:
            form.name = "Lead again"
        self.assertEqual(lead.copy().partner_id, self.mine)
