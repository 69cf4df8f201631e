"""Salespeople who go through a list of telephones, to learn whom their colleagues have.

Each try is a request of its own: what it counts stays, whether or not it was refused.
"""

import pytest

from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.customer_base.models import customer_hint

from office import Office, copied_registry

NAME = "Nguyễn Thị Lan"
TRIED, ALLOWED = 60, 4
GROUPS = (
    "base.group_user",
    "base.group_partner_manager",
    "sales_team.group_sale_salesman",
)
COUNTED = customer_hint.MOST_A_DAY


def _phone(number):
    return f"0912 345 {number:03}"


class Sales(Office):
    """A salesperson with one customer, and a colleague with all others."""

    def __init__(self, registry):
        super().__init__(registry)
        for login in ("seller", "colleague"):
            self.hire(login, *GROUPS)
        with self.committed() as env:
            env.ref("base.main_company").country_id = env.ref("base.vn")
            partners = env["res.partner"]
            own = {"name": NAME, "user_id": self.users["seller"]}
            self.own = partners.create(own).id
            hidden = {"name": NAME, "user_id": self.users["colleague"]}
            self.hidden = partners.create(
                [{**hidden, "phone": _phone(number)} for number in range(TRIED)]
            ).ids
            access = env["customer.access"]
            access._switch(True)
            while access._fill():
                pass

    def begin(self, reaction):
        """Begin a day on which nobody was told anything."""
        with self.committed() as env:
            env.ref("base.main_company").same_customer_action = reaction
            env.cr.execute("DELETE FROM customer_hint")

    def tries(self, way, phone):
        """Return what a salesperson sees of a try; what it made is gone again."""
        with self.session("seller") as env:
            try:
                return way(env, {"name": NAME, "phone": phone}, self)
            except (AccessError, UserError, ValidationError) as error:
                return f"{type(error).__name__}: {error}"

    def learn(self, way, number=TRIED):
        """Return of how many numbers a salesperson learns that a colleague has them.

        What is seen of a number that nobody has tells nothing.
        """
        seen = [self.tries(way, _phone(place)) for place in range(number)]
        return sum(each != self.tries(way, "0977 111 222") for each in seen)


def _find(env, values, sales):
    found = env["customer.match"].find(values)
    return found["hidden"], found["reaction"]


def _create(env, values, sales):
    return bool(env["res.partner"].create(values))


def _write(env, values, sales):
    return env["res.partner"].browse(sales.own).write(values)


def _copy(env, values, sales):
    return bool(env["res.partner"].browse(sales.own).copy(values))


def _load(env, values, sales):
    return bool(env["res.partner"].load([*values], [[*values.values()]])["ids"])


def _enter(env, values, sales):
    return env["customer.match"].enter(values)["is_new"]


def _save(env, values, sales, told=False):
    """Save a form, which sends whom it showed."""
    values = {**values, "same_customers_told": told}
    return bool(env["res.partner"].web_save(values, {"id": {}}))


def _save_told(env, values, sales):
    return _save(env, values, sales, '{"ids": [], "hidden": true}')


def _save_with_ids(env, values, sales):
    return _save(env, values, sales, f'{{"ids": {sales.hidden[:20]}}}')


def _ask(env, values, sales):
    return env["customer.match"].ask_access(values, None, "They called")


def _lead(env, values, sales):
    lead = {"name": "Beds", "contact_name": NAME, "phone": values["phone"]}
    lead = env["crm.lead"].create({**lead, "user_id": env.uid})
    lead._handle_partner_assignment(create_missing=True)
    return bool(lead.partner_id)


@pytest.fixture(scope="module")
def sales():
    with copied_registry("hints") as registry:
        yield Sales(registry)


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(customer_hint, "MOST_A_DAY", ALLOWED)


def test_sixty_telephones_by_saving_tell_of_fifty(sales):
    sales.begin("reason")
    assert sales.learn(_create) == COUNTED


@pytest.mark.parametrize("way", [_find, _create, _write, _copy, _load, _enter, _lead])
@pytest.mark.parametrize("reaction", ["reason", "block"])
def test_each_way_tells_of_as_many(sales, few, way, reaction):
    sales.begin(reaction)
    assert sales.learn(way, 2 * ALLOWED) == ALLOWED


def test_no_other_way_tells_more(sales, few):
    sales.begin("reason")
    assert sales.learn(_find, 2 * ALLOWED) == ALLOWED
    for way in (_create, _write, _copy, _load, _enter, _lead):
        seen = sales.tries(way, _phone(2 * ALLOWED))
        assert seen == sales.tries(way, "0977 111 222"), way


