"""Purchase orders under approval have got an addon of their own.

What ``urgent_orders`` had of them keeps its records: external ids move to the new addon
before that is installed. Else the new addon would make other records, and at the end of
the update Odoo would delete the old ones, with all that users built on them.
"""

OLD, NEW = "urgent_orders", "approval_matrix_purchase"

#: The names stay as they are.
MOVED = (
    "purchase_approval_task_menu",
    "purchase_order_view_form_approver",
)
#: The fields of ``approval.mixin``, as a pattern of SQL.
MOVED_FIELDS = r"field\_purchase\_order\_\_approval\_%"


def migrate(cr, version):
    """Rename what the old addon still has, unless the new one has it already."""
    cr.execute(
        """
        UPDATE ir_model_data AS moved
           SET module = %(new)s
         WHERE module = %(old)s
           AND (name IN %(names)s
                OR model = 'ir.model.fields' AND name LIKE %(fields)s)
           AND NOT EXISTS (SELECT FROM ir_model_data AS other
                            WHERE other.module = %(new)s
                              AND other.name = moved.name)
        """,
        {"old": OLD, "new": NEW, "names": MOVED, "fields": MOVED_FIELDS},
    )
