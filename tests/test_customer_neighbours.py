"""Salespeople with own customers only, where other applications of Odoo are installed:
projects, events, points of sale, websites, mailings and more."""

from pathlib import Path

import pytest

from odoo.addons.customer_base.models.ir_rule import CLOSED

from leaks import EXCUSED, EXCUSED_FIELDS, FOLLOWS, OURS
from neighbours import IS_WIDE, PATIENCE, ask

pytestmark = pytest.mark.timeout(PATIENCE)
PROGRAM = Path(__file__).with_name("customer_neighbours.py")
NEIGHBOURS = {
    "discuss.channel": "who talks with me",
    "event.event": "names who invites, and where to",
    "event.mail": "names templates",
    "event.type.mail": "likewise",
    "hr.job": OURS,
    "im_livechat.channel.member.history": "who talked with me on the website",
    "mailing.trace": "who sends mailings to everybody knows whom they reach",
}
NEIGHBOURS_FIELDS = {
    "loyalty.history.order_id": "an order of the customer whose card it is",
    "rating.rating.publisher_id": OURS,
    "rating.rating.rated_partner_id": OURS,
    "rating.rating.res_id": FOLLOWS,
    "website.visitor.livechat_operator_id": OURS,
}
#: What shows a line of an order, or a lead, and leaves out those of hidden customers.
NEIGHBOURS_TELLING = {"calendar.event"}
#: What is worked out of a customer, and says nothing of them.
NEIGHBOURS_FOLLOWING = {"project.project.company_id"}
#: With Sales beside Projects: a project lets go of a customer of another company.
NEIGHBOURS_FOLLOWING_WIDE = {"project.project.partner_id"}
#: Documents that are seen while customers are everybody's.
SEEN = {"event.registration", "rating.rating", "survey.user_input", "website.visitor"}
#: Who keeps books has these: tried with such a salesperson there.
BOOKS = "customer_leaks/test_leaks_models.py"
#: Documents that this salesperson sees of nobody, with all customers neither: of each
#: why that is, or where they are tried.
UNSEEN = {
    "account.analytic.distribution.model": BOOKS,
    "account.analytic.line": BOOKS,
    "account.bank.statement.line": BOOKS,
    "account.move": BOOKS,
    "account.payment": BOOKS,
    "account.reconcile.model": BOOKS,
    "account.reconcile.model.line": BOOKS,
    "customer.duplicate": "of who merges customers",
    "maintenance.equipment": "of who keeps it, or follows it",
    "payment.transaction": BOOKS,
    "project.project": "of who follows it, unless everybody is to see it",
    "project.task": "likewise: in a project of everybody's they are tried below",
}


@pytest.fixture(scope="module")
def told():
    return ask(PROGRAM)


def test_both_are_salespeople_of_own_customers(told):
    assert told["own only"] == [True, True]


def test_everything_that_names_customers_is_closed_or_excused(told):
    for login, names in told["naming"].items():
        left = set(names) - set(told["closed"]) - set(EXCUSED) - set(NEIGHBOURS)
        assert not left, login


def test_everything_that_names_telling_documents_is_closed_or_excused(told):
    assert set(told["telling"]) - set(told["closed"]) == NEIGHBOURS_TELLING


def test_every_field_that_names_customers_is_closed_or_excused(told):
    assert not set(told["fields"]) - set(EXCUSED_FIELDS) - set(NEIGHBOURS_FIELDS)


def test_what_follows_a_customer_is_emptied_or_excused(told):
    expected = NEIGHBOURS_FOLLOWING
    if IS_WIDE:
        expected = expected | NEIGHBOURS_FOLLOWING_WIDE
    assert set(told["following"]) == expected


def test_what_is_closed_exists(told):
    assert not told["unknown"]


def test_nothing_is_excused_in_vain(told):
    assert not set(NEIGHBOURS) & set(told["closed"])
    if IS_WIDE:
        assert set(NEIGHBOURS) <= set(told["naming"]["everything"])
        assert set(NEIGHBOURS_FIELDS) <= set(told["fields"])


def test_a_document_of_an_own_customer_is_seen(told):
    """As while customers are everybody's: nothing is hidden by hiding everything."""
    assert told["seen"]["Own"] == told["all seen"]
    if not IS_WIDE:
        assert set(told["tried"]) - set(told["all seen"]) == set(UNSEEN)


def test_a_document_of_a_hidden_customer_is_hidden(told):
    assert not told["seen"]["Zyxhidden"]
    for name in SEEN | ({"pos.order", "repair.order"} if IS_WIDE else set()):
        assert name in CLOSED
        assert name in told["seen"]["Own"]
        assert name in told["all seen"]


def test_visitors_of_a_website_tell_no_address_of_a_hidden_customer(told):
    assert told["visitors"] == ["", "own@example.com", "own@example.com"]


def test_a_task_is_seen_with_its_customer_or_by_whose_it_is(told):
    assert told["tasks"] == ["Own", "Zyxhidden"]


def test_a_task_keeps_the_telephone_of_who_is_a_colleagues_now(told):
    """As leads do: whose task it is hears of no new number, whoever makes it."""
    assert told["telephones"] == {
        "kept": "+84 911 000 002",
        "given": False,
        "made": False,
        "theirs": "+84 911 000 003",
        "found": 0,
        "former": "+84 911 000 003",
        "own": "+84 911 000 001",
    }