def test_whoever_was_told_is_told_again(sales, few):
    """The form said it: so does saving, with the last hint of the day."""
    sales.begin("reason")
    sales.learn(_find, 2 * ALLOWED)
    last = _phone(ALLOWED - 1)
    assert sales.tries(_find, last) == ("sure", "reason")
    assert "ValidationError" in str(sales.tries(_create, last))


def test_with_nothing_to_tell_programs_are_refused_as_well(sales, few):
    """Where the company only wants it said, a program is still refused: that counts."""
    sales.begin("inform")
    assert sales.learn(_enter, 2 * ALLOWED) == ALLOWED


@pytest.mark.parametrize("way", [_save, _save_with_ids])
def test_a_form_that_is_stopped_as_installed_counts(sales, few, way):
    sales.begin("inform")
    assert sales.learn(way, 2 * ALLOWED) == ALLOWED
    assert sales.tries(_find, _phone(ALLOWED)) == ("", "")


def test_a_form_that_said_it_tells_nothing_when_it_saves(sales, few):
    sales.begin("inform")
    assert sales.learn(_save_told, 2 * ALLOWED) == 0
    assert sales.learn(_find, 2 * ALLOWED) == ALLOWED, "it used none up"


def test_with_a_reason_nothing_is_told(sales, few):
    sales.begin("reason")

    def with_a_reason(env, values, sales):
        return _create(env, {**values, "same_customer_reason": "her aunt"}, sales)

    assert sales.learn(with_a_reason, 2 * ALLOWED) == 0
    assert sales.learn(_find, 2 * ALLOWED) == ALLOWED, "it used none up"


def test_many_numbers_in_one_field_are_many(sales, few):
    sales.begin("reason")
    several = " / ".join(_phone(number) for number in range(ALLOWED + 1))
    assert sales.tries(_find, several) == ("", "")
    several = " / ".join(_phone(number) for number in range(ALLOWED))
    assert sales.tries(_find, several) == ("sure", "reason")
    assert sales.tries(_find, _phone(ALLOWED + 1)) == ("", "")


def test_a_birth_date_tells_nothing_of_hidden_ones(sales):
    sales.begin("reason")
    born = {"birthdate_date": "1990-03-10"}
    with sales.committed() as env:
        env["res.partner"].browse(sales.hidden[0]).write(born)

    def with_a_birth_date(env, values, sales):
        return _create(env, {"name": NAME, **born}, sales)

    assert sales.tries(with_a_birth_date, "") is True


def test_asking_says_nothing_of_whom_one_was_not_told_of(sales, few):
    """Who asked for too many is refused: that, too, says that there is somebody."""
    sales.begin("reason")
    with sales.committed() as env:
        requests = env["customer.access.request"].sudo()
        requests.create(
            [
                {"partner_id": partner, "user_id": sales.users["seller"]}
                for partner in sales.hidden[-20:]
            ]
        )
    assert sales.learn(_ask, 2 * ALLOWED) == ALLOWED


def test_an_id_of_a_company_tells_nothing(sales):
    """A number is told once: then ids are tried, for the one that makes it silent."""
    sales.begin("reason")
    for partner in sales.hidden[:3]:

        def below(env, values, sales, partner=partner):
            return _find(env, {**values, "parent_id": partner}, sales)

        assert sales.tries(below, _phone(0)) == ("sure", "reason")
        assert sales.tries(below, _phone(2)) == ("sure", "reason")


def test_ones_own_customer_looks_the_same_beside_hidden_ones(sales):
    """How much a number says follows from how many have it: of those one may see."""
    sales.begin("inform")
    # one bit below it is another level: with what two have it would be
    levels = []
    for phone, name, asked in (
        (_phone(0), "Trần Văn Bình", "Trần Bình"),
        ("0977 111 222", "Lý Thanh Cảnh", "Lý Cảnh"),
    ):
        with sales.session("seller") as env:
            partner = env["res.partner"].create(
                {"name": name, "city": "Huế", "phone": phone}
            )
            found = env["customer.match"].find(
                {"name": asked, "city": "Vinh", "phone": phone}
            )
            levels.append({one["id"]: one["level"] for one in found["matches"]})
            levels[-1] = levels[-1][partner.id]
    assert levels == ["sure", "sure"]


def test_at_the_same_moment_no_more_are_told(sales, few):
    """Whoever began before sees what others were told since."""
    sales.begin("reason")
    with sales.session("seller") as late:
        sales.learn(_find, ALLOWED)
        values = {"name": NAME, "phone": _phone(ALLOWED)}
        assert _find(late, values, sales) == ("", "")
