"""The condition of a deposit rule says all that its fields said: which vendors, tags,
categories and urgencies. And budgets have got an addon of their own."""

from ast import literal_eval

#: The fields that are gone, by what a condition asks instead. Contacts of a vendor are
#: that vendor, as before; a subsidiary with contacts of its own is another one.
RELATIONS = {
    "res_partner": (
        "partner_id",
        "partner_id.commercial_partner_id",
    ),
    "res_partner_category": (
        "partner_id.category_id",
        "partner_id.commercial_partner_id.category_id",
    ),
    "urgency_level": ("urgency_level_id",),
    "product_category": ("order_line.product_id.categ_id",),
}
#: Those of which the ones below count, too.
WITH_CHILDREN = {"product_category"}

GLUE = "supplier_deposit_budget"


def migrate(cr, version):
    cr.execute("UPDATE deposit_rule SET deduction = 'proportion'")
    chosen = {}
    for name in RELATIONS:
        table = f"deposit_rule_{name}_rel"
        cr.execute("SELECT to_regclass(%s)", [table])
        if cr.fetchone()[0] is None:
            continue
        cr.execute(
            f"""
            SELECT deposit_rule_id, array_agg({name}_id ORDER BY {name}_id)
              FROM {table}
          GROUP BY deposit_rule_id
            """  # noqa: S608
        )
        for rule, ids in cr.fetchall():
            chosen.setdefault(rule, {})[name] = ids
        # Odoo keeps tables of fields that are gone
        cr.execute(f"DROP TABLE {table}")
        cr.execute("DELETE FROM ir_model_relation WHERE name = %s", [table])
    cr.execute("SELECT id, domain FROM deposit_rule WHERE id = ANY(%s)", [[*chosen]])
    for rule, domain in cr.fetchall():
        cr.execute(
            "UPDATE deposit_rule SET domain = %s WHERE id = %s",
            [translate(chosen[rule], domain), rule],
        )
    cr.execute(
        """
        UPDATE ir_module_module SET state = 'to install'
         WHERE name = %s AND state = 'uninstalled'
           AND EXISTS (SELECT FROM ir_module_module
                        WHERE name = 'spend_budget'
                          AND state IN ('installed', 'to upgrade'))
        """,
        [GLUE],
    )


def translate(chosen, domain):
    """Return the condition that asks for the same as the fields and a condition did.

    :param dict chosen: ids by the names of ``RELATIONS``; empty: any
    :param str domain: the condition so far
    """
    parts = []
    for name, fields in RELATIONS.items():
        if ids := chosen.get(name):
            operator = "child_of" if name in WITH_CHILDREN else "in"
            parts += ["|"] * (len(fields) - 1)
            parts += [(field, operator, ids) for field in fields]
    # what stands side by side must all be met
    return repr(parts + list(literal_eval(domain or "[]")))
