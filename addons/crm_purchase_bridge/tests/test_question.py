from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BridgeCommon

#: A Monday morning, working time where the company is.
MONDAY = "2026-03-02 09:00:00"


@tagged("post_install", "-at_install")
class TestAsking(BridgeCommon):
    def test_everyone_of_the_department_gets_one_to_do(self):
        question = self._ask(self._sale(product=self.kept))
        self.assertFalse(question.sudo().user_id)
        for user in (self.buyer, self.manager, self.director):
            self.assertEqual(len(self._to_dos(question, user)), 1)
        self.assertFalse(self._to_dos(question, self.seller))
        self.assertFalse(self._to_dos(question, self.care))

    def test_buyer_of_the_purchase_is_asked_by_name(self):
        sale = self._sale(confirm=True)
        self._purchase(sale).user_id = self.director
        question = self._ask(sale)
        self.assertEqual(question.sudo().user_id, self.director)
        self.assertEqual(self._to_dos(question).user_id, self.director)

    def test_buyer_of_the_linked_line_is_asked_by_name(self):
        sale = self._sale(confirm=True)
        self._purchase(sale).user_id = self.director
        self._follow_supply()
        question = self._ask(sale.order_line)
        self.assertEqual(question.sudo().user_id, self.director)

    def test_salesperson_of_the_customers_order_is_asked_by_name(self):
        sale = self._sale(confirm=True)
        purchase = self._purchase(sale)
        self._follow_supply()
        for record in (purchase, purchase.order_line):
            question = self._ask(record, "care", user=self.buyer)
            self.assertEqual(question.sudo().user_id, sale.user_id)

    def test_buyer_who_may_not_answer_is_not_asked_by_name(self):
        sale = self._sale(confirm=True)
        self._purchase(sale).user_id = self.clerk
        self.assertFalse(self._ask(sale).sudo().user_id)

    def test_person_may_be_named(self):
        question = self._ask(self._sale(), person=self.clerk)
        self.assertEqual(self._to_dos(question).user_id, self.clerk)

    def test_nobody_asks_themselves(self):
        with self.assertRaisesRegex(UserError, "the one who asks"):
            self._ask(self._sale(), person=self.care)

    def test_person_of_another_company_is_not_asked(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.clerk.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        with self.assertRaisesRegex(UserError, "does not work in"):
            self._ask(self._sale(), person=self.clerk)

    def test_department_without_people_cannot_be_asked(self):
        self.env.ref("stock.group_stock_user").all_user_ids.sudo().active = False
        with self.assertRaisesRegex(UserError, "Nobody in Warehouse"):
            self._ask(self._sale(), "stock")

    def test_same_open_question_is_asked_once(self):
        sale = self._sale()
        first, second = self._ask(sale), self._ask(sale)
        self.assertEqual(first, second)
        first.with_user(self.buyer)._answer("Friday")
        self.assertNotEqual(self._ask(sale), first)

    def test_line_shows_product_quantity_order_and_deadline(self):
        sale = self._sale(quantity=7, product=self.kept, needed_by=self.deadline)
        question = self._ask(sale.order_line).with_user(self.buyer)
        self.assertEqual(question.product_id, self.kept)
        self.assertEqual(question.quantity, 7)
        self.assertEqual(question.order_name, sale.name)
        self.assertEqual(question.needed_by, sale.needed_by)
        self.assertEqual(question.document_name, sale.name)

    def test_line_is_needed_when_the_customer_wants_it(self):
        self.company.partner_id.tz = "Asia/Ho_Chi_Minh"
        sale = self._sale(product=self.kept, needed_by=self.deadline)
        sale.sudo().order_line.wanted_on = "2030-05-05"
        question = self._ask(sale.order_line).with_user(self.buyer)
        self.assertEqual(str(question.needed_by), "2030-05-05 05:00:00")

    def test_quantity_follows_the_line(self):
        sale = self._sale(quantity=7, product=self.kept)
        question = self._ask(sale.order_line)
        sale.order_line.product_uom_qty = 50
        question.invalidate_recordset()
        self.assertEqual(question.with_user(self.buyer).quantity, 50)

    def test_purchase_line_shows_the_customers_order(self):
        sale = self._sale(confirm=True)
        line = self._purchase(sale).order_line
        self._follow_supply()
        question = self._ask(line, "care", user=self.buyer).with_user(self.care)
        self.assertEqual(question.order_name, sale.name)
        self.assertEqual(question.product_id, self.product)

    def test_name_of_the_document_has_no_amount(self):
        order = self._order(price=98765)
        question = self._ask(order, "care", user=self.buyer)
        self.assertEqual(question.sudo().document_name, order.name)
        name = question.with_user(self.care).display_name.replace(",", "")
        self.assertNotIn("98765", name)

    def test_nonsense_is_refused_with_a_reason(self):
        sale = self._sale()
        for text in (None, False, 5, "", " \n\t", "\0\0", ["When?"]):
            with self.subTest(text), self.assertRaisesRegex(UserError, "at least"):
                self._ask(sale, text=text)
        with self.assertRaisesRegex(UserError, "10240 characters"):
            self._ask(sale, text="x" * 10240)
        for department in ("", "kitchen", None, 5):
            with self.subTest(department), self.assertRaisesRegex(UserError, "Choose"):
                self._ask(sale, department)

    def test_html_is_shown_as_it_was_typed(self):
        text = "<script>alert(1)</script> & <b>when?</b>"
        question = self._ask(self._sale(), text=text)
        self.assertEqual(question.sudo().text, text)
        self.assertNotIn("<script", self._to_dos(question)[0].note)
        question.with_user(self.buyer)._answer(text)
        self.assertEqual(question.sudo().answer, text)
        message = self._message(self.care)
        self.assertIn("alert(1)", message.body)
        self.assertNotIn("<script", message.body)

    def test_nothing_of_a_document_that_is_gone_stays_open(self):
        sale = self._sale()
        question = self._ask(sale.order_line)
        sale.sudo().unlink()
        self.assertEqual(question.sudo().state, "withdrawn")
        self.assertFalse(self._to_dos(question))
        self.assertFalse(question.sudo().quantity)
        with self.assertRaisesRegex(UserError, "does not exist"):
            question.action_open_document()

    def test_question_counts_on_order_and_line(self):
        sale = self._sale()
        self._ask(sale)
        question = self._ask(sale.order_line)
        self.assertEqual(sale.with_user(self.care).question_count, 2)
        self.assertEqual(sale.order_line.with_user(self.care).question_count, 1)
        question.with_user(self.buyer)._answer("Friday")
        sale.invalidate_recordset()
        self.assertEqual(sale.with_user(self.care).question_count, 1)
        action = sale.with_user(self.care).action_view_questions()
        found = self.env["supply.question"].search(action["domain"])
        self.assertEqual(len(found), 2)

    def test_new_document_has_no_questions(self):
        self._ask(self._sale())
        new = self.env["sale.order"].with_user(self.care).new({})
        self.assertEqual(new.question_count, 0)


@tagged("post_install", "-at_install")
class TestAnswering(BridgeCommon):
    def setUp(self):
        super().setUp()
        self.sale = self._sale(product=self.kept)

    def test_answer_closes_the_to_dos_of_all(self):
        question = self._ask(self.sale)
        question.with_user(self.director)._answer("On Friday")
        self.assertEqual(question.sudo().state, "answered")
        self.assertEqual(question.sudo().answered_by_id, self.director)
        self.assertFalse(self._to_dos(question))

    def test_asker_hears_the_answer_at_once_and_in_the_inbox(self):
        question = self._ask(self.sale)
        self._notices("simple_notification")
        question.with_user(self.buyer)._answer("On Friday")
        notices = self._notices("simple_notification")
        self.assertEqual(len([one for one in notices if "On Friday" in one[1]]), 1)
        self.assertIn("On Friday", self._message(self.care).body)

    def test_second_one_reads_the_first_answer(self):
        question = self._ask(self.sale)
        question.with_user(self.buyer)._answer("On Friday")
        second = question.with_user(self.director)
        with self.assertRaisesRegex(UserError, "Buyer has answered already.*Friday"):
            second._answer("On Monday")
        with self.assertRaisesRegex(UserError, "Buyer has answered already.*Friday"):
            second.action_open_answer()
        self.assertEqual(question.sudo().answer, "On Friday")

    def test_answer_time_counts_working_hours(self):
        self.company.resource_calendar_id.tz = "UTC"
        with freeze_time("2026-03-06 15:00:00"):  # a Friday
            question = self._ask(self.sale)
        with freeze_time(MONDAY):
            question.with_user(self.buyer)._answer("On Friday")
        hours = self.company._approval_working_time().count(
            fields.Datetime.to_datetime("2026-03-06 15:00:00"),
            fields.Datetime.to_datetime(MONDAY),
        )
        self.assertEqual(question.sudo().answer_hours, hours)
        self.assertLess(hours, 8)

    def test_only_the_asked_department_answers(self):
        question = self._ask(self.sale)
        for user in (self.seller, self.care):
            with self.subTest(user.name), self.assertRaises(UserError):
                question.with_user(user)._answer("Sure")
        self.assertEqual(question.sudo().state, "open")

    def test_who_reads_the_question_cannot_answer_in_the_dialog(self):
        question = self._ask(self.sale)
        self.assertTrue(question.with_user(self.seller).has_access("read"))
        replies = self.env(user=self.seller)["supply.question.reply"]
        reply = replies.create({"question_id": question.id, "text": "Sure"})
        for kind in ("answer", "forward"):
            reply.write({"kind": kind, "user_id": self.seller.id})
            with self.subTest(kind), self.assertRaisesRegex(UserError, "Purchasing"):
                reply.action_confirm()
        self.assertEqual(question.sudo().state, "open")

    def test_named_person_answers_without_the_rights_of_the_department(self):
        question = self._ask(self.sale, person=self.clerk)
        question.with_user(self.clerk)._answer("On Friday")
        self.assertEqual(question.sudo().answered_by_id, self.clerk)

    def test_empty_answer_is_none(self):
        question = self._ask(self.sale)
        for text in ("", "  ", None, 7):
            with self.subTest(text), self.assertRaises(UserError):
                question.with_user(self.buyer)._answer(text)

    def test_forwarded_question_is_the_other_persons(self):
        question = self._ask(self.sale)
        before = question.sudo().due_at
        question.with_user(self.buyer)._forward(self.clerk)
        self.assertEqual(self._to_dos(question).user_id, self.clerk)
        self.assertEqual(question.sudo().due_at, before)
        question.with_user(self.clerk)._answer("On Friday")
        self.assertEqual(question.sudo().state, "answered")

    def test_stranger_forwards_nothing(self):
        question = self._ask(self.sale)
        with self.assertRaises(UserError):
            question.with_user(self.clerk)._forward(self.director)
        self.assertFalse(question.sudo().user_id)

    def test_question_is_not_forwarded_to_who_asks_or_is_gone(self):
        question = self._ask(self.sale).with_user(self.buyer)
        self.clerk.active = False
        portal = self.env.ref("base.public_user")
        for user in (self.care, self.clerk, portal, self.env["res.users"].browse(-3)):
            with self.subTest(user.id), self.assertRaises(UserError):
                question._forward(user)

    def test_asker_withdraws(self):
        question = self._ask(self.sale)
        question.action_withdraw()
        self.assertEqual(question.sudo().state, "withdrawn")
        self.assertFalse(self._to_dos(question))
        with self.assertRaisesRegex(UserError, "withdrawn"):
            question.with_user(self.buyer)._answer("On Friday")

    def test_nobody_else_withdraws(self):
        question = self._ask(self.sale)
        for user in (self.buyer, self.seller, self.admin):
            with self.subTest(user.name), self.assertRaises(UserError):
                question.with_user(user).action_withdraw()

    def test_answered_question_stays_answered(self):
        question = self._ask(self.sale)
        question.with_user(self.buyer)._answer("On Friday")
        question.action_withdraw()
        self.assertEqual(question.sudo().state, "answered")

    def test_dialog_asks_and_answers(self):
        action = self.sale.with_user(self.care).action_ask_question()
        ask = self.env(user=self.care, context=action["context"])[action["res_model"]]
        ask = ask.create({"text": "When?"})
        self.assertEqual(ask.people, "Everyone in Purchasing")
        ask.action_ask()
        question = self.env["supply.question"].search([], limit=1)
        action = question.with_user(self.buyer).action_open_answer()
        reply = self.env(user=self.buyer, context=action["context"])
        reply = reply[action["res_model"]].create({"text": "Friday"})
        self.assertEqual(reply.question, "When?")
        reply.action_confirm()
        self.assertEqual(question.answer, "Friday")

    def test_dialog_asks_about_one_product_of_the_order(self):
        self.sale.write(
            {"order_line": [Command.create({"product_id": self.product.id})]}
        )
        action = self.sale.with_user(self.care).action_ask_question()
        ask = self.env(user=self.care, context=action["context"])[action["res_model"]]
        ask = ask.create({"text": "When?", "product_id": self.product.id})
        self.assertEqual(ask.product_ids, self.kept | self.product)
        ask.action_ask()
        question = self.env["supply.question"].search([], limit=1)
        self.assertEqual(question.res_model, "sale.order.line")
        self.assertEqual(question.res_id, self.sale.order_line[1].id)
        self.assertEqual(question.product_id, self.product)

    def test_many_are_asked_with_few_queries(self):
        self._ask(self.sale, text="To warm up?")
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self._ask(self.sale, text="One?")
        self.env.flush_all()
        few = self.env.cr.sql_log_count - before
        for number in range(10):
            self._user(f"more{number}", "purchase.group_purchase_user")
        self._ask(self.sale, text="To warm up again?")
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self._ask(self.sale, text="Two?")
        self.env.flush_all()
        many = self.env.cr.sql_log_count - before
        self.assertLess(many - few, 10 * 5)

    def test_mine_to_answer(self):
        mine = [("can_answer", "=", True)]
        question = self._ask(self.sale)
        named = self._ask(self.sale, text="By name?", person=self.director)
        questions = self.env["supply.question"]
        self.assertEqual(questions.with_user(self.buyer).search(mine), question)
        both = question | named
        self.assertEqual(questions.with_user(self.director).search(mine), both)
        self.assertFalse(questions.with_user(self.care).search(mine))
        # a colleague may step in all the same
        self.assertTrue(named.with_user(self.buyer).can_answer)

    def test_median_by_department(self):
        self.company.resource_calendar_id = False  # around the clock
        for number, hours in enumerate((1, 2, 9)):
            with freeze_time(MONDAY):
                question = self._ask(self.sale, text=f"When, {number}?")
            with freeze_time(f"2026-03-02 {9 + hours:02}:00:00"):
                question.with_user(self.buyer)._answer("Soon")
        groups = self.env["supply.question"].formatted_read_group(
            [], ["department"], ["answer_hours:median", "__count"]
        )
        self.assertEqual(groups[0]["answer_hours:median"], 2)
        self.assertEqual(groups[0]["__count"], 3)


@tagged("post_install", "-at_install")
class TestQuestionLimit(BridgeCommon):
    def setUp(self):
        super().setUp()
        self.company.resource_calendar_id.tz = "UTC"
        self.company.partner_id.tz = "UTC"
        self.sale = self._sale(product=self.kept)
        self.managers = self.env.ref("purchase.group_purchase_manager").all_user_ids

    def _pass_limit(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_purchase_bridge.ir_cron_questions"
            ).method_direct_trigger()

    def test_limit_is_in_working_hours(self):
        with freeze_time("2026-03-06 15:00:00"):  # a Friday; 4 hours later is Monday
            question = self._ask(self.sale).sudo()
            start = question.asked_at
        self.assertEqual(question.limit_hours, 4)
        expected = self.company._approval_working_time().plan(4, start)
        self.assertEqual(question.due_at, expected)
        self.assertEqual(expected.weekday(), 0)

    def test_each_department_has_its_limit(self):
        self.company.supply_question_hours_purchase = 2
        self.company.supply_question_hours_stock = 0
        self.assertEqual(self._ask(self.sale).sudo().limit_hours, 2)
        stock = self._ask(self.sale, "stock").sudo()
        self.assertFalse(stock.due_at)
        self.assertFalse(stock.is_over_limit)

    def test_company_without_such_hours_has_no_limit(self):
        self.company.resource_calendar_id.attendance_ids.unlink()
        self.assertFalse(self._ask(self.sale).sudo().due_at)

    def test_managers_are_told_once(self):
        with freeze_time(MONDAY):
            question = self._ask(self.sale)
        with freeze_time("2026-03-03 09:00:00"):
            self.assertTrue(question.sudo().is_over_limit)
            self._pass_limit()
            to_dos = self._to_dos(question, kind="question_over")
            self.assertIn(self.manager, to_dos.user_id)
            self.assertLessEqual(to_dos.user_id, self.managers)
            self.assertNotIn(self.buyer, to_dos.user_id)
            to_dos.unlink()
            self._pass_limit()
            self.assertFalse(self._to_dos(question, kind="question_over"))

    def test_nobody_is_told_before(self):
        with freeze_time(MONDAY):
            question = self._ask(self.sale)
            self._pass_limit()
        self.assertFalse(question.sudo().escalated_at)
        self.assertFalse(self._to_dos(question, kind="question_over"))

    def test_to_do_that_was_thrown_away_is_back(self):
        with freeze_time(MONDAY):
            question = self._ask(self.sale)
        self._to_dos(question, self.buyer).unlink()
        with freeze_time("2026-03-03 09:00:00"):
            self._pass_limit()
        self.assertEqual(len(self._to_dos(question, self.buyer)), 1)
        self.assertEqual(len(self._to_dos(question, self.director)), 1)

    def test_person_who_left_hands_on_to_the_department(self):
        with freeze_time(MONDAY):
            question = self._ask(self.sale, person=self.director)
        self.director.action_archive()
        with freeze_time("2026-03-03 09:00:00"):
            self._pass_limit()
        self.assertIn(self.buyer, self._to_dos(question).user_id)

    def test_answer_ends_the_escalation_too(self):
        with freeze_time(MONDAY):
            question = self._ask(self.sale)
        with freeze_time("2026-03-03 09:00:00"):
            self._pass_limit()
            question.with_user(self.buyer)._answer("On Friday")
        self.assertFalse(question.sudo().activity_ids)
        self.assertFalse(question.sudo().is_over_limit)

    def test_search_finds_what_is_over_the_limit(self):
        with freeze_time(MONDAY):
            late = self._ask(self.sale)
        with freeze_time("2026-03-03 09:00:00"):
            young = self._ask(self.sale, text="And now?")
            both = self.env["supply.question"].browse((late | young).ids)
            mine = [("id", "in", both.ids)]
            over = both.search([*mine, ("is_over_limit", "=", True)])
            rest = both.search([*mine, ("is_over_limit", "=", False)])
        self.assertEqual(over, late.with_env(self.env))
        self.assertEqual(rest, young.with_env(self.env))

    def test_limit_moves_with_the_working_hours(self):
        with freeze_time(MONDAY):
            question = self._ask(self.sale).sudo()
            due = question.due_at
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "calendar_id": self.company.resource_calendar_id.id,
                    "company_id": self.company.id,
                    "date_from": "2026-03-02 00:00:00",
                    "date_to": "2026-03-02 23:59:59",
                }
            )
        self.assertGreater(question.due_at, due)


