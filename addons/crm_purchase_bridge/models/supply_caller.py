from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import escape_psql

from odoo.addons.approval_matrix.system import as_system

#: So many results of a kind are shown: more cannot be read while somebody waits.
MOST = 5
#: Candidates that are looked at for the best ones.
CANDIDATES = 50
#: Nobody types more to find somebody.
LONGEST = 100
#: From so many characters on it is looked for.
SHORTEST = 3


class SupplyCaller(models.AbstractModel):
    """Who is calling, and what about: customers and orders by what one hears on the
    telephone.

    All of it is read with the rights of whoever asks.
    """

    _name = "supply.caller"
    _description = "Who Is Calling?"

    @api.model
    @api.readonly
    def find(self, text):
        """Return customers and orders that a text may mean.

        :param str text: a number or its last digits, a name with or without accents, or
            the number of an order, ours or the customer's
        :return: ``customers``, each with the open orders of its company and whether
            colleagues have more of them (``has_others``), unless these are listed with
            somebody of the same company before (``is_above``), and ``orders``;
            ``is_of_others``: it is the number of an order that only colleagues may read
        :rtype: dict
        """
        if not self.env.user._is_internal():  # customers read orders of their own
            raise AccessError(self.env._("Only employees look for customers."))
        orders = self.env["sale.order"]
        orders.check_access("read")
        self.env["res.partner"].check_access("read")
        text = text.replace("\0", " ").strip() if isinstance(text, str) else ""
        if not SHORTEST <= len(text) <= LONGEST:
            return {"customers": [], "orders": [], "is_of_others": False}
        customers = self._find_customers(text)
        found = self._find_orders(text)
        theirs = self._find_open_orders(customers)
        sentences = self._get_sentences(orders.union(found, *theirs.values()))
        others = self._find_others(customers)
        firsts = {}
        for customer in customers:
            firsts.setdefault(customer.commercial_partner_id, customer)
        first = orders.env["res.partner"].union(*firsts.values())
        return {
            "customers": [
                {
                    **self._describe_customer(customer),
                    "orders": self._describe(
                        theirs.get(customer, orders) if customer in first else orders,
                        sentences,
                    ),
                    "has_others": customer in first
                    and customer.commercial_partner_id in others,
                    "is_above": customer not in first
                    and bool(
                        theirs.get(customer) or customer.commercial_partner_id in others
                    ),
                }
                for customer in customers
            ],
            "orders": self._describe(found, sentences),
            "is_of_others": not found and self._is_of_others(text),
        }

    @api.model
    def _find_customers(self, text):
        partners = self.env["res.partner"]
        found = self._take(partners._get_phone_domain(text))
        found = found or self._take(partners._get_plain_name_domain(text))
        # who has bought before is more likely to call than who has not
        return found.sorted(
            lambda partner: (-partner.customer_rank, partner.display_name or "")
        )[:MOST]

    @api.model
    def _take(self, domain):
        """Return some of those whom the user may read: the order of all would cost more
        than what comes after."""
        partners = self.env["res.partner"]
        found = partners._search(domain, limit=CANDIDATES)
        return partners.browse(found.get_result_ids())

    @api.model
    def _find_orders(self, text):
        orders = self.env["sale.order"]
        # what was typed in full comes before what only begins like it
        found = orders.search(
            self._get_number_domain(text), order="id desc", limit=MOST
        )
        domain = Domain("name", "ilike", text) | Domain(
            "client_order_ref", "ilike", text
        )
        return (found | orders.search(domain, order="id desc", limit=MOST))[:MOST]

    @api.model
    def _get_number_domain(self, text):
        """Return which orders have this very number, ours or the customer's."""
        pattern = escape_psql(text)
        return Domain("name", "=ilike", pattern) | Domain(
            "client_order_ref", "=ilike", pattern
        )

    @api.model
    def _find_open_orders(self, customers):
        """Return the newest open orders, by customer: those of all who belong to the
        same company."""
        orders = self.env["sale.order"]
        if not customers:
            return {}
        found = {}
        for customer in customers:
            family = customer.commercial_partner_id
            if family not in found:
                found[family] = orders.search(
                    Domain("partner_id", "child_of", family.id)
                    & self._get_open_domain(),
                    order="id desc",
                    limit=MOST,
                )
        return {
            customer: found[customer.commercial_partner_id] for customer in customers
        }

    @api.model
    def _get_open_domain(self):
        delivered = Domain("delivery_status", "=", "full") | (
            Domain("delivery_status", "=", False)
            & Domain("invoice_status", "=", "invoiced")
        )
        is_open = Domain("state", "in", ("draft", "sent"))
        return is_open | (Domain("state", "=", "sale") & ~delivered)

    @api.model
    def _find_others(self, customers):
        """Return the companies of customers who have open orders that the user may not
        read: that there are some is no secret from whoever is on the telephone. Which,
        whose, and how many is.
        """
        families = customers.commercial_partner_id
        orders = self.env["sale.order"]
        if not families or self._reads_all():
            return families.browse()
        domain = self._get_open_domain() & Domain(
            "company_id", "in", self.env.companies.ids
        )
        hidden = as_system(orders)._read_group(
            Domain("partner_id.commercial_partner_id", "in", families.ids)
            & domain
            & Domain("id", "not in", orders._search(domain)),
            ["partner_id"],
        )
        theirs = {partner.commercial_partner_id.id for (partner,) in hidden}
        return families.filtered(lambda family: family.id in theirs)

    @api.model
    def _is_of_others(self, text):
        """Tell whether a number that was typed in full is that of an order which the
        user may not read."""
        if self._reads_all():
            return False
        domain = self._get_number_domain(text)
        domain &= Domain("company_id", "in", self.env.companies.ids)
        return bool(as_system(self.env["sale.order"]).search_count(domain, limit=1))

    @api.model
    def _reads_all(self):
        return self.env.user.has_group("sales_team.group_sale_salesman_all_leads")

    @api.model
    def _describe_customer(self, customer):
        """Return what is shown of who that is; for others to extend."""
        return {
            "id": customer.id,
            "name": customer.display_name,
            "phone": customer.phone or "",
            "city": customer.city or "",
        }

    @api.model
    def _describe(self, orders, sentences):
        states = dict(orders._fields["state"]._description_selection(self.env))
        return [
            {
                "id": order.id,
                "name": order.name,
                "customer": order.partner_id.display_name,
                "reference": order.client_order_ref or "",
                "date": self._describe_day(order),
                "state": states.get(order.state, ""),
                "sentence": sentences[order.id],
            }
            for order in orders
        ]

    @api.model
    def _describe_day(self, order):
        moment = fields.Datetime.context_timestamp(order, order.date_order)
        return fields.Date.to_string(moment)

    @api.model
    def _get_sentences(self, orders):
        """Return what may be said on the telephone about orders, if anything, by id.

        It is what the job said last: who is typing does not wait for all orders to be
        worked out anew, and the order itself does it when it is opened. Of what was
        delivered it is when, and with which transfer.
        """
        panel = self.env["supply.panel"]
        promises = self.env["supply.promise"].search(
            [("order_id", "in", orders.ids), ("is_open", "=", True)]
        )
        cards = {}
        for card in panel._get_cards_of(promises):
            cards.setdefault(card["order_id"], []).append(card)
        over = orders.filtered(
            lambda order: order.id not in cards and not self._is_open(order)
        )
        delivered = panel._read_deliveries(over.order_line)
        sentences = dict.fromkeys(orders.ids, "")
        for order in orders:
            if order.id in cards:
                sentences[order.id] = panel._get_sentence(order, cards[order.id])
            elif order in over:
                sentences[order.id] = panel._say_nothing_waits(order, delivered)
        return sentences

    @api.model
    def _is_open(self, order):
        """Tell whether goods are still to be delivered."""
        return order.state != "cancel" and any(
            line.qty_delivered < line.product_uom_qty
            for line in self.env["supply.panel"]._get_goods(order)
        )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # customers say their own number
    client_order_ref = fields.Char(index="trigram")
