"""Prices stay where they belong, both ways, on every route.

Two customers ask for the same, two purchases serve them, and all that tells one from
the other is a price. What somebody is answered must be the same when the two prices are
exchanged: then no field, search, order or group tells anything of them. Models, fields
and the columns that hold a price are found, so that none is forgotten.
"""

import os
from collections import defaultdict

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common import BridgeCommon
from .price_routes import (
    NUMBERS,
    OURS,
    REFUSED,
    Caller,
    get_ours,
    get_pattern,
    get_ways_to_field,
    get_ways_to_price,
)

#: Nothing else costs this: what goods are bought for, and sold for.
BOUGHT = (98765432.1, 87654321.2)
SOLD = (12345678.9, 23456789.8)
#: Tables that refuse changes: what they hold is exchanged all the same.
ONLY_GROW = ("supply_quote",)
#: How many fields in a row lead from ours to a price, with the price.
DEPTH = 4 if os.environ.get("WIDE") else 3
EVERYBODY = (*BOUGHT, *SOLD)
#: Which amounts are no business of whom. Storekeepers are missing: Odoo itself lets
#: them read orders of both kinds.
SECRETS = {
    "care": BOUGHT,
    "sales": BOUGHT,
    "chief": BOUGHT,
    "buyer": SOLD,
    "manager": SOLD,
    "approver": SOLD,
    "employee": EVERYBODY,
    "portal": BOUGHT,
    "public": EVERYBODY,
}


