from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase

from .common import DocumentCommon
from .common_mail_link import SentLinkCase

LIST = "/odoo/my-approvals"
CLOSED = "The budget is closed."

#: What makes a browser fail the test, with a word of why.
LOOK = """
function check(good, complaint) {
    if (!good) {
        throw new Error(`${complaint}: ${document.body.innerText}`);
    }
}
function fits(element) {
    const {left, right, height} = element.getBoundingClientRect();
    check(left >= 0 && right <= innerWidth, "it does not fit on the screen");
    check(height >= 40, "it is too small for a finger");
}
check(
    document.documentElement.scrollWidth <= innerWidth, "the page scrolls sideways"
);
const text = document.body.innerText;
"""

#: Presses a button once, and waits for the page that answers.
PRESS = """
(() => {
    if (document.querySelector("section.message")) {
        return document.readyState === "complete";
    }
    if (document.readyState === "complete" && !window.pressed) {
        window.pressed = true;
        %s
        button.click();
    }
    return false;
})()
"""
#: Ends well, unless it threw before.
GOOD = 'console.log("test successful");'


class DocumentTourCase(TourCase, DocumentCommon):
    def _decided(self, document, event):
        """Return who decided, for whom and how, by the task and by the log."""
        process = document.sudo().approval_process_id
        self.assertFalse(process._find_broken_log())
        row = process.log_ids.filtered(lambda log: log.event == event)
        task = process.task_ids
        self.assertEqual((task.decided_by_id, task.channel), (row.user_id, row.channel))
        self.assertEqual(task.state, event)
        return row.user_id, row.on_behalf_of_id, row.channel


class SubstituteCase(DocumentTourCase):
    """Lead is away and Head decides for them, beside what is Head's own."""

    def setUp(self):
        super().setUp()
        now = fields.Datetime.now()
        self.env["approval.substitute"].create(
            {
                "user_id": self.lead.id,
                "substitute_id": self.head.id,
                "date_from": now - timedelta(hours=1),
                "date_to": now + timedelta(hours=9),
            }
        )
        self._rule(
            self._step(user_ids=self.head), domain="[('name', '=', 'Own')]", sequence=1
        )
        self.borrowed = self._submitted(name="Borrowed")
        self.own = self._submitted(name="Own")

    def assertDecidedOnBehalf(self):
        self.assertEqual((self.borrowed.state, self.own.state), ("done", "waiting"))
        self.assertEqual(
            self._decided(self.borrowed, "approved"), (self.head, self.lead, "screen")
        )


class BulkCase(DocumentTourCase):
    def _decide_in_bulk(self, name):
        self.patch(
            self.registry["test.approval.document"],
            "_approval_warnings",
            lambda documents: {
                each: [("over budget", "")] if each.name == "Paper 3" else []
                for each in documents
            },
        )
        papers = [self._submitted(name=f"Paper {number}") for number in range(1, 5)]
        self._tour(LIST, name, self.lead)
        nobody = self.env["res.users"]
        for paper, state, event in zip(
            papers,
            ("done", "draft") * 2,
            ("approved", "rejected") * 2,
            strict=True,
        ):
            with self.subTest(paper=paper.name):
                self.assertEqual(paper.state, state)
                self.assertEqual(
                    self._decided(paper, event), (self.lead, nobody, "screen")
                )
        self.assertEqual(
            papers[1].sudo().approval_process_id.close_reason, "Not this month"
        )


@tagged("post_install", "-at_install")
class TestBulkTour(Desk, BulkCase):
    def test_decide_in_bulk(self):
        self._decide_in_bulk("decide_in_bulk")


@tagged("post_install", "-at_install")
class TestBulkPhoneTour(Phone, BulkCase):
    def test_decide_in_bulk_on_a_phone(self):
        self._decide_in_bulk("decide_in_bulk_on_phone")


@tagged("post_install", "-at_install")
class TestSubstituteTour(Desk, SubstituteCase):
    def test_decide_on_behalf(self):
        self._tour(LIST, "decide_on_behalf", self.head)
        self.assertDecidedOnBehalf()


