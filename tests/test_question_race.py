"""Two people in the same moment: one answers, the other reads the answer."""

import pytest

from odoo.exceptions import UserError

from office import Office, copied_registry


class AskedOffice(Office):
    """Somebody in sales asks, and two buyers answer."""

    def __init__(self, registry):
        super().__init__(registry)
        self.hire("care", "base.group_user", "sales_team.group_sale_salesman")
        for buyer in ("buyer", "other"):
            self.hire(buyer, "base.group_user", "purchase.group_purchase_user")
        with self.committed() as env:
            self.partner = env["res.partner"].create({"name": "Hospital"}).id

    def ask(self):
        with self.committed("care") as env:
            sale = env["sale.order"].create({"partner_id": self.partner})
            return env["supply.question"]._ask(sale, "purchase", "When?").id

    def answer(self, env, question, text="Friday"):
        env["supply.question"].browse(question)._answer(text)
        env.cr.flush()

    def withdraw(self, env, question):
        env["supply.question"].browse(question).action_withdraw()
        env.cr.flush()

    def read(self, question):
        with self.session() as env:
            question = env["supply.question"].browse(question)
            to_dos = question.with_context(active_test=False).activity_ids
            return question.state, question.answer, len(to_dos.filtered("active"))


@pytest.fixture(scope="module")
def office():
    with copied_registry("question") as registry:
        yield AskedOffice(registry)


def test_of_two_answers_one_counts(office):
    question = office.ask()
    office.collide(
        ("buyer", office.answer, question), ("other", office.answer, question)
    )
    assert office.read(question) == ("answered", "Friday", 0)
    # the server tries again, and tells the slower one what was answered
    with office.session("other") as retry, pytest.raises(UserError, match="Friday"):
        office.answer(retry, question, "Monday")
    assert office.read(question) == ("answered", "Friday", 0)


def test_answer_and_withdrawal_do_not_both_count(office):
    question = office.ask()
    office.collide(
        ("buyer", office.answer, question), ("care", office.withdraw, question)
    )
    office.act("care", office.withdraw, question)
    assert office.read(question) == ("answered", "Friday", 0)


def test_answer_after_a_withdrawal_is_refused(office):
    question = office.ask()
    office.collide(
        ("care", office.withdraw, question), ("buyer", office.answer, question)
    )
    with office.session("buyer") as retry, pytest.raises(UserError, match="withdrawn"):
        office.answer(retry, question)
    assert office.read(question) == ("withdrawn", False, 0)
