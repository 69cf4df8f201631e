from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

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
        :return: ``customers``, each with its open orders, and ``orders``
        :rtype: dict
        """
        if not self.env.user._is_internal():  # customers read orders of their own
            raise AccessError(self.env._("Only employees look for customers."))
        orders = self.env["sale.order"]
        orders.check_access("read")
        self.env["res.partner"].check_access("read")
        text = text.replace("\0", " ").strip() if isinstance(text, str) else ""
        if not SHORTEST <= len(text) <= LONGEST:
            return {"customers": [], "orders": []}
        customers = self._find_customers(text)
        found = self._find_orders(text)
        theirs = self._find_open_orders(customers)
        return {
            "customers": [
                {
                    "id": customer.id,
                    "name": customer.display_name,
                    "phone": customer.phone or "",
                    "city": customer.city or "",
                    "orders": self._describe(theirs.get(customer, orders)),
                }
                for customer in customers
            ],
            "orders": self._describe(found),
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
        domain = Domain("name", "ilike", text) | Domain(
            "client_order_ref", "ilike", text
        )
        return self.env["sale.order"].search(domain, order="id desc", limit=MOST)

    @api.model
    def _find_open_orders(self, customers):
        """Return the newest open orders, by customer: those of all who belong to the
        same company."""
        orders = self.env["sale.order"]
        if not customers:
            return {}
        delivered = Domain("delivery_status", "=", "full") | (
            Domain("delivery_status", "=", False)
            & Domain("invoice_status", "=", "invoiced")
        )
        is_open = Domain("state", "in", ("draft", "sent"))
        is_open |= Domain("state", "=", "sale") & ~delivered
        found = {}
        for customer in customers:
            family = customer.commercial_partner_id
            if family not in found:
                found[family] = orders.search(
                    Domain("partner_id", "child_of", family.id) & is_open,
                    order="id desc",
                    limit=MOST,
                )
        return {
            customer: found[customer.commercial_partner_id] for customer in customers
        }

    @api.model
    def _describe(self, orders):
        states = dict(orders._fields["state"]._description_selection(self.env))
        return [
            {
                "id": order.id,
                "name": order.name,
                "customer": order.partner_id.display_name,
                "reference": order.client_order_ref or "",
                "date": self._describe_day(order),
                "state": states.get(order.state, ""),
                "sentence": self._get_sentence(order),
            }
            for order in orders
        ]

    @api.model
    def _describe_day(self, order):
        moment = fields.Datetime.context_timestamp(order, order.date_order)
        return fields.Date.to_string(moment)

    @api.model
    def _get_sentence(self, order):
        """Return what may be said on the telephone about an order, if anything.

        It is what the job said last: who is typing does not wait for all orders to be
        worked out anew, and the order itself does it when it is opened.
        """
        promises = self.env["supply.promise"].search(
            [("order_id", "=", order.id), ("is_open", "=", True)]
        )
        if not promises:
            return ""
        panel = self.env["supply.panel"]
        return panel._get_sentence(order, panel._get_cards_of(promises))


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # customers say their own number
    client_order_ref = fields.Char(index="trigram")
