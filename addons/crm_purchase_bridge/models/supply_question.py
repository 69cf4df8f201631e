import re
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, plaintext2html

from odoo.addons.approval_matrix.batches import work_off
from odoo.addons.approval_matrix.models.mail_thread import NO_FOLLOW
from odoo.addons.approval_matrix.system import as_system

from .supply_change import NEWS
from .supply_question_hours import HOURS

TO_DO = "crm_purchase_bridge.mail_activity_type_question"
OVER_LIMIT = "crm_purchase_bridge.mail_activity_type_question_over"

#: What is said in one breath. More belongs into an e-mail.
LONGEST = 2000
#: Questions over their limit that are dealt with in one transaction.
BATCH = 50
#: How answer times are summed up, as Odoo asks for it.
MEDIAN = "answer_hours:median"


class Department(NamedTuple):
    """Whom one may ask.

    :param label: its name, in the user's language
    :param members: external id of the group that is asked, and may answer
    :param managers: external id of the group that hears of questions over the limit
    """

    label: str
    members: str
    managers: str


class SupplyQuestion(models.Model):
    """What one department asks another about a document, answered once.

    Whoever may read the document reads the question, and so do those who are asked.
    The other way round nothing is given: being asked opens no document. What a
    question shows of it are a product, a quantity, the customer's order and a day,
    never an amount.
    """

    _name = "supply.question"
    _description = "Question"
    _inherit = ["approval.protected", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "document_name"
    _rec_names_search = ("document_name", "text")

    text = fields.Text(string="Question", required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("answered", "Answered"), ("withdrawn", "Withdrawn")],
        required=True,
        readonly=True,
        index=True,
    )
    department = fields.Selection(
        lambda self: self._selection_department(), required=True, readonly=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Asked Person",
        readonly=True,
        index="btree_not_null",
        help="Nobody: everyone of the department is asked, and the first one answers.",
    )
    asker_id = fields.Many2one(
        "res.users", string="Asked By", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )

    # what it is about
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    document_model = fields.Char(
        string="Model of the Document", required=True, readonly=True
    )
    document_id = fields.Many2oneReference(
        model_field="document_model",
        required=True,
        readonly=True,
        help="Whoever may read this document may read the question.",
    )
    document_name = fields.Char(string="About", required=True, readonly=True)
    product_id = fields.Many2one(
        "product.product", readonly=True, index="btree_not_null", ondelete="set null"
    )
    quantity = fields.Float(
        compute="_compute_subject", compute_sudo=True, digits="Product Unit"
    )
    product_uom_id = fields.Many2one(
        "uom.uom", string="Unit", compute="_compute_subject", compute_sudo=True
    )
    order_name = fields.Char(
        string="Customer's Order", compute="_compute_subject", compute_sudo=True
    )
    needed_by = fields.Datetime(compute="_compute_subject", compute_sudo=True)
    urgency_level_id = fields.Many2one(
        "urgency.level",
        string="Urgency",
        compute="_compute_subject",
        compute_sudo=True,
        help="Of the document: how urgent it is says nothing of whose order it is.",
    )

    # the clock
    asked_at = fields.Datetime(required=True, readonly=True)
    limit_hours = fields.Float(
        string="Limit (h)",
        readonly=True,
        aggregator=None,
        help="Working hours within which it should be answered. 0: no limit.",
    )
    due_at = fields.Datetime(string="Answer By", readonly=True)
    escalated_at = fields.Datetime(
        readonly=True, help="When the managers of the department were told."
    )
    is_over_limit = fields.Boolean(
        compute="_compute_is_over_limit", search="_search_is_over_limit"
    )

    # the answer
    answer = fields.Text(readonly=True)
    answered_by_id = fields.Many2one("res.users", string="Answered By", readonly=True)
    closed_at = fields.Datetime(readonly=True)
    answer_hours = fields.Float(
        string="Answer Time (h)",
        readonly=True,
        aggregator="median",
        help="Working hours of the company from the question to the answer. "
        "Of several: the median, half of them were answered faster. Source: questions.",
    )

    can_answer = fields.Boolean(
        string="Mine to Answer",
        compute="_compute_can_answer",
        search="_search_can_answer",
    )
    can_withdraw = fields.Boolean(compute="_compute_can_answer")
    can_open = fields.Boolean(compute="_compute_can_open")

    _document_index = models.Index("(document_model, document_id)")
    _due_index = models.Index(
        "(due_at, id) WHERE state = 'open' AND escalated_at IS NULL"
    )
    _answered_once = models.Constraint(
        "CHECK ((state = 'answered') = (answer IS NOT NULL))",
        "A question is answered once.",
    )

    # ------------------------------------------------------------
    # DEPARTMENTS
    # ------------------------------------------------------------

    @api.model
    def _get_departments(self):
        """Return whom one may ask. Addons add theirs.

        :return: departments by key
        :rtype: dict[str, Department]
        """
        return {
            "care": Department(
                self.env._("Customer Care"),
                "sales_team.group_sale_salesman",
                "sales_team.group_sale_manager",
            ),
            "purchase": Department(
                self.env._("Purchasing"),
                "purchase.group_purchase_user",
                "purchase.group_purchase_manager",
            ),
            "stock": Department(
                self.env._("Warehouse"),
                "stock.group_stock_user",
                "stock.group_stock_manager",
            ),
            "account": Department(
                self.env._("Accounting"),
                "account.group_account_invoice",
                "account.group_account_manager",
            ),
        }

    @api.model
    def _selection_department(self):
        return [
            (key, department.label)
            for key, department in self._get_departments().items()
        ]

    @api.model
    def _get_own_departments(self):
        """Return the keys of the departments that the user belongs to."""
        user = self.env.user
        return [
            key
            for key, department in self._get_departments().items()
            if user.has_group(department.members)
        ]

    @api.model
    def _get_people(self, group, company):
        """Return those of a group who work in a company."""
        users = self.env.ref(group).sudo().all_user_ids
        return users.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("document_name", "product_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for question in self:
            names = question.document_name, question.sudo().product_id.display_name
            question.display_name = " – ".join(filter(None, names))

    @api.depends("res_model", "res_id")
    def _compute_subject(self):
        names = (
            "quantity",
            "product_uom_id",
            "order_name",
            "needed_by",
            "urgency_level_id",
        )
        for model, questions in self.grouped("res_model").items():
            records = self._get_askable().get(model)
            if records is not None:
                records = records.sudo().browse(questions.mapped("res_id")).exists()
            found = {record.id: record for record in records or ()}
            for question in questions:
                record = found.get(question.res_id)
                subject = record._get_question_subject() if record else {}
                for name in names:
                    question[name] = subject.get(name, False)

    @api.depends("state", "due_at")
    def _compute_is_over_limit(self):
        now = fields.Datetime.now()
        for question in self:
            question.is_over_limit = (
                question.state == "open" and bool(question.due_at)
            ) and question.due_at <= now

    def _search_is_over_limit(self, operator, value):
        if operator != "in":
            return NotImplemented
        over = Domain("state", "=", "open") & Domain(
            "due_at", "<=", fields.Datetime.now()
        )
        return over if True in value else ~over

    @api.depends("state", "department", "user_id", "asker_id")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        mine = set(self._get_own_departments())
        for question in self:
            is_open, me = question.state == "open", self.env.user
            question.can_withdraw = is_open and question.asker_id == me
            question.can_answer = (
                is_open
                and question.asker_id != me
                and (question.user_id == me or question.department in mine)
            )

    @api.depends("document_model", "document_id")
    @api.depends_context("uid")
    def _compute_can_open(self):
        """Tell whether the user may open the document: being asked is no reason."""
        for model, questions in self.grouped("document_model").items():
            readable = self.browse()
            if model in self.env:
                documents = self.env[model].browse(questions.mapped("document_id"))
                readable = documents.exists()._filtered_access("read")
            for question in questions:
                question.can_open = question.document_id in readable._ids

    def _search_can_answer(self, operator, value):
        """Find what waits for the user, not what a colleague is asked by name."""
        if operator != "in":
            return NotImplemented
        unnamed = Domain("user_id", "=", False)
        unnamed &= Domain("department", "in", self._get_own_departments())
        mine = (
            Domain("state", "=", "open")
            & Domain("asker_id", "!=", self.env.uid)
            & (Domain("user_id", "=", self.env.uid) | unnamed)
        )
        return mine if True in value else ~mine

    # ------------------------------------------------------------
    # WHO READS IT
    # ------------------------------------------------------------

    @api.model
    def _get_readable_domain(self):
        """Return what the user may read: what they asked or are asked, and what is
        about a document that they may read."""
        domain = Domain("asker_id", "=", self.env.uid)
        domain |= Domain("user_id", "=", self.env.uid)
        domain |= Domain("department", "in", self._get_own_departments())
        documents = {
            records._get_question_document()._name: records._get_question_document()
            for records in self._get_askable().values()
        }
        for name, records in documents.items():
            if records.has_access("read"):
                domain |= Domain("document_model", "=", name) & Domain(
                    "document_id", "in", records._search([], active_test=False)
                )
        return domain

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not any(self._ids):
            return result
        rest = self - result[0] if result else self
        hidden = rest - rest.sudo().search(
            Domain("id", "in", rest.ids) & self._get_readable_domain()
        )
        if not hidden:
            return result
        forbidden = hidden | (result[0] if result else self.browse())
        rules = self.env["ir.rule"]
        return forbidden, lambda: rules._make_access_error(operation, forbidden)

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            self.browse().check_access("read")
            domain = Domain(domain) & self._get_readable_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == MEDIAN:
            hours = self._field_to_sql(self._table, "answer_hours", query)
            return SQL("PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)", hours)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _get_refusal(self):
        return self.env._(
            "Questions cannot be created, changed or deleted by hand: ask, answer, "
            "forward or withdraw."
        )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_answer(self):
        """Open the dialog that answers, or shows who was faster."""
        return self.env["supply.question.reply"]._open(self, "answer")

    def action_open_forward(self):
        """Open the dialog that asks somebody else."""
        return self.env["supply.question.reply"]._open(self, "forward")

    def action_withdraw(self):
        """Take one's own questions back."""
        self._withdraw()

    def action_open_document(self):
        """Open what it is about with the user's own rights.

        :raises AccessError: when the user may not read it: being asked opens nothing
        """
        self.ensure_one()
        self.check_access("read")
        document = self.sudo()._get_document().sudo(False)
        document.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }

    def _get_document(self):
        document = self.env[self.document_model].browse(self.document_id).exists()
        if not document:
            raise UserError(
                self.env._(
                    "%(document)s does not exist any more.", document=self.document_name
                )
            )
        return document

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @api.model
    def _get_askable(self):
        """Return the models that one may ask about, by name."""
        names = self.env.registry["supply.question.mixin"]._inherit_children
        return {name: self.env[name] for name in names if name in self.env}

    @api.model
    def _ask(self, record, department, text, user=None):
        """Ask a department about a record that the user may read.

        The same question that is still open is not asked again: somebody pressed twice.

        :param record: of a model that inherits ``supply.question.mixin``
        :param str department: key of a department
        :param user: the person to ask; nobody: whoever the record names, else everyone
            of the department
        :rtype: SupplyQuestion
        """
        record.ensure_one()
        record.check_access("read")
        if department not in self._get_departments():
            raise UserError(self.env._("Choose the department to ask."))
        text = self._clean(text)
        asker, system = self.env.user, as_system(self)
        values = system._prepare_question(as_system(record), department, asker)
        same = system.search(
            [
                ("state", "=", "open"),
                ("document_model", "=", values["document_model"]),
                ("document_id", "=", values["document_id"]),
                ("res_model", "=", values["res_model"]),
                ("res_id", "=", values["res_id"]),
                ("asker_id", "=", asker.id),
                ("department", "=", department),
                ("text", "=", text),
            ],
            limit=1,
        )
        if same:
            return same.with_env(self.env)
        if user:
            values["user_id"] = self._check_person(user, record=values).id
        context = {"mail_create_nolog": True, "mail_create_nosubscribe": True}
        question = system.with_context(**context)._system_create(
            [{**values, "text": text}]
        )
        people = question._get_asked()
        if not people:
            raise UserError(
                self.env._(
                    "Nobody in %(department)s can be asked: have an administrator give "
                    "somebody these rights, or ask a person by name.",
                    department=self._get_departments()[department].label,
                )
            )
        question._give_to_dos(people, TO_DO)
        question._tell_panels()
        return question.with_env(self.env)

    @api.model
    def _get_hours(self, company, department):
        """Return the working hours in which a department answers; 0: no limit."""
        name = f"supply_question_hours_{department}"
        return company.sudo()[name] if name in company._fields else HOURS

    @api.model
    def _prepare_question(self, record, department, asker):
        document = record._get_question_document()
        subject = record._get_question_subject()
        company = document.company_id or asker.company_id
        hours, now = self._get_hours(company, department), fields.Datetime.now()
        people = self._get_people(self._get_departments()[department].members, company)
        named = (record._get_question_people(department) & people) - asker
        return {
            "state": "open",
            "asker_id": asker.id,
            "department": department,
            "user_id": named.id if len(named) == 1 else False,
            "company_id": company.id,
            "res_model": record._name,
            "res_id": record.id,
            "document_model": document._name,
            "document_id": document.id,
            "document_name": document._get_question_name(),
            "product_id": subject.get("product_id", record.browse()).id,
            "asked_at": now,
            "limit_hours": hours,
            "due_at": (
                company._approval_working_time().plan(hours, now) if hours else False
            ),
        }

    @api.model
    def _clean(self, text):
        """Return what was written, or say what is wrong with it."""
        text = text if isinstance(text, str) else ""
        # what no keyboard types, and PostgreSQL may not take
        text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", " ", text).strip()
        if not text:
            raise UserError(self.env._("Write at least a word."))
        if len(text) > LONGEST:
            raise UserError(
                self.env._(
                    "These are %(length)s characters. Write at most %(most)s, or send "
                    "an e-mail.",
                    length=len(text),
                    most=LONGEST,
                )
            )
        return text

    @api.model
    def _check_person(self, user, record):
        """Return a person who may be asked.

        :param dict record: ``company_id`` and ``asker_id`` of the question
        """
        user = user.sudo().exists()
        if not user or not user.active or user.share:
            raise UserError(self.env._("Choose a colleague who works with Odoo."))
        if user.id == record["asker_id"]:
            raise UserError(self.env._("%(user)s is the one who asks.", user=user.name))
        if record["company_id"] not in user.company_ids.ids:
            raise UserError(
                self.env._(
                    "%(user)s does not work in %(company)s: choose somebody else.",
                    user=user.name,
                    company=self.env["res.company"]
                    .sudo()
                    .browse(record["company_id"])
                    .name,
                )
            )
        return user

    # ------------------------------------------------------------
    # ANSWERING
    # ------------------------------------------------------------

    def _answer(self, text):
        """Answer a question, once; the clock stops.

        :raises UserError: when somebody was faster, with what they said
        """
        self.ensure_one()
        self._lock()
        self._check_may_answer()
        text, now = self._clean(text), fields.Datetime.now()
        question = as_system(self)
        calendar = question.company_id._approval_working_time()
        question._system_write(
            {
                "state": "answered",
                "answer": text,
                "answered_by_id": self.env.uid,
                "closed_at": now,
                "answer_hours": calendar.count(question.asked_at, now),
            }
        )
        question._close_to_dos()
        question._tell_panels()
        question._tell_asker()

    def _forward(self, user):
        """Ask somebody else by name; the limit stays."""
        self.ensure_one()
        self._lock()
        self._check_may_answer()
        question = as_system(self)
        values = {
            "asker_id": question.asker_id.id,
            "company_id": question.company_id.id,
        }
        person = as_system(self._check_person(user, record=values))
        question._system_write({"user_id": person.id})
        question._close_to_dos(TO_DO)
        question._give_to_dos(person, TO_DO)
        question._tell_panels()

    def _withdraw(self):
        """Take questions back.

        :raises UserError: when somebody else asked them
        """
        self._lock()
        for question in self.sudo():
            if question.asker_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(user)s asked this: only they can withdraw it.",
                        user=question.asker_id.name,
                    )
                )
        as_system(self)._close_unanswered()

    def _close_unanswered(self):
        """End questions that nobody needs an answer to any more."""
        questions = self.filtered(lambda question: question.state == "open")
        if questions:
            questions._system_write(
                {"state": "withdrawn", "closed_at": fields.Datetime.now()}
            )
            questions._close_to_dos()
            questions._tell_panels()

    @api.model
    def _follow_merge(self, records, heir):
        """Let questions about documents go on about the one they were merged into."""
        questions = as_system(self).search(
            [
                ("document_model", "=", records._name),
                ("document_id", "in", records.ids),
            ]
        )
        about = questions.filtered(lambda question: question.res_model == heir._name)
        about._system_write({"res_id": heir.id})
        questions._system_write({"document_id": heir.id})

    def _lock(self):
        """Lock what the user may read, and read it.

        Of two people who answer in the same moment one meets a serialization error:
        the row is updated by whoever is first. Odoo tries again, and then the other
        one reads the answer.
        """
        self.check_access("read")
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "SELECT id FROM supply_question WHERE id IN %s ORDER BY id FOR UPDATE",
                tuple(self.ids) or (0,),
            )
        )
        self.invalidate_recordset()

    def _check_open(self):
        """Say what became of a question that is not open any more."""
        question = self.sudo()
        if question.state == "answered":
            raise UserError(
                self.env._(
                    "%(user)s has answered already: “%(answer)s”",
                    user=question.answered_by_id.name,
                    answer=question.answer,
                )
            )
        if question.state == "withdrawn":
            raise UserError(
                self.env._("This question was withdrawn: no answer is needed.")
            )

    def _check_may_answer(self):
        self._check_open()
        question = self.sudo()
        if question.asker_id == self.env.user:
            raise UserError(
                self.env._("You asked this yourself: withdraw it if it is settled.")
            )
        if not self.sudo(False).can_answer:
            raise UserError(
                self.env._(
                    "This is for %(department)s to answer.",
                    department=question._get_label("department"),
                )
            )

    # ------------------------------------------------------------
    # PEOPLE
    # ------------------------------------------------------------

    def _get_asked(self):
        """Return who is asked now: the named person, else the department."""
        self.ensure_one()
        if self.user_id.active and self.company_id in self.user_id.company_ids:
            return self.user_id
        department = self._get_departments().get(self.department)
        if not department:  # of an addon that is gone
            return self.user_id.browse()
        return self._get_people(department.members, self.company_id) - self.asker_id

    def _give_to_dos(self, users, to_do):
        """Give users a to-do each, which opens the question; one is enough."""
        self.ensure_one()
        has = self.activity_search([to_do]).user_id
        day = self.company_id._approval_day(self.due_at or None)
        kind = self.env.ref(to_do)
        values = []
        for user in users - has:
            text = self.with_context(lang=user.lang)
            values.append(
                {
                    "activity_type_id": kind.id,
                    "automated": True,
                    "date_deadline": day,
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": self.id,
                    "user_id": user.id,
                    "summary": text.env._(
                        "%(user)s asks: %(subject)s",
                        user=self.asker_id.name,
                        subject=text.display_name,
                    ),
                    "note": plaintext2html(self.text),
                }
            )
        # the e-mail on a new to-do would tell no more; nobody follows because of one
        system = self.with_context(mail_activity_quick_update=True, **{NO_FOLLOW: True})
        system.env["mail.activity"].create(values)

    def _close_to_dos(self, *kinds):
        to_dos = self.activity_search(list(kinds) or [TO_DO, OVER_LIMIT])
        to_dos.unlink()

    def _tell_panels(self):
        """Let open panels that show these questions look again, see
        ``supply.change``."""
        orders = self.filtered(lambda each: each.document_model == "sale.order")
        leads = self.filtered(lambda each: each.document_model == "crm.lead")
        wanted = self.env["crm.lead"].browse(leads.mapped("document_id")).exists()
        products = self.product_id | wanted.wanted_line_ids.product_id
        self.env.ref("base.group_user")._bus_send(
            NEWS,
            {"products": products.ids, "orders": orders.mapped("document_id")},
        )

    def _tell_asker(self):
        """Tell whoever asked, on the screen at once and in their inbox."""
        self.ensure_one()
        asker = self.asker_id
        if not asker.active:
            return
        text = self.with_context(lang=asker.lang)
        title = text.env._(
            "%(user)s answers about %(subject)s",
            user=self.answered_by_id.name,
            subject=text.display_name,
        )
        asker._bus_send(
            "simple_notification",
            {"type": "info", "title": title, "message": self.answer},
        )
        text.message_notify(
            partner_ids=asker.partner_id.ids,
            subject=title,
            body=plaintext2html(f"{self.text}\n\n{self.answer}"),
        )

    # ------------------------------------------------------------
    # THE LIMIT
    # ------------------------------------------------------------

    @api.model
    def _cron_follow_limits(self):
        """Remind those who are asked, and tell their managers, of what is over the
        limit: once."""
        questions = as_system(self)
        domain = [
            ("state", "=", "open"),
            ("escalated_at", "=", False),
            ("due_at", "<=", fields.Datetime.now()),
        ]

        def deal_with(batch):
            for question in batch.try_lock_for_update():
                question._escalate()

        work_off(self.env["ir.cron"], questions, domain, "due_at", deal_with, BATCH)

    def _escalate(self):
        """Remind, and tell the managers of the department."""
        self.ensure_one()
        self._system_write({"escalated_at": fields.Datetime.now()})
        people = self._get_asked()
        self._give_to_dos(people, TO_DO)
        for user in people:
            text = self.with_context(lang=user.lang)
            user._bus_send(
                "simple_notification",
                {
                    "type": "warning",
                    "sticky": True,
                    "message": text.env._(
                        "%(user)s still waits for an answer: %(subject)s",
                        user=self.asker_id.name,
                        subject=text.display_name,
                    ),
                },
            )
        department = self._get_departments().get(self.department)
        if department:
            managers = self._get_people(department.managers, self.company_id)
            self._give_to_dos(managers - self.asker_id, OVER_LIMIT)

    def _recount(self):
        """Working time changed: open questions are due when their limit is over now,
        but nobody is late from one moment to the next."""
        now = fields.Datetime.now()
        for question in self:
            calendar = question.company_id._approval_working_time()
            due = calendar.plan(question.limit_hours, question.asked_at)
            due = max(due, now) if due else False
            if due != question.due_at:
                question._system_write({"due_at": due})
