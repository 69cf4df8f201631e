from odoo.fields import Command
from odoo.tests import tagged

from .merging import MergeCommon


@tagged("post_install", "-at_install")
class TestMergeFollows(MergeCommon):
    """What is derived from customers is right after a merge and after its undo."""

    def _twin(self, **values):
        """Return a second customer who is the first one, and was merged into her."""
        twin = self._customer("Nguyen Thi Lan", **values)
        self._merge(twin, survivor=self.lan)
        return twin

    # ------------------------------------------------------------
    # WHO IS THE SAME
    # ------------------------------------------------------------

    def test_a_number_of_the_merged_finds_who_stayed(self):
        twin = self._twin(phone="0977 111 222")
        self.assertEqual(
            self._levels(name="Nguyễn Thị Lan", phone="0977111222"),
            {self.lan.id: "sure"},
        )
        self.assertNotIn(twin.id, self._levels(name="Nguyễn Thị Lan"))

    def test_a_form_of_who_stayed_tells_of_nobody_merged(self):
        self._twin(phone="0977 111 222")
        values = {"name": self.lan.name, "phone": self.lan.phone}
        self.assertEqual(self._levels(self.lan, **values), {})

    def test_merged_again_it_is_whoever_stayed_last(self):
        self._twin(phone="0977 111 222")
        last = self._customer("Nguyễn Thị Lan (Hà Nội)")
        self._merge(self.lan, survivor=last)
        found = self._levels(name="Nguyễn Thị Lan", phone="0977111222")
        self.assertEqual(list(found), [last.id])

    def test_a_contact_of_who_stayed_is_no_duplicate(self):
        """Of the source's company neither: it is the survivor's."""
        merge = self._merge()
        values = {"name": "BV Bach Mai", "phone": "024 3869 3731"}
        values["parent_id"] = self.survivor.id
        self.assertEqual(self._levels(**values), {})
        merge._undo()
        self.assertEqual(list(self._levels(**values)), [self.source.id])

    def test_twins_that_were_merged_do_not_hide_the_next(self):
        """Who shares a number with thirty who are one shares it with one."""
        twins = [
            self._customer("Nguyen Thi Lan", phone="0912 345 678") for _n in range(30)
        ]
        self._merge(*twins, survivor=self.lan)
        found = self._levels(name="Nguyễn Thị Lan", phone="0912 345 678")
        self.assertEqual(found, {self.lan.id: "sure"})

    def test_a_decision_about_the_merged_holds(self):
        """Who was said to be somebody else than the source is not the survivor because
        of what the source was known by."""
        twin = self._customer("Nguyen Thi Lan", phone="0977 111 222")
        other = self._customer("Nguyễn Thị Lan", phone="0977 111 222")
        self.env["customer.duplicate"]._keep_apart(twin + other)
        self._merge(twin, survivor=self.lan)
        values = {"name": other.name, "phone": "0977 111 222"}
        found = self.env["customer.match"].find(values, other.id)["matches"]
        levels = {match["id"]: match["level"] for match in found}
        self.assertNotEqual(levels.get(self.lan.id), "sure")

    def test_restored_by_hand_it_is_a_customer_again(self):
        twin = self._twin(phone="0977 111 222")
        twin.active = True
        found = self._levels(name="Nguyễn Thị Lan", phone="0977 111 222")
        self.assertEqual(found[twin.id], "sure")
        self.assertFalse(twin.merged_into_id)

    def test_a_program_enters_who_stayed(self):
        self._twin(phone="0977 111 222")
        values = {"name": "Nguyễn Thị Lan", "phone": "0977 111 222"}
        matches = self.env["customer.match"].with_user(self.sales)
        entered = matches.enter(values)
        self.assertEqual((entered["id"], entered["is_new"]), (self.lan.id, False))

    def test_entered_again_is_refused_with_the_name_of_who_stayed(self):
        self.env.company.same_customer_action = "block"
        self._twin(phone="0977 111 222")
        self.lan.name = "Nguyễn Thị Lan (Huế)"
        with self.assertRaisesRegex(Exception, "Huế"):
            self.env["res.partner"].with_user(self.sales).create(
                {"name": "Nguyen Thi Lan", "phone": "0977 111 222"}
            )

    def test_a_whole_number_of_the_merged_finds_who_stayed(self):
        self._twin(phone="0977 111 222")
        self.lan.phone = "0912 345 678"
        found = self.env["res.partner"].name_search("0977111222")
        self.assertEqual([partner for partner, _name in found], [self.lan.id])

    def test_the_banner_leads_to_who_has_it_all_today(self):
        twin = self._twin()
        last = self._customer("Last")
        self._merge(self.lan, survivor=last)
        self.assertEqual(twin.merged_into_id, last)
        self.assertEqual(self.lan.merged_into_id, last)

    # ------------------------------------------------------------
    # KEYS, SCORES, ACCESS
    # ------------------------------------------------------------

    def _rule(self, name, *names, **values):
        fields = [
            self.env["ir.model.fields"]._get("res.partner", field).id for field in names
        ]
        return self.env["customer.field.rule"].create(
            {"name": name, "field_ids": fields, **values}
        )

    def _score_all(self):
        partners = self.env["res.partner"].with_context(active_test=False).search([])
        self.env.flush_all()
        self.env["customer.field.rule"]._keep(partners.ids)

    def _check_kept(self):
        """Whatever is derived says what it would if it were worked out anew."""
        self.env.flush_all()
        kept = self._read_derived()
        partners = self.env["res.partner"].with_context(active_test=False).search([])
        self.env["customer.key"]._keep(partners.ids)
        self.env["res.partner"]._keep_search_text(partners.ids)
        self.env["customer.access"]._keep(partners.ids)
        self.env["customer.field.rule"]._keep(partners.ids)
        for name, rows in self._read_derived().items():
            self.assertEqual(kept[name], rows, name)

    def _read_derived(self):
        derived = {}
        for name, query in {
            "keys": "SELECT partner_id, kind, value FROM customer_key",
            "access": "SELECT partner_id, reader, may_write, until"
            " FROM customer_access",
            "scores": "SELECT id, data_score, is_data_missing FROM res_partner",
            "texts": "SELECT id, search_text FROM res_partner",
        }.items():
            self.env.cr.execute(query)
            derived[name] = set(self.env.cr.fetchall())
        return derived

    def _furnish_both(self):
        self.survivor.write({"vat": "0100233488", "user_id": self.sales.id})
        contacts = {}
        for customer in (self.survivor, self.source):
            contacts[customer] = self._furnish(customer)[0]
        self._rule("Tax code", "vat")
        self._rule("Telephone", "phone", stage="customer", is_required=True)
        self.env["customer.access"]._switch(True)
        while self.env["customer.access"]._fill():
            pass
        self._score_all()
        return contacts

    def test_all_that_is_derived_follows_a_merge(self):
        self._furnish_both()
        # those from before the installation, whom the job looks at
        partners = self.env["res.partner"].with_context(active_test=False).search([])
        self.env["customer.key"]._keep(partners.ids)
        self.env["res.partner"]._keep_search_text(partners.ids)
        self._check_kept()
        merge = self._merge()
        self._check_kept()
        merge._undo()
        self._check_kept()

    def test_undo_leaves_derived_tables_as_they_were(self):
        contacts = self._furnish_both()
        newest = self._get_newest()
        before = self._sums(newest)
        merge = self._merge()
        # contacts have the tax code of the company that they belong to now
        self.assertEqual(contacts[self.source].vat, "0100233488")
        merge._undo()
        after = self._sums(newest)
        # rows of access are made anew: what they say is compared above
        changed = {table for table in before if before[table] != after[table]}
        self.assertEqual(changed - {"customer_access"}, set())

    def test_an_order_that_comes_over_makes_a_buyer(self):
        """Data of buyers is asked of all of the survivor's from then on."""
        contact = self._customer("Contact", parent_id=self.survivor.id)
        self._rule("Telephone", "phone", stage="customer", is_required=True)
        product = self.env["product.product"].create({"name": "Bed"})
        line = Command.create({"product_id": product.id})
        order = self.env["sale.order"].create(
            {"partner_id": self.source.id, "order_line": [line]}
        )
        order.action_confirm()
        self._score_all()
        self.env.invalidate_all()
        self.assertFalse(contact.is_data_missing)
        merge = self._merge()
        self.env.invalidate_all()
        self.assertTrue(contact.is_data_missing)
        merge._undo()
        self.env.invalidate_all()
        self.assertFalse(contact.is_data_missing)
