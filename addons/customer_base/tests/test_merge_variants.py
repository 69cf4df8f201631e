import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .merging import MergeCommon


@tagged("post_install", "-at_install")
class TestMergeVariants(MergeCommon):
    """Customers with everything that customers can have, merged in every order."""

    def _sums_of(self, newest):
        self.env.flush_all()
        return self._sums(newest)

    def assertUnchanged(self, before, newest, but=frozenset()):
        after = self._sums_of(newest)
        changed = {table for table in before if before[table] != after[table]}
        self.assertEqual(changed - but, set())

    def test_twenty_five_at_once(self):
        sources = [self._customer(f"Twin {number}") for number in range(25)]
        orders = self.env["sale.order"].create(
            [{"partner_id": source.id} for source in sources]
        )
        newest = self._get_newest()
        before = self._sums_of(newest)
        merge = self._merge(*sources)
        self.assertEqual(orders.partner_id, self.survivor)
        self.assertEqual(len(merge.source_ids), 25)
        merge._undo()
        self.assertUnchanged(before, newest)

    def test_a_chain_is_undone_from_its_end(self):
        _contact, order = self._furnish(self.source)
        newest = self._get_newest()
        before = self._sums_of(newest)
        first = self._merge()
        second = self._merge(self.survivor, survivor=self.an_phat)
        self.assertEqual(order.partner_id, self.an_phat)
        with self.assertRaisesRegex(UserError, "Undo that first"):
            first._undo()
        second._undo()
        self.assertEqual(order.partner_id, self.survivor)
        first._undo()
        self.assertEqual(order.partner_id, self.source)
        self.assertUnchanged(before, newest)

    def test_contacts_of_merged_companies_are_merged_too(self):
        mine = self._customer("Trần Văn Ba", parent_id=self.survivor.id)
        twin = self._customer(
            "Tran Van Ba", parent_id=self.source.id, phone="0977 111 222"
        )
        lead = self.env["crm.lead"].create({"name": "Beds", "partner_id": twin.id})
        newest = self._get_newest()
        before = self._sums_of(newest)
        companies = self._merge()
        contacts = self._merge(twin, survivor=mine)
        self.assertEqual(lead.partner_id, mine)
        self.assertEqual(mine.phone, "0977 111 222")
        contacts._undo()
        companies._undo()
        self.assertEqual(lead.partner_id, twin)
        self.assertUnchanged(before, newest)

    def test_companies_may_be_undone_before_their_contacts(self):
        mine = self._customer("Trần Văn Ba", parent_id=self.survivor.id)
        twin = self._customer("Tran Van Ba", parent_id=self.source.id)
        companies = self._merge()
        contacts = self._merge(twin, survivor=mine)
        companies._undo()
        self.assertEqual(twin.parent_id, self.source)
        self.assertEqual(mine.parent_id, self.survivor)
        contacts._undo()
        self.assertTrue(twin.active)
        self.assertEqual(twin.commercial_partner_id, self.source)

    def _read_keys(self):
        """Return the keys of all customers: their rows may be made anew."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT partner_id, kind, value FROM customer_key ORDER BY 1, 2, 3"
        )
        return self.env.cr.fetchall()

    def test_three_links_of_a_chain(self):
        """Whoever stayed goes on, twice; only the last link can be undone."""
        _contact, order = self._furnish(self.source)
        last = self._customer("Bach Mai Hospital", is_company=True)
        newest = self._get_newest()
        before, keys = self._sums_of(newest), self._read_keys()
        merges = [
            self._merge(),
            self._merge(self.survivor, survivor=self.an_phat),
            self._merge(self.an_phat, survivor=last),
        ]
        self.assertEqual(order.partner_id, last)
        for merge in merges[:-1]:
            with self.assertRaisesRegex(UserError, "Undo that first"):
                merge._undo()
        for merge in reversed(merges):
            merge._undo()
        self.assertEqual(order.partner_id, self.source)
        self.assertUnchanged(before, newest, {"customer_key"})
        self.assertEqual(self._read_keys(), keys)

    def test_a_company_that_is_a_contact_of_another_one(self):
        """Its own contacts come along, a step further down."""
        mine = self._customer("Khoa Dược", parent_id=self.survivor.id)
        contact, order = self._furnish(self.source)
        newest = self._get_newest()
        before, keys = self._sums_of(newest), self._read_keys()
        merge = self._merge(survivor=mine)
        self.env.invalidate_all()
        self.assertEqual(contact.parent_id, mine)
        self.assertEqual(contact.commercial_partner_id, mine.commercial_partner_id)
        self.assertEqual(order.partner_id, mine)
        merge._undo()
        self.assertUnchanged(before, newest, {"customer_key"})
        self.assertEqual(self._read_keys(), keys)

    def test_customers_of_one_company_and_of_all(self):
        """Who stays is everybody's: so are the documents, each with its company."""
        self.source.company_id = self.env.company
        _contact, order = self._furnish(self.source)
        newest = self._get_newest()
        before = self._sums_of(newest)
        merge = self._merge()
        self.assertFalse(self.survivor.company_id)
        self.assertEqual(order.partner_id, self.survivor)
        merge._undo()
        self.assertEqual(self.source.company_id, self.env.company)
        self.assertUnchanged(before, newest)

    # ------------------------------------------------------------
    # WHAT HAPPENED IN BETWEEN
    # ------------------------------------------------------------

    def test_what_went_over_and_was_deleted_since(self):
        contact, order = self._furnish(self.source)
        merge = self._merge()
        contact.unlink()
        merge._undo()
        self.assertTrue(self.source.active)
        self.assertEqual(order.partner_id, self.source)

    def test_whoever_is_deleted_is_not_made_again(self):
        merge = self._merge()
        self.source.unlink()
        with self.assertRaisesRegex(UserError, "is gone"):
            merge._undo()

    def test_what_both_have_by_now_stays(self):
        """A document that the archived one was made to follow meanwhile."""
        self.an_phat.message_subscribe(self.source.ids)
        merge = self._merge()
        self.env["mail.followers"].create(
            {
                "res_model": "res.partner",
                "res_id": self.an_phat.id,
                "partner_id": self.source.id,
            }
        )
        self.env.flush_all()
        undo = merge._undo()
        self.assertEqual(undo.left_count, 1)
        self.assertIn("stay here", undo._get_message())
        self.assertIn(self.survivor, self.an_phat.message_partner_ids)

    def test_restored_by_hand_and_undone(self):
        _contact, order = self._furnish(self.source)
        merge = self._merge()
        self.source.active = True
        self.source.phone = "0977 111 222"
        merge._undo()
        self.assertEqual(order.partner_id, self.source)
        self.assertEqual(self.source.phone, "0977 111 222")

    def test_an_addon_that_is_gone_since_stops_no_undo(self):
        """Its tables and columns are gone, too."""
        merge = self._merge()
        changes = {
            **merge.sudo().changes,
            "gone_table": {"1": {"name": ["a", "b"]}},
            "res_partner": {
                row: {**values, "gone_column": ["a", "b"]}
                for row, values in merge.sudo().changes["res_partner"].items()
            },
        }
        moved = {**merge.sudo().moved, "key:gone_table.partner_id": {"1": [1]}}
        self.env.cr.execute("ALTER TABLE customer_merge DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE customer_merge SET changes = %s, moved = %s WHERE id = %s",
            (json.dumps(changes), json.dumps(moved), merge.id),
        )
        self.env.cr.execute("ALTER TABLE customer_merge ENABLE TRIGGER USER")
        merge.invalidate_recordset()
        merge._undo()
        self.assertTrue(self.source.active)
        self.assertFalse(self.survivor.phone)

    def test_the_portal_user_of_a_source_logs_in_as_who_stays(self):
        user = new_test_user(
            self.env,
            "portal-merged",
            groups="base.group_portal",
            partner_id=self.source.id,
        )
        order = self.env["sale.order"].create({"partner_id": self.source.id})
        order.action_quotation_sent()
        merge = self._merge()
        self.assertEqual(user.partner_id, self.survivor)
        self.assertTrue(order.with_user(user).has_access("read"))
        merge._undo()
        self.env.invalidate_all()
        self.assertEqual(user.partner_id, self.source)

    def test_a_contact_takes_nothing_of_another_company(self):
        """Whatever a contact has of its company stays so, and the company as it is."""
        vip = self.env["customer.level"].create({"name": "VIP"})
        self.an_phat.customer_level_id = vip
        company = self._customer(
            "Bệnh viện Việt Đức", is_company=True, vat="0100109106", street="40 Tràng"
        )
        stays = self._customer("Trần Văn Ba", parent_id=company.id)
        goes = self._customer("Tran Van Ba", parent_id=self.an_phat.id)
        goes.street = "1 Lê Lợi"
        wizard = self.env["customer.merge.wizard"].with_user(self.manager)
        wizard = wizard.create({"partner_ids": (stays + goes).ids})
        wizard.survivor_id = stays
        rows = {row["name"] for row in wizard.comparison["rows"]}
        self.assertFalse(rows & {"vat", "customer_level_id", "address"})
        wizard.choices = dict.fromkeys(["vat", "customer_level_id", "address"], goes.id)
        wizard.choices = {"parent_id": stays.id, **wizard.choices}
        wizard.action_merge()
        self.assertEqual(stays.parent_id, company)
        self.assertFalse(stays.customer_level_id)
        self.assertEqual((company.vat, stays.vat), ("0100109106", "0100109106"))
        self.assertEqual(company.street, "40 Tràng")

    def test_contacts_of_who_stays_have_what_the_company_gained(self):
        term = self.env.ref("account.account_payment_term_30days")
        mine = self._customer("Trần Văn Ba", parent_id=self.survivor.id)
        self.source.property_payment_term_id = term
        merge = self._merge()
        self.env.invalidate_all()
        self.assertEqual(mine.property_payment_term_id, term)
        merge._undo()
        self.env.invalidate_all()
        self.assertFalse(mine.property_payment_term_id)

    # ------------------------------------------------------------
    # WHAT WOULD BE THERE TWICE
    # ------------------------------------------------------------

    def test_who_stays_follows_with_own_subtypes(self):
        note = self.env.ref("mail.mt_note")
        comment = self.env.ref("mail.mt_comment")
        self.an_phat.message_subscribe(self.source.ids, comment.ids)
        self.an_phat.message_subscribe(self.survivor.ids, note.ids)
        self._merge()
        follower = self.an_phat.message_follower_ids.filtered(
            lambda each: each.partner_id == self.survivor
        )
        self.assertEqual(follower.subtype_ids, note)

    def test_who_was_invited_twice_attends_once(self):
        both = self.source + self.survivor
        event = self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": "2030-01-01 08:00:00",
                "stop": "2030-01-01 09:00:00",
                "partner_ids": [Command.set(both.ids)],
            }
        )
        newest = self._get_newest()
        before = self._sums_of(newest)
        merge = self._merge()
        self.env.invalidate_all()
        attendees = event.attendee_ids.filtered(
            lambda each: each.partner_id == self.survivor
        )
        self.assertEqual(len(attendees), 1)
        merge._undo()
        self.assertUnchanged(before, newest)

    def test_bank_accounts_with_the_same_number(self):
        for customer in (self.source, self.survivor):
            self.env["res.partner.bank"].create(
                {"acc_number": "9704 1234", "partner_id": customer.id}
            )
        other = self.env["res.partner.bank"].create(
            {"acc_number": "9704 5678", "partner_id": self.source.id}
        )
        merge = self._merge()
        accounts = self.survivor.bank_ids.mapped("acc_number")
        self.assertEqual(sorted(accounts), ["9704 1234", "9704 5678"])
        merge._undo()
        self.env.invalidate_all()
        self.assertEqual(other.partner_id, self.source)
        self.assertEqual(len(self.source.bank_ids), 2)

    def test_payment_tokens_go_over(self):
        every = self.env(context={"active_test": False})
        provider = every["payment.provider"].search([], limit=1)
        method = every["payment.method"].search([], limit=1)
        token = self.env["payment.token"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "payment_details": "1234",
                "partner_id": self.source.id,
                "provider_ref": "ref",
            }
        )
        merge = self._merge()
        self.assertEqual(token.partner_id, self.survivor)
        merge._undo()
        self.env.invalidate_all()
        self.assertEqual(token.partner_id, self.source)

    def test_a_price_list_of_its_own(self):
        prices = self.env["product.pricelist"].create({"name": "Hospitals"})
        self.source.specific_property_product_pricelist = prices
        merge = self._merge()
        self.env.invalidate_all()
        self.assertEqual(self.survivor.specific_property_product_pricelist, prices)
        merge._undo()
        self.env.invalidate_all()
        self.assertFalse(self.survivor.specific_property_product_pricelist)

    def test_every_reference_field_is_moved(self):
        merges = self.env["customer.merge"]
        texts = {
            (place.table, place.column)
            for place in merges._get_places()
            if place.kind == "text"
        }
        wanted = {
            (model._table, name)
            for model in self.env.values()
            if model._auto and not model._transient and not model._abstract
            for name, field in model._fields.items()
            if field.type == "reference" and field.store
        }
        self.assertEqual(wanted, texts)

    # ------------------------------------------------------------
    # WHO MAY
    # ------------------------------------------------------------

    def _clerk(self):
        """Return a salesperson who may merge, and sees own customers only."""
        clerk = new_test_user(
            self.env,
            "customer-clerk",
            groups="sales_team.group_sale_salesman,base.group_partner_manager,"
            "customer_base.group_merge",
        )
        self.env["customer.access"]._switch(True)
        while self.env["customer.access"]._fill():
            pass
        return clerk

    def _own(self, clerk, *partners):
        for partner in partners:
            partner.user_id = clerk
        self.env.flush_all()
        self.env.invalidate_all()

    def test_who_sees_own_customers_merges_own_only(self):
        clerk = self._clerk()
        self._own(clerk, self.source)
        merges = self.env["customer.merge"].with_user(clerk)
        both = (self.source + self.survivor).with_user(clerk)
        with self.assertRaises(AccessError):
            merges._merge(both, both[0])
        with self.assertRaises(AccessError):
            self.env["customer.merge.wizard"].with_user(clerk).create(
                {"partner_ids": both.ids}
            ).read(["comparison"])
        self._own(clerk, self.survivor)
        merge = merges._merge(both, both[1])
        self.assertEqual(merge.survivor_id, self.survivor)
        self.env.invalidate_all()
        merge._undo()
        self.assertTrue(self.source.active)

    def test_who_sees_own_customers_undoes_no_merge_of_others(self):
        clerk = self._clerk()
        merge = self._merge()
        with self.assertRaises(AccessError):
            merge.with_user(clerk).action_undo()
        self.assertFalse(merge.with_user(clerk).survivor_id)
        self.assertFalse(merge.with_user(clerk).source_ids)

    def test_who_sees_own_customers_decides_on_no_pairs_of_others(self):
        clerk = self._clerk()
        pair = self.env["customer.duplicate"].create(
            {
                "partner_id": min(self.source.id, self.survivor.id),
                "other_id": max(self.source.id, self.survivor.id),
                "level": "sure",
            }
        )
        self.env.flush_all()
        self.assertFalse(self.env["customer.duplicate"].with_user(clerk).search([]))
        with self.assertRaises(AccessError):
            pair.with_user(clerk).action_keep_apart()
        with self.assertRaises(AccessError):
            pair.with_user(clerk).action_compare()
        self._own(clerk, self.source)
        with self.assertRaises(AccessError):
            pair.with_user(clerk).action_keep_apart()

    def test_owners_are_chosen_by_leaders_only(self):
        clerk = self._clerk()
        self._own(clerk, self.survivor, self.source)
        self.assertFalse(
            self.env["customer.merge"].with_user(clerk)._may_choose("user_id")
        )
        self.assertTrue(self.merges._may_choose("user_id"))

    def test_levels_are_chosen_by_sales_managers_only(self):
        vip = self.env["customer.level"].create({"name": "VIP"})
        gold = self.env["customer.level"].create({"name": "Gold"})
        self.survivor.customer_level_id = gold
        self.source.customer_level_id = vip
        clerk = new_test_user(
            self.env,
            "customer-clerk",
            groups="sales_team.group_sale_salesman,base.group_partner_manager,"
            "customer_base.group_merge",
        )
        both = self.source + self.survivor
        wizards = self.env["customer.merge.wizard"]
        rows = {
            user: {
                row["name"]
                for row in wizards.with_user(user)
                .create({"partner_ids": both.ids})
                .comparison["rows"]
            }
            for user in (clerk, self.manager)
        }
        self.assertNotIn("customer_level_id", rows[clerk])
        self.assertIn("customer_level_id", rows[self.manager])
        choices = {"customer_level_id": self.source.id}
        merges = self.env["customer.merge"]
        self.assertEqual(merges.with_user(clerk)._get_allowed_choices(choices), {})
        self._merge(choices=choices)
        self.assertEqual(self.survivor.customer_level_id, vip)

    # ------------------------------------------------------------
    # FORGED
    # ------------------------------------------------------------

    def _wizard(self, **values):
        wizards = self.env["customer.merge.wizard"].with_user(self.manager)
        both = self.source + self.survivor
        return wizards.create(
            {"partner_ids": both.ids, "survivor_id": self.survivor.id, **values}
        )

    def test_what_nobody_enters_is_not_offered(self):
        """Scores, stamps and what calendars remember are no values of a customer."""
        field = self.env["ir.model.fields"]._get("res.partner", "phone")
        self.env["customer.field.rule"].create(
            {"name": "Telephone", "field_ids": field.ids, "is_required": True}
        )
        self.env["customer.field.rule"]._keep((self.source + self.survivor).ids)
        self.source.action_confirm_data()
        self.source.calendar_last_notif_ack = "2026-01-01 00:00:00"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNotEqual(self.source.data_score, self.survivor.data_score)
        rows = {row["name"] for row in self._wizard().comparison["rows"]}
        self.assertIn("phone", rows)
        self.assertFalse(
            rows
            & {
                "calendar_last_notif_ack",
                "data_confirmed_by_id",
                "data_confirmed_on",
                "data_score",
                "is_data_missing",
            }
        )

    def test_fields_that_are_not_offered_are_not_chosen(self):
        self.source.write({"comment": "Source", "color": 5})
        signup = {"signup_type": "reset"} if "signup_type" in self.source else {}
        self.source.sudo().write(signup)
        names = ["color", "active", "signup_type", "id", "company_id", "nothing"]
        self._wizard(choices=dict.fromkeys(names, self.source.id)).action_merge()
        self.assertEqual(self.survivor.color, 0)
        self.assertTrue(self.survivor.active)
        if signup:
            self.assertFalse(self.survivor.sudo().signup_type)

    def test_a_field_that_one_may_not_see_is_not_chosen(self):
        self.survivor.ref = "B"
        field = self.env["res.partner"]._fields["ref"]
        self.patch(field, "groups", "base.group_system")
        rows = {row["name"] for row in self._wizard().comparison["rows"]}
        self.assertNotIn("ref", rows)
        choices = {"ref": self.source.id}
        self.assertEqual(self.merges._get_allowed_choices(choices), {})

    def test_choices_that_are_none(self):
        for choices in (
            [1],
            "name",
            5,
            {"name": [1]},
            {"name": {"a": 1}},
            {"name": -1},
        ):
            self._wizard(choices=choices)
            self.merges._get_allowed_choices(choices)
        self._wizard(choices=["name"]).action_merge()
        self.assertEqual(self.survivor.name, "Bệnh viện Bạch Mai")

    def test_who_stays_is_one_of_them(self):
        wizard = self._wizard()
        wizard.survivor_id = self.an_phat
        with self.assertRaisesRegex(UserError, "which of these"):
            wizard.action_merge()
        self.assertTrue(self.an_phat.active)
        self.assertTrue(self.source.active)