@tagged("post_install", "-at_install")
class TestSubstitutePhoneTour(Phone, SubstituteCase):
    def test_decide_on_behalf_on_a_phone(self):
        self._tour(LIST, "decide_on_behalf_on_phone", self.head)
        self.assertDecidedOnBehalf()


class HoldCase(DocumentTourCase):
    """What is approved on the screen can be taken back for some seconds."""

    def setUp(self):
        super().setUp()
        self.paper = self._submitted(name="Paper")

    def _undo(self):
        self._tour(LIST, "undo", self.lead)
        self.assertEqual(self.paper.state, "waiting")
        self.assertEqual(self._events(self.paper), ["submitted"])

    def _leave(self):
        self._tour(LIST, "leave", self.lead)
        self.assertEqual(self.paper.state, "done")
        self.assertEqual(
            self._decided(self.paper, "approved"),
            (self.lead, self.env["res.users"], "screen"),
        )

    def _go_away(self):
        self._tour(LIST, "go_away", self.lead)
        self.assertEqual(self.paper.state, "done")
        self.assertEqual(
            self._decided(self.paper, "approved"),
            (self.lead, self.env["res.users"], "screen"),
        )

    def _undo_rejection(self):
        self._tour(LIST, "undo_rejection", self.lead)
        self.assertEqual(self._events(self.paper), ["submitted"])

    def _refuse_meanwhile(self):
        def refuse(documents):
            raise UserError(CLOSED)

        Document = self.registry["test.approval.document"]
        self.patch(Document, "_approval_granted", refuse)
        self._tour(LIST, "refused_meanwhile", self.lead)
        self.assertEqual(self.paper.state, "waiting")


@tagged("post_install", "-at_install")
class TestHoldTour(Desk, HoldCase):
    def test_undo_on_the_list(self):
        """What is ticked there: alone, with others, or with a reason."""
        others = [self._submitted(name=f"Paper {number}") for number in (1, 2)]
        self._tour(LIST, "undo_on_list", self.lead)
        for paper in (self.paper, *others):
            self.assertEqual(self._events(paper), ["submitted"])

    def test_one_of_several_is_decided_otherwise(self):
        one, two, three = (self._submitted(name=f"Paper {n}") for n in (1, 2, 3))
        self._tour(LIST, "release_on_list", self.lead)
        self.assertEqual((one.state, three.state), ("done", "done"))
        self.assertEqual(two.sudo().approval_process_id.close_reason, "Too dear")

    def test_undo_on_the_next_one(self):
        others = [self._submitted(name=f"Paper {number}") for number in (1, 2)]
        self._tour(LIST, "undo_at_the_desk", self.lead)
        for paper in (self.paper, *others):
            self.assertEqual(self._events(paper), ["submitted"])

    def test_another_page_sends(self):
        self._go_away()

    def test_refused_after_leaving(self):
        def refuse(documents):
            raise UserError(CLOSED)

        self.lead.notification_type = "inbox"
        Document = self.registry["test.approval.document"]
        self.patch(Document, "_approval_granted", refuse)
        self._tour(LIST, "refused_after_leaving", self.lead)
        self.assertEqual(self.paper.state, "waiting")
        self.assertEqual(self._events(self.paper), ["submitted"])

    def test_decide_by_keys(self):
        self._tour(LIST, "by_keys", self.lead)
        self.assertEqual(self._events(self.paper), ["submitted"])


@tagged("post_install", "-at_install")
class TestHoldPhoneTour(Phone, HoldCase):
    def test_another_page_sends_on_a_phone(self):
        self._go_away()

    def test_undo_on_a_phone(self):
        self._undo()

    def test_undo_rejection_on_a_phone(self):
        self._undo_rejection()

    def test_a_reason_undone_is_no_comment_on_a_phone(self):
        self._tour(LIST, "reject_undo_approve", self.lead)
        self.assertEqual(self.paper.state, "done")
        self.assertFalse(self._tasks(self.paper).comment)

    def test_undo_of_several_on_a_phone(self):
        other = self._submitted(name="Paper 2")
        self._tour(LIST, "undo_chosen", self.lead)
        for paper in (self.paper, other):
            self.assertEqual(self._events(paper), ["submitted"])

    def test_leaving_sends(self):
        self._leave()

    def test_refused_meanwhile(self):
        self._refuse_meanwhile()


