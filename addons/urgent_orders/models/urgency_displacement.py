from odoo import api, fields, models

DISPLACED_TYPE = "urgent_orders.mail_activity_type_displaced"


class UrgencyDisplacement(models.Model):
    """An order that became late because another one was marked urgent.

    It is written when the owner is told, and never twice for the same cause.
    """

    _name = "urgency.displacement"
    _description = "Order Displaced by an Urgent One"
    _named_customers = (["partner_id"], "owner_id")
    _order = "raised_on desc, id desc"
    _rec_name = "document_name"

    document_model = fields.Char(required=True, readonly=True)
    document_id = fields.Many2oneReference(
        model_field="document_model", required=True, readonly=True
    )
    document_name = fields.Char(string="Displaced Order", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, readonly=True
    )
    owner_id = fields.Many2one("res.users", index=True, readonly=True)
    cause_model = fields.Char(required=True, readonly=True)
    cause_id = fields.Many2oneReference(
        model_field="cause_model", required=True, readonly=True
    )
    cause_name = fields.Char(string="Urgent Order", readonly=True)
    raised_on = fields.Datetime(string="Marked Urgent On", required=True, readonly=True)
    has_date = fields.Boolean(readonly=True)
    delay_days = fields.Integer(
        string="Days Later", readonly=True, help="Zero where no date is known."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )

    _once = models.UniqueIndex(
        "(document_model, document_id, cause_model, cause_id, raised_on)"
    )

    @api.model
    def _record(self, cause, found):
        """Keep who is displaced, and tell their owners what is new to them.

        :param cause: the order that became urgent
        :param found: what :meth:`_summarize` returned
        """
        raised_on = cause.urgency_date or fields.Datetime.now()
        known = {
            (row.document_model, row.document_id)
            for row in self.search(
                [
                    ("cause_model", "=", cause._name),
                    ("cause_id", "=", cause.id),
                    ("raised_on", "=", raised_on),
                ]
            )
        }
        rows = self.create(
            [
                {
                    "document_model": line["document"]._name,
                    "document_id": line["document"].id,
                    "document_name": line["document"].name,
                    "partner_id": line["partner"].id,
                    "owner_id": line["owner"].id,
                    "cause_model": cause._name,
                    "cause_id": cause.id,
                    "cause_name": cause.name,
                    "raised_on": raised_on,
                    "has_date": line["days"] is not None,
                    "delay_days": line["days"] or 0,
                    "company_id": line["document"].company_id.id,
                }
                for line in found
                if (line["document"]._name, line["document"].id) not in known
            ]
        )
        told = {(row.document_model, row.document_id) for row in rows}
        new = [
            line
            for line in found
            if (line["document"]._name, line["document"].id) in told
        ]
        # its deliveries may become urgent only after it
        raised = cause._get_supply_moves().ids
        offers = self.env["urgency.swap"]._find(new, raised) if new else []
        for row in rows:
            row._tell_owner(
                [offer for offer in offers if row._is_about(offer.document)]
            )
        self.env["urgency.swap"]._ask(offers)
        return rows

    def _is_about(self, document):
        return (self.document_model, self.document_id) == (document._name, document.id)

    def _tell_owner(self, offers=()):
        """Tell who is responsible what it loses, and what could be lent to it.

        :param offers: see ``urgency.swap``
        """
        owner = self.owner_id
        if not owner:
            return
        document = self.env[self.document_model].browse(self.document_id)
        env = self.with_context(lang=owner.lang).env
        values = {
            "order": self.document_name,
            "cause": self.cause_name,
            "days": self.delay_days,
        }
        if self.has_date:
            message = env._(
                "%(order)s gets its goods %(days)s days later: %(cause)s is urgent.",
                **values,
            )
        else:
            message = env._(
                "%(order)s loses its goods, and no others are on the way: %(cause)s "
                "is urgent.",
                **values,
            )
        swaps = self.env["urgency.swap"].with_user(owner).with_context(lang=owner.lang)
        message = " ".join([message, *(swaps._describe(offer) for offer in offers)])
        if offers:
            asked = self.env["res.users"].union(*(offer.keepers for offer in offers))
            names = ", ".join(asked.mapped("name"))
            message = f"{message} " + env._("Asked to do it: %(people)s.", people=names)
        summary = env._("Displaced by %s", self.cause_name)
        notices = self.env["urgency.notice"]
        notices._give_to_do(document, owner, DISPLACED_TYPE, message, summary=summary)
        notices._warn(owner, message)

    @api.model
    def _render_list(self, found, offers=()):
        """Return the list for who is about to displace others: those orders that they
        may open, and how many more there are; and what could be lent to them.

        :param found: what :meth:`_summarize` returned
        :param offers: see ``urgency.swap``
        """
        env = self.sudo(False).env
        documents = [line["document"] for line in found]
        readable = set()
        for model in {document._name for document in documents}:
            ids = [each.id for each in documents if each._name == model]
            allowed = env[model].browse(ids)._filtered_access("read")
            readable |= {(model, id_) for id_ in allowed.ids}
        shown = [
            line
            for line, document in zip(found, documents, strict=True)
            if (document._name, document.id) in readable
        ]
        swaps = self.env["urgency.swap"]
        shown_offers = [
            offer
            for offer in offers
            if (offer.document._name, offer.document.id) in readable
        ]
        asked = self.env["res.users"].union(*(offer.keepers for offer in shown_offers))
        return bool(found) and self.env["ir.qweb"]._render(
            "urgent_orders.displaced_orders",
            {
                "lines": shown,
                "customers": {
                    line["document"]: self._get_customer_name(line) for line in shown
                },
                "count": len(found),
                "offers": [swaps._describe(offer) for offer in shown_offers],
                "keepers": ", ".join(asked.sudo().mapped("name")),
                "is_keeper": env.user in asked,
            },
        )

    @api.model
    def _get_customer_name(self, line):
        """Return for whom an order is that the user may open. Who may open a delivery
        that names nobody need not know whom its goods are for."""
        partner = line["partner"]
        if partner != line["document"].partner_id:
            partner = partner.sudo(False)._filtered_access("read").sudo()
        return partner.display_name or ""

    @api.model
    def _summarize(self, pairs):
        """Return one line for each displaced order, the worst first.

        :param list pairs: moves and what happens to them, see ``urgency.supply``
        :return: dictionaries with *document*, *owner*, *partner*, *moves*, *products*,
            *days* (nothing when no date is known) and *late*, days after its own date
        """
        lines = {}
        for move, found in pairs:
            sale = move.sale_line_id.order_id
            document = sale or move.picking_id
            if not document:
                continue
            line = lines.setdefault(
                document,
                {
                    "document": document,
                    "owner": document.user_id,
                    "partner": document.partner_id or move.partner_id,
                    "moves": move.browse(),
                    "products": move.product_id.browse(),
                    "days": 0,
                    "late": 0,
                },
            )
            line["moves"] |= move
            line["products"] |= move.product_id
            if found.days is None or line["days"] is None:
                line["days"] = line["late"] = None
            else:
                line["days"] = max(line["days"], found.days)
                line["late"] = max(line["late"], found.late)
        return sorted(
            lines.values(),
            key=lambda line: (line["days"] is not None, -(line["late"] or 0)),
        )
