"""Purchase orders under approval, and requests in every state."""

from odoo import Command

ORDER = "purchase.order"
DOCUMENT = "test.approval.document"
DEPOSIT = "supplier.deposit"


class Requests:
    """Rules of all kinds, and what people did under them.

    :param office: where they work
    """

    def __init__(self, office):
        self.office = office

    # ------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------

    def make_rules(self):
        """Rules for orders: by amount, and one vendor for each special one."""
        rule, step, lawyers = self._rule, self._step, self.office.lawyers
        rule(
            "over",
            [step("Director", "director")],
            sequence=1,
            domain="[('budget_state', '=', 'over')]",
        )
        two = {"quorum": "number", "quorum_number": 2}
        ruler = self.office.users["ruler"]
        late = {"limit_hours": 8, "on_timeout": "escalate", "escalation_user_id": ruler}
        self._rule_of_vendor(
            "long",
            [
                step("Quality", "quality", "safety", "manager", sequence=1, **two),
                step("Law", sequence=1, approver_type="group", group_id=lawyers.id),
                step("Heads", "deputy", "director", sequence=2, quorum="all", **late),
                step("Above", sequence=3, approver_type="manager", manager_level=2),
            ],
        )
        marked = self.office.root["ir.model.fields"]._get(ORDER, "urgency_user_id")
        by_field = {"approver_type": "field", "user_field_id": marked.id}
        self._rule_of_vendor("named", [step("Whoever marked it", **by_field)])
        self._rule_of_vendor("tolerant", [step("Manager", "manager")], tolerance=10)
        self._rule_of_vendor("mailed", [step("By mail", "mailed")])
        self._rule_of_vendor("department", [step("Head", approver_type="department")])
        self._rule_of_vendor("leaving", [step("Leaver", "leaver")])
        self._rule_of_vendor(
            "late",
            [
                step("Manager", "manager", limit_hours=4),
                step("Director", "director", limit_hours=8, on_timeout="reject"),
            ],
        )
        to_next = {"on_timeout": "escalate", "escalate_to": "next"}
        self._rule_of_vendor(
            "skipping",
            [
                step("Manager", "manager", limit_hours=4, **to_next),
                step("Director", "director", sequence=20),
            ],
        )
        small = {"amount_min": 1000, "amount_max": 10000}
        rule("small", [step("Manager", "manager")], sequence=50, **small)
        rule(
            "large",
            [
                step("Manager", "manager", "deputy", sequence=1, limit_hours=16),
                step("Director", "director", sequence=2),
            ],
            sequence=60,
            amount_min=10000,
        )
        self.make_rule_of_documents()
        self.make_rule_of_documents(DEPOSIT)
        old = rule("old", [step("Manager", "manager")], sequence=80)
        old.active = False
        rules = self.office.kept["approval.rule"]
        translated = self.office.root["approval.rule"].browse(rules["small"])
        translated.with_context(lang="vi_VN").name = "Đơn mua nhỏ"
        translated.step_ids.with_context(lang="vi_VN").name = "Trưởng phòng"
        self.office.commit()

    def make_rule_of_documents(self, model=DOCUMENT):
        """Two people in turn, from a thousand."""
        steps = [("Manager", "manager"), ("Director", "director")]
        self._rule(
            model,
            [
                self._step(*step, sequence=sequence)
                for sequence, step in enumerate(steps, start=1)
            ],
            sequence=70,
            model=model,
            amount_min=1000,
        )

    def _rule_of_vendor(self, name, steps, **values):
        vendor = self.office.vendors[name] = self.office.partner(f"Vendor {name}")
        domain = f"[('partner_id', '=', {vendor.id})]"
        return self._rule(name, steps, domain=domain, **values)

    def _rule(self, name, steps, model=ORDER, **values):
        rule = self.office.root["approval.rule"].create(
            {
                "name": name.capitalize(),
                "model_id": self.office.root["ir.model"]._get_id(model),
                "company_id": self.office.company.id,
                "step_ids": steps,
                **values,
            }
        )
        return self.office.keep(name, rule)

    def _step(self, name, *logins, **values):
        users = [self.office.users[login] for login in logins]
        return Command.create(
            {"name": name, "user_ids": [Command.set(users)], **values}
        )

    # ------------------------------------------------------------
    # ORDERS
    # ------------------------------------------------------------

    def play_before_rules(self):
        """What is there already when a company begins with approvals."""
        office = self.office
        office.submitted("free before rules", 20000)
        stuck = office.order("stuck before rules", 20000)
        stuck.sudo().write({"state": "to approve"})
        received = office.submitted("received before rules", 7000)
        office.receive(received)
        office.bill(received)

    def play(self):
        self._play_without_approval()
        self._play_open()
        self._play_long()
        self._play_absence()
        self._play_time_off()
        self._play_approved()
        self._play_changed()
        self._play_ended()
        self._play_flows()
        self._play_terms()
        self._play_branch()
        self.play_documents()
        self._play_late()

    def _play_without_approval(self):
        office = self.office
        office.order("draft")
        office.order("empty draft", lines=[{"price_unit": 0}])
        office.write("buyer", office.order("sent"), state="sent")
        office.submitted("below every rule", 500)
        office.write("buyer", office.order("cancelled draft"), state="cancel")

    def _play_open(self):
        office = self.office
        office.submitted("waiting")
        office.submitted("waiting by mail", vendor="mailed")
        office.submitted("waiting by mail, too", vendor="mailed")
        office.submitted("waiting for the head", vendor="department")
        second = office.submitted("waiting for the second step", 20000)
        office.act("manager", second, "action_approve", "Needed for the new ward")
        asked = office.submitted("asked", 20000)
        office.act("manager", asked, "action_ask_information", "Why so many?")
        answered = office.submitted("answered", 20000)
        office.act("manager", answered, "action_ask_information", "Why from them?")
        office.act("buyer", answered, "action_answer", "Nobody else has any")
        forwarded = office.submitted("forwarded")
        deputy = office.users["deputy"]
        office.act("manager", forwarded, "action_forward", deputy, "My cousin's")
        named = office.order("waiting for who marked it", login="junior")
        named.partner_id = office.vendors["named"]
        urgent = office.root.ref("urgent_orders.urgency_level_urgent")
        office.write(
            "buyer", named, urgency_level_id=urgent.id, urgency_reason="Accident"
        )
        office.act("junior", named, "button_confirm")
        hurried = office.submitted("waiting with a shorter limit", 30000)
        office.write(
            "buyer", hurried, urgency_level_id=urgent.id, urgency_reason="Flood"
        )

    def _play_long(self):
        """Steps side by side and after each other, each left at another point."""
        office = self.office
        office.submitted("long, nobody yet", vendor="long")
        one = office.submitted("long, one of two", vendor="long")
        office.act("quality", one, "action_approve")
        heads = office.submitted("long, heads", vendor="long")
        office.act("quality", heads, "action_approve", "Tested")
        office.act("lawyer", heads, "action_approve")
        office.act("safety", heads, "action_approve")
        office.act("deputy", heads, "action_approve")
        self._overdue(heads)
        whole = office.submitted("long, approved", vendor="long")
        for login in ("manager", "lawyer", "quality", "director", "deputy"):
            office.act(login, whole, "action_approve", f"Said {login}")
        office.act("director", whole, "action_approve")
        assert whole.state == "purchase"

    def _play_absence(self):
        """The manager is away for a while: a substitute holds, and decides."""
        office = self.office
        absences = office.root["approval.substitute"]
        people = {"user_id": office.users["manager"]}
        people["substitute_id"] = office.users["deputy"]
        away = absences.create(
            {**people, "date_from": office.day(-1), "date_to": office.day(1)}
        )
        office.keep("over", away)
        held = office.submitted("waiting for the substitute first")
        decided = office.submitted("approved by the substitute")
        office.act("deputy", decided, "action_approve", "On behalf")
        assert decided.state == "purchase"
        away.date_to = office.day(-1, hour=10)
        office.commit()
        assert held.approval_holder_ids.ids == [office.users["manager"]]
        rules = office.kept["approval.rule"]
        running = {
            "user_id": office.users["director"],
            "substitute_id": office.users["deputy"],
            "date_from": office.day(-1),
            "date_to": office.day(400),
            "rule_ids": [Command.set([rules["department"]])],
        }
        office.keep("running", absences.create(running))
        people |= {"date_from": office.day(400), "date_to": office.day(410)}
        office.keep("planned", absences.create(people))
        substituted = office.submitted(
            "waiting for the substitute", vendor="department"
        )
        assert substituted.approval_holder_ids.ids == [office.users["deputy"]]

    def _play_time_off(self):
        """An approved time off has proposed a substitute, who is not accepted yet."""
        office = self.office
        kind = {"name": "Away", "requires_allocation": False}
        kind |= {"leave_validation_type": "hr"}
        leave = office.root["hr.leave"].create(
            {
                "name": "Trip",
                "employee_id": office.employees["deputy"].id,
                "holiday_status_id": office.root["hr.leave.type"].create(kind).id,
                "request_date_from": office.day(500).date(),
                "request_date_to": office.day(507).date(),
            }
        )
        leave.action_approve()
        office.keep("deputy", leave)
        absences = office.root["approval.substitute"].with_context(active_test=False)
        deputy = office.users["deputy"]
        office.keep("proposed", absences.search([("user_id", "=", deputy)]))

    def _play_approved(self):
        office = self.office
        office.approved("approved")
        office.approved("approved twice", 20000, by=("manager", "director"))
        office.approved("approved by mail", vendor="mailed", by=("mailed",))
        newer = office.approved("new date after approval")
        office.write("buyer", newer.order_line, date_planned=office.day(30))
        tolerated = office.approved("kept within tolerance", vendor="tolerant")
        office.write("buyer", tolerated.order_line, price_unit=5200)
        office.write("buyer", tolerated.order_line, date_planned=office.day(25))
        tolerated.invalidate_recordset()
        assert tolerated.state == "purchase"
        assert "kept" in self._events(tolerated)
        by_default = office.order("approved with Odoo's own date", login="junior")
        office.act("junior", by_default, "button_confirm")
        office.act("manager", by_default, "action_approve")

    def _play_changed(self):
        office = self.office
        during = office.submitted("changed while it waited")
        office.write("junior", during.order_line, price_unit=6000)
        after = office.approved("changed after approval")
        office.write("buyer", after.order_line, price_unit=6000)
        assert after.state == "to approve"
        again = office.approved("changed and approved again")
        office.write("buyer", again.order_line, price_unit=6000)
        office.act("manager", again, "action_approve")
        assert again.state == "purchase"
        larger = office.approved("grown into another rule")
        office.write("buyer", larger.order_line, product_qty=5)
        assert larger.state == "to approve"

    def _play_ended(self):
        office = self.office
        rejected = office.submitted("rejected")
        office.act("manager", rejected, "action_reject", "Too expensive")
        resubmitted = office.submitted("rejected and submitted again")
        office.act("manager", resubmitted, "action_reject", "Too expensive")
        office.act("buyer", resubmitted, "button_confirm")
        withdrawn = office.submitted("withdrawn")
        office.act("buyer", withdrawn, "action_withdraw")
        cancelled = office.submitted("cancelled while it waited")
        office.act("buyer", cancelled, "button_cancel")
        used_up = office.approved("cancelled after approval")
        office.act("buyer", used_up, "button_cancel")
        begun_anew = office.approved("begun anew after approval")
        office.act("buyer", begun_anew, "button_cancel")
        office.act("buyer", begun_anew, "button_draft")
        deleted = office.submitted("deleted")
        office.act("buyer", deleted, "action_withdraw")
        office.act("buyer", deleted, "button_cancel")
        office.act("buyer", deleted, "unlink")
        del office.kept[ORDER]["deleted"]

    def _play_flows(self):
        """What approved orders lead to: receipts, bills, and changes after them."""
        office = self.office
        part = [{"price_unit": 1000, "product_qty": 5}]
        office.receive(office.approved("received"))
        office.receive(office.approved("received in part", lines=part), 2)
        billed = office.approved("billed")
        office.receive(billed)
        office.bill(billed)
        half = office.approved("billed in part", lines=part)
        office.receive(half)
        office.bill(half, 2)
        drafted = office.approved("bill in draft")
        office.receive(drafted)
        office.bill(drafted, post=False)
        locked = office.approved("locked")
        office.act("manager", locked, "button_lock")
        changed = office.approved("changed after the receipt", lines=part)
        office.receive(changed, 2)
        office.write("buyer", changed.order_line, price_unit=1100)
        assert changed.state == "to approve"
        refused = office.approved("refused after the receipt", lines=part)
        office.receive(refused, 2)
        office.write("buyer", refused.order_line, price_unit=1100)
        office.act("manager", refused, "action_reject", "Talk to them")
        assert (refused.state, refused.approval_state) == ("to approve", "rejected")

    def _play_terms(self):
        """Everything that terms may hold, approved, and the same waiting."""
        office = self.office
        taxes = office.root["account.tax"].create(
            [
                {
                    "name": f"Tax {amount} {include}",
                    "type_tax_use": "purchase",
                    "amount": amount,
                    "price_include_override": include,
                }
                for amount, include in ((10, "tax_excluded"), (5, "tax_included"))
            ]
        )
        both = f"{office.ward.id},{office.training.id}"
        lines = [
            {"display_type": "line_section", "name": "Beds", "product_qty": 0},
            {
                "price_unit": 1234.56,
                "product_qty": 3.5,
                "discount": 12.5,
                "tax_ids": [Command.set(taxes.ids)],
                "analytic_distribution": {both: 33.33, str(office.clinic.id): 66.67},
            },
            {
                "price_unit": 60,
                "product_qty": 2,
                "product_uom_id": office.dozen.id,
                "tax_ids": [Command.set(taxes[0].ids)],
                "date_planned": office.day(40),
            },
            {"product_id": office.service.id, "name": "Assembly", "price_unit": 99.99},
            {"product_id": office.service.id, "name": "Rebate", "price_unit": -50},
            {"display_type": "line_note", "name": "Mind the step", "product_qty": 0},
        ]
        values = {
            "lines": lines,
            "payment_term_id": office.term.id,
            "department_id": office.other_department.id,
            "dest_address_id": office.client.id,
            "partner_ref": "Quote 17",
            "note": "<p>Ring twice</p>",
        }
        office.submitted("all kinds of terms, waiting", **values)
        office.approved("all kinds of terms", **values)
        foreign = {"currency_id": office.euro.id}
        office.submitted("in another currency, waiting", 4000, **foreign)
        abroad = office.approved("in another currency", 4000, **foreign)
        office.receive(abroad)

    def _play_branch(self):
        """A branch follows the rules of the company above it."""
        office = self.office
        env = office.env("buyer")
        branch = office.branch
        env = env(context={**env.context, "allowed_company_ids": branch.ids})
        line = {"product_id": office.bed.id, "price_unit": 4000}
        values = {
            "partner_id": office.vendor.id,
            "company_id": branch.id,
            "order_line": [Command.create(line)],
        }
        for name in ("of the branch, waiting", "of the branch, approved"):
            order = env[ORDER].create(values)
            order.button_confirm()
            office.keep(name, order.with_env(office.root))
        office.act("manager", order.with_env(office.root), "action_approve")
        assert order.state == "purchase"

    def play_documents(self):
        """Documents of another model; of some, the requester writes comments."""
        office = self.office
        env = office.env("buyer")
        for name, logins in {
            "waiting": (),
            "second step": ("manager",),
            "approved": ("manager", "director"),
        }.items():
            document = env[DOCUMENT].create({"name": name, "amount": 5000})
            document.action_submit_approval()
            for login in logins:
                office.act(login, document, "action_approve", f"Approved by {login}")
            office.keep(name, document)
        document = env[DOCUMENT].create({"name": "free", "amount": 5, "state": "done"})
        office.keep("free", document)
        rejected = env[DOCUMENT].create({"name": "no", "amount": 5000})
        rejected.action_submit_approval()
        office.act("manager", rejected, "action_reject", "No")
        office.keep("rejected", rejected)
        document = env[DOCUMENT].create({"name": "draft", "amount": 5000})
        office.keep("draft", document)

    def _play_late(self):
        """Time limits that are over, and a colleague who left."""
        office = self.office
        self._overdue(office.submitted("reminded", vendor="late"))
        refused = office.submitted("refused by its limit", vendor="late")
        office.act("manager", refused, "action_approve")
        self._overdue(refused)
        skipping = office.submitted("escalated to the next step", vendor="skipping")
        self._overdue(skipping)
        left = office.submitted("left behind", vendor="leaving")
        cron = office.root.ref("approval_matrix.ir_cron_limits")
        office.commit()
        cron.method_direct_trigger()
        office.root["res.users"].browse(office.users["leaver"]).active = False
        office.commit()
        office.root.invalidate_all()
        assert refused.approval_state == "rejected"
        assert "escalated" in self._events(left)

    def _overdue(self, order):
        office = self.office
        office.commit()
        office.root.cr.execute(
            "UPDATE approval_task SET due_at = now() AT TIME ZONE 'UTC' - '1 hour'"
            "::interval WHERE process_id = %s AND state = 'active'",
            [order.sudo().approval_process_id.id],
        )
        office.root.invalidate_all()
        office.commit()

    def _events(self, order):
        return order.sudo().approval_process_id.log_ids.mapped("event")
