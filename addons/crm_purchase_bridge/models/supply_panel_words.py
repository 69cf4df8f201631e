from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from odoo.addons.approval_matrix.system import as_system


class Delivered(NamedTuple):
    """When goods were delivered: the last of them, and with which transfers."""

    moment: datetime
    transfers: tuple[str, ...]


class SupplyPanelWords(models.AbstractModel):
    """What customer care says of the goods of an order: a sentence on the phone, and a
    message to the customer. Both are made of the cards of ``supply.panel``."""

    _name = "supply.panel.words"
    _description = "Words about goods for customers"

    # ------------------------------------------------------------
    # THE SENTENCE
    # ------------------------------------------------------------

    @api.model
    def _get_sentence(self, document, cards):
        """Return what to say on the phone, in the user's language."""
        cards = self._get_waiting(cards)
        if not cards:
            return self._say_nothing_waits(document)
        name = document.display_name
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
    def _get_waiting(self, cards):
        """Return the cards of goods that are still to come: those of orders, and where
        there are none those of quotations."""
        cards = [card for card in cards if card["is_open"] and card["quantity"] > 0]
        return [card for card in cards if card["state"] == "sale"] or cards

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
        elif 0 < card["quantity_now"] < card["quantity"]:
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
    def _say_why(self, card):
        """Return why goods are not there yet, as one may say it to a customer."""
        if card["overdue"]:
            return self.env._("They come later than planned.")
        if card["code"] == "unplaced":
            return self.env._(
                "They are in our warehouse and still have to be put away."
            )
        said = {
            "buy": self.env._("We are looking where to get them."),
            "quotation": self.env._("We are completing the order with our supplier."),
            "deposit": self.env._(
                "They are ordered, and our supplier begins as soon as all is settled."
            ),
            "receipt": self.env._("They are ordered and on their way."),
            "make": self.env._("We make them ourselves."),
        }
        stage = "quotation" if card["stage"] == "approval" else card["stage"]
        return said.get(stage, "")

    @api.model
    def _get_inside(self, cards):
        """Return what is behind the sentence, for ourselves.

        Names of purchases, vendors and people are not read to customers.
        """
        cards = self._get_waiting(cards)
        worst = max(cards, key=lambda card: card["likely"] or "9999", default=None)
        return worst["why"] if worst else ""

    # ------------------------------------------------------------
    # WHAT WAITS FOR NOTHING
    # ------------------------------------------------------------

    @api.model
    def _say_nothing_waits(self, document, delivered=None):
        """Return what to say of a document of which nothing is to be delivered.

        :param delivered: see :meth:`_read_deliveries`; read where nothing is given
        """
        name = document.display_name
        if document._name != "sale.order":
            return self.env._("%s: nothing is waiting for goods.", name)
        if document.state == "cancel":
            return self.env._("%s was cancelled: nothing will be delivered.", name)
        lines = self._get_goods(document)
        if not lines:
            return self.env._("%s has no goods that could be delivered.", name)
        if not any(line.qty_delivered for line in lines):
            return self.env._("%s: nothing is waiting for goods.", name)
        if delivered is None:
            delivered = self._read_deliveries(lines)
        found = [delivered[line.id] for line in lines if line.id in delivered]
        if not found:
            return self.env._("%s: everything has been delivered.", name)
        last = max(found, key=lambda each: each.moment)
        values = {
            "name": name,
            "day": self._say_moment(document, last.moment),
            "transfer": last.transfers[-1] if last.transfers else "",
        }
        if len({name for each in found for name in each.transfers}) > 1:
            return self.env._(
                "%(name)s: everything has been delivered, the last of it on %(day)s "
                "(%(transfer)s).",
                **values,
            )
        if not values["transfer"]:
            return self.env._(
                "%(name)s: everything was delivered on %(day)s.", **values
            )
        return self.env._(
            "%(name)s: everything was delivered on %(day)s (%(transfer)s).", **values
        )

    @api.model
    def _say_over(self, line, delivered):
        """Return why a line waits for nothing."""
        if delivered:
            return self.env._(
                "Delivered on %(day)s (%(transfers)s)",
                day=self._say_moment(line, delivered.moment),
                transfers=", ".join(delivered.transfers) or "–",
            )
        if line._name == "crm.lead.line" or not line.product_uom_qty:
            return self.env._("Waits for nothing")
        return self.env._("Delivered")

    @api.model
    def _get_goods(self, order):
        """Return the lines of an order that are about goods."""
        return order.order_line.filtered(
            lambda line: (
                not line.display_type
                and not line.is_downpayment
                and line.product_id.type == "consu"
            )
        )

    @api.model
    def _read_deliveries(self, lines):
        """Return when order lines were delivered, and with which transfers.

        :return: :class:`Delivered` by id of the line; nothing for those of which no
            transfer tells
        :rtype: dict
        """
        if lines._name != "sale.order.line" or not lines:
            return {}
        groups = as_system(self.env["stock.move"])._read_group(
            [
                ("sale_line_id", "in", lines.ids),
                ("state", "=", "done"),
                ("location_dest_id.usage", "=", "customer"),
            ],
            ["sale_line_id", "picking_id"],
            ["date:max"],
        )
        found = {}
        for line, picking, moment in sorted(groups, key=lambda group: group[2]):
            before = found.get(line.id, Delivered(moment, ()))
            names = [*before.transfers, *filter(None, [picking.name])]
            found[line.id] = Delivered(moment, tuple(names))
        return found

    # ------------------------------------------------------------
    # THE MESSAGE
    # ------------------------------------------------------------

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
            card = {**card, "unit": product.uom_id.name}
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
        if 0 < now < quantity and first:
            return self.env._(
                "%(now)s on %(first)s, %(rest)s on %(day)s",
                now=self._say_quantity(card, now),
                first=self._say_day(first),
                rest=self._say_quantity(card, quantity - now),
                day=self._say_day(day),
            )
        return self._say_day(day)

    # ------------------------------------------------------------
    # DAYS AND QUANTITIES
    # ------------------------------------------------------------

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
    def _say_moment(self, record, moment):
        """Return the day of a moment in words, where the company is."""
        return self._say_day(record.company_id._approval_day(moment))

    @api.model
    def _say_day(self, day):
        return format_date(
            self.env, fields.Date.to_date(day), date_format="EEEE d MMMM"
        )
