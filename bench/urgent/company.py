"""A manager, and years of sale orders of which every twentieth is urgent."""

from __future__ import annotations

from odoo.api import Environment
from odoo.fields import Command

from bench.approval import company, inbox
from bench.urgent.copies import copies, relate
from tools.inside import records

MANAGER = "bench_manager"
ORDERS, CUSTOMERS = 100_000, 2_000
URGENT = "n % 20 = 0"
CLOSED_TASKS = 30_000

# What becomes of urgent order number n, in tenths: a quotation, nothing bought, two
# requests, one in approval, two ordered, one received, two delivered.
KIND = "n / 20 % 10"
BOUGHT = f"{URGENT} AND {KIND} >= 2"
CALM_BOUGHT = "n % 20 IN (1, 2, 3, 4)"
ALONE = "n % 200 = 7"

FILL_APPROVALS = f"""
WITH process AS (
    INSERT INTO approval_process
        (res_model, res_id, document_name, about_kept, company_id, amount, requester_id,
         state, is_urgent, stage, revision, submitted_at, log_count,
         excluded_ids, terms, summary, create_date)
    SELECT 'purchase.order', %(first)s + n,
           jsonb_build_object('en_US', 'BP' || n), 'Bench', %(company)s, 1,
           %(user)s, 'open', TRUE, 1, 1, now(), 0, '[]', '{{}}', '{{}}', now()
      FROM generate_series(0, %(last)s) n
     WHERE {URGENT.replace("%", "%%")} AND {KIND.replace("%", "%%")} = 4
 RETURNING id, company_id, res_id
), document AS (
    UPDATE purchase_order SET approval_process_id = process.id
      FROM process WHERE purchase_order.id = process.res_id
)
INSERT INTO approval_task
    (process_id, company_id, step_key, step_name, stage, needed, user_id, holder_id,
     origin, state, is_substituted, limit_hours, on_timeout, activated_at, due_at,
     channel, create_date)
SELECT id, company_id, 1, 'Step', 1, 1, %(user)s, %(user)s, 'rule', 'active', FALSE, 8,
       'remind', now(), now() + interval '8 hours', 'screen', now()
  FROM process
"""

# What the job of the links would write for open orders.
FILL_SUPPLY = """
INSERT INTO supply_state
    (sale_line_id, order_id, partner_id, product_id, company_id, quantity,
     quantity_now, quantity_short, overdue_days, method, ready_on, purchase_line_id,
     computed_at, create_date)
SELECT line.id, sale.id, sale.partner_id, line.product_id, sale.company_id, 10,
       CASE WHEN purchase.receipt_status = 'full' THEN 10 ELSE 0 END,
       CASE WHEN purchase.id IS NULL THEN 10 ELSE 0 END, 0,
       CASE WHEN purchase.id IS NULL THEN 'none'
            WHEN purchase.receipt_status = 'full' THEN 'stock'
            ELSE 'bought' END,
       CASE WHEN purchase.receipt_status <> 'full' THEN bought.date_planned END,
       CASE WHEN purchase.receipt_status <> 'full' THEN bought.id END,
       now(), now()
  FROM sale_order sale
  JOIN sale_order_line line ON line.order_id = sale.id
  LEFT JOIN purchase_order purchase ON purchase.urgency_source_id = sale.id
  LEFT JOIN LATERAL (
        SELECT id, date_planned FROM purchase_order_line
         WHERE order_id = purchase.id ORDER BY id LIMIT 1
       ) bought ON TRUE
 WHERE sale.state = 'sale'
   AND sale.delivery_status = 'pending'
    ON CONFLICT (sale_line_id) DO NOTHING
"""


def set_up(env: Environment):
    """Return the manager of a new database, which gets customers and products."""
    users = company.users(env, [MANAGER], "sales_team.group_sale_manager")
    users.group_ids = [Command.link(env.ref("purchase.group_purchase_manager").id)]
    company.set_up(env)
    env["res.partner"].create(
        [{"name": f"Customer {number}"} for number in range(CUSTOMERS)]
    )
    return users


def fill(env: Environment) -> None:
    """Add the orders, and approvals of long ago."""
    manager = env["res.users"].search([("login", "=", MANAGER)])
    customers = env["res.partner"].search([("name", "=like", "Customer %")])
    _orders(env, manager, min(customers.ids))
    env.cr.execute(FILL_SUPPLY)
    env.cr.execute("DELETE FROM supply_change")
    inbox.fill(env, 0, CLOSED_TASKS)
    follow(env)


def follow(env: Environment) -> None:
    """Bring up to date what is kept of urgent cases, as the job does."""
    while env["urgency.case.change"]._follow_batch():
        pass


def change(env: Environment, count: int) -> None:
    """Let so many urgent orders change, before the job has followed."""
    env.cr.execute(
        "UPDATE sale_order SET urgency_reason = 'Flood' WHERE id IN "
        "(SELECT sale_id FROM urgency_case_state WHERE state = 'ordered' LIMIT %s)",
        [count],
    )


