"""Commands of ``bench.customers``, inside Odoo, on its database."""

from __future__ import annotations

import random
import time
from importlib import import_module

from odoo.fields import Domain

from bench.common.meter import Meter
from bench.common.worker import serve
from bench.urgent.copies import copies
from tools import databases

from .population import Person, enter_again, people, plain

SEED = 11
#: New customers are made with another one.
OTHER_SEED = 12
BATCH = 20_000
WARM = 10
#: A field of a form shows so many, a list so many, and counts no further than that.
SHOWN, LISTED, COUNTED = 8, 80, 10_001
#: Each owns as many customers as the others: 20,000 of a million.
OWNERS = 50
#: Whom a leader leads, and how many customers of others somebody is shown, in shares of
#: one's own.
LED, SHARED = 10, 10
#: What the list of contacts shows.
COLUMNS_OF_LIST = {
    "complete_name": {},
    "email": {},
    "phone": {},
    "user_id": {"fields": {"display_name": {}}},
    "city": {},
    "country_id": {"fields": {"display_name": {}}},
}


def _part_of_name(chance, values):
    words = plain(values["name"]).lower().split()
    return " ".join(chance.sample(words, min(2, len(words))))


def _digits(chance, values):
    return values.get("phone", "")[-6:]


#: What people type into a field, of somebody whom they know.
TYPED = {
    "whole name without marks": lambda chance, values: plain(values["name"]).lower(),
    "two words of the name": _part_of_name,
    "telephone": lambda chance, values: values.get("phone", ""),
    "last six figures": _digits,
    "tax code": lambda chance, values: values.get("tax_code", ""),
    "a common word": lambda chance, values: chance.choice(["nguyen", "thi", "cong ty"]),
    "nobody": lambda chance, values: f"{plain(values['name'])} qqx",
}
COLUMNS = "name phone email vat street city is_company".split()


