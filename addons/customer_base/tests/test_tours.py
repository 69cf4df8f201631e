from odoo import api
from odoo.tests import HttpCase, new_test_user, tagged

from .common import CustomerCommon

NEW = "/odoo/res.partner/new"


@tagged("post_install", "-at_install")
class TestTours(HttpCase, CustomerCommon):
    def _on_a_phone(self):
        self.browser_size = "375x667"
        self.touch_enabled = True

    def _tour(self, name):
        self.start_tour(NEW, f"customer_base_{name}", login="customer-sales")

    # ------------------------------------------------------------
    # TOLD
    # ------------------------------------------------------------

    def test_a_salesperson_is_told_while_typing(self):
        self._tour("same")

    def test_on_a_phone_too(self):
        self._on_a_phone()
        self._tour("same")

    def test_who_it_is_like_is_gone_with_the_next_customer(self):
        nexts = self.env["res.partner"].create([{"name": "Next 1"}, {"name": "Next 2"}])
        action = self.env["ir.actions.act_window"].create(
            {
                "name": "Two customers",
                "res_model": "res.partner",
                "view_mode": "list,form",
                "domain": [("id", "in", nexts.ids)],
            }
        )
        self.start_tour(
            f"/odoo/action-{action.id}", "customer_base_next", login="customer-sales"
        )

    def _show_nobody(self):
        """Have forms show nobody, as before the answer has come."""

        @api.model
        def find(self, values, partner_id=None):
            return {"matches": [], "hidden": "", "reaction": "", "warnings": []}

        self.patch(self.env.registry["customer.match"], "find", find)

    def _stop(self, way):
        self._show_nobody()
        again = self._customer("Nguyen Thi Lan")
        both = again + self._customer("Zwölf")
        action = self.env["ir.actions.act_window"].create(
            {
                "name": "Two customers",
                "res_model": "res.partner",
                "view_mode": "list,form",
                "domain": [("id", "in", both.ids)],
            }
        )
        self.start_tour(
            f"/odoo/action-{action.id}",
            f"customer_base_stop_{way}",
            login="customer-sales",
        )
        self.env.invalidate_all()
        self.assertIn("912", again.phone)

    def test_the_button_stops_once(self):
        self._stop("button")

    def test_a_key_stops_once(self):
        self._stop("keyboard")

    def test_an_aid_that_presses_for_somebody_stops_once(self):
        self._stop("aid")

    def test_the_next_customer_stops_once(self):
        self._stop("pager")

    def test_going_back_stops_once(self):
        self._stop("breadcrumb")

    def _add_contact(self):
        self._show_nobody()
        self.start_tour(
            f"/odoo/res.partner/{self.an_phat.id}",
            "customer_base_contact",
            login="customer-sales",
        )
        self.env.invalidate_all()
        self.assertEqual(self.an_phat.child_ids.mapped("name"), ["Nguyen Thi Lan"])

    def test_a_contact_whose_window_is_closed_stops_once(self):
        self._add_contact()

    def test_and_stops_on_a_phone(self):
        self._on_a_phone()
        self._add_contact()

    def _at_once(self):
        self._tour("at_once")
        both = [("name", "in", ["Phạm Quốc Bảo", "Pham Quoc Bao"])]
        self.assertEqual(self.env["res.partner"].search_count(both), 2)

    def test_who_saves_what_a_colleague_just_saved_is_led_there(self):
        self._at_once()

    def test_and_is_led_there_on_a_phone(self):
        self._on_a_phone()
        self._at_once()

    def _type_numbers(self):
        self._tour("numbers")
        typed = self.env["res.partner"].search([("name", "=", "Cty An Phat")])
        self.assertEqual((typed.vat, typed.is_company), ("0100233489", True))

    def test_an_address_and_a_tax_code_are_typed(self):
        self._type_numbers()

    def test_and_are_typed_on_a_phone(self):
        self._on_a_phone()
        self._type_numbers()

    def test_an_import_is_warned_of_a_wrong_check_digit(self):
        self.start_tour(
            "/odoo/customers/import", "customer_base_import", login="customer-sales"
        )
        names = ["Bình Minh", "Hòa Phát"]
        imported = self.env["res.partner"].search([("name", "in", names)])
        self.assertEqual(sorted(imported.mapped("name")), names)

    # ------------------------------------------------------------
    # ASKED WHY
    # ------------------------------------------------------------

    def _again(self):
        self.env.company.same_customer_action = "reason"
        self._tour("reason")
        again = self.env["res.partner"].search([("name", "=", "Nguyen Thi Lan")])
        self.assertEqual(again.same_customer_reason, "her aunt")

    def test_a_salesperson_says_why_it_is_somebody_else(self):
        self._again()

    def test_and_does_so_on_a_phone(self):
        self._on_a_phone()
        self._again()

    # ------------------------------------------------------------
    # ASKED FOR
    # ------------------------------------------------------------

    def _ask(self):
        self.lan.user_id = new_test_user(
            self.env, "customer-other", groups="sales_team.group_sale_salesman"
        )
        self.env["res.config.settings"].create({"own_customers": True}).execute()
        self._tour("ask")
        asked = self.env["customer.access.request"].search([])
        self.assertEqual((asked.partner_id, asked.user_id), (self.lan, self.sales))

    def test_a_salesperson_asks_for_a_colleagues_customer(self):
        self._ask()

    def test_and_asks_on_a_phone(self):
        self._on_a_phone()
        self._ask()

    # ------------------------------------------------------------
    # MERGED, AND UNDONE
    # ------------------------------------------------------------

    def _merge_and_undo(self, tour):
        new_test_user(
            self.env,
            "customer-manager",
            groups="sales_team.group_sale_manager,base.group_partner_manager",
        )
        twin = self._customer("Nguyen Thi Lan", phone="+84 912345678")
        self.env.flush_all()
        self.env["customer.duplicate"]._find_pairs(twin.ids)
        self.start_tour("/odoo/duplicate-customers", tour, login="customer-manager")
        self.env.invalidate_all()
        self.assertEqual((self.lan.name, twin.active), ("Nguyen Thi Lan", False))
        self.start_tour(
            "/odoo/merged-customers", "customer_base_undo", login="customer-manager"
        )
        self.env.invalidate_all()
        self.assertEqual((self.lan.name, twin.active), ("Nguyễn Thị Lan", True))

    def test_a_manager_merges_and_undoes(self):
        self._merge_and_undo("customer_base_merge")

    def test_and_merges_on_a_phone(self):
        self._on_a_phone()
        self._merge_and_undo("customer_base_merge_phone")

    # ------------------------------------------------------------
    # CHOSEN
    # ------------------------------------------------------------

    def test_whoever_chooses_a_customer_sees_the_level(self):
        vip = self.env["customer.level"].create({"name": "VIP", "color": 3})
        self.an_phat.customer_level_id = vip
        self.start_tour(
            "/odoo/sale.order/new", "customer_base_level", login="customer-sales"
        )

    def _name_the_level(self):
        vip = self.env["customer.level"].create({"name": "VIP", "color": 3})
        self.an_phat.customer_level_id = vip
        share = self.env["customer.share"].create(
            {
                "partner_id": self.an_phat.id,
                "user_id": self.sales.id,
                "until": "2099-12-31",
                "reason": "Leave",
            }
        )
        view = self.env["ir.ui.view"].create(
            {
                "name": "a form that knows nothing of levels",
                "model": share._name,
                "arch": "<form><group><field name='partner_id'/></group></form>",
            }
        )
        action = self.env["ir.actions.act_window"].create(
            {
                "name": "Share",
                "res_model": share._name,
                "view_mode": "form",
                "view_id": view.id,
                "res_id": share.id,
            }
        )
        self.start_tour(
            f"/odoo/action-{action.id}/{share.id}",
            "customer_base_level_beside",
            login="customer-sales",
        )

    def test_whoever_reads_of_a_customer_sees_the_level(self):
        self._name_the_level()

    def test_and_reads_it_on_a_phone(self):
        self._on_a_phone()
        self._name_the_level()

    def test_the_client_asks_for_levels_only_where_there_are_any(self):
        self.authenticate("customer-sales", "customer-sales")

        def asks():
            info = self.make_jsonrpc_request("/web/session/get_session_info")
            return info["has_customer_levels"]

        self.assertFalse(asks())
        self.env["customer.level"].create({"name": "VIP"})
        self.assertTrue(asks())

    # ------------------------------------------------------------
    # COMPLETE, AND STILL RIGHT
    # ------------------------------------------------------------

    def _want(self, name, *names, **values):
        fields = [
            self.env["ir.model.fields"]._get("res.partner", field).id for field in names
        ]
        self.env["customer.field.rule"].create(
            {"name": name, "field_ids": fields, **values}
        )

    def _open_lan(self, tour):
        self.start_tour(
            f"/odoo/res.partner/{self.lan.id}", tour, login="customer-sales"
        )
        self.env.invalidate_all()

    def _complete(self):
        self._want("How to reach them", "phone", "email")
        self._open_lan("customer_base_complete")
        self.assertEqual(
            (self.lan.email, self.lan.data_score), ("lan@own.example", 100)
        )

    def test_what_is_missing_is_filled_in(self):
        self._complete()

    def test_and_is_filled_in_on_a_phone(self):
        self._on_a_phone()
        self._complete()

    def _fill_required(self):
        self._want("How to reach them", "phone", "email")
        self._want("Where", "street", is_required=True)
        self._open_lan("customer_base_incomplete")
        self.assertEqual((self.lan.data_score, self.lan.is_data_missing), (75, False))

    def test_what_is_required_stands_first(self):
        self._fill_required()

    def test_and_stands_first_on_a_phone(self):
        self._on_a_phone()
        self._fill_required()

    def _review(self, tour):
        self.env["res.config.settings"].create(
            {"group_customer_review": True, "review_months": 6}
        ).execute()
        own = self.lan + self.an_phat
        own.user_id = self.sales
        due = own + self._customer("Somebody Else")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '2020-01-01' WHERE id = ANY(%s)",
            [due.ids],
        )
        self.env.invalidate_all()
        self.start_tour(
            "/odoo/customers-to-review",
            f"customer_base_{tour}",
            login="customer-sales",
        )
        self.env.invalidate_all()
        return due.filtered("is_review_due").mapped("name")

    def test_data_are_confirmed(self):
        self.assertEqual(self._review("review"), [self.an_phat.name, "Somebody Else"])
        self.assertEqual(self.lan.data_confirmed_by_id, self.sales)

    def test_and_are_confirmed_on_a_phone(self):
        self._on_a_phone()
        self.assertEqual(self._review("review"), [self.an_phat.name, "Somebody Else"])
        self.assertEqual(self.lan.data_confirmed_by_id, self.sales)

    def test_data_of_several_are_confirmed(self):
        self.assertEqual(self._review("review_several"), ["Somebody Else"])
