"""Commands of ``bench.reports`` inside Odoo, on its database."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial

from odoo.api import Environment
from odoo.fields import Command
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from bench.common.chain import Chain
from bench.common.meter import Meter
from bench.common.screen import columns
from bench.common.worker import serve
from bench.reporting import EACH
from bench.supplying.warehouse import drop_foreign_keys
from bench.urgent.copies import copies
from tools import databases, places
from tools.inside import records

WARM, PAGE = 2, 80
#: From so many orders on each list has a full page.
LARGE = 10_000
CUSTOMERS, VENDORS, PRODUCTS, CATEGORIES = 2_000, 300, 2_000, 12
#: Days of the past, and how many orders there are for one that is not over.
DAYS, OPEN = 1_095, 100
#: What an event says of a customer's invoice, as SQL.
INVOICE = '\'{"move_type": "out_invoice"}\''
#: How many orders there are for one that was an opportunity before.
LED = 4
#: Department, step and document of the spans of an order, one after the other.
COURSE = (
    ("care", "quotation", "sale"),
    ("customer", "decision", "sale"),
    ("nobody", None, None),
    ("purchase", "quotation", "purchase"),
    ("approval", "approval", "purchase"),
    ("purchase", "information", "purchase"),
    ("approval", "approval", "purchase"),
    ("account", "deposit", "purchase"),
    ("vendor", "delivery", "purchase"),
    ("stock", "transfer", "picking"),
)
#: The moment at which a span of order ``n`` begins: they last 5 to 40 hours.
BEGINS = (
    "date_trunc('hour', now() AT TIME ZONE 'UTC')"
    " - interval '1 hour' * ({days} * 24.0 * ({orders} - n) / {orders})"
)


class _UnhurriedChain(Chain):
    """An order that waits at least for a moment, as all real ones do: what is over in
    the second in which it began has no span."""

    def _confirm(self, env: Environment) -> None:
        time.sleep(1)
        super()._confirm(env)


class Commands:
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        self.meter = Meter()
        self.is_large = False

    def fill(self, orders: int) -> int:
        """Fill the database; return how many spans there are."""
        self.is_large = orders >= LARGE
        with self.meter.environment() as env:
            self._make(env, orders)
        databases.query("VACUUM ANALYZE", self.meter.registry.db_name)
        with self.meter.environment() as env:
            ((count,),) = env.execute_query(SQL("SELECT count(*) FROM timeline_span"))
            return count

    def play(self, count: int) -> dict[str, int]:
        """Make chains of real documents, and let the jobs tell them; return how many
        events and spans there are."""
        chain = _UnhurriedChain(self.meter.measure)
        with self.meter.environment() as env:
            self._make_reader(env)
            self.meter.remember(chain.prepare(env))
        for _number in range(count):
            chain.play()
        with self.meter.environment() as env:
            while env["supply.change"]._follow_batch():
                env.flush_all()
            changes = env["timeline.change"]
            while changes._follow_batch() or changes._fill_batch():
                env.flush_all()
            env.ref("case_timeline.ir_cron_fill").active = False
        databases.query("VACUUM ANALYZE", self.meter.registry.db_name)
        with self.meter.environment() as env:
            return {
                what: env[f"timeline.{what}"].search_count([])
                for what in ("event", "span")
            }

    def verify(self) -> tuple[int, list[str]]:
        """Return at how many records the verification of all addons looked, and what
        it found."""
        looked_at, found = 0, []
        with self.meter.environment() as env:
            for _what, count, findings in env["approval.verification"]._verify():
                looked_at += count
                found += [finding.text for finding in findings]
        return looked_at, found

    def open(self, name: str, tries: int) -> list[list[float]]:
        """Return what opening a screen took."""
        self._find_reader()
        work = getattr(self, f"_{name}")
        return [self._measure(work) for _try in range(WARM + tries)][WARM:]

    def open_parts(self, name: str, tries: int) -> list[list[list[float]]]:
        """Return what each table and chart of a dashboard took: the browser asks for
        each of them in a request of its own."""
        self._find_reader()
        return [
            [self._measure(part) for _try in range(WARM + tries)][WARM:]
            for part in self._parts(name)
        ]

    def open_at_once(self, name: str, tries: int) -> list[float]:
        """Return the milliseconds until all of a dashboard is there, its tables and
        charts asked for side by side, as the browser does."""
        self._find_reader()
        parts = self._parts(name)

        def load() -> float:
            start = time.perf_counter()
            with ThreadPoolExecutor(len(parts)) as pool:
                list(pool.map(self._measure, parts))
            return (time.perf_counter() - start) * 1_000

        return [load() for _try in range(WARM + tries)][WARM:]

    def explain(self, name: str) -> list[str]:
        """Return the database's plans of a screen."""
        self._find_reader()
        return self.meter.plans("boss", {name: getattr(self, f"_{name}")})

    def _find_reader(self) -> None:
        with self.meter.environment() as env:
            self.meter.remember(env["res.users"].search([("login", "=", "boss")]))

    def _measure(self, work) -> list[float]:
        """Do it as the web client's server does: on a cursor that only reads."""

        def read(env):
            env.cr.execute("SET TRANSACTION READ ONLY")
            work(env)

        return self.meter.measure("boss", read)[1]

    # ------------------------------------------------------------
    # WHAT THE BROWSER ASKS FOR
    # ------------------------------------------------------------

    def _waits(self, env) -> None:
        self._pivot(env, "cx.waiting.report", ["department", "step"])

    def _waits_trend(self, env) -> None:
        groups = ["date_to:month", "department"]
        self._group(env, "cx.waiting.report", groups, ["hours:median"])

    def _waits_by_vendor(self, env) -> None:
        self._pivot(env, "cx.waiting.report", ["vendor_id"])

    def _waits_by_category(self, env) -> None:
        self._pivot(env, "cx.waiting.report", ["category_id"])

    def _waits_by_hand_over(self, env) -> None:
        self._pivot(env, "cx.waiting.report", ["from_department", "department"])

    def _waits_list(self, env) -> None:
        self._list(env, "cx.waiting.report")

    def _deliveries(self, env) -> None:
        self._pivot(env, "cx.delivery.report", ["category_id"])

    def _deliveries_trend(self, env) -> None:
        self._group(env, "cx.delivery.report", ["due_on:month"], ["otif_rate:avg"])

    def _deliveries_list(self, env) -> None:
        self._list(env, "cx.delivery.report")

    def _vendors(self, env) -> None:
        self._pivot(env, "cx.vendor.report", ["partner_id"])

    def _vendors_list(self, env) -> None:
        self._list(env, "cx.vendor.report")

    def _approvals(self, env) -> None:
        self._pivot(env, "cx.approval.report", ["rule_id"])

    def _approvals_trend(self, env) -> None:
        self._group(env, "cx.approval.report", ["submitted_at:month"], ["hours:median"])

    def _approvals_list(self, env) -> None:
        self._list(env, "cx.approval.report")

    def _steps(self, env) -> None:
        self._pivot(env, "cx.step.report", ["step_name"])

    def _steps_list(self, env) -> None:
        self._list(env, "cx.step.report")

    def _revenue(self, env) -> None:
        self._pivot(env, "cx.revenue.report", [])

    def _revenue_list(self, env) -> None:
        self._list(env, "cx.revenue.report")

    def _churn(self, env) -> None:
        self._pivot(env, "cx.churn.report", [])

    def _churn_list(self, env) -> None:
        self._list(env, "cx.churn.report")

    def _urgency(self, env) -> None:
        self._pivot(env, "cx.urgency.report", [])

    def _urgency_list(self, env) -> None:
        self._list(env, "cx.urgency.report")

    def _conversion_list(self, env) -> None:
        self._list(env, "cx.conversion.report")

    def _conversion(self, env) -> None:
        groups = ["stage_id", "entered_on:month"]
        self._pivot(env, "cx.conversion.report", groups)

    def _case_conversion(self, env) -> None:
        self._pivot(env, "cx.case.step.report", ["step", "began_on:month"])

    def _case_conversion_list(self, env) -> None:
        self._list(env, "cx.case.step.report")

    def _overview(self, env) -> None:
        env["cx.overview"].get_overview(90)

    def _promises(self, env) -> None:
        env["cx.overview"].get_promises(90)

    def _figures(self, env) -> None:
        env["cx.overview"].get_figures(90)

    def _hand_overs(self, env) -> None:
        env["cx.waiting"].get_hand_overs(90)

    def _what_if(self, env) -> None:
        env["cx.waiting"].get_what_if(90)

    def _definitions(self, env) -> None:
        env["cx.figures"].get_page()

    def _dashboard_waits(self, env) -> None:
        self._dashboard(env, "waits")

    def _dashboard_vendors(self, env) -> None:
        self._dashboard(env, "vendors")

    def _dashboard(self, env, name: str) -> None:
        for part in self._parts(name):
            part(env)

    def _parts(self, name: str) -> list:
        """Return what asks for each table and chart of a dashboard, with its own
        period."""
        path = places.ADDONS / f"cx_reports_dashboard/data/files/{name}_dashboard.json"
        data = json.loads(path.read_text())
        periods = [
            each["id"] for each in data["globalFilters"] if each["type"] == "date"
        ]
        since = str(date.today() - timedelta(days=90))

        def recent(matching):
            chains = [matching[key]["chain"] for key in periods if key in matching]
            return [(chain, ">=", since) for chain in chains]

        def table(pivot, env):
            names = [each["fieldName"] for each in pivot["measures"]]
            groups = [each["fieldName"] for each in pivot["rows"]]
            domain = pivot["domain"] + recent(pivot["fieldMatching"])
            self._sets(env, pivot["model"], domain, groups, names)

        def drawing(chart, env):
            drawn, asked = chart["metaData"], chart["searchParams"]
            reports = env[drawn["resModel"]]
            measures = self._measures(reports, ["__count", drawn["measure"]])
            domain = asked["domain"] + recent(chart["fieldMatching"])
            reports.formatted_read_group(domain, asked["groupBy"], measures)

        charts = [
            figure["data"] for sheet in data["sheets"] for figure in sheet["figures"]
        ]
        return [
            *(partial(table, pivot) for pivot in data["pivots"].values()),
            *(partial(drawing, chart) for chart in charts if "metaData" in chart),
        ]

    def _measures(self, reports, names: list[str]) -> list[str]:
        return [
            name if name == "__count" else f"{name}:{reports._fields[name].aggregator}"
            for name in names
        ]

    def _action(self, env, model: str) -> tuple[list, dict]:
        """Return the domain and the context with which a screen opens."""
        xml_id = f"cx_reports.{model.replace('.', '_')}_action"
        action = env["ir.actions.act_window"]._for_xml_id(xml_id)
        context = safe_eval(action["context"], {"uid": env.uid})
        search = env[model].get_view(view_type="search")["arch"]
        domain = []
        for key in context:
            name = key.removeprefix("search_default_")
            if name != key:
                domain += safe_eval(_filter(search, name), {"uid": env.uid})
        return domain, context

    def _pivot(self, env, model: str, groups: list[str]) -> None:
        domain, context = self._action(env, model)
        self._sets(env, model, domain, groups, context["pivot_measures"])

    def _sets(self, env, model: str, domain, groups, names) -> None:
        measures = self._measures(env[model], names)
        sets = [groups[:end] for end in range(len(groups) + 1)]
        env[model].formatted_read_grouping_sets(domain, sets, measures)

    def _group(self, env, model: str, groups: list[str], measures: list[str]) -> None:
        domain, _context = self._action(env, model)
        env[model].formatted_read_group(domain, groups, ["__count", *measures])

    def _list(self, env, model: str) -> None:
        domain, _context = self._action(env, model)
        found = env[model].web_search_read(
            domain, columns(env, model), limit=PAGE, count_limit=10_001
        )
        if len(found["records"]) < (PAGE if self.is_large else 1):
            raise AssertionError("The page is not full.")

    # ------------------------------------------------------------
    # WHAT THERE IS
    # ------------------------------------------------------------

    def _make(self, env: Environment, orders: int) -> None:
        self.begins = BEGINS.format(days=DAYS, orders=orders)
        self._make_reader(env)
        records.bank(env)  # with accounts for invoices
        wanted, vendors, customers = self._make_products(env)
        sales, lines, pickings = self._make_sales(env, orders, wanted, customers)
        purchases = self._make_purchases(env, orders, wanted, vendors)
        link = env["supply.link"].create(
            {
                "sale_line_id": lines,
                "purchase_line_id": env["purchase.order.line"]
                .search([("order_id", "=", purchases)])
                .id,
                "product_id": env["sale.order.line"].browse(lines).product_id.id,
                "kind": "bought_for",
                "state": "received",
                "quantity": 3,
                "company_id": env.company.id,
            }
        )
        copies(
            link,
            orders,
            "n % 2 = 0 AND n > 0",
            sale_line_id=f"{lines} + n",
            purchase_line_id=f"{link.purchase_line_id.id} + n / 2",
        )
        self._make_spans(env, orders, sales, purchases, pickings)
        self._make_events(env, orders, sales, customers)
        self._make_invoices(env, orders, customers)
        for table in ("supply_change", "timeline_change"):
            env.cr.execute(f"DELETE FROM {table}")

    def _make_invoices(self, env, orders, customers) -> None:
        invoice = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customers,
                "invoice_date": "2026-01-05",
                "invoice_line_ids": [
                    Command.create({"name": "Bed", "price_unit": 5, "tax_ids": False})
                ],
            }
        )
        invoice.action_post()
        env.flush_all()
        env.cr.execute("ALTER TABLE account_move DISABLE TRIGGER USER")
        drop_foreign_keys(env, "account_move")
        customer = f"{customers} + n % {CUSTOMERS}"
        day = f"({self._moment(11)})::date"
        copies(
            invoice,
            orders,
            "n % 9 > 0",
            name="'BENCH/I' || n",
            partner_id=customer,
            commercial_partner_id=customer,
            invoice_date=day,
            date=day,
            invoice_user_id=str(self.meter.users["boss"]),
        )

    def _make_reader(self, env) -> None:
        groups = (
            "sales_team.group_sale_manager",
            "purchase.group_purchase_manager",
            "stock.group_stock_manager",
            "account.group_account_manager",
            "approval_matrix.group_approval_manager",
        )
        user = env["res.users"].create(
            {
                "name": "Boss",
                "login": "boss",
                "group_ids": [Command.link(env.ref(group).id) for group in groups],
            }
        )
        self.meter.remember(user)

    def _make_products(self, env) -> tuple[str, int, int]:
        """Return SQL of a product of order ``n``, and the first vendor and customer."""
        partner = env["res.partner"].create({"name": "Partner"})
        vendors = copies(partner, VENDORS, name="'Vendor ' || n")
        customers = copies(partner, CUSTOMERS, name="'Customer ' || n")
        env.cr.execute(
            f"UPDATE res_partner SET commercial_partner_id = id WHERE id >= {vendors}"
        )
        category = env["product.category"].create({"name": "Category"})
        categories = copies(category, CATEGORIES, name="'Category ' || n")
        product = env["product.product"].create(
            {"name": "Product", "type": "consu", "is_storable": True}
        )
        templates = copies(
            product.product_tmpl_id,
            PRODUCTS,
            categ_id=f"{categories} + n % {CATEGORIES}",
        )
        products = copies(product, PRODUCTS, product_tmpl_id=f"{templates} + n")
        self.product = product
        return f"{products} + n % {PRODUCTS}", vendors, customers

    def _moment(self, after: float) -> str:
        """Return SQL of so many hours after an order began; each has its own pace."""
        return f"({self.begins} + interval '1 hour' * ({after} * (20 + n % 7 * 5)))"

    def _make_sales(self, env, orders, wanted, customers) -> tuple[int, int, int]:
        """Return the first order, line and delivery."""
        stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
        env["stock.quant"]._update_available_quantity(self.product, stock, 100)
        sale = env["sale.order"].create(
            {
                "partner_id": customers,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": 3}
                    )
                ],
            }
        )
        sale.order_line.wanted_on = "2026-01-05"
        sale.action_confirm()
        while env["supply.change"]._follow_batch():
            pass
        env["supply.promise"]._tell(
            sale.order_line, {sale.order_line.id: "2026-01-05"}, "phone"
        )
        picking = sale.picking_ids
        picking.move_ids.write({"quantity": 3, "picked": True})
        picking.button_validate()
        promise = env["supply.promise"].search(
            [("sale_line_id", "=", sale.order_line.id)]
        )
        versions = promise._get_versions()
        move = picking.move_ids
        _let_nobody_follow(env)
        sales = copies(
            sale,
            orders,
            name="'BENCH/' || n",
            partner_id=f"{customers} + n % {CUSTOMERS}",
            date_order=self._moment(2),
            user_id=str(self.meter.users["boss"]),
        )
        lines = copies(
            sale.order_line, orders, order_id=f"{sales} + n", product_id=wanted
        )
        told = f"({self._moment(10)})::date + 1 - n % 3"
        days = {"told_on": told, "wanted_on": told, "safe_on": f"{told} + 2"}
        is_open = f"n > {orders} - {orders} / {OPEN}"
        copies(
            promise,
            orders,
            sale_line_id=f"{lines} + n",
            order_id=f"{sales} + n",
            product_id=wanted,
            is_open=is_open,
            first_told_on=told,
            first_told_at=self._moment(2),
            ordered_at=self._moment(2),
            ordered_wanted_on=told,
            ordered_safe_on=f"{told} + 2",
            **days,
        )
        for number, version in enumerate(versions.sorted("id")):
            copies(
                version,
                orders,
                sale_line_id=f"{lines} + n",
                create_date=self._moment(2 + number / 2),
                **days,
            )
        pickings = copies(
            picking, orders, name="'BENCH/O' || n", date_done=self._moment(10)
        )
        copies(
            move,
            orders,
            sale_line_id=f"{lines} + n",
            picking_id=f"{pickings} + n",
            product_id=wanted,
            date=self._moment(10),
            state=f"CASE WHEN {is_open} THEN 'assigned' ELSE 'done' END",
        )
        return sales, lines, pickings

    def _make_purchases(self, env, orders, wanted, vendors) -> int:
        """Every second order was bought; return the first purchase."""
        count = orders // 2
        rule = env["approval.rule"].create(
            {
                "name": "Purchases",
                "model_id": env["ir.model"]._get_id("purchase.order"),
                "step_ids": [
                    Command.create(
                        {
                            "name": "Manager",
                            "limit_hours": 8,
                            "user_ids": [Command.set([self.meter.users["boss"]])],
                        }
                    )
                ],
            }
        )
        purchase = env["purchase.order"].create(
            {
                "partner_id": vendors,
                "order_line": [
                    Command.create({"product_id": self.product.id, "product_qty": 3})
                ],
            }
        )
        purchase.button_confirm()
        process = env["approval.process"].search([], order="id desc", limit=1)
        # whoever looks at the load of approvers looks at their own work first
        purchase.with_user(self.meter.users["boss"]).action_approve()
        rule.active = False
        picking = purchase.picking_ids
        picking.move_ids.write({"quantity": 3, "picked": True})
        picking.button_validate()
        n = "(2 * n)"

        def moment(after):
            text = self._moment(after).replace(" n)", f" {n})")
            return text.replace("n % 7", f"{n} % 7")

        purchases = copies(
            purchase,
            count,
            name="'BENCH/P' || n",
            partner_id=f"{vendors} + n % {VENDORS}",
            user_id=str(self.meter.users["boss"]),
        )
        due = moment(9)
        bought = copies(
            purchase.order_line,
            count,
            order_id=f"{purchases} + n",
            product_id=wanted.replace("n %", f"{n} %"),
            confirmed_arrival=f"{due} + interval '1 day' * (n % 3 - 1)",
            date_planned=due,
        )
        copies(
            picking.move_ids,
            count,
            purchase_line_id=f"{bought} + n",
            product_id=wanted.replace("n %", f"{n} %"),
            date=due,
        )
        processes = copies(
            process,
            count,
            res_id=f"{purchases} + n",
            submitted_at=moment(4),
            closed_at=moment(7),
        )
        copies(
            process.task_ids,
            count,
            process_id=f"{processes} + n",
            activated_at=moment(4),
            decided_at=moment(7),
            due_at=f"{moment(4)} + interval '2 days'",
        )
        for log in process.log_ids:
            when = moment(4 if log.event == "submitted" else 7)
            copies(log, count, process_id=f"{processes} + n", date=when)
        return purchases

    def _make_spans(self, env, orders, sales, purchases, pickings) -> None:
        models = {
            "sale": ("'sale.order'", f"{sales} + n"),
            "purchase": ("'purchase.order'", f"{purchases} + n / 2"),
            "picking": ("'stock.picking'", f"{pickings} + n"),
            None: ("NULL", "NULL"),
        }
        is_open = f"n > {orders} - {orders} / {OPEN}"
        selects = []
        for place, (department, step, document) in enumerate(COURSE):
            model, res_id = models[document]
            ends = self._moment(place + 1)
            if place == EACH - 1:
                ends = f"CASE WHEN NOT ({is_open}) THEN {ends} END"
            said = f"'{step}'" if step else "NULL::varchar"
            before = f"'{COURSE[place - 1][0]}'" if place else "NULL::varchar"
            selects.append(
                f"SELECT n, {sales} + n, {env.company.id}, {model}, {res_id}, "
                f"'{department}', {before}, {said}, "
                f"{self._moment(place)} AS begins, {ends} AS ends, 8.0, TRUE, "
                f"{'TRUE' if self._is_back(place) else 'NULL::boolean'} "
                f"FROM generate_series(0, {orders - 1}) n"
            )
        start = time.monotonic()
        env.cr.execute(
            "INSERT INTO timeline_span (sale_id, company_id, res_model, res_id,"
            " department, from_department, step, date_from, date_to, working_hours,"
            " is_decisive, is_back)"
            " SELECT sale, company, model, res_id::integer, department, before, step,"
            "        begins, ends, hours * (1 + n % 13), decisive, back"
            f"   FROM ({' UNION ALL '.join(selects)}) AS found (n, sale, company,"
            "         model, res_id, department, before, step, begins, ends, hours,"
            "         decisive, back)"
            "  ORDER BY begins"
        )
        from odoo.addons.case_timeline.limits import get_over_sql

        env.cr.execute("ANALYZE")
        env.cr.execute(
            SQL(
                "UPDATE timeline_span span"
                "   SET over = CASE WHEN %(over)s THEN 'yes' ELSE 'no' END"
                " WHERE span.date_to IS NOT NULL AND %(over)s IS NOT NULL",
                over=get_over_sql(SQL("span.date_to")),
            )
        )
        print(f"{time.monotonic() - start:.0f} s for the spans")

    def _is_back(self, place) -> bool:
        """Tell whether a department has an order again, after another one."""
        had = [department for department, *_rest in COURSE[: place + 1]]
        return had[-1] in had[:-1] and had[-1] != had[-2]

    def _make_events(self, env, orders, sales, customers) -> None:
        """Ten events an order, four of which are steps of its case. Before every fourth
        one there is an opportunity that goes through three stages."""
        lead = env["crm.lead"].create(
            {"name": "Opportunity", "type": "opportunity", "partner_id": customers}
        )
        env.flush_all()
        for table in ("crm_lead", "timeline_event"):
            env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        drop_foreign_keys(env, "timeline_event")
        leads = copies(
            lead,
            orders // LED,
            partner_id=f"{customers} + n * {LED} % {CUSTOMERS}",
            user_id=str(self.meter.users["boss"]),
        )
        stages = env["crm.stage"].search([("is_won", "=", False)], limit=3).ids
        steps = [
            ("question.open", -2, "NULL", f"n % {2 * LED} = 0"),
            ("lead.made", -1, "NULL", f"n % {LED} = 0"),
            *(
                ("lead.stage", number, f"'{{\"now\": {stage}}}'", f"n % {LED} = 0")
                for number, stage in enumerate(stages)
            ),
            ("sale.quoted", 0, "NULL", "TRUE"),
            ("sale.confirmed", 2, "NULL", "TRUE"),
            *((f"picking.{number}", number, "NULL", "TRUE") for number in range(3, 9)),
            ("sale.delivered_full", 10, "NULL", f"n <= {orders} - {orders} / {OPEN}"),
            ("invoice.posted", 11, INVOICE, "n % 9 > 0"),
        ]
        selects = []
        for kind, after, parameters, where in steps:
            is_of_lead = kind.startswith(("lead.", "question."))
            selects.append(
                f"SELECT {self._moment(after)}, '{kind}', {env.company.id},"
                f" '{'crm.lead' if is_of_lead else 'sale.order'}', {sales} + n,"
                f" {parameters}::jsonb,"
                f" {'NULL::integer' if is_of_lead else f'{sales} + n'},"
                f" CASE WHEN n % {LED} = 0 THEN {leads} + n / {LED} END,"
                f" {customers} + n % {CUSTOMERS}, {customers} + n % {CUSTOMERS},"
                f" '{kind}{after},' || n, TRUE, TRUE"
                f" FROM generate_series(0, {orders - 1}) n WHERE {where}"
            )
        env.cr.execute(
            "INSERT INTO timeline_event (date, kind, company_id, res_model, res_id,"
            " parameters, sale_id, lead_id, partner_id, family_id, source, is_home,"
            f" is_shown) {' UNION ALL '.join(selects)} ORDER BY 1"
        )


def _let_nobody_follow(env) -> None:
    """What is copied nobody has to follow, and its foreign keys are right."""
    env.flush_all()
    tables = (
        "approval_log approval_process approval_task purchase_order"
        " purchase_order_line sale_order sale_order_line stock_move stock_picking"
        " supply_link supply_promise supply_promise_version"
    )
    for table in tables.split():
        env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    drop_foreign_keys(env, *tables.split())


def _filter(arch: str, name: str) -> str:
    from lxml import etree

    (node,) = etree.fromstring(arch).xpath(f"//filter[@name='{name}']")
    return node.get("domain")


if __name__ == "__main__":
    serve(Commands())
