"""An addon is uninstalled that rules ask something of: no order is lost for it, and
none passes that should have been asked for."""

import pytest
from books import Books

from odoo.exceptions import UserError

from office import copied_registry
from tools.inside import records

URGENT = "[('urgency_level_id', '!=', False)]"


@pytest.fixture(scope="module")
def uninstalled():
    """A company whose rules asked for urgency, without urgency."""
    with copied_registry("uninstall") as registry:
        books = Books(registry)
        with books.committed() as env:
            books.asking = records.deposit_rule(
                env, {"percent": 50}, domain=URGENT, sequence=1
            ).id
            books.deposit_rule(env)
        with books.session() as env:
            addon = env["ir.module.module"]._get("urgent_orders")
            addon.button_uninstall()
            env.cr.commit()
        registry = type(registry).new(registry.db_name, update_module=True)
        books.registry = registry
        yield books


def test_rule_of_deposits_is_archived_and_says_why(uninstalled):
    with uninstalled.session() as env:
        rule = env["deposit.rule"].browse(uninstalled.asking)
        assert not rule.active
        assert any("Urgency" in message.body for message in rule.message_ids)


def test_orders_get_the_deposits_of_the_next_rule(uninstalled):
    with uninstalled.session() as env:
        order = uninstalled.order_of_vendor(env)
        assert order.deposit_ids.amount == 300


def test_orders_do_not_pass_by_a_rule_of_approvals(uninstalled):
    """One that was there already; it has been told, too."""
    with uninstalled.session() as env:
        approver = env.ref("base.user_admin")
        rule = records.approval_rule(
            env, "purchase.order", records.step("All", approver.ids)
        )
        env.cr.execute(
            "UPDATE approval_rule SET domain = %s WHERE id = %s", [URGENT, rule.id]
        )
        env.invalidate_all()
        rule._clear_memo()
        with pytest.raises(UserError, match="addon was uninstalled"):
            uninstalled.order_of_vendor(env)
