from odoo.modules.module import load_script
from odoo.tests import Form, tagged
from odoo.tools.misc import file_path

from .common import DepositCommon

MIGRATION = "supplier_deposit/migrations/19.0.3.0.0/post-rules.py"


@tagged("post_install", "-at_install")
class TestCondition(DepositCommon):
    """A rule asks for an amount in company currency, and for anything else that an
    order says."""

    def _covers(self, rule, order):
        return rule in self.env["deposit.rule"]._match(order).values()

    def test_amount_is_compared_in_company_currency(self):
        rule = self._rule(30, amount_min=1000)
        currency = self.setup_other_currency("EUR")
        self._set_rate(currency, 0.5)
        half = self._order(price=50, confirm=False, currency_id=currency.id)
        less = self._order(price=49, confirm=False, currency_id=currency.id)
        self.assertTrue(self._covers(rule, half))
        self.assertFalse(self._covers(rule, less))

    def test_amount_and_condition_must_both_be_met(self):
        rule = self._rule(30, amount_min=1000, domain=self._of(self.vendor))
        self.assertTrue(self._covers(rule, self._order(confirm=False)))
        self.assertFalse(self._covers(rule, self._order(price=99, confirm=False)))
        other = self._order(confirm=False, partner_id=self.partner_b.id)
        self.assertFalse(self._covers(rule, other))

    def test_form_counts_orders_of_the_last_months(self):
        self._order()
        self._order(partner_id=self.partner_b.id)
        self._order(price=10)
        with Form(self._rule(30)) as form:
            self.assertIn("3 of the 3 orders", form.match_count)
            form.domain = self._of(self.vendor)
            self.assertIn("2 of the 3 orders", form.match_count)
            form.amount_min = 1000
            self.assertIn("1 of the 3 orders", form.match_count)
            form.domain = "[('no_such_field', '=', 1)]"
            self.assertFalse(form.match_count)
            form.domain = "[]"

    def test_new_rules_let_each_bill_take_what_is_open(self):
        form = Form(self.env["deposit.rule"])
        self.assertEqual(form.deduction, "open")
        self.assertIn("Add a deposit", form.preview)

    def test_preview_says_how_bills_deduct(self):
        rule = self._rule(30, deduction="open")
        self.assertIn("takes all that is open", rule.preview)
        rule.deduction = "proportion"
        self.assertIn("takes its share", rule.preview)


