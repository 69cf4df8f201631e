from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, formatLang

#: What a panel may be opened on.
DOCUMENTS = ("sale.order", "crm.lead", "res.partner")
#: No more lines than these are shown of a customer.
MOST = 100
#: No more orders of a customer are looked through, the newest.
MOST_ORDERS = 300
#: The way of goods to the customer: what each stage is called is in ``_get_stages``,
#: and where goods are follows from what is the matter with them.
STAGES = ("buy", "quotation", "approval", "deposit", "receipt", "delivery")
STAGE_OF = {
    "none": "buy",
    "buy": "buy",
    "quotation": "quotation",
    "asked": "quotation",
    "approval": "approval",
    "deposit": "deposit",
    "ordered": "receipt",
    "undated": "receipt",
    "transfer": "receipt",
    "stock": "delivery",
}


class SupplyPanel(models.AbstractModel):
    """What customer care sees of the goods of an order, and what to say of them.

    One call answers everything, worked out at that moment. There are days, states and
    names in it, never an amount: who reads it may not read purchases.
    """

    _name = "supply.panel"
    _description = "Supply Panel"

    @api.model
    @api.readonly
    def get_panel(self, res_model, res_id):
        """Return what the panel of an order, opportunity or customer shows.

        :param str res_model: one of ``DOCUMENTS``
        :param int res_id: id of a record that the user may read
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
        groups = self._get_lines(document)
        cards = []
        for lines in groups:
            cards += self._get_cards(lines)
        return {
            "name": document.display_name,
            "sentence": self._get_sentence(document, cards),
            "inside": self._get_inside(cards),
            "cards": cards,
            "products": sorted({card["product_id"] for card in cards}),
            "orders": sorted({card["order_id"] for card in cards if card["order_id"]}),
            "stages": [[key, label] for key, label in self._get_stages().items()],
            "can_tell": self._may_tell(document),
            "being_filled": self.env["supply.promise"]._is_being_filled(),
            "now": fields.Datetime.to_string(fields.Datetime.now()),
        }

    @api.model
    def _may_tell(self, document):
        return (
            document._name != "res.partner"
            and document.has_access("write")
            and self.env["supply.promise.tell"].has_access("create")
        )

    @api.model
    def _get_lines(self, document):
        """Return the lines that a panel is about, by model, which the user may read."""
        orders = self.env["sale.order"]
        wishes = self.env["crm.lead.line"]
        if document._name == "sale.order":
            orders = document
        elif document._name == "crm.lead":
            orders, wishes = document.order_ids, document.wanted_line_ids
        else:
            family = document.commercial_partner_id
            orders = orders.search(
                [
                    ("partner_id", "child_of", family.id),
                    ("state", "in", ("draft", "sent", "sale")),
                    "|",
                    ("state", "=", "sale"),
                    "|",
                    ("validity_date", "=", False),
                    ("validity_date", ">=", fields.Date.context_today(self)),
                ],
                order="date_order desc",
                limit=MOST_ORDERS,
            )
        orders = orders._filtered_access("read")
        open_lines = orders.order_line.filtered(
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
        open_lines = open_lines.sorted(lambda line: line.state != "sale")
        return [lines[:MOST] for lines in (open_lines, wishes) if lines]

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
        subject = promises._subject(lines)
        rows = {
            row[subject].id: row
            for row in promises.search([(subject, "in", lines.ids)])
        }
        outlooks = self.env["supply.outlook"]._look(lines)
        cards = []
        for line in lines.sudo():
            row, outlook = rows.get(line.id, promises), outlooks.get(line.id)
            if outlook:
                values = promises._prepare_values(line, outlook, row)
                told = {name: row[name] for name in ("told_on", "told_at", "channel")}
                told["told_by"] = row.told_by_id.name
                cards.append(self._make_card(line, {**values, **told}))
            else:
                cards.append(self._make_delivered_card(line, row))
        return cards

    @api.model
    def _get_cards_of(self, promises):
        """Return the cards of promises as they are stored."""
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
        promises = self.env["supply.promise"].sudo()
        reason = values["reason"]
        holders = self.env["res.users"].sudo().browse(reason["holders"])
        kinds = dict(promises._fields["holder_kind"]._description_selection(self.env))
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
            "holders": holders.mapped("name"),
            "since": reason["since"] or False,
            "step": reason["facts"].get("step") or False,
            "why": promises._render_reason(reason),
            "code": reason["code"],
            "overdue": reason["overdue"],
            "together": self._goes_together(line),
            "is_open": True,
        }

    @api.model
    def _make_delivered_card(self, line, row):
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
            "risk_label": self.env._("Delivered"),
            "confidence": "high",
            "method": False,
            "stage": False,
            "with": False,
            "holders": [],
            "since": False,
            "step": False,
            "why": self.env._("Delivered"),
            "code": False,
            "overdue": 0,
            "together": False,
            "is_open": False,
        }

    @api.model
    def _goes_together(self, line):
        """Tell whether nothing of it goes out before the whole order does."""
        is_lead = line._name == "crm.lead.line"
        return not is_lead and line.order_id.picking_policy == "one"

    @api.model
    def _describe_line(self, line):
        is_lead = line._name == "crm.lead.line"
        order = line.lead_id if is_lead else line.order_id
        return {
            "model": line._name,
            "id": line.id,
            "order_id": False if is_lead else order.id,
            "order": order.name,
            "state": False if is_lead else line.state,
            "product_id": line.product_id.id,
            "product": line.product_id.with_context(
                display_default_code=False
            ).display_name,
            "unit": line.product_id.uom_id.name,
        }

    @api.model
    def _get_stages(self):
        """Return the way of goods to the customer: key and name of each stage."""
        return {
            "buy": self.env._("To Buy"),
            "quotation": self.env._("Quotation"),
            "approval": self.env._("Approval"),
            "deposit": self.env._("Deposit"),
            "receipt": self.env._("Receipt"),
            "delivery": self.env._("Delivery"),
        }

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    @api.model
    def _get_sentence(self, document, cards):
        """Return what to say on the phone, in the user's language."""
        cards = [card for card in cards if card["is_open"] and card["quantity"] > 0]
        cards = [card for card in cards if card["state"] == "sale"] or cards
        name = document.display_name
        if not cards:
            return self.env._("%s: nothing is waiting for goods.", name)
        later = [card for card in cards if card["quantity_now"] < card["quantity"]]
        if not later:
            last = max(card["likely"] for card in cards)
            return self.env._(
                "%(name)s: all goods are in stock and can be there on %(day)s.",
                name=name,
                day=self._say_day(last),
            )
        worst = max(cards, key=lambda card: (card["likely"] or "9999", card in later))
        if document._name != "sale.order":
            name = worst["order"]
        return self._say_card(name, worst, len(cards) - 1)

    @api.model
    def _get_inside(self, cards):
        """Return what is behind the sentence, for ourselves.

        Names of purchases, vendors and people are not read to customers.
        """
        cards = [card for card in cards if card["is_open"] and card["quantity"] > 0]
        cards = [card for card in cards if card["state"] == "sale"] or cards
        worst = max(cards, key=lambda card: card["likely"] or "9999", default=None)
        return worst["why"] if worst else ""

    @api.model
    def _say_why(self, card):
        """Return why goods are not there yet, as one may say it to a customer."""
        if card["overdue"]:
            return self.env._("They come later than planned.")
        said = {
            "buy": self.env._("We are looking where to get them."),
            "quotation": self.env._("We are completing the order with our supplier."),
            "receipt": self.env._("They are ordered and on their way."),
        }
        stage = {"approval": "quotation", "deposit": "quotation"}.get(
            card["stage"], card["stage"]
        )
        return said.get(stage, "")

    @api.model
    def _say_card(self, name, card, others):
        """Return a sentence about the line that comes last."""
        values = {
            "name": name,
            "goods": self._say_quantity(card, card["quantity"]),
            "product": card["product"],
        }
        if not card["likely"]:
            said = self.env._(
                "%(name)s: nobody knows yet when %(goods)s of %(product)s come.",
                **values,
            )
        elif 0 < card["quantity_now"] < card["quantity"] and not card["together"]:
            said = self.env._(
                "%(name)s, %(product)s: %(now)s are in stock, the other %(rest)s "
                "%(day)s.",
                **values,
                now=self._say_quantity(card, card["quantity_now"]),
                rest=self._say_quantity(card, card["quantity"] - card["quantity_now"]),
                day=self._say_days(card),
            )
        else:
            said = self.env._(
                "%(name)s, %(product)s: %(goods)s %(day)s.",
                **values,
                day=self._say_days(card),
            )
        more = ""
        if others and card["likely"]:
            more = self.env._("%s more lines come no later.", others)
        return " ".join(filter(None, (said, self._say_why(card), more)))

    @api.model
    def _get_message(self, document, cards):
        """Return the words for the customer, in the customer's language.

        They are ready for mail, SMS or Zalo, and say what was told as long as it is
        possible, else what is safe; no name of a vendor and nobody of ours. A day that
        somebody has just chosen (``chosen``) is said as it is.
        """
        partner = document.sudo().partner_id
        texts = self.with_context(lang=partner.lang or self.env.lang)
        lines = []
        for card in cards:
            if not card["is_open"]:
                continue
            product = texts.env["product.product"].sudo().browse(card["product_id"])
            goods = texts._say_quantity(card, card["quantity"])
            day = card.get("chosen") or self._get_possible_day(card)
            if not day:
                text = texts.env._(
                    "- %(goods)s of %(product)s: we are asking, and call you back",
                    goods=goods,
                    product=product.name,
                )
            else:
                text = texts.env._(
                    "- %(goods)s of %(product)s: %(days)s",
                    goods=goods,
                    product=product.name,
                    days=texts._say_parts(card, day),
                )
            lines.append(text)
        return "\n".join([texts._get_head(document.sudo()), *lines])

    @api.model
    def _get_possible_day(self, card):
        """Return the day to name: what was told, unless it has become impossible."""
        likely, told = card["likely"], card["told"]
        if told and likely and told >= likely:
            return told
        return card["safe"] or likely

    @api.model
    def _get_head(self, document):
        """Return how the words for a customer begin; an opportunity is called what we
        call it, which is no customer's business."""
        values = {
            "customer": document.partner_id.name or "",
            "order": document.display_name,
        }
        if document._name == "crm.lead":
            return self.env._("Dear %(customer)s, about what you asked for:", **values)
        if document._name == "sale.order" and document.state in ("draft", "sent"):
            return self.env._(
                "Dear %(customer)s, about your quotation %(order)s:", **values
            )
        return self.env._("Dear %(customer)s, about your order %(order)s:", **values)

    @api.model
    def _say_parts(self, card, day):
        """Return days and quantities in words, the last one on the day that is told."""
        now, quantity = card["quantity_now"], card["quantity"]
        first = next((part["day"] for part in card["parts"] if part["day"]), None)
        if 0 < now < quantity and first and not card["together"]:
            return self.env._(
                "%(now)s on %(first)s, %(rest)s on %(day)s",
                now=self._say_quantity(card, now),
                first=self._say_day(first),
                rest=self._say_quantity(card, quantity - now),
                day=self._say_day(day),
            )
        return self._say_day(day)

    @api.model
    def _say_days(self, card):
        """Return the likely and the safe day in words; where both are one, that one."""
        if not card["safe"] or card["safe"] == card["likely"]:
            return self.env._("on %s", self._say_day(card["likely"]))
        return self.env._(
            "likely on %(likely)s, safe to tell %(safe)s",
            likely=self._say_day(card["likely"]),
            safe=self._say_day(card["safe"]),
        )

    @api.model
    def _say_quantity(self, card, quantity):
        digits = 0 if float(quantity).is_integer() else 2
        return f"{formatLang(self.env, quantity, digits=digits)} {card['unit']}"

    @api.model
    def _say_day(self, day):
        return format_date(
            self.env, fields.Date.to_date(day), date_format="EEEE d MMMM"
        )


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
    "method",
    "holder_kind",
    "reason",
)


def _iso(day):
    return fields.Date.to_string(day) if day else False
