from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged

from .common import CustomerCommon

WRONG = "The check digit of the tax code 0100233489 is wrong: please look again."


@tagged("post_install", "-at_install")
class TestApi(HttpCase, CustomerCommon):
    """What other programs are told."""

    def _call(self, model, method, **values):
        """Call a method as another program does, with a salesperson's key."""
        keys = self.env["res.users.apikeys"].with_user(self.sales)
        key = keys._generate("rpc", "Test", datetime.now() + timedelta(hours=1))
        self.env.flush_all()
        answer = self.url_open(
            f"/json/2/{model}/{method}",
            headers={"Authorization": f"Bearer {key}"},
            json=values,
        )
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    def test_who_enters_a_wrong_tax_code_is_warned(self):
        values = {"name": "Hòa Phát", "vat": "0100 233 489"}
        entered = self._call("customer.match", "enter", values=values)
        self.assertEqual((entered["is_new"], entered["warnings"]), (True, [WRONG]))

    def test_who_only_asks_is_warned(self):
        asked = self._call("customer.match", "find", values={"vat": "0100233489"})
        self.assertEqual(asked["warnings"], [WRONG])

    def test_who_imports_is_warned(self):
        rows = [["Hòa Phát", "0100233489"], ["Bình Minh", "0100233488"]]
        loaded = self._call("res.partner", "load", fields=["name", "vat"], data=rows)
        self.assertEqual(len(loaded["ids"]), 2)
        self.assertEqual(loaded["warnings"], [f"Hòa Phát: {WRONG}"])
