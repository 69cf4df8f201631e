import json
from urllib.parse import urlsplit

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.approval_matrix.mail_link import make_link

from .common import PurchaseApprovalCommon

LATER = "2040-01-01"
LATEST = "2041-01-01"


class NewsCommon(PurchaseApprovalCommon):
    """An order of which one of two approvers has approved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(cls.manager, cls.director)
        cls.order = cls._submitted()
        cls.order.with_user(cls.manager).action_approve()
        cls.process = cls.order.sudo().approval_process_id

    def assertRunsOn(self):
        """The request runs on: the director is asked, the manager's approval stands."""
        self.assertEqual(self.process.state, "open")
        self.assertEqual(self.order.sudo().approval_process_id, self.process)
        self.assertEqual(self.order.approval_holder_ids, self.director)

    def assertStartsAgain(self):
        self.assertEqual(self.process.state, "superseded")
        self.assertEqual(self.order.approval_holder_ids, self.manager)


@tagged("post_install", "-at_install")
class TestNews(NewsCommon):
    """A new date of delivery is news: while the order waits, too."""

    def test_a_new_date_keeps_the_approvals_given_so_far(self):
        self.order.order_line.date_planned = LATER
        self.assertRunsOn()
        self.order.with_user(self.director).action_approve()
        self.assertEqual(self.order.state, "purchase")
        self.assertFalse(self.order._approval_missing())

    def test_the_log_has_what_the_dates_were(self):
        self.order.order_line.date_planned = LATER
        kept = self.process.log_ids.filtered(lambda log: log.event == "kept")
        after = kept.details["after"]["lines"][0]["date"]
        self.assertEqual(after, LATER)
        self.assertNotEqual(kept.details["before"]["lines"][0]["date"], LATER)
        self.assertFalse(self.process._find_broken_log())

    def test_approvers_read_the_new_date(self):
        self.order.order_line.date_planned = LATER
        self.assertIn("2040", str(self.process.summary))

    def _told(self):
        """Return what screens were told of requests that moved since the last time."""
        self.env.cr.precommit.run()
        rows = self.env["bus.bus"].sudo().search([])
        told = [json.loads(message) for message in rows.mapped("message")]
        rows.unlink()
        return [
            message["payload"]
            for message in told
            if message["type"] == "approval_matrix/changed"
        ]

    def test_open_screens_are_told_who_changed_it(self):
        """The request goes on as it was: nothing else tells them to look again."""
        self._told()
        self.order.order_line.date_planned = LATER
        self.assertEqual(
            self._told(),
            [
                {
                    "requests": self.process.ids,
                    "documents": {"purchase.order": self.order.ids},
                    "editor": self.buyer.id,
                }
            ],
        )
        self.order.order_line.date_planned = LATER
        self.assertFalse(self._told(), "what is there already")

    def test_open_card_shows_the_new_date(self):
        (task,) = self.process.task_ids.filtered(lambda task: task.state == "active")
        seen = task.with_user(self.director).sudo(False)
        before = str(seen.card)
        self.order.order_line.date_planned = LATER
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNotIn("2040", before)
        self.assertIn("2040", str(seen.card))

    def test_date_after_date(self):
        for date in (LATER, LATEST, LATER):
            self.order.order_line.date_planned = date
            self.assertRunsOn()

    def test_date_of_the_order_moves_its_lines(self):
        self.order.write({"date_planned": LATER})
        self.order.order_line.write({"date_planned": LATER})
        self.assertRunsOn()

    def test_date_and_price_ask_again(self):
        self.order.order_line.write({"date_planned": LATER, "price_unit": 8999})
        self.assertStartsAgain()

    def test_a_price_after_a_date_asks_again(self):
        self.order.order_line.date_planned = LATER
        self.order.order_line.price_unit = 8999
        self.assertStartsAgain()

    def test_date_of_ordering_asks_again(self):
        self.order.date_order = LATER
        self.assertStartsAgain()

    def test_another_line_asks_again(self):
        self.order.order_line.copy({"order_id": self.order.id, "date_planned": LATER})
        self.assertStartsAgain()

    def test_who_is_excluded_stays_the_same(self):
        excluded = self.process._get_excluded_users()
        self.assertEqual(excluded, self.buyer)
        self.order.with_user(self.director).order_line.date_planned = LATER
        self.assertEqual(self.process._get_excluded_users(), excluded)
        self.order.with_user(self.director).action_approve()
        self.assertEqual(self.order.state, "purchase")

    def test_who_touched_the_price_stays_excluded(self):
        self.rule.step_ids[1].user_ids |= self.care
        order = self._order()
        order.with_user(self.director).order_line.price_unit = 9500
        order.button_confirm()
        order.order_line.date_planned = LATER
        order.with_user(self.manager).action_approve()
        self.assertEqual(order.approval_holder_ids, self.care)
        with self.assertRaises(AccessError):
            order.with_user(self.director).action_approve()

    def test_what_changed_is_told_with_the_new_date(self):
        self.order.with_user(self.director).action_approve()
        self.order.order_line.price_unit = 12345
        self.order.order_line.date_planned = LATER
        process = self.order.sudo().approval_process_id
        self.assertEqual(process.state, "open")
        self.assertIn("12,345", process.changes_html)
        self.assertIn("2040", process.changes_html)

    def test_other_orders_of_the_same_call(self):
        other = self._submitted()
        lines = self.order.order_line | other.order_line
        lines.write({"date_planned": LATER})
        self.assertRunsOn()
        self.assertEqual(other.approval_state, "open")

    def test_news_of_old_terms(self):
        """A request from before its terms had a version compares what there was."""
        self.process._system_write({"terms_version": {}})
        before = self.order._approval_terms_as({})
        self.process._system_write(
            {
                "terms": before,
                "fingerprint": self.order._approval_fingerprint({}),
            }
        )
        self.order.order_line.date_planned = LATER
        self.assertRunsOn()
        self.assertTrue(self.process._has_terms_of(self.order))


