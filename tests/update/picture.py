"""What a database holds, and what its users see: as plain data, to be compared.

``take`` runs under the old and under the present sources, so it uses what both have:
tables, external ids, and what screens and remote callers use.
"""

import json

from odoo.fields import Domain

#: How our models, addons and tables are called, in both versions.
OURS = ("approval.", "spend.", "urgency.", "deposit.", "supplier.deposit")
MODULES = (
    "approval_matrix",
    "approval_matrix_holidays",
    "approval_matrix_purchase",
    "spend_budget",
    "supplier_deposit",
    "supplier_deposit_bill",
    "supplier_deposit_cash",
    "supplier_deposit_budget",
    "test_approval_matrix",
    "urgent_orders",
)

OUR_TABLES = r"^(test_)?(approval|spend|urgency|deposit|supplier_deposit)_"

#: Tables of Odoo's whose rows nobody may touch, with our columns in them.
TOUCHED = (
    "account_journal",
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "account_payment",
    "crm_lead",
    "hr_department",
    "hr_employee",
    "hr_leave",
    "ir_config_parameter",
    "ir_cron",
    "ir_exports_line",
    "ir_filters",
    "mail_activity",
    "mail_followers",
    "mail_mail",
    "mail_message",
    "mail_template",
    "mail_tracking_value",
    "purchase_order",
    "purchase_order_line",
    "res_company",
    "res_groups_users_rel",
    "res_groups_implied_rel",
    "sale_order",
    "sale_order_line",
    "stock_move",
    "stock_picking",
)

#: Models whose screens our addons changed, or are theirs.
WITH_SCREENS = (
    "account.journal",
    "account.move",
    "approval.process",
    "approval.rule",
    "approval.substitute",
    "approval.task",
    "crm.lead",
    "deposit.rule",
    "purchase.order",
    "res.config.settings",
    "sale.order",
    "spend.budget",
    "stock.picking",
    "supplier.deposit",
)

#: Documents under approval.
DOCUMENTS = ("purchase.order", "supplier.deposit", "test.approval.document")


def take(env, users):
    """Return the picture.

    :param users: ids by log-in
    """
    env.flush_all()
    env.invalidate_all()
    return json.loads(
        json.dumps(
            {
                "users": users,
                "rows": rows(env.cr),
                "ids": external_ids(env.cr),
                "own views": _own_views(env.cr),
                "documents": _documents(env),
                "people": {
                    login: _person(env(user=id_)) for login, id_ in users.items()
                },
                "budgets": _budgets(env),
                "logs": _logs(env),
                "views": _views(env),
            },
            default=str,
        )
    )


# ----------------------------------------------------------------
# THE DATABASE
# ----------------------------------------------------------------


def rows(cr):
    """Return all rows of the tables that count, by table and id.

    Rows without an id, those of relations, are their own.
    """
    cr.execute(
        """
        SELECT relation.relname,
               EXISTS (SELECT FROM pg_attribute
                        WHERE attrelid = relation.oid AND attname = 'id')
          FROM pg_class AS relation
          JOIN pg_namespace AS space ON space.oid = relation.relnamespace
         WHERE relation.relkind = 'r' AND space.nspname = current_schema()
           AND (relation.relname = ANY(%s) OR relation.relname ~ %s)
        """,
        [list(TOUCHED), OUR_TABLES],
    )
    return {table: _rows_of(cr, table, has_id) for table, has_id in cr.fetchall()}


def _rows_of(cr, table, has_id):
    cr.execute(f'SELECT to_jsonb(row) FROM "{table}" AS row')  # noqa: S608
    found = [row for (row,) in cr.fetchall()]
    if has_id:
        return {str(row["id"]): row for row in found}
    return {json.dumps(row, sort_keys=True): row for row in found}


def external_ids(cr):
    """Return the external ids of our modules, as ``{module.name: [model, id]}``."""
    cr.execute(
        "SELECT module || '.' || name, model, res_id FROM ir_model_data"
        " WHERE module = ANY(%s)",
        [list(MODULES)],
    )
    return {name: [model, res_id] for name, model, res_id in cr.fetchall()}


def _own_views(cr):
    """Return the views that belong to no addon, with what they extend."""
    cr.execute(
        """
        SELECT to_jsonb(view) FROM ir_ui_view AS view
         WHERE NOT EXISTS (SELECT FROM ir_model_data
                            WHERE model = 'ir.ui.view' AND res_id = view.id)
        """
    )
    return {str(row["id"]): row for (row,) in cr.fetchall()}


# ----------------------------------------------------------------
# WHAT PEOPLE SEE
# ----------------------------------------------------------------


