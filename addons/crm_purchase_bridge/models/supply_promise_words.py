from collections import defaultdict

from odoo import api, models
from odoo.tools import format_date


class SupplyPromiseWords(models.AbstractModel):
    """Why a promise is what it is, and why it moved, in the reader's language.

    What is kept are codes and names, never words and never amounts.
    """

    _name = "supply.promise.words"
    _description = "Words for Promises"

    @api.model
    def _render_reason(self, reason):
        """Return why a line comes when it does, in one sentence without amounts."""
        facts = defaultdict(str, reason.get("facts") or {})
        names = self._name_people(reason.get("holders") or [])
        purchase, vendor = facts["purchase"], facts["vendor"]
        code = reason.get("code")
        if reason.get("overdue") and code != "deposit":
            return self.env._(
                "%(purchase)s is %(days)s days overdue at %(vendor)s",
                purchase=purchase or self.env._("A transfer"),
                days=reason["overdue"],
                vendor=vendor or self.env._("our warehouse"),
            )
        if code == "approval" and names:
            return self.env._(
                "%(purchase)s waits for approval by %(names)s",
                purchase=purchase,
                names=names,
            )
        texts = {
            "stock": self.env._("In stock"),
            "ordered": self.env._(
                "%(purchase)s is ordered from %(vendor)s",
                purchase=purchase,
                vendor=vendor,
            ),
            "approval": self.env._("%s waits for approval", purchase),
            "deposit": self.env._(
                "%(vendor)s waits for the deposit of %(purchase)s",
                purchase=purchase,
                vendor=vendor,
            ),
            "quotation": self.env._("%s is not ordered yet", purchase),
            "asked": self.env._(
                "%(vendor)s was asked for a quotation (%(purchase)s)",
                purchase=purchase,
                vendor=vendor,
            ),
            "transfer": self.env._("On its way between our own places"),
            "undated": self.env._(
                "%(purchase)s is on its way, and nobody knows until when",
                purchase=purchase,
            ),
            "buy": self.env._(
                "Nobody has bought it yet: the day if somebody does today"
            ),
            "none": self.env._("Nobody has bought it, and no vendor is known"),
            "made": self.env._("We are making it"),
            "make": self.env._(
                "We make it ourselves, and nobody has begun: no day is known"
            ),
            "unplaced": self.env._(
                "%(quantity)s in the warehouse, no transfer moves them to stock",
                quantity=self.env["supply.customers"]._format_quantity(
                    facts["quantity"] or 0.0
                ),
            ),
        }
        return texts.get(code, "")

    @api.model
    def _name_people(self, ids):
        """Return who holds something, as one says it to whoever looks.

        :param ids: of users, in any order
        """
        people, most = self.env["res.users"].sudo().browse(ids).exists(), 3
        people = people.sorted(lambda user: (user != self.env.user, not user.active))
        names = [
            self.env._("you")
            if user == self.env.user
            else user.name
            if user.active
            else self.env._("%s (account closed)", user.name)
            for user in people[:most]
        ]
        if len(people) > most:
            names.append(self.env._("%s others", len(people) - most))
        return ", ".join(names)

    @api.model
    def _render_cause(self, cause):
        """Return why a promise moved, in one sentence."""
        purchase = cause.get("purchase") or ""
        days = {
            name: format_date(self.env, cause[name]) if cause.get(name) else "?"
            for name in ("before", "after")
        }
        texts = {
            "told": self.env._("Told to the customer"),
            "first": self.env._("First look"),
            "ordered": self.env._("The customer ordered it"),
            "better": self.env._("It comes earlier"),
            "quantity": self.env._("More is wanted than before"),
            "cancelled": self.env._("%s brings it no more", purchase),
            "unplaced": self.env._("It is in the warehouse, but not put away"),
            "refused": self.env._("The approval of %s was refused", purchase),
            "deposit": self.env._("The deposit of %s is not paid", purchase),
            "overdue": self.env._("%s is overdue", purchase),
            "moved": self.env._(
                "%(purchase)s moved from %(before)s to %(after)s",
                purchase=purchase,
                **days,
            ),
            "taken": self.env._("Another order gets the goods"),
            "lead": self.env._("It has to be bought"),
            "passed": self.env._("Time has passed, and nothing has been done"),
        }
        return texts.get(cause.get("code"), "")
