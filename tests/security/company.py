"""A company at work: strangers with documents in every state, and the roles."""

from books import Books

from odoo import fields
from odoo.fields import Command

from tools.inside import records

from .company_budgets import CompanyBudgets
from .company_deposits import CompanyDeposits
from .roles import (
    APPROVERS,
    BUYERS,
    CLERKS,
    INTERNAL,
    OWNER,
    ROLES,
    SELLER,
    STRANGERS,
)

#: Deposits first: their orders are confirmed before a rule holds them back.
SUBMITTED = ("supplier.deposit", "purchase.order", "test.approval.document")
#: An excess is found, and asks for itself; money is asked for where there are budgets.
DOCUMENTS = (*SUBMITTED, "purchase.excess", "spend.transfer.request")


class Company(CompanyBudgets, CompanyDeposits, Books):
    """Strangers' records, with which the roles have nothing to do.

    ``theirs`` has records of the strangers, by model and by what is special about
    them; the first of each model may be changed and deleted by whoever has the right.
    ``own`` has records of the roles themselves, by model and role.
    """

    def __init__(self, registry):
        super().__init__(registry)
        self.theirs = {}
        self.own = {}
        for login, groups in (ROLES | CLERKS | STRANGERS).items():
            if groups:
                self.hire(login, *groups)
        with self.committed() as env:
            self.users["public"] = env.ref("base.public_user").id
            self.model_ids = {name: env["ir.model"]._get(name).id for name in DOCUMENTS}
            self.partner = env["res.partner"].create({"name": "Partner"}).id
        self._furnish_documents()
        self._furnish_excesses()
        self._furnish_budgets()
        self._furnish_engine()
        self._furnish_others()
        self._furnish_deposits()
        self._furnish_people()
        self._furnish_questions()
        self._furnish_timeline()
        self._furnish_customers()
        self._furnish_roles()
        self._furnish_reports()
        self._furnish_quotes()

    def _keep(self, name, *records):
        """Remember strangers' records by what is special about them."""
        for record in records:
            self.theirs.setdefault(record._name, {})[name] = record.id

    def _give(self, role, *records):
        """Remember records that are a role's own."""
        for record in records:
            self.own.setdefault(record._name, {})[role] = record.id

    def _furnish_documents(self):
        with self.committed() as env:
            rule = self.deposit_rule(env)
            self._keep("used", rule, rule.line_ids)
        stuck = {model: self._document(model) for model in SUBMITTED}
        with self.committed() as env:  # since before there was a rule
            for model, record in stuck.items():
                record = env[model].browse(record)
                waiting = record._approval_waiting_states[0]
                record[record._approval_state_field] = waiting
        for model in SUBMITTED:
            self.put_under_approval(model, *APPROVERS)
            records = {"draft": self._document(model)}
            for state in ("waiting", "asked", "approved"):
                records[state] = self._document(model)
                self._act(OWNER, model, records[state], "action_submit_approval")
            asked, approved = records["asked"], records["approved"]
            self._act(APPROVERS[0], model, asked, "action_ask_information", "Why?")
            for approver in APPROVERS:
                self._act(approver, model, approved, "action_approve")
            self.theirs[model] = {**records, "stuck": stuck[model]}

    def _furnish_excesses(self):
        """More than was ordered: withdrawn, waiting, asked about, approved."""
        excesses = {}
        for state in ("waiting", "draft", "asked", "approved"):
            order = self.order(submit=False, login=OWNER, price=9876)
            with self.committed(OWNER) as env:
                order = env["purchase.order"].browse(order)
                over = {line: (5.0, 0.0) for line in order.order_line}
                excess = order.order_line._flow_ask("bill", over)
                self._keep(state, excess, excess.line_ids)
                excesses[state] = excess.id
                ordered = order.order_line.ids
        model = "purchase.excess"
        self._act(OWNER, model, excesses["draft"], "action_withdraw")
        question = "action_ask_information", "Why?"
        self._act(APPROVERS[0], model, excesses["asked"], *question)
        for approver in APPROVERS:
            self._act(approver, model, excesses["approved"], "action_approve")
        with self.committed() as env:
            self._keep("none", env["account.payment.register"].browse(999_999_999))
        for login in (OWNER, *sorted(BUYERS)):
            with self.committed(login) as env:
                ask = env["purchase.excess.ask"].create(
                    {
                        "line_ids": [
                            Command.create({"order_line_id": line, "quantity": 5})
                            for line in ordered
                        ]
                    }
                )
                if login == OWNER:
                    self._keep("asked", ask, ask.line_ids)
                else:
                    self._give(login, ask, ask.line_ids)

    def _document(self, model, login=OWNER):
        if model == "purchase.order":
            return self.order(submit=False, login=login, price=9876)
        if model == "supplier.deposit":
            with self.committed() as env:
                orders = self.order_of_vendor(env, confirm=False)
                orders.user_id = self.users[login]
                orders.button_confirm()
                return orders.deposit_ids.id
        with self.committed(login) as env:
            return env[model].create({"name": "Plan", "amount": 9876}).id

    def _act(self, login, model, record, method, *args):
        with self.committed(login) as env:
            getattr(env[model].browse(record), method)(*args)

    def _furnish_engine(self):
        with self.session() as env:
            for model in DOCUMENTS:
                for state, record in self.theirs[model].items():
                    if process := env[model].browse(record).approval_process_id:
                        parts = process.task_ids[0], process.log_ids[0]
                        self._keep(f"{model} {state}", process, *parts)
        with self.committed(OWNER) as env:
            waiting = self.theirs["approval.process"]["purchase.order waiting"]
            wizard = env["approval.decision"].create({"process_ids": [waiting]})
            self._keep("approve", wizard)

    def _furnish_others(self):
        from odoo.addons.approval_matrix.mail_link import make_link

        with self.committed() as env:
            field = env["ir.model.fields"]._get("purchase.order", "state")
            self._keep("of a module", field)
            approver = self.users[APPROVERS[0]]
            steps = [records.step(name, [approver]) for name in ("First", "Second")]
            model = "test.approval.document"
            rule = records.approval_rule(env, model, *steps, name="Spare", sequence=99)
            substitute = self._absence(env, APPROVERS[0], APPROVERS[1])
            trial = {"model_id": self.model_ids["test.approval.document"]}
            trial = env["approval.trial"].create(trial)
            run = env["approval.verification.run"].create({})
            finding = env["approval.verification.finding"].create(
                {"run_id": run.id, "text": "Nothing", "res_model": "res.partner"}
            )
            task = env["approval.task"].browse(
                self.theirs["approval.task"]["purchase.order waiting"]
            )
            make_link(task, task.user_id)
            link = env["approval.link"].search([("task_id", "=", task.id)], limit=1)
            level = env["urgency.level"].create({"name": "Spare"})
            order = env["purchase.order"].browse(self.theirs["purchase.order"]["draft"])
            self._keep("spare", rule, rule.step_ids[0], level)
            self._keep("planned", substitute)
            question = env["approval.trial.question"].create({"trial_id": trial.id})
            self._keep("amount", trial, question)
            self._keep("done", run, finding)
            self._keep("waiting", link)
            self._keep("draft", order.order_line)
        with self.committed(OWNER) as env:
            model = "purchase.requisition.alternative.warning"
            draft = self.theirs["purchase.order"]["draft"]
            wizard = env[model].create({"po_ids": [Command.set([draft])]})
            self._keep("draft", wizard)
        with self.committed(SELLER) as env:
            sale = env["sale.order"].create({"partner_id": self.partner})
            self._keep("draft", sale)
        self._furnish_urgency(sale.id)

    def _furnish_urgency(self, sale):
        """What is urgent, or asked for, beyond the quota of whoever asks."""
        with self.committed(SELLER) as env:
            env.ref("urgent_orders.urgency_level_critical").sudo().quota = 1
            urgent = {
                "urgency_level_id": env.ref("urgent_orders.urgency_level_critical").id,
                "urgency_reason": "Accident",
            }
            orders = env["sale.order"].create(
                [{"partner_id": self.partner, **urgent} for _order in range(2)]
            )
            asked = orders[1].sudo()
            asked.company_id.portal_urgency = True
            day = str(env.cr.now().date())
            asked._customer_asks_urgency(asked.partner_id, "Please", day)
            lead = env["crm.lead"].create({"name": "Chance", "type": "opportunity"})
            wizard = env["urgency.change"].create(
                {"res_model": "sale.order", "res_id": sale}
            )
            confirmation = env["urgency.confirmation"].create({"sale_id": sale})
            answer = env["urgency.answer"].create(
                {"answer": "refuse", "res_model": "sale.order", "res_ids": [sale]}
            )
            counter = env["urgency.quota"].search([], limit=1)
            self._keep("asked", asked)
            self._keep("open", lead)
            self._keep("refuse", answer)
            self._keep("sale", wizard, confirmation)
            self._keep("used", counter)
        with self.committed() as env:
            approved = self.theirs["purchase.order"]["approved"]
            receipt = env["purchase.order"].browse(approved).picking_ids[:1]
            urgency = {
                "urgency_level_id": env.ref("urgent_orders.urgency_level_urgent").id,
                "urgency_reason": "Accident",
            }
            partner = env["res.partner"].browse(self.partner)
            urgent_order = records.purchase(env, partner, **urgency)
            displaced = env["urgency.displacement"].create(
                {
                    "document_model": "sale.order",
                    "document_id": sale,
                    "cause_model": "sale.order",
                    "cause_id": orders[0].id,
                    "raised_on": "2026-01-01 00:00:00",
                    "owner_id": self.users[SELLER],
                    "company_id": env.company.id,
                }
            )
            move = receipt.move_ids[:1]
            self._furnish_supply(env, move)
            self._keep("receipt", receipt, *move, *move.move_line_ids[:1])
            case = urgent_order.id * 2 + 1
            self._follow_urgency(env)
            self._keep(
                "purchase",
                env["urgency.case"].browse(case),
                env["urgency.case.state"].browse(case),
                env["urgency.case.change"].create({"purchase_id": urgent_order.id}),
            )
            self._keep("told", displaced)

    def _follow_urgency(self, env):
        """Keep what there is of urgent cases, as the job does."""
        while env["urgency.case.change"]._follow_batch():
            pass

    def _furnish_supply(self, env, move):
        """What a seller's order line waits for, and what they looked at."""
        seller = env(user=self.users[SELLER], su=True)
        order = seller["sale.order"].create({"partner_id": self.partner})
        line = seller["sale.order.line"].create(
            {"order_id": order.id, "product_id": move.product_id.id}
        )
        values = {"sale_line_id": line.id, "product_id": line.product_id.id}
        self._keep(
            "open",
            line.with_env(env),
            env["supply.link"].create(
                {**values, "kind": "mto", "company_id": env.company.id}
            ),
            env["supply.state"].create(
                {**values, "order_id": line.order_id.id, "company_id": env.company.id}
            ),
            env["supply.change"].create({"product_id": line.product_id.id}),
            seller["supply.waiting"].create({"sale_name": line.order_id.name}),
            seller["supply.swap"].create(
                {"borrower_id": move.id, "lender_id": move.id}
            ),
            env["supply.pace"].create(
                {"kind": "reaction", "company_id": env.company.id, "likely": 1}
            ),
        )
        promises = env["supply.promise"]
        promises._follow(line)
        promise = promises.search([("sale_line_id", "=", line.id)])
        tell = seller["supply.promise.tell"].create(
            {
                "order_id": order.id,
                "line_ids": [Command.create({"sale_line_id": line.id})],
            }
        )
        panel = env["supply.panel"].browse(1)
        self._keep("told", promise, promise._get_versions(), tell, tell.line_ids, panel)
        # as if it were ordered: a buyer's business
        wanting = {"is_ordered": True, "method": "buy", "quantity_short": 1}
        promise._system_write(wanting)
        need = env["supply.need"].browse(promise.id)
        buy = seller["supply.buy"].create({"line_ids": [Command.create({})]})
        redate = seller["supply.redate"].create({})
        desk = env["supply.desk"].browse(1)
        overview = env["supply.overview"].browse(1)
        rescue = seller["supply.rescue"].create({"kind": "lend"})
        self._keep("told", need, buy, buy.line_ids, redate, desk, overview, rescue)
        # as if another line had been deleted
        gone = env["supply.promise.gone"]._system_create([{"sale_line_id": 1}])
        self._keep("told", gone)
        decision = env["supply.decision"]._system_create(
            [
                {
                    "kind": "lend",
                    "product_id": line.product_id.id,
                    "warehouse_id": order.warehouse_id.id,
                    "company_id": env.company.id,
                    "sale_line_id": line.id,
                    "reason": "They have surgery",
                    "user_id": self.users[SELLER],
                }
            ]
        )
        self._keep("told", decision)

    def _furnish_timeline(self):
        """What is told of all that, and what is not told yet."""
        with self.committed() as env:
            changes = env["timeline.change"]
            while changes._follow_batch():
                pass
            sale = self.theirs["sale.order"]["draft"]
            domain = [("sale_id", "=", sale)]
            self._keep(
                "told",
                env["timeline.event"].search(domain, limit=1),
                env["timeline.span"].search(domain, limit=1),
                changes.create({"source": "sale_order", "operation": "fill"}),
                env["timeline.feed"].browse(1),
                env["timeline.lanes"].browse(1),
            )

    def _furnish_customers(self):
        """What is kept to find the same customer again."""
        with self.committed() as env:
            customer = env["res.partner"].create({"name": "Somebody Else"})
            twin, other = env["res.partner"].create(
                [{"name": "Somebody Else's Twin"}, {"name": "Somebody Else's Other"}]
            )
            merge = env["customer.merge"]._merge(twin, customer)
            merge.action_undo()
            duplicates = env["customer.duplicate"]
            duplicates._keep_apart(customer | twin)
            wizard = env["customer.merge.wizard"].create(
                {"partner_ids": (customer | twin).ids}
            )
            self._keep("open", env["customer.merge"]._merge(other, customer))
            key = env["customer.key"].search(
                [("partner_id", "=", customer.id)], limit=1
            )
            access = env["customer.access"].create(
                {
                    "partner_id": customer.id,
                    "reader": 1,
                    "may_write": True,
                    "until": "2030-01-01",
                }
            )
            share = {"partner_id": customer.id, "user_id": 2, "reason": "Leave"}
            share = env["customer.share"].create({**share, "until": "2030-01-01"})
            asked = {"partner_id": customer.id, "user_id": 1}
            asked = env["customer.access.request"].create(asked)
            changed = env["customer.changed"].create({"partner": customer.id})
            mark = env["customer.mark"].create({"name": "case", "place": 1})
            claim = {"value": 1, "moment": "2030-01-01 12:00:00"}
            claim = env["customer.claim"].create(claim)
            hint = {"user_id": 1, "day": "2030-01-01", "value": 1}
            hint = env["customer.hint"].create(hint)
            salutation = env["customer.salutation"].create({"name": "Thầy"})
            level = env["customer.level"].create({"name": "VIP"})
            self._keep(
                "kept",
                customer,
                access,
                share,
                asked,
                changed,
                claim,
                hint,
                key,
                level,
                mark,
                env["customer.match"].browse(1),
                merge,
                merge.undo_ids,
                salutation,
                wizard,
                duplicates.search([("partner_id", "=", customer.id)], limit=1),
            )
            merging = env["base.partner.merge.automatic.wizard"]
            self._keep("kept", merging.create({"partner_ids": (customer | twin).ids}))
            street = env["ir.model.fields"]._get("res.partner", "street")
            rule = {"name": "Where", "field_ids": street.ids}
            self._keep("kept", env["customer.field.rule"].create(rule))

    def _furnish_questions(self):
        """What a seller asks purchasing, and wants for an opportunity."""
        with self.committed() as env:
            product = env["product.product"].create({"name": "Wanted", "sale_ok": True})
            self.wanted = product.id
        with self.committed(SELLER) as env:
            sale = env["sale.order"].browse(self.theirs["sale.order"]["draft"])
            line = env["sale.order.line"].create(
                {"order_id": sale.id, "product_id": self.wanted}
            )
            lead = env["crm.lead"].browse(self.theirs["crm.lead"]["open"])
            lead.probability = 40
            wanted = env["crm.lead.line"].create(
                {"lead_id": lead.id, "product_id": self.wanted}
            )
            question = env["supply.question"]._ask(sale, "purchase", "When?")
            ask = {"res_model": "sale.order", "res_id": sale.id}
            ask = env["supply.question.ask"].create({**ask, "department": "purchase"})
            reply = env["supply.question.reply"].create({"question_id": question.id})
            caller = env["supply.caller"].browse(1)
            demand = env["crm.lead.demand"].browse(wanted.id)
            self._keep("open", line, wanted, question, ask, reply, caller, demand)
            self._keep("new", env["approval.setup"].browse(1))

    def _furnish_quotes(self):
        """What a vendor answered, and what was kept when somebody chose."""
        with self.committed() as env:
            line_id = next(iter(self.theirs["purchase.order.line"].values()))
            line = env["purchase.order.line"].browse(line_id)
            answer = env["supply.answer"]._system_create([line._prepare_answer(2, 2)])
            kept = env["supply.offer"]._prepare(line, "lost", {})
            quote = env["supply.quote"]._system_create([kept])
            self._keep("told", answer, quote, env["supply.quotes"].browse(1))

    def _furnish_reports(self):
        """Rows of reports about what a seller sold, and OWNER bought."""
        with self.committed() as env:
            env.company.partner_id.tz = "UTC"
            sale = env["sale.order"].create(
                {
                    "partner_id": self.partner,
                    "user_id": self.users[SELLER],
                    "order_line": [
                        Command.create(
                            {"product_id": self.wanted, "wanted_on": "2026-01-05"}
                        )
                    ],
                }
            )
            sale.action_confirm()
            sale.date_order = fields.Datetime.subtract(sale.date_order, months=2)
            env["supply.promise"]._follow(sale.order_line)
            bought = env["purchase.order.line"].search(
                [
                    ("confirmed_arrival", "!=", False),
                    ("product_id.type", "=", "consu"),
                    ("product_qty", ">", 0),
                    ("state", "=", "purchase"),
                ],
                limit=1,
            )
            bought.order_id.user_id = self.users[OWNER]
            invoice = env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner,
                    "invoice_date": "2026-01-05",
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Beds", "price_unit": 9, "tax_ids": False}
                        )
                    ],
                }
            )
            invoice.action_post()
            churn = env["cx.churn.report"].search(
                [("partner_id", "=", self.partner)], limit=1
            )
            span = env["timeline.span"]._system_create(
                {
                    "sale_id": sale.id,
                    "company_id": env.company.id,
                    "res_model": "purchase.order",
                    "res_id": bought.order_id.id,
                    "department": "vendor",
                    "date_from": "2026-01-05 08:00:00",
                    "is_decisive": True,
                }
            )
            lead = env["crm.lead"].create({"name": "Beds", "type": "opportunity"})
            event, _made = env["timeline.event"]._system_create(
                [
                    {
                        "date": "2026-01-05 08:00:00",
                        "kind": kind,
                        "res_model": "crm.lead",
                        "res_id": lead.id,
                        "lead_id": lead.id,
                        "parameters": {"now": str(lead.stage_id.id)},
                        "source": f"entered {kind}",
                    }
                    for kind in ("lead.stage", "lead.made")
                ]
            )
            case = env["cx.case.step.report"].search([("lead_id", "=", lead.id)])
            sources = {
                "cx.approval.report": self.theirs["approval.process"],
                "cx.step.report": self.theirs["approval.task"],
            }
            for name, records in sources.items():
                self._keep(
                    "waiting", env[name].browse(records["purchase.order waiting"])
                )
            self._keep(
                "counted",
                env["cx.delivery.report"].browse(sale.order_line.id),
                env["cx.urgency.report"].browse(sale.id),
                env["cx.vendor.report"].browse(bought.id),
                env["cx.revenue.report"].browse(invoice.id),
                env["cx.waiting.report"].browse(span.id),
                env["cx.conversion.report"].browse(event.id),
                case,
                churn,
                env["cx.figures"].browse(1),
                env["cx.overview"].browse(1),
                env["cx.waiting"].browse(1),
            )
            self.own["cx.approval.report"] = dict(self.own["approval.process"])

    def _own_request(self, env):
        """Return a request of whoever has the environment."""
        document = env["test.approval.document"].create({"name": "Mine"})
        document.action_submit_approval()
        return document.sudo().approval_process_id

    def _own_question(self, env, role):
        """Return a question that a role is asked by name, and the reply they begin."""
        system = env(user=self.users[SELLER])
        sale = system["sale.order"].browse(self.theirs["sale.order"]["draft"])
        person = system["res.users"].browse(self.users[role])
        text = f"When, {role}?"
        question = system["supply.question"]._ask(sale, "purchase", text, person)
        question = question.with_env(env)
        reply = env["supply.question.reply"].create({"question_id": question.id})
        return [question, reply]

    def _absence(self, env, user, substitute):
        return env["approval.substitute"].create(
            {
                "user_id": self.users[user],
                "substitute_id": self.users[substitute],
                "date_from": "2080-01-01 00:00:00",
                "date_to": "2080-02-01 00:00:00",
            }
        )

    def _furnish_people(self):
        """An approver who asks for a holiday, and whose manager could stand in."""
        with self.committed() as env:
            employees = env["hr.employee"]
            manager = employees.create(
                {"name": "Manager", "user_id": self.users[OWNER]}
            )
            employee = employees.create(
                {
                    "name": "Approver",
                    "user_id": self.users[APPROVERS[0]],
                    "parent_id": manager.id,
                }
            )
            kind = {"name": "Holiday", "requires_allocation": False}
            kind = env["hr.leave.type"].create(kind)
            self.employee, self.time_off_type = employee.id, kind.id
            leave = env["hr.leave"].create(
                {
                    "employee_id": employee.id,
                    "holiday_status_id": kind.id,
                    "request_date_from": "2060-03-01",
                    "request_date_to": "2060-03-02",
                }
            )
            calendar = env.company.resource_calendar_id
            holiday = env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "date_from": "2060-12-24 00:00:00",
                    "date_to": "2060-12-25 00:00:00",
                }
            )
            self._keep("asked", leave)
            self._keep("company", env.company, calendar)
            self._keep("hours", calendar.attendance_ids[0])
            self._keep("holiday", holiday)
            self._keep("approver", employee.user_id)

    def _furnish_roles(self):
        """Give each role what it may have of its own."""
        for role in sorted(INTERNAL):
            with self.committed(role) as env:
                process = self._own_request(env)
                wizard = env["approval.decision"].create({"process_ids": [process.id]})
                absence = self._absence(env, role, OWNER)
                document = env["test.approval.document"].browse(process.res_id)
                mine = [document, process, process.task_ids[0], process.log_ids[0]]
                mine += self._own_budget(env, role)
                mine += self._own_question(env, role)
                answer = {"answer": "refuse", "res_model": "sale.order", "res_ids": []}
                mine.append(env["urgency.answer"].create(answer))
                self._give(role, *mine, wizard, absence)
        for role in sorted(CLERKS):
            with self.committed(role) as env:
                self._give(role, self._own_request(env))
        for role in ("approvals", "settings"):
            with self.committed(role) as env:
                run = env["approval.verification.run"].create({})
                finding = run.finding_ids.sudo().create(
                    {"run_id": run.id, "text": "Nothing", "res_model": "res.partner"}
                )
                self._give(role, run, finding)
        with self.committed("sales") as env:
            lead = env["crm.lead"].create({"name": "Mine", "type": "opportunity"})
            line = {"lead_id": lead.id, "product_id": self.wanted}
            self._give("sales", lead, env["crm.lead.line"].create(line))
        self._furnish_wizards()
        with self.committed() as env:
            partner = env["res.users"].browse(self.users["portal"]).partner_id.id
            order, sale = (
                env[model].create({"partner_id": partner})
                for model in ("purchase.order", "sale.order")
            )
            section = {"order_id": order.id, "name": "Beds", "product_qty": 0}
            section["display_type"] = "line_section"
            line = env["purchase.order.line"].create(section)
            sale_line = env["sale.order.line"].create(
                {"order_id": sale.id, "name": "Beds", "display_type": "line_section"}
            )
            bill = self._bill(env, partner)
            bill.company_id.orderless_policy = "allow"
            bill.action_post()
            kind = env.ref("stock.picking_type_out").id
            transfer = {"partner_id": partner, "picking_type_id": kind}
            picking = env["stock.picking"].create(transfer)
            for record in (order, sale, bill, picking):
                record.message_subscribe([partner])
                self._give("portal", record)
            self._give("portal", line, sale_line, bill.invoice_line_ids, env.company)
            self._give("portal", env["res.partner"].browse(partner))
