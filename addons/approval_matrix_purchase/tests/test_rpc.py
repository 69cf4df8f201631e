from odoo.exceptions import AccessError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import PurchaseApprovalCommon

FORGED_CONTEXT = {
    "approval_engine": True,
    "approval_matrix.watch": {"settled": True},
    "skip_validation_check": True,
    "skip_alternative_check": True,
    "su": True,
    "uid": 1,
}


@tagged("post_install", "-at_install")
class TestApprovalRpc(HttpCase, PurchaseApprovalCommon):
    """The attacks of a buyer who knows the remote interface."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule(cls.manager, cls.director)
        cls.order = cls._submitted()
        cls.process = cls.order.sudo().approval_process_id

    def setUp(self):
        super().setUp()
        self.authenticate(self.buyer.login, self.buyer.login)

    def call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def assertRefused(self, model, method, *args, **kwargs):
        with (
            self.subTest(model=model, method=method, args=args),
            mute_logger("odoo.http", "odoo.sql_db", "odoo.addons.base.models.ir_rule"),
            self.assertRaises(JsonRpcException) as caught,
        ):
            self.call(model, method, *args, **kwargs)
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "to approve")
        self.assertEqual(self.process.state, "open")
        return caught.exception

    def test_state_cannot_be_written(self):
        for context in ({}, FORGED_CONTEXT):
            self.assertRefused(
                "purchase.order",
                "write",
                self.order.ids,
                {"state": "purchase"},
                context=context,
            )
            self.assertRefused(
                "purchase.order",
                "web_save",
                self.order.ids,
                {"state": "purchase"},
                specification={"state": {}},
                context=context,
            )

    def test_order_cannot_be_created_approved(self):
        self.assertRefused(
            "purchase.order",
            "create",
            [
                {
                    "partner_id": self.vendor.id,
                    "state": "purchase",
                    "order_line": [
                        [0, 0, {"product_id": self.product.id, "product_qty": 1}]
                    ],
                }
            ],
        )

    def test_requester_cannot_decide(self):
        for method in ("action_approve", "button_approve"):
            self.assertRefused("purchase.order", method, self.order.ids)
        self.assertRefused("purchase.order", "action_reject", self.order.ids, "no")

    def test_records_of_the_engine_cannot_be_touched(self):
        task = self.process.task_ids[0]
        log = self.process.log_ids[0]
        for record, vals in (
            (self.process, {"state": "approved"}),
            (task, {"state": "approved", "user_id": self.buyer.id}),
            (log, {"comment": "I was never here"}),
        ):
            for context in ({}, FORGED_CONTEXT):
                self.assertRefused(
                    record._name, "write", record.ids, vals, context=context
                )
            self.assertRefused(record._name, "create", [vals])
            self.assertRefused(record._name, "unlink", record.ids)
            self.assertRefused(record._name, "copy", record.ids)

    def test_private_methods_cannot_be_called(self):
        for method in ("_decide", "_close", "_system_write", "_finish", "_start"):
            self.assertRefused("approval.process", method, self.process.ids)

    def test_wizard_does_not_decide_for_strangers(self):
        wizard = self.call(
            "approval.decision",
            "create",
            {"process_ids": [[6, 0, self.process.ids]], "text": "no"},
        )
        self.assertRefused("approval.decision", "action_confirm", [wizard])

    def test_rules_cannot_be_edited(self):
        rule = self.process.rule_id
        self.assertRefused("approval.rule", "write", rule.ids, {"active": False})
        self.assertRefused(
            "approval.rule.step",
            "write",
            rule.step_ids.ids,
            {"user_ids": [[4, self.buyer.id]]},
        )

    def test_refusal_is_a_sentence_not_a_traceback(self):
        with mute_logger("odoo.http"):
            response = self.url_open(
                "/web/dataset/call_kw/purchase.order/write",
                json={
                    "params": {
                        "model": "purchase.order",
                        "method": "write",
                        "args": [self.order.ids, {"state": "purchase"}],
                        "kwargs": {},
                    }
                },
            )
        data = response.json()["error"]["data"]
        self.assertEqual(data["name"], "odoo.exceptions.UserError")
        self.assertIn(self.order.name, data["message"])
        self.assertIn("Submit for approval", data["message"])

    def test_colleague_does_not_read_amounts_of_a_request(self):
        self.authenticate(self.care.login, self.care.login)
        for record in (self.process, self.process.task_ids, self.process.log_ids):
            with self.subTest(model=record._name):
                self.assertEqual(self.call(record._name, "search", []), [])
                with self.assertRaises(AccessError):
                    record.with_user(self.care).read(["display_name"])

    def test_approver_decides_over_rpc(self):
        self.authenticate(self.manager.login, self.manager.login)
        task = self.call(
            "approval.task",
            "search",
            [["user_id", "=", self.manager.id], ["state", "=", "active"]],
        )
        self.assertEqual(len(task), 1)
        self.call("approval.task", "action_approve", task)
        self.env.invalidate_all()
        self.assertEqual(self.order.approval_holder_ids, self.director)