@tagged("post_install", "-at_install")
class TestNewsFromThePortal(HttpCase, NewsCommon):
    def _update(self, order, date, token=None):
        url = f"/my/purchase/{order.id}/update"
        params = {str(order.order_line.id): date}
        if token:
            params["access_token"] = token
        response = self.url_open(
            url,
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        )
        self.env.invalidate_all()
        return response

    def test_the_vendor_s_link_changes_a_date(self):
        token = self.order.sudo()._portal_ensure_token()
        self._update(self.order, LATER, token)
        self.assertEqual(str(self.order.order_line.date_planned.date()), LATER)
        self.assertRunsOn()

    def test_the_vendor_s_user_changes_a_date_at_will(self):
        new_test_user(
            self.env,
            "vendor@urgent.example",
            groups="base.group_portal",
            partner_id=self.vendor.id,
        )
        self.order.sudo().message_subscribe(self.vendor.ids)
        self.authenticate("vendor@urgent.example", "vendor@urgent.example")
        for date in (LATER, LATEST):
            self._update(self.order, date)
            self.assertEqual(str(self.order.order_line.date_planned.date()), date)
            self.assertRunsOn()
        excluded = self.process._get_excluded_users()
        self.assertEqual(excluded, self.buyer)

    def test_links_in_mails_still_work(self):
        task = self.process.task_ids.filtered(lambda task: task.state == "active")
        link = urlsplit(make_link(task, self.director)).path
        self.order.order_line.date_planned = LATER
        page = self.url_open(link)
        self.assertEqual(page.status_code, 200)
        self.assertIn("csrf_token", page.text)
        self.order.order_line.price_unit = 12345
        page = self.url_open(link)
        self.assertEqual(page.status_code, 410)
        self.assertNotIn("csrf_token", page.text)
