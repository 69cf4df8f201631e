import re

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .access_common import AccessCommon

#: What the salesperson knew, and what a colleague has entered since.
KNOWN = {"phone": "+84 911 000 111", "email": "known@known.example"}
SECRET = {
    "phone": "+84 911 222 333",
    "email": "secret@secret.example",
    "street": "9 Secret Street",
    "city": "Secretville",
    "function": "Secret function",
    "website": "https://secret.example",
    "comment": "Secret wish",
    "vat": "0100109106",
}
#: No invoice is begun for them in a form: it would be of whoever has the customer.
REFUSED = {("account.move", way) for way in ("new", "again", "by default")}
TOLD = re.compile("secret|911 ?222|0100109106|credit limit of", re.IGNORECASE)


@tagged("post_install", "-at_install")
class TestAccessFollowed(AccessCommon):
    """Leads, orders, invoices and meetings of one's own whose customer a colleague has
    now: Odoo fills in nothing of what that colleague enters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mai.group_ids += cls.env.ref("account.group_account_invoice")
        cls.mai.group_ids += cls.env.ref("sale.group_warning_sale")
        cls.former = cls._customer("Former", user_id=cls.mai.id, **KNOWN)
        cls.product = cls.env["product.product"].create({"name": "Bed"})
        cls.env.ref("base.group_user")._apply_group(
            cls.env.ref("product.group_product_pricelist")
        )
        # what everybody is given who has no other one
        cls.env["product.pricelist"].create({"name": "Public", "sequence": 0})
        journal = cls.env["account.journal"].create(
            {"name": "Bank", "type": "bank", "code": "ZYXB"}
        )
        cls.method = journal.inbound_payment_method_line_ids[:1]
        cls.method.name = "Secret method"

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.addons.base.models.ir_rule"))
        self._begin()
        self.mine_env = self.env(user=self.mai)
        # as in a request of that user
        self.patch(self.env.transaction, "default_env", self.mine_env)

    def _begin(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def _end(self):
        """Write what is left to write as a request of that user does."""
        self.mine_env.flush_all()
        self.env.invalidate_all()

    def _lead(self, partner=None, **values):
        values = {"name": "Lead", "user_id": self.mai.id, **values}
        partner = partner or self.former
        return self.mine_env["crm.lead"].create({"partner_id": partner.id, **values})

    def _order(self):
        line = Command.create({"product_id": self.product.id, "price_unit": 5})
        return self.mine_env["sale.order"].create(
            {
                "partner_id": self.former.id,
                "user_id": self.mai.id,
                "order_line": [line],
            }
        )

    def _invoice(self, move_type="out_invoice", env=None):
        line = Command.create({"name": "Bed", "price_unit": 5})
        return (env or self.mine_env)["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.former.id,
                "invoice_user_id": self.mai.id,
                "invoice_line_ids": [line],
            }
        )

    def _meeting(self):
        return self.mine_env["calendar.event"].create(
            {
                "name": "Visit",
                "start": "2026-11-28 10:00:00",
                "stop": "2026-11-28 11:00:00",
                "partner_ids": [
                    Command.set((self.former + self.mai.partner_id).ids),
                ],
            }
        )

    def _hand_on(self):
        """A colleague has the customer, and enters what there is to know."""
        self._begin()
        self.former.user_id = self.nam
        term = self.env["account.payment.term"].create({"name": "Secret term"})
        prices = self.env["product.pricelist"].create({"name": "Secret prices"})
        self.company_secrets = {
            "property_payment_term_id": term.id,
            "property_product_pricelist": prices.id,
            "sale_warn_msg": "Secret warning",
            "use_partner_credit_limit": True,
            "credit_limit": 0.5,
        }
        position = self.env["account.fiscal.position"].create({"name": "Secret taxes"})
        self.company_secrets |= {
            "property_account_position_id": position.id,
            "property_inbound_payment_method_line_id": self.method.id,
            "property_outbound_payment_method_line_id": self.method.id,
        }
        self.env["res.partner.bank"].create(
            {"acc_number": "Secret 99 88", "partner_id": self.former.id}
        )
        self.env.company.account_use_credit_limit = True
        self.former.with_user(self.nam).write(SECRET)
        self.former.write(self.company_secrets)
        self.addresses = self.env["res.partner"].create(
            [
                {"name": f"Secret {kind}", "type": kind, "parent_id": self.former.id}
                for kind in ("invoice", "delivery")
            ]
        )
        self._begin()
        self.assertFalse(self._sees(self.former))
        self._begin()

    def _shown(self, records):
        """Return what a client asks for that shows all that the user may read."""
        return {
            name: {"fields": {"display_name": {}}} if field.relational else {}
            for name, field in records._fields.items()
            if field.type not in ("binary", "image")
            and records._has_field_access(field, "read")
        }

    def _assert_untold(self, said, way):
        self.assertFalse(set(TOLD.findall(str(said))), way)

    # ------------------------------------------------------------
    # LEADS
    # ------------------------------------------------------------

    def test_a_lead_keeps_what_it_says(self):
        lead = self._lead()
        self.assertEqual((lead.phone, lead.email_from), tuple(KNOWN.values()))
        self._hand_on()
        self.assertEqual((lead.phone, lead.email_from), tuple(KNOWN.values()))
        self.assertNotIn("222333", lead.phone_sanitized)
        self._assert_untold(lead.web_read(self._shown(lead)), "read")
        # the newest again, for whoever follows
        self.former.write({"phone": "+84 911 222 334", "email": "secret2@s.example"})
        self._begin()
        self._assert_untold(lead.web_read(self._shown(lead)), "read again")

    def test_a_lead_of_who_sees_the_customer_follows(self):
        theirs = self.env["crm.lead"].create(
            {"name": "x", "partner_id": self.former.id, "user_id": self.manager.id}
        )
        nobodys = theirs.copy({"user_id": False})
        shared = self._lead()
        self._begin()
        self.former.user_id = self.nam
        self._begin()
        # nothing is shared with who has the customer
        self.env["customer.share"].create(
            {
                "partner_id": self.former.id,
                "user_id": self.mai.id,
                "until": "2099-01-01",
                "reason": "Holidays",
            }
        )
        self._begin()
        self.former.with_user(self.nam).write(SECRET)
        self._begin()
        for lead in theirs, nobodys, shared:
            self.assertEqual(lead.phone, SECRET["phone"])
            self.assertEqual(lead.email_from, SECRET["email"])

    def test_a_lead_follows_where_all_see_everybody(self):
        lead = self._lead()
        self.access._switch(False)
        self._hand_on_visibly()
        self.assertEqual(lead.phone, SECRET["phone"])
        lead.phone = "+84 911 444 555"
        self._begin()
        self.assertEqual(self.former.phone, "+84 911 444 555")

    def _hand_on_visibly(self):
        self._begin()
        self.former.write({"user_id": self.nam.id, **SECRET})
        self._begin()

    def test_an_invoice_says_whose_it_is(self):
        """For everybody, also one that is made afterwards, or given to them."""
        before = self._invoice()
        self._end()
        self._hand_on_visibly()
        after = self._invoice(env=self.env)
        other = self._customer("Other", user_id=self.mai.id)
        given = self._invoice(env=self.env)
        given.partner_id = other
        self._begin()
        given.partner_id = self.former
        self.env.flush_all()
        self.env.invalidate_all()
        for invoice in (before, after, given):
            for env in (self.env, self.mine_env):
                told = invoice.with_env(env).invoice_partner_display_name
                self.assertEqual(told, "Former")

    def test_what_is_corrected_in_a_lead_stays_with_it(self):
        lead = self._lead()
        self._hand_on()
        with Form(lead) as form:
            form.phone = "+84 911 444 555"
            form.email_from = "corrected@known.example"
        self._begin()
        self.assertEqual(lead.phone, "+84 911 444 555")
        self.assertEqual(lead.email_from, "corrected@known.example")
        self.assertEqual(self.former.phone, SECRET["phone"])
        self.assertEqual(self.former.email, SECRET["email"])

    def test_nobody_learns_whether_they_guessed_right(self):
        lead = self._lead()
        self._hand_on()
        asked = {"partner_phone_update": {}, "partner_email_update": {}}
        for guess in (SECRET["phone"], "+84 911 222 334"):
            said = lead.onchange({"phone": guess}, ["phone"], asked)["value"]
            self.assertFalse(said.get("partner_phone_update"), guess)
        for guess in (SECRET["email"], "wrong@secret.example"):
            said = lead.onchange({"email_from": guess}, ["email_from"], asked)["value"]
            self.assertFalse(said.get("partner_email_update"), guess)

    def test_a_copy_of_a_lead_knows_no_more(self):
        lead = self._lead()
        self._hand_on()
        copy = lead.copy()
        self._begin()
        self.assertEqual(copy.partner_id, self.former)
        self._assert_untold(copy.web_read(self._shown(copy)), "copy")

    def test_whose_lead_it_is_said_to_be_tells_no_more(self):
        self._lead()
        self._hand_on()
        leads = self.mine_env["crm.lead"]
        values = {"partner_id": self.former.id, "user_id": self.nam.id}
        self._assert_untold(
            leads.onchange(values, ["partner_id"], self._shown(leads)), "form"
        )

    # ------------------------------------------------------------
    # FORMS OF ALL KINDS
    # ------------------------------------------------------------

    def test_nothing_is_filled_in_anew(self):
        documents = [self._lead(), self._order(), self._invoice()]
        self._hand_on()
        for document in documents:
            shown = self._shown(document)
            kind = {"move_type": "out_invoice"} if "move_type" in shown else {}
            named = {"partner_id": self.former.id, **kind}
            empty = document.browse()
            defaults = {f"default_{name}": value for name, value in named.items()}
            ways = {
                "opened": (document.web_read, shown),
                "new": (empty.onchange, named, ["partner_id"], shown),
                "again": (document.onchange, named, ["partner_id"], shown),
                "by default": (
                    empty.with_context(**defaults).onchange,
                    {},
                    [],
                    shown,
                ),
            }
            for way, (ask, *arguments) in ways.items():
                if (document._name, way) in REFUSED:
                    with self.assertRaises(AccessError) as refused:
                        ask(*arguments)
                    said = refused.exception
                else:
                    said = ask(*arguments)
                self._assert_untold(said, (document._name, way))
                self.env.invalidate_all(flush=False)
        for document in documents[:2]:
            copy = document.copy()
            self._assert_untold(copy.web_read(self._shown(copy)), document._name)

    def test_the_manager_is_shown_all_of_it(self):
        """Else the test above proves nothing."""
        documents = [self._lead(), self._order(), self._invoice()]
        self._hand_on()
        env = self.env(user=self.manager)
        self.patch(self.env.transaction, "default_env", env)
        self.manager.group_ids += self.env.ref("account.group_account_invoice")
        for document in documents:
            shown = self._shown(document.with_env(env))
            kind = {"move_type": "out_invoice"} if "move_type" in shown else {}
            said = (
                document.browse()
                .with_env(env)
                .onchange({"partner_id": self.former.id, **kind}, ["partner_id"], shown)
            )
            self.assertTrue(TOLD.search(str(said)), document._name)

    def test_customers_that_come_back_are_given_known_addresses(self):
        order = self._order()
        self._lead()
        self._hand_on()
        for customer in self.mine, self.former:
            order.partner_id = customer
            self.mine_env.flush_all()
            self.env.invalidate_all()
        for name in "partner_invoice_id", "partner_shipping_id":
            self.assertEqual(order[name], self.former, name)
        self.assertNotIn("Secret", order.payment_term_id.name or "")

    def test_what_is_created_is_filled_in_with_nothing(self):
        kinds = "out_invoice", "out_refund"
        known = [self._order(), *map(self._invoice, kinds)]
        self._hand_on()
        made = [self._order(), *map(self._invoice, kinds)]
        self._end()
        # a copy of an invoice is of whoever has the customer now
        for document in known[1:]:
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                document.copy()
        made.append(known[0].copy())
        self._end()
        for document in made:
            self._assert_untold(
                document.web_read(self._shown(document)), document._name
            )
        # else this proves nothing
        self.manager.group_ids += self.env.ref("account.group_account_invoice")
        env = self.env(user=self.manager)
        self.patch(self.env.transaction, "default_env", env)
        order = env["sale.order"].create({"partner_id": self.former.id})
        told = {"fiscal_position_id", "preferred_payment_method_line_id"}
        for document, more in (
            (order, {"payment_term_id", "pricelist_id"}),
            (self._invoice(env=env), {"invoice_payment_term_id"}),
            (self._invoice("out_refund", env=env), {"partner_bank_id"}),
        ):
            for name in told | more:
                self.assertIn("Secret", document[name].display_name or "", name)

    def _enter_of_mine(self):
        """Enter for an own customer what documents are filled in with."""
        values = {
            "property_payment_term_id": self.env["account.payment.term"],
            "property_product_pricelist": self.env["product.pricelist"],
            "property_account_position_id": self.env["account.fiscal.position"],
        }
        self.mine.write(
            {
                "phone": "+84 911 777 888",
                "email": "mine@mine.example",
                "street": "1 Mine Street",
                "function": "Mine function",
                "website": "https://mine.example",
                "property_inbound_payment_method_line_id": self.method.id,
                **{
                    name: kind.create({"name": f"Mine {name}"}).id
                    for name, kind in values.items()
                },
            }
        )
        self._end()

    def test_an_order_keeps_no_terms_of_the_customer_before(self):
        self._enter_of_mine()
        self._order()
        line = Command.create({"product_id": self.product.id})
        order = self.mine_env["sale.order"].create(
            {"partner_id": self.mine.id, "order_line": [line]}
        )
        names = (
            "payment_term_id",
            "pricelist_id",
            "fiscal_position_id",
            "preferred_payment_method_line_id",
        )
        self._end()
        for name in names:
            self.assertTrue(order[name], name)
        before = order.pricelist_id
        self._hand_on()
        for way in ("form", "saved"):
            if way == "form":
                shown = {name: {"fields": {}} for name in names}
                given = {"partner_id": self.former.id}
                shown["show_update_fpos"] = {}
                said = order.onchange(given, ["partner_id"], shown)["value"]
                self.assertTrue(said["show_update_fpos"])
            else:
                order.partner_id = self.former
                self._end()
                said = order.web_read(dict.fromkeys(names, {"fields": {}}))[0]
            for name in {*names} - {"pricelist_id"}:
                self.assertIs(said.get(name), False, (way, name))
            prices = (said["pricelist_id"] or {}).get("id")
            self.assertNotEqual(prices, before.id, way)
            secret = self.company_secrets["property_product_pricelist"]
            self.assertNotEqual(prices, secret, way)

    def test_what_is_chosen_with_the_customer_stays(self):
        self._order()
        order = self.mine_env["sale.order"].create({"partner_id": self.mine.id})
        self._hand_on()
        chosen = self.env["account.payment.term"].create({"name": "Chosen"})
        order.write({"partner_id": self.former.id, "payment_term_id": chosen.id})
        self._end()
        self.assertEqual(order.payment_term_id, chosen)
        order.partner_id = self.former
        self._end()
        self.assertEqual(order.payment_term_id, chosen, "the same customer again")

    def test_an_invoice_keeps_no_terms_of_the_customer_before(self):
        self._enter_of_mine()
        self._invoice()
        line = Command.create({"name": "Bed", "price_unit": 5})
        invoice = self.mine_env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.mine.id,
                "invoice_user_id": self.mai.id,
                "invoice_line_ids": [line],
            }
        )
        names = (
            "invoice_payment_term_id",
            "fiscal_position_id",
            "preferred_payment_method_line_id",
        )
        for name in names:
            self.assertTrue(invoice[name], name)
        self._hand_on()
        invoice.partner_id = self.former
        self._end()
        for name in names:
            self.assertFalse(invoice[name], name)

    def test_a_lead_keeps_no_address_of_the_customer_before(self):
        self._enter_of_mine()
        self._lead()
        lead = self._lead(self.mine)
        names = "phone", "email_from", "street", "function", "website"
        for name in names:
            self.assertTrue(lead[name], name)
        self._hand_on()
        shown = dict.fromkeys(names, {})
        given = {"partner_id": self.former.id}
        said = lead.onchange(given, ["partner_id"], shown)["value"]
        for name in names:
            self.assertIs(said.get(name), False, name)
        self.env.invalidate_all(flush=False)
        lead.partner_id = self.former
        self._end()
        for name in names:
            self.assertFalse(lead[name], name)
        self.assertEqual(self.mine.phone, "+84 911 777 888", "of whom it was")

    def test_a_new_lead_keeps_nothing_of_the_customer_before(self):
        """Not saved yet: what the form says of the one before may be anybody's."""
        self._enter_of_mine()
        self._lead()
        self._hand_on()
        leads = self.mine_env["crm.lead"]
        names = "phone", "email_from", "street", "function", "website"
        shown = dict.fromkeys(names, {})
        values = {"partner_id": self.mine.id}
        form = leads.onchange(values, ["partner_id"], shown)["value"]
        for name in names:
            self.assertTrue(form[name], name)
        self.env.invalidate_all(flush=False)
        values = {**form, "partner_id": self.former.id}
        said = leads.onchange(values, ["partner_id"], shown)["value"]
        for name in names:
            self.assertIs(said.get(name), False, name)

    def test_a_new_quotation_keeps_nothing_of_the_customer_before(self):
        self._enter_of_mine()
        self._order()
        self._hand_on()
        names = (
            "payment_term_id",
            "fiscal_position_id",
            "preferred_payment_method_line_id",
        )
        orders = self.mine_env["sale.order"]
        told = (*names, "pricelist_id", "partner_invoice_id", "partner_shipping_id")
        shown = dict.fromkeys(told, {"fields": {}})
        values = {"partner_id": self.mine.id, "order_line": []}
        form = orders.onchange(values, ["partner_id"], shown)["value"]
        for name in told:
            self.assertTrue(form[name], name)
        self.env.invalidate_all(flush=False)
        values |= {name: form[name]["id"] for name in told}
        values["partner_id"] = self.former.id
        said = orders.onchange(values, ["partner_id"], shown)["value"]
        for name in names:
            self.assertIs(said.get(name), False, name)
        self.assertNotEqual(said["pricelist_id"]["id"], form["pricelist_id"]["id"])
        for name in "partner_invoice_id", "partner_shipping_id":
            self.assertEqual(said[name]["id"], self.former.id, name)

    def test_a_new_quotation_begun_for_who_is_hidden_by_now_is_begun_again(self):
        """Its addresses are the customer's before: no other one is given to it."""
        orders = self.mine_env["sale.order"]
        other = self._customer("Other", user_id=self.mai.id)
        self._begin()
        told = "partner_invoice_id", "partner_shipping_id"
        shown = dict.fromkeys(told, {"fields": {"display_name": {}}})
        values = {"partner_id": self.mine.id, "order_line": []}
        form = orders.onchange(values, ["partner_id"], shown)["value"]
        self._begin()
        self.mine.user_id = self.nam
        self._begin()
        values |= {name: form[name]["id"] for name in told}
        values["partner_id"] = other.id
        with self.assertRaises(AccessError) as refused:
            orders.onchange(values, ["partner_id"], shown)
        self.assertNotIn("Mine", str(refused.exception))

    def test_whose_order_a_new_quotation_is_does_not_tell_who_has_the_customer(self):
        self._order()
        self._hand_on()
        orders = self.mine_env["sale.order"]
        values = {"partner_id": self.former.id, "order_line": []}
        shown = {"user_id": {"fields": {"display_name": {}}}}
        said = orders.onchange(values, ["partner_id"], shown)["value"]
        self.assertEqual(said["user_id"]["id"], self.mai.id)

    def test_a_manager_fills_in_what_the_customer_has(self):
        """An order of a colleague's is a contract: its terms are those that were agreed
        with the customer, and the colleague reads them there and nowhere else. A lead
        stays as its salesperson may read it."""
        order, lead = self._order(), self._lead()
        other = self._customer("Other")
        for document in order, lead:
            document.with_env(self.env).partner_id = other
        self._hand_on()
        self.addresses.street = SECRET["street"]
        env = self.env(user=self.manager)
        self.patch(self.env.transaction, "default_env", env)
        for document in order, lead:
            document.with_env(env).partner_id = self.former
        env.flush_all()
        self._begin()
        self.assertEqual(order.payment_term_id.name, "Secret term")
        self.assertEqual(order.pricelist_id.name, "Secret prices")
        self.assertIn(order.partner_shipping_id.sudo(), self.addresses)
        named = {"fields": {"display_name": {}}, "context": {"show_address": True}}
        (said,) = order.web_read({"partner_shipping_id": named, "partner_id": named})
        self._assert_no_more_than_names(said)
        self._assert_untold(lead.web_read(self._shown(lead)), "lead")
        with self.assertRaises(AccessError):
            order.partner_shipping_id.read(["street", "phone"])

    def _assert_no_more_than_names(self, said):
        for told in said.values():
            if isinstance(told, dict):
                self.assertNotIn("\n", told["display_name"])
        self.assertNotIn(SECRET["street"], str(said))
        self.assertNotIn(SECRET["email"], str(said))

    def test_whether_mails_to_a_hidden_customer_are_refused_is_not_said(self):
        lead = self._lead()
        self._hand_on()
        self.env["mail.blacklist"]._add(SECRET["email"])
        for user, is_told in ((self.mai, False), (self.manager, True)):
            self._begin()
            told = lead.with_user(user)
            refused = [("id", "=", lead.id), ("partner_is_blacklisted", "=", True)]
            self.assertEqual(told.partner_is_blacklisted, is_told)
            self.assertEqual(bool(told.search(refused)), is_told)

    def test_what_was_typed_before_the_customer_stays(self):
        self._lead()
        lead = self.mine_env["crm.lead"].create(
            {"name": "x", "user_id": self.mai.id, "phone": "+84 911 555 666"}
        )
        self._hand_on()
        lead.partner_id = self.former
        self._end()
        self.assertEqual(lead.phone, "+84 911 555 666")

    def test_access_is_asked_as_often_for_many_leads(self):
        asked = []
        access = type(self.access)
        ask = access._filter

        def count(records, partner_ids, to_write=False):
            asked.append(partner_ids)
            return ask(records, partner_ids, to_write)

        self.patch(access, "_filter", count)

        def number_of(act):
            self._begin()
            asked.clear()
            act()
            self.env.flush_all()
            return len(asked)

        def make(many):
            self.mine_env["crm.lead"].create(
                [
                    {
                        "name": f"Lead {number}",
                        "partner_id": self.mine.id,
                        "user_id": self.mai.id,
                        "phone": f"+84 911 000 {number}",
                    }
                    for number in range(100, 100 + many)
                ]
            )

        def call(customer):
            customer.with_env(self.mine_env).phone = "+84 912 000 111"

        number_of(lambda: make(1))
        one = number_of(lambda: make(1))
        # some more or less: in what order Odoo works things out changes
        self.assertLess(number_of(lambda: make(20)), 2 * one)
        self.assertTrue(one)
        # a telephone of a customer, which the leads follow
        single = self._customer("Single", user_id=self.mai.id)
        self._begin()
        self._lead(single)
        one = number_of(lambda: call(single))
        self.assertLess(number_of(lambda: call(self.mine)), 2 * one)

    def test_an_address_that_one_knows_is_filled_in(self):
        store = self._customer("Store", parent_id=self.former.id, type="delivery")
        self._begin()
        order = self._order()
        self.assertEqual(order.partner_shipping_id, store)
        self._begin()
        self.former.user_id = self.nam
        self._begin()
        again = self.mine_env["sale.order"].create({"partner_id": self.former.id})
        self.assertEqual(again.partner_shipping_id, store)
        self.assertEqual(again.partner_invoice_id, self.former)

    def test_a_line_is_said_in_the_language_of_the_customer(self):
        order = self._order()
        self._hand_on()
        (line,) = order.order_line.read(["translated_product_name"])
        self.assertEqual(line["translated_product_name"], "Bed")

    def test_own_documents_open(self):
        documents = [self._lead(), self._order(), self._invoice(), self._meeting()]
        self._hand_on()
        for document in documents:
            with Form(document):
                pass
            self._begin()

    # ------------------------------------------------------------
    # MEETINGS
    # ------------------------------------------------------------

    def test_who_comes_to_an_own_meeting_is_named_and_nothing_else(self):
        meeting = self._meeting()
        self._hand_on()
        attendee = meeting.attendee_ids.filtered(
            lambda one: one.sudo().partner_id == self.former
        )
        self.assertEqual(attendee.common_name, "Former")
        self._assert_untold(attendee.read(self._shown(attendee)), "attendee")
        events = self.mine_env["calendar.event"]
        own = ("id", "=", meeting.id)
        for asked in (
            ("attendee_ids.email", "like", "secret"),
            ("attendee_ids.phone", "like", "222"),
            ("attendee_ids.partner_id.phone", "like", "222"),
            ("partner_ids.phone", "like", "222"),
        ):
            self.assertFalse(events.search([own, asked]), asked)
            self.assertEqual(
                events.with_user(self.manager).search([own, asked]), meeting, asked
            )
        meeting.write({"start": "2026-11-29 10:00:00", "stop": "2026-11-29 11:00:00"})

    def test_who_comes_of_ones_own_is_told_with_all(self):
        self.former.write(SECRET)
        self._begin()
        meeting = self._meeting()
        attendee = meeting.attendee_ids.filtered(
            lambda one: one.partner_id == self.former
        )
        self.assertEqual(attendee.email, SECRET["email"])
        self.assertEqual(attendee.phone, SECRET["phone"])
        attendees = self.mine_env["calendar.attendee"]
        for asked in (
            ("email", "like", "secret"),
            ("phone", "in", [SECRET["phone"]]),
            ("email", "not like", "nobody"),
        ):
            self.assertIn(attendee, attendees.search([asked]), asked)

    # ------------------------------------------------------------
    # WHO LOGS IN FOR A CUSTOMER
    # ------------------------------------------------------------

    def test_who_logs_in_for_a_hidden_customer_is_named_nowhere(self):
        """Users are called as the contact that they are."""
        portal = new_test_user(self.env, "secret@portal.example", "base.group_portal")
        portal.partner_id.write({"name": "Secret", "parent_id": self.theirs.id})
        self._begin()
        lead, invoice = self._lead(self.mine), self._invoice()
        for document, name in ((lead, "user_id"), (invoice, "invoice_user_id")):
            shown = {name: {"fields": {"display_name": {}}}}
            with self.assertRaises(AccessError):
                document.onchange({name: portal.id}, [name], shown)
            with self.assertRaises(AccessError):
                document.web_save({name: portal.id}, shown)
            with self.assertRaises(AccessError):
                document.browse().with_context(
                    **{f"default_{name}": portal.id}
                ).onchange({}, [], shown)
        lead.user_id = self.nam
        self.assertEqual(lead.sudo().user_id, self.nam)

    def test_no_activity_of_ones_own_names_who_logs_in_for_a_hidden_customer(self):
        portal = new_test_user(self.env, "secret@portal.example", "base.group_portal")
        portal.partner_id.write({"name": "Secret", "parent_id": self.theirs.id})
        colleague = self.nam
        kind = self.env["ir.model"]._get_id("res.users")
        lead = self._lead(self.mine)
        activity = lead.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.mai.id
        )
        self._begin()
        own = activity.with_env(self.mine_env)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            own.write({"res_model_id": kind, "res_id": portal.id})
        own.write({"res_model_id": kind, "res_id": colleague.id})
        self._begin()
        self.assertEqual(own.res_name, colleague.name)
        # as it was planned before the customer was a colleague's
        activity.sudo().with_env(self.env).write({"res_id": portal.id})
        self._begin()
        activities = own.browse()
        named = [("id", "=", own.id)]
        self.assertTrue(activities.search(named))
        self.assertFalse(activities.search([*named, ("res_name", "ilike", "secret")]))
        said = activities.formatted_read_group(named, ["res_name"])
        self._assert_untold(said, "grouped")