def _documents(env):
    """Return what documents say of their approval and their budgets."""
    found = {}
    for model in filter(env.registry.get, DOCUMENTS):
        for document in env[model].search([], order="id"):
            seen = {
                "state": document.state,
                "approval_state": document.approval_state,
                "holders": sorted(document.approval_holder_ids.mapped("login")),
                "process": document.approval_process_id.id,
                "events": [
                    row["event"]
                    for process in document.get_approval_history()
                    for row in process["rows"]
                ],
            }
            if model == "purchase.order":
                seen["budget_state"] = document.budget_state
                seen["is_urgent"] = document.is_urgent
                seen["deposit_state"] = document.deposit_state
            found[f"{model},{document.id}"] = seen
    return found


def _person(env):
    """Return what somebody finds: their inbox, what they may see and decide."""
    user = env.user
    seen = {"groups": sorted(_group_names(user))}
    if user.share:
        return seen
    seen["menus"] = _menus(env)
    seen["inbox"] = env["approval.task"].get_inbox()
    for task in seen["inbox"]["tasks"]:
        del task["late"]  # which becomes true while time passes
        # how urgent it is, which stands beside since 19.0.2.1.0
        task["level"] = (task.get("level") or [""])[0]
        task["about"] = list(filter(None, task["about"].split(" · ")))
    # what is due comes first now: whoever has to decide finds the same
    seen["inbox"]["tasks"].sort(key=lambda task: task["id"])
    for model in env.registry:
        ours = model.startswith(OURS) or model in DOCUMENTS
        if ours and not env[model]._abstract and not env[model]._transient:
            seen[model] = _visible(env[model])
    for model in filter(env.registry.get, DOCUMENTS):
        if not env[model].has_access("read"):
            continue
        documents = env[model].search([])
        for name in ("decide", "withdraw", "answer"):
            able = documents.filtered(f"approval_can_{name}")
            seen[f"{model} {name}"] = sorted(able.ids)
    return seen


def _visible(model):
    """Return the ids somebody may read, and whether they may do more."""
    rights = {
        operation: model.has_access(operation)
        for operation in ("read", "create", "write", "unlink")
    }
    found = model.search(Domain.TRUE, order="id").ids if rights["read"] else []
    return {"rights": rights, "ids": found}


def _group_names(user):
    return user.all_group_ids.mapped("full_name")


def _menus(env):
    """Return the ids of the menus that somebody sees."""
    return sorted(env["ir.ui.menu"]._visible_menu_ids())


def _logs(env):
    """Return what the logs of all requests say when they are verified."""
    return env["approval.process"].search([]).action_verify_log()["params"]["type"]


def _budgets(env):
    """Return what each budget says when it is verified."""
    if "spend.budget" not in env:
        return {}
    return {
        str(budget.id): budget.action_verify()["params"]["type"]
        for budget in env["spend.budget"].search([])
    }


def _views(env):
    """Return the fields and buttons that each form of a document has for users."""
    found = {}
    for model in filter(env.registry.get, WITH_SCREENS):
        for kind in ("form", "list", "search"):
            arch = env[model].get_view(view_type=kind)["arch"]
            found[f"{model} {kind}"] = sorted(_names(arch))
    return found


def _names(arch):
    from lxml import etree

    for node in etree.fromstring(arch).iter("field", "button", "filter"):
        yield f"{node.tag} {node.get('name')}"


# ----------------------------------------------------------------
# THE SCHEMA
# ----------------------------------------------------------------


def schema(cr):
    """Return what the database enforces for us, as sentences: columns of our fields,
    and the constraints, indexes and triggers on our tables."""
    statements = {
        "column": """
            SELECT c.table_name || '.' || c.column_name || ' ' || c.data_type
                   || CASE c.is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
              FROM information_schema.columns AS c
             WHERE c.table_schema = current_schema()
               AND (c.table_name ~ %(tables)s OR EXISTS (
                    SELECT FROM ir_model_fields AS f
                      JOIN ir_model_data AS d
                        ON d.model = 'ir.model.fields' AND d.res_id = f.id
                     WHERE d.module = ANY(%(modules)s)
                       AND replace(f.model, '.', '_') = c.table_name
                       AND f.name = c.column_name))
        """,
        "constraint": """
            SELECT conrelid::regclass || ': ' || pg_get_constraintdef(oid)
              FROM pg_constraint
             WHERE conrelid::regclass::text ~ %(tables)s
        """,
        "index": """
            SELECT indexdef FROM pg_indexes
             WHERE schemaname = current_schema() AND tablename ~ %(tables)s
        """,
        "trigger": """
            SELECT pg_get_triggerdef(oid) FROM pg_trigger
             WHERE NOT tgisinternal AND tgrelid::regclass::text ~ %(tables)s
        """,
        "function": """
            SELECT DISTINCT p.proname FROM pg_proc AS p
              JOIN pg_namespace AS n ON n.oid = p.pronamespace
             WHERE n.nspname = current_schema()
               AND p.prorettype = 'trigger'::regtype
        """,
    }
    values = {"tables": OUR_TABLES, "modules": list(MODULES)}
    found = set()
    for kind, statement in statements.items():
        cr.execute(statement, values)
        found |= {f"{kind} {text}" for (text,) in cr.fetchall()}
    return found
