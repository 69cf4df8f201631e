"""A company at work: strangers with documents in every state, and the roles."""

from books import Books

from odoo.fields import Command

from .company_budgets import CompanyBudgets
from .company_deposits import CompanyDeposits
from .roles import APPROVERS, INTERNAL, OWNER, ROLES, SELLER, STRANGERS

#: Deposits first: their orders are confirmed before a rule holds them back.
DOCUMENTS = ("supplier.deposit", "purchase.order", "test.approval.document")


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
        for login, groups in (ROLES | STRANGERS).items():
            if groups:
                self.hire(login, *groups)
        with self.committed() as env:
            self.users["public"] = env.ref("base.public_user").id
            self.model_ids = {name: env["ir.model"]._get(name).id for name in DOCUMENTS}
            self.partner = env["res.partner"].create({"name": "Partner"}).id
        self._furnish_documents()
        self._furnish_engine()
        self._furnish_others()
        self._furnish_deposits()
        self._furnish_people()
        self._furnish_budgets()
        self._furnish_roles()

    def _furnish_documents(self):
        with self.committed() as env:
            rule = self.deposit_rule(env)
            self.theirs["deposit.rule"] = {"used": rule.id}
            self.theirs["deposit.rule.line"] = {"used": rule.line_ids.id}
        stuck = {model: self._document(model) for model in DOCUMENTS}
        with self.committed() as env:  # since before there was a rule
            for model, record in stuck.items():
                record = env[model].browse(record)
                waiting = record._approval_waiting_states[0]
                record[record._approval_state_field] = waiting
        for model in DOCUMENTS:
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
            processes = {
                f"{model} {state}": env[model].browse(record).approval_process_id
                for model in DOCUMENTS
                for state, record in self.theirs[model].items()
            }
            processes = {name: each for name, each in processes.items() if each}
            first = {name: each.task_ids[0].id for name, each in processes.items()}
            log = {name: each.log_ids[0].id for name, each in processes.items()}
            by_name = {name: each.id for name, each in processes.items()}
        self.theirs |= {
            "approval.process": by_name,
            "approval.task": first,
            "approval.log": log,
        }
        with self.committed(OWNER) as env:
            waiting = by_name["purchase.order waiting"]
            wizard = env["approval.decision"].create({"process_ids": [waiting]})
            self.theirs["approval.decision"] = {"approve": wizard.id}

    def _furnish_others(self):
        with self.committed() as env:
            step = {"user_ids": [Command.set([self.users[APPROVERS[0]]])]}
            rule = env["approval.rule"].create(
                {
                    "name": "Spare",
                    "sequence": 99,
                    "model_id": self.model_ids["test.approval.document"],
                    "step_ids": [
                        Command.create({**step, "name": "First"}),
                        Command.create({**step, "name": "Second"}),
                    ],
                }
            )
            substitute = self._absence(env, APPROVERS[0], APPROVERS[1])
            trial = {"model_id": self.model_ids["test.approval.document"]}
            trial = env["approval.trial"].create(trial)
            level = env["urgency.level"].create({"name": "Spare"})
            order = env["purchase.order"].browse(self.theirs["purchase.order"]["draft"])
            self.theirs |= {
                "approval.rule": {"spare": rule.id},
                "approval.rule.step": {"spare": rule.step_ids[0].id},
                "approval.substitute": {"planned": substitute.id},
                "approval.trial": {"amount": trial.id},
                "urgency.level": {"spare": level.id},
                "purchase.order.line": {"draft": order.order_line.id},
            }
        with self.committed(SELLER) as env:
            sale = env["sale.order"].create({"partner_id": self.partner})
            self.theirs["sale.order"] = {"draft": sale.id}
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
            self.theirs["sale.order"]["asked"] = asked.id
            self.theirs |= {
                "crm.lead": {"open": lead.id},
                "urgency.answer": {"refuse": answer.id},
                "urgency.change": {"sale": wizard.id},
                "urgency.confirmation": {"sale": confirmation.id},
                "urgency.quota": {"used": counter.id},
            }
        with self.committed() as env:
            approved = self.theirs["purchase.order"]["approved"]
            receipt = env["purchase.order"].browse(approved).picking_ids[:1]
            urgent_order = self._urgent_purchase(env)
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
            self.theirs |= {
                "stock.picking": {"receipt": receipt.id},
                "urgency.case": {"purchase": urgent_order * 2 + 1},
                "urgency.displacement": {"told": displaced.id},
            }

    def _urgent_purchase(self, env):
        return (
            env["purchase.order"]
            .create(
                {
                    "partner_id": self.partner,
                    "urgency_level_id": env.ref(
                        "urgent_orders.urgency_level_urgent"
                    ).id,
                    "urgency_reason": "Accident",
                }
            )
            .id
        )

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
            leave = env["hr.leave"].create(
                {
                    "employee_id": employee.id,
                    "holiday_status_id": env["hr.leave.type"].create(kind).id,
                    "request_date_from": "2060-03-01",
                    "request_date_to": "2060-03-02",
                }
            )
            self.theirs |= {
                "hr.leave": {"asked": leave.id},
                "res.users": {"approver": self.users[APPROVERS[0]]},
            }

    def _furnish_roles(self):
        """Give each role what it may have of its own."""
        for role in sorted(INTERNAL):
            with self.committed(role) as env:
                document = env["test.approval.document"].create({"name": "Mine"})
                document.action_submit_approval()
                process = document.sudo().approval_process_id
                wizard = env["approval.decision"].create({"process_ids": [process.id]})
                absence = self._absence(env, role, OWNER)
                mine = [document, process, process.task_ids[0], process.log_ids[0]]
                mine += self._own_budget(env, role)
                answer = {"answer": "refuse", "res_model": "sale.order", "res_ids": []}
                mine.append(env["urgency.answer"].create(answer))
                for record in (*mine, wizard, absence):
                    self.own.setdefault(record._name, {})[role] = record.id
        self._furnish_wizards()
        with self.committed() as env:
            partner = env["res.users"].browse(self.users["portal"]).partner_id.id
            invoice = env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner,
                    "invoice_line_ids": [
                        Command.create({"name": "Bed", "price_unit": 1})
                    ],
                }
            )
            invoice.action_post()
            invoice.message_subscribe([partner])
            self.own["account.move"] = {"portal": invoice.id}
            for model in ("purchase.order", "sale.order"):
                record = env[model].create({"partner_id": partner})
                self.own.setdefault(model, {})["portal"] = record.id
                record.message_subscribe([partner])
            bill = self._bill(env, partner)
            bill.action_post()
            bill.message_subscribe([partner])
            order = self.own["purchase.order"]["portal"]
            section = {"order_id": order, "name": "Beds", "product_qty": 0}
            section["display_type"] = "line_section"
            line = env["purchase.order.line"].create(section)
            self.own |= {
                "account.move": {"portal": bill.id},
                "account.move.line": {"portal": bill.invoice_line_ids.id},
                "purchase.order.line": {"portal": line.id},
            }
            picking = env["stock.picking"].create(
                {
                    "partner_id": partner,
                    "picking_type_id": env.ref("stock.picking_type_out").id,
                }
            )
            picking.message_subscribe([partner])
            self.own["stock.picking"] = {"portal": picking.id}
            self.own["res.company"] = {"portal": env.company.id}
