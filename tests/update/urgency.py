"""Urgent orders, from the opportunity to the receipt; quotas, wishes, displacement."""

from odoo import Command

LEVEL = "urgent_orders.urgency_level_%s"


class Urgency:
    """:param office: where it is urgent"""

    def __init__(self, office):
        self.office = office

    def play(self):
        self._set_up()
        self._play_chain()
        self._play_quota()
        self._play_wishes()
        self._play_displaced()

    def _set_up(self):
        office = self.office
        env = office.root
        self.urgent = env.ref(LEVEL % "urgent")
        self.critical = env.ref(LEVEL % "critical")
        self.critical.quota = 1
        mto = env.ref("stock.route_warehouse0_mto")
        mto.active = True
        buy = office.warehouse.buy_pull_id.route_id
        sellers = [Command.create({"partner_id": office.vendor.id, "price": 100})]
        self.made = office.product(
            "Bought to order",
            seller_ids=sellers,
            route_ids=[Command.set((mto | buy).ids)],
        )
        self.kept = office.product("Wheelchair", seller_ids=sellers)
        office.company.portal_urgency = True
        office.commit()

    def _urgency(self, level=None):
        return {
            "urgency_level_id": (level or self.urgent).id,
            "urgency_reason": "Ward opens on Monday",
            "needed_by": self.office.day(9),
        }

    def _sale(self, name, product=None, quantity=2, login="care", **values):
        office = self.office
        line = {
            "product_id": (product or self.made).id,
            "product_uom_qty": quantity,
            "price_unit": 150,
        }
        order = office.env(login)["sale.order"].create(
            {
                "partner_id": office.client.id,
                "user_id": office.users["seller"],
                "order_line": [Command.create(line)],
                **values,
            }
        )
        return office.keep(name, order)

    def _play_chain(self):
        """An opportunity, its quotation, the order behind it, receipt, delivery."""
        office = self.office
        lead = office.env("care")["crm.lead"].create(
            {
                "name": "New ward",
                "type": "opportunity",
                "partner_id": office.client.id,
                **self._urgency(),
            }
        )
        office.keep("urgent", lead)
        calm = lead.create({"name": "Some day", "type": "opportunity"})
        office.keep("calm", calm)
        quotation = self._sale("inherits", opportunity_id=lead.id)
        assert quotation.is_urgent
        order = self._sale("confirmed", **self._urgency())
        office.act("seller", order, "action_confirm")
        (purchase,) = order.sudo()._get_purchase_orders()
        assert purchase.sudo().is_urgent
        office.keep("bought for a customer", purchase.with_env(office.root))
        office.act("buyer", purchase, "button_confirm")
        done = self._sale("delivered", quantity=30, **self._urgency())
        office.act("seller", done, "action_confirm")
        bought = done.sudo()._get_purchase_orders() - purchase
        bought = (bought or purchase).with_env(office.root)
        if bought != purchase:
            office.keep("bought, received, delivered", bought)
            office.act("buyer", bought, "button_confirm")
            if bought.state == "to approve":
                office.act("manager", bought, "action_approve")
            office.receive(bought)
        lowered = self._sale("lowered", **self._urgency())
        normal = office.root.ref(LEVEL % "normal")
        office.write("care", lowered, urgency_level_id=normal.id)
        cancelled = self._sale("cancelled", **self._urgency())
        office.act("care", cancelled, "action_cancel")

    def _play_quota(self):
        office = self.office
        critical = self._urgency(self.critical)
        self._sale("within the quota", **critical)
        asked = self._sale("asked", **critical)
        assert asked.sudo().urgency_asked_level_id == self.critical
        granted = self._sale("granted", **critical)
        office.act("chief", granted, "action_grant_urgency")
        refused = self._sale("refused", **critical)
        office.act("chief", refused, "action_refuse_urgency", "Not for them")
        withdrawn = self._sale("withdrawn", **critical)
        office.act("care", withdrawn, "action_withdraw_urgency_request")

    def _play_wishes(self):
        """What customers asked for in the portal, and what sales answered."""
        office = self.office
        for name in ("wish", "wish accepted", "wish declined"):
            order = self._sale(name)
            day = str(office.day(12).date())
            wrong = order.sudo()._customer_asks_urgency(office.client, "Please", day)
            assert not wrong, wrong
            office.commit()
            answer = {"wish accepted": "accept", "wish declined": "decline"}.get(name)
            if answer:
                office.press(
                    "care",
                    "urgency.answer",
                    "action_confirm",
                    answer=answer,
                    res_model="sale.order",
                    res_ids=order.ids,
                    text="Dear customer",
                )

    def _play_displaced(self):
        """Ten wheelchairs come in two days, ten more in nine: two want ten each."""
        office = self.office
        for days in (2, 9):
            line = {"product_id": self.kept.id, "product_qty": 10, "price_unit": 5}
            line["date_planned"] = office.day(days)
            office.submitted(f"refill in {days} days", lines=[line])
        orders = {}
        for name, days in (("displaced", 3), ("displacing", 5)):
            order = self._sale(name, product=self.kept, quantity=10)
            order.sudo().action_confirm()
            order.sudo().order_line.move_ids.write({"date": office.day(days)})
            orders[name] = order
            office.commit()
        office.write("care", orders["displacing"], **self._urgency())
        rows = office.root["urgency.displacement"].search([])
        assert rows.mapped("document_name") == orders["displaced"].mapped("name")