class SlowLineCase(DocumentTourCase):
    """The next one is long in coming, and something happens to the first meanwhile."""

    def setUp(self):
        super().setUp()
        self.papers = [self._submitted(name=f"Paper {number}") for number in (1, 2)]

    def _undo_before_next(self):
        self._tour(LIST, "undo_before_next", self.lead)
        self.assertEqual([paper.state for paper in self.papers], ["waiting"] * 2)

    def _sent_before_next(self):
        self._tour(LIST, "sent_before_next", self.lead)
        self.assertEqual([paper.state for paper in self.papers], ["done", "waiting"])


@tagged("post_install", "-at_install")
class TestSlowLineTour(Desk, SlowLineCase):
    def test_undo_before_the_next_one_is_there(self):
        self._undo_before_next()

    def test_sent_before_the_next_one_is_there(self):
        self._sent_before_next()


@tagged("post_install", "-at_install")
class TestSlowLinePhoneTour(Phone, SlowLineCase):
    def test_undo_before_the_next_one_is_there_on_a_phone(self):
        self._undo_before_next()

    def test_sent_before_the_next_one_is_there_on_a_phone(self):
        self._sent_before_next()


@tagged("post_install", "-at_install")
class TestNextPhoneTour(Phone, DocumentTourCase):
    def test_what_was_approved_otherwise_says_so(self):
        paper = self._submitted(name="Paper")
        paper.with_user(self.lead).action_approve()
        paper.with_user(self.clerk).write({"amount": 20})
        if paper.approval_state != "open":
            paper.with_user(self.clerk).action_submit_approval()
        self._tour(LIST, "changed", self.lead)
        self.assertEqual(paper.approval_state, "open")

    def test_a_second_tap_decides_nothing(self):
        papers = [self._submitted(name=f"Paper {number}") for number in (1, 2)]
        self._tour(LIST, "second_tap", self.lead)
        self.assertEqual([paper.state for paper in papers], ["waiting"] * 2)

    def test_decided_by_me_on_a_phone(self):
        self.rule.step_ids = [self._step("Second", self.head, sequence=20)]
        first, second = (self._submitted(name=f"Paper {number}") for number in (1, 2))
        first.with_user(self.lead).action_approve(comment="Only once")
        second.with_user(self.lead).action_reject("Too dear")
        self._tour("/odoo/my-decisions", "decided", self.lead)

    def test_the_next_one_follows_a_rejection_on_a_phone(self):
        papers = [self._submitted(name=f"Paper {number}") for number in (1, 2)]
        self._tour(LIST, "reject_and_next", self.lead)
        self.assertEqual([paper.state for paper in papers], ["draft", "waiting"])


@tagged("post_install", "-at_install")
class TestNextTour(Desk, DocumentTourCase):
    def test_keys_alone(self):
        papers = [self._submitted(name=f"Paper {number}") for number in (1, 2, 3)]
        self._tour(LIST, "keys_alone", self.lead)
        for paper in papers:
            self.assertEqual(self._events(paper), ["submitted"])

    def test_what_is_held_back_is_not_decided_otherwise(self):
        paper = self._submitted(name="Paper")
        self._tour(LIST, "held_form", self.lead)
        self.assertEqual(self._events(paper), ["submitted"])

    def test_the_next_one_follows_a_rejection(self):
        papers = [self._submitted(name=f"Paper {number}") for number in (1, 2)]
        self._tour(LIST, "reject_and_next", self.lead)
        self.assertEqual([paper.state for paper in papers], ["draft", "waiting"])
        process = papers[0].sudo().approval_process_id
        self.assertEqual(process.close_reason, "Too dear")

    def test_the_next_one_follows(self):
        papers = [self._submitted(name=f"Paper {number}") for number in (1, 2)]
        self._tour(LIST, "next_one", self.lead)
        self.assertEqual([paper.state for paper in papers], ["done", "done"])


