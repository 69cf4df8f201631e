from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.approval_matrix.system import as_system

from ..promise_row import RISKS

#: What a panel may be opened on.
DOCUMENTS = ("sale.order", "crm.lead", "res.partner")
#: So many lines are shown at once, and at most; the sentence is about all.
MOST, MOST_EVER = 100, 2000
#: No more open lines of a customer are looked at, the newest.
MOST_LINES = 5000
#: Answers are shown on the lines for so many days.
ANSWER_DAYS = 14
#: The way of goods to the customer: what each stage is called is in ``_get_stages``,
#: and where goods are follows from what is the matter with them.
STAGE_OF = {
    "make": "make",
    "made": "make",
    "none": "buy",
    "buy": "buy",
    "quotation": "quotation",
    "asked": "quotation",
    "approval": "approval",
    "deposit": "deposit",
    "ordered": "receipt",
    "undated": "receipt",
    "transfer": "receipt",
    "unplaced": "receipt",
    "stock": "delivery",
}
#: Stages of goods that nobody buys.
UNBOUGHT = {
    "stock": ("delivery",),
    "transfer": ("receipt", "delivery"),
    "unplaced": ("receipt", "delivery"),
    "make": ("make", "delivery"),
    "made": ("make", "delivery"),
}
#: What nobody has bought yet: quotations of anybody would bring it.
UNBOUGHT_CODES = ("buy", "none")
#: Stages of goods that are bought; those between are passed by some only.
BOUGHT = ("buy", "quotation", "approval", "deposit", "receipt", "delivery")
#: What a card shows of a stored promise.
DERIVED_AND_TOLD = (
    "quantity",
    "quantity_now",
    "sources",
    "likely_on",
    "safe_on",
    "wanted_on",
    "told_on",
    "told_at",
    "slack_days",
    "risk",
    "confidence",
    "faster_on",
    "faster_vendor_id",
    "method",
    "holder_kind",
    "purchase_line_id",
    "reason",
)