class Commands:
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        self.meter = Meter()
        with self.meter.environment() as env:
            self.meter.remember(env.user)
        self.known: list[tuple[int, Person]] = []
        self.home = 0
        self.owners: list[int] = []
        self.readers: dict[str, str] = {}

    def judge(self, seed: int, count: int) -> dict:
        return _judging().judge(seed, count)

    def judge_febrl(self, paths: list[str]) -> dict:
        return _judging().judge_febrl(paths)

    def judge_by_hand(self) -> dict:
        return _judging().judge_by_hand()

    def fill(self, customers: int) -> dict:
        """Make customers and their keys; return the seconds that the keys took."""
        chance = random.Random(SEED)
        with self.meter.environment() as env:
            self.home = env.ref("base.vn").id
            env.ref("base.main_company").country_id = self.home
            self.owners = self._hire(env, OWNERS, "sales_team.group_sale_salesman")
            env.flush_all()
            entries = people(SEED, customers, again=0)
            for start in range(0, customers, BATCH):
                ids = self._insert(env, entries[start : start + BATCH])
                pairs = list(zip(ids, entries[start : start + BATCH], strict=True))
                self.known += chance.sample(pairs, min(20, len(pairs)))
            env["customer.key"]._begin_filling()
        databases.query("ANALYZE res_partner", self.meter.registry.db_name)
        begin = time.perf_counter()
        with self.meter.environment() as env:
            env["customer.key"]._cron_fill()
        seconds = time.perf_counter() - begin
        # as it is some minutes later
        for table in ("customer_key", "res_partner"):
            databases.query(f"VACUUM ANALYZE {table}", self.meter.registry.db_name)
        with self.meter.environment() as env:
            env.cr.execute("SELECT COUNT(*) FROM customer_key")
            keys = env.cr.fetchone()[0] / customers
        return {"seconds": seconds, "keys": keys}

    def ask(self, tries: int) -> dict:
        """Return what each question took, in milliseconds, and Odoo's own."""
        chance = random.Random(OTHER_SEED)
        new = [person.values for person in people(OTHER_SEED, tries, again=0)]
        known = [chance.choice(self.known) for _each in range(tries)]
        again = [(id_, enter_again(chance, person.values)) for id_, person in known]
        ours, odoo, found = [], [], 0
        for place in range(WARM + tries):
            id_, entered = again[place % tries]
            values = entered if place % 2 else new[place % tries]
            values = self._as_form(values)
            answer, (_queries, ms) = self.meter.measure(
                self._user, lambda env, values=values: self._find(env, values)
            )
            _answer, (_queries, core) = self.meter.measure(
                self._user, lambda env, values=values: self._find_as_odoo(env, values)
            )
            if place >= WARM:
                ours.append(ms)
                odoo.append(core)
                if place % 2:
                    found += id_ in [match["id"] for match in answer["matches"]]
        return {"ours": ours, "odoo": odoo, "found": found / (tries // 2)}

    def search(self, tries: int) -> dict:
        """Return what finding a customer took in a field, in milliseconds, Odoo's own
        way, too, by what was typed."""
        chance = random.Random(OTHER_SEED)
        costs = {}
        for what, typed in TYPED.items():
            ours, odoo, found = [], [], 0
            for place in range(WARM + tries):
                id_, person = chance.choice(self.known)
                while not (text := typed(chance, person.values)):
                    id_, person = chance.choice(self.known)
                answer, (_queries, ms) = self.meter.measure(
                    self._user, lambda env, text=text: self._search(env, text)
                )
                if place < WARM:
                    continue
                ours.append(ms)
                found += id_ in [each for each, _name in answer]
                if place < WARM + tries // 10:  # it takes long
                    _answer, (_queries, core) = self.meter.measure(
                        self._user,
                        lambda env, text=text: self._search_as_odoo(env, text),
                    )
                    odoo.append(core)
            costs[what] = {"ours": ours, "odoo": odoo, "found": found / tries}
        return costs

    def explain(self) -> list[str]:
        """Return the database's plans."""
        values = self._as_form(self.known[0][1].values)
        reads = {"check on entry": lambda env: self._find(env, values)}
        chance = random.Random(OTHER_SEED)
        for what, typed in TYPED.items():
            text = next(
                filter(None, (typed(chance, each.values) for _id, each in self.known))
            )
            reads[f"{what}: {text}"] = lambda env, text=text: self._search(env, text)
        return self.meter.plans(self._user, reads)

    def hire(self) -> str:
        """Return the login of a salesperson who sees own documents only."""
        with self.meter.environment() as env:
            groups = "sales_team.group_sale_salesman", "base.group_partner_manager"
            self._hire(env, 1, *groups, name="clerk")
        return "clerk 0"

    def set_action(self, action: str) -> None:
        """Say what happens when somebody enters who is there already."""
        with self.meter.environment() as env:
            env.ref("base.main_company").same_customer_action = action

    def own(self) -> dict:
        """Have salespeople see their own customers only.

        :return: *seconds* that it took until that held; *rows* of the table; and how
            many each of some *readers* sees
        """
        with self.meter.environment() as env:
            self._relate(env)
        begin = time.perf_counter()
        with self.meter.environment() as env:
            env["customer.access"]._switch(True)
        with self.meter.environment() as env:
            if not env["customer.access"]._is_on():
                env["customer.access"]._cron_fill()
        seconds = time.perf_counter() - begin
        # as it is some minutes later
        for table in ("customer_access", "res_partner"):
            databases.query(f"VACUUM ANALYZE {table}", self.meter.registry.db_name)
        readers = {}
        for reader, login in self.readers.items():
            with self.meter.environment(login) as env:
                assert env["customer.access"]._is_on()
                readers[reader] = env["res.partner"].search_count([])
        with self.meter.environment() as env:
            env.cr.execute("SELECT COUNT(*) FROM customer_access")
            rows = env.cr.fetchone()[0]
        return {"seconds": seconds, "rows": rows, "readers": readers}

    def read(self, reader: str, tries: int) -> dict:
        """Return what reading customers took somebody, in milliseconds, and who sees
        all of them, by what was read."""
        costs = {}
        for what, work in self._readings().items():
            ours, odoo = [], []
            for place in range(WARM + tries):
                for login, took in ((self.readers[reader], ours), ("all 0", odoo)):
                    _answer, (_queries, ms) = self.meter.measure(login, work)
                    if place >= WARM:
                        took.append(ms)
            costs[what] = {"ours": ours, "odoo": odoo}
        return costs

    def explain_own(self) -> list[str]:
        """Return the database's plans of what those read who see their own only."""
        lines = []
        for reader, login in self.readers.items():
            named = {f"{reader}: {each}": do for each, do in self._readings().items()}
            lines += self.meter.plans(login, named)
        return lines

    def create(self, number: int, login: str | None = None) -> list[float]:
        """Return what making a contact takes.

        :param login: whose it is, if not the system's
        """
        (person,) = people(1_000 + number, 1, again=0)
        values = self._as_form(person.values)
        values["name"] += f" {number}"

        def make(env):
            # who sees their own only makes them their own: so does the peer
            whose = {"user_id": env.uid} if login else {}
            return env["res.partner"].create({**values, **whose})

        return self.meter.measure(login or self._user, make)[1]

    def merge(self, sources: int, tries: int) -> dict:
        """Return the queries and milliseconds of merges and of their undoing."""
        costs = {"merge": [], "undo the merge of": []}
        for _try in range(tries):
            with self.meter.environment(self._user) as env:
                ids = [self._furnish(env, number) for number in range(sources + 1)]

            def merge(env, ids=ids):
                partners = env["res.partner"].browse(ids)
                return env["customer.merge"]._merge(partners[1:], partners[0]).id

            done, cost = self.meter.measure(self._user, merge)
            costs["merge"].append(cost)

            def undo(env, done=done):
                env["customer.merge"].browse(done)._undo()

            _nothing, cost = self.meter.measure(self._user, undo)
            costs["undo the merge of"].append(cost)
        return costs

    def _furnish(self, env, number: int) -> int:
        """Make a customer with some of everything."""
        partner = env["res.partner"].create(
            {"name": f"Twin {number}", "phone": f"0912 345 {number:03}"}
        )
        env["res.partner"].create({"name": "Contact", "parent_id": partner.id})
        env["sale.order"].create({"partner_id": partner.id}).action_confirm()
        env["crm.lead"].create({"name": "Beds", "partner_id": partner.id})
        partner.message_post(body="Called")
        partner.activity_schedule("mail.mail_activity_data_todo", summary="Call")
        env["res.partner.bank"].create(
            {"acc_number": f"970{partner.id}", "partner_id": partner.id}
        )
        return partner.id

    def _hire(self, env, number: int, *groups: str, name: str = "owner") -> list[int]:
        groups = [env.ref(group).id for group in groups]
        users = env["res.users"].with_context(no_reset_password=True)
        users = users.create(
            [
                {
                    "name": f"{name} {place}",
                    "login": f"{name} {place}",
                    "group_ids": [(6, 0, groups)],
                }
                for place in range(number)
            ]
        )
        self.meter.remember(users)
        return users.ids

    def _relate(self, env) -> None:
        """Give owners what makes it harder to say whom they see: others' customers for
        some days, contacts below others' companies, people whom they lead."""
        logins = ("owner 0", "owner 1", "owner 2", "owner 3")
        self.readers = dict(
            zip(
                (
                    "an owner",
                    "an owner with shares",
                    "an owner of contacts below others' companies",
                    f"a leader of {LED}",
                ),
                logins,
                strict=True,
            )
        )
        self._hire(env, 1, "sales_team.group_sale_salesman_all_leads", name="all")
        env["crm.team"].create(
            {
                "name": "Led",
                "user_id": self.owners[3],
                "member_ids": [(6, 0, self.owners[-LED:])],
            }
        )
        env.flush_all()
        env.cr.execute(
            """
            INSERT INTO customer_share (partner_id, user_id, until, reason)
            SELECT id, %s, CURRENT_DATE + 30, 'Leave'
              FROM res_partner
             WHERE user_id = %s AND id / %s %% %s = 0
            """,
            (self.owners[1], self.owners[4], OWNERS, SHARED),
        )
        # the company of each is the next customer, whom the next owner has
        env.cr.execute(
            """
            WITH contact AS (
                UPDATE res_partner AS contact
                   SET parent_id = company.id, commercial_partner_id = company.id,
                       is_company = FALSE,
                       complete_name = company.name || ', ' || contact.name
                  FROM res_partner company
                 WHERE contact.user_id = %s AND company.user_id = %s
                   AND company.id = contact.id + 1
             RETURNING company.id
            )
            UPDATE res_partner SET is_company = TRUE
             WHERE id IN (SELECT id FROM contact)
            """,
            (self.owners[2], self.owners[3]),
        )
        env.invalidate_all()

    def _readings(self) -> dict:
        """Return what a salesperson does all day: the list of customers as the client
        asks for it, how many there are, and finding one by a common word."""
        return {
            f"a page of {LISTED}": lambda env: env["res.partner"].web_search_read(
                [], COLUMNS_OF_LIST, limit=LISTED, count_limit=COUNTED
            ),
            "count": lambda env: env["res.partner"].search_count([]),
            "find by a common word": lambda env: self._search(env, "nguyen"),
        }

    @property
    def _user(self) -> str:
        return next(iter(self.meter.users))

    def _find(self, env, values: dict) -> dict:
        return env["customer.match"].find(values)

    def _find_as_odoo(self, env, values: dict) -> object:
        return env["res.partner"].new(values).same_vat_partner_id

    def _search(self, env, text: str) -> list:
        return env["res.partner"].name_search(text, limit=SHOWN)

    def _search_as_odoo(self, env, text: str) -> list:
        partners = env["res.partner"]
        domain = Domain.OR(
            Domain(name, "ilike", text) for name in partners._rec_names_search
        )
        return partners.search_fetch(domain, ["display_name"], limit=SHOWN).ids

    def _as_form(self, values: dict) -> dict:
        named = {
            "vat" if name == "tax_code" else name: text for name, text in values.items()
        }
        return {**named, "country_id": self.home} if self.home else named

    def _insert(self, env, entries: list[Person]) -> list[int]:
        rows = []
        for entry in entries:
            values = self._as_form(entry.values)
            rows.append([values.get(name) or None for name in COLUMNS])
            rows[-1][-1] = values["is_company"]
        types = [*["text"] * (len(COLUMNS) - 1), "bool"]
        arrays = ", ".join(f"%s::{each}[]" for each in types)
        sets = ", ".join(f"{name} = row.{name}" for name in COLUMNS)
        pattern = env["res.partner"].create({"name": "Pattern"})
        first = copies(pattern, len(entries))
        ids = list(range(first, first + len(entries)))
        env.cr.execute(
            f"""
            UPDATE res_partner partner
               SET {sets}, complete_name = row.name, country_id = %s,
                   commercial_partner_id = partner.id,
                   user_id = (%s::int[])[1 + partner.id %% %s]
              FROM unnest(%s, {arrays}) AS row (id, {", ".join(COLUMNS)})
             WHERE partner.id = row.id
            """,
            (
                self.home,
                self.owners,
                OWNERS,
                ids,
                *map(list, zip(*rows, strict=True)),
            ),
        )
        return ids


def _judging():
    # needs our addon, which Odoo alone has not, and finds only once it runs
    return import_module("bench.knowing.judging")


if __name__ == "__main__":
    serve(Commands())