class LiveCase(DocumentTourCase):
    """Others act while one looks at the screen."""

    def _let_others(self, act):
        """Let them, when the tour asks for it; it gets what the bus would carry.

        :param act: gets documents in the environment of the tour's request
        """
        told, bus = [], self.registry["bus.bus"]
        send = bus._sendone
        channels = self.lead.partner_id, self.env.ref("base.group_user")

        def note(model, target, kind, message):
            if kind.startswith("approval_matrix/") and target in channels:
                told.append([kind, message])
            return send(model, target, kind, message)

        def do(documents):
            told.clear()
            act(documents)
            return told

        self.patch(bus, "_sendone", note)
        self.patch(self.registry["test.approval.document"], "action_remind", do)

    def _as(self, user, documents, document):
        return documents.browse(document.id).with_user(user).sudo(False)

    def _change(self):
        paper = self._submitted(name="Paper")
        task = self._tasks(paper)
        self._let_others(
            lambda papers: self._as(self.clerk, papers, paper).write({"amount": 20})
        )
        self._tour(LIST, "form_changes", self.lead)
        self.assertEqual(task.process_id.state, "superseded")
        self.assertFalse(task.decided_by_id)

    def _follow(self):
        self.rule.step_ids = [self._step("Second", self.head, sequence=20)]
        paper = self._submitted(name="Paper")
        paper.with_user(self.lead).action_approve()
        task = self._tasks(paper).filtered(lambda task: task.state == "approved")
        self._let_others(
            lambda papers: self._as(self.head, papers, paper).action_approve()
        )
        self._tour(f"{LIST}/{task.id}", "form_follows", self.lead)
        self.assertEqual(paper.state, "done")

    def _watch_cards(self, name):
        """Once it is withdrawn there is less to say on the card of Paper 2."""
        self.patch(
            self.registry["test.approval.document"],
            "_approval_warnings",
            lambda documents: {
                each: [("over budget", "Three short. " * 20)] for each in documents
            },
        )
        papers = [self._submitted(name=f"Paper {number}") for number in (1, 2, 3)]
        last = self._document(name="Paper 4")

        def act(documents):
            self._as(self.clerk, documents, papers[1]).action_withdraw()
            self._as(self.clerk, documents, last).action_submit_approval()

        self._let_others(act)
        self._tour(LIST, name, self.lead)
        states = [paper.state for paper in (*papers, last)]
        self.assertEqual(states, ["waiting", "draft", "waiting", "waiting"])

    def _see_first_card(self):
        paper = self._document(name="Paper")
        self._let_others(
            lambda papers: self._as(self.clerk, papers, paper).action_submit_approval()
        )
        self._tour(LIST, "first_card", self.lead)
        self.assertEqual(paper.approval_holder_ids, self.lead)


@tagged("post_install", "-at_install")
class TestLiveTour(Desk, LiveCase):
    def test_an_open_task_says_that_it_changed(self):
        self._change()

    def test_what_others_decide_is_on_the_open_task(self):
        self._follow()

    def test_cards_stay_where_they_are(self):
        self._watch_cards("cards_change_on_a_desk")

    def test_what_is_ticked_stays_ticked(self):
        self._watch_cards("list_stands_while_ticked")


@tagged("post_install", "-at_install")
class TestLivePhoneTour(Phone, LiveCase):
    def test_an_open_task_says_that_it_changed_on_a_phone(self):
        self._change()

    def test_what_others_decide_is_on_the_open_task_on_a_phone(self):
        self._follow()

    def test_cards_stay_where_they_are_on_a_phone(self):
        self._watch_cards("cards_change")

    def test_the_first_card_appears_by_itself(self):
        self._see_first_card()