@tagged("post_install", "-at_install")
class TestReadingQuestions(BridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._user("own", "sales_team.group_sale_salesman")
        cls.other = cls._user("other", "sales_team.group_sale_salesman")
        cls.employee = cls._user("employee")

    def setUp(self):
        super().setUp()
        self.sale = self._sale(product=self.kept, user=self.own)
        self.sale.sudo().user_id = self.own

    def _reads(self, question, user):
        question = question.with_user(user)
        question.invalidate_recordset()
        found = question.search([("id", "=", question.id)])
        self.assertEqual(bool(found), question.has_access("read"))
        if found:
            question.read(["text", "document_name", "quantity", "order_name"])
        else:
            with self.assertRaises(AccessError):
                question.read(["text"])
        return bool(found)

    def test_who_reads_the_document_reads_the_question(self):
        question = self._ask(self.sale, user=self.own)
        self.assertTrue(self._reads(question, self.own))
        self.assertTrue(self._reads(question, self.seller))  # reads all orders
        self.assertFalse(self._reads(question, self.other))  # their own only
        self.assertFalse(self._reads(question, self.employee))

    def test_who_is_asked_reads_the_question_and_not_the_document(self):
        question = self._ask(self.sale, user=self.own)
        self.assertTrue(self._reads(question, self.buyer))
        self.assertFalse(self.sale.with_user(self.buyer).has_access("read"))
        self.assertFalse(question.with_user(self.buyer).can_open)
        self.assertTrue(question.with_user(self.own).can_open)
        with self.assertRaises(AccessError):
            question.with_user(self.buyer).action_open_document()

    def test_named_person_reads_it(self):
        question = self._ask(self.sale, user=self.own, person=self.employee)
        self.assertTrue(self._reads(question, self.employee))

    def test_sales_read_questions_about_purchases_only_when_asked(self):
        order = self._order()
        stock = self._ask(order, "stock", user=self.buyer)
        self.assertFalse(self._reads(stock, self.own))
        self.assertTrue(self._reads(stock, self.director))
        care = self._ask(order, "care", user=self.buyer)
        self.assertTrue(self._reads(care, self.own))
        self.assertFalse(order.with_user(self.own).has_access("read"))

    def test_archived_document_keeps_its_questions(self):
        lead = self.env["crm.lead"].create(
            {"name": "Ward", "type": "opportunity", "user_id": self.own.id}
        )
        question = self._ask(lead, "stock", user=self.seller)
        lead.active = False
        self.assertTrue(self._reads(question, self.own))

    def test_counts_and_groups_are_those_of_the_user(self):
        self._ask(self.sale, user=self.own)
        domain = [("document_name", "=", self.sale.name)]
        questions = self.env["supply.question"]
        self.assertEqual(questions.with_user(self.buyer).search_count(domain), 1)
        self.assertEqual(questions.with_user(self.other).search_count(domain), 0)
        groups = questions.with_user(self.other)._read_group(domain, ["department"])
        self.assertFalse(groups)

    def test_other_company_reads_nothing(self):
        question = self._ask(self.sale, user=self.own)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("stranger", "purchase.group_purchase_manager")
        stranger.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self.assertFalse(self._reads(question, stranger))

    def test_nobody_asks_about_what_they_may_not_read(self):
        with self.assertRaises(AccessError):
            self._ask(self.sale, user=self.other)
        with self.assertRaises(AccessError):
            self._ask(self._order(), "care", user=self.own)

    def test_dialogs_show_nothing_that_the_user_may_not_read(self):
        question = self._ask(self.sale, user=self.own)
        env = self.env(user=self.other)
        with self.assertRaises(AccessError):
            env["supply.question.reply"].create({"question_id": question.id})
        values = {"department": "purchase", "text": "When?", "res_model": "sale.order"}
        with self.assertRaises(AccessError):
            env["supply.question.ask"].create({**values, "res_id": self.sale.id})
        mine = self._sale(user=self.other)
        ask = env["supply.question.ask"].create({**values, "res_id": mine.id})
        with self.assertRaises(AccessError):
            ask.res_id = self.sale.id

    def test_dialog_asks_about_nothing_else(self):
        env = self.env(user=self.own)
        values = {"res_id": 1, "department": "purchase", "text": "When?"}
        for model in ("res.users", "supply.question", "ir.cron", "nonsense"):
            with self.subTest(model), self.assertRaises(UserError):
                env["supply.question.ask"].create({**values, "res_model": model})

    def test_context_of_the_caller_decides_nothing(self):
        question = self._ask(self.sale, user=self.own)
        forged = {
            "default_state": "answered",
            "default_asker_id": self.other.id,
            "default_user_id": self.other.id,
            "default_company_id": 1,
            "active_test": False,
            "bypass_access": True,
            "force": True,
            "install_mode": True,
            "mail_activity_quick_update": True,
            "mail_notrack": True,
        }
        other = question.with_user(self.other).with_context(**forged)
        self.assertFalse(other.search([("id", "=", question.id)]))
        for attempt in (
            lambda: other._answer("Sure"),
            lambda: other._forward(self.director),
            lambda: other.action_withdraw(),
            lambda: other.write({"state": "answered", "answer": "Sure"}),
            lambda: other.create({"text": "Hm", "department": "purchase"}),
            lambda: other.unlink(),
        ):
            with self.assertRaises(UserError):
                attempt()
        sale = self.sale.with_user(self.own).with_context(**forged)
        asked = self._ask(sale, text="Again?", user=self.own).sudo()
        self.assertEqual(asked.state, "open")
        self.assertEqual(asked.asker_id, self.own)

    def test_nobody_writes_directly(self):
        question = self._ask(self.sale, user=self.own)
        for user in (self.own, self.buyer, self.manager, self.admin):
            for mine in (question.with_user(user), question.with_user(user).sudo()):
                with self.subTest(user.name), self.assertRaises(AccessError):
                    mine.write({"answer": "Sure", "state": "answered"})
                with self.subTest(user.name), self.assertRaises(AccessError):
                    mine.unlink()