@tagged("post_install", "-at_install")
class TestCash(DepositCommon):
    """In Vietnam, who pays a vendor in cash from 5 million đồng on loses input VAT."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cash = cls.company_data["default_journal_cash"]

    def _settle(self, country):
        self.company.account_fiscal_country_id = self.env.ref(country)

    def test_warns_in_vietnam_only(self):
        rule = self._rule(30, journal_id=self.cash.id)
        self._settle("base.us")
        self.assertFalse(rule.is_cash_risky)
        self._settle("base.vn")
        rule.invalidate_recordset()
        self.assertTrue(rule.is_cash_risky)
        rule.journal_id = self.bank
        self.assertFalse(rule.is_cash_risky)

    def test_small_deposits_may_be_paid_in_cash(self):
        self._settle("base.vn")
        self.company.currency_id = self.env.ref("base.VND")
        rule = self._rule(30, journal_id=self.cash.id)
        self.assertTrue(rule.is_cash_risky)
        rule.cap = 4_999_999
        self.assertFalse(rule.is_cash_risky)
        rule.cap = 0
        rule.line_ids.write({"amount_type": "fixed", "amount": 4_999_999})
        self.assertFalse(rule.is_cash_risky)
        rule.line_ids.amount = 5_000_000
        self.assertTrue(rule.is_cash_risky)


@tagged("post_install", "-at_install")
class TestOldFields(DepositCommon):
    """Rules of before 19.0.3.0.0 go on with the same orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = file_path(MIGRATION)
        cls.translate = staticmethod(load_script(path, "post_rules").translate)
        cls.category = cls.env["product.category"].create({"name": "Beds"})
        cls.product.categ_id = cls.category

    def _covered(self, orders, domain="[]", **chosen):
        """Return which of the orders a rule is for."""
        ids = {name: records.ids for name, records in chosen.items()}
        rule = self._rule(30, domain=self.translate(ids, domain))
        found = self.env["deposit.rule"]._match(orders)
        rule.unlink()
        return orders.filtered(lambda order: order.id in found)

    def _orders_of(self, *partners):
        orders = [self._order(confirm=False, partner_id=p.id) for p in partners]
        return self.env["purchase.order"].union(*orders)

    def test_vendors_with_their_contacts(self):
        contact, subsidiary = self.env["res.partner"].create(
            [
                {"name": "Contact", "parent_id": self.vendor.id},
                {"name": "Sub", "parent_id": self.vendor.id, "is_company": True},
            ]
        )
        orders = self._orders_of(self.vendor, contact, subsidiary, self.partner_b)
        self.assertEqual(self._covered(orders, res_partner=self.vendor), orders[:2])
        self.assertEqual(self._covered(orders, res_partner=contact), orders[1])
        both = subsidiary | self.partner_b
        self.assertEqual(self._covered(orders, res_partner=both), orders[2:])

    def test_tags_of_vendors_and_of_their_contacts(self):
        tags = self.env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])
        contact = self.vendor.create({"name": "C", "parent_id": self.vendor.id})
        contact.category_id = tags[1]
        self.vendor.category_id = tags[0]
        orders = self._orders_of(self.vendor, contact, self.partner_b)
        category = "res_partner_category"
        self.assertEqual(self._covered(orders, **{category: tags[0]}), orders[:2])
        self.assertEqual(self._covered(orders, **{category: tags[1]}), orders[1])
        self.assertEqual(self._covered(orders, **{category: tags}), orders[:2])

    def test_categories_with_those_below(self):
        categories = self.env["product.category"]
        above = categories.create({"name": "Furniture"})
        below = categories.create({"name": "Beds", "parent_id": above.id})
        orders = self._order(confirm=False) | self._order(confirm=False)
        # not in the context of whoever made the product: its copies have no variant
        other = self.product.with_env(self.env).copy({"categ_id": below.id})
        orders[1].order_line.product_id = other
        for chosen in (above, below):
            self.assertEqual(self._covered(orders, product_category=chosen), orders[1])

    def test_all_together_with_a_condition(self):
        orders = self._orders_of(self.vendor, self.vendor, self.partner_b)
        orders[0].partner_ref = "A"
        condition = "['|', ('partner_ref', '=', 'A'), ('partner_ref', '=', 'B')]"
        found = self._covered(
            orders, condition, res_partner=self.vendor, product_category=self.category
        )
        self.assertEqual(found, orders[0])

    def test_what_was_archived_since_still_counts(self):
        orders = self._orders_of(self.vendor, self.partner_b)
        self.vendor.active = False
        self.product.active = False
        self.assertEqual(self._covered(orders, res_partner=self.vendor), orders[0])
        self.assertEqual(self._covered(orders, product_category=self.category), orders)

    def test_urgency_is_asked_for_by_its_name(self):
        condition = self.translate({"urgency_level": [3]}, "[('a', '=', 1)]")
        self.assertEqual(condition, "[('urgency_level_id', 'in', [3]), ('a', '=', 1)]")

    def test_a_rule_for_all_stays_one(self):
        self.assertEqual(self.translate({}, "[]"), "[]")


@tagged("post_install", "-at_install")
class TestLostField(DepositCommon):
    """An addon is uninstalled whose field a rule asks for."""

    def _field(self, **values):
        self.addCleanup(self.registry.reset_changes)
        return self.env["ir.model.fields"].create(
            {
                "name": "x_deposit",
                "field_description": "Wants Money",
                "model_id": self.env["ir.model"]._get_id("purchase.order"),
                "ttype": "boolean",
                **values,
            }
        )

    def test_rule_is_archived_and_tells_its_responsible(self):
        field = self._field()
        responsible = self.env.ref("base.user_admin")
        responsible.group_ids += self.env.ref("account.group_account_manager")
        values = {"amount_min": 1, "user_id": responsible.id}
        rule = self._rule(50, domain="[('x_deposit', '=', False)]", **values)
        self._rule(30, sequence=20)
        field.unlink()
        self.assertFalse(rule.active)
        message = rule.message_ids[0]
        self.assertIn("Wants Money", message.body)
        self.assertIn(responsible.partner_id, message.notified_partner_ids)
        self.assertEqual(self._order().deposit_ids.amount, 300)

    def test_field_on_the_way_counts(self):
        model = self.env["ir.model"]._get_id("res.partner")
        field = self._field(model_id=model)
        dotted = self._rule(50, domain="[('partner_id.x_deposit', '=', True)]")
        within = self._rule(
            50, domain="[('partner_id', 'any', [('x_deposit', '=', True)])]"
        )
        field.unlink()
        self.assertFalse(dotted.active or within.active)

    def test_other_rules_stay(self):
        field = self._field()
        rules = self._rule(30) | self._rule(30, domain=self._of(self.vendor))
        field.unlink()
        self.assertEqual(rules.mapped("active"), [True, True])
