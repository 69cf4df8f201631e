"""Which cases something was told of: plain Python."""


class Cases:
    """What events were added to: ids of orders, opportunities, purchases and customers'
    companies."""

    def __init__(self):
        self.sales, self.leads = set(), set()
        self.purchases, self.families = set(), set()

    def touch(self, sale, lead, family=None):
        if sale:
            self.sales.add(sale)
        if lead:
            self.leads.add(lead)
        if family:
            self.families.add(family)

    def touch_all(self, rows):
        """Remember that events of cases changed.

        :param rows: order, opportunity, family and purchase of each
        """
        for sale, lead, family, purchase in rows:
            self.touch(sale, lead, family)
            self.purchases.add(purchase)
