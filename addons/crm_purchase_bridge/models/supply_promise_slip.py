from collections import defaultdict

from odoo import api, models
from odoo.tools import format_date

from ..slips import Seen, explain

TO_DO = "crm_purchase_bridge.mail_activity_type_slip"


class SupplyPromise(models.Model):
    """Slips: what was told, or wanted, has become impossible."""

    _inherit = "supply.promise"

    def _is_broken(self):
        """Tell whether the customer will not have it on the day they count on."""
        return (
            self.is_open and self.risk in ("late", "unknown") and bool(self._get_due())
        )

    def _is_slip(self, before, cause):
        """Tell whether the owner hears of a later day.

        :param before: what was kept, :class:`Stored`
        :param dict cause: why it is later
        """
        if not self._is_broken() or not self._is_later_than(before.likely_on):
            return False
        if not self.told_on and not self.is_ordered:
            return False  # nobody counts on a quotation
        # nothing is said day after day as long as nothing is done
        again = before.risk in ("late", "unknown")
        return not (again and cause["code"] in ("passed", "lead", "deposit"))

    def _is_later_than(self, day):
        """Tell whether the likely day is after another; no day is after all."""
        return bool(day) and (not self.likely_on or self.likely_on > day)

    def _get_cause(self, day, sources):
        """Return why the likely day is another than before.

        :param date day: the likely day before
        :param list sources: what was seen then
        """
        if not self._is_later_than(day):
            return {"code": "better"}
        before, after = (
            [
                Seen(
                    part["quantity"],
                    part["day"],
                    part["way"],
                    part["line"],
                    part["purchase"],
                    part["code"],
                    part["overdue"],
                    part.get("planned"),
                )
                for part in parts
            ]
            for parts in (sources, self.sources or [])
        )
        return explain(before, after)._asdict()

    @api.model
    def _notice_slips(self, slips):
        """Tell the owner of each order once what slipped: old and new day, why, and the
        words for the customer.

        A notice belongs to the version that was made with it, so that nothing is
        noticed twice. What slips again while nobody has looked is added to the to-do.
        """
        by_document = defaultdict(list)
        for slip in slips:
            by_document[slip.promise.order_id or slip.promise.lead_id].append(slip)
        for document, group in by_document.items():
            owner = self._get_owner(document)
            if not owner:
                continue
            texts = self.with_context(lang=owner.lang, tz=owner.tz)
            note = texts._render_slips(document, group)
            to_do = document.activity_search([TO_DO], user_id=owner.id)[:1]
            if to_do:
                to_do.write({"note": note + (to_do.note or "")})
            else:
                document.activity_schedule(
                    TO_DO,
                    user_id=owner.id,
                    note=note,
                    summary=texts.env._("Call the customer: it comes later"),
                )

    @api.model
    def _get_owner(self, document):
        """Return who hears of the slips of an order or opportunity."""
        for user in (document.user_id, document.team_id.user_id, document.create_uid):
            if user.active and user._is_internal() and not user._is_superuser():
                return user
        return self.env["res.users"]

    @api.model
    def _render_slips(self, document, slips):
        """Return the text of the to-do: each slip in the language of ``self``, which is
        the owner's, and the words for the customer in theirs."""
        promises = self.browse([slip.promise.id for slip in slips])
        words = self.env["supply.promise.words"]
        language = document.partner_id.lang or self.env.lang
        panel = self.env["supply.panel"]
        cards = panel.with_context(lang=language)._get_cards_of(
            promises.with_context(lang=language)
        )
        return self.env["ir.qweb"]._render(
            "crm_purchase_bridge.slips",
            {
                "slips": [
                    {
                        "product": promise.product_id.display_name,
                        "told": self._format_day(promise._get_due()),
                        "before": self._format_day(slip.before),
                        "after": self._format_day(promise.likely_on),
                        "why": words._render_cause(slip.cause),
                    }
                    for promise, slip in zip(promises, slips, strict=True)
                ],
                "message": panel._get_message(document, cards),
            },
            minimal_qcontext=True,
        )

    @api.model
    def _format_day(self, day):
        return format_date(self.env, day) if day else ""

    def _close_slips(self):
        """Take back the to-dos of orders that are in time again, or over."""
        for name in ("order_id", "lead_id"):
            documents = self[name]
            if not documents:
                continue
            broken = self.search([(name, "in", documents.ids), ("is_open", "=", True)])
            broken = broken.filtered(lambda promise: promise._is_broken())
            (documents - broken[name]).activity_unlink([TO_DO])