class PricesCommon(BridgeCommon):
    """Two orders of two products that differ in their prices only."""

    #: Prices are everywhere in it, so that no other class may share it.
    shared_setup = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.columns = {}
        cls.approver = cls._user("approver")
        cls._rule(cls.approver)
        cls.customer.email = "hospital@urgent.example"
        cls.people = {
            "care": cls.care,
            "sales": cls._user("own", "sales_team.group_sale_salesman"),
            "chief": cls.seller,
            "buyer": cls.buyer,
            "manager": cls.manager,
            "approver": cls.approver,
            "employee": cls._user("employee"),
            "portal": new_test_user(cls.env, "price-portal", "base.group_portal"),
            "public": cls.env.ref("base.public_user"),
        }
        cls.people["portal"].partner_id.parent_id = cls.customer
        for user in cls.people.values():
            if user._is_internal():
                user.group_ids += cls.env.ref("base.group_allow_export")
        cls._make_twins()

    @classmethod
    def _make_twins(cls):
        """Make what each of the two amounts is in, in each state that matters."""
        cls.sales, cls.leads = cls.env["sale.order"], cls.env["crm.lead"]
        cls.purchases = cls.rivals = cls.env["purchase.order"]
        for letter, bought, sold in zip("AB", BOUGHT, SOLD, strict=True):
            product = cls._product(f"Twin {letter}")
            product.seller_ids.price = bought
            product.list_price = sold
            product.route_ids = cls.product.route_ids
            kept = cls._product(f"Kept twin {letter}")
            kept.seller_ids.price = bought
            for user in (cls.care, cls.people["sales"]):
                cls.leads += cls._opportunity(user, product, sold)
                sale = cls._sale_for(user, product, sold)
                sale.action_confirm()
                cls.purchases += sale.sudo()._get_purchase_orders()
                cls.sales += sale + cls._sale_for(user, product, sold)
                pooled = cls._sale_for(user, kept, sold)
                pooled.action_confirm()
                cls.sales += pooled
            cls.purchases += cls._order(
                bought, user=cls.buyer, order_line=[cls._bought(kept, bought)]
            )
            cls._make_rivals(kept, bought)
        served, late = cls.purchases[:1], cls.purchases[3:4]
        (served + late).with_user(cls.buyer).button_confirm()
        (served + late).with_user(cls.approver).action_approve()
        cls._follow(cls)
        for sale in cls.sales:
            cls._question(sale.order_line, "purchase", sale.user_id)
        for order in cls.purchases:
            cls._question(order.order_line, "care", cls.buyer)
        # it slips: notices, versions
        (served + late).order_line.date_planned = cls.deadline.replace(year=2098)
        cls._follow(cls)

    @classmethod
    def _make_rivals(cls, product, price):
        """Make alternatives that were answered and chosen between."""
        rivals = cls.env["purchase.order"].with_user(cls.buyer)
        for _number in range(2):
            line = cls._bought(product, price)
            rivals += cls._order(user=cls.buyer, order_line=[line])
        group = {"order_ids": [Command.set(rivals.ids)]}
        cls.env["purchase.order.group"].create(group)
        line = rivals[0].order_line.sudo()
        cls.env["supply.answer"]._system_create([line._prepare_answer(2.0, price)])
        cls.env["supply.offer"]._keep(rivals.order_line, "lost")
        rivals.order_line.write({"vendor_asked_on": fields.Datetime.now()})
        cls.rivals += rivals

    def _follow(self):
        self.env.flush_all()
        changes = self.env["supply.change"]
        while changes._follow_batch():
            pass

    @classmethod
    def _bought(cls, product, price):
        values = {"product_id": product.id, "product_qty": 1.0, "price_unit": price}
        return Command.create(values)

    @classmethod
    def _sale_for(cls, user, product, price):
        sale = cls._urgent_sale(user=user, product=product, quantity=1.0)
        sale.order_line.price_unit = price
        return sale

    @classmethod
    def _opportunity(cls, user, product, price):
        values = {
            "name": "Beds",
            "type": "opportunity",
            "user_id": user.id,
            "partner_id": cls.customer.id,
            "expected_revenue": price,
            "wanted_line_ids": [Command.create({"product_id": product.id})],
        }
        return cls.env(user=user)["crm.lead"].create({**values, **cls._urgency()})

    @classmethod
    def _question(cls, line, department, user):
        questions = cls.env["supply.question"].with_user(user)
        questions._ask(line.with_user(user), department, "When?")

    # ------------------------------------------------------------
    # WHERE PRICES ARE
    # ------------------------------------------------------------

    @classmethod
    def _get_columns(cls, amounts):
        """Return the columns of the database that hold one of the amounts; they are
        looked for once, since nothing but :meth:`_exchange` changes amounts.

        :return: lists of columns by table
        """
        if amounts in cls.columns:
            return cls.columns[amounts]
        columns = defaultdict(list)
        for table, column in cls.env.execute_query(
            SQL(
                """
                SELECT attrelid::regclass::text, attname FROM pg_attribute
                  JOIN pg_class ON pg_class.oid = attrelid
                 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                   AND atttypid IN ('numeric'::regtype, 'float8'::regtype)
                   AND attnum > 0 AND NOT attisdropped
                """
            )
        ):
            columns[table].append(column)
        found = cls.columns[amounts] = {}
        for table, names in columns.items():
            hits = SQL(", ").join(
                SQL(
                    "bool_or(round(%s::numeric, 2) IN %s)",
                    SQL.identifier(name),
                    tuple(amounts),
                )
                for name in names
            )
            query = SQL("SELECT %s FROM %s", hits, SQL.identifier(table))
            (row,) = cls.env.execute_query(query)
            if any(row):
                found[table] = [n for n, hit in zip(names, row, strict=True) if hit]
        return found

    def _exchange(self, amounts):
        """Let each of two amounts be the other one, wherever it is."""
        one, other = amounts
        self._let_change("DISABLE")
        for table, names in self._get_columns(amounts).items():
            for name in names:
                column = SQL.identifier(name)
                self.env.cr.execute(
                    SQL(
                        """
                        UPDATE %s SET %s = CASE round(%s::numeric, 2)
                                           WHEN %s THEN %s ELSE %s END
                         WHERE round(%s::numeric, 2) IN %s
                        """,
                        SQL.identifier(table),
                        column,
                        column,
                        one,
                        other,
                        one,
                        column,
                        amounts,
                    )
                )
        self._let_change("ENABLE")
        self.env.invalidate_all()

    def _let_change(self, what):
        """:param what: to do with triggers that refuse changes"""
        for table in ONLY_GROW:
            table = SQL.identifier(table)
            self.env.cr.execute(SQL("ALTER TABLE %s %s TRIGGER USER", table, SQL(what)))

    def _get_prices(self, amounts):
        """Return the fields that hold one of the amounts, by model."""
        tables = self._get_columns(amounts)
        pattern, found = get_pattern(amounts), {}
        for name, model in self.env.registry.items():
            if model._abstract or model._table not in tables:
                continue
            records = self.env[name].sudo().search([])
            found[name] = {
                field.name
                for field in model._fields.values()
                if field.type in NUMBERS
                and pattern.search(str(records.mapped(field.name)))
            }
        return found

    def _get_paths(self, user, amounts):
        """Return the paths that lead from fields of ours to a price, by their start.

        They end where Odoo itself lets the user read: what is there is no secret of
        ours. Prices of ours would be.
        """
        env, ours, prices = self.env(user=user), get_ours(self.env), {}
        for model, names in self._get_prices(amounts).items():
            is_ours = env[model]._original_module in OURS
            if is_ours or not env[model].has_access("read"):
                prices[model] = names
        through = {*prices, *(name for name in ours if self._is_ours(env[name]))}

        def follow(path, model, names):
            for name in names:
                comodel = env[model]._fields[name].comodel_name
                if not comodel or path and comodel not in through:
                    continue
                way = (*path, name)
                yield from (
                    ".".join((*way, price)) for price in prices.get(comodel, ())
                )
                if len(way) < DEPTH - 1:
                    yield from follow(way, comodel, env[comodel]._fields)

        return [
            (model, path)
            for model, names in ours.items()
            if env[model].has_access("read")
            for path in follow((), model, names)
        ]

    def _is_ours(self, code):
        """Tell whether a model or a method comes from our addons."""
        module = getattr(code, "_original_module", None)
        return (module or code.__module__.split(".")[2]) in OURS

    # ------------------------------------------------------------
    # TRYING
    # ------------------------------------------------------------

    def _get_calls(self, caller, amounts, paths):
        """Yield all that somebody can ask: where, how, and the call itself."""
        env = caller.env
        for model, names in get_ours(env).items():
            if not env[model].has_access("read"):
                continue
            yield (model, "", "usual order"), ("search", [[]], {})
            for name in names:
                for way, *call in get_ways_to_field(env, model, name):
                    yield (model, name, way), call
        for model, path in paths:
            for way, *call in get_ways_to_price(env, model, path, amounts):
                yield (model, path, way), call

    def _get_told(self, user, amounts):
        """Return what tells something of two prices."""
        caller, pattern = Caller(user), get_pattern(amounts)
        paths = self._get_paths(user, amounts)
        told, answered, known = [], {}, set(paths)
        self.env.invalidate_all()  # each answer comes from the database
        for way, (method, args, named) in self._get_calls(caller, amounts, paths):
            answer = caller.ask(way[0], method, *args, **named)
            if not answer.startswith(REFUSED):
                answered[way] = method, args, named, answer
            elif way[:2] in known:
                continue  # it says what was asked for
            if pattern.search(answer):
                told.append(f"{way} says it: {answer[:300]}")
        self._exchange(amounts)
        for way, (method, args, named, answer) in answered.items():
            if caller.ask(way[0], method, *args, **named) != answer:
                told.append(f"{way} depends on it: {answer[:300]}")
        self._exchange(amounts)
        return told