class SupplyPanel(models.AbstractModel):
    """What customer care sees of the goods of an order, and what to say of them.

    One call answers everything, worked out at that moment. There are days, states and
    names in it, never an amount: who reads it may not read purchases.
    """

    _name = "supply.panel"
    _inherit = "supply.panel.words"
    _description = "Supply Panel"

    @api.model
    @api.readonly
    def get_panel(self, res_model, res_id, most=MOST):
        """Return what the panel of an order, opportunity or customer shows.

        :param str res_model: one of ``DOCUMENTS``
        :param int res_id: id of a record that the user may read
        :param int most: how many lines are shown, the worst first where there are
            more; the sentence is about all of them
        :return: a sentence to read aloud, and a card for each line
        :rtype: dict
        :raises AccessError: the user may not read it
        :raises UserError: there is no panel for such a record
        """
        if not self.env.user._is_internal():  # customers read orders of their own
            raise AccessError(self.env._("Only employees see where goods are."))
        if res_model not in DOCUMENTS or not isinstance(res_id, int):
            raise UserError(self.env._("There is no supply panel for this."))
        document = self.env[res_model].browse(res_id).exists()
        if not document:
            raise UserError(self.env._("It has been deleted."))
        document.check_access("read")
        most = min(most, MOST_EVER) if isinstance(most, int) and most > 0 else MOST
        groups = self._get_lines(document)
        cards = []
        for lines in groups:
            cards += self._get_cards(lines)
        shown = cards
        if len(cards) > most:
            shown = sorted(cards, key=self._get_badness)[:most]
        self._add_stages(shown)
        self._add_questions(shown)
        self._add_quotes(shown)
        return {
            "name": document.display_name,
            "sentence": self._get_sentence(document, cards),
            "inside": self._get_inside(cards),
            "risk": RISKS[min(map(self._get_badness, cards), default=(4,))[0]],
            "cards": shown,
            "more": len(cards) - len(shown),
            "questions": self._get_document_questions(document),
            "products": sorted({card["product_id"] for card in cards}),
            "orders": sorted({card["order_id"] for card in cards if card["order_id"]}),
            "stages": self._get_stages(),
            "can_tell": self._may_tell(document, cards),
            "being_filled": self.env["supply.promise"]._is_being_filled(),
            "now": fields.Datetime.to_string(fields.Datetime.now()),
        }

    @api.model
    def _get_badness(self, card):
        """Return what to sort cards by, the worst first; what was delivered last."""
        risk = RISKS.index(card["risk"]) if card["is_open"] else len(RISKS) - 1
        return risk, not card["is_open"], card["slack"]

    @api.model
    def _may_tell(self, document, cards):
        told = "crm.lead.line" if document._name == "crm.lead" else "sale.order.line"
        return (
            document._name != "res.partner"
            and any(card["is_open"] and card["model"] == told for card in cards)
            and document.has_access("write")
            and self.env["supply.promise.tell"].has_access("create")
        )

    @api.model
    def _get_lines(self, document):
        """Return the lines that a panel is about, by model, which the user may read."""
        lines, wishes = self.env["sale.order.line"], self.env["crm.lead.line"]
        if document._name == "sale.order":
            lines = document.order_line
        elif document._name == "crm.lead":
            lines = document.order_ids._filtered_access("read").order_line
            wishes = document.wanted_line_ids
        else:
            lines = self._find_open_lines(document.commercial_partner_id)
        lines = lines.filtered(
            lambda line: (
                line.state != "cancel"
                and not line.display_type
                and not line.is_downpayment
                and line.product_id.type == "consu"
                and (
                    document._name == "sale.order"
                    or line.qty_delivered < line.product_uom_qty
                )
            )
        )
        lines = lines.sorted(lambda line: line.state != "sale")
        return [lines for lines in (lines, wishes) if lines]

    @api.model
    def _find_open_lines(self, family):
        """Return what is still to be delivered to the people of a company, of orders
        and of quotations that are still good; the newest first."""

        def has_open(lines, alias, query):
            delivered, ordered = (
                lines._field_to_sql(alias, name, query)
                for name in ("qty_delivered", "product_uom_qty")
            )
            return SQL("COALESCE(%s, 0) < %s", delivered, ordered)

        good = Domain("order_id.validity_date", "=", False) | Domain(
            "order_id.validity_date", ">=", fields.Date.context_today(self)
        )
        asking = Domain("state", "in", ("draft", "sent")) & good
        return self.env["sale.order.line"].search(
            Domain("order_partner_id", "child_of", family.id)
            & (Domain("state", "=", "sale") | asking)
            & Domain("display_type", "=", False)
            & Domain("product_id.type", "=", "consu")
            & Domain.custom(to_sql=has_open),
            order="order_id DESC, sequence, id",
            limit=MOST_LINES,
        )

    # ------------------------------------------------------------
    # CARDS
    # ------------------------------------------------------------

    @api.model
    def _get_cards(self, lines):
        """Return a card for each line, worked out now.

        :param lines: ``sale.order.line`` or ``crm.lead.line``
        :rtype: list
        """
        promises = self.env["supply.promise"].sudo()
        is_wish = lines._name == "crm.lead.line"
        subject = "lead_line_id" if is_wish else "sale_line_id"
        rows = {
            row[subject].id: row
            for row in promises.search([(subject, "in", lines.ids)])
        }
        outlooks = self.env["supply.outlook"]._look(lines)
        over = lines.filtered(lambda line: line.id not in outlooks)
        delivered = self._read_deliveries(over)
        self._read_people(outlook.source.holders for outlook in outlooks.values())
        cards = []
        for line in lines.sudo():
            row, outlook = rows.get(line.id, promises), outlooks.get(line.id)
            if outlook:
                values = promises._prepare_values(line, outlook, row)
                told = {name: row[name] for name in ("told_on", "told_at", "channel")}
                told["told_by"] = row.told_by_id.name
                cards.append(self._make_card(line, {**values, **told}))
            else:
                cards.append(
                    self._make_delivered_card(line, row, delivered.get(line.id))
                )
        return cards

    @api.model
    def _read_people(self, groups):
        """Read the names of all who hold something at once."""
        ids = {id_ for group in groups for id_ in group or ()}
        self.env["res.users"].sudo().browse(ids).fetch(["name", "active"])

    @api.model
    def _get_cards_of(self, promises):
        """Return the cards of promises as they are stored."""
        self._read_people((row.reason or {}).get("holders") for row in promises.sudo())
        cards = []
        for promise in promises.sudo():
            names = self.env["supply.promise"]._fields
            values = {
                name: names[name].convert_to_write(promise[name], promise)
                for name in DERIVED_AND_TOLD
            }
            values["told_by"] = promise.told_by_id.name
            cards.append(
                self._make_card(promise.sale_line_id or promise.lead_line_id, values)
            )
        return cards

    @api.model
    def _make_card(self, line, values):
        """Return the card of a line that waits for goods.

        :param line: ``sale.order.line`` or ``crm.lead.line``
        :param dict values: of its promise, with what was told (:data:`DERIVED_AND_TOLD`
            and ``told_by``)
        :rtype: dict
        """
        promises = self.env["supply.promise"].sudo()
        reason = values["reason"]
        kinds = dict(promises._fields["holder_kind"]._description_selection(self.env))
        words = self.env["supply.promise.words"]
        risks = dict(promises._fields["risk"]._description_selection(self.env))
        methods = dict(promises._fields["method"]._description_selection(self.env))
        return {
            **self._describe_line(line),
            "quantity": values["quantity"],
            "quantity_now": values["quantity_now"],
            "parts": [
                {"quantity": part["quantity"], "day": part["day"], "way": part["way"]}
                for part in values["sources"]
            ],
            "likely": _iso(values["likely_on"]),
            "safe": _iso(values["safe_on"]),
            "wanted": _iso(values["wanted_on"]),
            "told": _iso(values["told_on"]),
            "told_by": values["told_by"] or False,
            "told_at": fields.Datetime.to_string(values["told_at"]) or False,
            "slack": values["slack_days"],
            "risk": values["risk"],
            "risk_label": risks[values["risk"]],
            "confidence": values["confidence"],
            "method": methods[values["method"]],
            "stage": STAGE_OF.get(reason["code"], "buy"),
            "with": kinds[values["holder_kind"]],
            "holders": words._name_people(reason["holders"]),
            "since": reason["since"] or False,
            "step": reason["facts"].get("step") or False,
            "why": words._render_reason(reason),
            "code": reason["code"],
            "purchase_line_id": values["purchase_line_id"],
            "purchase_line_ids": [
                part["line"] for part in values["sources"] if part["line"]
            ],
            "overdue": reason["overdue"],
            "faster": self._describe_faster(values),
            "is_open": True,
        }

    @api.model
    def _describe_faster(self, values):
        """Return that another vendor could have it earlier, in words, and whether the
        buyer has to be asked about it; nothing where nobody is faster.

        Which vendor it is, is for purchasing.
        """
        day = values["faster_on"]
        if not day:
            return False
        if not self.env.user.has_group("purchase.group_purchase_user"):
            text = self.env._("Can be had earlier (%s)", self._say_day(day))
            return {"day": _iso(day), "text": text, "is_asking": True}
        vendor = self.env["res.partner"].sudo().browse(values["faster_vendor_id"])
        days = (values["likely_on"] - day).days
        texts = {"vendor": vendor.name, "days": days, "day": self._say_day(day)}
        if days == 1:
            text = self.env._(
                "%(vendor)s could have it a day earlier: %(day)s", **texts
            )
        else:
            text = self.env._(
                "%(vendor)s could have it %(days)s days earlier: %(day)s", **texts
            )
        return {"day": _iso(day), "text": text, "is_asking": False}

    @api.model
    def _make_delivered_card(self, line, row, delivered):
        """Return the card of a line that waits for nothing.

        :param delivered: :class:`Delivered`, if a transfer tells
        """
        is_lead = line._name == "crm.lead.line"
        return {
            **self._describe_line(line),
            "quantity": 0.0 if is_lead else line.product_uom_qty,
            "quantity_now": 0.0,
            "parts": [],
            "likely": False,
            "safe": False,
            "wanted": _iso(row.wanted_on),
            "told": _iso(row.told_on),
            "told_by": row.told_by_id.name or False,
            "told_at": fields.Datetime.to_string(row.told_at) or False,
            "slack": 0,
            "risk": "safe",
            "risk_label": self._say_over(line, delivered),
            "confidence": "high",
            "method": False,
            "stage": False,
            "with": False,
            "holders": "",
            "since": False,
            "step": False,
            "why": self._say_over(line, delivered),
            "code": False,
            "purchase_line_id": False,
            "purchase_line_ids": [],
            "overdue": 0,
            "faster": False,
            "is_open": False,
        }

    @api.model
    def _describe_line(self, line):
        """Return what the card of any line says of the line itself."""
        is_lead = line._name == "crm.lead.line"
        order = line.lead_id if is_lead else line.order_id
        return {
            "model": line._name,
            "id": line.id,
            "order_id": False if is_lead else order.id,
            "order": order.name,
            "company_id": (line.company_id or self.env.company).id,
            "state": False if is_lead else line.state,
            "product_id": line.product_id.id,
            "product": line.product_id.with_context(
                display_default_code=False
            ).display_name,
            "unit": line.product_id.uom_id.name,
        }

    # ------------------------------------------------------------
    # STAGES
    # ------------------------------------------------------------

    @api.model
    def _get_stages(self):
        """Return what the stages on the way of goods to the customer are called."""
        return {
            "make": self.env._("Production"),
            "buy": self.env._("To Buy"),
            "quotation": self.env._("Quotation"),
            "approval": self.env._("Approval"),
            "deposit": self.env._("Deposit"),
            "receipt": self.env._("Receipt"),
            "delivery": self.env._("Delivery"),
        }

    @api.model
    def _add_stages(self, cards):
        """Say of each card which stages its goods pass: where nobody had to approve,
        or no deposit is asked for, there is no such stage."""
        lines = as_system(self.env["purchase.order.line"]).browse(
            {card["purchase_line_id"] for card in cards} - {False, None}
        )
        orders = lines.exists().order_id
        passed = {"approval": self._find_approved(orders)}
        passed["deposit"] = self._find_deposits(orders)
        has_rules = {}
        for card in cards:
            if card["code"] in UNBOUGHT:
                card["stages"] = list(UNBOUGHT[card["code"]])
                continue
            order = lines.browse(card["purchase_line_id"] or []).order_id
            stages = list(BOUGHT)
            for stage, those in passed.items():
                is_passed = card["stage"] == stage or order in those
                if not order and stage == "approval":
                    company = card["company_id"]
                    if company not in has_rules:
                        has_rules[company] = self._has_rules(company)
                    is_passed = has_rules[company]
                if not is_passed:
                    stages.remove(stage)
            if order.picking_type_id.code == "dropship":  # straight to the customer
                stages.remove("receipt")
                if card["stage"] == "receipt":
                    card["stage"] = "delivery"
            card["stages"] = stages

    @api.model
    def _has_rules(self, company_id):
        company = as_system(self.env["res.company"]).browse(company_id)
        rules = as_system(self.env["approval.rule"])
        return bool(rules._get_rules(self.env["purchase.order"], company))

    @api.model
    def _find_approved(self, orders):
        """Return which purchases somebody approves, has approved, or will have to."""
        asked = as_system(self.env["approval.process"]).search(
            [("res_model", "=", "purchase.order"), ("res_id", "in", orders.ids)]
        )
        quoted = orders.filtered(lambda order: order.state in ("draft", "sent"))
        routes = self.env["approval.rule"]._match(quoted) if quoted else {}
        return orders.filtered(
            lambda order: (
                order.state == "to approve"
                or order.id in routes
                or order.id in asked.mapped("res_id")
            )
        )

    @api.model
    def _find_deposits(self, orders):
        """Return which purchases have a deposit, or will have one."""
        deposits = as_system(self.env["supplier.deposit"]).search(
            [("order_id", "in", orders.ids), ("stage", "!=", "cancelled")]
        )
        quoted = orders.filtered(lambda order: order.state != "purchase")
        rules = self.env["deposit.rule"]._match(quoted) if quoted else {}
        return deposits.order_id | orders.browse(rules)

    # ------------------------------------------------------------
    # QUESTIONS
    # ------------------------------------------------------------

    @api.model
    def _add_quotes(self, cards):
        """Say on cards how far the vendors are who were asked for quotes: how many of
        them, and the best day; never who, and never an amount."""
        wanted = {
            card["id"]: card["code"] in UNBOUGHT_CODES
            for card in cards
            if card["is_open"] and card["model"] == "sale.order.line"
        }
        lines = self.env["sale.order.line"].browse(wanted)
        found = self.env["supply.quotes"]._read_progress(lines, wanted)
        for card in cards:
            progress = card["model"] == "sale.order.line" and found.get(card["id"])
            card["quotes"] = self._say_quotes(progress) if progress else False

    @api.model
    def _say_quotes(self, progress):
        """:param progress: see ``supply.quotes._read_progress``"""
        facts = progress._asdict()
        if not progress.asked:
            return self.env._("Quotes of %(vendors)s vendors are prepared", **facts)
        if not progress.answered:
            return self.env._("%(asked)s quotes asked, none answered yet", **facts)
        if not progress.day:
            return self.env._("%(asked)s quotes asked, %(answered)s answered", **facts)
        facts["day"] = self._say_day(progress.day)
        return self.env._(
            "%(asked)s quotes asked, %(answered)s answered, best day %(day)s", **facts
        )

    @api.model
    def _add_questions(self, cards):
        """Put on each card what was asked about its line, or about the purchase that
        brings its goods, as far as the user may read it."""
        by_record = {}
        for card in cards:
            card["questions"] = []
            by_record.setdefault((card["model"], card["id"]), []).append(card)
            for line in set(card["purchase_line_ids"]):
                by_record.setdefault(("purchase.order.line", line), []).append(card)
        ids = {}
        for model, id_ in by_record:
            ids.setdefault(model, []).append(id_)
        domain = Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", found)
            for model, found in ids.items()
        )
        for question in self._find_questions(domain):
            for card in by_record[question.res_model, question.res_id]:
                card["questions"].append(self._describe_question(question))

    @api.model
    def _get_document_questions(self, document):
        """Return what was asked about the order or opportunity as a whole."""
        if document._name == "res.partner":
            return []
        domain = Domain("res_model", "=", document._name)
        questions = self._find_questions(domain & Domain("res_id", "=", document.id))
        return [self._describe_question(question) for question in questions]

    @api.model
    def _find_questions(self, domain):
        """Return what is open, and what was answered not long ago."""
        if domain.is_false():
            return self.env["supply.question"]
        since = fields.Datetime.now() - timedelta(days=ANSWER_DAYS)
        recent = Domain("state", "=", "answered") & Domain("closed_at", ">=", since)
        return self.env["supply.question"].search(
            domain & (Domain("state", "=", "open") | recent)
        )

    @api.model
    def _describe_question(self, question):
        known = question.sudo()
        return {
            "id": question.id,
            "text": question.text,
            "asker": known.asker_id.name,
            "asked": known.user_id.name or known._get_label("department"),
            "asked_at": fields.Datetime.to_string(question.asked_at),
            "due_at": fields.Datetime.to_string(question.due_at) or False,
            "is_over_limit": question.is_over_limit,
            "answer": question.answer or False,
            "answered_by": known.answered_by_id.name or False,
            "can_answer": question.can_answer,
        }


def _iso(day):
    return fields.Date.to_string(day) if day else False