class CommentCase(DocumentTourCase):
    def _comment(self):
        paper = self._submitted(name="Paper")
        self.env["ir.attachment"].create(
            {"name": "quote.pdf", "res_model": paper._name, "res_id": paper.id}
        )
        self._tour(LIST, "comment", self.lead)
        self.assertEqual(self._tasks(paper).comment, "Only this time")

    def _forward_in_bulk(self, name):
        papers = [self._submitted(name=f"Paper {number}") for number in (1, 2)]
        self._tour(LIST, name, self.lead)
        for paper in papers:
            self.assertEqual(paper.approval_holder_ids, self.head)

    def _ask_in_bulk(self, name):
        papers = [self._submitted(name=f"Paper {number}") for number in (1, 2, 3)]
        self._tour(LIST, name, self.lead)
        for paper, asked in zip(papers, (1, 1, 0), strict=True):
            with self.subTest(paper=paper.name):
                log = paper.sudo().approval_process_id.log_ids
                questions = log.filtered(lambda row: row.event == "questioned")
                self.assertEqual(
                    questions.mapped("comment"), ["For which ward?"] * asked
                )
                self.assertEqual(paper.state, "waiting")


@tagged("post_install", "-at_install")
class TestCommentTour(Desk, CommentCase):
    def test_comment(self):
        self._comment()

    def test_forward_in_bulk(self):
        self._forward_in_bulk("forward_in_bulk")

    def test_ask_in_bulk(self):
        self._ask_in_bulk("ask_in_bulk")


@tagged("post_install", "-at_install")
class TestCommentPhoneTour(Phone, CommentCase):
    def test_comment_on_a_phone(self):
        self._comment()

    def test_forward_in_bulk_on_a_phone(self):
        self._forward_in_bulk("forward_in_bulk_on_phone")

    def test_ask_in_bulk_on_a_phone(self):
        self._ask_in_bulk("ask_in_bulk_on_phone")


class LinkTourCase(DocumentTourCase, SentLinkCase):
    """The page behind the link of an e-mail carries no script: the browser is told
    what to look at and what to press, with nobody logged in."""

    def _browse(self, *looks, press=None):
        """Open the link, press a button if told so, and look at the page."""
        code = "".join([LOOK, *looks, GOOD])
        ready = PRESS % press if press else "document.readyState === 'complete'"
        self.browser_js(self.path, f"(() => {{ {code} }})()", ready)
        self.env.invalidate_all()

    def _approve(self):
        self._browse(
            'check(text.includes("D1"), "the document is not named");',
            "fits(document.querySelector('form.approve button'));",
            "fits(document.querySelector('details.reject summary'));",
            "fits(document.querySelector('.thumb a'));",
            "const thumb = document.querySelector('.thumb').getBoundingClientRect();",
            'check(thumb.bottom <= innerHeight, "one must scroll to decide");',
        )
        self.assertEqual(self.document.state, "waiting", "looking decides nothing")
        self._browse(
            'check(text.includes("D1: Approved"), "not said to be approved");',
            press="const button = document.querySelector('form.approve button');",
        )
        self.assertEqual(self.document.state, "done")
        self.assertEqual(
            self._decided(self.document, "approved"),
            (self.lead, self.env["res.users"], "mail"),
        )
        self._look_again("D1: Approved by Lead")

    def _reject(self):
        self._browse(
            "document.querySelector('details.reject summary').click();",
            "fits(document.querySelector('details.reject textarea'));",
            "fits(document.querySelector('details.reject button'));",
        )
        self._browse(
            'check(text.includes("D1: Rejected"), "not said to be rejected");',
            press="""
                document.querySelector('details.reject summary').click();
                document.querySelector('#reason').value = 'Too dear';
                const button = document.querySelector('details.reject button');
            """,
        )
        self.assertEqual(self.document.state, "draft")
        self.assertEqual(
            self._decided(self.document, "rejected"),
            (self.lead, self.env["res.users"], "mail"),
        )
        process = self.document.sudo().approval_process_id
        self.assertEqual(process.close_reason, "Too dear")
        self._look_again("D1: Rejected by Lead")

    def _look_again(self, told):
        """The link was good for one decision: the page says which, and asks nothing."""
        before = self._events(self.document)
        self._browse(
            'check(text.includes("This is decided"), "not said to be decided");',
            f'check(text.includes("{told}"), "not said who decided");',
            'check(!document.querySelector("form, button"), "it asks again");',
        )
        self.assertEqual(self._events(self.document), before)


