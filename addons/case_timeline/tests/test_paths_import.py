"""Imports: what somebody brings in from a file is told once."""

from odoo.tests import tagged

from .common import TimelineCommon


@tagged("post_install", "-at_install")
class TestImport(TimelineCommon):
    def test_import_is_told(self):
        result = self.env["sale.order"].load(
            ["partner_id/.id", "client_order_ref"], [[str(self.customer.id), "4711"]]
        )
        self.assertFalse(result["messages"])
        self._run()
        self.assertIn("sale.quoted", self._kinds(sale_id=result["ids"][0]))
        self.assertFalse(self._verify())

    def test_import_of_every_kind_is_told(self):
        lead = self._lead()
        for model, fields, row, kind in (
            ("crm.lead", ["name", "type"], ["Beds", "opportunity"], "lead.made"),
            (
                "purchase.order",
                ["partner_id/.id", "order_line/product_id/.id"],
                [str(self.vendor.id), str(self.bed.id)],
                "purchase.quoted",
            ),
            (
                "account.move",
                ["partner_id/.id", "move_type"],
                [str(self.customer.id), "out_invoice"],
                "invoice.draft",
            ),
            (
                "calendar.event",
                ["name", "opportunity_id/.id", "start", "stop"],
                ["Visit", str(lead.id), "2026-06-01 08:00:00", "2026-06-01 09:00:00"],
                "meeting.made",
            ),
            (
                "account.payment",
                ["partner_id/.id", "partner_type", "payment_type", "amount"],
                [str(self.customer.id), "customer", "inbound", "7"],
                "payment.draft",
            ),
        ):
            result = self.env[model].load(fields, [row])
            self.assertFalse(result["messages"])
            self._run()
            event = self._events(res_model=model, res_id=result["ids"][0], kind=kind)
            self.assertEqual(len(event), 1)
        self._check_whole()

    def _load(self, model, rows):
        """Import rows, each a dict with the same columns; return their ids."""
        result = self.env[model].load(
            list(rows[0]), [list(row.values()) for row in rows]
        )
        self.assertFalse(result["messages"])
        self._run()
        return result["ids"]

    def test_import_of_transfers_is_told(self):
        """Deliveries of orders and receipts of purchases, once in each of their cases;
        a transfer of no order is in no case."""
        order, purchase = self._sale(product=self.chair), self._purchase()
        purchase.button_confirm()
        self._run()
        rows = []
        for column, line, kind in (
            ("sale_line_id", order.order_line, "out_type_id"),
            ("purchase_line_id", purchase.order_line, "in_type_id"),
            ("sale_line_id", order.order_line.browse(), "out_type_id"),
        ):
            operation = self.warehouse[kind]
            places = (
                operation.default_location_src_id,
                operation.default_location_dest_id,
            )
            values = {"picking_type_id/.id": operation.id, "origin": "Old system"}
            for name, place in zip(
                ("location_id", "location_dest_id"), places, strict=True
            ):
                values[f"{name}/.id"] = values[f"move_ids/{name}/.id"] = place.id
            values["move_ids/product_id/.id"] = self.chair.id
            values["move_ids/product_uom_qty"] = 2
            values |= {
                "move_ids/sale_line_id/.id": "",
                "move_ids/purchase_line_id/.id": "",
            }
            values[f"move_ids/{column}/.id"] = line.id or ""
            rows.append({name: str(value) for name, value in values.items()})
        ids = self._load("stock.picking", rows)
        transfers = self.env["stock.picking"].browse(ids)
        delivery, receipt, other = transfers
        self.assertEqual(
            self._count(delivery, sale_id=order.id), {"picking.waiting": 1}
        )
        self.assertEqual(
            self._count(receipt, purchase_id=purchase.id), {"picking.waiting": 1}
        )
        self.assertFalse(self._events(res_model="stock.picking", res_id=other.id))
        self._check_whole()
        for state, kind in (("assigned", "ready"), ("done", "done")):
            if state == "assigned":
                self.env["stock.quant"]._update_available_quantity(
                    self.chair, self.warehouse.lot_stock_id, 9
                )
                transfers.action_assign()
            else:
                self._done(transfers)
            self._run()
            self.assertEqual(set(transfers.mapped("state")), {state})
            for transfer in (delivery, receipt):
                self.assertEqual(self._count(transfer)[f"picking.{kind}"], 1)
        self._check_whole()

    def test_import_of_what_is_there_already_is_told(self):
        """Changes of documents, by their numbers; the second time it is no change."""
        self._make_people()
        lead, order = self._lead(user_id=self.seller.id), self._sale(confirm=False)
        purchase = self._purchase()
        purchase.button_confirm()
        meeting = self._meet(lead)
        other = self.env["res.partner"].create({"name": "Clinic"})
        stage = self.env["crm.stage"].search([], limit=2)[1]
        self._run()
        for _time in range(2):
            for record, values in (
                (lead, {"stage_id/.id": stage.id, "user_id/.id": self.other_seller.id}),
                (order, {"commitment_date": "2030-01-31 08:00:00"}),
                (purchase, {"date_planned": "2030-01-30 08:00:00"}),
                (
                    meeting,
                    {"start": "2030-02-01 08:00:00", "stop": "2030-02-01 09:00:00"},
                ),
                (self.contact, {"parent_id/.id": other.id}),
            ):
                values = {".id": record.id} | values
                self._load(record._name, [{k: str(v) for k, v in values.items()}])
        for record, kind in (
            (lead, "lead.holder"),
            (order, "sale.date"),
            (meeting, "meeting.date"),
        ):
            with self.subTest(kind=kind):
                found = self._events(
                    res_model=record._name, res_id=record.id, kind=kind, is_home=True
                ).filtered(lambda event: event.parameters.get("was"))
                self.assertEqual(len(found), 1 if kind != "sale.date" else 0)
        self.assertEqual(self._count(order)["sale.date"], 1)
        self.assertEqual(self._count(lead)["lead.stage"], 2)
        self._check_whole()

    def test_import_of_notes_and_mails_is_told(self):
        """What was written elsewhere; a note among colleagues is no e-mail."""
        order = self._sale(confirm=False)
        rows = [
            {"model": "sale.order", "res_id": str(order.id), "message_type": kind}
            for kind in ("email", "comment")
        ]
        ids = self._load("mail.message", rows)
        events = self._events([("res_id", "in", ids)], res_model="mail.message")
        self.assertEqual(events.mapped("kind"), ["mail.received"])
        self.assertEqual(events.sale_id, order.id)
        self._check_whole()

    def test_nobody_imports_what_the_system_writes(self):
        """And nothing is told of it."""
        order = self._sale(confirm=False)
        self._run()
        before = self._told()
        chief = self.env.ref("base.user_admin")
        for model, row in (
            ("supply.question", {"text": "When?", "document_id": str(order.id)}),
            ("supply.promise.version", {"told_on": "2030-01-31"}),
            ("approval.log", {"event": "granted"}),
            ("supplier.deposit", {"amount": "7"}),
            ("deposit.claim", {"amount": "7"}),
            ("timeline.event", {"kind": "sale.confirmed", "res_id": str(order.id)}),
            ("timeline.span", {"department": "care", "date_from": "2030-01-31"}),
        ):
            with self.subTest(model=model), self.env.cr.savepoint() as savepoint:
                records = self.env[model].with_user(chief)
                result = records.load(list(row), [list(row.values())])
                self.assertFalse(result["ids"])
                self.assertTrue(result["messages"])
                savepoint.rollback()
        self._run()
        self.assertEqual(self._told(), before)