@tagged("post_install", "-at_install")
class TestPricesApart(PricesCommon):
    def _assert_nothing_is_told(self, role):
        told = []
        with freeze_time(fields.Datetime.now()):
            for amounts in (BOUGHT, SOLD):
                if amounts[0] in SECRETS[role]:
                    told += self._get_told(self.people[role], amounts)
        self.assertFalse(told, "\n".join(told))

    # ------------------------------------------------------------
    # SEARCHING, SORTING, GROUPING, EXPORTING
    # ------------------------------------------------------------

    def test_customer_care(self):
        self._assert_nothing_is_told("care")

    def test_sales(self):
        self._assert_nothing_is_told("sales")

    def test_sales_manager(self):
        self._assert_nothing_is_told("chief")

    def test_buyer(self):
        self._assert_nothing_is_told("buyer")

    def test_purchase_manager(self):
        self._assert_nothing_is_told("manager")

    def test_employee(self):
        self._assert_nothing_is_told("employee")

    def test_portal(self):
        self._assert_nothing_is_told("portal")

    def test_public(self):
        self._assert_nothing_is_told("public")

    def test_prices_are_where_they_are_looked_for(self):
        """Else nothing above would prove anything."""
        bought, sold = (self._get_prices(amounts) for amounts in (BOUGHT, SOLD))
        self.assertIn("price_unit", bought["purchase.order.line"])
        self.assertIn("price_unit", bought["supply.quote"])
        self.assertIn("price_unit", bought["supply.answer"])
        self.assertIn("amount_total", bought["purchase.order"])
        self.assertIn("price_unit", sold["sale.order.line"])
        self.assertIn("amount_total", sold["sale.order"])
        self.assertIn("expected_revenue", sold["crm.lead"])
        caller = Caller(self.buyer)
        search = "purchase.order", "search", [("amount_total", ">", sum(BOUGHT) / 2)]
        before = caller.ask(*search)
        self._exchange(BOUGHT)
        self.assertNotEqual(caller.ask(*search), before)

    # ------------------------------------------------------------
    # WHAT METHODS ANSWER
    # ------------------------------------------------------------

    def _get_documents(self):
        """Return one of each kind, and its lines."""
        sale, quotation, pooled = self.sales[:3]
        yield from (sale, sale.order_line, quotation, pooled, pooled.order_line)
        yield from (self.sales.picking_ids[:1], self.purchases.picking_ids[:1])
        for order in (*self.purchases[:3], self.rivals[:1]):
            yield from (order, order.order_line)
        yield from (self.leads[:1], self.leads[:1].wanted_line_ids, self.customer)

    def _press_all(self, caller):
        """Yield what each button of ours answers, and then what its dialog shows."""
        for record in self._get_documents():
            for name in sorted(dir(type(record))):
                method = getattr(type(record), name)
                if name.startswith("action_") and self._is_ours(method):
                    yield (record, name), caller.ask(record._name, name, ids=record.ids)
        for model in get_ours(caller.env):
            dialogs = caller.env[model].sudo()
            if dialogs._transient:
                rows = dialogs.search([("create_uid", "=", caller.env.uid)])
                for name in dialogs._fields:
                    answer = caller.ask(model, "read", [name], ids=rows.ids)
                    yield (model, name), answer

    def test_buttons_and_dialogs(self):
        for role, secrets in SECRETS.items():
            caller, pattern = Caller(self.people[role]), get_pattern(secrets)
            with self.subTest(role=role):
                for way, answer in self._press_all(caller):
                    self.assertIsNone(pattern.search(answer), f"{way}: {answer}")

    def test_panel_and_caller(self):
        for role, secrets in SECRETS.items():
            with self.subTest(role=role), freeze_time(fields.Datetime.now()):
                caller = Caller(self.people[role])
                calls = [
                    ("supply.panel", "get_panel", record._name, record.id)
                    for record in (*self.sales[:3], *self.leads[:1], self.customer)
                ]
                calls += [
                    ("supply.quotes", "get_comparison", order.id)
                    for order in self.rivals
                ]
                calls += [
                    ("supply.caller", "find", text)
                    for text in ("Hospital", self.sales[0].name)
                ]
                calls.append(("supply.desk", "get_products"))
                calls += [
                    ("supply.desk", "get_desk", product.id, self.warehouse.id)
                    for product in self.sales.order_line.product_id
                ]
                (waiting,) = self.sales[2].order_line.move_ids
                where = waiting.product_id.id, self.warehouse.id
                wish = {"kind": "move", "move": waiting.id, "other": False}
                calls.append(("supply.desk", "get_choices", *where, waiting.id))
                calls.append(("supply.desk", "preview", *where, wish))
                for amounts in (BOUGHT, SOLD):
                    if amounts[0] not in secrets:
                        continue
                    self.env.invalidate_all()
                    before = [caller.ask(*call) for call in calls]
                    self._exchange(amounts)
                    self.assertEqual([caller.ask(*call) for call in calls], before)
                    self._exchange(amounts)
                    for answer in before:
                        self.assertIsNone(get_pattern(amounts).search(answer), answer)

    def test_messages_and_to_dos(self):
        """Also those that are sent by themselves, when something slips."""
        self.assertTrue(
            self.env["mail.activity"].search([("summary", "like", "later")])
        )
        for role, secrets in SECRETS.items():
            env, pattern = self.env(user=self.people[role]), get_pattern(secrets)
            for model, names in (
                ("mail.message", ["body", "subject", "preview"]),
                ("mail.activity", ["note", "summary"]),
            ):
                if not env[model].has_access("read"):
                    continue
                for values in env[model].search_read([], names):
                    with self.subTest(role=role, values=values):
                        self.assertIsNone(pattern.search(str(values)))

    def test_what_open_screens_are_told(self):
        self.env.cr.precommit.run()
        told = self.env["bus.bus"].sudo().search([]).mapped("message")
        self.assertTrue(told)
        for message in told:
            self.assertIsNone(get_pattern(EVERYBODY).search(message), message)