@tagged("post_install", "-at_install")
class TestLinkTour(Desk, LinkTourCase):
    def test_approve_by_the_link(self):
        self._approve()

    def test_reject_by_the_link(self):
        self._reject()


@tagged("post_install", "-at_install")
class TestLinkPhoneTour(Phone, LinkTourCase):
    def test_approve_by_the_link_on_a_phone(self):
        self._approve()

    def test_reject_by_the_link_on_a_phone(self):
        self._reject()


class PeopleCase(DocumentTourCase):
    """Paper waits for the second of two steps."""

    def setUp(self):
        super().setUp()
        self.rule.step_ids = [self._step("Second", self.head, sequence=20)]
        self.paper = self._submitted(name="Paper")

    def _absence(self):
        now = fields.Datetime.now()
        return self.env["approval.substitute"].create(
            {
                "user_id": self.lead.id,
                "substitute_id": self.head.id,
                "date_from": now - timedelta(hours=1),
                "date_to": now + timedelta(hours=9),
            }
        )

    def _send_back(self, name):
        self.paper.with_user(self.lead).action_approve()
        self._tour(LIST, name, self.head)
        self.assertEqual(self.paper.approval_holder_ids, self.lead)

    def _remind(self):
        process = self.paper.sudo().approval_process_id
        self._tour(f"/odoo/approval-requests/{process.id}", "remind", self.clerk)
        self.assertEqual(self._events(self.paper)[-1], "reminded")

    def _come_back(self):
        self.rule.allow_same_person = True
        self.paper.action_withdraw()
        absence = self._absence()
        paper = self._submitted(name="Away")
        self.assertEqual(paper.approval_holder_ids, self.head)
        self._tour(LIST, "come_back", self.lead)
        self.assertEqual(paper.approval_holder_ids, self.lead)
        self.assertEqual(absence.state, "over")

    def _be_away(self):
        self.rule.allow_same_person = True
        self.paper.action_withdraw()
        self._absence()
        paper = self._submitted(name="Away")
        self._tour(LIST, "away", self.lead)
        self.assertEqual(paper.approval_holder_ids, self.lead)

    def _decline(self):
        absence = self._absence()
        self._tour(f"/odoo/approval-absences/{absence.id}", "decline", self.head)
        self.assertEqual(absence.state, "declined")


@tagged("post_install", "-at_install")
class TestPeopleTour(Desk, PeopleCase):
    def test_send_back(self):
        self._send_back("send_back")

    def test_remind(self):
        self._remind()

    def test_come_back(self):
        self._come_back()

    def test_away(self):
        self._be_away()

    def test_decline(self):
        self._decline()

    def test_bulk_goes_on(self):
        Document = self.registry["test.approval.document"]
        granted = Document._approval_granted

        def refuse(documents):
            if any(document.name == "Paper 2" for document in documents):
                raise UserError(CLOSED)
            return granted(documents)

        self.patch(Document, "_approval_granted", refuse)
        self.rule.step_ids[1].unlink()
        papers = [self._submitted(name=f"Paper {number}") for number in (1, 2, 3)]
        self._tour(LIST, "bulk_goes_on", self.lead)
        self.assertEqual([paper.state for paper in papers], ["done", "waiting", "done"])

    def test_try_it(self):
        self.rule.domain = "[('name', '=', 'A')]"
        manager = self._user("ruler")
        manager.group_ids += self.env.ref("approval_matrix.group_approval_manager")
        self._tour("/odoo/approval-rules", "try_it", manager)


@tagged("post_install", "-at_install")
class TestPeoplePhoneTour(Phone, PeopleCase):
    def test_send_back_on_a_phone(self):
        self._send_back("send_back_on_phone")

    def test_remind_on_a_phone(self):
        self._remind()

    def test_come_back_on_a_phone(self):
        self._come_back()

    def test_away_on_a_phone(self):
        self._be_away()

    def test_decline_on_a_phone(self):
        self._decline()