def sale(env: Environment, product, quantity: float):
    """Make and confirm an order."""
    partner = env["res.partner"].search([("name", "=", "Customer 0")], limit=1)
    line = {"product_id": product.id, "product_uom_qty": quantity}
    order = records.sale(env, partner, line)
    order.action_confirm()
    return order


def _orders(env: Environment, user, customer: int) -> None:
    level = env.ref("urgent_orders.urgency_level_urgent").id
    product = env["product.product"].search([("default_code", "=", "BENCH-0")])
    urgency = {
        "urgency_level_id": f"CASE WHEN {URGENT} THEN {level} "
        "ELSE old.urgency_level_id END",
        "urgency_reason": f"CASE WHEN {URGENT} THEN 'Ward opens' END",
        "urgency_user_id": f"CASE WHEN {URGENT} THEN {user.id} END",
        "urgency_date": f"CASE WHEN {URGENT} THEN now() - interval '3 days' END",
        "needed_by": f"CASE WHEN {URGENT} "
        "THEN now() + (n / 20 % 23 - 5) * interval '1 day' END",
    }
    order = sale(env, product, 10)
    sales = copies(
        order,
        ORDERS,
        name="'BS' || n",
        partner_id=f"{customer} + n % {CUSTOMERS}",
        user_id=str(user.id),
        access_token="NULL",
        state=f"CASE WHEN {URGENT} AND {KIND} = 0 THEN 'draft' ELSE 'sale' END",
        delivery_status=f"CASE WHEN {URGENT} AND {KIND} = 0 THEN NULL "
        f"WHEN {URGENT} AND {KIND} < 8 OR n % 20 = 9 THEN 'pending' ELSE 'full' END",
        date_order=f"now() - CASE WHEN {URGENT} THEN n % 80 ELSE n % 700 END "
        "* interval '1 day'",
        **urgency,
    )
    copies(order.order_line, 2 * ORDERS, order_id=f"{sales} + n / 2")
    copies(
        order.picking_ids,
        ORDERS,
        f"NOT ({URGENT} AND {KIND} = 0)",
        name="'BENCH/OUT/' || n",
        sale_id=f"{sales} + n",
        state=f"CASE WHEN {URGENT} AND {KIND} >= 8 THEN 'done' "
        f"WHEN {URGENT} AND {KIND} = 7 THEN 'assigned' "
        f"WHEN {URGENT} OR n % 20 = 9 THEN 'confirmed' ELSE 'done' END",
        **urgency,
    )
    references = copies(order.stock_reference_ids, ORDERS, name="'BS' || n")
    _purchases(env, user, sales, references, urgency, product)
    relate(
        env,
        "stock_reference_sale_rel",
        ORDERS,
        reference_id=f"{references} + n",
        sale_id=f"{sales} + n",
    )


def _purchases(env, user, sales, references, urgency, product) -> None:
    line = {"product_id": product.id, "product_qty": 10}
    order = records.purchase(env, product.seller_ids.partner_id, line)
    order.button_confirm()
    level = env.ref("urgent_orders.urgency_level_urgent").id
    bought = f"{BOUGHT} OR {CALM_BOUGHT}"
    alone = urgency | {
        name: value.replace(URGENT, f"({URGENT} OR {ALONE})")
        for name, value in urgency.items()
    }
    alone["urgency_level_id"] = (
        f"CASE WHEN {URGENT} OR {ALONE} THEN {level} ELSE old.urgency_level_id END"
    )
    purchases = copies(
        order,
        ORDERS,
        f"{bought} OR {ALONE}",
        name="'BP' || n",
        user_id=str(user.id),
        access_token="NULL",
        state=f"CASE WHEN {ALONE} THEN 'draft' WHEN {CALM_BOUGHT} THEN 'purchase' "
        f"WHEN {KIND} <= 3 THEN 'draft' WHEN {KIND} = 4 THEN 'to approve' "
        "ELSE 'purchase' END",
        receipt_status=f"CASE WHEN {CALM_BOUGHT} OR {URGENT} AND {KIND} >= 7 "
        "THEN 'full' ELSE 'pending' END",
        urgency_source_id=f"CASE WHEN {URGENT} THEN {sales} + n END",
        **alone,
    )
    there = f"EXISTS (SELECT FROM purchase_order WHERE id = {purchases} + n / 2)"
    copies(
        order.order_line,
        2 * ORDERS,
        there,
        order_id=f"{purchases} + n / 2",
        date_planned="now() + n / 2 % 30 * interval '1 day'",
        qty_received="0",
    )
    relate(
        env,
        "stock_reference_purchase_rel",
        ORDERS,
        bought,
        reference_id=f"{references} + n",
        purchase_id=f"{purchases} + n",
    )
    numbers = {"first": purchases, "last": ORDERS - 1}
    people = {"company": env.company.id, "user": user.id}
    env.cr.execute(FILL_APPROVALS, numbers | people)
